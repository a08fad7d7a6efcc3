// The lines of a contiguous tensor along one dimension, for kernels that reduce each line and then write all of it:
// softmax and its kin.
//
// Lines are taken in blocks. There are three kinds, with the same two operations, so that a kernel is written once:
// reduce(r, f, values...) gives one value a line, and each(f, values...) visits all elements. Both call f(at,
// values...) with the place of a vector in the block and the values of its lines, which are lanes of vectors outside,
// and f gives a vector. What comes out of a line does not depend on what else is in its block.
#pragma once
#include "../parallel.h"
#include "tree.h"

namespace tt {
namespace {

// What is computed of a block and needed again before it is written: in cache, and in vectors of its own, so that no
// load waits for a store to memory that overlaps it.
template <class T, int Vectors>
struct Kept {
  Vec<T> v[Vectors];
};

// What is computed of a block and only reduced.
struct Dropped {};

// at(x) is what x has there, at.set(y, v) writes. Fewer than kLanes elements count unless the place is whole.
template <class T, bool Whole>
struct Place {
  int64_t offset;
  int64_t count = kLanes<T>;  // of elements
  int64_t room = count;       // of those that may be written: what belongs to later places will be overwritten
  int64_t slot = 0;           // in what is kept

  TT_INLINE Vec<T> operator()(const T* x) const {
    if constexpr (Whole) return load<T>(x + offset);
    if (2 * count == kLanes<T>) return load_half<T>(x + offset);
    return load_first<T>(x + offset, count);
  }
  TT_INLINE Vec<T> set(T* y, Vec<T> v) const {
    if (Whole || room == kLanes<T>)
      store<T>(y + offset, v);
    else if (2 * count == kLanes<T>)
      store_half<T>(y + offset, v);
    else
      store_first<T>(y + offset, v, count);
    return v;
  }
  template <int N>
  TT_INLINE Vec<T> operator()(const Kept<T, N>& kept) const {
    return kept.v[slot];
  }
  template <int N>
  TT_INLINE Vec<T> set(Kept<T, N>& kept, Vec<T> v) const {
    return kept.v[slot] = v;
  }
  TT_INLINE Vec<T> set(Dropped, Vec<T> v) const { return v; }
};

// Values of rows: lanes of a vector, and given to each of their elements.
template <class T>
struct PerRow {
  alignas(kVecBytes) T of[kLanes<T>];
  explicit PerRow(Vec<T> v) { store<T>(of, v); }
  TT_INLINE T operator[](int64_t row) const { return of[row]; }
};
template <class T, class F>
TT_INLINE Vec<T> per_row(int64_t rows, const F& f) {
  T value[kLanes<T>] = {};
  for (int64_t i = 0; i < rows; ++i) value[i] = f(i);
  return load<T>(value);
}

// For a tree whose row i is f(i).
template <class F>
struct Made {
  const F& f;
  template <int N>
  TT_INLINE auto load_row(int64_t i) const {
    return f(i);
  }
};

// Up to kLanes rows, one behind the other, of K vectors each: in registers. Their reductions across lanes, which would
// take longer than all else, are made together.
template <class T, int K>
class ShortRows {
 public:
  ShortRows(int64_t rows, int64_t n) : rows_(rows), n_(n), last_(n - (K - 1) * kLanes<T>) {}
  TT_INLINE int64_t lines() const { return rows_; }
  TT_INLINE Kept<T, K * kLanes<T>> keep(T*) const {
    Kept<T, K * kLanes<T>> unset;  // zeros would take as long as some rows
    return unset;
  }

  template <class R, class F, class... Values>
  TT_INLINE Vec<T> reduce(const R& r, const F& f, Values... values) const {
    Vec<T> folded[kLanes<T>];
    for (int64_t i = rows_; i < kLanes<T>; ++i) folded[i] = Vec<T>{};
    const auto fold = [&](int64_t i, Pack<T, K> row) {
      row.v[K - 1] = keep_first<T>(row.v[K - 1], last_, R::template identity<T>());
      folded[i] = fold_vectors(r, row);
    };
    each_row(fold, f, PerRow<T>(values)...);
    return fold_each<T>(r, folded);
  }
  template <class F, class... Values>
  TT_INLINE void each(const F& f, Values... values) const {
    each_row([](int64_t, const Pack<T, K>&) {}, f, PerRow<T>(values)...);
  }
  template <class F>
  TT_INLINE Vec<T> per_line(const F& f) const {
    return per_row<T>(rows_, f);
  }
  // What memory holds one after the other for each line.
  TT_INLINE Vec<T> load_lines(const T* x) const { return load_first<T>(x, rows_); }
  TT_INLINE void store_lines(T* y, Vec<T> v) const { store_first<T>(y, v, rows_); }

