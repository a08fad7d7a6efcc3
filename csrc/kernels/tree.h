// Reductions in a fixed order: the same bits for every register width and every number of threads.
//
// Elements are laid out in rows of 256 bytes: 64 floats, one accumulator each. Sixteen rows are added one after the
// other, the sixteens pairwise, and at the end the accumulators by halves. Rounding errors therefore grow with the
// logarithm of the length, and the whole is as fast as a plain loop over the widest registers.
#pragma once
#include <utility>

#include "../simd.h"

namespace tt {
namespace {

template <class T>
constexpr int kPack = 256 / static_cast<int>(sizeof(T));  // elements of a row
template <class T>
constexpr int kPackVecs = kPack<T> / kLanes<T>;
constexpr int kBlockRows = 16;
constexpr int kTreeLevels = 56;  // enough for 2^60 rows

// How many rounds of a loop over the vectors of a row are written out, so that these stay in registers; processors
// without AVX2 have no room for the sixteen that a row is there.
#if defined(__AVX2__) || defined(__aarch64__)
constexpr int kTakenApart = 16;
#else
constexpr int kTakenApart = 1;
#endif

// What is reduced, and how: the value an empty reduction has, what is done to each element (given the `context` of its
// output, if the reduction has one), and how two results become one. The same code serves numbers and vectors.
struct Sum {
  template <class T>
  static constexpr T identity() {
    return 0;
  }
  template <class V>
  TT_INLINE V map(V x, V) const {
    return x;
  }
  template <class V>
  TT_INLINE V combine(V a, V b) const {
    return a + b;
  }
};

// Vectors of the widest registers, for which there are instructions.
template <class V>
constexpr bool kIsFloats = std::is_same_v<V, Vec<float>> || std::is_same_v<V, Vec<double>>;

template <class T>
constexpr T lowest() {
  if constexpr (static_cast<T>(0.5) != 0) return -static_cast<T>(__builtin_inf());
  if constexpr (static_cast<T>(-1) > 0) return 0;
  return static_cast<T>(uint64_t{1} << (sizeof(T) * 8 - 1));
}

struct Max {
  template <class T>
  static constexpr T identity() {
    return lowest<T>();
  }
  template <class V>
  TT_INLINE V map(V x, V) const {
    return x;
  }
  template <class V>
  TT_INLINE V combine(V a, V b) const {
    if constexpr (kIsFloats<V>) return b != b ? b : at_least(a, b);  // a NaN stays
    return ((b > a) | (b != b)) ? b : a;
  }
};

template <class T, int N>
struct Pack {
  Vec<T> v[N];
};

template <int N, class R, class T>
TT_INLINE void absorb(const R& r, Pack<T, N>& a, const Pack<T, N>& b) {
#pragma GCC unroll kTakenApart
  for (int k = 0; k < N; ++k) a.v[k] = r.combine(a.v[k], b.v[k]);
}

// Collects packs pairwise, like the carries of a binary counter.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // level[l] is set where bit l of `pushed` is
template <int N, class R, class T>
struct Counter {
  Pack<T, N> level[kTreeLevels];
  int64_t pushed = 0;

  TT_INLINE void push(const R& r, Pack<T, N> p) {
    int l = 0;
    for (int64_t bits = pushed++; bits & 1; bits >>= 1, ++l) {
      absorb<N>(r, level[l], p);
      p = level[l];
    }
    level[l] = p;
  }
  TT_INLINE Pack<T, N> total(const R& r) {
    int l = 0;
    while (!(pushed >> l & 1)) ++l;
    Pack<T, N> sum = level[l];
    for (++l; pushed >> l; ++l) {
      if (!(pushed >> l & 1)) continue;
      absorb<N>(r, level[l], sum);
      sum = level[l];
    }
    return sum;
  }
};

// Rows of equal distance, or at given offsets, of which `width` columns are wanted.
template <class T>
struct Rows {
  const T* x;
  int64_t stride;
  const int64_t* offsets;
  int64_t width;

  // A whole row, or (N = 1) at most one vector of it.
  template <int N>
  TT_INLINE Pack<T, N> load_row(int64_t i) const {
    const T* p = offsets ? x + offsets[i] : x + i * stride;
    if constexpr (N == 1 && kPackVecs<T> > 1) return {load_first<T>(p, width)};
    Pack<T, N> row;
#pragma GCC unroll kTakenApart
    for (int k = 0; k < N; ++k) row.v[k] = load<T>(p + k * kLanes<T>);
    return row;
  }
};

// Contiguous elements.
template <class T>
struct Run {
  const T* x;

