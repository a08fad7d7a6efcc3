// Box and Muller's transform on blocks of sixteen uniforms, in the bits of PyTorch's AVX2 code.
#pragma once
#include <math.h>

#include "../simd.h"

namespace tt {
namespace {

// One rounding on every instruction set; where there is no FMA the C library emulates it.
TT_INLINE float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
TT_INLINE double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }

// Eight floats on every instruction set. The elementary functions below are Cephes' polynomials in the exact order of
// operations PyTorch's AVX2 code executes, products fused into sums included: their bits are part of the contract.
typedef float Eight __attribute__((vector_size(32)));
typedef int32_t EightInts __attribute__((vector_size(32)));

TT_INLINE Eight fused(Eight a, Eight b, Eight c) {
#if defined(__FMA__)
  return (Eight)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
  Eight r;
  for (int i = 0; i < 8; ++i) r[i] = __builtin_fmaf(a[i], b[i], c[i]);
  return r;
#endif
}
TT_INLINE Eight fused(Eight a, Eight b, float c) { return fused(a, b, Eight{} + c); }
TT_INLINE Eight fused(Eight a, float b, Eight c) { return fused(a, Eight{} + b, c); }

TT_INLINE Eight square_root(Eight x) {
#if defined(__AVX__)
  return (Eight)_mm256_sqrt_ps((__m256)x);
#else
  Eight r;
  for (int i = 0; i < 8; ++i) r[i] = __builtin_sqrtf(x[i]);
  return r;
#endif
}

TT_INLINE Eight choose(EightInts mask, Eight yes, Eight no) {
  return (Eight)((mask & (EightInts)yes) | (~mask & (EightInts)no));
}

// Natural logarithm of x in [2^-24, 1].
TT_INLINE Eight log_of(Eight x) {
  const EightInts bits = (EightInts)x;
  Eight m = (Eight)((bits & 0x007fffff) | 0x3f000000);  // in [0.5, 1)
  Eight e = __builtin_convertvector((bits >> 23) - 126, Eight);
  const EightInts low = m < 0.707106781186547524f;
  e -= (Eight)(low & (EightInts)(Eight{} + 1.0f));
  m = m - 1.0f + (Eight)(low & (EightInts)m);
  const Eight z = m * m;
  Eight y = Eight{} + 7.0376836292e-2f;
  y = fused(y, m, -1.1514610310e-1f);
  y = fused(y, m, 1.1676998740e-1f);
  y = fused(y, m, -1.2420140846e-1f);
  y = fused(y, m, 1.4249322787e-1f);
  y = fused(y, m, -1.6668057665e-1f);
  y = fused(y, m, 2.0000714765e-1f);
  y = fused(y, m, -2.4999993993e-1f);
  y = fused(y, m, 3.3333331174e-1f);
  y = fused(y * m, z, e * -2.12194440e-4f);
  y = fused(z, -0.5f, y);
  return fused(e, 0.693359375f, m + y);
}

// Sine and cosine of x in [0, 2 pi].
TT_INLINE void sincos_of(Eight x, Eight* sine, Eight* cosine) {
  EightInts octant = __builtin_convertvector(x * 1.27323954473516f, EightInts);
  octant = (octant + 1) & ~1;
  const Eight k = __builtin_convertvector(octant, Eight);
  x = fused(k, -0.78515625f, x);
  x = fused(k, -2.4187564849853515625e-4f, x);
  x = fused(k, -3.77489497744594108e-8f, x);
  const Eight z = x * x;
  Eight c = Eight{} + 2.443315711809948e-5f;
  c = fused(c, z, -1.388731625493765e-3f);
  c = fused(c, z, 4.166664568298827e-2f);
  c = fused(c * z, z, z * -0.5f) + 1.0f;
  Eight s = Eight{} + -1.9515295891e-4f;
  s = fused(s, z, 8.3321608736e-3f);
  s = fused(s, z, -1.6666654611e-1f);
  s = fused(s * z, x, x);
  const EightInts straight = (octant & 2) == 0;
  *sine = (Eight)((EightInts)choose(straight, s, c) ^ ((octant & 4) << 29));
  *cosine = (Eight)((EightInts)choose(straight, c, s) ^ ((~(octant - 2) & 4) << 29));
}

// Sixteen uniforms become normals in place, by Box and Muller: eight radii, eight angles.
TT_INLINE void normal_block(float* p, float mean, float std) {
  Eight u, angle, sine, cosine;
  memcpy(&u, p, sizeof u);
  memcpy(&angle, p + 8, sizeof angle);
  const Eight radius = square_root(-2.0f * log_of(1.0f - u));
  sincos_of(static_cast<float>(2.0 * M_PI) * angle, &sine, &cosine);
  const Eight first = fused(radius * cosine, std, Eight{} + mean);
  const Eight second = fused(radius * sine, std, Eight{} + mean);
  memcpy(p, &first, sizeof first);
  memcpy(p + 8, &second, sizeof second);
}

TT_INLINE void normal_block(double* p, double mean, double std) {
  for (int i = 0; i < 8; ++i) {
    const double radius = sqrt(-2.0 * log(1.0 - p[i]));
    const double theta = 2.0 * M_PI * p[i + 8];
    p[i] = fused(radius * cos(theta), std, mean);
    p[i + 8] = fused(radius * sin(theta), std, mean);
  }
}

}  // namespace
}  // namespace tt
