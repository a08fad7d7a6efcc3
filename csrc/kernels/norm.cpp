// Normalisation over the rows of a matrix (layer, RMS) and over all but the channels (batch), with fused gradients.
#include "../parallel.h"
#include "loops.h"
#include "tree.h"

namespace tt {
namespace {

// Calls f(offset, count) on the vectors of n elements.
template <class T, class F>
TT_INLINE void each_vector(int64_t n, F&& f) {
  int64_t i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) f(i, int64_t{kLanes<T>});
  if (i < n) f(i, n - i);
}

struct Deviation : Sum {
  template <class V>
  TT_INLINE V map(V x, V origin) const {
    return x - origin;
  }
};
struct SquaredDeviation : Sum {
  template <class V>
  TT_INLINE V map(V x, V mean) const {
    return (x - mean) * (x - mean);
  }
};

template <class T>
TT_INLINE T inverse_sqrt(T x) {
  if constexpr (sizeof(T) == 4) return 1 / __builtin_sqrtf(x);
  return 1 / static_cast<T>(__builtin_sqrt(x));
}

// Columns of floats are taken as so many vectors side by side, so that enough chains of sums run at once, and single
// vectors of what is left.
template <class T>
constexpr int kAbreast = sizeof(T) == 4 && kVecBytes > 16 ? 128 / kVecBytes : 1;

// Calls f.template operator()<N>(first, width) on columns in groups of N vectors, or where that would leave threads
// idle, of one; columns that do not lie side by side (`apart`) come one by one.
template <class T, class F>
TT_INLINE void share_columns(int threads, int64_t columns, int64_t cost, bool apart, F&& f) {
  constexpr int N = kAbreast<T>;
  constexpr int64_t kWide = N * kLanes<T>;
  const int64_t one = apart ? 1 : kLanes<T>, step = apart || columns < kWide * threads ? one : kWide;
  parallel_for(threads, (columns + step - 1) / step, cost * step, [&](int64_t begin, int64_t end) {
    const int64_t last = end * step < columns ? end * step : columns;
    for (int64_t i = begin * step; i < last;) {
      const int64_t left = last - i;
      if (N > 1 && step == kWide && left >= kWide) {
        f.template operator()<N>(i, kWide);
        i += kWide;
      } else {
        f.template operator()<1>(i, left < one ? left : one);
        i += one;
      }
    }
  });
}

// N vectors, of which only a single one may be partial.
template <int N, class T>
TT_INLINE Pack<T, N> load_columns(const T* p, int64_t width) {
  if constexpr (N == 1) return {load_first<T>(p, width)};
  Pack<T, N> v;
#pragma GCC unroll 4
  for (int k = 0; k < N; ++k) v.v[k] = load<T>(p + k * kLanes<T>);
  return v;
}
template <int N, class T>
TT_INLINE void store_columns(T* p, const Pack<T, N>& v, int64_t width) {
  if constexpr (N == 1) return store_first<T>(p, v.v[0], width);
#pragma GCC unroll 4
  for (int k = 0; k < N; ++k) store<T>(p + k * kLanes<T>, v.v[k]);
}

// f of every vector.
template <class T, int N, class F, class... In>
TT_INLINE Pack<T, N> map_columns(F&& f, const In&... in) {
  Pack<T, N> y;
#pragma GCC unroll 4
  for (int k = 0; k < N; ++k) y.v[k] = f(in.v[k]...);
  return y;
}

// Rows for a tree: g * (x - mean) * rstd of each, or g alone where there is no x; computed where they are
// summed, never stored.
template <class T>
struct Products {
  const T *g, *x, *mean, *rstd;
  int64_t stride, width;

