// Euclidean distances of all pairs of rows, and their gradient.
//
// What comes to an element comes in one chain: along the row for distances, in the order of the rows for gradients.
#include "../parallel.h"
#include "math.h"

namespace tt {
namespace {

constexpr int kRows = 4;  // that share what is loaded of the columns

// Distances of some rows of x, of n elements, from up to kLanes columns.
template <int N, class T>
TT_INLINE void distances(const T* x, const T* columns, int64_t n, int64_t step, int64_t lanes, T* y) {
  Vec<T> sum[N] = {};
  for (int64_t k = 0; k < n; ++k) {
    const Vec<T> column = load_first<T>(columns + k * step, lanes);
#pragma GCC unroll 4
    for (int i = 0; i < N; ++i) {
      const Vec<T> apart = column - x[i * n + k];
      sum[i] = fma(apart, apart, sum[i]);
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < N; ++i) store_first<T>(y + i * step, sqrt(sum[i]), lanes);
}

// x (*, rows, n) and columns (*, n, step).
void cdist_kernel(const Call& c) {
  const View& x = c.in[0];
  const int64_t n = x.sizes[x.ndim - 1], step = c.out[0].sizes[x.ndim - 1], rows = x.sizes[x.ndim - 2];
  const int64_t blocks = (rows + kRows - 1) / kRows, batch = n && rows ? x.numel() / n / rows : 0;
  with_float(x.dtype, [&]<class T>(T) {
    if (n == 0) memset(c.out[0].data, 0, static_cast<size_t>(c.out[0].numel()) * sizeof(T));
    parallel_for(c.threads, batch * blocks, kRows * n * step / 4, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t first = i % blocks * kRows, row = i / blocks * rows + first;
        const T *from = x.as<T>() + row * n, *columns = c.in[1].as<T>() + i / blocks * n * step;
        for (int64_t j = 0; j < step; j += kLanes<T>) {
          const int64_t lanes = step - j < kLanes<T> ? step - j : kLanes<T>;
          T* const to = c.out[0].as<T>() + row * step + j;
          if (rows - first >= kRows)
            distances<kRows>(from, columns + j, n, step, lanes, to);
          else
            for (int64_t k = 0; k < rows - first; ++k)
              distances<1>(from + k * n, columns + j, n, step, lanes, to + k * step);
        }
      }
    });
  });
}

// gx[i] = the sum of g[i, j] (x[i] - other[j]) / y[i, j]; nothing comes of a distance that is zero.
void cdist_backward_kernel(const Call& c) {
  const View &x = c.in[2], &other = c.in[3];
  const int64_t n = x.sizes[x.ndim - 1], rows = x.sizes[x.ndim - 2], others = other.sizes[x.ndim - 2];
  with_float(x.dtype, [&]<class T>(T) {
    parallel_for(c.threads, n ? x.numel() / n : 0, n * others / 4, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T *g = c.in[0].as<T>() + i * others, *y = c.in[1].as<T>() + i * others;
        for (int64_t k = 0; k < n; k += kLanes<T>) {
          const int64_t lanes = n - k < kLanes<T> ? n - k : kLanes<T>;
          const T* from = other.as<T>() + i / rows * others * n + k;
          const Vec<T> row = load_first<T>(x.as<T>() + i * n + k, lanes);
          Vec<T> sum{};
          for (int64_t j = 0; j < others; ++j, from += n) {
            const Vec<T> weight = splat<T>(y[j] == 0 ? 0 : g[j] / y[j]);
            sum = fma(weight, row - load_first<T>(from, lanes), sum);
          }
          store_first<T>(c.out[0].as<T>() + i * n + k, sum, lanes);
        }
      }
    });
  });
}

}  // namespace

TT_OP_TABLE(distance, {"cdist(x, columns) -> y", infer::cdist, cdist_kernel},
            {"cdist_backward(g, y, x, other) -> gx", infer::cdist_backward, cdist_backward_kernel})

}  // namespace tt
