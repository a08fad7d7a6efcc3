// softmax, log_softmax and cross-entropy: along one dimension, or row by row.
#include "lines.h"
#include "math.h"

namespace tt {
namespace {

// The largest element, for a softmax, to which a NaN finds its way in any case.
struct Peak : Max {
  template <class V>
  TT_INLINE V combine(V a, V b) const {
    return a > b ? a : b;
  }
};

// What the softmax of a line is made of: exp(x - peak) / sum.
template <class T>
struct Exponentials {
  Vec<T> sum, peak;
};

// exp(x - peak) into e.
template <class Block, class T, class To>
TT_INLINE Exponentials<T> exponentials(const Block& block, const T* x, To&& e) {
  const Vec<T> peak = block.reduce(Peak{}, [&](auto at) { return at(x); });
  return {
      block.reduce(Sum{}, [&](auto at, Vec<T> peak) { return at.set(e, exp_of_negative(at(x) - peak)); }, peak), peak};
}

// Calls f(block, in..., y) with what the inputs and the output have in a block.
template <class F, size_t... K>
TT_INLINE void each_block(const Call& c, int64_t cost, const F& f, std::index_sequence<K...>) {
  const Lines lines(c.in[0], c.as<int64_t>());
  with_float(c.in[0].dtype, [&]<class T>(T) {
    lines.run<T>(c, cost, [&](const auto& block, int64_t at) {
      f(block, static_cast<const T*>(c.in[K].as<T>() + at)..., c.out[0].as<T>() + at);
    });
  });
}
using OneInput = std::make_index_sequence<1>;
using TwoInputs = std::make_index_sequence<2>;

void softmax_kernel(const Call& c) {
  each_block(
      c, 4,
      [](const auto& block, const auto* x, auto* y) {
        auto e = block.keep(y);
        const auto sum = exponentials(block, x, e).sum;
        block.each([&](auto at, auto sum) { return at.set(y, at(e) / sum); }, sum);
      },
      OneInput{});
}

void log_softmax_kernel(const Call& c) {
  each_block(
      c, 4,
      [](const auto& block, const auto* x, auto* y) {
        const auto [sum, peak] = exponentials(block, x, Dropped{});
        block.each([&](auto at, auto peak, auto log_sum) { return at.set(y, at(x) - peak - log_sum); }, peak, log(sum));
      },
      OneInput{});
}

// gx = y (g - sum(g y)).
void softmax_backward_kernel(const Call& c) {
  each_block(
      c, 2,
      [](const auto& block, const auto* g, const auto* y, auto* gx) {
        const auto sum = block.reduce(Sum{}, [&](auto at) { return at(g) * at(y); });
        block.each([&](auto at, auto sum) { return at.set(gx, at(y) * (at(g) - sum)); }, sum);
      },
      TwoInputs{});
}

// gx = g - exp(y) sum(g).
void log_softmax_backward_kernel(const Call& c) {
  each_block(
      c, 4,
      [](const auto& block, const auto* g, const auto* y, auto* gx) {
        const auto sum = block.reduce(Sum{}, [&](auto at) { return at(g); });
        block.each([&](auto at, auto sum) { return at.set(gx, at(g) - exp_of_negative(at(y)) * sum); }, sum);
      },
      TwoInputs{});
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

  // -(1 - s) w_t log p_t - s / n sum_k w_k log p_k of scores x, where log p = x - peak - log_sum.
  TT_INLINE T loss(int64_t row, const T* x, T log_sum, T peak, T smoothing) const {
    if (!counts(row)) return 0;
    const T hit = weight_of(row) * (log_sum - (x[target[row]] - peak));
    if (smoothing == 0) return hit;
    T spread = 0;
    for (int64_t k = 0; k < n; ++k) spread += (weight ? weight[k] : T(1)) * (log_sum - (x[k] - peak));
    return (1 - smoothing) * hit + smoothing / static_cast<T>(n) * spread;
  }
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

// Gives the probabilities too, for backward, as exponentials and their sum.
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
    Lines(c.in[0], 1).run_rows<T>(c, 4, [&](const auto& block, int64_t first) {
      const auto [sum, peak] = exponentials(block, x + first * n, e + first * n);
      block.store_lines(sums + first, sum);
      block.store_lines(losses + first, peak);
    });
    // In a loop of their own, as the logarithm would keep the exponentials of the next block waiting.
    T log_sum[kLanes<T>];
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t lane = row % kLanes<T>, left = rows - row;
      if (lane == 0) store<T>(log_sum, log(load_first<T>(sums + row, left < kLanes<T> ? left : kLanes<T>)));
      losses[row] = classes.loss(row, x + row * n, log_sum[lane], losses[row], smoothing);
    }
    finish_loss(classes, a.reduction, losses, rows, scratch, c.out[0].as<T>(), c.out[3].as<T>());
  });
}

void cross_entropy_backward_kernel(const Call& c) {
  const auto& a = c.as<ClassAttrs>();
  const View& exponentials = c.in[2];
  const int64_t n = exponentials.sizes[1];
  with_float(exponentials.dtype, [&]<class T>(T) {
    const Classes<T> classes{c.in[4].as<int64_t>(), c.in[5].as<T>(), a.ignore, n};
    const T *g = c.in[0].as<T>(), *e = exponentials.as<T>(), *sums = c.in[3].as<T>(), *weight = classes.weight;
    T* gx = c.out[0].as<T>();
    const auto smoothing = static_cast<T>(a.smoothing);
    const T share = smoothing / static_cast<T>(n);
    T weights = weight ? 0 : static_cast<T>(n);
    for (int64_t k = 0; weight && k < n; ++k) weights += weight[k];
    const T *each = a.reduction == kNone ? g : nullptr,
            mean = each ? 0 : row_gradient(g, a.reduction, 0, c.in[6].as<T>());
    const auto scale_of = [=](int64_t row) { return each ? each[row] : mean; };
    const auto hit_of = [=](int64_t row) { return (1 - smoothing) * classes.weight_of(row); };
    Lines(exponentials, 1).run_rows<T>(c, 1, [&](const auto& block, int64_t first) {
      T hit[kLanes<T>];
      const Vec<T> softness = block.per_line([&](int64_t i) {
        const int64_t row = first + i;
        const bool counts = classes.counts(row);
        hit[i] = counts ? scale_of(row) * hit_of(row) : 0;
        return counts ? scale_of(row) * (hit_of(row) + share * weights) : 0;
      });
      const Vec<T> factor = softness / block.load_lines(sums + first);
      const T* p = e + first * n;
      T* to = gx + first * n;
      block.each([&](auto at, Vec<T> factor) { return at.set(to, at(p) * factor); }, factor);
      const PerRow<T> factor_of(factor);
      const int64_t *target = classes.target + first, lines = block.lines(), ignored = a.ignore, step = n;
      for (int64_t i = 0; i < lines; ++i, p += step, to += step) {
        const int64_t t = target[i];
        if (t == ignored) {
          memset(to, 0, static_cast<size_t>(step) * sizeof(T));
          continue;
        }
        // Not read back from `to`: a load that follows such a store would wait for it.
        T y = p[t] * factor_of[i];
        if (smoothing != 0) {
          const T even = scale_of(first + i) * share;
          for (int64_t k = 0; k < step; ++k) to[k] -= even * (weight ? weight[k] : T(1));
          y -= even * (weight ? weight[t] : T(1));
        }
        to[t] = y - hit[i];
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
