// The inner loops of convolution: sums that stay in registers.
//
// What they read of the input is given by offsets, some along the tile and some along the sum, so that windows of any
// kind are read where they lie. Every sum is one chain of fused multiply-adds in the order of its steps.
#pragma once
#include "conv_plan.h"
#include "gemm.h"

namespace tt {
namespace {

// ---- outputs in lanes: sums[row][lane] = sum over k of x[steps[k] + rows[row]] * w[k][lane] ----

template <class T>
constexpr int kPanelLanes = 2 * kLanes<T>;

template <class T>
struct BroadcastTile {
  const T* x;
  const int64_t *rows, *steps;
  int64_t n;  // steps
  const T *w, *bias;
  T* sums;   // kPanelLanes from row to row
  bool add;  // to what they hold
};

// `kAdjoining` rows lie side by side: a tile of one vector has no time to look their places up.
template <class T, int kRows, int kVectors, bool kAdjoining>
__attribute__((noinline)) void broadcast_tile(const BroadcastTile<T>& t) {
  constexpr int kStep = kPanelLanes<T>, kWidth = kLanes<T>;
  Vec<T> sum[kRows][kVectors];
  const T* row[kRows];
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
    row[i] = t.x + t.rows[i];
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) sum[i][v] = Vec<T>{};
  }
  const T* w = t.w;
  for (int64_t k = 0; k < t.n; ++k, w += kStep) {
    const int64_t step = t.steps[k];
    Vec<T> wv[kVectors];
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) wv[v] = load(w + v * kWidth);
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i) {
      const Vec<T> xv = splat(kAdjoining ? row[0][step + i] : row[i][step]);
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) sum[i][v] = fma(xv, wv[v], sum[i][v]);
    }
  }
#pragma GCC unroll 2
  for (int v = 0; v < kVectors; ++v) {
    const Vec<T> bias = t.bias ? load(t.bias + v * kWidth) : Vec<T>{};
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i) {
      if (t.bias) sum[i][v] += bias;
      if (t.add) sum[i][v] += load(t.sums + i * kStep + v * kWidth);
      store(t.sums + i * kStep + v * kWidth, sum[i][v]);
    }
  }
}

template <class T>
struct BroadcastTiles {
  void (*run[kTileRows + 1][3])(const BroadcastTile<T>&) = {};
  template <int kRows>
  constexpr void add() {
    run[kRows][0] = broadcast_tile<T, kRows, 1, true>;
    run[kRows][1] = broadcast_tile<T, kRows, 1, false>;
    run[kRows][2] = broadcast_tile<T, kRows, 2, false>;
    if constexpr (kRows < kTileRows) add<kRows + 1>();
  }
  constexpr BroadcastTiles() { add<1>(); }
};
template <class T>
constexpr BroadcastTiles<T> kBroadcastTiles{};

template <class T>
TT_INLINE void run_tile(int64_t rows, int64_t lanes, bool adjoining, const BroadcastTile<T>& t) {
  kBroadcastTiles<T>.run[rows][lanes > kLanes<T> ? 2 : adjoining ? 0 : 1](t);
}

// Rows in equal tiles, so that none is too small to keep the multiply-add units busy.
TT_INLINE int64_t tile_step(int64_t rows) {
  const int64_t tiles = (rows + kTileRows - 1) / kTileRows;
  return tiles ? (rows + tiles - 1) / tiles : 1;
}

// ---- windows in lanes: y[output][window] = sum over k of w[k][output] * x[steps[k] + from[window]] ----

// Up to kLanes windows side by side: where they begin in the input and in the result.
struct Pieces {
  const int64_t *from, *to, *lanes;
};

template <class T>
struct VectorTile {
  const T* x;
  const int64_t* steps;
  int64_t n;
  const T *w, *bias;
  Pieces pieces;
  int64_t count;    // of pieces
  int64_t outputs;  // of which there may be weights for some more
  T* y;
  int64_t y_output, y_window;  // from one to the next
};

template <class T>
TT_INLINE void put_piece(T* to, int64_t step, int64_t lanes, Vec<T> v) {
  if (step == 1 && lanes == kLanes<T>) return store(to, v);
  if (step == 1) return store_first(to, v, lanes);
  for (int64_t i = 0; i < lanes; ++i) to[i * step] = v[i];
}

