// Attention: softmax(q k.T * scale) v for each head, without the matrix of all scores.
//
// Some queries are taken at a time, one a lane: the scores of a key lie side by side, so that maxima and sums over keys
// need no sum across lanes, and only the queries are ever transposed, with the mask and the noise of dropout.
#include "../parallel.h"
#include "attention_plan.h"
#include "gemm.h"
#include "math.h"
#include "windows.h"

namespace tt {
namespace {

// Where a head of a tensor (..., rows, columns) begins.
TT_INLINE int64_t head_offset(const View& v, int64_t head) {
  int64_t offset = 0;
  for (int d = v.ndim - 3; d >= 0; --d) {
    offset += head % v.sizes[d] * v.strides[d];
    head /= v.sizes[d];
  }
  return offset;
}

// One head of a tensor whose columns are side by side.
template <class T>
struct Matrix {
  T* data;
  int64_t row;

  TT_INLINE Matrix(const View& v, int64_t head) : data(v.as<T>() + head_offset(v, head)), row(v.strides[v.ndim - 2]) {}
};

template <class T>
void fill_zero(const View& v, int64_t head) {
  const Matrix<T> m(v, head);
  const int64_t width = v.sizes[v.ndim - 1];
  for (int64_t row = 0; row < v.sizes[v.ndim - 2]; ++row)
    memset(m.data + row * m.row, 0, static_cast<size_t>(width) * sizeof(T));
}

// Queries [first, first + n) and the keys they may look at.
struct Queries {
  int64_t first, n, keys;
};

TT_INLINE Queries block_of(const AttentionPlan& p, int64_t number, bool causal) {
  const int64_t first = number * p.block, n = least(p.block, p.queries - first);
  return {first, n, causal ? least(p.keys, first + n) : p.keys};
}

// What a mask adds to scores, and the noise that multiplies weights, of one block in the order of its scores.
template <class T>
struct Pairs {
  const View& from;  // (..., queries, keys)
  T* to;             // null without
  int64_t offset = -1, first = -1;

  // Fetches those of a block, unless heads share them and they are here.
  void fetch(const Queries& b, int64_t head, int64_t step) {
    if (!to) return;
    const int64_t query = from.strides[from.ndim - 2], key = from.strides[from.ndim - 1];
    const int64_t begin = head_offset(from, head) + b.first * query;
    if (begin == offset && b.first == first) return;
    offset = begin, first = b.first;
    if (from.dtype != DType::kBool) return pack_panel(from.as<T>() + begin, query, key, b.n, step, b.keys, to);
    const bool* const seen = from.as<bool>() + begin;
    for (int64_t k = 0; k < b.keys; ++k)
      for (int64_t i = 0; i < b.n; ++i) to[k * step + i] = seen[i * query + k * key] ? T{0} : -kInf<T>;
  }
};

template <class T>
struct Scores {
  T* data;  // of key s and query `first` + i at data[s * step + i]
  int64_t step;
  T scale;
  bool causal;
  Pairs<T> mask, noise;

