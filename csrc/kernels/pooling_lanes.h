// How pooling reads: windows of a row side by side, one element of each at a time, a window a lane.
#pragma once
#include <utility>

#include "../parallel.h"
#include "pooling_plan.h"

namespace tt {
namespace {

// Where an element lies in its plane, of the width of the element.
template <class T>
using Place = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;
template <class T>
using Places = Vec<Place<T>>;

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
        if constexpr (!kWhole) x.there = (lane >= static_cast<Place<T>>(first)) & (lane < static_cast<Place<T>>(end));
        x.place = static_cast<Place<T>>(row + at) + lane * static_cast<Place<T>>(step);
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

}  // namespace
}  // namespace tt
