// Random numbers: the distributions that are made of the generator's draws, value by value those of PyTorch.
//
// They are computed in double by the C library, as PyTorch does, and rounded at the end; only uniforms, and normals of
// 16 and more contiguous elements, are made in the precision of the tensor. Strided tensors are filled in the order of
// their memory.
#include "box_muller.h"
#include "generator.h"
#include "loops.h"
#include "multinomial.h"
#include "rejection.h"

namespace tt {
namespace {

// ---- filling tensors

template <class From, class To>
TT_INLINE void put_as(const From* x, char* p, int64_t stride, int64_t n) {
  if (stride == sizeof(To)) {
    for (int64_t i = 0; i < n; ++i) reinterpret_cast<To*>(p)[i] = static_cast<To>(x[i]);
  } else {
    for (int64_t i = 0; i < n; ++i) *reinterpret_cast<To*>(p + i * stride) = static_cast<To>(x[i]);
  }
}

template <class From>
void put(DType dtype, const From* x, char* p, int64_t stride, int64_t n) {
  with_dtype(dtype, [&](auto zero) { put_as<From, decltype(zero)>(x, p, stride, n); });
}

// Calls make(values, n) for chunk after chunk of y in the order of its memory, and stores the values as y's dtype.
template <class From, class Make>
TT_INLINE void fill(const View& y, Make&& make) {
  const Nest<1> nest({&y}, {width_of(y.dtype)});
  nest.run(1, 1, [&](char* const* p, const int64_t* stride, int64_t n) {
    From values[kChunk];
    for (int64_t i = 0; i < n; i += kChunk) {
      const int64_t count = n - i < kChunk ? n - i : kChunk;
      make(values, count);
      put(y.dtype, values, p[0] + i * stride[0], stride[0], count);
    }
  });
}

// The same for functions of one uniform, and of one normal.
template <class F>
TT_INLINE void fill_from_uniforms(Generator& g, const View& y, F&& f) {
  fill<double>(y, [&](double* x, int64_t n) {
    draw(g, x, n);
    for (int64_t i = 0; i < n; ++i) x[i] = f(x[i]);
  });
}
template <class F>
TT_INLINE void fill_from_normals(Generator& g, const View& y, F&& f) {
  fill<double>(y, [&](double* x, int64_t n) {
    for (int64_t i = 0; i < n; ++i) x[i] = f(draw_normal(g));
  });
}

// Chunks of a tensor of doubles or floats read alongside, for distributions with a parameter per element.
template <class P, class From, class Make>
TT_INLINE void fill_with(const View& y, const View& parameter, Make&& make) {
  const Nest<2> nest({&y, &parameter}, {width_of(y.dtype), sizeof(P)});
  nest.run(1, 1, [&](char* const* p, const int64_t* stride, int64_t n) {
    From values[kChunk];
    P parameters[kChunk];
    for (int64_t i = 0; i < n; i += kChunk) {
      const int64_t count = n - i < kChunk ? n - i : kChunk;
      for (int64_t k = 0; k < count; ++k) parameters[k] = *reinterpret_cast<const P*>(p[1] + (i + k) * stride[1]);
      make(parameters, values, count);
      put(y.dtype, values, p[0] + i * stride[0], stride[0], count);
    }
  });
}

// p with the dimensions of y, repeated where y is larger.
TT_INLINE View expanded(const View& p, const View& y) {
  View e = y;
  e.data = p.data;
  e.dtype = p.dtype;
  const int lead = y.ndim - p.ndim;
  for (int d = 0; d < y.ndim; ++d) e.strides[d] = d < lead || p.sizes[d - lead] == 1 ? 0 : p.strides[d - lead];
  return e;
}

struct DrawAttrs {
  Ints sizes;
  int64_t dtype;
  double a, b;
};

// ---- uniform and normal

template <class T>
void uniform_of(Generator& g, const View& y, T low, T high) {
  const T width = high - low;
  const bool standard = low == 0 && high == 1;
  fill<T>(y, [&](T* x, int64_t n) {
    draw(g, x, n);
    if (standard) return;
    for (int64_t i = 0; i < n; ++i) {
      const T value = fused(x[i], width, low);
      x[i] = value == high ? low : value;  // rounding may reach the upper end, which does not belong
    }
  });
}

void uniform_kernel(const Call& c) {
  const auto& a = c.as<DrawAttrs>();
  with_float(c.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    uniform_of<T>(generator_of(c), c.out[0], static_cast<T>(a.a), static_cast<T>(a.b));
  });
}

// At least 16 contiguous elements. A last block that is not full is drawn anew, over the block before it.
template <class T>
void normal_fill(Generator& g, T* y, int64_t n, T mean, T std, int threads) {
  for (int64_t i = 0; i < n; i += kChunk) draw(g, y + i, n - i < kChunk ? n - i : kChunk);
  constexpr int64_t cost = sizeof(T) == 4 ? 16 : 256;
  parallel_for(threads, n / 16, cost, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) normal_block(y + 16 * i, mean, std);
  });
  if (n % 16 == 0) return;
  draw(g, y + n - 16, 16);
  normal_block(y + n - 16, mean, std);
}

