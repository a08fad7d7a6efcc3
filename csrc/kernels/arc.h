// Inverse functions of the circle (see math.h for what is promised).
#pragma once
#include "trig.h"

namespace tt {
namespace {

template <class T>
constexpr T kPiHigh = 0x1.921fb6p+1f;
template <>
constexpr double kPiHigh<double> = 0x1.921fb54442d18p+1;
template <class T>
constexpr T kPiLow = -0x1.777a5cp-24f;
template <>
constexpr double kPiLow<double> = 0x1.1a62633145c07p-53;

// atan t = t + t^3 P(t^2): on |t| <= 1, to 2^-28; of doubles on |t| < 0.4143, to 2^-57.
constexpr float kAtanFloat[] = {-0.333332986f, 0.199985296f,   -0.142640457f, 0.10951212f,    -0.0840076432f,
                                0.0579140745f, -0.0311366171f, 0.0108934548f, -0.00178908149f};
constexpr double kAtanDouble[] = {-0.33333333333332926,  0.19999999999875265,   -0.14285714272403577,
                                  0.11111110401248986,   -0.090908870290828225, 0.076918745854486534,
                                  -0.066610569367651876, 0.058334657905268469,  -0.049764600928073263,
                                  0.036522106481961525,  -0.016276556853812563};

// atan(n / d) where 0 <= n <= d.
TT_INLINE Vec<float> octant(Vec<float> n, Vec<float> d) {
  const Vec<float> t = n / d, z = t * t;
  return fma(t * z, poly(z, kAtanFloat), t);
}
// From a point near the diagonal counted from there.
TT_INLINE Vec<double> octant(Vec<double> n, Vec<double> d) {
  using V = Vec<double>;
  const V shrink = d > 1e300 ? V{} + 0.25 : V{} + 1.0;  // n + d shall not overflow
  n *= shrink, d *= shrink;
  const auto diagonal = (n >= d * 0.41421356237309503) & (n > 0);
  const V t = (diagonal ? n - d : n) / (diagonal ? n + d : d), z = t * t, angle = fma(t * z, poly(z, kAtanDouble), t);
  return diagonal ? kPiHigh<double> / 4 + (angle + kPiLow<double> / 4) : angle;
}

// Largest error 1.4 ULP (double: 2.5).
template <class V>
TT_INLINE V atan(V x) {
  using T = Elem<V>;
  const V a = abs(x), one = V{} + T(1), angle = octant(at_most(a, one), at_least(a, one));
  return copysign(a > 1 ? kPiHigh<T> / 2 - (angle - kPiLow<T> / 2) : angle, x);
}
// The angle of the point (x, y), from the first octant turned to where the point is. Largest error 1.6 ULP
// (double: 2.5).
template <class V>
TT_INLINE V atan2(V y, V x) {
  using T = Elem<V>;
  const V ay = abs(y), ax = abs(x);
  const auto steep = ay > ax;
  V angle = octant(steep ? ax : ay, steep ? ay : ax);
  angle = ax == ay ? (ax > 0 ? V{} + kPiHigh<T> / 4 : V{}) : angle;  // of infinities, of zeros
  angle = steep ? kPiHigh<T> / 2 - (angle - kPiLow<T> / 2) : angle;
  angle = (BitsVec<V>)x < 0 ? kPiHigh<T> - (angle - kPiLow<T>) : angle;
  return copysign(angle, y);
}

// asin s = s + s^3 P(s^2) on s <= 1/2, to 2^-28 (2^-59).
template <class T>
constexpr T kAsin[] = {0.166667521f, 0.0749530941f, 0.0454691537f, 0.024184674f, 0.0421587527f};
template <>
constexpr double kAsin<double>[] = {
    0.16666666666666766,  0.07499999999969352,  0.044642857176021435, 0.03038194263881128, 0.022372216966724524,
    0.017351575861080704, 0.013981260740480504, 0.011395257603580976, 0.01080102242580246, 0.0036269075998251279,
    0.021903380852446894, -0.02127982165490756, 0.032806352493745305};

// asin s of s = min(|x|, sqrt((1 - |x|) / 2)), which is at most 1/2, as s and the rest.
template <class V>
struct HalfArc {
  BitsVec<V> far;  // |x| > 1/2
  V s, rest;
};
template <class V>
TT_INLINE HalfArc<V> half_arc(V a) {
  using T = Elem<V>;
  const auto far = a > T(0.5);
  const V z = far ? (T(1) - a) * T(0.5) : a * a, s = far ? sqrt(z) : a;
  return {far, s, s * z * poly(z, kAsin<T>)};
}
// Largest error 1.4 ULP (double: 1.3), also of acos.
template <class V>
TT_INLINE V asin(V x) {
  using T = Elem<V>;
  const HalfArc<V> h = half_arc(abs(x));
  const V left = kPiHigh<T> / 4 - 2 * h.s - (2 * h.rest - kPiLow<T> / 2);  // of pi/4, so that little is rounded
  return copysign(h.far ? kPiHigh<T> / 4 + left : h.s + h.rest, x);
}
template <class V>
TT_INLINE V acos(V x) {
  using T = Elem<V>;
  const HalfArc<V> h = half_arc(abs(x));
  const auto left = x < 0;
  const V angle = h.s + h.rest, far = left ? kPiHigh<T> - (2 * angle - kPiLow<T>) : 2 * angle;
  return h.far ? far : kPiHigh<T> / 2 - ((left ? -angle : angle) - kPiLow<T> / 2);
}

}  // namespace
}  // namespace tt
