// What a pooling op is told, as users say it: known to the rule and to the kernel.
#pragma once
#include "windows.h"

namespace tt {
namespace {

// Of each setting one number, or one for each dimension. Without a stride the windows lie side by side.
struct PoolWindows {
  Ints kernel, stride, padding;
};

struct MaxPoolAttrs {
  PoolWindows windows;
  Ints dilation;
  int64_t ceil, n;  // whether a last window may reach over the end; dimensions of a window
};

struct AvgPoolAttrs {
  PoolWindows windows;
  int64_t ceil, counts_padding, divisor, n;  // divisor 0: the elements of the window
};

struct AvgPoolBackwardAttrs {
  AvgPoolAttrs forward;
  Ints spatial;
};

struct AdaptiveAttrs {
  Ints counts;
  int64_t n;
};

TT_INLINE Ints for_each_dim(const Ints& v, int n) {
  Ints all{n, {}};
  for (int d = 0; d < n; ++d) all.v[d] = v[v.n == 1 ? 0 : d];
  return all;
}

inline constexpr Ints kSideBySide{1, {1}};  // the dilation of what has none

// `planes` of windows of x, which give planes of y.
struct PoolPlan {
  Windows w;  // without what is padding in every window, however large that is
  int64_t kernel[Windows::kDims] = {1, 1, 1}, padding[Windows::kDims] = {};  // as given
  int64_t planes;

  TT_INLINE PoolPlan(const View& x, const View& y, const PoolWindows& given, const Ints& dilation, int64_t dims) {
    const int n = static_cast<int>(dims);
    const int64_t *spatial = x.sizes + x.ndim - n, *count = y.sizes + y.ndim - n;
    const Ints size = for_each_dim(given.kernel, n), before = for_each_dim(given.padding, n);
    Slide slide{given.stride.n == 0 ? size : for_each_dim(given.stride, n), before, for_each_dim(dilation, n)};
    Ints inside = size;
    for (int d = 0; d < n; ++d) {
      kernel[Windows::kDims - n + d] = size[d];
      padding[Windows::kDims - n + d] = before[d];
      const int64_t step = slide.dilation[d], last = (count[d] - 1) * slide.stride[d];
      const int64_t end = least(size[d], (spatial[d] - 1 + before[d]) / step + 1);
      const int64_t outside = before[d] > last ? before[d] - last : 0;  // where the last window starts
      const int64_t skipped = least(outside > 0 ? (outside - 1) / step + 1 : 0, end - 1);
      inside.v[d] = end - skipped;
      slide.before.v[d] = before[d] - skipped * step;
    }
    w = windows_of(n, spatial, inside.v, slide, count);
    planes = 1;
    for (int d = 0; d < x.ndim - n; ++d) planes *= x.sizes[d];
  }
  TT_INLINE int64_t cost() const { return w.windows() * w.elements() / 4 + 1; }

 private:
  static TT_INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
};

}  // namespace
}  // namespace tt
