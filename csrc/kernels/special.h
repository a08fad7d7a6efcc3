// Special functions in double precision: erfc of vectors, good for floats, and of one number those that the C library
// does not have.
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
