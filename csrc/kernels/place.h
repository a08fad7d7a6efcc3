// Small things shared by the kernels that move elements: wrapping a dimension, slicing and copying a view.
#pragma once
#include <string.h>

#include "loops.h"

namespace tt {
namespace {

// The dimension that `dim`, possibly negative, names.
TT_INLINE int64_t axis(int64_t dim, int ndim) { return dim < 0 ? dim + (ndim > 0 ? ndim : 1) : dim; }

// The part [begin, begin + length) of v along dim.
TT_INLINE View slice(const View& v, int64_t dim, int64_t begin, int64_t length) {
  View part = v;
  part.data = static_cast<char*>(v.data) + begin * v.strides[dim] * width_of(v.dtype);
  part.sizes[dim] = length;
  return part;
}

// to = from, which has the same sizes.
TT_INLINE void place(const View& to, const View& from, int threads) {
  if (to.data == from.data) return;
  with_width(to.dtype, [&](auto zero) {
    using W = decltype(zero);
    constexpr int64_t w = sizeof(W);
    Nest<2>({&to, &from}, {w, w}).run(threads, 1, [](char* const* p, const int64_t* s, int64_t n) {
      W* y = reinterpret_cast<W*>(p[0]);
      const W* x = reinterpret_cast<const W*>(p[1]);
      const int64_t step[2] = {s[0] / w, s[1] / w};
      if (step[0] != 1) {
        for (int64_t i = 0; i < n; ++i) y[i * step[0]] = x[i * step[1]];
      } else if (step[1] == 1) {
        memcpy(y, x, static_cast<size_t>(n * w));
      } else if (step[1] == 0) {
        const W value = *x;
        for (int64_t i = 0; i < n; ++i) y[i] = value;
      } else if (step[1] == -1) {
        for (int64_t i = 0; i < n; ++i) y[i] = x[-i];
      } else {
        for (int64_t i = 0; i < n; ++i) y[i] = x[i * step[1]];
      }
    });
  });
}

}  // namespace
}  // namespace tt