  template <int N>
  TT_INLINE Pack<T, N> load_row(int64_t i) const {
    const Pack<T, N> row = load_columns<N>(g + i * stride, width);
    if (!x) return row;
    const T from = mean ? mean[i] : T(0), by = rstd[i];
    return map_columns<T, N>([=](Vec<T> g, Vec<T> x) { return g * ((x - from) * by); }, row,
                             load_columns<N>(x + i * stride, width));
  }
};

// The sums of `products` over rows, column by column.
template <class T>
void sum_columns(const Call& c, Products<T> products, int64_t rows, int64_t columns, T* to) {
  share_columns<T>(c.threads, columns, rows, false, [&]<int N>(int64_t first, int64_t width) {
    Products<T> p = products;
    p.width = width;
    p.g += first;
    if (p.x) p.x += first;
    Pack<T, N> sum{};
    if (rows > 0) sum = tree<N, Sum, T>(Sum{}, rows, Pack<T, N>{}, p);
    store_columns<N>(to + first, sum, width);
  });
}

// ---- rows ----

struct RowAttrs {
  int64_t n;
  double eps;
};

// y = (x - mean) * rstd * weight + bias; without `centred`, mean is 0.
template <class T>
void normalize_row(const T* x, T mean, T rstd, const T* weight, const T* bias, T* y, int64_t n) {
  each_vector<T>(n, [&](int64_t i, int64_t left) {
    Vec<T> v = (load_first<T>(x + i, left) - mean) * rstd;
    if (weight) v *= load_first<T>(weight + i, left);
    if (bias) v += load_first<T>(bias + i, left);
    store_first<T>(y + i, v, left);
  });
}

void layer_norm_kernel(const Call& c) {
  const auto& a = c.as<RowAttrs>();
  const int64_t n = a.n, rows = n ? c.in[0].numel() / n : 0;
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const T *x = c.in[0].as<T>(), *weight = c.in[1].as<T>(), *bias = c.in[2].as<T>();
    T *y = c.out[0].as<T>(), *mean = c.out[1].as<T>(), *rstd = c.out[2].as<T>();
    parallel_for(c.threads, rows, n, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T* row = x + i * n;
        mean[i] = row[0] + reduce_run<Deviation, T>(Deviation{}, row, n, row[0]) / static_cast<T>(n);
        const T var = reduce_run<SquaredDeviation, T>(SquaredDeviation{}, row, n, mean[i]) / static_cast<T>(n);
        rstd[i] = inverse_sqrt<T>(var + static_cast<T>(a.eps));
        normalize_row<T>(row, mean[i], rstd[i], weight, bias, y + i * n, n);
      }
    });
  });
}

void rms_norm_kernel(const Call& c) {
  const auto& a = c.as<RowAttrs>();
  const int64_t n = a.n, rows = n ? c.in[0].numel() / n : 0;
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const T *x = c.in[0].as<T>(), *weight = c.in[1].as<T>();
    T *y = c.out[0].as<T>(), *rstd = c.out[1].as<T>();
    parallel_for(c.threads, rows, n, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T square = reduce_run<SquaredDeviation, T>(SquaredDeviation{}, x + i * n, n) / static_cast<T>(n);
        rstd[i] = inverse_sqrt<T>(square + static_cast<T>(a.eps));
        normalize_row<T>(x + i * n, T(0), rstd[i], weight, nullptr, y + i * n, n);
      }
    });
  });
}

// With u = g * weight and v = (x - mean) * rstd: gx = rstd (u - mean(u) - v mean(u v)); mean(u) only where the mean was
// taken out.
template <class T>
void normalize_row_backward(const T* g, const T* x, T mean, T rstd, bool centred, const T* weight, T* gx, int64_t n) {
  const auto u = [&](int64_t i, int64_t left) {
    const Vec<T> v = load_first<T>(g + i, left);
    return weight ? v * load_first<T>(weight + i, left) : v;
  };
  const auto v = [&](int64_t i, int64_t left) { return (load_first<T>(x + i, left) - mean) * rstd; };
  T mean_u = 0;
  if (centred) {
    each_vector<T>(n, [&](int64_t i, int64_t left) { store_first<T>(gx + i, u(i, left), left); });
    mean_u = reduce_run<Sum, T>(Sum{}, gx, n) / static_cast<T>(n);
  }
  each_vector<T>(n, [&](int64_t i, int64_t left) { store_first<T>(gx + i, u(i, left) * v(i, left), left); });
  const T mean_uv = reduce_run<Sum, T>(Sum{}, gx, n) / static_cast<T>(n);
  each_vector<T>(n, [&](int64_t i, int64_t left) {
    store_first<T>(gx + i, rstd * (u(i, left) - mean_u - v(i, left) * mean_uv), left);
  });
}

void layer_norm_backward_kernel(const Call& c) {
  const View& x = c.in[1];
  const int64_t n = c.as<int64_t>(), rows = n ? x.numel() / n : 0;
  with_float(x.dtype, [&]<class T>(T) {
    const T *g = c.in[0].as<T>(), *mean = c.in[2].as<T>(), *rstd = c.in[3].as<T>(), *weight = c.in[4].as<T>();
    T* gx = c.out[0].as<T>();
    parallel_for(c.threads, rows, 2 * n, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        normalize_row_backward<T>(g + i * n, x.as<T>() + i * n, mean[i], rstd[i], true, weight, gx + i * n, n);
    });
    if (c.out[1].data) sum_columns<T>(c, {g, x.as<T>(), mean, rstd, n, 0}, rows, n, c.out[1].as<T>());
    if (c.out[2].data) sum_columns<T>(c, {g, nullptr, nullptr, nullptr, n, 0}, rows, n, c.out[2].as<T>());
  });
}

