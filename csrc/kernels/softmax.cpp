// softmax, log_softmax and cross-entropy: along one dimension, or row by row.
#include "../parallel.h"
#include "loops.h"
#include "math.h"
#include "tree.h"

namespace tt {
namespace {

// A contiguous tensor around one dimension: n elements, `inner` apart.
struct Lines {
  int64_t outer = 1, n = 1, inner = 1;

  Lines(const View& x, int64_t dim) {
    const int64_t at = dim < 0 ? dim + x.ndim : dim;
    for (int d = 0; d < x.ndim; ++d) (d < at ? outer : d == at ? n : inner) *= x.sizes[d];
  }

  // Calls row(offset) for contiguous lines, and columns(offset, width) for as many side by side as a vector holds.
  template <class T, class Row, class Columns>
  TT_INLINE void run(const Call& c, int64_t cost, Row&& row, Columns&& columns) const {
    if (n == 0) return;
    if (inner == 1) {
      parallel_for(c.threads, outer, cost * n, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) row(i * n);
      });
      return;
    }
    const int64_t tiles = (inner + kLanes<T> - 1) / kLanes<T>;
    parallel_for(c.threads, outer * tiles, cost * n * kLanes<T>, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t first = i % tiles * kLanes<T>, left = inner - first;
        columns(i / tiles * n * inner + first, left < kLanes<T> ? left : kLanes<T>);
      }
    });
  }
};

// Calls f(offset, count) on the vectors of n elements.
template <class T, class F>
TT_INLINE void each_vector(int64_t n, F&& f) {
  int64_t i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) f(i, int64_t{kLanes<T>});
  if (i < n) f(i, n - i);
}

// The same of n elements `stride` apart: `width` <= kLanes lines at once.
template <class R, class T>
Vec<T> reduce_lines(const T* x, int64_t n, int64_t stride, int64_t width) {
  return tree<1, R, T>(R{}, n, Pack<T, 1>{}, Rows<T>{x, stride, nullptr, width}).v[0];
}

// What a row's softmax is made of: exp(x - peak) / sum.
template <class T>
struct Exponentials {
  T sum, peak;
};

// exp(x - peak) into y.
template <class T>
TT_INLINE Exponentials<T> exponentials(const T* x, T* y, int64_t n) {
  const T peak = reduce_run<Max, T>(Max{}, x, n);
  each_vector<T>(n,
                 [&](int64_t i, int64_t left) { store_first<T>(y + i, exp(load_first<T>(x + i, left) - peak), left); });
  return {reduce_run<Sum, T>(Sum{}, y, n), peak};
}

// fold of a row whose first K vectors are given, the others being the identity.
template <int K, class R, class T>
TT_INLINE T fold_first(const R& r, Pack<T, K> p) {
#pragma GCC unroll 16
  for (int half = kPackVecs<T> / 2; half > 0; half /= 2)
#pragma GCC unroll 16
    for (int k = 0; k < half; ++k)
      if (k + half < K) p.v[k] = r.combine(p.v[k], p.v[k + half]);
  return fold_lanes<T, kVecBytes>(r, p.v[0], kLanes<T>);
}

// The same for at most kPack elements in K vectors, all in registers.
template <int K, class T>
TT_INLINE Exponentials<T> short_exponentials(const T* x, Pack<T, K>& e, int64_t last) {
#pragma GCC unroll 16
  for (int k = 0; k < K - 1; ++k) e.v[k] = load(x + k * kLanes<T>);
  e.v[K - 1] = keep_first<T>(load_first(x + (K - 1) * kLanes<T>, last), last, Max::identity<T>());
  const T peak = fold_first<K>(Max{}, e);
#pragma GCC unroll 16
  for (int k = 0; k < K; ++k) e.v[k] = exp(e.v[k] - peak);  // what is beyond the row was -inf and becomes 0
  return {fold_first<K>(Sum{}, e), peak};
}

template <class T, int K>
TT_INLINE void store_row(const Pack<T, K>& row, T* y, int64_t last) {
#pragma GCC unroll 16
  for (int k = 0; k < K - 1; ++k) store<T>(y + k * kLanes<T>, row.v[k]);
  store_first<T>(y + (K - 1) * kLanes<T>, row.v[K - 1], last);
}

