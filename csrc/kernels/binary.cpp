// Functions of two or three tensors, element by element: arithmetic, powers, mixtures.
#include "loops.h"
#include "pointwise.h"
#include "power.h"

namespace tt {
namespace {

template <class V>
constexpr bool kIsFloat = std::is_floating_point_v<Elem<V>>;

// F of floats, G of two numbers of an integer type.
template <auto F, auto G, int Cost = 4>
void by_kind(const Call& c) {
  map_numbers<2>(c, Cost, [](auto x, auto y) {
    if constexpr (kIsFloat<decltype(x)>)
      return F(x, y);
    else
      return each_lane(x, y, [](auto v, auto w) { return static_cast<decltype(v)>(G(v, w)); });
  });
}

// Integer division, Python's and C's. The smallest number has no negative, so -1 is not left to the processor.
constexpr auto divide_down = [](auto x, auto y) {
  if (y == 0 || y == 1 || (std::is_signed_v<decltype(y)> && y == static_cast<decltype(y)>(-1)))
    return static_cast<decltype(x)>(y == 1 ? x : 0 - x);
  const auto q = static_cast<decltype(x)>(x / y);
  return static_cast<decltype(x)>(x % y != 0 && (x < 0) != (y < 0) ? q - 1 : q);
};
constexpr auto divide_cut = [](auto x, auto y) {
  if (y == 0 || (std::is_signed_v<decltype(y)> && y == static_cast<decltype(y)>(-1)))
    return static_cast<decltype(x)>(0 - x);
  return static_cast<decltype(x)>(x / y);
};
constexpr auto modulo_up = [](auto x, auto y) {
  if (y == 0 || (std::is_signed_v<decltype(y)> && y == static_cast<decltype(y)>(-1))) return decltype(x){0};
  const auto r = static_cast<decltype(x)>(x % y);
  return static_cast<decltype(x)>(r != 0 && (r < 0) != (y < 0) ? r + y : r);
};
constexpr auto modulo_cut = [](auto x, auto y) {
  if (y == 0 || (std::is_signed_v<decltype(y)> && y == static_cast<decltype(y)>(-1))) return decltype(x){0};
  return static_cast<decltype(x)>(x % y);
};

TT_INLINE Vec<double> fmod(Vec<double> x, Vec<double> y) {
  return each_lane(x, y, [](double v, double w) { return ::fmod(v, w); });
}
// What is left of floats is a double, and so is a quotient of 29 bits times a float: no rounding but that of v / w,
// which may reach the next whole number.
TT_INLINE Vec<float> fmod(Vec<float> x, Vec<float> y) {
  const auto left = [](Vec<double> v, Vec<double> w) {
    const Vec<double> q = trunc(v / w), r = q == 0 ? v : fma(-q, w, v);
    return (r != 0) & ((r < 0) != (v < 0)) ? r + copysign(w, v) : copysign(r, v);
  };
  if (!any(~(abs(x / y) < 0x1p28f))) return through_double(x, y, left);
  return each_lane(x, y, [](float v, float w) { return ::fmodf(v, w); });
}
// The sign of Python's remainder is the divisor's, and its quotient is rounded down to match.
template <class V>
TT_INLINE V remainder(V x, V y) {
  const V r = fmod(x, y);
  return (r != 0) & ((r < 0) != (y < 0)) ? r + y : r;
}
template <class V>
TT_INLINE V floor_divide(V x, V y) {
  using T = Elem<V>;
  const V r = fmod(x, y), exact = (x - r) / y;
  const V q = (r != 0) & ((r < 0) != (y < 0)) ? exact - T(1) : exact, down = floor(q);
  const V nearest = q - down > T(0.5) ? down + T(1) : down;
  return y == 0 ? x / y : q == 0 ? copysign(V{}, x / y) : nearest;
}

__attribute__((noinline)) bool has_zero(const View& y) {
  const View* views[] = {&y};
  const int64_t bytes[] = {width_of(y.dtype)};
  const Nest<1> nest(views, bytes);
  bool zero = false;
  with_width(y.dtype, [&](auto tag) {
    using W = decltype(tag);
    nest.run(1, 1, [&](char* const* p, const int64_t* stride, int64_t n) {
      for (int64_t i = 0; i < (stride[0] == 0 ? 1 : n); ++i)
        zero |= *reinterpret_cast<const W*>(p[0] + i * stride[0]) == 0;
    });
  });
  return zero;
}

// Integer divisors are looked at before anything is written.
template <Launch Divide>
void checked(const Call& c) {
  if (c.in[1].dtype < DType::kFloat32 && has_zero(c.in[1])) {
    c.fault->code = Fault::kDivisionByZero;
    return;
  }
  Divide(c);
}

// Where the exponent is one number, the usual ones are products and roots.
void pow_kernel(const Call& c) {
  const DType dtype = c.out[0].dtype;
  if (dtype < DType::kFloat32)
    return map_integers<2>(c, 8, [](auto x, auto y) { return each_lane(x, y, integer_pow<Elem<decltype(x)>>); });
  bool single = true;
  for (int d = 0; d < c.in[1].ndim; ++d) single &= c.in[1].strides[d] == 0;
  if (single && c.in[1].numel() > 0) {
    const double n = dtype == DType::kFloat64 ? *c.in[1].as<double>() : *c.in[1].as<float>();
    if (n == 0.5) return map_floats<1>(c, 2, [](auto x) { return sqrt(x); });
    if (n == 2) return map_floats<1>(c, 1, [](auto x) { return x * x; });
    if (n == 3) return map_floats<1>(c, 1, [](auto x) { return x * x * x; });
    if (n == -0.5) return map_floats<1>(c, 2, [](auto x) { return 1 / sqrt(x); });
    if (n == -1) return map_floats<1>(c, 1, [](auto x) { return 1 / x; });
    if (n == -2) return map_floats<1>(c, 1, [](auto x) { return 1 / (x * x); });
  }
  map_floats<2>(c, 10, [](auto x, auto y) { return pow(x, y); });
}

// g n x^(n - 1), for an exponent that is one number.
struct PowAttrs {
  double exponent;
};
void pow_backward_kernel(const Call& c) {
  const double n = c.as<PowAttrs>().exponent;
  if (n == 1) return map_floats<1>(c, 1, [](auto g) { return g; });
  if (n == 2) return map_floats<2>(c, 1, [](auto g, auto x) { return g * (x * 2); });
  if (n == 3) return map_floats<2>(c, 1, [](auto g, auto x) { return g * (x * x * 3); });
  if (n == -1) return map_floats<2>(c, 1, [](auto g, auto x) { return g * (-1 / (x * x)); });
  map_floats<2>(c, 10, [n](auto g, auto x) {
    using V = decltype(x);
    using T = Elem<V>;
    const V slope = n == 0.5 ? 1 / sqrt(x) : pow(x, V{} + static_cast<T>(n - 1));
    return g * (slope * static_cast<T>(n));
  });
}

// log(e^x + e^y) and log2(2^x + 2^y): the larger one, and what the other adds to it.
constexpr auto logaddexp = [](auto x, auto y) {
  const auto top = maximum(x, y), gap = -abs(x - y);
  return x == y ? top + Elem<decltype(x)>(0.6931471805599453) : gap == gap ? top + log1p(exp(gap)) : top + gap;
};
constexpr auto logaddexp2 = [](auto x, auto y) {
  using T = Elem<decltype(x)>;
  const auto top = maximum(x, y), gap = -abs(x - y);
  return x == y ? top + T(1) : gap == gap ? top + log1p(exp2(gap)) * kLog2e<T> : top + gap;
};

struct ValueAttrs {
  double value;
};
// x + value * F(y, z); exact for integers of up to 53 bits of value.
template <auto F>
void add_scaled(const Call& c) {
  const double value = c.as<ValueAttrs>().value;
  map_numbers<3>(c, 1, [value](auto x, auto y, auto z) {
    using T = Elem<decltype(x)>;
    if constexpr (kIsFloat<decltype(x)>)
      return x + static_cast<T>(value) * F(y, z);
    else
      return x + each_lane(y, z, [s = static_cast<T>(value)](T v, T w) { return static_cast<T>(s * F(v, w)); });
  });
}

// Half the squared difference up to delta, linear above.
void huber_kernel(const Call& c) {
  const double delta = c.as<ValueAttrs>().value;
  map_floats<2>(c, 1, [delta](auto x, auto y) {
    using T = Elem<decltype(x)>;
    const auto size = abs(x - y);
    const T limit = static_cast<T>(delta);
    return size <= limit ? T(0.5) * size * size : limit * (size - T(0.5) * limit);
  });
}

// Both ends give exact results: near y it is counted from there.
constexpr auto lerp = [](auto x, auto y, auto w) {
  using T = Elem<decltype(x)>;
  return abs(w) < T(0.5) ? x + w * (y - x) : y - (y - x) * (T(1) - w);
};

}  // namespace

// clang-format off
TT_OP_TABLE(binary,
    {"add(x, y) -> z", infer::binary, binary_number<[](auto x, auto y) { return x + y; }>},
    {"sub(x, y) -> z", infer::subtract, binary_number<[](auto x, auto y) { return x - y; }>},
    {"mul(x, y) -> z", infer::binary, binary_number<[](auto x, auto y) { return x * y; }>},
    {"div(x, y) -> z", infer::binary_float, binary_float<[](auto x, auto y) { return x / y; }>},
    {"div_backward(g, x, y) -> gy", infer::binary_float,
     ternary_float<[](auto g, auto x, auto y) { return -g * (x / y / y); }>},
    {"div_trunc(x, y) -> z", infer::binary_number,
     checked<by_kind<[](auto x, auto y) { return trunc(x / y); }, divide_cut>>},
    {"floor_divide(x, y) -> z", infer::binary_number,
     checked<by_kind<[](auto x, auto y) { return floor_divide(x, y); }, divide_down, 20>>},
    {"remainder(x, y) -> z", infer::binary_number,
     checked<by_kind<[](auto x, auto y) { return remainder(x, y); }, modulo_up, 20>>},
    {"fmod(x, y) -> z", infer::fmod,
     checked<by_kind<[](auto x, auto y) { return fmod(x, y); }, modulo_cut, 20>>},
    {"pow(x, y) -> z", infer::pow, pow_kernel},
    {"pow_backward(g, x; exponent: float) -> gx", infer::binary_float, pow_backward_kernel},
    {"lerp(x, y, weight) -> z", infer::binary_float, ternary_float<lerp>},
    {"addcmul(x, y, z; value: float) -> w", infer::binary, add_scaled<[](auto y, auto z) { return y * z; }>},
    {"addcdiv(x, y, z; value: float) -> w", infer::binary_float, add_scaled<[](auto y, auto z) { return y / z; }>},
    {"scaled_deviation(g, x, mean) -> y", infer::binary_float,
     ternary_float<[](auto g, auto x, auto mean) { return g * (x - mean); }>},
    {"huber(x, y; delta: float) -> z", infer::binary_float, huber_kernel},
    {"copysign(x, y) -> z", infer::copysign, binary_float<[](auto x, auto y) { return copysign(x, y); }>},
    {"logaddexp(x, y) -> z", infer::binary_float_tensors, binary_float<logaddexp, 4>},
    {"logaddexp2(x, y) -> z", infer::binary_float_tensors, binary_float<logaddexp2, 4>},
    {"xlogy(x, y) -> z", infer::binary_float,
     binary_float<[](auto x, auto y) { return y != y ? y : x == 0 ? decltype(x){} : x * log(y); }, 2>},
)
// clang-format on
}  // namespace tt
