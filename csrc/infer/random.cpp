// Rules of the random draws: sizes and dtypes from the attributes, and the domain of every parameter.
#include "../infer.h"

namespace tt::infer {
namespace {

// The attributes that all draws into a new tensor begin with.
struct DrawAttrs {
  Ints sizes;
  int64_t dtype;
  double a, b;
};

constexpr int64_t kStateBytes = 5056;

void check_state(const Infer& c) {
  if (c.in[0].data == nullptr || c.in[0].dtype != DType::kUInt8 || c.in[0].numel() != kStateBytes ||
      !c.in[0].is_contiguous())
    c.fail<TypeError>("the generator state must be a contiguous tensor of %ld bytes", static_cast<long>(kStateBytes));
}

// One output of the sizes and the dtype that the attributes name.
const DrawAttrs& draw(Infer& c) {
  const auto& a = c.as<DrawAttrs>();
  check_state(c);
  for (int i = 0; i < a.sizes.n; ++i)
    if (a.sizes[i] < 0) c.fail("Trying to create tensor with negative dimension %ld", static_cast<long>(a.sizes[i]));
  c.shape(0, a.sizes.v, static_cast<int>(a.sizes.n));
  c.out[0].dtype = static_cast<DType>(a.dtype);
  c.pointwise = true;  // fills strided tensors in the order of their memory
  return a;
}

const DrawAttrs& draw_float(Infer& c) {
  const DrawAttrs& a = draw(c);
  if (c.out[0].dtype < DType::kFloat32)
    c.fail<NotImplementedError>("not implemented for '%s': the distribution is continuous", dtype_name(c.out[0].dtype));
  return a;
}

double largest(DType d) { return d == DType::kFloat64 ? 1.7976931348623157e308 : 3.4028234663852886e38; }

}  // namespace

void seed(Infer& c) { check_state(c); }

void uniform(Infer& c) {
  const DrawAttrs& a = draw_float(c);
  if (!(a.a <= a.b)) c.fail("expects to return a [from, to) range, but found from=%g > to=%g", a.a, a.b);
  if (!(a.b - a.a <= largest(c.out[0].dtype)))
    c.fail("expects to-from <= the largest %s, but found to=%g and from=%g", dtype_name(c.out[0].dtype), a.b, a.a);
}

void normal(Infer& c) {
  const DrawAttrs& a = draw_float(c);
  if (!(a.b >= 0)) c.fail("expects std >= 0.0, but found std %g", a.b);
}

void exponential(Infer& c) {
  const DrawAttrs& a = draw(c);
  if (c.out[0].dtype < DType::kFloat32) c.fail("the dtype must be floating point, got %s", dtype_name(c.out[0].dtype));
  if (!(a.a > 0)) c.fail("expects lambda > 0.0, but found lambda=%g", a.a);
}

void log_normal(Infer& c) {
  const DrawAttrs& a = draw_float(c);
  if (!(a.b > 0)) c.fail("expects std > 0.0, but found std=%g", a.b);
}

void cauchy(Infer& c) {
  const DrawAttrs& a = draw_float(c);
  if (!(a.b > 0)) c.fail("expects sigma > 0.0, but found sigma=%g", a.b);
}

void geometric(Infer& c) {
  const DrawAttrs& a = draw(c);
  if (c.out[0].dtype == DType::kBool) c.fail<NotImplementedError>("not implemented for 'bool'");
  if (!(a.a > 0 && a.a < 1)) c.fail("expects p to be in (0, 1), but got p=%g", a.a);
}

void integers(Infer& c) { draw(c); }

void randperm(Infer& c) {
  struct Attrs {
    int64_t n;
    int64_t dtype;
  };
  const auto& a = c.as<Attrs>();
  check_state(c);
  if (a.dtype == static_cast<int64_t>(DType::kBool)) c.fail<NotImplementedError>("not implemented for 'bool'");
  if (a.n < 0) c.fail("n must be non-negative, got %ld", static_cast<long>(a.n));
  // The largest n whose numbers the dtype holds exactly.
  constexpr int64_t kMost[kDTypes] = {1, 255, 127, 32767, INT32_MAX, INT64_MAX, 1 << 24, int64_t{1} << 53};
  if (a.n - 1 > kMost[a.dtype])
    c.fail("n is too large for result tensor type: '%s'", dtype_name(static_cast<DType>(a.dtype)));
  c.shape(0, &a.n, 1);
  c.out[0].dtype = static_cast<DType>(a.dtype);
}

void bernoulli(Infer& c) {
  draw(c);
  const View &p = c.in[1], &y = c.out[0];
  bool fits = p.ndim <= y.ndim;
  for (int i = 0; fits && i < p.ndim; ++i)
    fits = p.sizes[p.ndim - 1 - i] == 1 || p.sizes[p.ndim - 1 - i] == y.sizes[y.ndim - 1 - i];
  if (!fits) c.fail("probabilities of shape %s do not expand to %s", shape_text(p).c_str(), shape_text(y).c_str());
  if (c.number[1].kind != Scalar::kNone) c.cast[1] = DType::kFloat64;
  if (c.cast[1] < DType::kFloat32)
    c.fail<NotImplementedError>("expected probabilities tensor to have floating type, got %s", dtype_name(p.dtype));
}

void poisson(Infer& c) {
  check_state(c);
  if (c.in[1].dtype < DType::kFloat32)
    c.fail<NotImplementedError>("not implemented for '%s'", dtype_name(c.in[1].dtype));
  c.shape(0, c.in[1].sizes, c.in[1].ndim);
  c.out[0].dtype = c.in[1].dtype;
}

void binomial(Infer& c) {
  check_state(c);
  const View &count = c.in[1], &p = c.in[2];
  if (count.dtype < DType::kFloat32 || p.dtype < DType::kFloat32)
    c.fail<NotImplementedError>("not implemented for '%s': count and prob must be of a floating point dtype",
                                dtype_name(count.dtype < DType::kFloat32 ? count.dtype : p.dtype));
  if (count.dtype != p.dtype)
    c.fail("expected count and prob of one dtype, got %s and %s", dtype_name(count.dtype), dtype_name(p.dtype));
  bool same = count.ndim == p.ndim;
  for (int i = 0; same && i < p.ndim; ++i) same = count.sizes[i] == p.sizes[i];
  if (!same)
    c.fail("count and prob must have one shape, got %s and %s", shape_text(count).c_str(), shape_text(p).c_str());
  c.shape(0, count.sizes, count.ndim);
  c.out[0].dtype = count.dtype;
}

void multinomial(Infer& c) {
  struct Attrs {
    int64_t num_samples;
    int64_t race;
    int64_t by_columns;
  };
  const auto& a = c.as<Attrs>();
  check_state(c);
  const View& p = c.in[1];
  if (p.ndim < 1 || p.ndim > 2) c.fail("prob_dist must be 1 or 2 dim, got shape %s", shape_text(p).c_str());
  if (p.dtype < DType::kFloat32) c.fail("only supports floating-point dtypes for input, got: %s", dtype_name(p.dtype));
  const int64_t n = p.sizes[p.ndim - 1];
  if (a.num_samples <= 0) c.fail("cannot sample n_sample <= 0 samples");
  if (n == 0 || (a.race && a.num_samples > n))
    c.fail("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
  if (n > int64_t{1} << 24) c.fail("number of categories cannot exceed 2^24");
  c.contiguous[1] = true;
  const int64_t sizes[2] = {p.ndim == 2 ? p.sizes[0] : a.num_samples, a.num_samples};
  c.shape(0, sizes, p.ndim);
  c.out[0].dtype = DType::kInt64;
  const int64_t rows = p.ndim == 2 ? p.sizes[0] : 1;
  c.scratch = 8 * n + (a.race ? 8 * rows * n : 0);
}

void dropout(Infer& c) {
  check_state(c);
  const View& x = c.in[1];
  if (x.dtype < DType::kFloat32)
    c.fail("result type Float can't be cast to the desired output type %s", dtype_name(x.dtype));
  c.like(0, x, x.dtype);
  c.like(1, x, x.dtype);
}

}  // namespace tt::infer
