// Numbers at equal distances.
#include "../parallel.h"

namespace tt {
namespace {

// start + i * step: of floats counted in float64, of integers modulo their range.
void arange_kernel(const Call& c) {
  const View& y = c.out[0];
  with_dtype(y.dtype, [&](auto zero) {
    using T = decltype(zero);
    using Real = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;
    const Real start = *c.in[0].as<Real>(), step = *c.in[1].as<Real>();
    parallel_for(c.threads, y.numel(), 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) y.as<T>()[i] = static_cast<T>(start + step * static_cast<Real>(i));
    });
  });
}

// Counted from the nearer end, so that both are exact; each with one rounding.
void linspace_kernel(const Call& c) {
  const View& y = c.out[0];
  with_float(y.dtype, [&](auto zero) {
    using T = decltype(zero);
    const T start = *c.in[0].as<T>(), end = *c.in[1].as<T>();
    const int64_t n = y.numel();
    const T step = n > 1 ? (end - start) / static_cast<T>(n - 1) : T{0};
    const auto fused = [](T a, T b, T c) -> T {
      if constexpr (sizeof(T) == 4) return __builtin_fmaf(a, b, c);
      return __builtin_fma(a, b, c);
    };
    parallel_for(c.threads, n, 1, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i)
        y.as<T>()[i] = n == 1      ? start
                       : i < n / 2 ? fused(step, static_cast<T>(i), start)
                                   : fused(-step, static_cast<T>(n - 1 - i), end);
    });
  });
}

}  // namespace

TT_OP_TABLE(ranges, {"arange(start, step; count: int, dtype: dtype) -> y", infer::arange, arange_kernel},
            {"linspace(start, end; steps: int, dtype: dtype) -> y", infer::linspace, linspace_kernel})

}  // namespace tt
