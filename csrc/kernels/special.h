// Special functions that the C library does not have, of one number in double precision, and of vectors: erfinv of
// floats in floats, the others through double.
#pragma once
#include <math.h>

#include "math.h"

namespace tt {
namespace {

constexpr double kPi = 3.14159265358979323846;

// Halley's method on erf(y) = x, which triples the digits of a guess good to 2; in terms of erfc near 1.
inline double erfinv(double x) {
  const double a = fabs(x);
  if (!(a < 1)) return a == 1 ? ::copysign(HUGE_VAL, x) : __builtin_nan("");
  double y = a * (0.886226925452758 + a * a * 0.232013666534655);
  if (a > 0.5) {
    const double half_log = ::log((1 - a) * (1 + a)) / 2, b = 4.330746750799873 + half_log;
    y = ::sqrt(::sqrt(b * b - half_log / 0.0735) - b);
  }
  for (int i = 0; i < 3; ++i) {
    const double error = a > 0.5 ? (1 - a) - ::erfc(y) : ::erf(y) - a;
    const double step = error * 0.886226925452758 * ::exp(y * y);
    y -= step / (1 + y * step);
  }
  return ::copysign(y, x);
}

// erfinv x = x + x P(w - 0.5) with w = -log(1 - x^2), where w < 5, to 2^-27; x Q(sqrt(w) - 3) beyond, to 2^-27.
constexpr float kErfinvNear[] = {0.00482267886f,   0.241762474f,    0.00791421253f,   -0.00247181719f,
                                 -8.83138546e-06f, 4.75830529e-05f, -1.45902152e-06f, -1.17738409e-06f,
                                 1.82313158e-07f,  -8.83832296e-09f};
constexpr float kErfinvFar[] = {2.83297682f,     1.00167525f,    0.00944537763f,   -0.00764113059f,  0.00568430405f,
                                -0.00358149945f, 0.00149426737f, -8.33382001e-05f, -0.000317964848f, 0.000131747642f};

// Largest error 1.7 ULP.
TT_INLINE Vec<float> erfinv(Vec<float> x) {
  using V = Vec<float>;
  constexpr float kNear = 0.9966f;
  const V a = abs(x), u = (1.0f - a) * (1.0f + a);
  const auto [k, f] = split_normal(u);
  const V t = fma(k, V{} - kLn2High<float>, V{} - 0.5f) - (f + fma(k, V{} + kLn2Low<float>, log1p_tail(f)));
  V y = fma(x, poly(t, kErfinvNear), x);
  if (any(!(a < kNear))) [[unlikely]] {
    const V far = x * poly(sqrt(-log(u)) - 3.0f, kErfinvFar);
    y = a < kNear ? y : a == 1 ? x * kInf<float> : far;
  }
  return copysign(y, x);
}
TT_INLINE Vec<double> erfinv(Vec<double> x) {
  return each_lane(x, [](double v) { return erfinv(v); });
}

// The logarithm of |Gamma(x)|.
inline double log_gamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

// The derivative of lgamma: moved up to x >= 10 by psi(x) = psi(x + 1) - 1 / x, asymptotic there.
inline double digamma(double x) {
  if (x == 0) return ::copysign(HUGE_VAL, -x);
  double y = 0;
  if (x < 0) {
    if (x == ::floor(x)) return __builtin_nan("");
    y = -kPi / ::tan(kPi * (x - ::trunc(x)));
    x = 1 - x;
  }
  for (; x < 10; x += 1) y -= 1 / x;
  const double z = 1 / (x * x);
  const double series =
      z * (1. / 12 - z * (1. / 120 - z * (1. / 252 - z * (1. / 240 - z * (1. / 132 - z * (691. / 32760 - z / 12))))));
  return y + ::log(x) - 0.5 / x - series;
}

// Both of vectors, for 0 < x < inf and, by the functions of one number, for the rest. What is below 10 is moved up by
// 10 at once: x (x + 9), (x + 1) (x + 8), ... differ by constants.
template <class V, class F>
TT_INLINE V positive_or(V x, V y, F&& f) {
  const auto positive = (x > 0) & (x < kInf<Elem<V>>);
  if (any(!positive)) [[unlikely]]
    return positive ? y : each_lane(x, [&](Elem<V> v) { return static_cast<Elem<V>>(f(static_cast<double>(v))); });
  return y;
}

// Stirling's series of lgamma, in 1 / z^2 and divided by 1 / z, and that of digamma.
constexpr double kStirling[] = {1. / 12, -1. / 360, 1. / 1260, -1. / 1680, 1. / 1188, -691. / 360360};
constexpr double kDigamma[] = {1. / 12, -1. / 120, 1. / 252, -1. / 240, 1. / 132, -691. / 32760, 1. / 12};

// Largest error 1 ULP for floats.
TT_INLINE Vec<double> lgamma_of_floats(Vec<double> x) {
  using V = Vec<double>;
  const auto low = x < 10;
  const V z = low ? x + 10 : x, inverse = 1 / z, u = x * (x + 9);
  V product = u;
  for (double moved : {8., 14., 18., 20.}) product *= u + moved;
  const V series = fma(inverse, poly(inverse * inverse, kStirling), V{} + 0.91893853320467274178);
  const V y = (z - 0.5) * log(z) - z + series - log(low ? product : V{} + 1.0);
  return (x == 1) | (x == 2) ? V{} : y;
}
TT_INLINE Vec<float> lgamma(Vec<float> x) {
  const Vec<float> y = through_double(x, [](Vec<double> v) { return lgamma_of_floats(v); });
  return positive_or(x, y, [](double v) { return log_gamma(v); });
}
TT_INLINE Vec<double> lgamma(Vec<double> x) {
  return each_lane(x, [](double v) { return log_gamma(v); });
}

TT_INLINE Vec<double> positive_digamma(Vec<double> x) {
  using V = Vec<double>;
  const auto low = x < 10;
  const V z = low ? x + 10 : x, inverse = 1 / z, square = inverse * inverse, u = x * (x + 9);
  V numerator = V{} + 1.0, denominator = u;
  for (double moved : {8., 14., 18., 20.}) {
    numerator = fma(numerator, u + moved, denominator);
    denominator *= u + moved;
  }
  const V sum = low ? (2 * x + 9) * numerator / denominator : V{};
  return log(z) - fma(square, poly(square, kDigamma), 0.5 * inverse) - sum;
}
TT_INLINE Vec<double> digamma(Vec<double> x) {
  return positive_or(x, positive_digamma(x), [](double v) { return digamma(v); });
}
TT_INLINE Vec<float> digamma(Vec<float> x) {
  const Vec<float> y = through_double(x, [](Vec<double> v) { return positive_digamma(v); });
  return positive_or(x, y, [](double v) { return digamma(v); });
}

// The derivative of digamma, in the same way.
inline double trigamma(double x) {
  double y = 0, sign = 1;
  if (x < 0.5) {
    const double s = ::sin(kPi * (x - ::floor(x)));
    y = kPi * kPi / (s * s);
    x = 1 - x;
    sign = -1;
  }
  double sum = 0;
  for (; x < 10; x += 1) sum += 1 / (x * x);
  const double z = 1 / (x * x);
  const double series =
      z * (1. / 6 - z * (1. / 30 - z * (1. / 42 - z * (1. / 30 - z * (5. / 66 - z * (691. / 2730 - z * 7. / 6))))));
  return y + sign * (sum + 1 / x + z / 2 + series / x);
}

// erfc x = exp(-x^2) P((a - 2) / (a + 2)) / (1 + 2 a) with a = |x|, to 2^-38: enough for floats.
constexpr double kErfc[] = {1.2769783815557796,      -0.092763826521438789,   -0.16603039820033605,
                            0.16405127604475983,     -0.054219984654209644,   -0.0080339398254015374,
                            0.0087224935620444574,   0.001270687313555481,    -0.0014561588521843261,
                            -0.00045136686543967606, 0.00020555167309239706,  0.00014369548486205561,
                            -3.2749050992059727e-06, -2.7361441477119576e-05, -7.4459933465373922e-06};
TT_INLINE Vec<double> erfc_for_floats(Vec<double> x) {
  const Vec<double> a = clip(abs(x), 0, 20), y = exp(-a * a) * poly((a - 2) / (a + 2), kErfc) / (1 + 2 * a);
  return x < 0 ? 2 - y : y;
}

}  // namespace
}  // namespace tt
