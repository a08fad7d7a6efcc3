// Shapes of pooling. The functions of tinytensor/ops/pooling.py have checked what a user gives them.
#include "../infer.h"
#include "../kernels/pooling_plan.h"

namespace tt::infer {
namespace {

void check_float(Infer& c) {
  if (!is_floating(c.in[0].dtype)) c.fail("expected a floating point dtype, got %s", dtype_name(c.in[0].dtype));
  for (int i = 0; i < c.n_in; ++i) c.contiguous[i] = true;
}

// Input 0 with the sizes of its last dimensions replaced.
void output(Infer& c, const Ints& extent) {
  const View& x = c.in[0];
  if (extent.n < 1 || extent.n > Windows::kDims || extent.n > x.ndim)
    c.fail("expected 1 to 3 sizes for the last dimensions of %s", shape_text(x).c_str());
  int64_t sizes[kMaxDims];
  for (int d = 0; d < x.ndim; ++d) {
    const int64_t at = d - (x.ndim - extent.n);
    sizes[d] = at < 0 ? x.sizes[d] : extent[static_cast<int>(at)];
    if (sizes[d] < 0) c.fail("sizes must not be negative");
  }
  c.shape(0, sizes, x.ndim);
  c.out[0].dtype = x.dtype;
}

void slide(Infer& c) {
  const auto& a = c.as<PoolAttrs>();
  const int64_t n = a.extent.n;
  check_float(c);
  output(c, a.extent);
  if (a.slide.stride.n != n || a.slide.before.n != n || a.slide.dilation.n != n || a.kernel.n != n)
    c.fail("expected %ld numbers for each of stride, padding, dilation and kernel", static_cast<long>(n));
  for (int d = 0; d < n; ++d)
    if (a.slide.stride[d] < 1 || a.slide.dilation[d] < 1 || a.kernel[d] < 1)
      c.fail("stride, dilation and kernel must be positive");
}

}  // namespace

void max_pool(Infer& c) {
  slide(c);
  const View& x = c.in[0];
  const int n = static_cast<int>(c.as<PoolAttrs>().kernel.n);
  int64_t volume = 1;
  for (int d = x.ndim - n; d < x.ndim; ++d) volume *= x.sizes[d];
  if (x.dtype == DType::kFloat32 && volume > INT32_MAX)
    c.fail("a plane of %ld elements is too large", static_cast<long>(volume));
  c.shape(1, c.out[0].sizes, x.ndim);
  c.out[1].dtype = x.dtype == DType::kFloat32 ? DType::kInt32 : DType::kInt64;
}

void max_pool_backward(Infer& c) {
  check_float(c);
  c.cast[1] = c.in[0].dtype == DType::kFloat32 ? DType::kInt32 : DType::kInt64;
  output(c, c.as<Ints>());
}

void sum_pool(Infer& c) { slide(c); }

void sum_pool_backward(Infer& c) { slide(c); }

}  // namespace tt::infer