// softmax of such a row into y.
template <int K, class T>
TT_INLINE void short_softmax(const T* x, T* y, int64_t last) {
  Pack<T, K> row;
  const T sum = short_exponentials<K>(x, row, last).sum;
#pragma GCC unroll 16
  for (int k = 0; k < K; ++k) row.v[k] /= sum;
  store_row(row, y, last);
}

// log_softmax of such a row into y.
template <int K, class T>
TT_INLINE void short_log_softmax(const T* x, T* y, int64_t last) {
  Pack<T, K> row;
  const auto [sum, peak] = short_exponentials<K>(x, row, last);
  const Vec<T> log_sum = log(splat<T>(sum));
#pragma GCC unroll 16
  for (int k = 0; k < K - 1; ++k) store<T>(y + k * kLanes<T>, load(x + k * kLanes<T>) - peak - log_sum);
  constexpr int64_t at = (K - 1) * kLanes<T>;
  store_first<T>(y + at, load_first(x + at, last) - peak - log_sum, last);
}

// Calls f<K>(last) for a row of n <= kShort elements: K vectors, `last` elements in the last one.
template <class T>
constexpr int64_t kShort = kLanes<T> * (kPackVecs<T> < 4 ? kPackVecs<T> : 4);
template <class T, class F>
TT_INLINE auto with_vectors(int64_t n, F&& f) {
  constexpr int64_t L = kLanes<T>;
  if (n <= L) return f.template operator()<1>(n);
  if (n <= 2 * L) return f.template operator()<2>(n - L);
  if (n <= 3 * L) return f.template operator()<3>(n - 2 * L);
  return f.template operator()<4>(n - 3 * L);
}

// exp(x - peak) of a row into y.
template <class T>
TT_INLINE Exponentials<T> exponentials_row(const T* x, T* y, int64_t n) {
  if (n > kShort<T>) return exponentials(x, y, n);
  return with_vectors<T>(n, [&]<int K>(int64_t last) {
    Pack<T, K> row;
    const Exponentials<T> e = short_exponentials<K>(x, row, last);
    store_row(row, y, last);
    return e;
  });
}

// softmax of a row into y.
template <class T>
TT_INLINE void softmax_row(const T* x, T* y, int64_t n) {
  if (n <= kShort<T>) return with_vectors<T>(n, [&]<int K>(int64_t last) { short_softmax<K>(x, y, last); });
  const T sum = exponentials(x, y, n).sum;
  each_vector<T>(n, [&](int64_t i, int64_t left) { store_first<T>(y + i, load_first<T>(y + i, left) / sum, left); });
}

// log_softmax of a row into y.
template <class T>
TT_INLINE void log_softmax_row(const T* x, T* y, int64_t n) {
  if (n <= kShort<T>) return with_vectors<T>(n, [&]<int K>(int64_t last) { short_log_softmax<K>(x, y, last); });
  const auto [sum, peak] = exponentials(x, y, n);
  const Vec<T> log_sum = log(splat<T>(sum));
  each_vector<T>(
      n, [&](int64_t i, int64_t left) { store_first<T>(y + i, load_first<T>(x + i, left) - peak - log_sum, left); });
}

// The same side by side.
template <class T>
TT_INLINE Vec<T> exponentials(const T* x, T* y, int64_t n, int64_t stride, int64_t width, Vec<T>* peak) {
  *peak = reduce_lines<Max, T>(x, n, stride, width);
  for (int64_t i = 0; i < n; ++i)
    store_first<T>(y + i * stride, exp(load_first<T>(x + i * stride, width) - *peak), width);
  return reduce_lines<Sum, T>(y, n, stride, width);
}

void softmax_kernel(const Call& c) {
  const Lines lines(c.in[0], c.as<int64_t>());
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const T* x = c.in[0].as<T>();
    T* y = c.out[0].as<T>();
    lines.run<T>(
        c, 4, [&](int64_t at) { softmax_row(x + at, y + at, lines.n); },
        [&](int64_t at, int64_t width) {
          Vec<T> peak;
          const Vec<T> sum = exponentials<T>(x + at, y + at, lines.n, lines.inner, width, &peak);
          for (int64_t i = 0; i < lines.n; ++i) {
            T* p = y + at + i * lines.inner;
            store_first<T>(p, load_first<T>(p, width) / sum, width);
          }
        });
  });
}

