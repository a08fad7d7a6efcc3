// Shapes of windows taken out and added up. The functions of tinytensor/ops have checked what a user gives them; these
// rules see to it that whatever else calls the ops stays inside the tensors.
#include "../infer.h"
#include "../kernels/windows_plan.h"

namespace tt::infer {
namespace {

int check(Infer& c, const Slide& s, int64_t dims, int64_t each) {
  const int n = static_cast<int>(dims);
  if (n < 1 || n > Windows::kDims || c.in[0].ndim < each * n || s.stride.n != n || s.before.n != n || s.dilation.n != n)
    c.fail("expected one to three numbers for each setting, and as many dimensions, got %s",
           shape_text(c.in[0]).c_str());
  for (int d = 0; d < n; ++d)
    if (s.stride[d] < 1 || s.dilation[d] < 1) c.fail("stride and dilation must be positive");
  c.contiguous[0] = true;
  c.out[0].dtype = c.in[0].dtype;
  return n;
}

// Input 0 without its last `gone` dimensions, with these in their place.
void output(Infer& c, int gone, const Ints& first, const Ints& second) {
  int64_t sizes[kMaxDims];
  const int lead = c.in[0].ndim - gone;
  if (lead + first.n + second.n > kMaxDims) c.fail("at most %d dimensions are supported", kMaxDims);
  for (int d = 0; d < lead; ++d) sizes[d] = c.in[0].sizes[d];
  for (int d = 0; d < first.n; ++d) sizes[lead + d] = first[d];
  for (int d = 0; d < second.n; ++d) sizes[lead + first.n + d] = second[d];
  const int ndim = lead + static_cast<int>(first.n + second.n);
  for (int d = lead; d < ndim; ++d)
    if (sizes[d] < 0) c.fail("sizes must not be negative");
  c.shape(0, sizes, ndim);
}

}  // namespace

void windows(Infer& c) {
  const auto& a = c.as<WindowsAttrs>();
  const int n = check(c, a.slide, a.kernel.n, 1);
  if (a.count.n != n) c.fail("expected as many counts as sizes of the kernel");
  output(c, n, a.kernel, a.count);
}

void overlap_add(Infer& c) {
  const auto& a = c.as<OverlapAttrs>();
  const int n = check(c, a.slide, a.spatial.n, 2);
  output(c, 2 * n, a.spatial, Ints{0, {}});
}

}  // namespace tt::infer
