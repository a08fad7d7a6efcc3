// Walking several strided views of the same sizes together.
#pragma once
#include "../parallel.h"

namespace tt {
namespace {

// N views reduced to the fewest dimensions that describe them all, innermost last.
template <int N>
struct Nest {
  char* base[N];
  int64_t bytes[N];  // per element
  int64_t sizes[kMaxDims];
  int64_t strides[kMaxDims][N];  // in bytes
  int ndim = 0;
  int64_t numel = 1;

  // Views of equal sizes. Dimensions are ordered by the strides of the first view and merged where all views allow it.
  __attribute__((noinline)) explicit Nest(const View* const (&views)[N], const int64_t (&element_bytes)[N]) {
    for (int k = 0; k < N; ++k) {
      base[k] = static_cast<char*>(views[k]->data);
      bytes[k] = element_bytes[k];
    }
    const View& first = *views[0];
    int order[kMaxDims];
    int n = 0;
    for (int d = 0; d < first.ndim; ++d) {
      numel *= first.sizes[d];
      if (first.sizes[d] == 1) continue;
      int at = n++;
      while (at > 0 && magnitude(first.strides[order[at - 1]]) < magnitude(first.strides[d]) && first.strides[d] != 0) {
        order[at] = order[at - 1];
        --at;
      }
      order[at] = d;
    }
    for (int i = 0; i < n; ++i) {
      const int d = order[i];
      bool merged = ndim > 0;
      for (int k = 0; merged && k < N; ++k)
        merged = strides[ndim - 1][k] == views[k]->strides[d] * bytes[k] * first.sizes[d];
      if (!merged) sizes[ndim++] = 1;
      sizes[ndim - 1] *= first.sizes[d];
      for (int k = 0; k < N; ++k) strides[ndim - 1][k] = views[k]->strides[d] * bytes[k];
    }
    if (ndim == 0) {
      ndim = 1;
      sizes[0] = 1;
      for (int k = 0; k < N; ++k) strides[0][k] = bytes[k];
    }
  }

  // Calls row(pointers, byte strides, count) on innermost runs; `cost` is that of one element (see parallel_for).
  // A run may be cut anywhere: row must treat elements alike.
  template <class Row>
  TT_INLINE void run(int threads, int64_t cost, const Row& row) const {
    walk(
        threads, cost,
        [](const void* r, char* const* p, const int64_t* down, int64_t rows, const int64_t* along, int64_t n) {
          char* q[N];
          for (int k = 0; k < N; ++k) q[k] = p[k];
          for (;;) {
            (*static_cast<const Row*>(r))(q, along, n);
            if (--rows == 0) return;
            for (int k = 0; k < N; ++k) q[k] += down[k];
          }
        },
        &row);
  }

 private:
  // The walk is compiled once, not for each row function: what it calls are the rows of a matrix, `down` bytes apart.
  using RowsOf = void (*)(const void* row, char* const* pointers, const int64_t* down, int64_t rows,
                          const int64_t* along, int64_t count);
  __attribute__((noinline)) void walk(int threads, int64_t cost, RowsOf rows_of, const void* row) const {
    if (numel == 0) return;
    const int inner = ndim - 1, outer = inner - 1;
    if (inner == 0) {
      parallel_for(threads, numel, cost, [&](int64_t begin, int64_t end) {
        char* p[N];
        for (int k = 0; k < N; ++k) p[k] = base[k] + begin * strides[0][k];
        rows_of(row, p, nullptr, 1, strides[0], end - begin);
      });
      return;
    }
    const int64_t length = sizes[inner];
    parallel_for(threads, numel / length, cost * length, [&](int64_t begin, int64_t end) {
      int64_t index[kMaxDims];
      char* p[N];
      for (int k = 0; k < N; ++k) p[k] = base[k];
      int64_t rest = begin;
      for (int d = outer; d >= 0; --d) {
        index[d] = rest % sizes[d];
        rest /= sizes[d];
        for (int k = 0; k < N; ++k) p[k] += index[d] * strides[d][k];
      }
      for (int64_t left = end - begin; left > 0;) {
        const int64_t below = sizes[outer] - index[outer], rows = left < below ? left : below;
        rows_of(row, p, strides[outer], rows, strides[inner], length);
        left -= rows;
        index[outer] += rows;
        for (int k = 0; k < N; ++k) p[k] += rows * strides[outer][k];
        for (int d = outer; d > 0 && index[d] == sizes[d]; --d) {
          index[d] = 0;
          ++index[d - 1];
          for (int k = 0; k < N; ++k) p[k] += strides[d - 1][k] - sizes[d] * strides[d][k];
        }
      }
    });
  }

  static TT_INLINE int64_t magnitude(int64_t stride) { return stride < 0 ? -stride : stride; }
};

TT_INLINE int64_t width_of(DType d) {
  constexpr int64_t widths[kDTypes] = {1, 1, 1, 2, 4, 8, 4, 8};
  return widths[static_cast<int>(d)];
}

}  // namespace
}  // namespace tt
