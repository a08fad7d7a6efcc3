// Running results along one dimension: sums, products, extremes of all elements up to each one.
#include "../parallel.h"
#include "tree.h"

namespace tt {
namespace {

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

TT_OP_TABLE(scan, {"cumsum(x; dim: int, reverse: bool) -> y", infer::scan, cumsum_kernel},
            {"cumprod(x; dim: int, reverse: bool) -> y", infer::scan, cumprod_kernel},
            {"logcumsumexp(x; dim: int, reverse: bool) -> y", infer::scan_float, logcumsumexp_kernel},
            {"cummax(x; dim: int) -> values, indices", infer::scan_extreme, cummax_kernel},
            {"cummin(x; dim: int) -> values, indices", infer::scan_extreme, cummin_kernel})

}  // namespace tt
