// Elementary functions of Vec<float> and Vec<double>.
//
// Every function is the same polynomial on every instruction set, so that results agree bit for bit wherever there is
// FMA, and is lane by lane independent. NaN, infinities, signed zeros and subnormals are those of IEEE 754. Each states
// its largest error in units in the last place: over all floats (tried one by one), and over samples of the doubles;
// without FMA it may be 1.7 times that.
#pragma once
#include <limits>

#include "../simd.h"

namespace tt {
namespace {

// Constants of one function stand in a variable template, one specialisation a type; polynomials ascend.
template <class T>
constexpr T kInf = static_cast<T>(__builtin_inf());
template <class T>
constexpr T kNaN = static_cast<T>(__builtin_nan(""));

template <class V, class T, size_t N>
TT_INLINE V poly(V x, const T (&c)[N]) {
  V y = V{} + c[N - 1];
  for (int i = static_cast<int>(N) - 2; i >= 0; --i) y = fma(y, x, V{} + c[i]);
  return y;
}

// f of every lane. The compiler makes one instruction of it where there is one.
template <class V, class F>
TT_INLINE V each_lane(V x, F&& f) {
  for (size_t i = 0; i < sizeof(V) / sizeof(x[0]); ++i) x[i] = f(x[i]);
  return x;
}
template <class V, class F>
TT_INLINE V each_lane(V x, V y, F&& f) {
  for (size_t i = 0; i < sizeof(V) / sizeof(x[0]); ++i) x[i] = f(x[i], y[i]);
  return x;
}

// Correctly rounded, all of them; rint takes the even of two equally near.
TT_INLINE Vec<float> sqrt(Vec<float> x) {
  return each_lane(x, [](float v) { return __builtin_sqrtf(v); });
}
TT_INLINE Vec<double> sqrt(Vec<double> x) {
  return each_lane(x, [](double v) { return __builtin_sqrt(v); });
}
TT_INLINE Vec<float> floor(Vec<float> x) {
  return each_lane(x, [](float v) { return __builtin_floorf(v); });
}
TT_INLINE Vec<double> floor(Vec<double> x) {
  return each_lane(x, [](double v) { return __builtin_floor(v); });
}
TT_INLINE Vec<float> ceil(Vec<float> x) {
  return each_lane(x, [](float v) { return __builtin_ceilf(v); });
}
TT_INLINE Vec<double> ceil(Vec<double> x) {
  return each_lane(x, [](double v) { return __builtin_ceil(v); });
}
TT_INLINE Vec<float> trunc(Vec<float> x) {
  return each_lane(x, [](float v) { return __builtin_truncf(v); });
}
TT_INLINE Vec<double> trunc(Vec<double> x) {
  return each_lane(x, [](double v) { return __builtin_trunc(v); });
}
TT_INLINE Vec<float> rint(Vec<float> x) {
  return each_lane(x, [](float v) { return __builtin_rintf(v); });
}
TT_INLINE Vec<double> rint(Vec<double> x) {
  return each_lane(x, [](double v) { return __builtin_rint(v); });
}

// NaN if either is.
template <class V>
TT_INLINE V maximum(V x, V y) {
  return (x > y) | (x != x) ? x : y;
}
template <class V>
TT_INLINE V minimum(V x, V y) {
  return (x < y) | (x != x) ? x : y;
}

// The floats of a vector in two halves of doubles, and back: a function of doubles gives floats to 0.51 ULP.
struct Doubled {
  Vec<double> low, high;
};
TT_INLINE Doubled widen(Vec<float> x) {
  typedef float Half __attribute__((vector_size(kVecBytes / 2)));
  Half half[2];
  memcpy(half, &x, sizeof x);
  return {__builtin_convertvector(half[0], Vec<double>), __builtin_convertvector(half[1], Vec<double>)};
}
TT_INLINE Vec<float> narrow(Doubled x) {
  typedef float Half __attribute__((vector_size(kVecBytes / 2)));
  const Half half[2] = {__builtin_convertvector(x.low, Half), __builtin_convertvector(x.high, Half)};
  Vec<float> y;
  memcpy(&y, half, sizeof y);
  return y;
}
template <class F>
TT_INLINE Vec<float> through_double(Vec<float> x, F&& f) {
  const Doubled v = widen(x);
  return narrow({f(v.low), f(v.high)});
}
template <class F>
TT_INLINE Vec<float> through_double(Vec<float> x, Vec<float> y, F&& f) {
  const Doubled v = widen(x), w = widen(y);
  return narrow({f(v.low, w.low), f(v.high, w.high)});
}

// Layout of the number formats.
template <class T>
constexpr int kMantissa = 23;
template <>
constexpr int kMantissa<double> = 52;
template <class T>
constexpr Bits<T> kOne = 0x3f800000;
template <>
constexpr Bits<double> kOne<double> = 0x3ff0000000000000;
template <class T>
constexpr Bits<T> kSign = std::numeric_limits<Bits<T>>::min();

template <class V>
TT_INLINE V abs(V x) {
  return (V)((BitsVec<V>)x & ~kSign<Elem<V>>);
}
template <class V>
TT_INLINE V copysign(V x, V sign) {
  return (V)(((BitsVec<V>)x & ~kSign<Elem<V>>) | ((BitsVec<V>)sign & kSign<Elem<V>>));
}

// The nearest integer of |x| < 2^22 (2^51): adding 1.5 * 2^23 (2^52) leaves no room for a fraction.
template <class T>
constexpr T kRound = 12582912.0f;
template <>
constexpr double kRound<double> = 6755399441055744.0;

// Integers, as numbers of that range, and the other way.
template <class V>
TT_INLINE BitsVec<V> to_bits(V n) {
  return (BitsVec<V>)(n + kRound<Elem<V>>)-(BitsVec<V>)(V{} + kRound<Elem<V>>);
}
template <class V>
TT_INLINE V from_bits(BitsVec<V> n) {
  return (V)(n + (BitsVec<V>)(V{} + kRound<Elem<V>>)) - kRound<Elem<V>>;
}

// Of integers n to be exponents, functions are given what rounding had: n + kRound. The shift leaves nothing of kRound.
template <class V>
TT_INLINE BitsVec<V> exponent_of(V shifted) {
  return (BitsVec<V>)shifted << kMantissa<Elem<V>>;
}

// x * 2^n, rounded once.
#if defined(__AVX512F__)
constexpr bool kScales = true;  // one instruction does
template <class V>
TT_INLINE V scale(V x, V shifted) {
  const V n = shifted - kRound<Elem<V>>;
  if constexpr (sizeof(Elem<V>) == 4) return (V)_mm512_maskz_scalef_ps(0xffff, (__m512)x, (__m512)n);
  if constexpr (sizeof(Elem<V>) == 8) return (V)_mm512_maskz_scalef_pd(0xff, (__m512d)x, (__m512d)n);
}
#else
constexpr bool kScales = false;
template <class V>
TT_INLINE V scale(V x, V shifted) {
  // In two steps, of which the first is exact: |n| <= 2 * (largest exponent).
  using T = Elem<V>;
  const BitsVec<V> whole = (BitsVec<V>)shifted - (BitsVec<V>)(V{} + kRound<T>), half = whole >> 1;
  return x * (V)((half << kMantissa<T>)+kOne<T>)*(V)(((whole - half) << kMantissa<T>)+kOne<T>);
}
#endif
// For x in [1/4, 4) and n from 0 down to -220 (double: -1500): the first step goes as far up for all n.
template <class V>
TT_INLINE V scale_down(V x, V shifted) {
  if constexpr (kScales) return scale(x, shifted);
  constexpr auto kUp = sizeof(Elem<V>) == 4 ? Elem<V>(0x1p96) : Elem<V>(0x1p512);
  return x * (V)(exponent_of(shifted) + (BitsVec<V>)(V{} + kUp)) * (1 / kUp);
}
// Where x and the result are normal numbers.
template <class V>
TT_INLINE V scale_normal(V x, V shifted) {
  return (V)((BitsVec<V>)x + exponent_of(shifted));
}
// 2^n where that is a normal number.
template <class V>
TT_INLINE V power_of_two(V shifted) {
  return (V)(exponent_of(shifted) + kOne<Elem<V>>);
}

template <class T>
constexpr T kLog2e = static_cast<T>(1.4426950408889634074L);
// ln 2 in two parts; the first is short, so that n times it is exact even without FMA.
template <class T>
constexpr T kLn2High = 0x1.62e3p-1f;
template <>
constexpr double kLn2High<double> = 0x1.62e42feep-1;
template <class T>
constexpr T kLn2Low = 9.05800061445916e-06f;
template <>
constexpr double kLn2Low<double> = 1.90821492927058770002e-10;

template <class T>
constexpr T kLn4 = 1.38629436f;
template <>
constexpr double kLn4<double> = 2 * kLn2High<double>;

// e^r - 1 = r + r^2 P(r) on |r| <= ln(2) / 2, to 2^-31 (2^-61).
template <class T>
constexpr T kExpm1[] = {0.5f, 0.166666672f, 0.0416664779f, 0.00833319034f, 0.0013933701f, 0.000199601753f};
template <>
constexpr double kExpm1<double>[] = {
    0.5,
    0.16666666666666677,
    0.041666666666666685,
    0.0083333333333214417,
    0.0013888888888872917,
    0.00019841269886569838,
    2.4801587350531566e-05,
    2.7557243786066838e-06,
    2.7557250290832038e-07,
    2.5109178753615517e-08,
    2.0922333692442425e-09,
};

// x = n ln 2 + r with |r| <= ln(2) / 2, for |x| that does not overflow n; shifted = n + kRound.
template <class V>
struct ExpParts {
  V shifted, r;
};
template <class V>
TT_INLINE ExpParts<V> split_exp(V x) {
  using T = Elem<V>;
  const V shifted = fma(x, V{} + kLog2e<T>, V{} + kRound<T>), n = shifted - kRound<T>;
  return {shifted, fma(n, V{} - kLn2Low<T>, fma(n, V{} - kLn2High<T>, x))};
}
template <class V>
TT_INLINE V small_expm1(V r) {
  return fma(r * r, poly(r, kExpm1<Elem<V>>), r);
}

// Beyond these e^x is 0 and infinity.
template <class T>
constexpr T kExpLow = -104.0f;
template <>
constexpr double kExpLow<double> = -746.0;
template <class T>
constexpr T kExpHigh = 89.0f;
template <>
constexpr double kExpHigh<double> = 710.0;

template <class V>
TT_INLINE V clip(V x, Elem<V> low, Elem<V> high) {  // NaN stays
  return at_least(at_most(x, V{} + high), V{} + low);
}

// Nearly all vectors lie between -kExpNormal and kExpNormal, where e^x is a normal number; 2^x too, farther out.
template <class T>
constexpr T kExpNormal = 87.0f;
template <>
constexpr double kExpNormal<double> = 708.0;
template <class V>
TT_INLINE bool all_within(V x, Elem<V> limit) {
  return !any(!(abs(x) < limit));
}

// Largest error 1 ULP.
template <class V>
TT_INLINE V exp_of_negative(V x) {  // or 0
  const auto [shifted, r] = split_exp(at_least(x, V{} + kExpLow<Elem<V>>));
  return scale_down(small_expm1(r) + Elem<V>(1), shifted);
}
template <class V>
TT_INLINE V exp(V x) {
  using T = Elem<V>;
  const bool normal = !kScales && all_within(x, kExpNormal<T>);
  if (!normal) [[unlikely]]
    x = clip(x, kExpLow<T>, kExpHigh<T>);
  const auto [shifted, r] = split_exp(x);
  const V y = small_expm1(r) + T(1);
  if (normal) [[likely]]
    return scale_normal(y, shifted);
  return scale(y, shifted);
}

// Largest error 1.1 ULP.
template <class V>
TT_INLINE V exp2(V x) {
  using T = Elem<V>;
  const bool normal = !kScales && all_within(x, sizeof(T) == 4 ? T(125) : T(1021));
  if (!normal) [[unlikely]]
    x = clip(x, sizeof(T) == 4 ? T(-151) : T(-1076), sizeof(T) == 4 ? T(128) : T(1024));
  const V shifted = x + kRound<T>, n = shifted - kRound<T>;
  const V y = small_expm1((x - n) * T(0.6931471805599453)) + T(1);
  if (normal) [[likely]]
    return scale_normal(y, shifted);
  return scale(y, shifted);
}

// Largest error 1.4 ULP (double: 1.9).
template <class V>
TT_INLINE V expm1(V x) {
  using T = Elem<V>;
  const auto [shifted, r] = split_exp(clip(x, sizeof(T) == 4 ? T(-18) : T(-40), kExpHigh<T>));
  const V small = small_expm1(r), half = power_of_two(shifted - T(1));  // half: 2^n may overflow
  const V large = fma(half, small, half - T(0.5)) * T(2);
  return copysign(shifted == kRound<T> ? small : large, x);
}

// ln(1 + f) = f + q on sqrt(1/2) <= 1 + f <= sqrt(2); to 2^-27 (2^-59) of the sum.
constexpr float kLogFloat[] = {0.333333313f, -0.250008225f, 0.200012505f, -0.166233152f,
                               0.142012656f, -0.131601766f, 0.127648547f, -0.0763838217f};
constexpr double kLogDouble[] = {0.66666666666667352, 0.39999999999409858, 0.28571428743495602, 0.2222219845491444,
                                 0.1818357072950863,  0.15313879966152874, 0.14797724580578161};
TT_INLINE Vec<float> log1p_tail(Vec<float> f) { return f * f * fma(f, poly(f, kLogFloat), Vec<float>{} - 0.5f); }
// Through s = f / (2 + f), where the series has only every other term.
TT_INLINE Vec<double> log1p_tail(Vec<double> f) {
  const Vec<double> s = f / (f + 2.0), z = s * s, half = f * f * 0.5;
  return fma(s, fma(z, poly(z, kLogDouble), half), -half);
}

// x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for finite x > 0.
template <class T>
constexpr Bits<T> kSqrtHalf = 0x3f3504f3;
template <>
constexpr Bits<double> kSqrtHalf<double> = 0x3fe6a09e667f3bcd;

template <class V>
struct LogParts {
  V k, f;
};
template <class V>
TT_INLINE LogParts<V> split_normal(V x) {
  using T = Elem<V>;
  const BitsVec<V> exponent = ((BitsVec<V>)x - kSqrtHalf<T>) >> kMantissa<T>;
  return {from_bits<V>(exponent), (V)((BitsVec<V>)x - (exponent << kMantissa<T>)) - T(1)};
}
template <class V>
TT_INLINE V join_log(LogParts<V> p) {
  using T = Elem<V>;
  return fma(p.k, V{} + kLn2High<T>, p.f + fma(p.k, V{} + kLn2Low<T>, log1p_tail(p.f)));
}

// What a logarithm gives outside of (0, inf).
template <class V>
TT_INLINE V log_limits(V x, V y) {
  using T = Elem<V>;
  y = x > 0 ? y : V{} - kInf<T>;
  y = x < kInf<T> ? y : x;
  return x < 0 ? V{} + kNaN<T> : y;
}

// join(k, f) for any x. Vectors of normal numbers alone, as nearly all are, pass by the rest.
template <class V, class F>
TT_INLINE V any_log(V x, F&& join) {
  using T = Elem<V>;
  constexpr T kSmallest = std::numeric_limits<T>::min(), kMore = sizeof(T) == 4 ? T(0x1p32) : T(0x1p64);
  V normal = x, shift{};
  const bool special = any(!((x >= kSmallest) & (x < kInf<T>)));
  if (special) [[unlikely]] {
    normal = x < kSmallest ? x * kMore : x;
    shift = x < kSmallest ? V{} + T(8 * sizeof(T)) : shift;
  }
  const auto [k, f] = split_normal(normal);
  const V y = join(LogParts<V>{k - shift, f});
  if (special) [[unlikely]]
    return log_limits(x, y);
  return y;
}

// Largest error 1 ULP.
template <class V>
TT_INLINE V log(V x) {
  return any_log(x, [](LogParts<V> p) { return join_log(p); });
}

// 1 + x = 2^k (1 + f) with f rounded only once. Largest error 1.6 ULP.
template <class V>
TT_INLINE V log1p(V x) {
  using T = Elem<V>;
  const V u = x + T(1);
  const BitsVec<V> exponent = ((BitsVec<V>)u - kSqrtHalf<T>) >> kMantissa<T>, shift = exponent << kMantissa<T>;
  const BitsVec<V> inverse = kOne<T> - shift;  // of 2^k; 0 where that is subnormal
  const V f = (V)((BitsVec<V>)x - shift) + ((V)(inverse > 0 ? inverse : BitsVec<V>{}) - T(1));
  V y = join_log(LogParts<V>{from_bits<V>(exponent), exponent == 0 ? x : f});
  if (any(!((u > 0) & (u < kInf<T>)))) [[unlikely]]
    y = log_limits(u, y);
  return copysign(y, x);
}

// log_b(x) = k log_b(2) + (f + q) / ln(b), with the constants in two parts.
template <class T>
constexpr T kLog2eLow = 0x1.4ae0cp-26f;
template <>
constexpr double kLog2eLow<double> = 0x1.777d0ffda0d24p-56;
template <class T>
constexpr T kLog10e = static_cast<T>(0.43429448190325182765L);
template <class T>
constexpr T kLog10eLow = -0x1.5b235ep-27f;
template <>
constexpr double kLog10eLow<double> = 0x1.95355baaafad3p-57;
template <class T>
constexpr T kLog10Of2 = static_cast<T>(0.30102999566398119521L);
template <class T>
constexpr T kLog10Of2Low = -0x1.ec10cp-27f;
template <>
constexpr double kLog10Of2Low<double> = -0x1.9dc1da994fd21p-59;

// Largest error 1.1 ULP, also of log10.
template <class V>
TT_INLINE V log2(V x) {
  using T = Elem<V>;
  return any_log(x, [](LogParts<V> p) {
    const V rest = fma(p.f, V{} + kLog2eLow<T>, log1p_tail(p.f) * kLog2e<T>);
    return fma(p.f, V{} + kLog2e<T>, rest) + p.k;
  });
}
template <class V>
TT_INLINE V log10(V x) {
  using T = Elem<V>;
  return any_log(x, [](LogParts<V> p) {
    const V tail = fma(p.f, V{} + kLog10eLow<T>, log1p_tail(p.f) * kLog10e<T>);
    const V rest = fma(p.k, V{} + kLog10Of2Low<T>, tail);
    return fma(p.k, V{} + kLog10Of2<T>, fma(p.f, V{} + kLog10e<T>, rest));
  });
}

// tanh x = x + x^3 P(x^2) on |x| < ln 2, to 2^-30 (2^-57).
template <class T>
constexpr T kTanh[] = {-0.333333254f, 0.133330077f, -0.0539234914f, 0.0215825737f, -0.00790688582f, 0.00191352575f};
template <>
constexpr double kTanh<double>[] = {
    -0.3333333333333313,     0.13333333333304653,   -0.053968253953998326,  0.02186948817984583,
    -0.008863230294072941,   0.0035920788446734755, -0.0014555243662681655, 0.0005886824506048758,
    -0.00023507416962759842, 8.846418709412344e-05, -2.734707434257478e-05, 4.900804447853245e-06,
};

// |x| = n ln 4 + r with |r| <= ln 2, and t = tanh r. Where n = 0 that is all; elsewhere tanh |x| = 1 - (1 - t) / d with
// d = (p + 1 + (p - 1) t) / 2, p = exp(2 n ln 4) = 16^n; both are one formula. Largest error 1.9 ULP (double: 2.2).
template <class V>
TT_INLINE V tanh(V x) {
  using T = Elem<V>;
  const V a = at_most(abs(x), V{} + (sizeof(T) == 4 ? T(10) : T(20)));  // 1 from here on
  const V shifted = fma(a, V{} + kLog2e<T> / 2, V{} + kRound<T>), n = shifted - kRound<T>;
  V r = fma(n, V{} - kLn4<T>, a);
  if constexpr (sizeof(T) == 8) r = fma(n, V{} - 2 * kLn2Low<T>, r);  // in floats ln 4 has digits enough
  const V z = r * r, t = fma(r * z, poly(z, kTanh<T>), r), one = at_most(n, V{} + T(1));
  const V half = (V)(((BitsVec<V>)shifted << (kMantissa<T> + 2)) + (kOne<T> - (Bits<T>(1) << kMantissa<T>)));  // p / 2
  const V y = one + (t - one) / fma(half - T(0.5), t, half + T(0.5));
  return (V)((BitsVec<V>)y | ((BitsVec<V>)x & kSign<T>));
}

// e / (1 + e) below zero and 1 / (1 + e) above, with e = exp(-|x|), which neither overflows nor loses small values;
// both are c - c * e / (1 + e), which hides most of the error of the quotient. Largest error 1.7 ULP.
template <class V>
TT_INLINE V sigmoid(V x) {
  using T = Elem<V>;
  const V e = exp_of_negative(-abs(x)), c = x < 0 ? e : V{} + T(1);
  return fma(-c, e / (e + T(1)), c);
}

// erf a = 1 - exp(-(a + a P(a))) on 0 <= a < 4, to 2^-28.
constexpr float kErf[] = {0.128379166f,   0.636619568f,     0.102776304f,    -0.0191478245f,  -0.000169495077f,
                          0.00167565839f, -0.000637346646f, 0.000118854136f, -9.38683297e-06f};

// Largest error 1.7 ULP.
TT_INLINE Vec<float> erf(Vec<float> x) {
  using V = Vec<float>;
  const V a = at_most(abs(x), V{} + 3.93f);  // 1 from here on
  const auto [shifted, r] = split_exp(-fma(a, poly(a, kErf), a));
  const V power = power_of_two(shifted);
  return copysign(fma(-power, small_expm1(r), 1.0f - power), x);
}

// erf x = x + x P(x^2) on |x| < 0.92, to 2^-56; 1 - exp(-Q(|x|)) beyond, to 2^-58 of the whole.
constexpr double kErfNear[] = {
    0.12837916709551259,    -0.37612638903183898,    0.112837916709602,      -0.026866170645952276,
    0.0052239776328853122,  -0.00085483274403688704, 0.00012055348210924444, -1.4926022867828852e-05,
    1.6468241672630255e-06, -1.6432229965196018e-07, 1.5252652286074376e-08, -1.385517555477607e-09,
    1.0530252918606273e-10,
};
constexpr double kErfFar[] = {
    8.4146637615886086e-08,  1.1283782786480427,      0.63662408991351338,     0.10275986914538576,
    -0.019103251412265612,   -0.00024373334142568245, 0.0017279289841098217,   -0.000605374503418089,
    2.0153554424302223e-05,  8.3906025213011928e-05,  -5.0969417939788334e-05, 1.8583656368340608e-05,
    -4.8978237558928242e-06, 9.7330311211657812e-07,  -1.45827625695588e-07,   1.6054368191547089e-08,
    -1.2286458379981642e-09, 5.8451603682392163e-11,  -1.3020452619496833e-12,
};

// Largest error 1 ULP.
TT_INLINE Vec<double> erf(Vec<double> x) {
  using V = Vec<double>;
  const V a = abs(x), z = x * x;
  const auto [shifted, r] = split_exp(-poly(at_most(a, V{} + 6.0), kErfFar));  // 1 from here on
  const V power = power_of_two(shifted), far = fma(-power, small_expm1(r), 1.0 - power);
  return copysign(a < 0.92 ? fma(a, poly(z, kErfNear), a) : far, x);
}

// Phi(-a) = 2^-(1 + a P(a)), to 2^-28 of 1; also its digits there are fewer and fewer.
constexpr float kNormal[] = {1.15110433f,     0.459220648f,    0.052437868f,    -0.00693589263f,  -1.27843705e-05f,
                             0.000286265888f, -7.7775956e-05f, 1.09108169e-05f, -8.07703543e-07f, 2.44787444e-08f};

// Phi, the distribution function of the normal distribution.
TT_INLINE Vec<float> normal_cdf(Vec<float> x) {
  using V = Vec<float>;
  const V a = at_most(abs(x), V{} + 13.0f);  // 0 from here on
  const V exponent = -a * poly(a, kNormal), shifted = exponent + kRound<float>, n = shifted - kRound<float>;
  const V small = small_expm1((exponent - n) * 0.693147181f);
  const V left = scale_down(fma(small, V{} + 0.5f, V{} + 0.5f), shifted);
  return x > 0 ? 1.0f - left : left;
}
TT_INLINE Vec<double> normal_cdf(Vec<double> x) { return 0.5 * (1.0 + erf(x * 0.70710678118654752440)); }

}  // namespace
}  // namespace tt
