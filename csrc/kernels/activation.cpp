// Activation functions, each with its gradient below it: f(x) and f_backward(g, x or y), which is g * f'(x).
#include "pointwise.h"

namespace tt {
namespace {

constexpr auto tanh_backward = [](auto g, auto y) { return g * (1 - y * y); };
constexpr auto sigmoid_backward = [](auto g, auto y) { return g * ((1 - y) * y); };

constexpr auto silu = Long{[](auto x) { return x * sigmoid(x); }};
constexpr auto silu_backward = Long{[](auto g, auto x) {
  const auto s = sigmoid(x);
  return g * (s * (1 + x * (1 - s)));
}};

// log(sigmoid(x)) = min(x, 0) - log(1 + exp(-|x|))
constexpr auto logsigmoid = [](auto x) { return minimum(x, decltype(x){}) - log1p(exp_of_negative(-abs(x))); };
constexpr auto logsigmoid_backward = Long{[](auto g, auto x) { return g * sigmoid(-x); }};

// log(1 + exp(x)), for which x stands where it is large.
template <class V>
TT_INLINE V softplus_of(V x) {
  return maximum(x, V{}) + log1p(exp_of_negative(-abs(x)));
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
    map_floats<1>(c, 3, Long{[](auto x) { return gelu_tanh(x); }});
  else
    map_floats<1>(c, 3, Long{[](auto x) { return gelu_exact(x); }});
}
template <class V>
TT_INLINE V gelu_exact_slope(V x) {
  const V density = exp_of_negative(x * x * value<V>(-0.5)) * value<V>(0.39894228040143267794);
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
    map_floats<2>(c, 3, Long{[](auto g, auto x) { return g * gelu_tanh_slope(x); }});
  else
    map_floats<2>(c, 4, Long{[](auto g, auto x) { return g * gelu_exact_slope(x); }});
}

// elu, selu and celu: scale * x above zero, scale * alpha * (exp(input_scale * x) - 1) below.
struct EluAttrs {
  double alpha, scale, input_scale;
};
void elu(const Call& c) {
  const auto a = c.as<EluAttrs>();
  map_floats<1>(c, 2, Long{[a](auto x) {
                  using V = decltype(x);
                  const V below = expm1(x * value<V>(a.input_scale)) * value<V>(a.alpha * a.scale);
                  return x > 0 ? x * value<V>(a.scale) : below;
                }});
}
void elu_backward(const Call& c) {
  const auto a = c.as<EluAttrs>();
  map_floats<2>(c, 2, [a](auto g, auto x) {
    using V = decltype(x);
    const V below = value<V>(a.input_scale * a.alpha * a.scale) * exp(x * value<V>(a.input_scale));
    return g * (x > 0 ? value<V>(a.scale) : below);
  });
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

}  // namespace

// clang-format off
TT_OP_TABLE(activation,
    {"tanh(x) -> y", infer::unary_float, unary_float<[](auto x) { return tanh(x); }, 2>},
    {"tanh_backward(g, y) -> gx", infer::binary_float, binary_float<tanh_backward>},
    {"sigmoid(x) -> y", infer::unary_float, unary_float<Long{[](auto x) { return sigmoid(x); }}, 2>},
    {"sigmoid_backward(g, y) -> gx", infer::binary_float, binary_float<sigmoid_backward>},
    {"logit(x; eps: float) -> y", infer::unary_float, logit},
    {"logit_backward(g, x; eps: float) -> gx", infer::binary_float, logit_backward},
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
)
// clang-format on
}  // namespace tt
