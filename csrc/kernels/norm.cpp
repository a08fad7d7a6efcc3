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

// Rows for a tree: g * (x - mean) * rstd of each, or g alone where there is no x; computed where they are
// summed, never stored.
template <class T>
struct Products {
  const T *g, *x, *mean, *rstd;
  int64_t stride, width;

  template <int N>
  TT_INLINE Pack<T, N> load_row(int64_t i) const {
    Pack<T, N> row;
#pragma GCC unroll 16
    for (int k = 0; k < N; ++k) {
      const int64_t at = i * stride + k * kLanes<T>;
      const auto get = [&](const T* p) { return N == 1 ? load_first<T>(p + at, width) : load<T>(p + at); };
      row.v[k] = get(g);
      if (x) row.v[k] *= (get(x) - (mean ? mean[i] : T(0))) * rstd[i];
    }
    return row;
  }
};

// The sums of `products` over rows, column by column.
template <class T>
void sum_columns(const Call& c, Products<T> products, int64_t rows, int64_t columns, T* to) {
  parallel_for(c.threads, (columns + kLanes<T> - 1) / kLanes<T>, rows * kLanes<T>, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      Products<T> p = products;
      const int64_t at = i * kLanes<T>;
      p.width = columns - at < kLanes<T> ? columns - at : kLanes<T>;
      p.g += at;
      if (p.x) p.x += at;
      Pack<T, 1> sum{};
      if (rows > 0) sum = tree<1, Sum, T>(Sum{}, rows, Pack<T, 1>{}, p);
      store_first<T>(to + at, sum.v[0], p.width);
    }
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

// The sum over one channel, or (inner == 1) over as many side by side as a vector holds: a vector either way.
template <class T, class R>
TT_INLINE Vec<T> sum_channel(const R& r, const Channels& s, const T* x, int64_t width, Vec<T> context) {
  if (s.inner == 1) return tree<1, R, T>(r, s.rows, Pack<T, 1>{context}, Rows<T>{x, s.channels, nullptr, width}).v[0];
  Counter<1, Sum, T> counter;
  for (int64_t i = 0; i < s.rows; ++i)
    counter.push(Sum{}, Pack<T, 1>{splat<T>(reduce_run<R, T>(r, x + i * s.channels * s.inner, s.inner, context[0]))});
  return counter.total(Sum{}).v[0];
}

// Calls f(first channel, width) for channels that are handled together.
template <class T, class F>
TT_INLINE void each_channel(const Call& c, const Channels& s, int64_t cost, F&& f) {
  const int64_t step = s.inner == 1 ? kLanes<T> : 1, tiles = (s.channels + step - 1) / step;
  parallel_for(c.threads, tiles, cost * s.count() * step, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t left = s.channels - i * step;
      f(i * step, left < step ? left : step);
    }
  });
}

// y = f(x) over the elements of channels first .. first + width, where per-channel values are vectors.
template <class T, class F>
TT_INLINE void map_channel(const Channels& s, int64_t first, int64_t width, F&& f) {
  if (s.inner == 1) {
    for (int64_t i = 0; i < s.rows; ++i) f(i * s.channels + first, width);
    return;
  }
  for (int64_t i = 0; i < s.rows; ++i)
    each_vector<T>(s.inner, [&](int64_t k, int64_t left) { f((i * s.channels + first) * s.inner + k, left); });
}

template <class T>
TT_INLINE Vec<T> channel_values(const T* p, const Channels& s, int64_t first, int64_t width, T otherwise) {
  if (!p) return splat<T>(otherwise);
  return s.inner == 1 ? load_first<T>(p + first, width) : splat<T>(p[first]);
}

template <class T>
TT_INLINE Vec<T> rstd_of(Vec<T> var, double eps) {
  Vec<T> r;
  for (int k = 0; k < kLanes<T>; ++k) r[k] = inverse_sqrt<T>(var[k] + static_cast<T>(eps));
  return r;
}

