// Vectors of the widest registers of the instruction set this file is compiled for, by GCC/Clang vector extensions:
// one source for AVX-512, AVX2, SSE2 and NEON. Arithmetic and comparison are the operators of C; comparison gives a
// vector of integers of the same width, all ones where true.
//
// Results do not depend on the register width: no reduction across lanes is done here, the compiler may not contract
// a * b + c on its own (-ffp-contract=off), and fma() is one rounding wherever the hardware has it.
#pragma once
#include <string.h>

#include <type_traits>
#include <utility>

#include "kernel.h"
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace tt {
namespace {

#if defined(__AVX512F__)
constexpr int kVecBytes = 64;
#elif defined(__AVX2__)
constexpr int kVecBytes = 32;
#else
constexpr int kVecBytes = 16;
#endif

template <class T>
struct VecOf {
  typedef T type __attribute__((vector_size(kVecBytes)));
};
template <class T>
using Vec = typename VecOf<T>::type;
template <class T>
constexpr int kLanes = kVecBytes / static_cast<int>(sizeof(T));

// The integer of the same width: what comparisons of Vec<T> give, and what bit tricks use.
template <class T>
struct BitsOf;
template <>
struct BitsOf<float> {
  using type = int32_t;
};
template <>
struct BitsOf<double> {
  using type = int64_t;
};
template <class T>
using Bits = typename BitsOf<T>::type;

// The same two, asked of a vector.
template <class V>
using Elem = std::remove_cvref_t<decltype(std::declval<V&>()[0])>;
template <class V>
using BitsVec = decltype(V{} < V{});

template <class T>
TT_INLINE Vec<T> load(const T* p) {
  Vec<T> v;
  memcpy(&v, p, sizeof v);
  return v;
}
// The same, for long runs that are read once: memory is faster in halves (by a tenth on Zen 4), the caches as fast.
template <class T>
TT_INLINE Vec<T> load_stream(const T* p) {
#if defined(__AVX512F__)
  const auto* bytes = reinterpret_cast<const double*>(p);
  return (Vec<T>)_mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_loadu_pd(bytes)), _mm256_loadu_pd(bytes + 4), 1);
#else
  return load(p);
#endif
}
template <class T>
TT_INLINE void store(T* p, Vec<T> v) {
  memcpy(p, &v, sizeof v);
}
template <class T>
TT_INLINE Vec<T> splat(T x) {
  return x - Vec<T>{};  // x + 0 would lose the sign of -0
}

#if defined(__AVX2__) && !defined(__AVX512F__)
TT_INLINE __m256i first_lanes32(int64_t n) {
  return (__m256i)((Vec<int32_t>){0, 1, 2, 3, 4, 5, 6, 7} < static_cast<int32_t>(n));
}
TT_INLINE __m256i first_lanes64(int64_t n) { return (__m256i)((Vec<int64_t>){0, 1, 2, 3} < n); }

// The first bytes of v, a multiple of 4: a masked store takes some processors as long as forty instructions.
inline __attribute__((noinline)) void store_pieces(void* p, __m256i v, int64_t bytes) {
  char* to = static_cast<char*>(p);
  __m128i rest = _mm256_castsi256_si128(v);
  if (bytes & 16) {
    memcpy(to, &rest, 16);
    rest = _mm256_extracti128_si256(v, 1);
    to += 16;
  }
  if (bytes & 8) {
    memcpy(to, &rest, 8);
    rest = _mm_unpackhi_epi64(rest, rest);
    to += 8;
  }
  if (bytes & 4) memcpy(to, &rest, 4);
}
#endif

// The first n lanes (0 < n <= kLanes); the others read as zero and are not written.
template <class T>
TT_INLINE Vec<T> load_first(const T* p, int64_t n) {
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == 4) {
    return (Vec<T>)_mm512_maskz_loadu_epi32(static_cast<__mmask16>((1u << n) - 1), p);
  } else if constexpr (sizeof(T) == 8) {
    return (Vec<T>)_mm512_maskz_loadu_epi64(static_cast<__mmask8>((1u << n) - 1), p);
  }
