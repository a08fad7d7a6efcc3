// What a pooling op is told: known to the rule and to the kernel.
#pragma once
#include "windows.h"

namespace tt {
namespace {

struct PoolAttrs {
  Slide slide;
  Ints kernel;
  Ints extent;  // sizes of the windows' dimensions of what is computed
};

// `planes` of windows of x, which give planes of y.
struct PoolPlan {
  Windows w;
  int64_t planes;

  TT_INLINE PoolPlan(const View& x, const View& y, const PoolAttrs& a) {
    const auto n = static_cast<int>(a.kernel.n);
    w = windows_of(n, x.sizes + x.ndim - n, a.kernel.v, a.slide, y.sizes + y.ndim - n);
    planes = 1;
    for (int d = 0; d < x.ndim - n; ++d) planes *= x.sizes[d];
  }
  TT_INLINE int64_t cost() const { return w.windows() * w.elements() / 4 + 1; }
};

}  // namespace
}  // namespace tt