void batch_norm_kernel(const Call& c) {
  const Channels s(c.in[0]);
  const double eps = c.as<double>();
  if (s.count() == 0) return;
  with_float(c.in[0].dtype, [&]<class T>(T) {
    const T *x = c.in[0].as<T>(), *weight = c.in[1].as<T>(), *bias = c.in[2].as<T>();
    T* y = c.out[0].as<T>();
    each_channel<T>(c, s, 2, [&](int64_t first, int64_t width) {
      const T* at = x + first * s.inner;
      const auto count = static_cast<T>(s.count());
      const Vec<T> origin = s.inner == 1 ? load_first<T>(at, width) : splat<T>(*at);
      const Vec<T> mean = origin + sum_channel<T>(Deviation{}, s, at, width, origin) / count;
      const Vec<T> var = sum_channel<T>(SquaredDeviation{}, s, at, width, mean) / count;
      const Vec<T> rstd = rstd_of<T>(var, eps);
      store_first<T>(c.out[1].as<T>() + first, mean, width);
      store_first<T>(c.out[2].as<T>() + first, var, width);
      store_first<T>(c.out[3].as<T>() + first, rstd, width);
      const Vec<T> w = channel_values<T>(weight, s, first, width, 1), b = channel_values<T>(bias, s, first, width, 0);
      map_channel<T>(s, first, width, [&](int64_t i, int64_t left) {
        store_first<T>(y + i, (load_first<T>(x + i, left) - mean) * rstd * w + b, left);
      });
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
    const T *x = c.in[0].as<T>(), *weight = c.in[3].as<T>(), *bias = c.in[4].as<T>();
    T* y = c.out[0].as<T>();
    each_channel<T>(c, s, 1, [&](int64_t first, int64_t width) {
      const Vec<T> mean = channel_values<T>(c.in[1].as<T>(), s, first, width, 0);
      const Vec<T> rstd = rstd_of<T>(channel_values<T>(c.in[2].as<T>(), s, first, width, 1), eps);
      store_first<T>(c.out[1].as<T>() + first, rstd, width);
      const Vec<T> w = channel_values<T>(weight, s, first, width, 1), b = channel_values<T>(bias, s, first, width, 0);
      map_channel<T>(s, first, width, [&](int64_t i, int64_t left) {
        store_first<T>(y + i, (load_first<T>(x + i, left) - mean) * rstd * w + b, left);
      });
    });
  });
}

// Rows for a tree: g * (x - mean) * rstd with a mean and rstd a channel.
template <class T>
struct ChannelProducts {
  const T *g, *x;
  int64_t stride, width;
  Vec<T> mean, rstd;

  template <int N>
  TT_INLINE Pack<T, N> load_row(int64_t i) const {
    return {load_first<T>(g + i * stride, width) * ((load_first<T>(x + i * stride, width) - mean) * rstd)};
  }
};

// Their sum over a channel.
template <class T>
TT_INLINE Vec<T> sum_products(const Channels& s, const T* g, const T* x, int64_t first, int64_t width, Vec<T> mean,
                              Vec<T> rstd) {
  if (s.inner == 1)
    return tree<1, Sum, T>(Sum{}, s.rows, Pack<T, 1>{},
                           ChannelProducts<T>{g + first, x + first, s.channels, width, mean, rstd})
        .v[0];
  Counter<1, Sum, T> counter;
  for (int64_t i = 0; i < s.rows; ++i) {
    const int64_t at = (i * s.channels + first) * s.inner;
    T buffer[kPack<T>];
    Counter<1, Sum, T> run;
    for (int64_t k = 0; k < s.inner; k += kPack<T>) {
      const int64_t n = s.inner - k < kPack<T> ? s.inner - k : kPack<T>;
      each_vector<T>(n, [&](int64_t j, int64_t left) {
        const int64_t p = at + k + j;
        store_first<T>(buffer + j, load_first<T>(g + p, left) * ((load_first<T>(x + p, left) - mean) * rstd), left);
      });
      run.push(Sum{}, Pack<T, 1>{splat<T>(reduce_run<Sum, T>(Sum{}, buffer, n))});
    }
    counter.push(Sum{}, run.total(Sum{}));
  }
  return counter.total(Sum{}).v[0];
}

// gx = rstd weight (g - mean(g) - v mean(g v)) with v = (x - mean) rstd; with given statistics rstd weight g.
void batch_norm_backward_kernel(const Call& c) {
  const View& x = c.in[1];
  const Channels s(x);
  const bool training = c.as<int64_t>();
  with_float(x.dtype, [&]<class T>(T) {
    const T *g = c.in[0].as<T>(), *weight = c.in[4].as<T>();
    T *gx = c.out[0].as<T>(), *gw = c.out[1].as<T>(), *gb = c.out[2].as<T>();
    each_channel<T>(c, s, 3, [&](int64_t first, int64_t width) {
      const Vec<T> mean = channel_values<T>(c.in[2].as<T>(), s, first, width, 0);
      const Vec<T> rstd = channel_values<T>(c.in[3].as<T>(), s, first, width, 1);
      const Vec<T> w = channel_values<T>(weight, s, first, width, 1) * rstd;
      Vec<T> sum{}, products{};
      if (s.count() > 0) {
        sum = sum_channel<T>(Sum{}, s, g + first * s.inner, width, Vec<T>{});
        products = sum_products<T>(s, g, x.as<T>(), first, width, mean, rstd);
      }
      if (gw) store_first<T>(gw + first, products, width);
      if (gb) store_first<T>(gb + first, sum, width);
      const auto count = static_cast<T>(s.count());
      const Vec<T> mean_g = training ? sum / count : Vec<T>{}, mean_gv = training ? products / count : Vec<T>{};
      map_channel<T>(s, first, width, [&](int64_t i, int64_t left) {
        const Vec<T> v = (load_first<T>(x.as<T>() + i, left) - mean) * rstd;
        store_first<T>(gx + i, w * (load_first<T>(g + i, left) - mean_g - v * mean_gv), left);
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
