// How adaptive pooling divides planes into parts that cover them.
#pragma once
#include "../parallel.h"
#include "pooling_plan.h"

namespace tt {
namespace {

// Parts that are all equally long are windows side by side.
TT_INLINE bool equal_parts(const View& whole, const View& parts, int64_t n, AvgPoolAttrs* windows) {
  *windows = {{{n, {}}, {0, {}}, {1, {}}}, false, true, 0, n};
  for (int64_t d = 0; d < n; ++d) {
    const int64_t size = whole.sizes[whole.ndim - n + d], count = parts.sizes[parts.ndim - n + d];
    if (count == 0 || size % count != 0) return false;
    windows->windows.kernel.v[d] = size / count;
  }
  return true;
}

// A box of a plane: the elements of one part.
struct Part {
  int64_t begin[Windows::kDims], end[Windows::kDims];

  TT_INLINE int64_t size(int d) const { return end[d] - begin[d]; }
};

// Calls f(plane, part, i) for each part i of the planes of `whole`, which has those of `parts`, a view of n dimensions
// of planes as `whole` is.
template <class F>
TT_INLINE void each_part(const Call& c, const View& whole, const View& parts, int64_t n, F&& f) {
  int64_t size[Windows::kDims] = {1, 1, 1}, count[Windows::kDims] = {1, 1, 1}, planes = 1;
  for (int d = 0; d < whole.ndim - n; ++d) planes *= whole.sizes[d];
  for (int64_t d = 0; d < n; ++d) {
    size[Windows::kDims - n + d] = whole.sizes[whole.ndim - n + d];
    count[Windows::kDims - n + d] = parts.sizes[whole.ndim - n + d];
  }
  const int64_t volume = size[0] * size[1] * size[2], each = count[0] * count[1] * count[2];
  parallel_for(c.threads, planes, volume + each, [&](int64_t first, int64_t last) {
    for (int64_t i = first * each; i < last * each; ++i) {
      Part part;
      int64_t number = i % each;
      for (int d = Windows::kDims - 1; d >= 0; number /= count[d--]) {
        const int64_t at = number % count[d];
        part.begin[d] = at * size[d] / count[d];
        part.end[d] = ((at + 1) * size[d] + count[d] - 1) / count[d];
      }
      f(i / each * volume, part, size, i);
    }
  });
}

// Calls f(place) for the elements of a part.
template <class F>
TT_INLINE void each_place(const Part& part, const int64_t* size, F&& f) {
  for (int64_t d = part.begin[0]; d < part.end[0]; ++d)
    for (int64_t h = part.begin[1]; h < part.end[1]; ++h)
      for (int64_t w = part.begin[2]; w < part.end[2]; ++w) f((d * size[1] + h) * size[2] + w);
}

}  // namespace
}  // namespace tt
