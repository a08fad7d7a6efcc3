// Reading and copying matrices across their rows: blocks of a few rows by 16 bytes, transposed in registers.
//
// A block is four (floats) or two (doubles) vectors. A 16-byte half of a vector holds one row's elements before, and
// one column of four or two rows after; a vector of two halves takes twice the rows.
#pragma once
#include "../simd.h"

namespace tt {
namespace {

typedef float Float4 __attribute__((vector_size(16)));
typedef double Double2 __attribute__((vector_size(16)));

#if defined(__AVX2__)
typedef float Float8 __attribute__((vector_size(32)));
typedef double Double4 __attribute__((vector_size(32)));

TT_INLINE Float4 low(Float4 a, Float4 b) { return (Float4)_mm_unpacklo_ps((__m128)a, (__m128)b); }
TT_INLINE Float4 high(Float4 a, Float4 b) { return (Float4)_mm_unpackhi_ps((__m128)a, (__m128)b); }
TT_INLINE Float8 low(Float8 a, Float8 b) { return (Float8)_mm256_unpacklo_ps((__m256)a, (__m256)b); }
TT_INLINE Float8 high(Float8 a, Float8 b) { return (Float8)_mm256_unpackhi_ps((__m256)a, (__m256)b); }
TT_INLINE Double2 low(Double2 a, Double2 b) { return (Double2)_mm_unpacklo_pd((__m128d)a, (__m128d)b); }
TT_INLINE Double2 high(Double2 a, Double2 b) { return (Double2)_mm_unpackhi_pd((__m128d)a, (__m128d)b); }
TT_INLINE Double4 low(Double4 a, Double4 b) { return (Double4)_mm256_unpacklo_pd((__m256d)a, (__m256d)b); }
TT_INLINE Double4 high(Double4 a, Double4 b) { return (Double4)_mm256_unpackhi_pd((__m256d)a, (__m256d)b); }
#else
typedef Float4 Float8;
typedef Double2 Double4;

TT_INLINE Float4 low(Float4 a, Float4 b) { return Float4{a[0], b[0], a[1], b[1]}; }
TT_INLINE Float4 high(Float4 a, Float4 b) { return Float4{a[2], b[2], a[3], b[3]}; }
TT_INLINE Double2 low(Double2 a, Double2 b) { return Double2{a[0], b[0]}; }
TT_INLINE Double2 high(Double2 a, Double2 b) { return Double2{a[1], b[1]}; }
#endif

// Vectors of one half and, where there are such registers, of two.
template <class T>
struct Halves {
  using One = Float4;
  using Two = Float8;
};
template <>
struct Halves<double> {
  using One = Double2;
  using Two = Double4;
};

template <class T>
constexpr int kHalf = 16 / sizeof(T);  // columns of a block
template <class T, class V>
constexpr int kRowsOf = sizeof(V) / sizeof(T);

TT_INLINE void load_halves(Float4& v, const float* first, const float*) { memcpy(&v, first, 16); }
TT_INLINE void load_halves(Double2& v, const double* first, const double*) { memcpy(&v, first, 16); }
#if defined(__AVX2__)
TT_INLINE void load_halves(Float8& v, const float* first, const float* second) {
  v = (Float8)_mm256_loadu2_m128(second, first);
}
TT_INLINE void load_halves(Double4& v, const double* first, const double* second) {
  v = (Double4)_mm256_loadu2_m128d(second, first);
}
#endif

template <class V>
TT_INLINE void transpose(V (&r)[4]) {
  const V a = low(r[0], r[2]), b = low(r[1], r[3]), c = high(r[0], r[2]), d = high(r[1], r[3]);
  r[0] = low(a, b);
  r[1] = high(a, b);
  r[2] = low(c, d);
  r[3] = high(c, d);
}
template <class V>
TT_INLINE void transpose(V (&r)[2]) {
  const V a = r[0];
  r[0] = low(a, r[1]);
  r[1] = high(a, r[1]);
}

// column[q][i] = from[i * step + q]
template <class T, class V>
TT_INLINE void load_across(const T* from, int64_t step, V (&column)[kHalf<T>]) {
#pragma GCC unroll 4
  for (int i = 0; i < kHalf<T>; ++i) load_halves(column[i], from + i * step, from + (i + kHalf<T>)*step);
  transpose(column);
}

// What is as wide as W.
template <class W>
using FloatOf = std::conditional_t<sizeof(W) == 4, float, double>;
template <class W>
constexpr int kBlockHeight = kRowsOf<FloatOf<W>, typename Halves<FloatOf<W>>::Two>;

// y[a][b] = x[b][a] for whole blocks of a tile, with steps in bytes; how many rows of y, which lack the last few b.
template <class W>
TT_INLINE int64_t transpose_tile(char* y, int64_t y_step, const char* x, int64_t x_step, int64_t height,
                                 int64_t width) {
  using T = FloatOf<W>;
  using V = typename Halves<T>::Two;
  constexpr int64_t w = sizeof(T), kColumns = kHalf<T>;
  int64_t a = 0;
  for (; a + kColumns <= height; a += kColumns)
    for (int64_t b = 0; b + kBlockHeight<W> <= width; b += kBlockHeight<W>) {
      V column[kColumns];
      load_across<T>(reinterpret_cast<const T*>(x + b * x_step + a * w), x_step / w, column);
#pragma GCC unroll 4
      for (int64_t q = 0; q < kColumns; ++q) memcpy(y + (a + q) * y_step + b * w, &column[q], sizeof(V));
    }
  return a;
}

#if defined(__AVX512F__)  // elsewhere the widest vector of a block is a Vec, and simd.h has its fma
TT_INLINE Float8 fma(Float8 a, Float8 b, Float8 c) { return (Float8)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
TT_INLINE Double4 fma(Double4 a, Double4 b, Double4 c) {
  return (Double4)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
#endif

}  // namespace
}  // namespace tt
