// Optimizer steps: all parameters of a group in one call.
//
// The arithmetic is that of the textbook formulas taken one tensor operation at a time, each rounded once: where such
// an operation is x + a * y it is one fma. Grouping parameters and splitting work changes no bit.
#include <math.h>

#include "../kernel.h"
#include "../simd.h"
#include "loops.h"

namespace tt {
namespace {

TT_INLINE Vec<float> root(Vec<float> x) {
  for (int i = 0; i < kLanes<float>; ++i) x[i] = __builtin_sqrtf(x[i]);
  return x;
}
TT_INLINE Vec<double> root(Vec<double> x) {
  for (int i = 0; i < kLanes<double>; ++i) x[i] = __builtin_sqrt(x[i]);
  return x;
}

constexpr int kRoles = 5;  // parameter, gradient and at most three tensors of state

// The views of one parameter; roles an optimizer does not have repeat the parameter.
struct Member {
  const View* role[kRoles];
  bool flat;  // all of them contiguous

  TT_INLINE Member(const Call& c, int count, int roles, int k) : flat(true) {
    for (int r = 0; r < kRoles; ++r) {
      role[r] = &c.in[1 + (r < roles ? r * count : 0) + k];
      flat = flat && role[r]->is_contiguous();
    }
  }
};

// Loads n elements (at most a vector) that lie `stride` bytes apart, and stores them.
template <class T>
TT_INLINE Vec<T> gather(const char* from, int64_t stride, int64_t n) {
  Vec<T> v{};
  for (int64_t i = 0; i < n; ++i) v[i] = *reinterpret_cast<const T*>(from + i * stride);
  return v;
}
template <class T>
TT_INLINE void scatter(char* to, int64_t stride, Vec<T> v, int64_t n) {
  for (int64_t i = 0; i < n; ++i) *reinterpret_cast<T*>(to + i * stride) = v[i];
}

// f(vectors of the parameter, its gradient and its state) on the elements [begin, end) of one parameter; all roles but
// the gradient are written back.
template <class T, int kUsed, class F>
TT_INLINE void sweep(const Member& m, int64_t begin, int64_t end, F&& f) {
  Vec<T> x[kRoles];
  if (!m.flat) {
    if (begin != 0) return;  // a strided parameter is left to the thread that has its first element
    const int64_t width = sizeof(T);
    const Nest<kRoles> nest(m.role, {width, width, width, width, width});
    nest.run(1, 1, [&](char* const* p, const int64_t* stride, int64_t n) {
      for (int64_t i = 0; i < n; i += kLanes<T>) {
        const int64_t some = n - i < kLanes<T> ? n - i : kLanes<T>;
        for (int r = 0; r < kUsed; ++r) x[r] = gather<T>(p[r] + i * stride[r], stride[r], some);
        f(x);
        for (int r = 0; r < kUsed; ++r)
          if (r != 1) scatter<T>(p[r] + i * stride[r], stride[r], x[r], some);
      }
    });
    return;
  }
  T* p[kUsed];
  for (int r = 0; r < kUsed; ++r) p[r] = m.role[r]->as<T>();
  int64_t i = begin;
  for (; i + kLanes<T> <= end; i += kLanes<T>) {
    for (int r = 0; r < kUsed; ++r) x[r] = load(p[r] + i);
    f(x);
    for (int r = 0; r < kUsed; ++r)
      if (r != 1) store(p[r] + i, x[r]);
  }
  if (i == end) return;
  for (int r = 0; r < kUsed; ++r) x[r] = load_first(p[r] + i, end - i);
  f(x);
  for (int r = 0; r < kUsed; ++r)
    if (r != 1) store_first(p[r] + i, x[r], end - i);
}

// part(index of the parameter, its views, begin, end) on pieces that cover all elements of all parameters.
template <class Part>
TT_INLINE void over_parameters(const Call& c, int count, int roles, int64_t cost, Part&& part) {
  int64_t total = 0;
  for (int k = 0; k < count; ++k) total += c.in[1 + k].numel();
  parallel_for(c.threads, total, cost, [&](int64_t begin, int64_t end) {
    int64_t first = 0;
    for (int k = 0; k < count && first < end; ++k) {
      const Member member(c, count, roles, k);
      const int64_t n = member.role[0]->numel();
      const int64_t from = begin > first ? begin - first : 0;
      const int64_t to = end - first < n ? end - first : n;
      if (from < to) part(k, member, from, to);
      first += n;
    }
  });
}

TT_INLINE double learning_rate(const Call& c) { return *c.in[0].as<double>(); }

struct SgdAttrs {
  double weight_decay;
  int64_t maximize;
};

void sgd_kernel(const Call& c) {
  const auto& a = c.as<SgdAttrs>();
  const double lr = learning_rate(c);
  over_parameters(c, (c.n_in - 1) / 2, 2, 2, [&](int, const Member& m, int64_t begin, int64_t end) {
    with_float(m.role[0]->dtype, [&](auto zero) {
      using T = decltype(zero);
      const T sign = a.maximize ? -1 : 1, decay = static_cast<T>(a.weight_decay), rate = static_cast<T>(-lr);
      const bool decays = a.weight_decay != 0;
      sweep<T, 2>(m, begin, end, [=](Vec<T>* x) {
        Vec<T> p = x[0], g = x[1] * sign;
        if (decays) g = fma(p, splat(decay), g);
        x[0] = fma(g, splat(rate), p);
      });
    });
  });
}

struct SgdMomentumAttrs {
  double momentum, dampening, weight_decay;
  int64_t nesterov, maximize, first;
};

void sgd_momentum_kernel(const Call& c) {
  const auto& a = c.as<SgdMomentumAttrs>();
  const double lr = learning_rate(c);
  over_parameters(c, (c.n_in - 1) / 3, 3, 3, [&](int, const Member& m, int64_t begin, int64_t end) {
    with_float(m.role[0]->dtype, [&](auto zero) {
      using T = decltype(zero);
      const T sign = a.maximize ? -1 : 1, decay = static_cast<T>(a.weight_decay), rate = static_cast<T>(-lr);
      const T keep = static_cast<T>(a.momentum), take = static_cast<T>(1 - a.dampening);
      const bool decays = a.weight_decay != 0, first = a.first, nesterov = a.nesterov;
      sweep<T, 3>(m, begin, end, [=](Vec<T>* x) {
        Vec<T> p = x[0], g = x[1] * sign;
        if (decays) g = fma(p, splat(decay), g);
        const Vec<T> buffer = first ? g : fma(g, splat(take), x[2] * keep);
        x[0] = fma(nesterov ? fma(buffer, splat(keep), g) : buffer, splat(rate), p);
        x[2] = buffer;
      });
    });
  });
}

struct AdamAttrs {
  double beta1, beta2, eps, weight_decay;
  int64_t decoupled, maximize;
};

TT_INLINE double read(const View& v) { return v.dtype == DType::kFloat64 ? *v.as<double>() : *v.as<float>(); }

// All counts go up before any parameter moves.
TT_INLINE void count_steps(const View* steps, int count) {
  for (int k = 0; k < count; ++k) with_float(steps[k].dtype, [&](auto zero) { *steps[k].as<decltype(zero)>() += 1; });
}

// What a step count does to the averages; nearly always the same for all parameters, so the powers are taken once.
struct BiasCorrection {
  double step = -1, step_size = 0, sqrt_of_second = 0;

