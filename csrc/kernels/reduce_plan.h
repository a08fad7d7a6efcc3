// How a reduction walks its input: which dimensions stay, which go, and what runs contiguously.
#pragma once
#include "../kernel.h"

namespace tt {
namespace {

// A few nested dimensions, walked in order; `strides` are those of two views that are walked together.
struct Dims {
  int n = 0;
  int64_t sizes[kMaxDims];
  int64_t strides[kMaxDims][2];
  int64_t numel = 1;

  __attribute__((noinline)) void append(int64_t size, int64_t stride, int64_t other) {
    numel *= size;
    if (size == 1) return;
    if (n > 0 && strides[n - 1][0] == stride * size && strides[n - 1][1] == other * size) {
      sizes[n - 1] *= size;
    } else {
      sizes[n++] = size;
    }
    strides[n - 1][0] = stride;
    strides[n - 1][1] = other;
  }
};

// A position in Dims: offsets in both views.
struct Walk {
  const Dims& dims;
  int64_t index[kMaxDims];
  int64_t at[2] = {0, 0};

  __attribute__((noinline)) Walk(const Dims& d, int64_t linear) : dims(d) {
    for (int i = d.n - 1; i >= 0; --i) {
      index[i] = linear % d.sizes[i];
      linear /= d.sizes[i];
      at[0] += index[i] * d.strides[i][0];
      at[1] += index[i] * d.strides[i][1];
    }
  }
  void next() {
    for (int i = dims.n - 1; i >= 0; --i) {
      at[0] += dims.strides[i][0];
      at[1] += dims.strides[i][1];
      if (++index[i] < dims.sizes[i]) return;
      index[i] = 0;
      at[0] -= dims.sizes[i] * dims.strides[i][0];
      at[1] -= dims.sizes[i] * dims.strides[i][1];
    }
  }
};

// Bit d is set when dimension d is reduced. No dims at all means every one.
inline uint32_t reduced_dims(const Ints& dims, int ndim) {
  if (dims.n == 0) return (1u << ndim) - 1;
  uint32_t mask = 0;
  for (int i = 0; i < dims.n && ndim > 0; ++i) mask |= 1u << (dims[i] < 0 ? dims[i] + ndim : dims[i]);
  return mask;
}

// Outputs are contiguous in the order of the dimensions that stay. Where one of those is contiguous in the input, its
// elements are reduced side by side (`columns` of them, `column_step` apart in the output); otherwise each output is a
// run, gathered if it is not contiguous.
struct Plan {
  Dims kept;     // strides: input, output
  Dims reduced;  // strides: input, unused; in the order of memory
  int64_t columns = 0;
  int64_t column_step = 1;

  __attribute__((noinline)) Plan(const View& x, uint32_t mask) {
    int64_t out_strides[kMaxDims];
    int64_t next = 1;
    int column = -1;
    for (int d = x.ndim - 1; d >= 0; --d) {
      if (mask >> d & 1) continue;
      out_strides[d] = next;
      next *= x.sizes[d];
      if (x.strides[d] == 1 && x.sizes[d] > 1) column = d;
    }
    if (column >= 0) columns = x.sizes[column], column_step = out_strides[column];
    int order[kMaxDims];
    int n = 0;
    for (int d = 0; d < x.ndim; ++d) {
      if (mask >> d & 1) {
        int at = n++;
        for (; at > 0 && size_of(x.strides[order[at - 1]]) < size_of(x.strides[d]); --at) order[at] = order[at - 1];
        order[at] = d;
      } else if (d != column) {
        kept.append(x.sizes[d], x.strides[d], out_strides[d]);
      }
    }
    for (int i = 0; i < n; ++i) reduced.append(x.sizes[order[i]], x.strides[order[i]], 0);
  }
  TT_INLINE bool contiguous_runs() const { return reduced.n == 0 || (reduced.n == 1 && reduced.strides[0][0] == 1); }

 private:
  static TT_INLINE int64_t size_of(int64_t stride) { return stride < 0 ? -stride : stride; }
};

}  // namespace
}  // namespace tt