  // The scaled scores of up to kLanes queries; -inf for keys behind them.
  TT_INLINE Vec<T> load_scaled(const Queries& b, int64_t key, int64_t i, int64_t lanes) const {
    const Vec<T> x = load_first<T>(data + key * step + i, lanes) * scale;
    if (mask.to) return x + load_first<T>(mask.to + key * step + i, lanes);
    if (!causal || key <= b.first + i) return x;
    Vec<Bits<T>> query;
    for (int lane = 0; lane < kLanes<T>; ++lane) query[lane] = lane;
    return query < static_cast<Bits<T>>(key - b.first - i) ? splat<T>(-kInf<T>) : x;
  }
  TT_INLINE Vec<T> times_noise(Vec<T> x, int64_t key, int64_t i, int64_t lanes) const {
    return noise.to ? x * load_first<T>(noise.to + key * step + i, lanes) : x;
  }
  void fetch(const Queries& b, int64_t head) {
    mask.fetch(b, head, step);
    noise.fetch(b, head, step);
  }
};

// A thread's room for the scores of a block, behind its panels.
template <class T>
Scores<T> scores_in(T* panels, const AttentionPlan& p, const AttentionAttrs& a, const View& mask, const View& noise) {
  T* const data = panels + p.panel_elements();
  T* const more = data + p.score_elements();
  return {data,
          p.step,
          static_cast<T>(a.scale),
          a.causal != 0,
          {mask, p.masked ? more : nullptr},
          {noise, p.noisy ? more + p.masked * p.score_elements() : nullptr}};
}

// data = a b.T, a row for each key: (keys, width) times the transpose of (queries, width).
template <class T>
void key_by_query(const Queries& b, Matrix<T> a, Matrix<T> query, int64_t width, T* panels, T* to, int64_t step) {
  const Gemm g = {b.keys, b.n, width, a.row, 1, 1, query.row, step, 1};
  TT_ISA::product(g, a.data, query.data + b.first * query.row, to, panels);
}

constexpr int64_t kSumRun = 16;  // keys are added up in runs, so that rounding errors do not grow with their number

// The softmax over keys, in place, times the noise; its peak and the sum that it was divided by are kept. Queries that
// a mask lets look nowhere get weights of zero.
template <class T>
void softmax_over_keys(const Queries& b, const Scores<T>& s, T* peaks, T* sums) {
  each_vector<T>(b.n, [&](int64_t i, int64_t lanes) {
    Vec<T> peak = s.load_scaled(b, 0, i, lanes), sum{};
    for (int64_t key = 1; key < b.keys; ++key) peak = maximum(peak, s.load_scaled(b, key, i, lanes));
    if (s.mask.to) peak = peak == -kInf<T> ? Vec<T>{} : peak;
    for (int64_t run = 0; run < b.keys; run += kSumRun) {
      Vec<T> part{};
      for (int64_t key = run; key < least(b.keys, run + kSumRun); ++key) {
        const Vec<T> x = exp_of_negative(s.load_scaled(b, key, i, lanes) - peak);
        store_first<T>(s.data + key * s.step + i, x, lanes);
        part += x;
      }
      sum += part;
    }
    if (s.mask.to) sum = sum == 0 ? splat<T>(1) : sum;
    for (int64_t key = 0; key < b.keys; ++key) {
      T* const at = s.data + key * s.step + i;
      store_first<T>(at, s.times_noise(load_first<T>(at, lanes) / sum, key, i, lanes), lanes);
    }
    store_first<T>(peaks + i, peak, lanes);
    store_first<T>(sums + i, sum, lanes);
  });
}

void attention_kernel(const Call& c) {
  const View &q = c.in[0], &k = c.in[1], &v = c.in[2], &mask = c.in[3], &noise = c.in[4], &y = c.out[0];
  const auto& a = c.as<AttentionAttrs>();
  if (y.numel() == 0) return;
  with_float(q.dtype, [&](auto zero) {
    using T = decltype(zero);
    const AttentionPlan p(q, k, v, mask.data != nullptr, noise.data != nullptr, sizeof(T));
    const auto threads = static_cast<int>(least(c.threads, p.slots));
    const int64_t blocks = p.blocks();
    parallel_for(threads, p.heads * blocks, p.head_cost() / blocks + 1, [&](int64_t begin, int64_t end) {
      T* const panels = static_cast<T*>(c.scratch) + omp_get_thread_num() * p.forward_elements();
      Scores<T> s = scores_in(panels, p, a, mask, noise);
      for (int64_t i = begin; i < end; ++i) {
        const int64_t head = i / blocks;
        if (p.keys == 0) {
          fill_zero<T>(y, head);
          continue;
        }
        const Queries b = block_of(p, i % blocks, s.causal);
        const Matrix<T> values(v, head), to(y, head);
        T* const stats = c.out[1].as<T>() + 2 * head * p.queries + b.first;
        key_by_query(b, Matrix<T>(k, head), Matrix<T>(q, head), p.e, panels, s.data, s.step);
        s.fetch(b, head);
        softmax_over_keys(b, s, stats, stats + p.queries);
        const Gemm mix = {b.n, p.values, b.keys, 1, s.step, values.row, 1, to.row, 1};
        TT_ISA::product(mix, s.data, values.data, to.data + b.first * to.row, nullptr);
      }
    });
  });
}

// The scores become weights again, times the noise; `slopes`, which holds the gradient of these, that of the scores
// before scaling.
template <class T>
void softmax_back(const Queries& b, const Scores<T>& s, T* slopes, const T* peaks, const T* sums) {
  each_vector<T>(b.n, [&](int64_t i, int64_t lanes) {
    const Vec<T> peak = load_first<T>(peaks + i, lanes);
    const Vec<T> sum = load_first<T>(sums + i, lanes);
    Vec<T> inner{};
    for (int64_t run = 0; run < b.keys; run += kSumRun) {
      Vec<T> part{};
      for (int64_t key = run; key < least(b.keys, run + kSumRun); ++key) {
        const Vec<T> weight = exp_of_negative(s.load_scaled(b, key, i, lanes) - peak) / sum;
        store_first<T>(s.data + key * s.step + i, weight, lanes);
        const Vec<T> slope = s.times_noise(load_first<T>(slopes + key * s.step + i, lanes), key, i, lanes);
        if (s.noise.to) store_first<T>(slopes + key * s.step + i, slope, lanes);
        part += weight * slope;
      }
      inner += part;
    }
    for (int64_t key = 0; key < b.keys; ++key) {
      T* const at = slopes + key * s.step + i;
      T* const weights = s.data + key * s.step + i;
      const Vec<T> weight = load_first<T>(weights, lanes);
      store_first<T>(at, weight * (load_first<T>(at, lanes) - inner) * s.scale, lanes);
      if (s.noise.to) store_first<T>(weights, s.times_noise(weight, key, i, lanes), lanes);
    }
  });
}

// to (keys, width) += a (keys, queries) times the block's rows of x (queries, width).
template <class T>
void add_product(const AttentionPlan& p, const Queries& b, const T* a, Matrix<T> x, int64_t width, T* sum,
                 Matrix<T> to) {
  const bool whole = b.n == p.queries && b.keys == p.keys;
  Gemm g = {b.keys, width, b.n, p.step, 1, x.row, 1, whole ? to.row : width, 1};
  TT_ISA::product(g, a, x.data + b.first * x.row, whole ? to.data : sum, nullptr);
  for (int64_t key = 0; !whole && key < b.keys; ++key)
    each_vector<T>(width, [&](int64_t i, int64_t lanes) {
      T* const at = to.data + key * to.row + i;
      store_first<T>(at, load_first<T>(at, lanes) + load_first<T>(sum + key * width + i, lanes), lanes);
    });
}

void attention_backward_kernel(const Call& c) {
  const View &g = c.in[0], &q = c.in[1], &k = c.in[2], &v = c.in[3], &mask = c.in[4], &noise = c.in[5];
  const auto& a = c.as<AttentionAttrs>();
  with_float(q.dtype, [&](auto zero) {
    using T = decltype(zero);
    const AttentionPlan p(q, k, v, mask.data != nullptr, noise.data != nullptr, sizeof(T));
    const bool nothing = p.keys * p.queries * p.values == 0;
    const auto threads = static_cast<int>(least(c.threads, p.slots));
    parallel_for(threads, p.heads, 3 * p.head_cost(), [&](int64_t begin, int64_t end) {
      T* const panels = static_cast<T*>(c.scratch) + omp_get_thread_num() * p.backward_elements();
      Scores<T> s = scores_in(panels, p, a, mask, noise);
      T *const slopes = panels + p.forward_elements(), *const sum = slopes + p.score_elements();
      for (int64_t head = begin; head < end; ++head) {
        const Matrix<T> gradient(g, head), query(q, head), key(k, head), value(v, head);
        const Matrix<T> gq(c.out[0], head), gk(c.out[1], head), gv(c.out[2], head);
        if (p.blocks() > 1 || s.causal || nothing) {
          fill_zero<T>(c.out[1], head);
          fill_zero<T>(c.out[2], head);
        }
        if (nothing) {
          fill_zero<T>(c.out[0], head);
          continue;
        }
        for (int64_t number = 0; number < p.blocks(); ++number) {
          const Queries b = block_of(p, number, s.causal);
          const T* const stats = c.in[6].as<T>() + 2 * head * p.queries + b.first;
          key_by_query(b, key, query, p.e, panels, s.data, s.step);
          key_by_query(b, value, gradient, p.values, panels, slopes, s.step);
          s.fetch(b, head);
          softmax_back(b, s, slopes, stats, stats + p.queries);
          add_product(p, b, s.data, gradient, p.values, sum, gv);
          if (p.e == 0) continue;
          add_product(p, b, slopes, query, p.e, sum, gk);
          const Gemm back = {b.n, p.e, b.keys, 1, s.step, key.row, 1, gq.row, 1};
          TT_ISA::product(back, slopes, key.data, gq.data + b.first * gq.row, nullptr);
        }
      }
    });
  });
}

}  // namespace
}  // namespace tt

namespace tt {
TT_OP_TABLE(attention,
            {"attention(q, k, v, mask?, noise?; scale: float, causal: bool) -> y, stats", infer::attention,
             attention_kernel},
            {"attention_backward(g, q, k, v, mask?, noise?, stats; scale: float, causal: bool) -> gq, gk, gv",
             infer::attention_backward, attention_backward_kernel})
}  // namespace tt