void log_softmax_kernel(const Call& c) {
  const Lines lines(c.in[0], c.as<int64_t>());
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const T* x = c.in[0].as<T>();
    T* y = c.out[0].as<T>();
    lines.run<T>(
        c, 4, [&](int64_t at) { log_softmax_row(x + at, y + at, lines.n); },
        [&](int64_t at, int64_t width) {
          Vec<T> peak;
          const Vec<T> log_sum = log(exponentials<T>(x + at, y + at, lines.n, lines.inner, width, &peak));
          for (int64_t i = 0; i < lines.n; ++i) {
            const int64_t p = at + i * lines.inner;
            store_first<T>(y + p, load_first<T>(x + p, width) - peak - log_sum, width);
          }
        });
  });
}

// gx = y (g - sum(g y)).
void softmax_backward_kernel(const Call& c) {
  const Lines lines(c.in[0], c.as<int64_t>());
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const T *g = c.in[0].as<T>(), *y = c.in[1].as<T>();
    T* gx = c.out[0].as<T>();
    lines.run<T>(
        c, 2,
        [&](int64_t at) {
          each_vector<T>(lines.n, [&](int64_t i, int64_t left) {
            store_first<T>(gx + at + i, load_first<T>(g + at + i, left) * load_first<T>(y + at + i, left), left);
          });
          const T sum = reduce_run<Sum, T>(Sum{}, gx + at, lines.n);
          each_vector<T>(lines.n, [&](int64_t i, int64_t left) {
            const int64_t p = at + i;
            store_first<T>(gx + p, load_first<T>(y + p, left) * (load_first<T>(g + p, left) - sum), left);
          });
        },
        [&](int64_t at, int64_t width) {
          for (int64_t i = 0, p = at; i < lines.n; ++i, p += lines.inner)
            store_first<T>(gx + p, load_first<T>(g + p, width) * load_first<T>(y + p, width), width);
          const Vec<T> sum = reduce_lines<Sum, T>(gx + at, lines.n, lines.inner, width);
          for (int64_t i = 0, p = at; i < lines.n; ++i, p += lines.inner)
            store_first<T>(gx + p, load_first<T>(y + p, width) * (load_first<T>(g + p, width) - sum), width);
        });
  });
}

// gx = g - exp(y) sum(g).
void log_softmax_backward_kernel(const Call& c) {
  const Lines lines(c.in[0], c.as<int64_t>());
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const T *g = c.in[0].as<T>(), *y = c.in[1].as<T>();
    T* gx = c.out[0].as<T>();
    lines.run<T>(
        c, 4,
        [&](int64_t at) {
          const T sum = reduce_run<Sum, T>(Sum{}, g + at, lines.n);
          each_vector<T>(lines.n, [&](int64_t i, int64_t left) {
            const int64_t p = at + i;
            store_first<T>(gx + p, load_first<T>(g + p, left) - exp(load_first<T>(y + p, left)) * sum, left);
          });
        },
        [&](int64_t at, int64_t width) {
          const Vec<T> sum = reduce_lines<Sum, T>(g + at, lines.n, lines.inner, width);
          for (int64_t i = 0, p = at; i < lines.n; ++i, p += lines.inner)
            store_first<T>(gx + p, load_first<T>(g + p, width) - exp(load_first<T>(y + p, width)) * sum, width);
        });
  });
}

// ---- losses of classes ----

enum Reduction : int64_t { kNone, kMean, kSum };

struct ClassAttrs {
  int64_t ignore;
  int64_t reduction;
  double smoothing;
};

// Rows of class scores with a target class each; targets that equal `ignore` do not count.
template <class T>
struct Classes {
  const int64_t* target;
  const T* weight;
  int64_t ignore, n;

  TT_INLINE bool counts(int64_t row) const { return target[row] != ignore; }
  TT_INLINE T weight_of(int64_t row) const { return weight ? weight[target[row]] : T(1); }
};

