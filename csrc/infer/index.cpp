// Rules of advanced indexing.
#include "../kernels/index.h"

#include "../infer.h"

namespace tt::infer {
namespace {

struct DimsAttrs {
  Ints dims;
};

constexpr int64_t kPointBytes = 16;

// Checks that the index tensors, which start at input `first`, broadcast together, and asks for them as int64.
// Returns the number of points they name.
int64_t prepare_indices(Infer& c, int first) {
  const Ints& dims = c.as<DimsAttrs>().dims;
  if (dims.n == 0 || dims.n != c.n_in - first)
    c.fail("%ld indexed dimensions for %d index tensors", static_cast<long>(dims.n), c.n_in - first);
  int64_t sizes[kMaxDims], points = 1;
  int ndim = 0;
  for (int k = first; k < c.n_in; ++k) ndim = std::max(ndim, c.in[k].ndim);
  std::fill(sizes, sizes + ndim, 1);
  for (int k = first; k < c.n_in; ++k) {
    const DType dtype = c.in[k].dtype;
    // A number of a small dtype is as good as a Python number; bytes are a mask, which arrives as int64.
    if (is_floating(dtype) || ((dtype == DType::kInt8 || dtype == DType::kInt16) && c.in[k].ndim > 0))
      c.fail<IndexError>("tensors used as indices must be long, int, byte or bool tensors, got %s",
                         dtype_name(c.in[k].dtype));
    c.cast[k] = DType::kInt64;
    for (int d = 0; d < c.in[k].ndim; ++d) {
      int64_t& size = sizes[ndim - c.in[k].ndim + d];
      const int64_t mine = c.in[k].sizes[d];
      if (mine == size || mine == 1) continue;
      if (size != 1) {
        std::string shapes;
        for (int j = first; j < c.n_in; ++j) shapes += (j > first ? ", " : "") + shape_text(c.in[j]);
        c.fail<IndexError>("shape mismatch: indexing tensors could not be broadcast together with shapes %s",
                           shapes.c_str());
      }
      size = mine;
    }
  }
  for (int d = 0; d < ndim; ++d) points *= sizes[d];
  return points;
}

// A dimension without elements has none at any index, even where the result has no elements that would tell.
void refuse_empty(Infer& c, int64_t points) {
  const Ints& dims = c.as<DimsAttrs>().dims;
  for (int k = 0; points > 0 && k < dims.n; ++k)
    if (c.in[0].sizes[dims[k]] == 0)
      c.fail<IndexError>("index is out of bounds for dimension %ld with size 0", static_cast<long>(dims[k]));
}

}  // namespace

// x[..., index, ...]: dims names the indexed dimensions of x, ascending.
void index(Infer& c) {
  const Ints& dims = c.as<DimsAttrs>().dims;
  const int64_t points = prepare_indices(c, 1);
  refuse_empty(c, points);
  const IndexLayout layout(c.in + 1, dims);
  if (c.in[0].ndim - static_cast<int>(dims.n) + layout.ndim > kMaxDims) c.fail("the result has too many dimensions");
  const View y = layout.result(c.in[0], c.in + 1, dims);
  c.shape(0, y.sizes, y.ndim);
  c.out[0].dtype = c.in[0].dtype;
  c.scratch = points * kPointBytes;
}

struct IndexBackwardAttrs {
  Ints dims;
  int64_t wrap;
  Ints sizes;
};

void index_backward(Infer& c) {
  const Ints& sizes = c.as<IndexBackwardAttrs>().sizes;
  c.scratch = prepare_indices(c, 1) * kPointBytes;
  c.shape(0, sizes.v, static_cast<int>(sizes.n));
  c.out[0].dtype = c.in[0].dtype;
}

// A copy of x in which value, broadcast to x[..., index, ...], is written or added there.
void index_write(Infer& c) {
  const View& x = c.in[0];
  const View& value = c.in[1];
  const Ints& dims = c.as<DimsAttrs>().dims;
  const int64_t points = prepare_indices(c, 2);
  refuse_empty(c, points);
  c.scratch = points * kPointBytes;
  const View to = IndexLayout(c.in + 2, dims).result(x, c.in + 2, dims);
  const int lead = to.ndim - value.ndim;
  bool fits = lead >= 0;
  for (int d = 0; fits && d < value.ndim; ++d) fits = value.sizes[d] == 1 || value.sizes[d] == to.sizes[d + lead];
  if (!fits)
    c.fail("shape mismatch: value tensor of shape %s cannot be broadcast to indexing result of shape %s",
           shape_text(value).c_str(), shape_text(to).c_str());
  if (c.number[1].kind == Scalar::kNone && value.dtype != x.dtype)
    c.fail("requires the source and destination dtypes match, got %s for the destination and %s for the source",
           dtype_name(x.dtype), dtype_name(value.dtype));
  c.shape(0, x.sizes, x.ndim);
  c.out[0].dtype = c.cast[1] = x.dtype;
  check_fits(c, c.number[1], x.dtype);
  c.pointwise = true;
}

struct StridedAttrs {
  Ints sizes, strides;
  int64_t offset;
  Ints base;
};

void as_strided_backward(Infer& c) {
  const Ints& base = c.as<StridedAttrs>().base;
  c.shape(0, base.v, static_cast<int>(base.n));
  c.out[0].dtype = c.in[0].dtype;
}

}  // namespace tt::infer