void normal_kernel(const Call& c) {
  const auto& a = c.as<DrawAttrs>();
  const View& y = c.out[0];
  Generator& g = generator_of(c);
  const int64_t n = y.numel();
  if (n >= 16 && y.is_contiguous()) {
    with_float(y.dtype, [&](auto zero) {
      using T = decltype(zero);
      normal_fill<T>(g, y.as<T>(), n, static_cast<T>(a.a), static_cast<T>(a.b), c.threads);
    });
  } else {
    fill_from_normals(g, y, [&](double z) { return fused(z, a.b, a.a); });
  }
}

// ---- distributions of one draw each

void exponential_kernel(const Call& c) {
  const double scale = -1.0 / c.as<DrawAttrs>().a;
  fill_from_uniforms(generator_of(c), c.out[0], [&](double u) { return scale * log1p(-u); });
}

void log_normal_kernel(const Call& c) {
  const auto& a = c.as<DrawAttrs>();
  fill_from_normals(generator_of(c), c.out[0], [&](double z) { return exp(fused(z, a.b, a.a)); });
}

void cauchy_kernel(const Call& c) {
  const auto& a = c.as<DrawAttrs>();
  fill_from_uniforms(generator_of(c), c.out[0], [&](double u) { return fused(a.b, tan(M_PI * (u - 0.5)), a.a); });
}

void geometric_kernel(const Call& c) {
  const double scale = log1p(-c.as<DrawAttrs>().a);
  fill_from_uniforms(generator_of(c), c.out[0], [&](double u) { return ceil(log(u) / scale); });
}

// ---- integers

// The remainder of x by a divisor below 2^32 for many x: a rounded quotient, then one step of correction either way.
TT_INLINE int64_t remainder_of(uint32_t x, int64_t divisor, double inverse) {
  int64_t r = static_cast<int64_t>(x) - static_cast<int64_t>(static_cast<double>(x) * inverse) * divisor;
  r += r < 0 ? divisor : 0;
  return r >= divisor ? r - divisor : r;
}

struct IntegersAttrs {
  Ints sizes;
  int64_t dtype;
  int64_t base;
  int64_t range;  // as unsigned; 0 stands for 2^64
  int64_t wide;   // draws of 64 bits
};

void integers_kernel(const Call& c) {
  Generator& g = generator_of(c);
  const auto& a = c.as<IntegersAttrs>();
  const uint64_t range = static_cast<uint64_t>(a.range), base = static_cast<uint64_t>(a.base);
  if (a.wide) {
    fill<int64_t>(c.out[0], [&](int64_t* x, int64_t n) {
      uint64_t words[kChunk];
      draw(g, words, n);
      for (int64_t i = 0; i < n; ++i) x[i] = static_cast<int64_t>((range ? words[i] % range : words[i]) + base);
    });
  } else {
    const double inverse = 1.0 / static_cast<double>(a.range);
    fill<int64_t>(c.out[0], [&](int64_t* x, int64_t n) {
      uint32_t words[kChunk];
      draw(g, words, n);
      for (int64_t i = 0; i < n; ++i) x[i] = remainder_of(words[i], a.range, inverse) + a.base;
    });
  }
}

