// Factorisation of a matrix into one of orthonormal columns and an upper triangle, by Householder reflections.
//
// The order of operations is that of LAPACK's unblocked routines: small matrices of floats (20 rows, 4 columns) get the
// very bits that PyTorch's LAPACK gives them on x86.
#include <math.h>

#include "../parallel.h"

namespace tt {
namespace {

TT_INLINE float root(float x) { return __builtin_sqrtf(x); }
TT_INLINE double root(double x) { return __builtin_sqrt(x); }

// One term after the other below kLanes; above, as many running sums as keep vector registers busy.
template <class T>
TT_INLINE T dot(const T* a, const T* b, int64_t n) {
  constexpr int kLanes = 32;
  T lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int k = 0; k < kLanes; ++k) lanes[k] += a[i + k] * b[i + k];
  for (int width = kLanes / 2; width > 0; width /= 2)
    for (int k = 0; k < width; ++k) lanes[k] += lanes[k + width];
  T sum = lanes[0];
  for (; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

// The Euclidean norm, scaled by the largest element so far: squares neither overflow nor vanish.
template <class T>
T norm(const T* x, int64_t n) {
  T scale = 0, squares = 1;
  for (int64_t i = 0; i < n; ++i) {
    const T v = x[i] < 0 ? -x[i] : x[i];
    if (v == 0) continue;
    if (scale < v) {
      const T q = scale / v;
      squares = 1 + squares * q * q;
      scale = v;
    } else {
      const T q = v / scale;
      squares += q * q;
    }
  }
  return scale * root(squares);
}

template <class T>
T hypotenuse(T x, T y) {
  x = x < 0 ? -x : x;
  const T big = x > y ? x : y, small = x > y ? y : x;
  if (small == 0) return big;
  const T q = small / big;
  return big * root(1 + q * q);
}

// Columns [first, n) of the column-major a become (1 - tau v v') times themselves, from row `row` on; v[0] stands
// for 1.
template <class T>
void reflect(T* a, int64_t m, int64_t first, int64_t n, int64_t row, T* v, T tau, int threads) {
  const T kept = v[0];
  v[0] = 1;
  parallel_for(threads, n - first, 2 * (m - row), [&](int64_t begin, int64_t end) {
    for (int64_t j = first + begin; j < first + end; ++j) {
      T* column = a + j * m + row;
      const T factor = tau * dot(column, v, m - row);
      for (int64_t i = 0; i < m - row; ++i) column[i] -= v[i] * factor;
    }
  });
  v[0] = kept;
}

// Leaves the triangle in the upper part of a, the reflections' vectors below it and their factors in tau.
template <class T>
void factorise(T* a, int64_t m, int64_t n, T* tau, int threads) {
  for (int64_t i = 0; i < m && i < n; ++i) {
    T* column = a + i * m + i;
    const T below = norm(column + 1, m - i - 1);
    tau[i] = 0;
    if (below == 0) continue;
    const T length = hypotenuse(column[0], below), beta = column[0] < 0 ? length : -length;
    tau[i] = (beta - column[0]) / beta;
    const T pivot = column[0] - beta;
    for (int64_t k = 1; k < m - i; ++k) column[k] /= pivot;
    column[0] = beta;
    reflect(a, m, i + 1, n, i, column, tau[i], threads);
  }
}

// Replaces the first k columns by the product of the reflections, last one first.
template <class T>
void accumulate(T* a, int64_t m, int64_t k, const T* tau, int threads) {
  for (int64_t i = k - 1; i >= 0; --i) {
    T* column = a + i * m + i;
    reflect(a, m, i + 1, k, i, column, tau[i], threads);
    for (int64_t r = 1; r < m - i; ++r) column[r] *= -tau[i];
    column[0] = 1 - tau[i];
    for (int64_t r = 0; r < i; ++r) a[i * m + r] = 0;
  }
}

template <class T>
void qr_of(const Call& c) {
  const View &x = c.in[0], &q = c.out[0], &r = c.out[1];
  const int64_t m = x.sizes[0], n = x.sizes[1], k = m < n ? m : n;
  T* a = static_cast<T*>(c.scratch);
  T* tau = a + m * n;
  for (int64_t j = 0; j < n; ++j)
    for (int64_t i = 0; i < m; ++i) a[j * m + i] = x.as<T>()[i * x.strides[0] + j * x.strides[1]];
  factorise(a, m, n, tau, c.threads);
  for (int64_t i = 0; i < k; ++i)
    for (int64_t j = 0; j < n; ++j) r.as<T>()[i * n + j] = i <= j ? a[j * m + i] : T{0};
  accumulate(a, m, k, tau, c.threads);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < k; ++j) q.as<T>()[i * k + j] = a[j * m + i];
}

void qr_kernel(const Call& c) {
  with_float(c.in[0].dtype, [&](auto zero) { qr_of<decltype(zero)>(c); });
}

}  // namespace

// (m, n) -> (m, k), (k, n) with k the smaller of m and n; the diagonal of r may have either sign.
TT_OP_TABLE(qr, {"qr(x) -> q, r", infer::qr, qr_kernel})

}  // namespace tt
