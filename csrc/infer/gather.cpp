// Rules of gather, scatter and masks.
#include "../infer.h"

namespace tt::infer {
namespace {

struct DimAttrs {
  int64_t dim;
};

// The index names places along dim of x: as many dimensions, and no longer than x in the others.
int64_t check_index(Infer& c, const View& x) {
  const View& index = c.in[1];
  const int64_t dim = wrap_dim(c, c.as<DimAttrs>().dim, x.ndim);
  if (index.numel() > 0 && index.dtype != DType::kInt64 && index.dtype != DType::kInt32)
    c.fail("Expected dtype int32/int64 for index, got %s", dtype_name(index.dtype));
  c.cast[1] = DType::kInt64;
  if (index.numel() == 0) return dim;
  if (std::max(index.ndim, 1) != std::max(x.ndim, 1))
    c.fail("Index tensor must have the same number of dimensions as input tensor, got %s for %s",
           shape_text(index).c_str(), shape_text(x).c_str());
  for (int d = 0; d < x.ndim && d < index.ndim; ++d)
    if (d != dim && index.sizes[d] > x.sizes[d])
      c.fail(
          "Size does not match at dimension %d expected index %s to be no larger than self %s apart from dimension "
          "%ld",
          d, shape_text(index).c_str(), shape_text(x).c_str(), static_cast<long>(dim));
  return dim;
}

}  // namespace

void gather(Infer& c) {
  check_index(c, c.in[0]);
  c.shape(0, c.in[1].sizes, c.in[1].ndim);
  c.out[0].dtype = c.in[0].dtype;
}

struct GatherBackwardAttrs {
  int64_t dim;
  Ints sizes;
};

void gather_backward(Infer& c) {
  const Ints& sizes = c.as<GatherBackwardAttrs>().sizes;
  c.cast[1] = DType::kInt64;
  c.contiguous[1] = true;
  c.shape(0, sizes.v, static_cast<int>(sizes.n));
  c.out[0].dtype = c.in[0].dtype;
}

// A copy of x in which each element of source is combined with the element of x that its index names.
void scatter(Infer& c) {
  const View &x = c.in[0], &index = c.in[1], &source = c.in[2];
  check_index(c, x);
  c.contiguous[1] = true;
  if (c.number[2].kind == Scalar::kNone) {
    if (source.dtype != x.dtype)
      c.fail("Expected self.dtype to be equal to src.dtype, got %s and %s", dtype_name(x.dtype),
             dtype_name(source.dtype));
    bool fits = index.numel() == 0 || std::max(source.ndim, 1) == std::max(index.ndim, 1);
    const auto size = [](const View& v, int d) { return d < v.ndim ? v.sizes[d] : 1; };  // 0-d counts as a vector
    for (int d = 0; fits && d < std::max(index.ndim, source.ndim); ++d) fits = size(index, d) <= size(source, d);
    if (!fits && index.numel() > 0)
      c.fail("Expected index %s to be no larger than src %s", shape_text(index).c_str(), shape_text(source).c_str());
  }
  c.shape(0, x.sizes, x.ndim);
  c.out[0].dtype = c.cast[2] = x.dtype;
  check_fits(c, c.number[2], x.dtype);
  c.pointwise = true;
}

void masked_fill(Infer& c) {
  if (c.in[1].dtype != DType::kBool)
    c.fail("masked_fill only supports boolean masks, but got mask with dtype %s", dtype_name(c.in[1].dtype));
  if (c.in[2].ndim > 0)
    c.fail("masked_fill only supports a 0-dimensional value tensor, but got tensor with %d dimension(s)", c.in[2].ndim);
  broadcast_shape(c, 0, 0, 2);
  c.out[0].dtype = c.cast[2] = c.in[0].dtype;
  check_fits(c, c.number[2], c.out[0].dtype);
  c.broadcast = true;
  c.pointwise = true;
}

// Of x and mask, which have the same sizes.
void masked_select(Infer& c) {
  struct Attrs {
    int64_t count;
  };
  c.contiguous[0] = c.contiguous[1] = true;
  c.shape(0, &c.as<Attrs>().count, 1);
  c.out[0].dtype = c.in[0].dtype;
}

void masked_scatter(Infer& c) {
  if (c.in[1].dtype != DType::kBool)
    c.fail("masked_scatter_ only supports boolean masks, but got mask with dtype %s", dtype_name(c.in[1].dtype));
  if (c.in[0].dtype != c.in[2].dtype)
    c.fail("masked_scatter: expected self and source to have same dtypes but got %s and %s", dtype_name(c.in[0].dtype),
           dtype_name(c.in[2].dtype));
  c.contiguous[0] = c.contiguous[1] = c.contiguous[2] = true;
  c.shape(0, c.in[0].sizes, c.in[0].ndim);
  c.out[0].dtype = c.in[0].dtype;
}

void nonzero_count(Infer& c) {
  c.contiguous[0] = true;
  c.shape(0, nullptr, 0);
  c.out[0].dtype = DType::kInt64;
}

void nonzero(Infer& c) {
  struct Attrs {
    int64_t count;
  };
  c.contiguous[0] = true;
  const int64_t sizes[2] = {c.as<Attrs>().count, c.in[0].ndim};
  c.shape(0, sizes, 2);
  c.out[0].dtype = DType::kInt64;
}

}  // namespace tt::infer
