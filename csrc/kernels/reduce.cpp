// Reductions over any dimensions, in a fixed order (tree.h), and running sums along one.
#include "../parallel.h"
#include "loops.h"
#include "math.h"
#include "reduce_plan.h"
#include "tree.h"

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

// A reduction is cut into chunks whose borders depend on its length alone; the results of the chunks are combined
// pairwise. Chunks are what threads share. (The rules ask for the memory of the partial results.)
template <class T>
constexpr int64_t kRunChunk = 256 * kPack<T>;  // elements of a contiguous run
template <class T>
constexpr int64_t kGatherChunk = 16 * kPack<T>;  // elements that are first copied together
constexpr int64_t kColumnChunk = 512;            // rows
constexpr int64_t kShortRun = 16;                // elements of runs that are laid side by side

// What differs between reductions, behind pointers: how to walk the input is compiled once a dtype.
template <class T>
struct Method {
  T identity;
  T (*run)(const T* x, int64_t n, T context);
  void (*columns)(int64_t rows, const Rows<T>& x, const T* context, T* result);
  void (*combine)(T* to, const T* from, int64_t n);
};

template <class R, class T>
constexpr Method<T> kMethod = {
    R::template identity<T>(),
    [](const T* x, int64_t n, T context) { return reduce_run<R, T>(R{}, x, n, context); },
    [](int64_t rows, const Rows<T>& x, const T* context, T* result) {
      reduce_columns<R, T>(R{}, rows, x, context, result);
    },
    [](T* to, const T* from, int64_t n) {
      for (int64_t i = 0; i < n; ++i) to[i] = R{}.combine(to[i], from[i]);
    },
};

template <class T>
class Reduction {
 public:
  __attribute__((noinline)) Reduction(const Call& c, const Method<T>& method, uint32_t mask, T* out, const T* context,
                                      void* scratch)
      : method_(method), plan_(c.in[0], mask), x_(c.in[0].as<T>()), out_(out), context_(context), threads_(c.threads) {
    direct_ = plan_.contiguous_runs();
    length_ = plan_.columns ? kColumnChunk : direct_ ? kRunChunk<T> : kGatherChunk<T>;
    chunks_ = plan_.reduced.numel > length_ ? (plan_.reduced.numel + length_ - 1) / length_ : 1;
    part_ = chunks_ > 1 ? static_cast<T*>(scratch) : nullptr;
  }

  __attribute__((noinline)) void run() {
    const int64_t outputs = plan_.kept.numel * (plan_.columns ? plan_.columns : 1);
    if (outputs == 0) return;
    if (plan_.reduced.numel == 0) {
      for (int64_t i = 0; i < outputs; ++i) out_[i] = method_.identity;
      return;
    }
    if (plan_.columns) {
      run_columns();
    } else if (direct_ && plan_.reduced.numel <= kShortRun) {
      run_side_by_side();
    } else {
      run_rows();
    }
  }

  // The first element that goes into each output.
  void first_elements(T* to) const {
    Walk walk(plan_.kept, 0);
    for (int64_t o = 0; o < plan_.kept.numel; ++o, walk.next()) {
      const T* x = x_ + walk.at[0];
      to[walk.at[1]] = x[0];
      for (int64_t k = 1; k < plan_.columns; ++k) to[walk.at[1] + k * plan_.column_step] = x[k];
    }
  }

 private:
  int64_t length_of(int64_t chunk) const {
    const int64_t left = plan_.reduced.numel - chunk * length_;
    return left < length_ ? left : length_;
  }

  void run_rows() {
    const int64_t each = length_of(0), cost = (each + 16) / 8 + (direct_ ? 0 : each);
    parallel_for(threads_, plan_.kept.numel * chunks_, cost, [&](int64_t begin, int64_t end) {
      Walk walk(plan_.kept, begin / chunks_);
      int64_t chunk = begin % chunks_;
      for (int64_t i = begin; i < end; ++i) {
        const T result = reduce_chunk(x_ + walk.at[0], chunk, context_ ? context_[walk.at[1]] : T{});
        (part_ ? part_[i] : out_[walk.at[1]]) = result;
        if (++chunk == chunks_) chunk = 0, walk.next();
      }
    });
    if (!part_) return;
    combine_parts(1);
    for (int64_t o = 0; o < plan_.kept.numel; ++o) out_[o] = part_[o * chunks_];
  }