 private:
  template <class Then, class F, class... Values>
  TT_INLINE void each_row(const Then& then, const F& f, const Values&... values) const {
    const int64_t rows = rows_, n = n_, last = last_;  // not to be read anew after each write
    for (int64_t i = 0, at = 0; i < rows; ++i, at += n) {
      Pack<T, K> row;
#pragma GCC unroll 4
      for (int k = 0; k < K - 1; ++k)
        row.v[k] = f(Place<T, true>{at + k * kLanes<T>, kLanes<T>, kLanes<T>, i * K + k}, splat<T>(values[i])...);
      const bool room = rows * n - at >= K * kLanes<T>;
      const Place<T, false> end{at + (K - 1) * kLanes<T>, last, room ? kLanes<T> : last, i * K + K - 1};
      row.v[K - 1] = f(end, splat<T>(values[i])...);
      then(i, row);
    }
  }

  int64_t rows_, n_, last_;  // `last` elements of a row are in its last vector
};

// Up to kLanes rows of any length.
template <class T>
class LongRows {
 public:
  LongRows(int64_t rows, int64_t n) : rows_(rows), n_(n) {}
  TT_INLINE int64_t lines() const { return rows_; }
  TT_INLINE T* keep(T* y) const { return y; }

  template <class R, class F, class... Values>
  TT_INLINE Vec<T> reduce(const R& r, const F& f, Values... values) const {
    return reduce_rows(r, f, PerRow<T>(values)...);
  }
  template <class F, class... Values>
  TT_INLINE void each(const F& f, Values... values) const {
    each_row(f, PerRow<T>(values)...);
  }
  template <class F>
  TT_INLINE Vec<T> per_line(const F& f) const {
    return per_row<T>(rows_, f);
  }
  // What memory holds one after the other for each line.
  TT_INLINE Vec<T> load_lines(const T* x) const { return load_first<T>(x, rows_); }
  TT_INLINE void store_lines(T* y, Vec<T> v) const { store_first<T>(y, v, rows_); }

 private:
  static constexpr int N = kPackVecs<T>;

  template <class R, class F, class... Values>
  TT_INLINE Vec<T> reduce_rows(const R& r, const F& f, const Values&... values) const {
    Vec<T> folded[kLanes<T>];
    for (int64_t i = rows_; i < kLanes<T>; ++i) folded[i] = Vec<T>{};
    for (int64_t i = 0; i < rows_; ++i) folded[i] = fold_vectors(r, reduce_row(r, i * n_, f, splat<T>(values[i])...));
    return fold_each<T>(r, folded);
  }
  template <class R, class F, class... Values>
  TT_INLINE Pack<T, N> reduce_row(const R& r, int64_t begin, const F& f, Values... values) const {
    const int64_t rows = n_ / kPack<T>, whole = rows * kPack<T>;
    const auto row = [&](int64_t i) {
      Pack<T, N> p;
#pragma GCC unroll 16
      for (int k = 0; k < N; ++k) p.v[k] = f(Place<T, true>{begin + i * kPack<T> + k * kLanes<T>}, values...);
      return p;
    };
    if (whole == n_) return tree<N, R, T>(r, rows, Pack<T, N>{}, Made{row});
    Pack<T, N> rest;
    for (int k = 0; k < N; ++k) {
      const int64_t left = n_ - whole - k * kLanes<T>, count = left < kLanes<T> ? left : kLanes<T>;
      constexpr T none = R::template identity<T>();
      rest.v[k] = Vec<T>{} + none;
      if (count <= 0) continue;
      rest.v[k] = keep_first<T>(f(Place<T, false>{begin + whole + k * kLanes<T>, count}, values...), count, none);
    }
    if (rows == 0) return rest;
    Pack<T, N> all = tree<N, R, T>(r, rows, Pack<T, N>{}, Made{row});
    absorb<N>(r, all, rest);
    return all;
  }
  template <class F, class... Values>
  TT_INLINE void each_row(const F& f, const Values&... values) const {
    for (int64_t i = 0; i < rows_; ++i) {
      const int64_t end = (i + 1) * n_;
      int64_t at = i * n_;
      for (; at + kLanes<T> <= end; at += kLanes<T>) f(Place<T, true>{at}, splat<T>(values[i])...);
      if (at < end) f(Place<T, false>{at, end - at}, splat<T>(values[i])...);
    }
  }