#elif defined(__AVX2__)
  if (__builtin_constant_p(n) && n == kLanes<T>) return load(p);
  if constexpr (sizeof(T) == 4) {
    return (Vec<T>)_mm256_maskload_epi32(reinterpret_cast<const int*>(p), first_lanes32(n));
  } else if constexpr (sizeof(T) == 8) {
    return (Vec<T>)_mm256_maskload_epi64(reinterpret_cast<const long long*>(p), first_lanes64(n));
  }
#endif
  Vec<T> v{};
  memcpy(&v, p, static_cast<size_t>(n) * sizeof(T));
  return v;
}
template <class T>
TT_INLINE void store_first(T* p, Vec<T> v, int64_t n) {
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == 4) {
    _mm512_mask_storeu_epi32(p, static_cast<__mmask16>((1u << n) - 1), (__m512i)v);
    return;
  } else if constexpr (sizeof(T) == 8) {
    _mm512_mask_storeu_epi64(p, static_cast<__mmask8>((1u << n) - 1), (__m512i)v);
    return;
  }
#elif defined(__AVX2__)
  if (n == kLanes<T>) return store(p, v);
  if constexpr (sizeof(T) >= 4) return store_pieces(p, (__m256i)v, n * static_cast<int64_t>(sizeof(T)));
#endif
  memcpy(p, &v, static_cast<size_t>(n) * sizeof(T));
}

// The first n lanes of v, the others replaced by `rest`.
template <class T>
TT_INLINE Vec<T> keep_first(Vec<T> v, int64_t n, T rest) {
  const Vec<T> other = Vec<T>{} + rest;
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == 4)
    return (Vec<T>)_mm512_mask_blend_epi32(static_cast<__mmask16>((1u << n) - 1), (__m512i)other, (__m512i)v);
  if constexpr (sizeof(T) == 8)
    return (Vec<T>)_mm512_mask_blend_epi64(static_cast<__mmask8>((1u << n) - 1), (__m512i)other, (__m512i)v);
#elif defined(__AVX2__)
  if constexpr (sizeof(T) == 4) return (Vec<T>)_mm256_blendv_epi8((__m256i)other, (__m256i)v, first_lanes32(n));
  if constexpr (sizeof(T) == 8) return (Vec<T>)_mm256_blendv_epi8((__m256i)other, (__m256i)v, first_lanes64(n));
#endif
  decltype(v < v) lane, count;
  for (int i = 0; i < kLanes<T>; ++i) lane[i] = i, count[i] = n;
  return lane < count ? v : other;
}

// Writes whole vectors to aligned memory past the caches, where the processor can; stream_fence() after the last.
TT_INLINE void stream(char* to, const char* from, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += kVecBytes) {
    Vec<int64_t> v;
    memcpy(&v, from + i, sizeof v);
#if defined(__AVX512F__)
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to + i), (__m512i)v);
#elif defined(__AVX2__)
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to + i), (__m256i)v);
#else
    memcpy(to + i, &v, sizeof v);
#endif
  }
}
TT_INLINE void stream_fence() {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

#if defined(__FMA__) || defined(__aarch64__)
constexpr bool kFused = true;
#else
constexpr bool kFused = false;
#endif

// a * b + c in one rounding where the instruction set has FMA (every set but the plain x86-64 baseline).
TT_INLINE Vec<float> fma(Vec<float> a, Vec<float> b, Vec<float> c) {
#if defined(__AVX512F__)
  return (Vec<float>)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__FMA__)
  return (Vec<float>)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__aarch64__)
  return (Vec<float>)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
  return a * b + c;
#endif
}
TT_INLINE Vec<double> fma(Vec<double> a, Vec<double> b, Vec<double> c) {
#if defined(__AVX512F__)
  return (Vec<double>)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__FMA__)
  return (Vec<double>)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#elif defined(__aarch64__)
  return (Vec<double>)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#else
  return a * b + c;
#endif
}

// The smaller and the larger of x and a limit that is a number; a NaN in x stays. One instruction each, of which the
// compiler makes two where the limit is a constant.
template <class V>
TT_INLINE V at_most(V x, V limit) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Elem<V>) == 4) return (V)_mm512_maskz_min_ps(0xffff, (__m512)limit, (__m512)x);
  if constexpr (sizeof(Elem<V>) == 8) return (V)_mm512_maskz_min_pd(0xff, (__m512d)limit, (__m512d)x);