void rms_norm_backward_kernel(const Call& c) {
  const View& x = c.in[1];
  const int64_t n = c.as<int64_t>(), rows = n ? x.numel() / n : 0;
  with_float(x.dtype, [&]<class T>(T) {
    const T *g = c.in[0].as<T>(), *rstd = c.in[2].as<T>(), *weight = c.in[3].as<T>();
    T* gx = c.out[0].as<T>();
    parallel_for(c.threads, rows, 2 * n, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        normalize_row_backward<T>(g + i * n, x.as<T>() + i * n, T(0), rstd[i], false, weight, gx + i * n, n);
    });
    if (c.out[1].data) sum_columns<T>(c, {g, x.as<T>(), nullptr, rstd, n, 0}, rows, n, c.out[1].as<T>());
  });
}

// ---- channels ----

// (rows, channels, inner): the statistics of a channel are over rows and inner.
struct Channels {
  int64_t rows = 1, channels = 0, inner = 1;

  explicit Channels(const View& x) {
    if (x.ndim > 0) rows = x.sizes[0];
    if (x.ndim > 1) channels = x.sizes[1];
    for (int d = 2; d < x.ndim; ++d) inner *= x.sizes[d];
  }
  int64_t count() const { return rows * inner; }
};

// The sum over one channel, or (inner == 1) over as many side by side as N vectors hold: vectors either way.
template <class T, int N, class R>
TT_INLINE Pack<T, N> sum_channel(const R& r, const Channels& s, const T* x, int64_t width, const Pack<T, N>& context) {
  if (N > 1 || s.inner == 1) return tree<N, R, T>(r, s.rows, context, Rows<T>{x, s.channels, nullptr, width});
  Counter<1, Sum, T> counter;
  for (int64_t i = 0; i < s.rows; ++i) {
    const T sum = reduce_run<R, T>(r, x + i * s.channels * s.inner, s.inner, context.v[0][0]);
    counter.push(Sum{}, Pack<T, 1>{splat<T>(sum)});
  }
  return {counter.total(Sum{}).v[0]};
}

// Calls f.template operator()<N>(first channel, width) for channels that are handled together: N > 1 where inner == 1.
template <class T, class F>
TT_INLINE void each_channel(const Call& c, const Channels& s, int64_t cost, F&& f) {
  share_columns<T>(c.threads, s.channels, cost * s.count(), s.inner != 1, f);
}

// Calls f(offset, width) over the elements of channels first .. first + width, where per-channel values are vectors.
template <class T, int N, class F>
TT_INLINE void map_channel(const Channels& s, int64_t first, int64_t width, F&& f) {
  if (N > 1 || s.inner == 1) {
    for (int64_t i = 0; i < s.rows; ++i) f(i * s.channels + first, width);
    return;
  }
  for (int64_t i = 0; i < s.rows; ++i)
    each_vector<T>(s.inner, [&](int64_t k, int64_t left) { f((i * s.channels + first) * s.inner + k, left); });
}

template <int N, class T>
TT_INLINE Pack<T, N> channel_values(const T* p, const Channels& s, int64_t first, int64_t width, T otherwise) {
  if (p && (N > 1 || s.inner == 1)) return load_columns<N>(p + first, width);
  return map_columns<T, N>([=](Vec<T>) { return splat<T>(p ? p[first] : otherwise); }, Pack<T, N>{});
}

template <int N, class T>
TT_INLINE Pack<T, N> rstd_of(const Pack<T, N>& var, double eps) {
  return map_columns<T, N>(
      [=](Vec<T> v) {
        for (int k = 0; k < kLanes<T>; ++k) v[k] = inverse_sqrt<T>(v[k] + static_cast<T>(eps));
        return v;
      },
      var);
}

// y = (x - mean) * rstd * w + b over channels.
template <class T, int N>
TT_INLINE void normalize_channels(const Channels& s, int64_t first, int64_t width, const T* x, const Pack<T, N>& mean,
                                  const Pack<T, N>& rstd, const Pack<T, N>& w, const Pack<T, N>& b, T* y) {
  map_channel<T, N>(s, first, width, [=](int64_t i, int64_t left) {
    const auto one = [](Vec<T> x, Vec<T> mean, Vec<T> rstd, Vec<T> w, Vec<T> b) { return (x - mean) * rstd * w + b; };
    store_columns<N>(y + i, map_columns<T, N>(one, load_columns<N>(x + i, left), mean, rstd, w, b), left);
  });
}

