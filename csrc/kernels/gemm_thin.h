// Products of at most four rows with columns that lie in memory: the columns are transposed in registers, on their way.
#pragma once
#include "gemm_plan.h"
#include "transpose.h"

namespace tt {
namespace {

template <class T>
struct Bias {
  const T* data;     // or null
  int64_t row, col;  // steps
};

template <class T>
constexpr int kThinColumns = kRowsOf<T, typename Halves<T>::Two>;  // of a block

// C = A B of kRows rows. Two blocks of columns go together, so that enough chains run at once; where columns run out,
// blocks overlap.
template <class T, int kRows>
void thin_rows(const Gemm& g, const T* a, const T* b, T* c) {
  using V = typename Halves<T>::Two;
  constexpr int kBlocks = 2, kColumns = kThinColumns<T>;
  constexpr int64_t kRun = 64 / sizeof(T);  // of each column at a time, lest columns a power of two apart evict others
  for (int64_t j = 0; j < g.n; j += kBlocks * kColumns) {
    V sum[kBlocks][kRows] = {};
    int64_t left[kBlocks];
    for (int s = 0; s < kBlocks; ++s) left[s] = j + s * kColumns < g.n - kColumns ? j + s * kColumns : g.n - kColumns;
    const auto add = [&](int s, V column, int64_t k) {
#pragma GCC unroll 4
      for (int r = 0; r < kRows; ++r) sum[s][r] = fma(a[r * g.a_row + k * g.a_k] - V{}, column, sum[s][r]);
    };
    const auto step = [&](int s, int64_t k) {
      V column[kHalf<T>];
      load_across(b + left[s] * g.b_col + k, g.b_col, column);
#pragma GCC unroll 4
      for (int q = 0; q < kHalf<T>; ++q) add(s, column[q], k + q);
    };
    int64_t k = 0;
    for (; k + kRun <= g.k; k += kRun)
#pragma GCC unroll 2
      for (int s = 0; s < kBlocks; ++s)
#pragma GCC unroll 4
        for (int64_t q = 0; q < kRun; q += kHalf<T>) step(s, k + q);
    for (; k + kHalf<T> <= g.k; k += kHalf<T>)
#pragma GCC unroll 2
      for (int s = 0; s < kBlocks; ++s) step(s, k);
    for (; k < g.k; ++k)
      for (int s = 0; s < kBlocks; ++s) {
        V column;
        for (int i = 0; i < kColumns; ++i) column[i] = b[(left[s] + i) * g.b_col + k];
        add(s, column, k);
      }
    for (int s = 0; s < kBlocks; ++s)
      for (int r = 0; r < kRows; ++r) {
        T* const to = c + r * g.c_row + left[s] * g.c_col;
        if (g.c_col == 1)
          memcpy(to, &sum[s][r], sizeof(V));
        else
          for (int i = 0; i < kColumns; ++i) to[i * g.c_col] = sum[s][r][i];
      }
  }
}

template <class T>
void thin_gemm(const Gemm& g, const T* a, const T* b, T* c, Bias<T> bias) {
  if (g.m == 1)
    thin_rows<T, 1>(g, a, b, c);
  else if (g.m == 2)
    thin_rows<T, 2>(g, a, b, c);
  else if (g.m == 3)
    thin_rows<T, 3>(g, a, b, c);
  else
    thin_rows<T, 4>(g, a, b, c);
  if (bias.data)
    for (int64_t i = 0; i < g.m; ++i)
      for (int64_t j = 0; j < g.n; ++j) c[i * g.c_row + j * g.c_col] += bias.data[i * bias.row + j * bias.col];
}

}  // namespace
}  // namespace tt
