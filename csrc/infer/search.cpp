// Rules of search and of counting.
#include "../infer.h"

namespace tt::infer {

void searchsorted(Infer& c) {
  const View &sorted = c.in[0], &values = c.in[1];
  if (sorted.ndim == 0) c.fail("boundaries tensor should have positive dimension");
  bool fits = sorted.ndim == 1 || sorted.ndim == values.ndim;
  for (int d = 0; fits && d + 1 < sorted.ndim; ++d) fits = sorted.sizes[d] == values.sizes[d];
  if (!fits)
    c.fail(
        "boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value "
        "tensor must match, but we got boundaries tensor %s and input value tensor %s",
        shape_text(sorted).c_str(), shape_text(values).c_str());
  c.promote(0, 2, result_type(c, 0, 2));
  c.contiguous[0] = c.contiguous[1] = true;
  c.shape(0, values.sizes, values.ndim);
  c.out[0].dtype = DType::kInt64;
}

void bincount(Infer& c) {
  struct Attrs {
    int64_t bins;
  };
  c.cast[0] = DType::kInt64;
  c.contiguous[0] = true;
  c.shape(0, &c.as<Attrs>().bins, 1);
  c.out[0].dtype = DType::kInt64;
  if (!c.given(1)) return;
  c.out[0].dtype = c.cast[1] = c.in[1].dtype == DType::kFloat32 ? DType::kFloat32 : DType::kFloat64;
  c.contiguous[1] = true;
}

void histc(Infer& c) {
  struct Attrs {
    int64_t bins;
    double low, high;
  };
  if (!is_floating(c.in[0].dtype)) c.fail<NotImplementedError>("not implemented for %s", dtype_name(c.in[0].dtype));
  for (const double end : {c.as<Attrs>().low, c.as<Attrs>().high}) check_fits(c, Scalar::of(end), c.in[0].dtype);
  c.contiguous[0] = true;
  c.shape(0, &c.as<Attrs>().bins, 1);
  c.out[0].dtype = c.in[0].dtype;
}

}  // namespace tt::infer
