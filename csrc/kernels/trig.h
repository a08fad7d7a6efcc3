// sin and cos of Vec<float> and Vec<double> (see math.h for what is promised).
#pragma once
#include <math.h>

#include "math.h"

namespace tt {
namespace {

// f of every lane in double precision, by the C library: for what is rare. Largest error 0.51 ULP for floats.
template <class V, class F>
TT_INLINE V in_double(V x, F&& f) {
  return each_lane(x, [&](Elem<V> v) { return static_cast<Elem<V>>(f(static_cast<double>(v))); });
}
template <class V, class F>
TT_INLINE V in_double(V x, V y, F&& f) {
  return each_lane(x, y, [&](Elem<V> v, Elem<V> w) {
    return static_cast<Elem<V>>(f(static_cast<double>(v), static_cast<double>(w)));
  });
}

// pi/2 in three parts, of which each continues the one before.
template <class T>
constexpr T kHalfPi[3] = {0x1.921fb6p+0f, -0x1.777a5cp-25f, -0x1.ee59dap-50f};
template <>
constexpr double kHalfPi<double>[3] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110};

// sin r = r + r^3 S(r^2) and cos r = 1 - r^2/2 + r^4 C(r^2) on |r| <= pi/4, to 2^-28 (2^-58) and 2^-33 (2^-64).
template <class T>
constexpr T kSin[] = {-0.166666552f, 0.00833219104f, -0.000195185727f};
template <>
constexpr double kSin<double>[] = {-0.16666666666666632,   0.00833333333332246,     -0.00019841269829818929,
                                   2.7557313689629871e-06, -2.5050757039410308e-08, 1.5896700392953147e-10};
template <class T>
constexpr T kCos[] = {0.0416666456f, -0.0013887313f, 2.4432944e-05f};
template <>
constexpr double kCos<double>[] = {0.041666666666666602,    -0.0013888888888874454, 2.4801587289648555e-05,
                                   -2.7557314391633395e-07, 2.0875727669736086e-09, -1.1359835237869949e-11};

// Up to here three parts of pi/2 are enough, where products are fused; beyond, and for infinities, the C library helps.
template <class T>
constexpr T kTrigLimit = !kFused          ? T(0)
                         : sizeof(T) == 4 ? T(100000)
                                          : T(1000000);

// Sine and cosine of what is left of a = |x| in its quadrant; wrong beyond the limit.
template <class V>
struct Quadrant {
  BitsVec<V> number;
  V sine, cosine;
  V lost;  // by rounding, of the angle whose sine and cosine these are
};
template <class V>
TT_INLINE Quadrant<V> quadrant_of(V a) {
  using T = Elem<V>;
  const V n = fma(a, V{} + T(0.63661977236758134308), V{} + kRound<T>) - kRound<T>;
  const V first = fma(n, V{} - kHalfPi<T>[0], a), second = fma(n, V{} - kHalfPi<T>[1], first);
  const V r = fma(n, V{} - kHalfPi<T>[2], second), z = r * r;
  const V lost = fma(n, V{} - kHalfPi<T>[1], first - second) + fma(n, V{} - kHalfPi<T>[2], second - r);
  const V s = fma(r * z, poly(z, kSin<T>), r), c = fma(z * z, poly(z, kCos<T>), fma(z, V{} - T(0.5), V{} + T(1)));
  return {to_bits(n), s, c, lost};
}

// sin(|x| + shift pi/2).
template <class V>
TT_INLINE V sin_near(V a, int shift) {
  constexpr int kTop = 8 * sizeof(Elem<V>) - 2;
  const Quadrant<V> q = quadrant_of(a);
  const BitsVec<V> number = q.number + Bits<Elem<V>>(shift);
  const V y = (number & 1) == 0 ? q.sine : q.cosine;
  return (V)((BitsVec<V>)y ^ ((number & 2) << kTop));
}

// Largest error 1.6 ULP.
template <class V>
TT_INLINE V sin(V x) {
  using T = Elem<V>;
  const V a = abs(x);
  V y = sin_near(a, 0);
  if (any(!(a <= kTrigLimit<T>))) [[unlikely]]
    y = a <= kTrigLimit<T> ? y : in_double(a, [](double v) { return ::sin(v); });
  return (V)((BitsVec<V>)y ^ ((BitsVec<V>)x & kSign<T>));
}

// Largest error 1.6 ULP.
template <class V>
TT_INLINE V cos(V x) {
  using T = Elem<V>;
  const V a = abs(x);
  const V y = sin_near(a, 1);
  if (any(!(a <= kTrigLimit<T>))) [[unlikely]]
    return a <= kTrigLimit<T> ? y : in_double(a, [](double v) { return ::cos(v); });
  return y;
}

// Largest error 3.1 ULP.
TT_INLINE Vec<double> tan(Vec<double> x) {
  const Vec<double> a = abs(x);
  const Quadrant<Vec<double>> q = quadrant_of(a);
  const auto odd = (q.number & 1) != 0;
  Vec<double> y = (odd ? -q.cosine : q.sine) / (odd ? q.sine : q.cosine);
  y = fma(q.lost, fma(y, y, Vec<double>{} + 1.0), y);
  if (any(!(a <= kTrigLimit<double>))) [[unlikely]]
    y = a <= kTrigLimit<double> ? y : in_double(a, [](double v) { return ::tan(v); });
  return (Vec<double>)((BitsVec<Vec<double>>)y ^ ((BitsVec<Vec<double>>)x & kSign<double>));
}

}  // namespace
}  // namespace tt
