// ReLU and other activations made of straight lines, each with its gradient below it.
#include "pointwise.h"

namespace tt {
namespace {

constexpr auto relu = [](auto x) { return x < 0 ? decltype(x){} : x; };
constexpr auto relu_backward = [](auto g, auto y) { return y <= 0 ? decltype(g){} : g; };

constexpr auto prelu = [](auto x, auto w) { return x > 0 ? x : x * w; };

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
  return at_most(at_least(x, V{}), V{} + 6);
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

}  // namespace

// clang-format off
TT_OP_TABLE(relu,
    {"relu(x) -> y", infer::unary_number, unary_number<relu>},
    {"relu_backward(g, y) -> gx", infer::binary_float, binary_float<relu_backward>},
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