// Before anything is written.
bool check_targets(const Call& c, const int64_t* target, int64_t rows, int64_t ignore, int64_t n) {
  for (int64_t i = 0; i < rows; ++i) {
    if (target[i] == ignore || static_cast<uint64_t>(target[i]) < static_cast<uint64_t>(n)) continue;
    c.fault->code = Fault::kClassOutOfRange;
    c.fault->value = target[i];
    c.fault->limit = n;
    return false;
  }
  return true;
}

// Sums the losses of the rows, and what they are divided by for the mean.
template <class T>
void finish_loss(const Classes<T>& classes, int64_t reduction, const T* losses, int64_t rows, T* scratch, T* loss,
                 T* total) {
  if (reduction == kNone) return;
  if (classes.weight) {
    for (int64_t i = 0; i < rows; ++i) scratch[i] = classes.counts(i) ? classes.weight_of(i) : 0;
    *total = rows ? reduce_run<Sum, T>(Sum{}, scratch, rows) : 0;
  } else {
    int64_t counted = 0;
    for (int64_t i = 0; i < rows; ++i) counted += classes.counts(i);
    *total = static_cast<T>(counted);
  }
  const T sum = rows ? reduce_run<Sum, T>(Sum{}, losses, rows) : 0;
  *loss = reduction == kMean ? sum / *total : sum;
}

// The gradient of a row's loss.
template <class T>
TT_INLINE T row_gradient(const T* g, int64_t reduction, int64_t row, const T* total) {
  return reduction == kNone ? g[row] : reduction == kSum ? *g : *g / *total;
}

// With p the probabilities: -(1 - s) w_t log p_t - s / n sum_k w_k log p_k. Gives p too, for backward, as exponentials
// and their sum.
void cross_entropy_kernel(const Call& c) {
  const auto& a = c.as<ClassAttrs>();
  const int64_t rows = c.in[0].sizes[0], n = c.in[0].sizes[1];
  const auto* target = c.in[1].as<int64_t>();
  if (!check_targets(c, target, rows, a.ignore, n)) return;
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const Classes<T> classes{target, c.in[2].as<T>(), a.ignore, n};
    const T* x = c.in[0].as<T>();
    T *e = c.out[1].as<T>(), *sums = c.out[2].as<T>(), *scratch = static_cast<T*>(c.scratch);
    T* losses = a.reduction == kNone ? c.out[0].as<T>() : scratch + rows;
    const auto smoothing = static_cast<T>(a.smoothing);
    parallel_for(c.threads, rows, 4 * n, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const auto [sum, peak] = exponentials_row(x + i * n, e + i * n, n);
        sums[i] = sum;
        scratch[i] = peak;
      }
      for (int64_t i = begin; i < end; i += kLanes<T>) {
        const int64_t left = end - i < kLanes<T> ? end - i : kLanes<T>;
        store_first<T>(losses + i, log(load_first<T>(sums + i, left)), left);
      }
      for (int64_t i = begin; i < end; ++i) {
        const T *row = x + i * n, log_sum = losses[i], peak = scratch[i];
        if (!classes.counts(i)) {
          losses[i] = 0;
          continue;
        }
        losses[i] = classes.weight_of(i) * (log_sum - (row[target[i]] - peak));
        if (smoothing == 0) continue;
        T spread = 0;
        for (int64_t k = 0; k < n; ++k)
          spread += (classes.weight ? classes.weight[k] : T(1)) * (log_sum - (row[k] - peak));
        losses[i] = (1 - smoothing) * losses[i] + smoothing / static_cast<T>(n) * spread;
      }
    });
    finish_loss(classes, a.reduction, losses, rows, scratch, c.out[0].as<T>(), c.out[3].as<T>());
  });
}

