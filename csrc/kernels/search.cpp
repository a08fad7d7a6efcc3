// Where values belong among sorted ones, and counting into bins.
#include <string.h>

#include "../parallel.h"

namespace tt {
namespace {

struct SearchAttrs {
  int64_t right;
};

// Where each value belongs in its row of sorted boundaries; NaN goes last.
void searchsorted_kernel(const Call& c) {
  const View &sorted = c.in[0], &values = c.in[1];
  const bool right = c.as<SearchAttrs>().right;
  const int64_t n = values.numel(), length = sorted.sizes[sorted.ndim - 1];
  const int64_t row = sorted.ndim == 1 ? n : values.sizes[values.ndim - 1];
  int64_t* y = c.out[0].as<int64_t>();
  with_dtype(sorted.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(c.threads, n, 32, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T* a = sorted.as<T>() + i / row * length;
        const T v = values.as<T>()[i];
        int64_t low = 0, high = length;
        while (low < high) {
          const int64_t middle = low + (high - low) / 2;
          const bool stop = right ? a[middle] > v : a[middle] >= v;
          if (stop) {
            high = middle;
          } else {
            low = middle + 1;
          }
        }
        y[i] = low;
      }
    });
  });
}

// ---- counting ----

// How often each of 0, 1, ... occurs in x (int64, contiguous), or the sum of the weights there.
void bincount_kernel(const Call& c) {
  const View &x = c.in[0], &y = c.out[0];
  const int64_t n = x.numel(), bins = y.sizes[0];
  const int64_t* at = x.as<int64_t>();
  for (int64_t i = 0; i < n; ++i) {
    if (static_cast<uint64_t>(at[i]) < static_cast<uint64_t>(bins)) continue;
    *c.fault = {Fault::kIndexOutOfRange, at[i], bins, 0};
    return;
  }
  if (!c.in[1].data) {
    memset(y.data, 0, static_cast<size_t>(bins) * sizeof(int64_t));
    for (int64_t i = 0; i < n; ++i) ++y.as<int64_t>()[at[i]];
    return;
  }
  with_float(c.in[1].dtype, [&](auto zero) {
    using T = decltype(zero);
    memset(y.data, 0, static_cast<size_t>(bins) * sizeof(T));
    for (int64_t i = 0; i < n; ++i) y.as<T>()[at[i]] += c.in[1].as<T>()[i];
  });
}

struct HistcAttrs {
  int64_t bins;
  double low, high;
};

// Counts in equal bins over [low, high]; what lies outside is left out.
void histc_kernel(const Call& c) {
  const auto& a = c.as<HistcAttrs>();
  const int64_t n = c.in[0].numel();
  with_float(c.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *x = c.in[0].as<T>(), low = static_cast<T>(a.low), high = static_cast<T>(a.high);
    T* y = c.out[0].as<T>();
    memset(y, 0, static_cast<size_t>(a.bins) * sizeof(T));
    for (int64_t i = 0; i < n; ++i) {
      if (!(x[i] >= low && x[i] <= high)) continue;
      const int64_t bin = static_cast<int64_t>((x[i] - low) * static_cast<T>(a.bins) / (high - low));
      y[bin < a.bins ? bin : a.bins - 1] += T(1);
    }
  });
}

}  // namespace

TT_OP_TABLE(search, {"searchsorted(sorted, values; right: bool) -> y", infer::searchsorted, searchsorted_kernel},
            {"bincount(x, weights?; bins: int) -> y", infer::bincount, bincount_kernel},
            {"histc(x; bins: int, low: float, high: float) -> y", infer::histc, histc_kernel})

}  // namespace tt