  // Short runs are reduced like columns, kPack of them at a time: their elements in turn.
  void run_side_by_side() {
    const int64_t n = plan_.reduced.numel, tiles = (plan_.kept.numel + kPack<T> - 1) / kPack<T>;
    parallel_for(threads_, tiles, n * kPack<T> / 2, [&](int64_t begin, int64_t end) {
      Walk walk(plan_.kept, begin * kPack<T>);
      for (int64_t tile = begin; tile < end; ++tile) {
        const int64_t left = plan_.kept.numel - tile * kPack<T>, width = left < kPack<T> ? left : kPack<T>;
        T elements[kShortRun * kPack<T>], context[kPack<T>] = {}, result[kPack<T>];
        int64_t to[kPack<T>];
        for (int64_t i = 0; i < width; ++i, walk.next()) {
          const T* x = x_ + walk.at[0];
          for (int64_t k = 0; k < n; ++k) elements[k * kPack<T> + i] = x[k];
          to[i] = walk.at[1];
          if (context_) context[i] = context_[to[i]];
        }
        method_.columns(n, Rows<T>{elements, kPack<T>, nullptr, width}, context, result);
        for (int64_t i = 0; i < width; ++i) out_[to[i]] = result[i];
      }
    });
  }

  T reduce_chunk(const T* x, int64_t chunk, T context) {
    const int64_t n = length_of(chunk);
    if (direct_) return method_.run(x + chunk * length_, n, context);
    T buffer[kGatherChunk<T>];
    gather(x, chunk * length_, n, buffer);
    return method_.run(buffer, n, context);
  }

  // The partial results of each output, `width` side by side, into the first of them.
  void combine_parts(int64_t width) {
    for (int64_t o = 0; o < plan_.kept.numel; ++o) {
      T* part = part_ + o * chunks_ * width;
      for (int64_t step = 1; step < chunks_; step *= 2)
        for (int64_t i = 0; i + step < chunks_; i += 2 * step)
          method_.combine(part + i * width, part + (i + step) * width, width);
    }
  }

  // n elements from `first` on, in the order of `reduced`.
  void gather(const T* x, int64_t first, int64_t n, T* to) const {
    Walk walk(plan_.reduced, first);
    const int inner = walk.dims.n - 1;
    const int64_t size = walk.dims.sizes[inner], stride = walk.dims.strides[inner][0];
    for (int64_t i = 0; i < n;) {
      const int64_t left = size - walk.index[inner], run = left < n - i ? left : n - i;
      const T* from = x + walk.at[0];
      for (int64_t j = 0; j < run; ++j) to[i + j] = from[j * stride];
      i += run;
      walk.index[inner] += run - 1;
      walk.at[0] += (run - 1) * stride;
      walk.next();
    }
  }

  void run_columns() {
    const int64_t wide = (plan_.columns + kPack<T> - 1) / kPack<T>, total = plan_.kept.numel * chunks_ * wide;
    parallel_for(threads_, total, length_of(0) * kPack<T> / 8, [&](int64_t begin, int64_t end) {
      Walk walk(plan_.kept, begin / (chunks_ * wide));
      int64_t chunk = begin / wide % chunks_, tile = begin % wide;
      for (int64_t i = begin; i < end; ++i) {
        reduce_tile(walk, i / wide, chunk, tile * kPack<T>);
        if (++tile < wide) continue;
        tile = 0;
        if (++chunk == chunks_) chunk = 0, walk.next();
      }
    });
    if (!part_) return;
    combine_parts(plan_.columns);
    Walk walk(plan_.kept, 0);
    for (int64_t o = 0; o < plan_.kept.numel; ++o, walk.next())
      for (int64_t k = 0; k < plan_.columns; ++k)
        out_[walk.at[1] + k * plan_.column_step] = part_[o * chunks_ * plan_.columns + k];
  }

