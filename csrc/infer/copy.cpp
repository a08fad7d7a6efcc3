// Rules for moving values: cast, contiguous, copy, full.
#include "../infer.h"

namespace tt::infer {
struct CastAttrs {
  int64_t dtype;
};

// Any dtype to any other, as C converts; sizes and order of dimensions are kept.
void cast(Infer& c) {
  c.like(0, c.in[0], static_cast<DType>(c.as<CastAttrs>().dtype));
  c.pointwise = true;
}

void contiguous(Infer& c) {
  c.shape(0, c.in[0].sizes, c.in[0].ndim);
  c.out[0].dtype = c.in[0].dtype;
  c.pointwise = true;
}

// Broadcasts the source to the destination.
void copy(Infer& c) {
  const View& to = c.in[0];
  const View& from = c.in[1];
  const int lead = to.ndim - from.ndim;
  bool fits = lead >= 0;
  for (int d = 0; fits && d < from.ndim; ++d) fits = from.sizes[d] == to.sizes[lead + d] || from.sizes[d] == 1;
  if (!fits)
    c.fail("cannot write a source of shape %s to a tensor of shape %s", shape_text(from).c_str(),
           shape_text(to).c_str());
  // n_out is 0: `out` only carries the sizes to which inputs are expanded.
  c.out[0].ndim = to.ndim;
  for (int d = 0; d < to.ndim; ++d) c.out[0].sizes[d] = to.sizes[d];
  c.broadcast = true;
  if (c.number[1].kind != Scalar::kNone) {
    check_fits(c, c.number[1], to.dtype);
    c.cast[1] = to.dtype;
    c.constant = true;
  }
  c.work = to.numel();
}

struct FullAttrs {
  Ints sizes;
  int64_t dtype;
};

void full(Infer& c) {
  const auto& a = c.as<FullAttrs>();
  for (int64_t i = 0; i < a.sizes.n; ++i)
    if (a.sizes[static_cast<int>(i)] < 0)
      c.fail("Trying to create tensor with negative dimension %ld", static_cast<long>(a.sizes[static_cast<int>(i)]));
  c.shape(0, a.sizes.v, static_cast<int>(a.sizes.n));
  c.out[0].dtype = c.cast[0] = static_cast<DType>(a.dtype);
  check_fits(c, c.number[0], c.out[0].dtype);
  c.broadcast = true;
  c.pointwise = true;
}

}  // namespace tt::infer
