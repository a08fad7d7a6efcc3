// How a convolution is cut into products of matrices: known to the rule, which asks for scratch memory, and to the
// kernel, which uses it. Nothing here depends on the instruction set or on the number of threads.
//
// A matrix `columns` has a row for each element of a window (channel by channel) and a column for each window of one
// image. It is never made as a whole: a block of it, some 131,072 elements, stays in the second cache. With the weights
// as a matrix w of (out channels, rows):
//   y = w columns(x)        columns(gx) = w.T g        gw.T = columns(x) g.T, summed over images
#pragma once
#include "product.h"
#include "windows.h"

namespace tt {
namespace {

struct ConvAttrs {
  Slide slide;
  Ints extent;  // sizes of the windows' dimensions of what is computed: y's, x's or w's
  int64_t groups;
};

constexpr int64_t kColumnElements = 131072;
constexpr int64_t kMostColumns = 384;  // of a block

struct ConvPlan {
  Windows w;
  int64_t images, groups, channels, outputs;  // channels and outputs of one group
  int64_t rows, columns;                      // of the matrix of one image and group
  bool direct;                                // which is then the image itself: windows of one element, side by side
  int64_t block;                              // columns at a time
  int64_t step;                               // from one row to the next, an odd number of cache lines
  int64_t slots;                              // threads worth having

  TT_INLINE int64_t blocks() const { return (columns + block - 1) / block; }
  // The cost of the product for one row of `columns`, in parallel.h's visits.
  TT_INLINE int64_t row_cost() const { return images * columns * outputs / 16 + 1; }
};

// x (images, groups * channels, ...), w (groups * outputs, channels, ...), y (images, groups * outputs, ...): shapes
// only, of which two are inputs and the third is what the attributes say.
TT_INLINE ConvPlan plan_conv(const View& x, const View& w, const View& y, const ConvAttrs& a, int64_t element_bytes) {
  const int n = w.ndim - 2;
  ConvPlan p;
  p.w = windows_of(n, x.sizes + 2, w.sizes + 2, a.slide, y.sizes + 2);
  p.images = x.sizes[0];
  p.groups = a.groups;
  p.channels = w.sizes[1];
  p.outputs = w.sizes[0] / a.groups;
  p.rows = p.channels * p.w.elements();
  p.columns = p.w.windows();
  p.direct = p.w.elements() == 1;
  for (int d = 0; d < Windows::kDims; ++d)
    p.direct = p.direct && p.w.stride[d] == 1 && p.w.before[d] == 0 && p.w.count[d] == p.w.spatial[d];
  int64_t most = p.rows > 0 ? kColumnElements / p.rows : kMostColumns;
  most = most < 32 ? 32 : most > kMostColumns ? kMostColumns : most;
  const int64_t pieces = (p.columns + most - 1) / most;
  p.block = pieces > 1 ? ((p.columns + pieces - 1) / pieces + 31) / 32 * 32 : p.columns;
  const int64_t line = 64 / element_bytes;
  p.step = ((p.block + line - 1) / line | 1) * line;
  p.slots = p.images * p.groups * p.rows * p.columns * p.outputs / kThreadWork;
  if (p.slots > kMaxSlots) p.slots = kMaxSlots;
  if (p.slots < 1) p.slots = 1;
  return p;
}

// Scratch elements of one thread that computes y, or gx: a block of columns.
TT_INLINE int64_t block_elements(const ConvPlan& p) { return p.rows * p.step; }

// Of gw: blocks of columns, partial and whole sums for all rows, and for each thread panels of g.T (or of
// the columns, where they are the longer side).
TT_INLINE int64_t panel_elements(const ConvPlan& p) {
  return packed_elements(p.block, p.outputs > p.rows ? p.outputs : p.rows);
}
TT_INLINE int64_t weight_elements(const ConvPlan& p) {
  return p.groups * p.rows * (p.step + 2 * p.outputs) + p.slots * panel_elements(p);
}

}  // namespace
}  // namespace tt