  // Up to kPack columns from `column` on, over the rows of one chunk, which is part `part` of all.
  void reduce_tile(const Walk& walk, int64_t part, int64_t chunk, int64_t column) {
    const int64_t first = chunk * length_, rows = length_of(chunk);
    const int64_t width = plan_.columns - column < kPack<T> ? plan_.columns - column : kPack<T>;
    const T* x = x_ + walk.at[0] + column;
    T result[kPack<T>], context[kPack<T>] = {};
    if (context_)
      for (int64_t k = 0; k < width; ++k) context[k] = context_[walk.at[1] + (column + k) * plan_.column_step];
    int64_t rows_at[kColumnChunk];
    if (plan_.reduced.n <= 1) {
      const int64_t stride = plan_.reduced.n == 1 ? plan_.reduced.strides[0][0] : 0;
      for (int64_t i = 0; i < rows; ++i) rows_at[i] = (first + i) * stride;
    } else {
      Walk row(plan_.reduced, first);
      for (int64_t i = 0; i < rows; ++i, row.next()) rows_at[i] = row.at[0];
    }
    method_.columns(rows, Rows<T>{x, 0, rows_at, width}, context, result);
    T* to = part_ ? part_ + part * plan_.columns + column : out_ + walk.at[1] + column * plan_.column_step;
    const int64_t step = part_ ? 1 : plan_.column_step;
    for (int64_t k = 0; k < width; ++k) to[k * step] = result[k];
  }

  const Method<T>& method_;
  const Plan plan_;
  const T* x_;
  T* out_;
  const T* context_;
  T* part_;
  bool direct_;
  int64_t length_;  // of a chunk
  int64_t chunks_;
  int threads_;
};

template <class R, class T>
void reduce_to(const Call& c, uint32_t mask, T* out, const T* context = nullptr) {
  Reduction<T>(c, kMethod<R, T>, mask, out, context, c.scratch).run();
}

struct ReduceAttrs {
  Ints dims;
  int64_t keepdim;
};

TT_INLINE uint32_t mask_of(const Call& c) { return reduced_dims(c.as<ReduceAttrs>().dims, c.in[0].ndim); }

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
          if (any((v == wanted) | (v != v))) break;
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

// Running results along one dimension of a contiguous input: state = step(state, element, position), which is
// written by put(offset, state).
struct ScanAttrs {
  int64_t dim;
  int64_t reverse;
};

template <class T, class State, class Step, class Put>
void scan(const Call& c, bool reverse, State start, Step step, Put put) {
  const View& x = c.in[0];
  const int64_t dim = c.as<int64_t>();
  int64_t outer = 1, n = 1, inner = 1;
  const int64_t at = dim < 0 ? dim + x.ndim : dim;
  for (int d = 0; d < x.ndim; ++d) (d < at ? outer : d == at ? n : inner) *= x.sizes[d];
  if (inner == 1) {
    parallel_for(c.threads, outer, 2 * n, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        State state = start;
        for (int64_t i = 0; i < n; ++i) {
          const int64_t place = reverse ? n - 1 - i : i;
          state = step(state, x.as<T>()[row * n + place], place);
          put(row * n + place, state);
        }
      }
    });
    return;
  }
  constexpr int64_t kTile = 32;
  const int64_t tiles = (inner + kTile - 1) / kTile;
  parallel_for(c.threads, outer * tiles, 2 * n * (inner < kTile ? inner : kTile), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const int64_t first = t / tiles * n * inner + t % tiles * kTile;
      const int64_t left = inner - t % tiles * kTile, width = left < kTile ? left : kTile;
      State state[kTile];
      for (auto& s : state) s = start;
      for (int64_t i = 0; i < n; ++i) {
        const int64_t place = reverse ? n - 1 - i : i, row = first + place * inner;
        for (int64_t k = 0; k < width; ++k) {
          state[k] = step(state[k], x.as<T>()[row + k], place);
          put(row + k, state[k]);
        }
      }
    }
  });
}

// Floats run in double, as PyTorch has it.
template <class Step>
void scan_numbers(const Call& c, double start, Step step) {
  const bool reverse = c.as<ScanAttrs>().reverse;
  const auto run = [&]<class T, class A>(T, A first) {
    T* y = c.out[0].as<T>();
    scan<T>(
        c, reverse, first, [&](A s, T v, int64_t) { return step(s, static_cast<A>(v)); },
        [y](int64_t at, A s) { y[at] = static_cast<T>(s); });
  };
  switch (c.in[0].dtype) {
    case DType::kFloat32:
      return run(float{}, start);
    case DType::kFloat64:
      return run(double{}, start);
    default:
      return run(int64_t{}, static_cast<int64_t>(start));
  }
}

void cumsum_kernel(const Call& c) {
  scan_numbers(c, 0, [](auto s, auto v) { return s + v; });
}
void cumprod_kernel(const Call& c) {
  scan_numbers(c, 1, [](auto s, auto v) { return s * v; });
}

