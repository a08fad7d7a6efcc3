// One product of two matrices of floats: register tiles, packing, and the loops around them.
//
// Every element of a result is one chain of fused multiply-adds in increasing k that starts from zero; blocks of k
// continue the chain where C holds it. Tiles, blocks, threads and vector widths therefore never change a bit, and a row
// of a product does not depend on the other rows.
#pragma once
#include "../simd.h"
#include "gemm_plan.h"
#include "gemm_thin.h"
#include "transpose.h"

namespace tt {
namespace {

// Tiles keep their sums in registers: 14 x 2 of AVX-512's and NEON's 32, 6 x 2 of the 16 that the others have, which
// leaves room for two vectors of B and one element of A. Tiles of few rows are wider, so that enough chains run at once
// to hide the latency of an FMA.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kTileRows = 14;
#else
constexpr int kTileRows = 6;
#endif
template <class T>
constexpr int64_t kLine = 64 / sizeof(T);  // a cache line
constexpr int kTileVectors = 8;            // of a tile of one row
TT_INLINE constexpr int tile_vectors(int rows) { return rows == 1 ? kTileVectors : rows <= 3 ? 4 : 2; }

TT_INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

template <class T>
struct Tile {
  int64_t k;
  const T* a;
  int64_t a_row, a_k;
  const T* b;
  int64_t b_k;
  T* c;
  int64_t c_row;
  int64_t tail;   // columns in the last vector
  bool resume;    // C holds the chains so far
  const T* bias;  // added to finished chains; or null
  int64_t bias_step;
  const T* next_c;  // of the tile that will be next, fetched meanwhile; or null
};

template <class T, int kRows, int kVectors, bool kPartial>
__attribute__((noinline)) void run_tile(const Tile<T>& t) {
  constexpr int kLast = kVectors - 1;
  const auto load_at = [&](const T* p, int v) {
    return kPartial && v == kLast ? load_first(p + v * kLanes<T>, t.tail) : load(p + v * kLanes<T>);
  };
  Vec<T> sum[kRows][kVectors];
  if (t.resume) {
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 16
      for (int v = 0; v < kVectors; ++v) sum[i][v] = load_at(t.c + i * t.c_row, v);
  } else {
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 16
      for (int v = 0; v < kVectors; ++v) sum[i][v] = Vec<T>{};
  }
  // A pointer for each four rows: their offsets fit the addressing modes, and all of them the registers.
  constexpr int kFours = (kRows + 3) / 4;
  const T* a[kFours];
#pragma GCC unroll 4
  for (int f = 0; f < kFours; ++f) a[f] = t.a + 4 * f * t.a_row;
  const T* b = t.b;
  const T* next = t.next_c;
  const int64_t row = t.a_row, apart = t.k > kRows ? t.k / kRows : 1;
  int64_t fetch_at = next ? 0 : -1;  // a row of the next C at a time, spread over all k
  for (int64_t k = 0; k < t.k; ++k) {
    if (k == fetch_at) {
#pragma GCC unroll 16
      for (int at = 0; at < kVectors * kLanes<T>; at += kLine<T>) __builtin_prefetch(next + at, 1);
      __builtin_prefetch(next + kVectors * kLanes<T> - 1, 1);
      next += t.c_row;
      fetch_at += apart;
    }
    if constexpr (kVectors > kRows) {  // the fewer of the two stay in registers, which the sums nearly fill
      Vec<T> av[kRows];
#pragma GCC unroll 16
      for (int i = 0; i < kRows; ++i) av[i] = a[i / 4][i % 4 * row] - Vec<T>{};
#pragma GCC unroll 16
      for (int v = 0; v < kVectors; ++v) {
        const Vec<T> bv = load_at(b, v);
#pragma GCC unroll 16
        for (int i = 0; i < kRows; ++i) sum[i][v] = fma(av[i], bv, sum[i][v]);
      }
    } else {
      Vec<T> bv[kVectors];
#pragma GCC unroll 16
      for (int v = 0; v < kVectors; ++v) bv[v] = load_at(b, v);
#pragma GCC unroll 16
      for (int i = 0; i < kRows; ++i) {
        const Vec<T> av = a[i / 4][i % 4 * row] - Vec<T>{};
#pragma GCC unroll 16
        for (int v = 0; v < kVectors; ++v) sum[i][v] = fma(av, bv[v], sum[i][v]);
      }
    }
#pragma GCC unroll 4
    for (int f = 0; f < kFours; ++f) a[f] += t.a_k;
    b += t.b_k;
  }
  if (t.bias) {
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; ++v) {
      const Vec<T> bias = t.bias_step ? load_at(t.bias, v) : *t.bias - Vec<T>{};
#pragma GCC unroll 16
      for (int i = 0; i < kRows; ++i) sum[i][v] += bias;
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 16
    for (int v = 0; v < kVectors; ++v) {
      T* c = t.c + i * t.c_row + v * kLanes<T>;
      if (kPartial && v == kLast)
        store_first(c, sum[i][v], t.tail);
      else
        store(c, sum[i][v]);
    }
}

// All tiles, by rows, vectors, and whether the last vector is partial.
template <class T>
struct Tiles {
  void (*run[kTileRows + 1][kTileVectors + 1][2])(const Tile<T>&) = {};

  template <int kRows, int kVectors>
  constexpr void add() {
    run[kRows][kVectors][0] = run_tile<T, kRows, kVectors, false>;
    run[kRows][kVectors][1] = run_tile<T, kRows, kVectors, true>;
    if constexpr (kVectors < tile_vectors(kRows))
      add<kRows, kVectors + 1>();
    else if constexpr (kRows < kTileRows)
      add<kRows + 1, 1>();
  }
  constexpr Tiles() { add<1, 1>(); }
};
template <class T>
constexpr Tiles<T> kTiles{};

// The two ways to fill panels; not inlined, so that their inner loops have the registers.
//
// Lanes that lie side by side are read along, a few k for all panels, which the processor foresees.
template <class T>
__attribute__((noinline)) void pack_along(const T* from, int64_t k_step, int64_t lanes, int64_t width, int64_t count,
                                          T* to) {
  constexpr int64_t kRun = 8;
  for (int64_t run = 0; run < count; run += kRun)
    for (int64_t left = 0; left < lanes; left += width) {
      const int64_t columns = least(lanes - left, width);
      const T* row = from + run * k_step + left;
      T* at = to + left * count + run * width;
      for (int64_t k = run; k < least(count, run + kRun); ++k, row += k_step, at += width) {
        int64_t i = 0;
        for (; i + kLanes<T> <= columns; i += kLanes<T>) store(at + i, load(row + i));
        if constexpr (kVecBytes == 64) {
          if (i < columns) store_first(at + i, load_first(row + i, columns - i), columns - i);
        } else {  // masked stores are slow on some processors
          for (; i + kHalf<T> <= columns; i += kHalf<T>) memcpy(at + i, row + i, 16);
          for (; i < columns; ++i) at[i] = row[i];
        }
      }
    }
}
template <class T, class V>
__attribute__((noinline)) void pack_across(const T* from, int64_t lane_step, int64_t lanes, int64_t width,
                                           int64_t count, T* to) {
  constexpr int64_t kRows = kRowsOf<T, V>;
  constexpr int64_t kRun = 64;  // of k for all lanes, while both sides are in the first cache
  for (int64_t run = 0; run < count; run += kRun)
    for (int64_t i = 0; i < lanes; i += kRows) {
      const int64_t lane = least(i, lanes - kRows);  // the last blocks overlap their neighbours
      for (int64_t j = run; j < least(count, run + kRun); j += kHalf<T>) {
        const int64_t k = least(j, count - kHalf<T>);
        V column[kHalf<T>];
        load_across(from + lane * lane_step + k, lane_step, column);
        T* const at = to + k * width + lane;
#pragma GCC unroll 4
        for (int q = 0; q < kHalf<T>; ++q) memcpy(at + q * width, &column[q], sizeof(V));
      }
    }
}

// to[k * width + i] = from[i * lane_step + k * k_step]: `lanes` rows of A, or columns of B, side by side.
template <class T>
void pack_panel(const T* from, int64_t lane_step, int64_t k_step, int64_t lanes, int64_t width, int64_t count, T* to) {
  using One = typename Halves<T>::One;
  using Two = typename Halves<T>::Two;
  if (k_step == 1 && count >= kHalf<T>) {
    if (lanes >= kRowsOf<T, Two>) return pack_across<T, Two>(from, lane_step, lanes, width, count, to);
    if (lanes >= kRowsOf<T, One>) return pack_across<T, One>(from, lane_step, lanes, width, count, to);
  }
  for (int64_t k = 0; k < count; ++k)
    for (int64_t i = 0; i < lanes; ++i) to[k * width + i] = from[i * lane_step + k * k_step];
}

// All panels of a block of A or B.
template <class T>
void pack_block(const T* from, int64_t lane_step, int64_t k_step, int64_t lanes, int64_t width, int64_t count, T* to) {
  if (lane_step == 1) return pack_along(from, k_step, lanes, width, count, to);
  for (int64_t i = 0; i < lanes; i += width)
    pack_panel(from + i * lane_step, lane_step, k_step, least(lanes - i, width), width, count, to + i * count);
}

// A block of A times a block of B, each in panels or where it lies; `first` is the tile in its top left corner.
template <class T>
struct Block {
  int64_t m, n;
  int64_t step_m, step_n;    // of a tile
  int64_t a_panel, b_panel;  // from one panel to the next
  Tile<T> first;
};

// The tiles of A stay in the second cache while the panels of B pass, each in the first cache for all of them.
template <class T>
void multiply_block(const Block<T>& x, bool fetch_c) {
  Tile<T> t = x.first;
  const int64_t down = x.step_m * t.c_row;
  for (int64_t left = 0; left < x.n; left += x.step_n) {
    const int64_t columns = least(x.n - left, x.step_n);
    const int64_t vectors = (columns + kLanes<T> - 1) / kLanes<T>;
    t.tail = columns - (vectors - 1) * kLanes<T>;
    t.a = x.first.a;
    t.c = x.first.c + left;
    for (int64_t row = 0; row < x.m; row += x.step_m) {
      if (fetch_c) t.next_c = row + x.step_m < x.m ? t.c + down : x.first.c + left + x.step_n;
      kTiles<T>.run[least(x.m - row, x.step_m)][vectors][t.tail != kLanes<T>](t);
      t.a += x.a_panel;
      t.c += down;
    }
    t.b += x.b_panel;
    if (t.bias) t.bias += x.step_n * t.bias_step;
  }
}

// How a product of these sizes is cut: the same for all of a batch.
struct Cut {
  int64_t step_m, step_n;             // of a tile
  int64_t block_m, block_n, block_k;  // at most
};

template <class T>
Cut cut_of(const Gemm& g, const GemmPlan& plan) {
  Cut x;
  // Rows in equal tiles: 32 rows are 11 + 11 + 10, not 14 + 14 + 4, whose last tile would leave the FMA units waiting.
  const int64_t tile_rows = least(plan.tile_rows, kTileRows), row_tiles = (g.m + tile_rows - 1) / tile_rows;
  x.step_m = (g.m + row_tiles - 1) / row_tiles;
  x.step_n = tile_vectors(static_cast<int>(x.step_m)) * kLanes<T>;
  x.block_m = plan.block_m / x.step_m * x.step_m;
  x.block_n = kBlockN / x.step_n * x.step_n;
  const int64_t k_blocks = g.k > plan.block_k ? (g.k + plan.block_k - 1) / plan.block_k : 1;
  x.block_k = (g.k + k_blocks - 1) / k_blocks;  // equal blocks too
  return x;
}

template <class T>
void gemm(const Gemm& g, const Cut& cut, const T* a, const T* b, T* c, Bias<T> bias, const GemmPlan& plan, T* scratch) {
  if (is_thin(g)) return thin_gemm(g, a, b, c, bias);

  T* const packed_b = scratch;
  T* const packed_a = scratch + plan.b_elements;
  Block<T> x{};
  x.step_m = cut.step_m;
  x.step_n = cut.step_n;
  x.first.a_row = plan.pack_a ? 1 : g.a_row;
  x.first.a_k = plan.pack_a ? x.step_m : g.a_k;
  x.first.b_k = plan.pack_b ? x.step_n : g.b_k;
  x.first.c_row = g.c_row;
  x.first.bias_step = bias.col;

  for (int64_t n0 = 0; n0 < g.n; n0 += cut.block_n) {
    x.n = least(g.n - n0, cut.block_n);
    int64_t k0 = 0, k;
    do {
      k = least(g.k - k0, cut.block_k);
      x.first.k = k;
      x.first.resume = k0 > 0;
      x.first.bias = k0 + k == g.k && bias.data ? bias.data + n0 * bias.col : nullptr;
      x.first.b = b + k0 * g.b_k + n0 * g.b_col;
      x.b_panel = plan.pack_b ? x.step_n * k : x.step_n;
      if (plan.pack_b) {
        pack_block(x.first.b, g.b_col, g.b_k, x.n, x.step_n, k, packed_b);
        x.first.b = packed_b;
      }
      for (int64_t m0 = 0; m0 < g.m; m0 += cut.block_m) {
        x.m = least(g.m - m0, cut.block_m);
        x.first.a = a + m0 * g.a_row + k0 * g.a_k;
        x.a_panel = plan.pack_a ? x.step_m * k : x.step_m * g.a_row;
        if (plan.pack_a) {
          pack_block(x.first.a, g.a_row, g.a_k, x.m, x.step_m, k, packed_a);
          x.first.a = packed_a;
        }
        x.first.c = c + m0 * g.c_row + n0;
        multiply_block(x, plan.fetch_c);
      }
      k0 += k;
    } while (k0 < g.k);
  }
}

// One of several parts of a product, cut across the longer side; each packs what it needs for itself, so that no thread
// waits for another or fetches what another has just written.
template <class T>
void gemm_part(Gemm g, const T* a, const T* b, T* c, Bias<T> bias, const GemmPlan& plan, T* scratch, int64_t part,
               int64_t parts) {
  const bool by_rows = g.m > g.n;
  int64_t& size = by_rows ? g.m : g.n;
  const int64_t begin = size * part / parts / kPartStep * kPartStep;
  const int64_t end = part + 1 == parts ? size : size * (part + 1) / parts / kPartStep * kPartStep;
  size = end - begin;
  if (size == 0) return;
  a += by_rows ? begin * g.a_row : 0;
  b += by_rows ? 0 : begin * g.b_col;
  c += begin * (by_rows ? g.c_row : g.c_col);
  if (bias.data) bias.data += begin * (by_rows ? bias.row : bias.col);
  gemm(g, cut_of<T>(g, plan), a, b, c, bias, plan, scratch);
}

}  // namespace
}  // namespace tt