  template <int N>
  TT_INLINE Pack<T, N> load_row(int64_t i) const {
    Pack<T, N> row;
#pragma GCC unroll kTakenApart
    for (int k = 0; k < N; ++k) row.v[k] = load_stream<T>(x + i * kPack<T> + k * kLanes<T>);
    return row;
  }
};

// One or more rows, which the source is asked for in their order.
template <int N, class R, class T, class Source>
Pack<T, N> tree(const R& r, int64_t rows, const Pack<T, N>& context, const Source& source) {
  Counter<N, R, T> counter;
  for (int64_t first = 0;; first += kBlockRows) {
    const int64_t end = rows - first < kBlockRows ? rows : first + kBlockRows;
    Pack<T, N> sum = source.template load_row<N>(first);
#pragma GCC unroll kTakenApart
    for (int k = 0; k < N; ++k) sum.v[k] = r.map(sum.v[k], context.v[k]);
    for (int64_t i = first + 1; i < end; ++i) {
      const Pack<T, N> row = source.template load_row<N>(i);
#pragma GCC unroll kTakenApart
      for (int k = 0; k < N; ++k) sum.v[k] = r.combine(sum.v[k], r.map(row.v[k], context.v[k]));
    }
    if (rows <= kBlockRows) return sum;
    counter.push(r, sum);
    if (end == rows) return counter.total(r);
  }
}

#pragma GCC diagnostic pop

template <class T, int Bytes>
struct VecOfBytes {
  typedef T type __attribute__((vector_size(Bytes)));
};
template <class T, int Bytes>
using VecBytes = typename VecOfBytes<T, Bytes>::type;

// One half of a vector.
template <class T, int Bytes, int... I>
TT_INLINE VecBytes<T, Bytes / 2> half_of(VecBytes<T, Bytes> v, std::integer_sequence<int, I...>, bool upper) {
#if defined(__clang__) || __GNUC__ >= 12
  return upper ? __builtin_shufflevector(v, v, (I + static_cast<int>(sizeof...(I)))...)
               : __builtin_shufflevector(v, v, I...);
#else
  VecBytes<T, Bytes / 2> half;
  memcpy(&half, reinterpret_cast<const char*>(&v) + (upper ? Bytes / 2 : 0), sizeof half);
  return half;
#endif
}

// Half a vector of memory, the other half 0, and into memory. Faster than lanes that are counted, as a masked load
// waits for all that was stored where its lanes would reach.
template <class T, int... I>
TT_INLINE Vec<T> load_half(const T* p, std::integer_sequence<int, I...>) {
  VecBytes<T, kVecBytes / 2> low;
  memcpy(&low, p, sizeof low);
#if defined(__clang__) || __GNUC__ >= 12
  return __builtin_shufflevector(low, VecBytes<T, kVecBytes / 2>{}, I...);
#else
  Vec<T> v{};
  memcpy(&v, &low, sizeof low);
  return v;
#endif
}
template <class T>
TT_INLINE Vec<T> load_half(const T* p) {
  return load_half<T>(p, std::make_integer_sequence<int, kLanes<T>>{});
}
template <class T>
TT_INLINE void store_half(T* p, Vec<T> v) {
  const auto low = half_of<T, kVecBytes>(v, std::make_integer_sequence<int, kLanes<T> / 2>{}, false);
  memcpy(p, &low, sizeof low);
}

// The first n lanes of a vector, by halves; the others do not count.
template <class T, int Bytes, class R>
TT_INLINE T fold_lanes(const R& r, VecBytes<T, Bytes> v, int64_t n) {
  constexpr int kHalf = Bytes / 2 / static_cast<int>(sizeof(T));
  if constexpr (kHalf == 1) {
    return n > 1 ? r.combine(static_cast<T>(v[0]), static_cast<T>(v[1])) : v[0];
  } else {
    using Order = std::make_integer_sequence<int, kHalf>;
    VecBytes<T, Bytes / 2> low = half_of<T, Bytes>(v, Order{}, false);
    if (n > kHalf) low = r.combine(low, half_of<T, Bytes>(v, Order{}, true));
    return fold_lanes<T, Bytes / 2>(r, low, n < kHalf ? n : kHalf);
  }
}

// Of two vectors, cut into blocks of Half lanes: the even blocks of both, or the odd ones, the first vector's before
// the second's. Blocks shorter than 16 bytes are exchanged within 16 bytes, which processors do best.
template <class T, int Half>
constexpr int block_lane(int lane, int odd) {
  constexpr int kSpan = Half * sizeof(T) >= 16 ? kLanes<T> : 16 / static_cast<int>(sizeof(T)),
                kBlocks = kSpan / Half / 2;
  const int block = lane % kSpan / Half, from = block / kBlocks,
            at = (2 * (block % kBlocks) + odd) * Half + lane % Half;
  return from * kLanes<T> + lane / kSpan * kSpan + at;
}
template <class T, int Half, int... I>
TT_INLINE Vec<T> blocks_of(Vec<T> a, Vec<T> b, std::integer_sequence<int, I...>, bool odd) {
#if defined(__clang__) || __GNUC__ >= 12
  return odd ? __builtin_shufflevector(a, b, block_lane<T, Half>(I, 1)...)
             : __builtin_shufflevector(a, b, block_lane<T, Half>(I, 0)...);
#else
  using Lanes = BitsVec<Vec<T>>;
  return odd ? __builtin_shuffle(a, b, Lanes{block_lane<T, Half>(I, 1)...})
             : __builtin_shuffle(a, b, Lanes{block_lane<T, Half>(I, 0)...});
#endif
}

// Lane i of the result is fold_lanes of v[i], all of whose lanes count. Two of the folds share every step, then four,
// and so on: a fold of each vector costs two or three instructions. `Met` are the distances at which vectors have met.
template <class T, int Half = kLanes<T> / 2, int Met = 0, class R>
TT_INLINE Vec<T> fold_each(const R& r, Vec<T> (&v)[kLanes<T>]) {
  using Order = std::make_integer_sequence<int, kLanes<T>>;
  constexpr int kSpan = 16 / static_cast<int>(sizeof(T));
  constexpr int kApart = Half >= kSpan ? kLanes<T> / 2 / Half * kSpan : kSpan / 2 / Half;  // so that all ends in order
#pragma GCC unroll kTakenApart
  for (int i = 0; i < kLanes<T>; ++i) {
    if (i & (Met | kApart)) continue;
    const Vec<T> a = v[i], b = v[i + kApart];
    v[i] = r.combine(blocks_of<T, Half>(a, b, Order{}, false), blocks_of<T, Half>(a, b, Order{}, true));
  }
  if constexpr (Half == 1)
    return v[0];
  else
    return fold_each<T, Half / 2, Met | kApart>(r, v);
}

// The vectors of a row by halves; the first K are given, and the others do not count.
template <class R, class T, int K>
TT_INLINE Vec<T> fold_vectors(const R& r, Pack<T, K> p) {
#pragma GCC unroll kTakenApart
  for (int half = kPackVecs<T> / 2; half > 0; half /= 2)
#pragma GCC unroll kTakenApart
    for (int k = 0; k < half; ++k)
      if (k + half < K) p.v[k] = r.combine(p.v[k], p.v[k + half]);
  return p.v[0];
}

// The first n lanes of a row, by halves. The lanes from n on must hold the identity (or lie in no vector with others).
template <class R, class T>
TT_INLINE T fold(const R& r, Pack<T, kPackVecs<T>> p, int64_t n = kPack<T>) {
#pragma GCC unroll kTakenApart
  for (int half = kPackVecs<T> / 2; half > 0; half /= 2)
#pragma GCC unroll kTakenApart
    for (int k = 0; k < half; ++k)
      if (n > (k + half) * kLanes<T>) p.v[k] = r.combine(p.v[k], p.v[k + half]);
  return fold_lanes<T, kVecBytes>(r, p.v[0], n < kLanes<T> ? n : kLanes<T>);
}

// n < kPack elements, as a row whose other elements are the identity.
template <class R, class T>
TT_INLINE Pack<T, kPackVecs<T>> short_row(const R& r, const T* x, int64_t n, T context) {
  constexpr T none = R::template identity<T>();
  Pack<T, kPackVecs<T>> p;
  const Vec<T> c = Vec<T>{} + context;
#pragma GCC unroll kTakenApart
  for (int k = 0; k < kPackVecs<T>; ++k) {
    const int64_t left = n - k * kLanes<T>;
    if (left >= kLanes<T>) {
      p.v[k] = r.map(load<T>(x + k * kLanes<T>), c);
    } else if (sizeof(T) == 1 && 2 * left == kLanes<T>) {
      p.v[k] = keep_first<T>(r.map(load_half<T>(x + k * kLanes<T>), c), left, none);
    } else if (left > 0) {
      p.v[k] = keep_first<T>(r.map(load_first<T>(x + k * kLanes<T>, left), c), left, none);
    } else {
      p.v[k] = Vec<T>{} + none;
    }
  }
  return p;
}

// Contiguous elements.
template <class R, class T>
T reduce_run(const R& r, const T* x, int64_t n, T context = T{}) {
  constexpr int N = kPackVecs<T>;
  const int64_t rows = n / kPack<T>, tail = n % kPack<T>;
  if (rows == 0) return fold(r, short_row(r, x, n, context), n);
  Pack<T, N> c;
  for (auto& v : c.v) v = Vec<T>{} + context;
  Pack<T, N> p = tree<N, R, T>(r, rows, c, Run<T>{x});
  if (tail) absorb<N>(r, p, short_row(r, x + rows * kPack<T>, tail, context));
  return fold(r, p);
}

// At most kPack columns side by side; `context` and `result` have room for kPack.
template <class R, class T>
void reduce_columns(const R& r, int64_t rows, Rows<T> x, const T* context, T* result) {
  constexpr int N = kPackVecs<T>;
  if (x.width == kPack<T>) {
    Pack<T, N> c;
    memcpy(&c, context, sizeof c);
    const Pack<T, N> sum = tree<N, R, T>(r, rows, c, x);
    memcpy(result, &sum, sizeof sum);
    return;
  }
  for (int64_t left = x.width; left > 0; left -= kLanes<T>) {
    x.width = left < kLanes<T> ? left : kLanes<T>;
    const Pack<T, 1> sum = tree<1, R, T>(r, rows, Pack<T, 1>{load<T>(context)}, x);
    memcpy(result, &sum, sizeof sum);
    x.x += kLanes<T>, context += kLanes<T>, result += kLanes<T>;
  }
}

}  // namespace
}  // namespace tt