// log(exp(a) + exp(b)), without overflow.
TT_INLINE double log_add(double a, double b) {
  if (a != a || b != b) return a + b;
  const double high = a > b ? a : b, low = a > b ? b : a;
  if (high - low == 0 || high == low || __builtin_isinf(high))
    return high == low ? high + 0.69314718055994530942 : high;
  return high + __builtin_log1p(__builtin_exp(low - high));
}

void logcumsumexp_kernel(const Call& c) {
  const bool reverse = c.as<ScanAttrs>().reverse;
  with_float(c.in[0].dtype, [&]<class T>(T) {
    T* y = c.out[0].as<T>();
    scan<T>(
        c, reverse, lowest<double>(), [](double s, T v, int64_t) { return log_add(s, v); },
        [y](int64_t at, double s) { y[at] = static_cast<T>(s); });
  });
}

// Writes element `at` of an integer tensor.
void put_integer(const View& to, int64_t at, int64_t value) {
  with_width(to.dtype, [&]<class U>(U) { to.as<U>()[at] = static_cast<U>(value); });
}

// The last of equal extremes counts; once a NaN is met, it stays. Integers come as int64.
void running_extreme(const Call& c, bool max) {
  const auto run = [&]<class T, class Put>(T, Put put_value) {
    struct State {
      T value;
      int64_t index;
    };
    auto* indices = c.out[1].as<int64_t>();
    const auto step = [&](State s, T v, int64_t place) {
      const bool better = max ? v >= s.value : v <= s.value;
      return s.index < 0 || v != v || (s.value == s.value && better) ? State{v, place} : s;
    };
    scan<T>(c, false, State{T{}, -1}, step, [=](int64_t at, State s) {
      put_value(at, s.value);
      indices[at] = s.index;
    });
  };
  const View& values = c.out[0];
  switch (values.dtype) {
    case DType::kFloat32:
      return run(float{}, [p = values.as<float>()](int64_t at, float v) { p[at] = v; });
    case DType::kFloat64:
      return run(double{}, [p = values.as<double>()](int64_t at, double v) { p[at] = v; });
    default:
      return run(int64_t{}, [&values](int64_t at, int64_t v) { put_integer(values, at, v); });
  }
}

void cummax_kernel(const Call& c) { running_extreme(c, true); }
void cummin_kernel(const Call& c) { running_extreme(c, false); }

}  // namespace

TT_OP_TABLE(reduce, {"sum(x; dims: ints, keepdim: bool) -> y", infer::sum, sum_kernel},
            {"sum_to(x; sizes: ints) -> y", infer::sum_to, sum_to_kernel},
            {"prod(x; dims: ints, keepdim: bool) -> y", infer::sum, prod_kernel},
            {"mean(x; dims: ints, keepdim: bool) -> y", infer::mean, mean_kernel},
            {"var(x; dims: ints, keepdim: bool, correction: float) -> var, mean", infer::mean, var_kernel},
            {"norm2(x; dims: ints, keepdim: bool) -> y", infer::mean, norm2_kernel},
            {"logsumexp(x; dims: ints, keepdim: bool) -> y, peak", infer::mean, logsumexp_kernel},
            {"amax(x; dims: ints, keepdim: bool) -> y", infer::extreme, amax_kernel},
            {"amin(x; dims: ints, keepdim: bool) -> y", infer::extreme, amin_kernel},
            {"any(x; dims: ints, keepdim: bool) -> y", infer::any, amax_kernel},
            {"all(x; dims: ints, keepdim: bool) -> y", infer::any, all_kernel},
            {"max_dim(x; dim: int, keepdim: bool) -> values, indices", infer::extreme_dim, max_dim_kernel},
            {"min_dim(x; dim: int, keepdim: bool) -> values, indices", infer::extreme_dim, min_dim_kernel},
            {"cumsum(x; dim: int, reverse: bool) -> y", infer::scan, cumsum_kernel},
            {"cumprod(x; dim: int, reverse: bool) -> y", infer::scan, cumprod_kernel},
            {"logcumsumexp(x; dim: int, reverse: bool) -> y", infer::scan_float, logcumsumexp_kernel},
            {"cummax(x; dim: int) -> values, indices", infer::scan_extreme, cummax_kernel},
            {"cummin(x; dim: int) -> values, indices", infer::scan_extreme, cummin_kernel})

}  // namespace tt
