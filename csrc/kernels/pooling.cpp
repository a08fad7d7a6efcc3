// The largest element and the sum of each window.
#include <utility>

#include "../parallel.h"
#include "pooling_plan.h"

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

// The even lanes of two vectors.
template <class T, size_t... kLane>
TT_INLINE Vec<T> even_lanes(Vec<T> low, Vec<T> high, std::index_sequence<kLane...>) {
  return __builtin_shufflevector(low, high, static_cast<int>(2 * kLane)...);
}

// p[0], p[2], ...: n of them, and nothing behind the last is read.
template <class T>
TT_INLINE Vec<T> load_even(const T* p, int64_t n) {
  constexpr int64_t kHalfLanes = kLanes<T> / 2;
  const Vec<T> low = n >= kHalfLanes + 1 ? load(p) : load_first<T>(p, 2 * n - 1);
  const Vec<T> high = n > kHalfLanes ? load_first<T>(p + kLanes<T>, 2 * (n - kHalfLanes) - 1) : Vec<T>{};
  return even_lanes<T>(low, high, std::make_index_sequence<kLanes<T>>{});
}

// p[0], p[stride], ...: n of them, to lanes [first, first + n).
template <class T>
TT_INLINE Vec<T> load_apart(const T* p, int64_t stride, int64_t first, int64_t n) {
  if (first == 0 && stride == 1) return load_first<T>(p, n);
  if (first == 0 && stride == 2) return load_even<T>(p, n);
  T lanes[kLanes<T>] = {};
  for (int64_t i = 0; i < n; ++i) lanes[first + i] = p[i * stride];
  return load(lanes);
}

// Whether windows [column, column + n) of a row have no padding on their left or right.
TT_INLINE bool is_whole(const Windows& w, int64_t column, int64_t n) {
  const int64_t at = column * w.stride[2] - w.before[2];
  return at >= 0 && at + (n - 1) * w.stride[2] + (w.kernel[2] - 1) * w.dilation[2] < w.spatial[2];
}

// Calls element(Lanes) for each element of windows [column, column + n) of a row that some of them have inside; of
// whole windows all have it.
template <class T, bool kWhole, class F>
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
        while (!kWhole && first < n && at + first * step < 0) ++first;
        while (!kWhole && end > first && at + (end - 1) * step >= w.spatial[2]) --end;
        if (first == end) continue;
        Lanes<T> x;
        x.value = load_apart(plane + row + at + first * step, step, first, end - first);
        if constexpr (!kWhole) x.there = (lane >= static_cast<Bits<T>>(first)) & (lane < static_cast<Bits<T>>(end));
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

// The largest elements so far, and where they are. Of equal elements the first; NaN wins, and of several the last.
template <class T>
struct Largest {
  Vec<T> value{};
  Places<T> place{}, seen{};

  TT_INLINE void take(Places<T> which, const Lanes<T>& e) {
    value = which ? e.value : value;
    place = which ? e.place : place;
  }
  TT_INLINE void look_at(const Lanes<T>& e) {
    take(e.there & ((e.value > value) | (e.value != e.value) | ~seen), e);
    seen |= e.there;
  }
};

template <class T>
TT_INLINE Largest<T> largest_of_whole(const Windows& w, const T* plane, int64_t d, int64_t h, int64_t column,
                                      int64_t n) {
  Largest<T> best;
  bool begun = false;
  each_element<T, true>(w, plane, d, h, column, n, [&](const Lanes<T>& e) {
    if (begun)
      best.take((e.value > best.value) | (e.value != e.value), e);
    else
      best.value = e.value, best.place = e.place;
    begun = true;
  });
  best.seen -= begun;
  return best;
}

// Padding counts as -inf.
void max_pool_kernel(const Call& c) {
  const View &x = c.in[0], &y = c.out[0];
  const PoolPlan p(x, y, c.as<PoolAttrs>());
  with_float(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    each_group<T>(c, p, x.as<T>(), [&](const T* plane, int64_t d, int64_t h, int64_t column, int64_t n, int64_t at) {
      Largest<T> best;
      if (is_whole(p.w, column, n))
        best = largest_of_whole(p.w, plane, d, h, column, n);
      else
        each_element<T, false>(p.w, plane, d, h, column, n, [&](const Lanes<T>& e) { best.look_at(e); });
      for (int64_t i = 0; i < n && any(~best.seen); ++i)
        if (!best.seen[i]) {
          best.value[i] = -static_cast<T>(__builtin_inf());
          best.place[i] = static_cast<Bits<T>>(first_place(p.w, d, h, column + i));
          best.seen[i] = -1;
        }
      store_first<T>(y.as<T>() + at, best.value, n);
      store_first<Bits<T>>(c.out[1].as<Bits<T>>() + at, best.place, n);
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
      const auto add = [&](const Lanes<T>& e) { sum += e.value; };
      if (is_whole(p.w, column, n))
        each_element<T, true>(p.w, plane, d, h, column, n, add);
      else
        each_element<T, false>(p.w, plane, d, h, column, n, add);
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
TT_OP_TABLE(pooling,
            {"max_pool(x; stride: ints, before: ints, dilation: ints, kernel: ints, count: ints) -> y, places",
             infer::max_pool, max_pool_kernel},
            {"max_pool_backward(g, places; spatial: ints) -> gx", infer::max_pool_backward, max_pool_backward_kernel},
            {"sum_pool(x; stride: ints, before: ints, dilation: ints, kernel: ints, count: ints) -> y", infer::sum_pool,
             sum_pool_kernel},
            {"sum_pool_backward(g; stride: ints, before: ints, dilation: ints, kernel: ints, spatial: ints) -> gx",
             infer::sum_pool_backward, sum_pool_backward_kernel})
}  // namespace tt
