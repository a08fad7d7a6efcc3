// Gaussian elimination: the factors of matrices, and the systems of equations that triangles are.
//
// Rows are taken as vectors, and what comes to an element comes in the order of the rows or columns.
#include "../parallel.h"
#include "windows.h"

namespace tt {
namespace {

// How many matrices a view is a batch of.
TT_INLINE int64_t matrices(const View& x) {
  int64_t n = 1;
  for (int d = 0; d < x.ndim - 2; ++d) n *= x.sizes[d];
  return n;
}

// y -= factor * x
template <class T>
TT_INLINE void subtract_row(T* y, T factor, const T* x, int64_t n) {
  const Vec<T> by = splat<T>(-factor);
  each_vector<T>(n, [&](int64_t i, int64_t lanes) {
    store_first<T>(y + i, fma(by, load_first<T>(x + i, lanes), load_first<T>(y + i, lanes)), lanes);
  });
}

// ---- factors -------------------------------------------------------------------------------------------------------

// The row of the first of the largest elements of column j, from row j on; NaN counts as larger than all.
template <class T>
int64_t pivot_of(const T* a, int64_t m, int64_t n, int64_t j) {
  int64_t best = j;
  T most = -1;
  for (int64_t i = j; i < m; ++i) {
    const T v = a[i * n + j], size = v < 0 ? -v : v;
    if (!(size > most || (size != size && most == most))) continue;
    most = size;
    best = i;
  }
  return best;
}

// Replaces a, of m rows and n columns, by its factors; the column of the first zero pivot, counted from 1, or 0.
template <class T>
int32_t eliminate(T* a, int64_t m, int64_t n, int32_t* pivots, int threads) {
  int32_t info = 0;
  for (int64_t j = 0; j < m && j < n; ++j) {
    const int64_t chosen = pivot_of(a, m, n, j);
    pivots[j] = static_cast<int32_t>(chosen + 1);
    T *const top = a + j * n, *const other = a + chosen * n;
    for (int64_t k = 0; chosen != j && k < n; ++k) std::swap(top[k], other[k]);
    const T pivot = top[j] == 0 ? 1 : top[j];
    if (top[j] == 0 && info == 0) info = static_cast<int32_t>(j + 1);
    parallel_for(threads, m - j - 1, n - j, [&](int64_t begin, int64_t end) {
      for (T* row = a + (j + 1 + begin) * n; row != a + (j + 1 + end) * n; row += n) {
        row[j] /= pivot;
        subtract_row(row + j + 1, row[j], top + j + 1, n - j - 1);
      }
    });
  }
  return info;
}

void lu_factor_kernel(const Call& c) {
  const View &x = c.in[0], &packed = c.out[0];
  const int64_t m = x.sizes[x.ndim - 2], n = x.sizes[x.ndim - 1], k = m < n ? m : n, count = matrices(x);
  with_float(x.dtype, [&]<class T>(T) {
    memcpy(packed.data, x.data, static_cast<size_t>(count * m * n) * sizeof(T));
    parallel_for(c.threads, count, m * n * k, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        c.out[2].as<int32_t>()[i] =
            eliminate(packed.as<T>() + i * m * n, m, n, c.out[1].as<int32_t>() + i * k, count == 1 ? c.threads : 1);
    });
  });
}

struct PermutationAttrs {
  int64_t rows, dtype;
};

// P of the exchanges of rows that the pivots, counted from 1, say: a one in each column.
void lu_permutation_kernel(const Call& c) {
  const View& pivots = c.in[0];
  const int64_t m = c.as<PermutationAttrs>().rows, k = pivots.sizes[pivots.ndim - 1], total = c.out[0].numel();
  auto* const order = static_cast<int64_t*>(c.scratch);
  with_dtype(c.out[0].dtype, [&]<class T>(T) {
    memset(c.out[0].data, 0, static_cast<size_t>(total) * sizeof(T));
    const int32_t* pivot = pivots.as<int32_t>();
    for (T* p = c.out[0].as<T>(); p != c.out[0].as<T>() + total; p += m * m, pivot += k) {
      for (int64_t i = 0; i < m; ++i) order[i] = i;
      for (int64_t i = 0; i < k; ++i) {
        if (pivot[i] < 1 || pivot[i] > m) {
          *c.fault = {Fault::kIndexOutOfRange, pivot[i], m + 1, pivots.ndim - 1};
          return;
        }
        std::swap(order[i], order[pivot[i] - 1]);
      }
      for (int64_t i = 0; i < m; ++i) p[order[i] * m + i] = 1;
    }
  });
}

// ---- triangles -----------------------------------------------------------------------------------------------------

struct SolveAttrs {
  int64_t upper, unit;
};

// N vectors of columns of x, which hold those of b, the last of them of `lanes` lanes.
template <int N, class T>
TT_INLINE void substitute(const T* a, T* x, int64_t n, int64_t columns, int64_t lanes, const SolveAttrs& as) {
  const auto at = [&](T* row, int k) {
    return k + 1 < N ? load<T>(row + k * kLanes<T>) : load_first<T>(row + k * kLanes<T>, lanes);
  };
  for (int64_t step = 0; step < n; ++step) {
    const int64_t i = as.upper ? n - 1 - step : step;
    T* const row = x + i * columns;
    Vec<T> rest[N];
    for (int k = 0; k < N; ++k) rest[k] = at(row, k);
    for (int64_t done = 0; done < step; ++done) {
      const int64_t j = as.upper ? n - 1 - done : done;
      const Vec<T> by = splat<T>(-a[i * n + j]);
      for (int k = 0; k < N; ++k) rest[k] = fma(by, at(x + j * columns, k), rest[k]);
    }
    for (int k = 0; k < N; ++k) {
      if (!as.unit) rest[k] /= splat<T>(a[i * n + i]);
      store_first<T>(row + k * kLanes<T>, rest[k], k + 1 < N ? kLanes<T> : lanes);
    }
  }
}

void solve_triangle_kernel(const Call& c) {
  const View &a = c.in[0], &b = c.in[1];
  const int64_t n = a.sizes[a.ndim - 1], columns = b.sizes[b.ndim - 1];
  const auto& as = c.as<SolveAttrs>();
  with_float(a.dtype, [&]<class T>(T) {
    memcpy(c.out[0].data, b.data, static_cast<size_t>(b.numel()) * sizeof(T));
    parallel_for(c.threads, matrices(a), n * n * columns, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T* const triangle = a.as<T>() + i * n * n;
        T* const x = c.out[0].as<T>() + i * n * columns;
        int64_t first = 0;
        for (; first + 4 * kLanes<T> <= columns; first += 4 * kLanes<T>)
          substitute<4>(triangle, x + first, n, columns, kLanes<T>, as);
        each_vector<T>(columns - first, [&](int64_t k, int64_t lanes) {
          substitute<1>(triangle, x + first + k, n, columns, lanes, as);
        });
      }
    });
  });
}

}  // namespace

TT_OP_TABLE(lu, {"lu_factor(x) -> packed, pivots, info", infer::lu_factor, lu_factor_kernel},
            {"lu_permutation(pivots; rows: int, dtype: dtype) -> p", infer::lu_permutation, lu_permutation_kernel},
            {"solve_triangle(a, b; upper: bool, unit: bool) -> x", infer::solve_triangle, solve_triangle_kernel})

}  // namespace tt
