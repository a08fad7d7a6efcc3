// Rules of reductions, extremes among them.
#include "../infer.h"

namespace tt::infer {
namespace {

struct ReduceAttrs {
  Ints dims;
  int64_t keepdim;
};
struct DimAttrs {
  int64_t dim;
  int64_t keepdim;
};

// Bit d is set when dimension d goes. No dims means all of them.
uint32_t mask_of(const Infer& c, const Ints& dims) {
  const int ndim = c.in[0].ndim;
  if (dims.n == 0) return (1u << ndim) - 1;
  uint32_t mask = 0;
  for (int i = 0; i < dims.n; ++i) {
    const int64_t d = wrap_dim(c, dims[i], ndim);
    if (mask >> d & 1) c.fail("dim %ld appears multiple times in the list of dims", static_cast<long>(d));
    mask |= 1u << d;
  }
  return mask;
}

void reduced_shape(Infer& c, int o, uint32_t mask, bool keepdim) {
  const View& x = c.in[0];
  View& y = c.out[o];
  y.ndim = 0;
  for (int d = 0; d < x.ndim; ++d) {
    const bool goes = mask >> d & 1;
    if (!goes || keepdim) y.sizes[y.ndim++] = goes ? 1 : x.sizes[d];
  }
}

// Long reductions are cut into chunks of at least 512 elements, each with a partial result.
void ask_for_partials(Infer& c, uint32_t mask) {
  constexpr int64_t kShortestChunk = 512;
  const View& x = c.in[0];
  int64_t outputs = 1, count = 1;
  for (int d = 0; d < x.ndim; ++d) (mask >> d & 1 ? count : outputs) *= x.sizes[d];
  if (count > kShortestChunk) c.scratch = outputs * ((count + kShortestChunk - 1) / kShortestChunk) * 8;
}

void reduce(Infer& c, uint32_t mask, bool keepdim) {
  for (int o = 0; o < c.n_out; ++o) {
    reduced_shape(c, o, mask, keepdim);
    c.out[o].dtype = c.cast[0];
  }
  ask_for_partials(c, mask);
}

void floats_only(Infer& c) {
  if (!is_floating(c.in[0].dtype))
    c.fail("could not infer output dtype: the input must be of a floating point dtype, not %s",
           dtype_name(c.in[0].dtype));
}

// Extremes of nothing do not exist.
void refuse_empty(Infer& c, uint32_t mask, bool all) {
  const View& x = c.in[0];
  if (x.numel() > 0) return;
  for (int d = 0; d < x.ndim; ++d) {
    if (!(mask >> d & 1) || x.sizes[d] != 0) continue;
    if (all) c.fail("Expected reduction dim to be specified for an empty input: specify it with the 'dim' argument");
    c.fail<IndexError>("Expected reduction dim %d to have non-zero size", d);
  }
}

// Narrow integers are compared as int64, in scratch.
bool narrow(DType d) { return d == DType::kInt8 || d == DType::kInt16 || d == DType::kInt32; }

void ordered(Infer& c, uint32_t mask, bool keepdim) {
  const DType dtype = c.in[0].dtype;
  if (narrow(dtype)) c.cast[0] = DType::kInt64;
  reduce(c, mask, keepdim);
  c.out[0].dtype = dtype;
  if (narrow(dtype)) c.scratch += c.out[0].numel() * 8;
}

}  // namespace

void sum(Infer& c) {
  const auto& a = c.as<ReduceAttrs>();
  if (!is_floating(c.in[0].dtype)) c.cast[0] = DType::kInt64;
  reduce(c, mask_of(c, a.dims), a.keepdim);
}

void sum_to(Infer& c) {
  const auto& sizes = c.as<Ints>();
  const View& x = c.in[0];
  const int extra = x.ndim - static_cast<int>(sizes.n);
  uint32_t mask = extra >= 0 ? (1u << extra) - 1 : 0;
  bool fits = extra >= 0;
  for (int d = extra; fits && d < x.ndim; ++d) {
    if (sizes[d - extra] == x.sizes[d]) continue;
    fits = sizes[d - extra] == 1;
    mask |= 1u << d;
  }
  if (!fits) c.fail("%s does not come from broadcasting the sizes asked for", shape_text(x).c_str());
  if (!is_floating(x.dtype)) c.cast[0] = DType::kInt64;
  c.shape(0, sizes.v, static_cast<int>(sizes.n));
  c.out[0].dtype = c.cast[0];
  ask_for_partials(c, mask);
}

void mean(Infer& c) {
  const auto& a = c.as<ReduceAttrs>();
  floats_only(c);
  reduce(c, mask_of(c, a.dims), a.keepdim);
}

void extreme(Infer& c) {
  const auto& a = c.as<ReduceAttrs>();
  const uint32_t mask = mask_of(c, a.dims);
  refuse_empty(c, mask, a.dims.n == 0);
  ordered(c, mask, a.keepdim);
}

void extreme_dim(Infer& c) {
  const auto& a = c.as<DimAttrs>();
  const int64_t dim = wrap_dim(c, a.dim, c.in[0].ndim);
  const uint32_t mask = c.in[0].ndim == 0 ? 0 : 1u << dim;
  if (mask && c.in[0].sizes[dim] == 0)
    c.fail<IndexError>("Expected reduction dim %ld to have non-zero size", static_cast<long>(dim));
  ordered(c, mask, a.keepdim);
  c.out[1].dtype = DType::kInt64;
}

void any(Infer& c) {
  const auto& a = c.as<ReduceAttrs>();
  const bool byte = c.in[0].dtype == DType::kUInt8;
  c.cast[0] = DType::kBool;
  reduce(c, mask_of(c, a.dims), a.keepdim);
  if (byte) c.out[0].dtype = DType::kUInt8;
}

}  // namespace tt::infer