void cross_entropy_backward_kernel(const Call& c) {
  const auto& a = c.as<ClassAttrs>();
  const View& exponentials = c.in[2];
  const int64_t rows = exponentials.sizes[0], n = exponentials.sizes[1];
  with_float(exponentials.dtype, [&]<class T>(T) {
    const Classes<T> classes{c.in[4].as<int64_t>(), c.in[5].as<T>(), a.ignore, n};
    const T *g = c.in[0].as<T>(), *e = exponentials.as<T>(), *sums = c.in[3].as<T>(), *weight = classes.weight;
    T* gx = c.out[0].as<T>();
    const auto smoothing = static_cast<T>(a.smoothing);
    const T share = smoothing / static_cast<T>(n);
    T weights = weight ? 0 : static_cast<T>(n);
    for (int64_t k = 0; weight && k < n; ++k) weights += weight[k];
    parallel_for(c.threads, rows, n, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        T* to = gx + i * n;
        if (!classes.counts(i)) {
          for (int64_t k = 0; k < n; ++k) to[k] = 0;
          continue;
        }
        const T scale = row_gradient(g, a.reduction, i, c.in[6].as<T>()), hit = (1 - smoothing) * classes.weight_of(i);
        const T factor = scale * (hit + share * weights) / sums[i];
        each_vector<T>(n, [&](int64_t k, int64_t left) {
          Vec<T> y = load_first<T>(e + i * n + k, left) * factor;
          if (smoothing != 0) y -= scale * share * (weight ? load_first<T>(weight + k, left) : splat<T>(1));
          store_first<T>(to + k, y, left);
        });
        // Not read back from `to`: a load that follows such a store would wait for it.
        const int64_t t = classes.target[i];
        T y = e[i * n + t] * factor;
        if (smoothing != 0) y -= scale * share * (weight ? weight[t] : T(1));
        to[t] = y - scale * hit;
      }
    });
  });
}

// -w_t x_t, of log-probabilities.
void nll_loss_kernel(const Call& c) {
  const auto& a = c.as<ClassAttrs>();
  const int64_t rows = c.in[0].sizes[0], n = c.in[0].sizes[1];
  const auto* target = c.in[1].as<int64_t>();
  if (!check_targets(c, target, rows, a.ignore, n)) return;
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const Classes<T> classes{target, c.in[2].as<T>(), a.ignore, n};
    const T* x = c.in[0].as<T>();
    T* scratch = static_cast<T*>(c.scratch);
    T* losses = a.reduction == kNone ? c.out[0].as<T>() : scratch + rows;
    for (int64_t i = 0; i < rows; ++i) losses[i] = classes.counts(i) ? -classes.weight_of(i) * x[i * n + target[i]] : 0;
    finish_loss(classes, a.reduction, losses, rows, scratch, c.out[0].as<T>(), c.out[1].as<T>());
  });
}

void nll_loss_backward_kernel(const Call& c) {
  const auto& a = c.as<ClassAttrs>();
  const int64_t rows = c.out[0].sizes[0], n = c.out[0].sizes[1];
  with_float(c.out[0].dtype, [&]<class T>(T) {
    const Classes<T> classes{c.in[1].as<int64_t>(), c.in[2].as<T>(), a.ignore, n};
    T* gx = c.out[0].as<T>();
    memset(gx, 0, static_cast<size_t>(rows * n) * sizeof(T));
    for (int64_t i = 0; i < rows; ++i) {
      if (!classes.counts(i)) continue;
      gx[i * n + classes.target[i]] =
          -classes.weight_of(i) * row_gradient(c.in[0].as<T>(), a.reduction, i, c.in[3].as<T>());
    }
  });
}

}  // namespace

TT_OP_TABLE(
    softmax, {"softmax(x; dim: int) -> y", infer::softmax, softmax_kernel},
    {"log_softmax(x; dim: int) -> y", infer::softmax, log_softmax_kernel},
    {"softmax_backward(g, y; dim: int) -> gx", infer::softmax_backward, softmax_backward_kernel},
    {"log_softmax_backward(g, y; dim: int) -> gx", infer::softmax_backward, log_softmax_backward_kernel},
    {"cross_entropy(x, target, weight?; ignore: int, reduction: int, smoothing: float) -> loss, e, sums, total",
     infer::cross_entropy, cross_entropy_kernel},
    {"cross_entropy_backward(g, x, e, sums, target, weight?, total; ignore: int, reduction: int, smoothing: float)"
     " -> gx",
     infer::cross_entropy_backward, cross_entropy_backward_kernel},
    {"nll_loss(x, target, weight?; ignore: int, reduction: int) -> loss, total", infer::nll_loss, nll_loss_kernel},
    {"nll_loss_backward(g, target, weight?, total; ignore: int, reduction: int, classes: int) -> gx",
     infer::nll_loss_backward, nll_loss_backward_kernel})

}  // namespace tt