void batch_norm_kernel(const Call& c) {
  const Channels s(c.in[0]);
  const double eps = c.as<double>();
  if (s.count() == 0) return;
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const T *x = c.in[0].as<T>(), *weight = c.in[1].as<T>(), *bias = c.in[2].as<T>();
    each_channel<T>(c, s, 2, [&]<int N>(int64_t first, int64_t width) {
      const T* at = x + first * s.inner;
      const auto count = static_cast<T>(s.count());
      const Pack<T, N> origin = channel_values<N>(x, s, first * s.inner, width, T(0));
      const Pack<T, N> mean = map_columns<T, N>([=](Vec<T> origin, Vec<T> sum) { return origin + sum / count; }, origin,
                                                sum_channel<T, N>(Deviation{}, s, at, width, origin));
      const Pack<T, N> var = map_columns<T, N>([=](Vec<T> sum) { return sum / count; },
                                               sum_channel<T, N>(SquaredDeviation{}, s, at, width, mean));
      const Pack<T, N> rstd = rstd_of<N, T>(var, eps);
      store_columns<N>(c.out[1].as<T>() + first, mean, width);
      store_columns<N>(c.out[2].as<T>() + first, var, width);
      store_columns<N>(c.out[3].as<T>() + first, rstd, width);
      normalize_channels<T, N>(s, first, width, x, mean, rstd, channel_values<N>(weight, s, first, width, T(1)),
                               channel_values<N>(bias, s, first, width, T(0)), c.out[0].as<T>());
    });
  });
}

// Moves the running statistics towards those of a batch of `count` elements a channel.
void batch_norm_update_kernel(const Call& c) {
  struct Attrs {
    double momentum;
    int64_t count;
  };
  const auto& a = c.as<Attrs>();
  with_float(c.in[0].dtype, [&]<class T>(T) {
    T *running_mean = c.in[0].as<T>(), *running_var = c.in[1].as<T>();
    const T *mean = c.in[2].as<T>(), *var = c.in[3].as<T>(), momentum = static_cast<T>(a.momentum);
    const T unbiased = static_cast<T>(static_cast<double>(a.count) / static_cast<double>(a.count - 1));
    for (int64_t i = 0; i < c.in[0].sizes[0]; ++i) {
      running_mean[i] = momentum * mean[i] + (1 - momentum) * running_mean[i];
      running_var[i] = momentum * (var[i] * unbiased) + (1 - momentum) * running_var[i];
    }
  });
}

// With given statistics.
void batch_norm_eval_kernel(const Call& c) {
  const Channels s(c.in[0]);
  const double eps = c.as<double>();
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const T *weight = c.in[3].as<T>(), *bias = c.in[4].as<T>();
    each_channel<T>(c, s, 1, [&]<int N>(int64_t first, int64_t width) {
      const Pack<T, N> mean = channel_values<N>(c.in[1].as<T>(), s, first, width, T(0));
      const Pack<T, N> rstd = rstd_of<N, T>(channel_values<N>(c.in[2].as<T>(), s, first, width, T(1)), eps);
      store_columns<N>(c.out[1].as<T>() + first, rstd, width);
      normalize_channels<T, N>(s, first, width, c.in[0].as<T>(), mean, rstd,
                               channel_values<N>(weight, s, first, width, T(1)),
                               channel_values<N>(bias, s, first, width, T(0)), c.out[0].as<T>());
    });
  });
}

// Rows for a tree: g * (x - mean) * rstd with a mean and rstd a channel.
template <class T, int M>
struct ChannelProducts {
  const T *g, *x;
  int64_t stride, width;
  Pack<T, M> mean, rstd;

  template <int N>
  TT_INLINE Pack<T, N> load_row(int64_t i) const {
    return map_columns<T, N>([](Vec<T> g, Vec<T> x, Vec<T> mean, Vec<T> rstd) { return g * ((x - mean) * rstd); },
                             load_columns<N>(g + i * stride, width), load_columns<N>(x + i * stride, width), mean,
                             rstd);
  }
};