struct RandpermAttrs {
  int64_t n;
  int64_t dtype;
};

// Fisher and Yates from the front. Above a twentieth of 2^32 the remainder of 32 bits would be visibly skewed.
template <class T>
void randperm_of(Generator& g, T* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(i);
  const bool narrow = n < static_cast<int64_t>(UINT32_MAX / 20);
  for (int64_t i = 0; i < n - 1; i += kChunk) {
    const int64_t count = n - 1 - i < kChunk ? n - 1 - i : kChunk;
    uint64_t wide[kChunk];
    uint32_t words[kChunk];
    if (narrow) {
      draw(g, words, count);
    } else {
      draw(g, wide, count);
    }
    for (int64_t k = 0; k < count; ++k) {
      T* from = y + i + k;
      const uint64_t rest = static_cast<uint64_t>(n - i - k);
      const uint64_t step = narrow ? words[k] % static_cast<uint32_t>(rest) : wide[k] % rest;
      const T kept = *from;
      *from = from[step];
      from[step] = kept;
    }
  }
}

void randperm_kernel(const Call& c) {
  const View& y = c.out[0];
  with_dtype(y.dtype, [&](auto zero) {
    using T = decltype(zero);
    randperm_of<T>(generator_of(c), y.as<T>(), y.sizes[0]);
  });
}

// ---- parameters per element: Bernoulli, Poisson, gamma, binomial

// n times whether a uniform on the grid of T lies below p.
TT_INLINE void draw_hits(Generator& g, const float* p, uint8_t* hits, int64_t n) {
  float u[kChunk];
  draw(g, u, n);
  for (int64_t i = 0; i < n; ++i) hits[i] = u[i] < p[i];
}
TT_INLINE void draw_hits(Generator& g, const double* p, uint8_t* hits, int64_t n) {
  double u[kChunk];
  draw(g, u, n);
  for (int64_t i = 0; i < n; ++i) hits[i] = u[i] < p[i];
}

template <class P>
bool all_within(const View& p, P low, P high) {
  bool good = true;
  const Nest<1> nest({&p}, {sizeof(P)});
  nest.run(1, 1, [&](char* const* at, const int64_t* stride, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
      const P value = *reinterpret_cast<const P*>(at[0] + i * stride[0]);
      good &= value >= low && value <= high;
    }
  });
  return good;
}

void bernoulli_kernel(const Call& c) {
  Generator& g = generator_of(c);
  const View &y = c.out[0], &p = c.in[1];
  with_float(p.dtype, [&](auto zero) {
    using P = decltype(zero);
    if (!all_within<P>(p, 0, 1)) {
      c.fault->code = Fault::kBadProbability;
      return;
    }
    fill_with<P, uint8_t>(y, expanded(p, y), [&](const P* at, uint8_t* hits, int64_t n) { draw_hits(g, at, hits, n); });
  });
}

void poisson_kernel(const Call& c) {
  Generator& g = generator_of(c);
  const View &y = c.out[0], &rate = c.in[1];
  with_float(rate.dtype, [&](auto zero) {
    using P = decltype(zero);
    if (!all_within<P>(rate, 0, static_cast<P>(INFINITY))) {
      c.fault->code = Fault::kNegativeRate;
      return;
    }
    fill_with<P, double>(y, rate, [&](const P* at, double* x, int64_t n) {
      for (int64_t i = 0; i < n; ++i) x[i] = draw_poisson(g, static_cast<double>(at[i]));
    });
  });
}

void standard_gamma_kernel(const Call& c) {
  Generator& g = generator_of(c);
  const View &y = c.out[0], &alpha = c.in[1];
  with_float(alpha.dtype, [&](auto zero) {
    using T = decltype(zero);
    fill_with<T, T>(y, alpha, [&](const T* at, T* x, int64_t n) {
      for (int64_t i = 0; i < n; ++i) x[i] = draw_gamma(g, at[i]);
    });
  });
}

