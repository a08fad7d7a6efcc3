// Shapes of pooling: how many windows there are, and all that is refused of their settings.
#include "../infer.h"
#include "../kernels/pooling_plan.h"

namespace tt::infer {
namespace {

void check_tensors(Infer& c, bool only_floats) {
  for (int i = 0; i < c.n_in; ++i) {
    if (c.number[i].kind != Scalar::kNone) c.fail<TypeError>("argument %d must be Tensor, not a number", i + 1);
    c.contiguous[i] = true;
  }
  const DType d = c.in[0].dtype;
  if (!is_floating(d) && only_floats) c.fail("not implemented for %s, only for floats", dtype_name(d));
  if (!is_floating(d)) c.cast[0] = DType::kInt64;
}

// Input 0 with the sizes of its last dimensions replaced.
void output(Infer& c, int o, const Ints& extent, DType dtype) {
  const View& x = c.in[0];
  if (extent.n < 1 || extent.n > Windows::kDims || extent.n > x.ndim)
    c.fail("expected 1 to 3 sizes for the last dimensions of %s", shape_text(x).c_str());
  int64_t sizes[kMaxDims];
  for (int d = 0; d < x.ndim; ++d) {
    const int64_t at = d - (x.ndim - extent.n);
    sizes[d] = at < 0 ? x.sizes[d] : extent[static_cast<int>(at)];
    if (sizes[d] < 0) c.fail("sizes must not be negative");
  }
  c.shape(o, sizes, x.ndim);
  c.out[o].dtype = dtype;
}

// Places in a plane: of the width of its elements.
DType place_dtype(const Infer& c) { return c.cast[0] == DType::kFloat32 ? DType::kInt32 : DType::kInt64; }

void check_plane(const Infer& c, int n) {
  int64_t volume = 1;
  for (int d = c.in[0].ndim - n; d < c.in[0].ndim; ++d) volume *= c.in[0].sizes[d];
  if (c.cast[0] == DType::kFloat32 && volume > INT32_MAX)
    c.fail("a plane of %ld elements is too large", static_cast<long>(volume));
}

void check_input(const Infer& c, int n) {
  const View& x = c.in[0];
  if (x.ndim != n + 1 && x.ndim != n + 2)
    c.fail("Expected %dD or %dD input, but got shape %s", n + 1, n + 2, shape_text(x).c_str());
  for (int d = x.ndim - n - 1; d < x.ndim; ++d)
    if (x.sizes[d] == 0)
      c.fail("Expected %dD or %dD (batch mode) tensor with optional 0 dim batch size for input, but got: %s", n + 1,
             n + 2, shape_text(x).c_str());
}

Ints setting(const Infer& c, const char* name, const Ints& given, int n, int64_t least) {
  if (given.n != 1 && given.n != n)
    c.fail("expected %s to be a single integer value or a list of %d values, got %ld values", name, n,
           static_cast<long>(given.n));
  const Ints all = for_each_dim(given, n);
  for (int d = 0; d < n; ++d) {
    if (all[d] < least)
      c.fail("%s must be %s, but got %ld", name, least > 0 ? "greater than zero" : "non-negative",
             static_cast<long>(all[d]));
    if (all[d] > INT32_MAX) c.fail("%s must be less than 2**31, but got %ld", name, static_cast<long>(all[d]));
  }
  return all;
}

// Windows along one dimension; with `ceil` also one that reaches over the end, if it starts before it.
int64_t window_count(int64_t size, int64_t padding, int64_t reach, int64_t stride, bool ceil) {
  const int64_t room = size + 2 * padding - reach + (ceil ? stride - 1 : 0);
  const int64_t count = room < 0 ? 0 : room / stride + 1;
  return ceil && (count - 1) * stride >= size + padding ? count - 1 : count;
}

// How many windows of n dimensions there are in these.
Ints window_counts(const Infer& c, const int64_t* spatial, const PoolWindows& w, const Ints& dilation, bool ceil,
                   int n) {
  const Ints kernel = setting(c, "kernel_size", w.kernel, n, 1);
  const Ints stride = w.stride.n == 0 ? kernel : setting(c, "stride", w.stride, n, 1);
  const Ints padding = setting(c, "padding", w.padding, n, 0);
  const Ints spread = setting(c, "dilation", dilation, n, 1);
  Ints count{n, {}};
  for (int d = 0; d < n; ++d) {
    if (padding[d] > kernel[d] / 2)
      c.fail("pad should be at most half of kernel size, but got pad=%ld and kernel_size=%ld",
             static_cast<long>(padding[d]), static_cast<long>(kernel[d]));
    const int64_t reach = (kernel[d] - 1) * spread[d] + 1;
    count.v[d] = window_count(spatial[d], padding[d], reach, stride[d], ceil);
    if (count[d] <= 0)
      c.fail("output size would be too small, given %ld elements, kernel_size=%ld and dilation=%ld",
             static_cast<long>(spatial[d]), static_cast<long>(kernel[d]), static_cast<long>(spread[d]));
  }
  return count;
}

int check_dims(const Infer& c, int64_t n) {
  if (n < 1 || n > Windows::kDims || c.in[0].ndim < n) c.fail("expected windows of 1 to 3 dimensions");
  return static_cast<int>(n);
}

const char* const kMaxNames[] = {"max_pool1d", "max_pool2d", "max_pool3d"};
const char* const kAvgNames[] = {"avg_pool1d", "avg_pool2d", "avg_pool3d"};

const char* const kAdaptiveMaxNames[] = {"adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d"};
const char* const kAdaptiveAvgNames[] = {"adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d"};

// How many parts there are to be along each dimension.
Ints part_counts(Infer& c, const char* const* names, bool channels_may_be_none) {
  const auto& a = c.as<AdaptiveAttrs>();
  const View& x = c.in[0];
  const int n = check_dims(c, a.n);
  c.name = names[n - 1];
  if (x.ndim != n + 1 && x.ndim != n + 2)
    c.fail("Expected %dD or %dD input, but got shape %s", n + 1, n + 2, shape_text(x).c_str());
  for (int d = channels_may_be_none ? x.ndim - n : 1; d < x.ndim; ++d)
    if (x.sizes[d] == 0)
      c.fail("Expected input to have non-zero size for non-batch dimensions, but input has sizes %s",
             shape_text(x).c_str());
  if (a.counts.n != 1 && a.counts.n != n)
    c.fail("output_size must have %d elements, got %ld", n, static_cast<long>(a.counts.n));
  const Ints counts = for_each_dim(a.counts, n);
  int64_t parts = 1;
  for (int d = 0; d < n; ++d)
    if (counts[d] < 0)
      c.fail("elements of output_size must be greater than or equal to 0, got %ld", static_cast<long>(counts[d]));
    else if (__builtin_mul_overflow(parts, counts[d], &parts) || parts > int64_t{1} << 31)
      c.fail("an output_size of so many elements is too large");
  return counts;
}

}  // namespace

// Messages bear the name that users call.
void max_pool(Infer& c) {
  const auto& a = c.as<MaxPoolAttrs>();
  check_tensors(c, false);
  const int n = check_dims(c, a.n);
  c.name = kMaxNames[n - 1];
  check_input(c, n);
  check_plane(c, n);
  output(c, 0, window_counts(c, c.in[0].sizes + c.in[0].ndim - n, a.windows, a.dilation, a.ceil, n), c.cast[0]);
  c.shape(1, c.out[0].sizes, c.out[0].ndim);
  c.out[1].dtype = place_dtype(c);
}

void max_pool_backward(Infer& c) {
  check_tensors(c, true);
  c.cast[1] = place_dtype(c);
  output(c, 0, c.as<Ints>(), c.in[0].dtype);
}

void avg_pool(Infer& c) {
  const auto& a = c.as<AvgPoolAttrs>();
  check_tensors(c, false);
  const int n = check_dims(c, a.n);
  c.name = kAvgNames[n - 1];
  check_input(c, n);
  output(c, 0, window_counts(c, c.in[0].sizes + c.in[0].ndim - n, a.windows, kSideBySide, a.ceil, n), c.cast[0]);
}

// Scratch memory for the gradients divided.
void avg_pool_backward(Infer& c) {
  const auto& a = c.as<AvgPoolBackwardAttrs>();
  const View& g = c.in[0];
  check_tensors(c, true);
  const int n = check_dims(c, a.forward.n);
  if (a.spatial.n != n) c.fail("expected %d sizes", n);
  const Ints count = window_counts(c, a.spatial.v, a.forward.windows, kSideBySide, a.forward.ceil, n);
  for (int d = 0; d < n; ++d)
    if (count[d] != g.sizes[g.ndim - n + d]) c.fail("%s is not of the windows' sizes", shape_text(g).c_str());
  output(c, 0, a.spatial, g.dtype);
  c.scratch = g.numel() * dtype_bytes(g.dtype);
}

void adaptive_max_pool(Infer& c) {
  check_tensors(c, false);
  const Ints counts = part_counts(c, kAdaptiveMaxNames, false);
  check_plane(c, static_cast<int>(counts.n));
  for (int o = 0; o < 2; ++o) output(c, o, counts, o == 0 ? c.cast[0] : place_dtype(c));
}

void adaptive_avg_pool(Infer& c) {
  check_tensors(c, true);
  output(c, 0, part_counts(c, kAdaptiveAvgNames, c.as<AdaptiveAttrs>().n < 3), c.in[0].dtype);
}

void adaptive_avg_pool_backward(Infer& c) {
  check_tensors(c, true);
  output(c, 0, c.as<Ints>(), c.in[0].dtype);
}

}  // namespace tt::infer