#elif defined(__AVX2__)
  if constexpr (sizeof(Elem<V>) == 4) return (V)_mm256_min_ps((__m256)limit, (__m256)x);
  if constexpr (sizeof(Elem<V>) == 8) return (V)_mm256_min_pd((__m256d)limit, (__m256d)x);
#endif
  return limit < x ? limit : x;
}
template <class V>
TT_INLINE V at_least(V x, V limit) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Elem<V>) == 4) return (V)_mm512_maskz_max_ps(0xffff, (__m512)limit, (__m512)x);
  if constexpr (sizeof(Elem<V>) == 8) return (V)_mm512_maskz_max_pd(0xff, (__m512d)limit, (__m512d)x);
#elif defined(__AVX2__)
  if constexpr (sizeof(Elem<V>) == 4) return (V)_mm256_max_ps((__m256)limit, (__m256)x);
  if constexpr (sizeof(Elem<V>) == 8) return (V)_mm256_max_pd((__m256d)limit, (__m256d)x);
#endif
  return limit > x ? limit : x;
}

// As many bytes as V has lanes, as integers of its lanes' width. The compiler would take them apart one by one.
template <class V, class Bytes>
TT_INLINE BitsVec<V> widen(Bytes bytes) {
  static_assert(sizeof(Bytes) * sizeof(Elem<V>) == sizeof(V));
#if defined(__AVX512F__)
  if constexpr (sizeof(Elem<V>) == 4)
    return (BitsVec<V>)_mm512_maskz_cvtepu8_epi32(0xffff, (__m128i)bytes);
  else if constexpr (sizeof(Elem<V>) == 8)
    return (BitsVec<V>)_mm512_maskz_cvtepu8_epi64(0xff, _mm_cvtsi64_si128((int64_t)bytes));
  else
#elif defined(__AVX2__)
  if constexpr (sizeof(Elem<V>) == 4) {
    return (BitsVec<V>)_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)bytes));
  } else if constexpr (sizeof(Elem<V>) == 8) {
    int32_t four;
    memcpy(&four, &bytes, sizeof four);
    return (BitsVec<V>)_mm256_cvtepu8_epi64(_mm_cvtsi32_si128(four));
  } else
#endif
    return __builtin_convertvector(bytes, BitsVec<V>);
}

// A comparison's result in bytes, which the compiler would narrow step by step.
template <class M>
TT_INLINE auto narrow_mask(M mask) {
  typedef uint8_t Bytes __attribute__((vector_size(sizeof(M) / sizeof(Elem<M>))));
#if defined(__AVX2__) && !defined(__AVX512F__)
  if constexpr (sizeof(Elem<M>) > 1) {
    __m128i low = _mm256_castsi256_si128((__m256i)mask), high = _mm256_extracti128_si256((__m256i)mask, 1);
    if constexpr (sizeof(Elem<M>) >= 4) low = _mm_packs_epi32(low, high), high = low;
    if constexpr (sizeof(Elem<M>) == 8) low = _mm_packs_epi32(low, low), high = low;
    low = _mm_packs_epi16(low, high);
    Bytes bytes;
    memcpy(&bytes, &low, sizeof bytes);
    return bytes;
  } else
#endif
    return __builtin_convertvector(mask, Bytes);
}

// Whether some lane of a comparison's result is true.
template <class M>
TT_INLINE bool any(M mask) {
#if defined(__AVX512F__)
  if constexpr (sizeof(Elem<M>) == 4) return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0;
  if constexpr (sizeof(Elem<M>) == 8) return _mm512_test_epi64_mask((__m512i)mask, (__m512i)mask) != 0;
#elif defined(__AVX2__)
  return _mm256_movemask_epi8((__m256i)mask) != 0;
#endif
  int64_t words[sizeof(M) / 8], all = 0;
  memcpy(words, &mask, sizeof mask);
  for (int64_t w : words) all |= w;
  return all != 0;
}

}  // namespace
}  // namespace tt
