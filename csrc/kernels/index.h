// Where the dimensions of a subscript's result lie. Shared by the rule and the kernels of advanced indexing.
#pragma once
#include "../kernel.h"

namespace tt {
namespace {

struct IndexLayout {
  int ndim = 0;   // dimensions of the index tensors, broadcast together
  int first = 0;  // of these in the result: they replace the indexed dimensions of x where those are neighbours,
                  // otherwise they come first

  TT_INLINE IndexLayout(const View* index, const Ints& dims) {
    for (int k = 0; k < dims.n; ++k)
      if (index[k].ndim > ndim) ndim = index[k].ndim;
    if (dims.n > 0 && dims[static_cast<int>(dims.n) - 1] - dims[0] == dims.n - 1) first = static_cast<int>(dims[0]);
  }

  // Sizes of x[..., index, ...].
  TT_INLINE View result(const View& x, const View* index, const Ints& dims) const {
    View y;
    y.ndim = ndim + x.ndim - static_cast<int>(dims.n);
    for (int d = 0; d < ndim; ++d) y.sizes[first + d] = 1;
    for (int k = 0; k < dims.n; ++k) {
      const int lead = ndim - index[k].ndim;
      for (int d = 0; d < index[k].ndim; ++d)
        if (index[k].sizes[d] != 1) y.sizes[first + lead + d] = index[k].sizes[d];
    }
    for (int d = 0, o = 0, k = 0; d < x.ndim; ++d) {
      if (k < dims.n && dims[k] == d) {
        ++k;
        continue;
      }
      if (o == first) o += ndim;
      y.sizes[o++] = x.sizes[d];
    }
    return y;
  }
};

}  // namespace
}  // namespace tt
