// The largest element and the sum of each window.
#include "../parallel.h"
#include "pool_plan.h"

namespace tt {
namespace {

template <class T>
using Places = Vec<Bits<T>>;

// One element of up to kLanes windows side by side: its values, 0 where there is padding, and the lanes that have it.
template <class T>
struct Lanes {
  Vec<T> value;
  Places<T> there;
  Places<T> place;  // in the plane
};

template <class T>
TT_INLINE Places<T> lane_numbers() {
  Places<T> lane;
  for (int i = 0; i < kLanes<T>; ++i) lane[i] = i;
  return lane;
}

// p[0], p[stride], ...: n of them, to lanes [first, first + n).
template <class T>
TT_INLINE Vec<T> load_apart(const T* p, int64_t stride, int64_t first, int64_t n) {
  if (stride == 1 && first == 0) return load_first<T>(p, n);
  T lanes[kLanes<T>] = {};
  for (int64_t i = 0; i < n; ++i) lanes[first + i] = p[i * stride];
  return load(lanes);
}

#if defined(__AVX512F__)  // half the work where windows of two lie side by side, as they mostly do
TT_INLINE Vec<float> load_even(const float* p, int64_t n) {
  const auto even = (__m512i)(lane_numbers<float>() * 2);
  const Vec<float> low = load_first<float>(p, n <= 8 ? 2 * n - 1 : 16);
  if (n <= 8) return (Vec<float>)_mm512_maskz_permutexvar_ps(static_cast<__mmask16>((1u << n) - 1), even, (__m512)low);
  const Vec<float> high = load_first<float>(p + 16, 2 * (n - 8) - 1);
  return (Vec<float>)_mm512_permutex2var_ps((__m512)low, even, (__m512)high);
}
#endif

// Calls element(Lanes) for each element of windows [column, column + n) of a row that some of them have inside.
template <class T, class F>
TT_INLINE void each_element(const Windows& w, const T* plane, int64_t d, int64_t h, int64_t column, int64_t n, F&& f) {
  const Places<T> lane = lane_numbers<T>();
  for (int64_t kd = 0; kd < w.kernel[0]; ++kd) {
    const int64_t at_d = d * w.stride[0] - w.before[0] + kd * w.dilation[0];
    if (at_d < 0 || at_d >= w.spatial[0]) continue;
    for (int64_t kh = 0; kh < w.kernel[1]; ++kh) {
      const int64_t at_h = h * w.stride[1] - w.before[1] + kh * w.dilation[1];
      if (at_h < 0 || at_h >= w.spatial[1]) continue;
      const int64_t row = (at_d * w.spatial[1] + at_h) * w.spatial[2], step = w.stride[2];
      for (int64_t kw = 0; kw < w.kernel[2]; ++kw) {
        const int64_t at = column * step - w.before[2] + kw * w.dilation[2];
        int64_t first = 0, end = n;
        while (first < n && at + first * step < 0) ++first;
        while (end > first && at + (end - 1) * step >= w.spatial[2]) --end;
        if (first == end) continue;
        const T* const from = plane + row + at + first * step;
        Lanes<T> x;
#if defined(__AVX512F__)
        if constexpr (sizeof(T) == 4) {
          if (step == 2 && first == 0)
            x.value = load_even(from, end);
          else
            x.value = load_apart(from, step, first, end - first);
        } else
#endif
          x.value = load_apart(from, step, first, end - first);
        x.there = (lane >= static_cast<Bits<T>>(first)) & (lane < static_cast<Bits<T>>(end));
        x.place = static_cast<Bits<T>>(row + at) + lane * static_cast<Bits<T>>(step);
        f(x);
      }
    }
  }
}

// Calls row(plane of x, d, h, column, n, index of the first output) for up to kLanes windows side by side.
template <class T, class F>
TT_INLINE void each_group(const Call& c, const PoolPlan& p, const T* x, F&& f) {
  const Windows& w = p.w;
  parallel_for(c.threads, p.planes, p.cost(), [&](int64_t begin, int64_t end) {
    int64_t at = begin * w.windows();
    for (int64_t plane = begin; plane < end; ++plane)
      for (int64_t d = 0; d < w.count[0]; ++d)
        for (int64_t h = 0; h < w.count[1]; ++h)
          each_vector<T>(w.count[2], [&](int64_t column, int64_t n) {
            f(x + plane * w.volume(), d, h, column, n, at);
            at += n;
          });
  });
}

// Where the first element at or after the edge lies, of a window that has none inside: its place, like PyTorch's, may
// be beyond the plane.
TT_INLINE int64_t first_place(const Windows& w, int64_t d, int64_t h, int64_t column) {
  const int64_t window[] = {d, h, column};
  int64_t place = 0;
  for (int i = 0; i < Windows::kDims; ++i) {
    int64_t at = window[i] * w.stride[i] - w.before[i];
    if (at < 0) at += (w.dilation[i] - 1 - at) / w.dilation[i] * w.dilation[i];
    place = place * w.spatial[i] + at;
  }
  return place;
}

// Of equal elements the first; NaN wins, and of several the last. Padding counts as -inf.
void max_pool_kernel(const Call& c) {
  const View &x = c.in[0], &y = c.out[0];
  const PoolPlan p(x, y, c.as<PoolAttrs>());
  with_float(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    each_group<T>(c, p, x.as<T>(), [&](const T* plane, int64_t d, int64_t h, int64_t column, int64_t n, int64_t at) {
      Vec<T> best{};
      Places<T> place{}, seen{};
      each_element<T>(p.w, plane, d, h, column, n, [&](const Lanes<T>& e) {
        const Places<T> take = e.there & ((e.value > best) | (e.value != e.value) | ~seen);
        best = take ? e.value : best;
        place = take ? e.place : place;
        seen |= e.there;
      });
      for (int64_t i = 0; i < n && any(~seen); ++i)
        if (!seen[i]) {
          best[i] = -static_cast<T>(__builtin_inf());
          place[i] = static_cast<Bits<T>>(first_place(p.w, d, h, column + i));
          seen[i] = -1;
        }
      store_first<T>(y.as<T>() + at, best, n);
      store_first<Bits<T>>(c.out[1].as<Bits<T>>() + at, place, n);
    });
  });
}

void max_pool_backward_kernel(const Call& c) {
  const View &g = c.in[0], &places = c.in[1], &gx = c.out[0];
  const auto n = static_cast<int>(c.as<Ints>().n);
  int64_t volume = 1, windows = 1;
  for (int d = gx.ndim - n; d < gx.ndim; ++d) volume *= gx.sizes[d], windows *= g.sizes[d];
  if (volume == 0) return;
  with_float(g.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(c.threads, gx.numel() / volume, volume + windows, [&](int64_t begin, int64_t end) {
      memset(gx.as<T>() + begin * volume, 0, static_cast<size_t>((end - begin) * volume) * sizeof(T));
      for (int64_t plane = begin; plane < end; ++plane) {
        T* const to = gx.as<T>() + plane * volume;
        const T* const from = g.as<T>() + plane * windows;
        const Bits<T>* const at = places.as<Bits<T>>() + plane * windows;
        for (int64_t i = 0; i < windows; ++i)
          if (at[i] >= 0 && at[i] < volume) to[at[i]] += from[i];
      }
    });
  });
}

