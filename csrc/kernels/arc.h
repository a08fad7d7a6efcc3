// Inverse functions of the circle and functions of the hyperbola, for Vec<double>; floats go through double (math.h).
#pragma once
#include "trig.h"

namespace tt {
namespace {

using Doubles = Vec<double>;

constexpr double kPiHigh = 0x1.921fb54442d18p+1, kPiLow = 0x1.1a62633145c07p-53;

// atan t = t + t^3 P(t^2) on |t| < 0.4143, to 2^-57; asin s = s + s^3 P(s^2) on s <= 1/2, to 2^-59.
constexpr double kAtan[] = {-0.33333333333332926,  0.19999999999875265,  -0.14285714272403577,  0.11111110401248986,
                            -0.090908870290828225, 0.076918745854486534, -0.066610569367651876, 0.058334657905268469,
                            -0.049764600928073263, 0.036522106481961525, -0.016276556853812563};
constexpr double kAsin[] = {0.16666666666666766,  0.07499999999969352,   0.044642857176021435, 0.03038194263881128,
                            0.022372216966724524, 0.017351575861080704,  0.013981260740480504, 0.011395257603580976,
                            0.01080102242580246,  0.0036269075998251279, 0.021903380852446894, -0.02127982165490756,
                            0.032806352493745305};

// The angle of the point (x, y): in the first octant as atan of the smaller by the larger, there counted from 0 or from
// pi/4; then turned to where the point is. Largest error 2.5 ULP.
TT_INLINE Doubles atan2(Doubles y, Doubles x) {
  const Doubles ay = abs(y), ax = abs(x), zero{};
  const auto steep = ay > ax;
  Doubles n = steep ? ax : ay, d = steep ? ay : ax;
  const Doubles shrink = d > 1e300 ? zero + 0.25 : zero + 1.0;  // n + d shall not overflow
  n *= shrink, d *= shrink;
  const auto diagonal = (n >= d * 0.41421356237309503) & (n > 0);
  Doubles t = (diagonal ? n - d : n) / (diagonal ? n + d : d);
  t = n == d ? zero : t;  // of infinities, of zeros
  const Doubles z = t * t, small = fma(t * z, poly(z, kAtan), t);
  Doubles angle = diagonal ? kPiHigh / 4 + (small + kPiLow / 4) : small;
  angle = steep ? kPiHigh / 2 - (angle - kPiLow / 2) : angle;
  angle = (BitsVec<Doubles>)x < 0 ? kPiHigh - (angle - kPiLow) : angle;
  return copysign(angle, y);
}
TT_INLINE Doubles atan(Doubles x) { return atan2(x, Doubles{} + 1.0); }

// asin of min(|x|, sqrt((1 - |x|) / 2)), which is at most 1/2; the root with what its rounding lost.
struct HalfArc {
  BitsVec<Doubles> far;  // |x| > 1/2
  Doubles angle;
};
TT_INLINE HalfArc half_arc(Doubles a) {
  const auto far = a > 0.5;
  const Doubles z = far ? (1 - a) * 0.5 : a * a, s = far ? sqrt(z) : a;
  const Doubles lost = far & (s > 0) ? fma(-s, s, z) / (s + s) : Doubles{};
  return {far, s + fma(s * z, poly(z, kAsin), lost)};
}
// Largest error 2 ULP, also of acos.
TT_INLINE Doubles asin(Doubles x) {
  const HalfArc h = half_arc(abs(x));
  return copysign(h.far ? kPiHigh / 2 - (2 * h.angle - kPiLow / 2) : h.angle, x);
}
TT_INLINE Doubles acos(Doubles x) {
  const HalfArc h = half_arc(abs(x));
  const auto left = x < 0;
  const Doubles far = left ? kPiHigh - (2 * h.angle - kPiLow) : 2 * h.angle;
  return h.far ? far : kPiHigh / 2 - ((left ? -h.angle : h.angle) - kPiLow / 2);
}

// e^a / 2, which overflows later than e^a.
TT_INLINE Doubles half_exp(Doubles a) {
  const auto [n, r] = split_exp(clip(a, 0, 712));
  return scale(small_expm1(r) + 1.0, n - 1.0);
}
// Largest error 2.5 ULP.
TT_INLINE Doubles sinh(Doubles x) {
  const Doubles a = abs(x), e = half_exp(a), t = expm1(a > 1 ? Doubles{} + 1.0 : a);
  return copysign(a < 1 ? (t + t / (t + 1)) * 0.5 : e - 0.25 / e, x);
}
// Largest error 2 ULP.
TT_INLINE Doubles cosh(Doubles x) {
  const Doubles e = half_exp(abs(x));
  return e + 0.25 / e;
}

// Largest error 2.5 ULP, also of those below; logarithms of twice x where its square would overflow.
TT_INLINE Doubles asinh(Doubles x) {
  const Doubles a = abs(x), square = a * a;
  const Doubles near = log1p(a + square / (1 + sqrt(square + 1)));
  return copysign(a > 1e9 ? log(a) + 0.6931471805599453 : near, x);
}
TT_INLINE Doubles acosh(Doubles x) {
  const Doubles t = x - 1;
  const Doubles near = t < 0 ? Doubles{} + kNaN<double> : log1p(t + sqrt(t * (t + 2)));
  return x > 1e9 ? log(x) + 0.6931471805599453 : near;
}
TT_INLINE Doubles atanh(Doubles x) {
  const Doubles a = abs(x);
  return copysign(0.5 * log1p(2 * a / (1 - a)), x);
}

}  // namespace
}  // namespace tt
