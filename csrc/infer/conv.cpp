// Shapes of convolutions. The functions of tinytensor/ops/conv.py have checked what a user gives them; these rules see
// to it that whatever else calls the ops stays inside the tensors.
#include <algorithm>

#include "../infer.h"
#include "../kernels/conv_plan.h"

namespace tt::infer {
namespace {

struct Shapes {
  View x, w, y;
};

// All inputs contiguous, of one floating dtype, and images or filters of the same rank.
int check_inputs(Infer& c) {
  const View& first = c.in[0];
  const int n = first.ndim - 2;
  if (n < 1 || n > Windows::kDims || c.in[1].ndim != first.ndim)
    c.fail("expected two tensors of 3, 4 or 5 dimensions, got %s and %s", shape_text(first).c_str(),
           shape_text(c.in[1]).c_str());
  for (int i = 0; i < c.n_in; ++i) {
    if (!c.given(i)) continue;
    if (!is_floating(c.in[i].dtype) || c.in[i].dtype != first.dtype)
      c.fail("expected tensors of one floating point dtype, got %s and %s", dtype_name(first.dtype),
             dtype_name(c.in[i].dtype));
    c.contiguous[i] = true;
  }
  const auto& a = c.as<ConvAttrs>();
  if (a.slide.stride.n != n || a.slide.before.n != n || a.slide.dilation.n != n || a.extent.n != n)
    c.fail("expected %d numbers for each of stride, padding, dilation and size", n);
  for (int d = 0; d < n; ++d)
    if (a.slide.stride[d] < 1 || a.slide.dilation[d] < 1 || a.extent[d] < 0)
      c.fail("stride and dilation must be positive, sizes not negative");
  if (a.groups < 1) c.fail("non-positive groups is not supported");
  return n;
}

void check_channels(const Infer& c, const Shapes& s, int64_t groups) {
  const bool fits = s.x.sizes[0] == s.y.sizes[0] && s.x.sizes[1] == s.w.sizes[1] * groups &&
                    s.y.sizes[1] == s.w.sizes[0] && s.w.sizes[0] % groups == 0;
  if (!fits)
    c.fail("%s and %s do not fit in %ld groups", shape_text(c.in[0]).c_str(), shape_text(c.in[1]).c_str(),
           static_cast<long>(groups));
}

void output(Infer& c, const int64_t lead0, int64_t lead1, int n) {
  int64_t sizes[2 + Windows::kDims] = {lead0, lead1};
  for (int d = 0; d < n; ++d) sizes[2 + d] = c.as<ConvAttrs>().extent[d];
  c.shape(0, sizes, n + 2);
  c.out[0].dtype = c.in[0].dtype;
}

ConvShape finish(Infer& c, const Shapes& s) {
  const auto& a = c.as<ConvAttrs>();
  check_channels(c, s, a.groups);
  const ConvShape shape(s.x, s.w, s.y, a);
  c.work = shape.multiplications() / 16;
  return shape;
}

}  // namespace

void conv(Infer& c) {
  const int n = check_inputs(c);
  output(c, c.in[0].sizes[0], c.in[1].sizes[0], n);
  if (c.given(2) && (c.in[2].ndim != 1 || c.in[2].sizes[0] != c.in[1].sizes[0]))
    c.fail("expected a bias of %ld elements, got %s", static_cast<long>(c.in[1].sizes[0]), shape_text(c.in[2]).c_str());
  const ConvShape s = finish(c, {c.in[0], c.in[1], c.out[0]});
  c.scratch = scratch_bytes(s, forward_correlation(s), dtype_bytes(c.in[0].dtype));
}

void conv_transpose(Infer& c) {
  const int n = check_inputs(c);
  output(c, c.in[0].sizes[0], c.in[1].sizes[1] * c.as<ConvAttrs>().groups, n);
  const ConvShape s = finish(c, {c.out[0], c.in[1], c.in[0]});
  for (int64_t phase = 0; phase < transpose_phases(s); ++phase)
    c.scratch = std::max(c.scratch, scratch_bytes(s, transpose_correlation(s, phase), dtype_bytes(c.in[0].dtype)));
}

void conv_weight(Infer& c) {
  const int n = check_inputs(c);
  const int64_t groups = c.as<ConvAttrs>().groups;
  output(c, c.in[0].sizes[1], c.in[1].sizes[1] / groups, n);
  const ConvShape s = finish(c, {c.in[1], c.out[0], c.in[0]});
  c.scratch = WeightPlan(s).scratch_bytes(s, dtype_bytes(c.in[0].dtype));
}

}  // namespace tt::infer
