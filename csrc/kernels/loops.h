// Walking several strided views of the same sizes together.
#pragma once
#include <utility>

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

  // Exchanges two dimensions: in which order they are walked.
  void swap(int a, int b) {
    std::swap(sizes[a], sizes[b]);
    for (int k = 0; k < N; ++k) std::swap(strides[a][k], strides[b][k]);
  }

  // Calls row(pointers, byte strides, count) on innermost runs; `cost` is that of one element (see parallel_for).
  // A run may be cut anywhere: row must treat elements alike.
  template <class Row>
  TT_INLINE void run(int threads, int64_t cost, const Row& row) const {
    run_sheets(threads, cost,
               [&](char* const* p, const int64_t* down, const int64_t* along, int64_t rows, int64_t count) {
                 char* q[N];
                 for (int k = 0; k < N; ++k) q[k] = p[k];
                 for (; rows > 0; --rows) {
                   row(q, along, count);
                   for (int k = 0; k < N; ++k) q[k] += down[k];
                 }
               });
  }

  // Calls sheet(pointers, byte strides from row to row, those within a row, rows, count of a row) on as many rows of
  // the two innermost dimensions as there are together.
  template <class Sheet>
  TT_INLINE void run_sheets(int threads, int64_t cost, const Sheet& sheet) const {
    walk(
        threads, cost,
        [](const void* f, char* const* p, const int64_t* down, const int64_t* along, int64_t rows, int64_t count) {
          (*static_cast<const Sheet*>(f))(p, down, along, rows, count);
        },
        &sheet);
  }

 private:
  // The walk is compiled once, not for each function.
  using SheetOf = void (*)(const void* f, char* const* pointers, const int64_t* down, const int64_t* along,
                           int64_t rows, int64_t count);
  __attribute__((noinline)) void walk(int threads, int64_t cost, SheetOf sheet_of, const void* f) const {
    if (numel == 0) return;
    const int inner = ndim - 1, outer = inner - 1;
    if (inner == 0) {
      parallel_for(threads, numel, cost, [&](int64_t begin, int64_t end) {
        char* p[N];
        for (int k = 0; k < N; ++k) p[k] = base[k] + begin * strides[0][k];
        sheet_of(f, p, strides[0], strides[0], 1, end - begin);
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
      for (int64_t i = begin; i < end;) {
        const int64_t here = sizes[outer] - index[outer], rows = here < end - i ? here : end - i;
        sheet_of(f, p, strides[outer], strides[inner], rows, length);
        i += rows;
        for (int k = 0; k < N; ++k) p[k] -= index[outer] * strides[outer][k];
        index[outer] = 0;
        for (int d = outer - 1; d >= 0; --d) {
          for (int k = 0; k < N; ++k) p[k] += strides[d][k];
          if (++index[d] < sizes[d]) break;
          index[d] = 0;
          for (int k = 0; k < N; ++k) p[k] -= sizes[d] * strides[d][k];
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