  TT_INLINE void update(double now, double lr, const AdamAttrs& a) {
    if (now == step) return;
    step = now;
    step_size = lr / (1 - pow(a.beta1, step));
    sqrt_of_second = pow(1 - pow(a.beta2, step), 0.5);
  }
};

template <bool kPeaks>
TT_INLINE void adam(const Call& c) {
  constexpr int roles = kPeaks ? 5 : 4;
  const auto& a = c.as<AdamAttrs>();
  const double lr = learning_rate(c);
  const int count = (c.n_in - 1) / (roles + 1);
  const View* steps = c.in + 1 + roles * count;
  count_steps(steps, count);
  BiasCorrection first;
  if (count > 0) first.update(read(steps[0]), lr, a);
  over_parameters(c, count, roles, 8, [&](int k, const Member& m, int64_t begin, int64_t end) {
    BiasCorrection corrected = first;
    corrected.update(read(steps[k]), lr, a);
    with_float(m.role[0]->dtype, [&](auto zero) {
      using T = decltype(zero);
      const T sign = a.maximize ? -1 : 1, decay = static_cast<T>(a.weight_decay);
      const T shrink = static_cast<T>(1 - lr * a.weight_decay);
      const bool shrinks = a.weight_decay != 0 && a.decoupled, decays = a.weight_decay != 0 && !a.decoupled;
      const T take1 = static_cast<T>(1 - a.beta1), keep2 = static_cast<T>(a.beta2);
      const T take2 = static_cast<T>(1 - a.beta2), eps = static_cast<T>(a.eps);
      const bool near = take1 < T{0.5};  // an interpolation starts from the nearer end
      const T toward = near ? take1 : take1 - 1;
      const T divisor = static_cast<T>(corrected.sqrt_of_second), rate = static_cast<T>(-corrected.step_size);
      sweep<T, roles>(m, begin, end, [=](Vec<T>* x) {
        Vec<T> p = x[0], g = x[1] * sign;
        if (decays) g = fma(p, splat(decay), g);
        if (shrinks) p = p * shrink;
        const Vec<T> mean = fma(splat(toward), g - x[2], near ? x[2] : g);
        const Vec<T> square = fma(take2 * g, g, x[3] * keep2);
        Vec<T> top = square;
        if constexpr (kPeaks) x[4] = top = x[4] > square || x[4] != x[4] ? x[4] : square;
        x[0] = p + (rate * mean) / (root(top) / divisor + eps);
        x[2] = mean;
        x[3] = square;
      });
    });
  });
}

void adam_kernel(const Call& c) { adam<false>(c); }
void amsgrad_kernel(const Call& c) { adam<true>(c); }

}  // namespace

TT_OP_TABLE(update,
            {"sgd_step(lr, *params!, *grads; weight_decay: float, maximize: bool) ->", infer::sgd_step, sgd_kernel},
            {"sgd_momentum_step(lr, *params!, *grads, *buffers!; momentum: float, dampening: float, "
             "weight_decay: float, nesterov: bool, maximize: bool, first: bool) ->",
             infer::sgd_momentum_step, sgd_momentum_kernel},
            {"adam_step(lr, *params!, *grads, *means!, *squares!, *steps!; beta1: float, beta2: float, eps: float, "
             "weight_decay: float, decoupled: bool, maximize: bool) ->",
             infer::adam_step, adam_kernel},
            {"amsgrad_step(lr, *params!, *grads, *means!, *squares!, *peaks!, *steps!; beta1: float, beta2: float, "
             "eps: float, weight_decay: float, decoupled: bool, maximize: bool) ->",
             infer::amsgrad_step, amsgrad_kernel})

}  // namespace tt
