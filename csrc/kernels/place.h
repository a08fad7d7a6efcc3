// Small things shared by the kernels that move elements: wrapping a dimension, slicing and copying a view.
#pragma once
#include <string.h>

#include "loops.h"

namespace tt {
namespace TT_ISA {

// to = from, which has the same sizes and width (copy.cpp).
void move(const View& to, const View& from, int threads);

}  // namespace TT_ISA
using namespace TT_ISA;

namespace {

typedef uint64_t Word128 __attribute__((vector_size(16)));

// The dimension that `dim`, possibly negative, names.
TT_INLINE int64_t axis(int64_t dim, int ndim) { return dim < 0 ? dim + (ndim > 0 ? ndim : 1) : dim; }

// The part [begin, begin + length) of v along dim.
TT_INLINE View slice(const View& v, int64_t dim, int64_t begin, int64_t length) {
  View part = v;
  part.data = static_cast<char*>(v.data) + begin * v.strides[dim] * width_of(v.dtype);
  part.sizes[dim] = length;
  return part;
}

// The same, unless they are one.
TT_INLINE void place(const View& to, const View& from, int threads) {
  if (to.data != from.data) move(to, from, threads);
}

}  // namespace
}  // namespace tt
