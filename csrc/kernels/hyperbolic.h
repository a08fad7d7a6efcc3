// Functions of the hyperbola and their inverses, but for tanh (see math.h, also for what is promised).
#pragma once
#include "math.h"

namespace tt {
namespace {

// sinh r = r + r^3 S(r^2) and cosh r = 1 + r^2/2 + r^4 C(r^2) on |r| <= ln(2) / 2, to 2^-34 (2^-62) and 2^-33 (2^-70).
template <class T>
constexpr T kSinh[] = {0.166666672f, 0.00833317544f, 0.000199740665f};
template <>
constexpr double kSinh<double>[] = {0.16666666666666677, 0.008333333333321376, 0.00019841269886868308,
                                    2.755724337527266e-06, 2.5109354931010332e-08};
template <class T>
constexpr T kCosh[] = {0.0416664593f, 0.00139354449f};
template <>
constexpr double kCosh<double>[] = {0.041666666666666685, 0.0013888888888873283, 2.480158734919702e-05,
                                    2.7557251830254794e-07, 2.092176452734704e-09};

// e^a and e^-a for a = n ln 2 + r >= 0.
template <class V>
struct HyperbolicParts {
  V up, down;         // 2^n / 4 and 2^-n / 4, as 2^n may overflow
  V r, sine, cosine;  // sinh r - r, cosh r - 1
};
template <class V>
TT_INLINE HyperbolicParts<V> split_hyperbolic(V a) {
  using T = Elem<V>;
  const auto [shifted, r] = split_exp(at_most(a, V{} + (sizeof(T) == 4 ? T(89.7) : T(710.8))));
  const V z = r * r, up = power_of_two(shifted - T(2));
  const V down = power_of_two(at_least(2 * kRound<T> - shifted, V{} + (kRound<T> - T(100))) - T(2));
  return {up, down, r, r * z * poly(z, kSinh<T>), fma(z * z, poly(z, kCosh<T>), z * T(0.5))};
}
// Largest error 1.6 ULP (double: 1.9), also of cosh.
template <class V>
TT_INLINE V sinh(V x) {
  const HyperbolicParts<V> p = split_hyperbolic(abs(x));
  const V sum = p.up + p.down, difference = p.up - p.down, large = fma(sum, p.r, difference);
  return copysign((large + fma(difference, p.cosine, sum * p.sine)) * 2, x);
}
template <class V>
TT_INLINE V cosh(V x) {
  const HyperbolicParts<V> p = split_hyperbolic(abs(x));
  const V sine = p.r + p.sine, small = fma(p.down, p.cosine - sine, p.down);
  return (p.up + fma(p.up, sine + p.cosine, small)) * 2;
}

// Largest error of the three 2.1 ULP; logarithms of twice x where its square would overflow.
TT_INLINE Vec<double> asinh(Vec<double> x) {
  const Vec<double> a = abs(x), square = a * a;
  const Vec<double> near = log1p(a + square / (1 + sqrt(square + 1)));
  return copysign(a > 1e9 ? log(a) + 0.6931471805599453 : near, x);
}
TT_INLINE Vec<double> acosh(Vec<double> x) {
  const Vec<double> t = x - 1;
  const Vec<double> near = t < 0 ? Vec<double>{} + kNaN<double> : log1p(t + sqrt(t * (t + 2)));
  return x > 1e9 ? log(x) + 0.6931471805599453 : near;
}
TT_INLINE Vec<double> atanh(Vec<double> x) {
  const Vec<double> a = abs(x);
  return copysign(0.5 * log1p(2 * a / (1 - a)), x);
}

// atanh s = s + s^3 P(s^2) on |s| < 0.2007, to 2^-28.
constexpr float kAtanh[] = {0.333334774f, 0.199785337f, 0.151882201f};

// (1 + x) / (1 - x) = 2^k (1 + s) / (1 - s), where k is the nearest that the difference of two number formats tells.
// Largest error 1.8 ULP.
TT_INLINE Vec<float> atanh(Vec<float> x) {
  using V = Vec<float>;
  if constexpr (!kFused) return through_double(x, [](Vec<double> v) { return atanh(v); });
  const V a = abs(x), one = V{} + 1.0f;
  const BitsVec<V> ratio = (BitsVec<V>)(one + a) - (BitsVec<V>)(one - a);
  const BitsVec<V> k = (ratio + (1 << 22)) >> 23;
  const V power = (V)((k << 23) + kOne<float>), up = power + 1.0f, down = 1.0f - power;
  const V s = fma(a, up, down) / fma(a, down, up), z = s * s, n = from_bits<V>(k);
  const V rest = fma(n, V{} + kLn2Low<float> / 2, s * z * poly(z, kAtanh));
  V y = fma(n, V{} + kLn2High<float> / 2, s + rest);
  constexpr float kMost = 0x1.fffff8p-1;  // beyond, 2^k + 1 needs more digits than there are
  if (any(!(a <= kMost))) [[unlikely]]
    y = a <= kMost ? y : 0.5f * log((one + a) / (one - a));
  return copysign(y, x);
}

// log(large + small), where that is at least 1 and (large + small) (large - small) = 1.
TT_INLINE Vec<float> log_of_sum(Vec<float> large, Vec<float> small) {
  using V = Vec<float>;
  const V sum = large + small, lost = small - (sum - large);
  const auto [k, f] = split_normal(sum);
  const V rest = fma(lost, large - small, fma(k, V{} + kLn2Low<float>, log1p_tail(f)));
  return fma(k, V{} + kLn2High<float>, f + rest);
}
// Where the square of x is too large, and for infinity and NaN.
constexpr float kSquareLimit = 0x1p60f;
TT_INLINE Vec<float> log_of_double(Vec<float> x) { return log(x) + 0.693147181f; }

// asinh x = x + x^3 P(x^2) on |x| < 0.55, to 2^-28; acosh(1 + t) = sqrt(2 t) (1 + t Q(t)) on t < 0.5, to 2^-29.
constexpr float kAsinh[] = {-0.166666135f, 0.0749741197f, -0.0442289822f, 0.0274118762f, -0.011980257f};
constexpr float kAcosh[] = {-0.0833332166f, 0.0187466014f, -0.00554786762f, 0.00176005019f, -0.000413205504f};

// Largest error 1.5 ULP, also of acosh.
TT_INLINE Vec<float> asinh(Vec<float> x) {
  using V = Vec<float>;
  const V a = abs(x), z = a * a, near = fma(a * z, poly(z, kAsinh), a);
  V y = a < 0.55f ? near : log_of_sum(sqrt(fma(a, a, V{} + 1.0f)), a);
  if (any(!(a < kSquareLimit))) [[unlikely]]
    y = a < kSquareLimit ? y : log_of_double(a);
  return copysign(y, x);
}
TT_INLINE Vec<float> acosh(Vec<float> x) {
  using V = Vec<float>;
  const V t = x - 1.0f;
  const auto far = t > 0.5f;
  const V root = sqrt(far ? fma(x, x, V{} - 1.0f) : t + t), near = fma(root * t, poly(t, kAcosh), root);
  V y = far ? log_of_sum(x, root) : near;
  if (any(!(x < kSquareLimit))) [[unlikely]]
    y = x < kSquareLimit ? y : log_of_double(x);
  return y;
}

}  // namespace
}  // namespace tt
