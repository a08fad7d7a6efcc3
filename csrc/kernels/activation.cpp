// Activation functions, each with its gradient below it: f(x) and f_backward(g, x or y), which is g * f'(x).
#include "pointwise.h"

namespace tt {
namespace {

// Attributes are doubles; kernels want them in the type of the vectors.
template <class V>
TT_INLINE V value(double v) {
  return V{} + static_cast<Elem<V>>(v);
}

constexpr auto tanh_backward = [](auto g, auto y) { return g * (1 - y * y); };
constexpr auto sigmoid_backward = [](auto g, auto y) { return g * ((1 - y) * y); };

constexpr auto relu = [](auto x) { return x < 0 ? decltype(x){} : x; };
constexpr auto relu_backward = [](auto g, auto y) { return y <= 0 ? decltype(g){} : g; };

constexpr auto silu = [](auto x) { return x * sigmoid(x); };
constexpr auto silu_backward = [](auto g, auto x) {
  const auto s = sigmoid(x);
  return g * (s * (1 + x * (1 - s)));
};

// log(sigmoid(x)) = min(x, 0) - log(1 + exp(-|x|))
constexpr auto logsigmoid = [](auto x) { return minimum(x, decltype(x){}) - log1p(exp(-abs(x))); };
constexpr auto logsigmoid_backward = [](auto g, auto x) { return g * sigmoid(-x); };

// log(1 + exp(x)), for which x stands where it is large.
template <class V>
TT_INLINE V softplus_of(V x) {
  return maximum(x, V{}) + log1p(exp(-abs(x)));
}
constexpr auto mish = [](auto x) { return x * tanh(softplus_of(x)); };
constexpr auto mish_backward = [](auto g, auto x) {
  const auto t = tanh(softplus_of(x));
  return g * (t + x * sigmoid(x) * (1 - t * t));
};

struct SoftplusAttrs {
  double beta, threshold;
};
void softplus(const Call& c) {
  const auto a = c.as<SoftplusAttrs>();
  map_floats<1>(c, 4, [a](auto x) {
    using V = decltype(x);
    const V z = x * value<V>(a.beta);
    return z > value<V>(a.threshold) ? x : log1p(exp(z)) / value<V>(a.beta);
  });
}
void softplus_backward(const Call& c) {
  const auto a = c.as<SoftplusAttrs>();
  map_floats<2>(c, 2, [a](auto g, auto x) {
    using V = decltype(x);
    const V z = x * value<V>(a.beta);
    return z > value<V>(a.threshold) ? g : g * sigmoid(z);
  });
}

// x Phi(x), exactly or by the customary approximation with tanh.
struct GeluAttrs {
  int64_t tanh;
};
constexpr double kSqrtHalfPi = 0.79788456080286535588;  // sqrt(2 / pi)
constexpr double kGeluCubic = 0.044715;
template <class V>
TT_INLINE V gelu_exact(V x) {
  return x * normal_cdf(x);
}
template <class V>
TT_INLINE V gelu_tanh(V x) {
  const V inner = value<V>(kSqrtHalfPi) * (x + value<V>(kGeluCubic) * (x * x * x));
  return value<V>(0.5) * x * (1 + tanh(inner));
}
void gelu(const Call& c) {
  if (c.as<GeluAttrs>().tanh)
    map_floats<1>(c, 3, [](auto x) { return gelu_tanh(x); });
  else
    map_floats<1>(c, 3, [](auto x) { return gelu_exact(x); });
}
template <class V>
TT_INLINE V gelu_exact_slope(V x) {
  const V density = exp(x * x * value<V>(-0.5)) * value<V>(0.39894228040143267794);
  return normal_cdf(x) + x * density;
}
template <class V>
TT_INLINE V gelu_tanh_slope(V x) {
  const V square = x * x;
  const V t = tanh(value<V>(kSqrtHalfPi) * (x + value<V>(kGeluCubic) * (square * x)));
  const V inner = value<V>(kSqrtHalfPi) * (1 + value<V>(3 * kGeluCubic) * square);
  return value<V>(0.5) * (1 + t) + value<V>(0.5) * x * (1 - t * t) * inner;
}
void gelu_backward(const Call& c) {
  if (c.as<GeluAttrs>().tanh)
    map_floats<2>(c, 3, [](auto g, auto x) { return g * gelu_tanh_slope(x); });
  else
    map_floats<2>(c, 4, [](auto g, auto x) { return g * gelu_exact_slope(x); });
}

// elu, selu and celu: scale * x above zero, scale * alpha * (exp(input_scale * x) - 1) below.
struct EluAttrs {
  double alpha, scale, input_scale;
};
void elu(const Call& c) {
  const auto a = c.as<EluAttrs>();
  map_floats<1>(c, 2, [a](auto x) {
    using V = decltype(x);
    return x > 0 ? x * value<V>(a.scale) : expm1(x * value<V>(a.input_scale)) * value<V>(a.alpha * a.scale);
  });
}
void elu_backward(const Call& c) {
  const auto a = c.as<EluAttrs>();
  map_floats<2>(c, 2, [a](auto g, auto x) {
    using V = decltype(x);
    const V below = value<V>(a.input_scale * a.alpha * a.scale) * exp(x * value<V>(a.input_scale));
    return g * (x > 0 ? value<V>(a.scale) : below);
  });
}

struct SlopeAttrs {
  double slope;
};
void leaky_relu(const Call& c) {
  const double slope = c.as<SlopeAttrs>().slope;
  map_floats<1>(c, 1, [slope](auto x) { return x > 0 ? x : x * value<decltype(x)>(slope); });
}
void leaky_relu_backward(const Call& c) {
  const double slope = c.as<SlopeAttrs>().slope;
  map_floats<2>(c, 1, [slope](auto g, auto x) { return x > 0 ? g : g * value<decltype(x)>(slope); });
}

struct RangeAttrs {
  double low, high;
};
void hardtanh(const Call& c) {
  const auto a = c.as<RangeAttrs>();
  const bool unbounded = a.low != a.low || a.high != a.high;
  map_numbers<1>(c, 1, [a, unbounded](auto x) {
    const auto low = value<decltype(x)>(a.low), high = value<decltype(x)>(a.high);
    if (unbounded) return low + high;            // nan
    return x < low ? low : x > high ? high : x;  // nan and -0 pass
  });
}
void hardtanh_backward(const Call& c) {
  const auto a = c.as<RangeAttrs>();
  map_floats<2>(c, 1, [a](auto g, auto x) {
    using V = decltype(x);
    return (x <= value<V>(a.low)) | (x >= value<V>(a.high)) ? V{} : g;
  });
}

template <class V>
TT_INLINE V relu6_of(V x) {
  return minimum(maximum(x, V{}), V{} + 6);
}
constexpr auto hardsigmoid = [](auto x) { return relu6_of(x + 3) / 6; };
constexpr auto hardsigmoid_backward = [](auto g, auto x) { return (x > -3) & (x < 3) ? g / 6 : decltype(g){}; };
constexpr auto hardswish = [](auto x) { return x * relu6_of(x + 3) / 6; };
constexpr auto hardswish_backward = [](auto g, auto x) {
  const auto inside = g * (x / 3 + value<decltype(x)>(0.5));
  return x <= -3 ? decltype(g){} : x < 3 ? inside : g;
};

struct LambdaAttrs {
  double lambda;
};
void hardshrink(const Call& c) {
  const double lambda = c.as<LambdaAttrs>().lambda;
  map_floats<1>(c, 1, [lambda](auto x) { return abs(x) <= value<decltype(x)>(lambda) ? decltype(x){} : x; });
}
void softshrink(const Call& c) {
  const double lambda = c.as<LambdaAttrs>().lambda;
  map_floats<1>(c, 1, [lambda](auto x) {
    const auto l = value<decltype(x)>(lambda);
    return x > l ? x - l : x < -l ? x + l : x != x ? x : decltype(x){};
  });
}
// Of both: nothing passes where the result is zero.
void shrink_backward(const Call& c) {
  const double lambda = c.as<LambdaAttrs>().lambda;
  map_floats<2>(c, 1, [lambda](auto g, auto x) { return abs(x) <= value<decltype(x)>(lambda) ? decltype(g){} : g; });
}

struct ThresholdAttrs {
  double threshold, value;
};
void threshold(const Call& c) {
  const auto a = c.as<ThresholdAttrs>();
  map_numbers<1>(c, 1, [a](auto x) { return x <= value<decltype(x)>(a.threshold) ? value<decltype(x)>(a.value) : x; });
}
void threshold_backward(const Call& c) {
  const double threshold = c.as<SlopeAttrs>().slope;
  map_floats<2>(c, 1, [threshold](auto g, auto x) { return x <= value<decltype(x)>(threshold) ? decltype(g){} : g; });
}

// log(x / (1 - x)), of x moved into [eps, 1 - eps]; a negative eps moves nothing.
struct LogitAttrs {
  double eps;
};
void logit(const Call& c) {
  const double eps = c.as<LogitAttrs>().eps;
  map_floats<1>(c, 3, [eps](auto x) {
    using V = decltype(x);
    const V low = value<V>(eps), high = 1 - low;
    const V p = eps < 0 ? x : x < low ? low : x > high ? high : x;
    return log(p / (1 - p));
  });
}
void logit_backward(const Call& c) {
  const double eps = c.as<LogitAttrs>().eps;
  map_floats<2>(c, 2, [eps](auto g, auto x) {
    using V = decltype(x);
    const V low = value<V>(eps < 0 ? 0 : eps), outside = value<V>(eps < 0 ? __builtin_nan("") : 0);
    return (x < low) | (x > 1 - low) ? outside : g / (x * (1 - x));
  });
}

constexpr auto prelu = [](auto x, auto w) { return x > 0 ? x : x * w; };

}  // namespace

// clang-format off
TT_OP_TABLE(activation,
    {"tanh(x) -> y", infer::unary_float, unary_float<[](auto x) { return tanh(x); }, 2>},
    {"tanh_backward(g, y) -> gx", infer::binary_float, binary_float<tanh_backward>},
    {"sigmoid(x) -> y", infer::unary_float, unary_float<[](auto x) { return sigmoid(x); }, 2>},
    {"sigmoid_backward(g, y) -> gx", infer::binary_float, binary_float<sigmoid_backward>},
    {"logit(x; eps: float) -> y", infer::unary_float, logit},
    {"logit_backward(g, x; eps: float) -> gx", infer::binary_float, logit_backward},
    {"relu(x) -> y", infer::unary_number, unary_number<relu>},
    {"relu_backward(g, y) -> gx", infer::binary_float, binary_float<relu_backward>},
    {"gelu(x; tanh: bool) -> y", infer::unary_only_float, gelu},
    {"gelu_backward(g, x; tanh: bool) -> gx", infer::binary_float, gelu_backward},
    {"silu(x) -> y", infer::unary_only_float, unary_float<silu, 2>},
    {"silu_backward(g, x) -> gx", infer::binary_float, binary_float<silu_backward, 2>},
    {"mish(x) -> y", infer::unary_only_float, unary_float<mish, 5>},
    {"mish_backward(g, x) -> gx", infer::binary_float, binary_float<mish_backward, 7>},
    {"softplus(x; beta: float, threshold: float) -> y", infer::unary_only_float, softplus},
    {"softplus_backward(g, x; beta: float, threshold: float) -> gx", infer::binary_float, softplus_backward},
    {"logsigmoid(x) -> y", infer::unary_only_float, unary_float<logsigmoid, 4>},
    {"logsigmoid_backward(g, x) -> gx", infer::binary_float, binary_float<logsigmoid_backward, 2>},
    {"elu(x; alpha: float, scale: float, input_scale: float) -> y", infer::unary_only_float, elu},
    {"elu_backward(g, x; alpha: float, scale: float, input_scale: float) -> gx", infer::binary_float, elu_backward},
    {"leaky_relu(x; slope: float) -> y", infer::unary_only_float, leaky_relu},
    {"leaky_relu_backward(g, x; slope: float) -> gx", infer::binary_float, leaky_relu_backward},
    {"prelu(x, weight) -> y", infer::binary_float, binary_float<prelu>},
    {"hardtanh(x; low: float, high: float) -> y", infer::hardtanh, hardtanh},
    {"hardtanh_backward(g, x; low: float, high: float) -> gx", infer::binary_float, hardtanh_backward},
    {"hardsigmoid(x) -> y", infer::unary_only_float, unary_float<hardsigmoid>},
    {"hardsigmoid_backward(g, x) -> gx", infer::binary_float, binary_float<hardsigmoid_backward>},
    {"hardswish(x) -> y", infer::unary_only_float, unary_float<hardswish>},
    {"hardswish_backward(g, x) -> gx", infer::binary_float, binary_float<hardswish_backward>},
    {"hardshrink(x; lambd: float) -> y", infer::unary_only_float, hardshrink},
    {"softshrink(x; lambd: float) -> y", infer::unary_only_float, softshrink},
    {"shrink_backward(g, x; lambd: float) -> gx", infer::binary_float, shrink_backward},
    {"threshold(x; threshold: float, value: float) -> y", infer::unary_number, threshold},
    {"threshold_backward(g, x; threshold: float) -> gx", infer::binary_float, threshold_backward},
)
// clang-format on
}  // namespace tt
