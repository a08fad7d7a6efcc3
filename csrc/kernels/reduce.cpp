// Reductions over any dimensions: sums, products, means and variances, norms; the largest and the smallest, and where
// along one dimension they stand; any and all.
#include "math.h"
#include "reduction.h"

namespace tt {
namespace {

struct Product {
  template <class T>
  static constexpr T identity() {
    return 1;
  }
  template <class V>
  TT_INLINE V map(V x, V) const {
    return x;
  }
  template <class V>
  TT_INLINE V combine(V a, V b) const {
    return a * b;
  }
};

struct SumOfSquares : Sum {
  template <class V>
  TT_INLINE V map(V x, V) const {
    return x * x;
  }
};

// From the context.
struct Deviation : Sum {
  template <class V>
  TT_INLINE V map(V x, V origin) const {
    return x - origin;
  }
};

// From the mean, which is the context.
struct SquaredDeviation : Sum {
  template <class V>
  TT_INLINE V map(V x, V mean) const {
    return (x - mean) * (x - mean);
  }
};

// Relative to the maximum, which is the context.
struct SumOfExp : Sum {
  TT_INLINE Vec<float> map(Vec<float> x, Vec<float> peak) const { return exp(x - peak); }
  TT_INLINE Vec<double> map(Vec<double> x, Vec<double> peak) const { return exp(x - peak); }
};

// How many elements each output is made of.
TT_INLINE int64_t reduced_count(const View& x, uint32_t mask) {
  int64_t n = 1;
  for (int d = 0; d < x.ndim; ++d)
    if (mask >> d & 1) n *= x.sizes[d];
  return n;
}

template <class R>
void reduce_exact(const Call& c, uint32_t mask) {
  switch (c.in[0].dtype) {
    case DType::kFloat32:
      return reduce_to<R>(c, mask, c.out[0].as<float>());
    case DType::kFloat64:
      return reduce_to<R>(c, mask, c.out[0].as<double>());
    default:
      return reduce_to<R>(c, mask, c.out[0].as<int64_t>());
  }
}

void sum_kernel(const Call& c) { reduce_exact<Sum>(c, mask_of(c)); }
void prod_kernel(const Call& c) { reduce_exact<Product>(c, mask_of(c)); }

// The gradient of a broadcast: dimensions that `sizes` lacks or has as 1 are summed.
void sum_to_kernel(const Call& c) {
  const View& x = c.in[0];
  const auto& sizes = c.as<Ints>();
  const int extra = x.ndim - static_cast<int>(sizes.n);
  uint32_t mask = (1u << extra) - 1;
  for (int d = extra; d < x.ndim; ++d)
    if (sizes[d - extra] == 1 && x.sizes[d] != 1) mask |= 1u << d;
  reduce_exact<Sum>(c, mask);
}

template <class T>
void divide(T* x, int64_t n, double by) {
  const T divisor = static_cast<T>(by);
  for (int64_t i = 0; i < n; ++i) x[i] /= divisor;
}

void mean_kernel(const Call& c) {
  const uint32_t mask = mask_of(c);
  with_float(c.in[0].dtype, [&]<class T>(T) {
    T* y = c.out[0].as<T>();
    reduce_to<Sum>(c, mask, y);
    divide(y, c.out[0].numel(), static_cast<double>(reduced_count(c.in[0], mask)));
  });
}

// Twice over the input: the mean, then the squared deviations from it. The mean is taken relative to one of the
// elements, so that equal elements have no variance, and elements close together one that is accurate.
void var_kernel(const Call& c) {
  struct Attrs {
    ReduceAttrs reduce;
    double correction;
  };
  const double correction = c.as<Attrs>().correction;
  const uint32_t mask = mask_of(c);
  const int64_t count = reduced_count(c.in[0], mask), outputs = c.out[0].numel();
  with_float(c.in[0].dtype, [&]<class T>(T) {
    T *var = c.out[0].as<T>(), *mean = c.out[1].as<T>();
    if (count > 0 && outputs > 0) {
      const T* origin = mean;
      Reduction<T> deviation(c, kMethod<Deviation, T>, mask, var, origin, c.scratch);
      deviation.first_elements(mean);
      deviation.run();
      for (int64_t i = 0; i < outputs; ++i) mean[i] += var[i] / static_cast<T>(count);
    }
    reduce_to<SquaredDeviation>(c, mask, var, static_cast<const T*>(mean));
    const auto n = static_cast<double>(count);
    divide(var, outputs, n > correction && n > 0 ? n - correction : 0);
  });
}

void norm2_kernel(const Call& c) {
  with_float(c.in[0].dtype, [&]<class T>(T) {
    T* y = c.out[0].as<T>();
    reduce_to<SumOfSquares>(c, mask_of(c), y);
    const int64_t n = c.out[0].numel();
    for (int64_t i = 0; i < n; ++i) y[i] = sizeof(T) == 4 ? __builtin_sqrtf(y[i]) : __builtin_sqrt(y[i]);
  });
}

// log(sum(exp(x))), with the finite maximum taken out before and put back after.
void logsumexp_kernel(const Call& c) {
  const uint32_t mask = mask_of(c);
  with_float(c.in[0].dtype, [&]<class T>(T) {
    T *y = c.out[0].as<T>(), *peak = c.out[1].as<T>();
    const int64_t n = c.out[0].numel();
    reduce_to<Max>(c, mask, peak);
    for (int64_t i = 0; i < n; ++i) peak[i] = __builtin_isinf(peak[i]) ? 0 : peak[i];
    reduce_to<SumOfExp>(c, mask, y, static_cast<const T*>(peak));
    for (int64_t i = 0; i < n; i += kLanes<T>) {
      const int64_t left = n - i < kLanes<T> ? n - i : kLanes<T>;
      store_first<T>(y + i, log(load_first<T>(y + i, left)) + load_first<T>(peak + i, left), left);
    }
  });
}

struct Min {
  template <class T>
  static constexpr T identity() {
    if constexpr (static_cast<T>(0.5) != 0) {
      return -lowest<T>();
    } else {
      return static_cast<T>(~lowest<T>());
    }
  }
  template <class V>
  TT_INLINE V map(V x, V) const {
    return x;
  }
  template <class V>
  TT_INLINE V combine(V a, V b) const {
    if constexpr (kIsFloats<V>) return b != b ? b : at_most(a, b);
    return ((b < a) | (b != b)) ? b : a;
  }
};

// Of bytes that are 0 or 1.
struct Every : Min {
  template <class T>
  static constexpr T identity() {
    return 1;
  }
};

// Extremes. Booleans are bytes of 0 and 1: `any` is the maximum of them. Integers of two and
// four bytes (and int8) come as int64; their results are put together in scratch and go back to the dtype of the
// output. f(values) is called before that, with all values in the dtype of the input.
template <class T, class F>
void reduce_order(const Call& c, const Method<T>& method, uint32_t mask, F f) {
  const int64_t n = c.out[0].numel();
  const bool narrow = sizeof(T) > 1 && c.out[0].dtype != c.in[0].dtype;
  T* values = narrow ? static_cast<T*>(c.scratch) : c.out[0].as<T>();
  Reduction<T>(c, method, mask, values, nullptr, narrow ? values + n : c.scratch).run();
  f(static_cast<const T*>(values));
  if (!narrow) return;
  with_integer(c.out[0].dtype, [&]<class U>(U) {
    for (int64_t i = 0; i < n; ++i) c.out[0].as<U>()[i] = static_cast<U>(values[i]);
  });
}

template <class R, class F>
void reduce_order(const Call& c, uint32_t mask, F f) {
  switch (c.in[0].dtype) {
    case DType::kFloat32:
      return reduce_order(c, kMethod<R, float>, mask, f);
    case DType::kFloat64:
      return reduce_order(c, kMethod<R, double>, mask, f);
    case DType::kInt64:
      return reduce_order(c, kMethod<R, int64_t>, mask, f);
    default:
      return reduce_order(c, kMethod<R, uint8_t>, mask, f);
  }
}

void amax_kernel(const Call& c) {
  reduce_order<Max>(c, mask_of(c), [](auto) {});
}
void amin_kernel(const Call& c) {
  reduce_order<Min>(c, mask_of(c), [](auto) {});
}
void all_kernel(const Call& c) { reduce_to<Every>(c, mask_of(c), c.out[0].as<uint8_t>()); }

struct DimAttrs {
  int64_t dim;
  int64_t keepdim;
};

TT_INLINE uint32_t one_dim(const Call& c) {
  const int64_t dim = c.as<DimAttrs>().dim;
  return c.in[0].ndim == 0 ? 0 : 1u << (dim < 0 ? dim + c.in[0].ndim : dim);
}

// The first lane that is true in a comparison's result, where one is.
template <class M>
TT_INLINE int64_t first_true(M mask) {
  const auto bytes = narrow_mask(mask);
  uint64_t words[(sizeof bytes + 7) / 8] = {};
  memcpy(words, &bytes, sizeof bytes);
  int64_t word = 0;
  while (words[word] == 0) ++word;
  return word * 8 + __builtin_ctzll(words[word]) / 8;
}

// Where along one dimension the extreme that was found (or the NaN that took its place) first stands.
template <class T>
void first_index(const Call& c, uint32_t mask, const T* value) {
  const Plan plan(c.in[0], mask);
  const T* x = c.in[0].as<T>();
  auto* index = c.out[1].as<int64_t>();
  const int64_t n = plan.reduced.numel, stride = plan.reduced.n ? plan.reduced.strides[0][0] : 0;
  if (n == 0) return;
  parallel_for(c.threads, plan.kept.numel, n * (plan.columns ? plan.columns : 1), [&](int64_t begin, int64_t end) {
    Walk walk(plan.kept, begin);
    for (int64_t o = begin; o < end; ++o, walk.next()) {
      const T* from = x + walk.at[0];
      if (!plan.columns) {
        const T wanted = value[walk.at[1]];
        int64_t i = 0;
        for (; stride == 1 && i + kLanes<T> <= n; i += kLanes<T>) {
          const Vec<T> v = load<T>(from + i);
          const auto there = (v == wanted) | (v != v);
          if (!any(there)) continue;
          i += first_true(there);
          break;
        }
        while (!((from[i * stride] == wanted) | (from[i * stride] != from[i * stride]))) ++i;
        index[walk.at[1]] = i;
        continue;
      }
      constexpr int64_t kTile = 64;
      for (int64_t k = 0; k < plan.columns; k += kTile) {
        const int64_t width = plan.columns - k < kTile ? plan.columns - k : kTile;
        const int64_t to = walk.at[1] + k * plan.column_step;
        T wanted[kTile];
        int64_t found[kTile];
        for (int64_t j = 0; j < width; ++j) wanted[j] = value[to + j * plan.column_step];
        for (int64_t i = n - 1; i >= 0; --i) {
          const T* row = from + i * stride + k;
          for (int64_t j = 0; j < width; ++j) found[j] = ((row[j] == wanted[j]) | (row[j] != row[j])) ? i : found[j];
        }
        for (int64_t j = 0; j < width; ++j) index[to + j * plan.column_step] = found[j];
      }
    }
  });
}

template <class R>
void extreme_dim(const Call& c) {
  const uint32_t mask = one_dim(c);
  reduce_order<R>(c, mask, [&](auto* values) { first_index(c, mask, values); });
}

void max_dim_kernel(const Call& c) { extreme_dim<Max>(c); }
void min_dim_kernel(const Call& c) { extreme_dim<Min>(c); }

}  // namespace

TT_OP_TABLE(reduce, {"sum(x; dims: ints?, keepdim: bool) -> y", infer::sum, sum_kernel},
            {"sum_to(x; sizes: ints) -> y", infer::sum_to, sum_to_kernel},
            {"prod(x; dims: ints?, keepdim: bool) -> y", infer::sum, prod_kernel},
            {"mean(x; dims: ints?, keepdim: bool) -> y", infer::mean, mean_kernel},
            {"var(x; dims: ints?, keepdim: bool, correction: float) -> var, mean", infer::mean, var_kernel},
            {"norm2(x; dims: ints?, keepdim: bool) -> y", infer::mean, norm2_kernel},
            {"logsumexp(x; dims: ints?, keepdim: bool) -> y, peak", infer::mean, logsumexp_kernel},
            {"amax(x; dims: ints?, keepdim: bool) -> y", infer::extreme, amax_kernel},
            {"amin(x; dims: ints?, keepdim: bool) -> y", infer::extreme, amin_kernel},
            {"any(x; dims: ints?, keepdim: bool) -> y", infer::any, amax_kernel},
            {"all(x; dims: ints?, keepdim: bool) -> y", infer::any, all_kernel},
            {"max_dim(x; dim: int, keepdim: bool) -> values, indices", infer::extreme_dim, max_dim_kernel},
            {"min_dim(x; dim: int, keepdim: bool) -> values, indices", infer::extreme_dim, min_dim_kernel})

}  // namespace tt
