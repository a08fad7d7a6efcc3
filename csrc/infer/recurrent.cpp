// Shapes of recurrent layers. The modules of tinytensor/nn/modules have checked what a user gives them.
#include "../infer.h"
#include "../kernels/recurrent_plan.h"

namespace tt::infer {
namespace {

// All inputs contiguous and of one floating dtype; lengths int64.
void check_dtypes(Infer& c, int lengths) {
  const DType dtype = c.in[lengths == 5 ? 0 : 2].dtype;
  if (!is_floating(dtype)) c.fail("expected a floating point dtype, got %s", dtype_name(dtype));
  for (int i = 0; i < c.n_in; ++i) {
    c.contiguous[i] = true;
    if (!c.given(i)) continue;
    if (i == lengths)
      c.cast[i] = DType::kInt64;
    else if (c.in[i].dtype != dtype)
      c.fail("expected tensors of one dtype, got %s and %s", dtype_name(dtype), dtype_name(c.in[i].dtype));
  }
}

void check_shape(const Infer& c, int i, std::initializer_list<int64_t> sizes) {
  if (!c.given(i)) return;
  const View& v = c.in[i];
  bool right = v.ndim == static_cast<int>(sizes.size());
  int d = 0;
  for (int64_t size : sizes) right = right && v.sizes[d++] == size;
  if (!right) c.fail("input %d has shape %s, which does not fit the others", i, shape_text(v).c_str());
}

void output(Infer& c, int o, std::initializer_list<int64_t> sizes, bool wanted) {
  c.skip[o] = !wanted;
  c.shape(o, sizes.begin(), static_cast<int>(sizes.size()));
  c.out[o].dtype = c.in[c.n_out == 3 ? 0 : 2].dtype;
}

RecurrentPlan plan(const Infer& c, const View& sequence, const View& state) {
  const int64_t mode = c.as<RecurrentAttrs>().mode;
  if (sequence.ndim != 3 || state.ndim != 2 || mode < kTanhRnn || mode > kGru)
    c.fail("expected (time, batch, features) and a state (batch, hidden), got %s and %s", shape_text(sequence).c_str(),
           shape_text(state).c_str());
  return {mode, sequence.sizes[0], state.sizes[0], state.sizes[1]};
}

}  // namespace

void recurrent(Infer& c) {
  const RecurrentPlan p = plan(c, c.in[0], c.in[1]);
  check_dtypes(c, 5);
  check_shape(c, 0, {p.times, p.rows, p.gates});
  check_shape(c, 2, {p.rows, p.hidden});
  check_shape(c, 3, {p.gates, p.hidden});
  check_shape(c, 4, {p.gates});
  check_shape(c, 5, {p.rows});
  if (c.given(2) != (p.mode == kLstm)) c.fail("a cell state belongs to an LSTM, and only to it");
  output(c, 0, {p.times, p.rows, p.hidden}, true);
  output(c, 1, {p.times, p.rows, p.hidden}, p.mode == kLstm);
  output(c, 2, {p.times, p.rows, p.saved}, p.saved > 0);
  c.scratch = p.forward_elements() * dtype_bytes(c.in[0].dtype);
  c.work = p.rows * p.row_cost();
}

void recurrent_backward(Infer& c) {
  const View& y = c.in[2];
  const RecurrentPlan p = plan(c, y, c.in[5]);
  check_dtypes(c, 8);
  check_shape(c, 0, {p.times, p.rows, p.hidden});
  check_shape(c, 1, {p.times, p.rows, p.hidden});
  check_shape(c, 2, {p.times, p.rows, p.hidden});
  check_shape(c, 3, {p.times, p.rows, p.hidden});
  check_shape(c, 4, {p.times, p.rows, p.saved});
  check_shape(c, 6, {p.rows, p.hidden});
  check_shape(c, 7, {p.gates, p.hidden});
  check_shape(c, 8, {p.rows});
  if (c.given(3) != (p.mode == kLstm) || c.given(6) != (p.mode == kLstm) || c.given(4) != (p.saved > 0))
    c.fail("what the forward pass saved is missing");
  output(c, 0, {p.times, p.rows, p.gates}, true);
  output(c, 1, {p.times, p.rows, p.gates}, p.mode == kGru);
  output(c, 2, {p.rows, p.hidden}, true);
  output(c, 3, {p.rows, p.hidden}, p.mode == kLstm);
  c.scratch = p.backward_elements() * dtype_bytes(y.dtype);
  c.work = p.rows * p.row_cost();
}

}  // namespace tt::infer