template <class T, int kOutputs, int kPieces>
__attribute__((noinline)) void vector_tile(const VectorTile<T>& t) {
  Vec<T> sum[kOutputs][kPieces] = {};
  int64_t from[kPieces];
#pragma GCC unroll 8
  for (int p = 0; p < kPieces; ++p) from[p] = t.pieces.from[p < t.count ? p : 0];
  const T* w = t.w;
  for (int64_t k = 0; k < t.n; ++k, w += kOutputs) {
    const T* const x = t.x + t.steps[k];
    if constexpr (kPieces > kOutputs) {  // the fewer of the two stay in registers, which the sums nearly fill
      Vec<T> wv[kOutputs];
#pragma GCC unroll 8
      for (int o = 0; o < kOutputs; ++o) wv[o] = splat(w[o]);
#pragma GCC unroll 8
      for (int p = 0; p < kPieces; ++p) {
        const Vec<T> xv = load(x + from[p]);
#pragma GCC unroll 8
        for (int o = 0; o < kOutputs; ++o) sum[o][p] = fma(wv[o], xv, sum[o][p]);
      }
    } else {
      Vec<T> xv[kPieces];
#pragma GCC unroll 8
      for (int p = 0; p < kPieces; ++p) xv[p] = load(x + from[p]);
#pragma GCC unroll 8
      for (int o = 0; o < kOutputs; ++o) {
        const Vec<T> wv = splat(w[o]);
#pragma GCC unroll 8
        for (int p = 0; p < kPieces; ++p) sum[o][p] = fma(wv, xv[p], sum[o][p]);
      }
    }
  }
  if (t.bias) {
#pragma GCC unroll 8
    for (int o = 0; o < kOutputs; ++o) {
      const Vec<T> bias = splat(t.bias[o]);
#pragma GCC unroll 8
      for (int p = 0; p < kPieces; ++p) sum[o][p] += bias;
    }
  }
#pragma GCC unroll 8
  for (int p = 0; p < kPieces; ++p) {
    if (p >= t.count) return;
    T* const to = t.y + t.pieces.to[p];
    const int64_t lanes = t.pieces.lanes[p];
    const bool whole = t.outputs == kOutputs && t.y_window == 1 && lanes == kLanes<T>;
#pragma GCC unroll 8
    for (int o = 0; o < kOutputs; ++o) {
      if (whole)
        store(to + o * t.y_output, sum[o][p]);
      else if (o < t.outputs)
        put_piece(to + o * t.y_output, t.y_window, lanes, sum[o][p]);
    }
  }
}

constexpr int pieces_for(int64_t outputs) { return outputs == 1 ? 8 : outputs <= 3 ? 4 : 2; }

template <class T>
TT_INLINE void run_tile(int64_t outputs, const VectorTile<T>& t) {
  constexpr void (*kRun[])(const VectorTile<T>&) = {nullptr,
                                                    vector_tile<T, 1, 8>,
                                                    vector_tile<T, 2, 4>,
                                                    vector_tile<T, 3, 4>,
                                                    vector_tile<T, 4, 2>,
                                                    vector_tile<T, 5, 2>,
                                                    vector_tile<T, 6, 2>};
  kRun[outputs](t);
}

// ---- sums over windows in lanes: sums[tap][lane] += g[window] * x[taps[tap] + window], windows as lanes ----

template <class T>
struct DotTile {
  const T *x, *g;
  const int64_t* taps;
  Pieces pieces;  // of up to kDotLanes windows
  int64_t count;
  T* sums;  // kDotLanes from tap to tap
};

constexpr int kDotTaps = 5;

template <class T, int kTaps>
__attribute__((noinline)) void dot_tile(const DotTile<T>& t) {
  constexpr int kVectors = static_cast<int>(kDotLanes) / kLanes<T>, kWidth = kLanes<T>;
  Vec<T> sum[kTaps][kVectors];
  const T* x[kTaps];
#pragma GCC unroll 8
  for (int i = 0; i < kTaps; ++i) {
    x[i] = t.x + t.taps[i];
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) sum[i][v] = load(t.sums + i * kDotLanes + v * kWidth);
  }
  for (int64_t p = 0; p < t.count; ++p) {
    const int64_t from = t.pieces.from[p], to = t.pieces.to[p], n = t.pieces.lanes[p];
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      const int64_t left = n - v * kWidth;
      if (left >= kWidth) {
        const Vec<T> g = load(t.g + to + v * kWidth);
#pragma GCC unroll 8
        for (int i = 0; i < kTaps; ++i) sum[i][v] = fma(g, load(x[i] + from + v * kWidth), sum[i][v]);
      } else if (left > 0) {
        const Vec<T> g = load_first(t.g + to + v * kWidth, left);
#pragma GCC unroll 8
        for (int i = 0; i < kTaps; ++i) sum[i][v] = fma(g, load_first(x[i] + from + v * kWidth, left), sum[i][v]);
      }
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kTaps; ++i)
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) store(t.sums + i * kDotLanes + v * kWidth, sum[i][v]);
}

template <class T>
TT_INLINE void run_tile(int64_t taps, const DotTile<T>& t) {
  constexpr void (*kRun[])(const DotTile<T>&) = {nullptr,        dot_tile<T, 1>, dot_tile<T, 2>,
                                                 dot_tile<T, 3>, dot_tile<T, 4>, dot_tile<T, 5>};
  kRun[taps](t);
}

}  // namespace
}  // namespace tt