// Their sum over a channel.
template <class T, int N>
TT_INLINE Pack<T, N> sum_products(const Channels& s, const T* g, const T* x, int64_t first, int64_t width,
                                  const Pack<T, N>& mean, const Pack<T, N>& rstd) {
  if (N > 1 || s.inner == 1)
    return tree<N, Sum, T>(Sum{}, s.rows, Pack<T, N>{},
                           ChannelProducts<T, N>{g + first, x + first, s.channels, width, mean, rstd});
  Counter<1, Sum, T> counter;
  for (int64_t i = 0; i < s.rows; ++i) {
    const int64_t at = (i * s.channels + first) * s.inner;
    T buffer[kPack<T>];
    Counter<1, Sum, T> run;
    for (int64_t k = 0; k < s.inner; k += kPack<T>) {
      const int64_t n = s.inner - k < kPack<T> ? s.inner - k : kPack<T>;
      each_vector<T>(n, [&](int64_t j, int64_t left) {
        const int64_t p = at + k + j;
        const Vec<T> v = (load_first<T>(x + p, left) - mean.v[0]) * rstd.v[0];
        store_first<T>(buffer + j, load_first<T>(g + p, left) * v, left);
      });
      run.push(Sum{}, Pack<T, 1>{splat<T>(reduce_run<Sum, T>(Sum{}, buffer, n))});
    }
    counter.push(Sum{}, run.total(Sum{}));
  }
  return {counter.total(Sum{}).v[0]};
}

// gx = rstd weight (g - mean(g) - v mean(g v)) with v = (x - mean) rstd; with given statistics rstd weight g.
void batch_norm_backward_kernel(const Call& c) {
  const View& x = c.in[1];
  const Channels s(x);
  const bool training = c.as<int64_t>();
  with_float(x.dtype, [&]<class T>(T) {
    const T *g = c.in[0].as<T>(), *weight = c.in[4].as<T>();
    T *gx = c.out[0].as<T>(), *gw = c.out[1].as<T>(), *gb = c.out[2].as<T>();
    each_channel<T>(c, s, 3, [&]<int N>(int64_t first, int64_t width) {
      const Pack<T, N> mean = channel_values<N>(c.in[2].as<T>(), s, first, width, T(0));
      const Pack<T, N> rstd = channel_values<N>(c.in[3].as<T>(), s, first, width, T(1));
      const Pack<T, N> w = map_columns<T, N>([](Vec<T> w, Vec<T> rstd) { return w * rstd; },
                                             channel_values<N>(weight, s, first, width, T(1)), rstd);
      Pack<T, N> sum{}, products{};
      if (s.count() > 0) {
        sum = sum_channel<T, N>(Sum{}, s, g + first * s.inner, width, Pack<T, N>{});
        products = sum_products<T, N>(s, g, x.as<T>(), first, width, mean, rstd);
      }
      if (gw) store_columns<N>(gw + first, products, width);
      if (gb) store_columns<N>(gb + first, sum, width);
      const auto count = static_cast<T>(s.count());
      const auto mean_of = [=](Vec<T> sum) { return training ? sum / count : Vec<T>{}; };
      const Pack<T, N> mean_g = map_columns<T, N>(mean_of, sum), mean_gv = map_columns<T, N>(mean_of, products);
      map_channel<T, N>(s, first, width, [&](int64_t i, int64_t left) {
        const auto one = [](Vec<T> x, Vec<T> g, Vec<T> mean, Vec<T> rstd, Vec<T> w, Vec<T> mean_g, Vec<T> mean_gv) {
          return w * (g - mean_g - (x - mean) * rstd * mean_gv);
        };
        const Pack<T, N> y = map_columns<T, N>(one, load_columns<N>(x.as<T>() + i, left), load_columns<N>(g + i, left),
                                               mean, rstd, w, mean_g, mean_gv);
        store_columns<N>(gx + i, y, left);
      });
    });
  });
}

}  // namespace

TT_OP_TABLE(
    norm, {"layer_norm(x, weight?, bias?; n: int, eps: float) -> y, mean, rstd", infer::layer_norm, layer_norm_kernel},
    {"layer_norm_backward(g, x, mean, rstd, weight?; n: int) -> gx, gw, gb", infer::layer_norm_backward,
     layer_norm_backward_kernel},
    {"rms_norm(x, weight?; n: int, eps: float) -> y, rstd", infer::rms_norm, rms_norm_kernel},
    {"rms_norm_backward(g, x, rstd, weight?; n: int) -> gx, gw", infer::rms_norm_backward, rms_norm_backward_kernel},
    {"batch_norm(x, weight?, bias?; eps: float) -> y, mean, var, rstd", infer::batch_norm, batch_norm_kernel},
    {"batch_norm_update(running_mean!, running_var!, mean, var; momentum: float, count: int) ->",
     infer::batch_norm_update, batch_norm_update_kernel},
    {"batch_norm_eval(x, mean, var, weight?, bias?; eps: float) -> y, rstd", infer::batch_norm_eval,
     batch_norm_eval_kernel},
    {"batch_norm_backward(g, x, mean, rstd, weight?; training: bool) -> gx, gw, gb", infer::batch_norm_backward,
     batch_norm_backward_kernel})

}  // namespace tt