void binomial_kernel(const Call& c) {
  Generator& g = generator_of(c);
  const View &y = c.out[0], &trials = c.in[1], &p = c.in[2];
  with_float(y.dtype, [&](auto zero) {
    using T = decltype(zero);
    const Nest<3> nest({&y, &trials, &p}, {sizeof(T), sizeof(T), sizeof(T)});
    nest.run(1, 1, [&](char* const* at, const int64_t* stride, int64_t n) {
      for (int64_t i = 0; i < n; ++i) {
        const T count = *reinterpret_cast<const T*>(at[1] + i * stride[1]);
        const T chance = *reinterpret_cast<const T*>(at[2] + i * stride[2]);
        *reinterpret_cast<T*>(at[0] + i * stride[0]) = draw_binomial(g, count, chance);
      }
    });
  });
}

// ---- multinomial

struct MultinomialAttrs {
  int64_t num_samples;
  int64_t race;
  int64_t by_columns;
};

void multinomial_kernel(const Call& c) {
  const auto& a = c.as<MultinomialAttrs>();
  const View& p = c.in[1];
  const int64_t n = p.sizes[p.ndim - 1], rows = p.ndim == 2 ? p.sizes[0] : 1;
  with_float(p.dtype, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t r = 0; r < rows; ++r) {
      c.fault->code = check_weights(p.as<T>() + r * n, n);
      if (c.fault->code != Fault::kNone) return;
    }
    int64_t* heap = static_cast<int64_t*>(c.scratch);
    double* cumulative = static_cast<double*>(c.scratch);
    T* speed = reinterpret_cast<T*>(heap + n);
    if (a.race) run_races(generator_of(c), p.as<T>(), rows, n, a.by_columns, speed);
    for (int64_t r = 0; r < rows; ++r) {
      int64_t* out = c.out[0].as<int64_t>() + r * a.num_samples;
      if (a.race) {
        fastest(speed + r * n, n, heap, out, a.num_samples);
      } else {
        sample_by_inversion(generator_of(c), p.as<T>() + r * n, n, cumulative, out, a.num_samples);
      }
    }
  });
}

void seed_kernel(const Call& c) { seed(generator_of(c), static_cast<uint64_t>(c.as<int64_t>())); }

}  // namespace

TT_OP_TABLE(random,
            // The state is a tensor of bytes, as Generator.get_state() gives it.
            {"seed(state!; value: int) ->", infer::seed, seed_kernel},
            {"uniform(state!; size: ints, dtype: dtype, low: float, high: float) -> y", infer::uniform, uniform_kernel},
            {"normal(state!; size: ints, dtype: dtype, mean: float, std: float) -> y", infer::normal, normal_kernel},
            {"exponential(state!; size: ints, dtype: dtype, rate: float) -> y", infer::exponential, exponential_kernel},
            {"log_normal(state!; size: ints, dtype: dtype, mean: float, std: float) -> y", infer::log_normal,
             log_normal_kernel},
            {"cauchy(state!; size: ints, dtype: dtype, median: float, sigma: float) -> y", infer::cauchy,
             cauchy_kernel},
            {"geometric(state!; size: ints, dtype: dtype, p: float) -> y", infer::geometric, geometric_kernel},
            // draws modulo `range`, plus `base`; of 64 bits where `wide`
            {"integers(state!; size: ints, dtype: dtype, base: int, range: int, wide: bool) -> y", infer::integers,
             integers_kernel},
            {"randperm(state!; n: int, dtype: dtype) -> y", infer::randperm, randperm_kernel},
            {"bernoulli(state!, p; size: ints, dtype: dtype) -> y", infer::bernoulli, bernoulli_kernel},
            {"poisson(state!, rate) -> y", infer::poisson, poisson_kernel},
            {"standard_gamma(state!, alpha) -> y", infer::poisson, standard_gamma_kernel},
            {"binomial(state!, count, p) -> y", infer::binomial, binomial_kernel},
            // `race`: by exponential race, without replacement; else by inversion, with replacement
            {"multinomial(state!, p; num_samples: int, race: bool, by_columns: bool) -> y", infer::multinomial,
             multinomial_kernel})

}  // namespace tt
