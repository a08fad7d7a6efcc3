// Rules of views: other sizes and strides on the same memory. Each gives the window that an op makes of x, or throws.
#pragma once
#include <string>

#include "tensor.h"

namespace tt::infer {

std::string too_many_dims();

// Fills in the one size that may be -1.
void complete(Ints* sizes, int64_t numel);
// The window y under which x's memory reads as `sizes`; false where there is none.
bool strides_for(const View& x, const Ints& sizes, View* y);
// The sizes of v with dimensions first to last as one.
Ints flattened(const View& v, int64_t first, int64_t last);

View strided(const Tensor& x, const Ints& sizes, const Ints& strides, int64_t offset);
View permuted(const View& v, const Ints& dims);
View transposed(const View& v, int64_t dim0, int64_t dim1);
// Dimensions `source` at the places `destination`; the others keep their order.
View moved(const View& v, const Ints& source, const Ints& destination);
View expanded(const View& v, const Ints& sizes);
// What a reduction over `dims` gave (over all, if there are none), repeated over the sizes from before.
View spread_out(const View& v, const Ints& sizes, const Ints& dims);
View selected(const View& v, int64_t dim, int64_t i);
View sliced(const View& v, int64_t dim, int64_t first, int64_t last, int64_t step);
// Without the dimensions of size 1: all, or those of `dims`.
View squeezed(const View& v, const Ints* dims);
View unsqueezed(const View& v, int64_t dim);
// The diagonal of two dimensions as the last one; offset > 0 is above the main diagonal.
View diagonal_of(const View& v, int64_t offset, int64_t dim1, int64_t dim2);
// All windows of `size` elements along a dimension, `step` apart, as a new last dimension.
View unfolded(const View& v, int64_t dim, int64_t size, int64_t step);

}  // namespace tt::infer