void sum_pool_kernel(const Call& c) {
  const View &x = c.in[0], &y = c.out[0];
  const PoolPlan p(x, y, c.as<PoolAttrs>());
  with_float(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    each_group<T>(c, p, x.as<T>(), [&](const T* plane, int64_t d, int64_t h, int64_t column, int64_t n, int64_t at) {
      Vec<T> sum{};
      each_element<T>(p.w, plane, d, h, column, n, [&](const Lanes<T>& e) { sum += e.value; });
      store_first<T>(y.as<T>() + at, sum, n);
    });
  });
}

void sum_pool_backward_kernel(const Call& c) {
  const View &g = c.in[0], &gx = c.out[0];
  const PoolPlan p(gx, g, c.as<PoolAttrs>());
  const Windows& w = p.w;
  with_float(g.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(c.threads, p.planes, p.cost(), [&](int64_t begin, int64_t end) {
      memset(gx.as<T>() + begin * w.volume(), 0, static_cast<size_t>((end - begin) * w.volume()) * sizeof(T));
      for (int64_t element = 0; element < w.elements(); ++element)
        each_box(
            w, Element(w, element), 0, w.windows(),
            [&](const Box& box) {
              for (int64_t plane = begin; plane < end; ++plane)
                for (int64_t row = 0; row < box.rows; ++row) {
                  const T* const from = g.as<T>() + plane * w.windows() + box.i + row * w.count[2];
                  T* const to = gx.as<T>() + plane * w.volume() + box.offset + row * w.stride[1] * w.spatial[2];
                  for (int64_t i = 0; i < box.n; ++i) to[i * w.stride[2]] += from[i];
                }
            },
            [](int64_t, int64_t) {});
    });
  });
}

}  // namespace
}  // namespace tt

namespace tt {
TT_OP_TABLE(pool,
            {"max_pool(x; stride: ints, before: ints, dilation: ints, kernel: ints, count: ints) -> y, places",
             infer::max_pool, max_pool_kernel},
            {"max_pool_backward(g, places; spatial: ints) -> gx", infer::max_pool_backward, max_pool_backward_kernel},
            {"sum_pool(x; stride: ints, before: ints, dilation: ints, kernel: ints, count: ints) -> y", infer::sum_pool,
             sum_pool_kernel},
            {"sum_pool_backward(g; stride: ints, before: ints, dilation: ints, kernel: ints, spatial: ints) -> gx",
             infer::sum_pool_backward, sum_pool_backward_kernel})
}  // namespace tt
