// Optimizer steps change what they are given: the rules only compare the groups.
#include "../infer.h"

namespace tt::infer {
namespace {

// A number (the learning rate), then `roles` groups of as many tensors as there are parameters, alike in each group,
// then as many step counts if the optimizer has them.
void update(Infer& c, int roles, bool steps) {
  c.cast[0] = DType::kFloat64;
  const int groups = roles + steps;
  if ((c.n_in - 1) % groups != 0)
    c.fail("expects %d lists of equal lengths, got %d tensors in all", groups, c.n_in - 1);
  const int count = (c.n_in - 1) / groups;
  int64_t work = 0;
  for (int k = 0; k < count; ++k) {
    const View& param = c.in[1 + k];
    if (!is_floating(param.dtype)) c.fail("parameters must be floating point, got %s", dtype_name(param.dtype));
    for (int r = 1; r < roles; ++r) {
      const View& other = c.in[1 + r * count + k];
      if (other.data == nullptr) c.fail("parameter %d has no gradient or state", k);
      if (other.dtype != param.dtype)
        c.fail("a parameter of dtype %s has a gradient or state of dtype %s", dtype_name(param.dtype),
               dtype_name(other.dtype));
      bool alike = other.ndim == param.ndim;
      for (int d = 0; alike && d < param.ndim; ++d) alike = other.sizes[d] == param.sizes[d];
      if (!alike)
        c.fail("a parameter of shape %s has a gradient or state of shape %s", shape_text(param).c_str(),
               shape_text(other).c_str());
    }
    work += roles * param.numel();
  }
  for (int k = 0; k < (steps ? count : 0); ++k) {
    const View& step = c.in[1 + roles * count + k];
    if (step.data == nullptr || !is_floating(step.dtype) || step.numel() != 1)
      c.fail("step counts must be tensors of one floating point number");
  }
  c.work = work;
}

}  // namespace

void sgd_step(Infer& c) { update(c, 2, false); }
void sgd_momentum_step(Infer& c) { update(c, 3, false); }
void adam_step(Infer& c) { update(c, 4, true); }
void amsgrad_step(Infer& c) { update(c, 5, true); }

}  // namespace tt::infer
