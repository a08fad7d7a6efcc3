// Rules of connectionist temporal classification.
#include "../infer.h"
#include "../kernels/ctc_plan.h"

namespace tt::infer {
namespace {

// (steps, batch, classes) at input `first`, behind it the targets and both kinds of lengths.
void sequences(Infer& c, int first, int64_t states) {
  const View &x = c.in[first], &targets = c.in[first + 1];
  for (int i = 0; i < c.n_in; ++i) {
    if (c.number[i].kind != Scalar::kNone) c.fail<TypeError>("argument %d must be Tensor, not a number", i + 1);
    c.contiguous[i] = true;
  }
  if (x.ndim != 3) c.fail("expected log_probs of 3 dimensions, got shape %s", shape_text(x).c_str());
  if (!is_floating(x.dtype)) c.fail<NotImplementedError>("not implemented for %s", dtype_name(x.dtype));
  if (targets.ndim != 1 && targets.ndim != 2)
    c.fail("Expected 1 to 2 dimensions, but got %d-dimensional tensor for argument #2 'targets'", targets.ndim);
  for (int i = first + 1; i <= first + 3; ++i) c.cast[i] = DType::kInt64;
  c.scratch = x.sizes[1] * kCtcRows * ctc_room(states) * dtype_bytes(x.dtype);
  c.work = x.sizes[0] * x.sizes[1] * states * kCtcCost;
}

}  // namespace

void ctc_loss(Infer& c) {
  const int64_t states = c.as<CtcAttrs>().states;
  sequences(c, 0, states);
  const View& x = c.in[0];
  const int64_t log_alpha[3] = {x.sizes[1], x.sizes[0], states};
  c.shape(0, &x.sizes[1], 1);
  c.shape(1, log_alpha, 3);
  c.out[0].dtype = c.out[1].dtype = x.dtype;
}

void ctc_loss_backward(Infer& c) {
  sequences(c, 1, c.in[6].sizes[2]);
  const View& x = c.in[1];
  c.cast[0] = c.cast[5] = c.cast[6] = x.dtype;
  c.shape(0, x.sizes, 3);
  c.out[0].dtype = x.dtype;
}

}  // namespace tt::infer