  int64_t rows_, n_;
};

// Up to kLanes lines side by side: n elements each, `stride` apart.
template <class T>
class Columns {
 public:
  Columns(int64_t n, int64_t stride, int64_t width) : n_(n), stride_(stride), width_(width) {}
  TT_INLINE T* keep(T* y) const { return y; }

  template <class R, class F, class... Values>
  TT_INLINE Vec<T> reduce(const R& r, const F& f, Values... values) const {
    const auto row = [&](int64_t i) { return Pack<T, 1>{f(Place<T, false>{i * stride_, width_}, values...)}; };
    return tree<1, R, T>(r, n_, Pack<T, 1>{}, Made{row}).v[0];
  }
  template <class F, class... Values>
  TT_INLINE void each(const F& f, Values... values) const {
    for (int64_t i = 0; i < n_; ++i) f(Place<T, false>{i * stride_, width_}, values...);
  }

 private:
  int64_t n_, stride_, width_;
};

// A contiguous tensor around one dimension: n elements, `inner` apart.
struct Lines {
  int64_t outer = 1, n = 1, inner = 1;

  Lines(const View& x, int64_t dim) {
    const int64_t at = dim < 0 ? dim + x.ndim : dim;
    for (int d = 0; d < x.ndim; ++d) (d < at ? outer : d == at ? n : inner) *= x.sizes[d];
  }

  // Calls f(block, offset) on all blocks; `cost` of an element as in parallel_for.
  template <class T, class F>
  TT_INLINE void run(const Call& c, int64_t cost, const F& f) const {
    if (n == 0) return;
    if (inner == 1) return run_rows<T>(c, cost, [&](const auto& block, int64_t first) { f(block, first * n); });
    const int64_t tiles = (inner + kLanes<T> - 1) / kLanes<T>;
    parallel_for(c.threads, outer * tiles, cost * n * kLanes<T>, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t first = i % tiles * kLanes<T>, left = inner - first;
        f(Columns<T>(n, inner, left < kLanes<T> ? left : kLanes<T>), i / tiles * n * inner + first);
      }
    });
  }

  // f(block, first row), where the lines are rows.
  template <class T, class F>
  TT_INLINE void run_rows(const Call& c, int64_t cost, const F& f) const {
    parallel_for(c.threads, outer, cost * n, [&](int64_t begin, int64_t end) {
      if (n <= kLanes<T>) return run_blocks<ShortRows<T, 1>>(begin, end, kLanes<T>, f);
      if (n <= 2 * kLanes<T>) return run_blocks<ShortRows<T, 2>>(begin, end, kLanes<T>, f);
      if (n <= 3 * kLanes<T>) return run_blocks<ShortRows<T, 3>>(begin, end, kLanes<T>, f);
      if (n <= 4 * kLanes<T>) return run_blocks<ShortRows<T, 4>>(begin, end, kLanes<T>, f);
      const int64_t fit = kBlockBytes / sizeof(T) / n;
      run_blocks<LongRows<T>>(begin, end, fit < 1 ? 1 : fit < kLanes<T> ? fit : kLanes<T>, f);
    });
  }

 private:
  static constexpr int64_t kBlockBytes = 4096;  // in the first cache, with the other tensors

  template <class Block, class F>
  TT_INLINE void run_blocks(int64_t begin, int64_t end, int64_t size, const F& f) const {
    for (int64_t i = begin; i < end; i += size) f(Block(end - i < size ? end - i : size, n), i);
  }
};

}  // namespace
}  // namespace tt
