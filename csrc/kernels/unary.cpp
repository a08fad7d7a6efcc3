// Functions of one tensor, element by element.
#include "pointwise.h"
#include "special.h"
#include "trig.h"

namespace tt {
namespace {

// `bool` counts as a number here: what is computed of its bytes becomes a bool again.
constexpr auto abs_of = [](auto x) {
  if constexpr (std::is_floating_point_v<Elem<decltype(x)>>)
    return abs(x);
  else
    return x < 0 ? -x : x;
};
constexpr auto sign_of = [](auto x) {
  const auto one = decltype(x){} + 1, zero = decltype(x){};
  return x > 0 ? one : x < 0 ? zero - one : zero;
};

// Integers are whole already.
template <auto F>
void whole(const Call& c) {
  map_numbers<1>(c, 1, [](auto x) {
    if constexpr (std::is_floating_point_v<Elem<decltype(x)>>)
      return F(x);
    else
      return x;
  });
}

struct RoundAttrs {
  int64_t decimals;
};
void round_decimals(const Call& c) {
  const int64_t decimals = c.as<RoundAttrs>().decimals;
  const double power = ::pow(10.0, static_cast<double>(decimals < 0 ? -decimals : decimals));
  if (decimals >= 0) {
    map_floats<1>(c, 2, [power](auto x) {
      using T = Elem<decltype(x)>;
      return rint(x * static_cast<T>(power)) / static_cast<T>(power);
    });
  } else {
    map_floats<1>(c, 2, [power](auto x) {
      using T = Elem<decltype(x)>;
      return rint(x / static_cast<T>(power)) * static_cast<T>(power);
    });
  }
}

struct NanToNumAttrs {
  double nan, high, low;
};
void nan_to_num(const Call& c) {
  const auto a = c.as<NanToNumAttrs>();
  map_floats<1>(c, 1, [a](auto x) {
    using V = decltype(x);
    using T = Elem<V>;
    const V y = x == kInf<T> ? V{} + static_cast<T>(a.high) : x == -kInf<T> ? V{} + static_cast<T>(a.low) : x;
    return x != x ? V{} + static_cast<T>(a.nan) : y;
  });
}

void erfc_kernel(const Call& c) {
  map_floats<1>(c, 8, [](auto x) {
    if constexpr (std::is_same_v<Elem<decltype(x)>, double>)
      return in_double(x, [](double v) { return ::erfc(v); });
    else
      return through_double(x, [](Vec<double> v) { return erfc_for_floats(v); });
  });
}

// By the C library.
template <double (*F)(double)>
void library(const Call& c) {
  map_floats<1>(c, 40, [](auto x) { return in_double(x, [](double v) { return F(v); }); });
}

}  // namespace

// clang-format off
TT_OP_TABLE(unary,
    {"neg(x) -> y", infer::unary_number, unary_number<[](auto x) { return -x; }>},
    {"abs(x) -> y", infer::unary, unary_number<abs_of>},
    {"sign(x) -> y", infer::unary, unary_number<sign_of>},
    {"square(x) -> y", infer::square, unary_number<[](auto x) { return x * x; }>},
    {"floor(x) -> y", infer::unary, whole<[](auto x) { return floor(x); }>},
    {"ceil(x) -> y", infer::unary, whole<[](auto x) { return ceil(x); }>},
    {"trunc(x) -> y", infer::unary, whole<[](auto x) { return trunc(x); }>},
    {"frac(x) -> y", infer::unary_only_float, unary_float<[](auto x) { return x - trunc(x); }>},
    {"round(x) -> y", infer::unary, whole<[](auto x) { return rint(x); }>},
    {"round_decimals(x; decimals: int) -> y", infer::unary_only_float, round_decimals},
    {"reciprocal(x) -> y", infer::unary_float, unary_float<[](auto x) { return 1 / x; }>},
    {"sqrt(x) -> y", infer::unary_float, unary_float<[](auto x) { return sqrt(x); }>},
    {"rsqrt(x) -> y", infer::unary_float, unary_float<[](auto x) { return 1 / sqrt(x); }, 2>},
    {"exp(x) -> y", infer::unary_float, unary_float<[](auto x) { return exp(x); }, 2>},
    {"exp2(x) -> y", infer::unary_float, unary_float<[](auto x) { return exp2(x); }, 2>},
    {"expm1(x) -> y", infer::unary_float, unary_float<Long{[](auto x) { return expm1(x); }}, 2>},
    {"log(x) -> y", infer::unary_float, unary_float<[](auto x) { return log(x); }, 2>},
    {"log2(x) -> y", infer::unary_float, unary_float<[](auto x) { return log2(x); }, 2>},
    {"log10(x) -> y", infer::unary_float, unary_float<[](auto x) { return log10(x); }, 2>},
    {"log1p(x) -> y", infer::unary_float, unary_float<[](auto x) { return log1p(x); }, 2>},
    {"erf(x) -> y", infer::unary_float, unary_float<Long{[](auto x) { return erf(x); }}, 3>},
    {"erfc(x) -> y", infer::unary_float, erfc_kernel},
    {"erfinv(x) -> y", infer::unary_float, unary_float<[](auto x) { return erfinv(x); }, 8>},
    {"lgamma(x) -> y", infer::unary_float, unary_float<[](auto x) { return lgamma(x); }, 12>},
    {"digamma(x) -> y", infer::unary_float, unary_float<[](auto x) { return digamma(x); }, 12>},
    {"trigamma(x) -> y", infer::unary_float, library<trigamma>},
    {"nan_to_num(x; nan: float, posinf: float, neginf: float) -> y", infer::unary_only_float, nan_to_num},
)
// clang-format on
}  // namespace tt
