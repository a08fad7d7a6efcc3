// sin, cos and tan of Vec<float> and Vec<double> (see math.h for what is promised).
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

// |x| = number pi/2 + r with |r| <= pi/4; wrong beyond the limit.
template <class V>
struct Remainder {
  BitsVec<V> number;
  V r;
};
template <class V>
TT_INLINE V quadrants(V a) {
  return fma(a, V{} + Elem<V>(0.63661977236758134308), V{} + kRound<Elem<V>>) - kRound<Elem<V>>;
}
template <class V>
TT_INLINE Remainder<V> remainder_of(V a) {
  using T = Elem<V>;
  const V n = quadrants(a), first = fma(n, V{} - kHalfPi<T>[0], a), second = fma(n, V{} - kHalfPi<T>[1], first);
  return {to_bits(n), fma(n, V{} - kHalfPi<T>[2], second)};
}
template <class V>
TT_INLINE V sine_of(V r) {
  const V z = r * r;
  return fma(r * z, poly(z, kSin<Elem<V>>), r);
}
template <class V>
TT_INLINE V cosine_of(V r) {
  using T = Elem<V>;
  const V z = r * r;
  return fma(z * z, poly(z, kCos<T>), fma(z, V{} - T(0.5), V{} + T(1)));
}

// sin(|x| + shift pi/2).
template <class V>
TT_INLINE V sin_near(V a, int shift) {
  constexpr int kTop = 8 * sizeof(Elem<V>) - 2;
  const Remainder<V> p = remainder_of(a);
  const BitsVec<V> number = p.number + Bits<Elem<V>>(shift);
  const V y = (number & 1) == 0 ? sine_of(p.r) : cosine_of(p.r);
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

// tan r = r + r^3 T(r^2) on |r| <= pi/4, to 2^-29.
constexpr float kTan[] = {0.333333492f,  0.133326754f,    0.0540589131f, 0.0212862082f,
                          0.0108274417f, 9.82533456e-05f, 0.00437268987f};

// The same, and what is left of |x| beside r.
template <class V>
struct LongRemainder {
  BitsVec<V> number;
  V r, rest;
};
template <class V>
TT_INLINE LongRemainder<V> long_remainder_of(V a) {
  using T = Elem<V>;
  const V n = quadrants(a), first = fma(n, V{} - kHalfPi<T>[0], a), product = n * kHalfPi<T>[1];
  const V second = first - product, tail = fma(n, V{} + kHalfPi<T>[2], fma(n, V{} + kHalfPi<T>[1], -product));
  const V third = first - second - product - tail, r = second + third;
  return {to_bits(n), r, second - r + third};
}

// tan |x| below the limit: tan r or -1 / tan r, with first-order terms of what rounding left.
TT_INLINE Vec<float> tan_near(Vec<float> a) {
  using V = Vec<float>;
  const auto [number, r, rest] = long_remainder_of(a);
  const V z = r * r, bend = fma(r * z, poly(z, kTan), fma(rest, z, rest)), t = r + bend;
  const V inverse = -1.0f / t, error = fma(inverse, bend - (t - r), fma(inverse, t, V{} + 1.0f));
  return (number & 1) == 0 ? t : fma(inverse, error, inverse);
}
TT_INLINE Vec<double> tan_near(Vec<double> a) {
  using V = Vec<double>;
  const auto [number, r, rest] = long_remainder_of(a);
  const auto odd = (number & 1) != 0;
  const V s = sine_of(r), c = cosine_of(r), t = (odd ? -c : s) / (odd ? s : c);
  return fma(rest, fma(t, t, V{} + 1.0), t);
}

// Largest error 1.3 ULP (double: 3.1).
template <class V>
TT_INLINE V tan(V x) {
  using T = Elem<V>;
  const V a = abs(x);
  V y = tan_near(a);
  if (any(!(a <= kTrigLimit<T>))) [[unlikely]]
    y = a <= kTrigLimit<T> ? y : in_double(a, [](double v) { return ::tan(v); });
  return (V)((BitsVec<V>)y ^ ((BitsVec<V>)x & kSign<T>));
}

}  // namespace
}  // namespace tt
