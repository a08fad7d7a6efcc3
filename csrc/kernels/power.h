// pow of vectors, with all the special cases of IEEE 754.
#pragma once
#include "trig.h"

namespace tt {
namespace {

// Of doubles that were floats: they are normal, powers that leave the range of floats need not be exact, and
// exp(y log x) has digits to spare.
TT_INLINE Vec<double> pow_of_floats(Vec<double> x, Vec<double> y) {
  const Vec<double> a = abs(x), infinity = Vec<double>{} + kInf<double>;
  const Vec<double> finite = join_log(split_normal(a));
  const Vec<double> log_a = a == 0 ? -infinity : a < infinity ? finite : a;
  const auto [shifted, r] = split_exp(clip(y * log_a, -200, 200));
  Vec<double> z = (small_expm1(r) + 1.0) * power_of_two(shifted);

  const Vec<double> half = y * 0.5;
  const auto whole = floor(y) == y, odd = whole & (floor(half) != half);
  z = (x < 0) & (a < infinity) & ~whole ? Vec<double>{} + kNaN<double> : z;
  z = ((BitsVec<Vec<double>>)x < 0) & odd ? -z : z;
  const auto one = (y == 0) | (x == 1.0) | ((a == 1.0) & (abs(y) == infinity));
  return one ? Vec<double>{} + 1.0 : z;
}

// Largest error 0.51 ULP.
TT_INLINE Vec<float> pow(Vec<float> x, Vec<float> y) {
  return through_double(x, y, [](Vec<double> v, Vec<double> w) { return pow_of_floats(v, w); });
}
// By the C library.
TT_INLINE Vec<double> pow(Vec<double> x, Vec<double> y) {
  return each_lane(x, y, [](double v, double w) { return ::pow(v, w); });
}

// Of integers, modulo their range; a negative power of anything but 1 and -1 is cut to 0.
template <class T>
TT_INLINE T integer_pow(T x, T n) {
  if constexpr (std::is_signed_v<T>)
    if (n < 0) return x == 1 ? 1 : x == -1 ? (n % 2 ? -1 : 1) : 0;
  uint64_t y = 1, base = static_cast<uint64_t>(x);
  for (; n > 0; n = static_cast<T>(n >> 1), base *= base)
    if (n & 1) y *= base;
  return static_cast<T>(y);
}

}  // namespace
}  // namespace tt
