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

// One element of up to kLanes windows side by side.
template <class T>
struct Lanes {
  Vec<T> value;
  Places<T> place;  // in the plane
};

// How far the windows of the lanes are from the first.
template <class T>
TT_INLINE Places<T> places_apart(const Windows& w) {
  Places<T> lane;
  for (int i = 0; i < kLanes<T>; ++i) lane[i] = i;
  return lane * static_cast<Place<T>>(w.stride[2]);
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

// p[0], p[4], ...: the same.
template <class T>
TT_INLINE Vec<T> load_fourth(const T* p, int64_t n) {
  constexpr int64_t kHalfLanes = kLanes<T> / 2;
  const Vec<T> low = load_even<T>(p, n > kHalfLanes ? kLanes<T> : 2 * n - 1);
  const Vec<T> high = n > kHalfLanes ? load_even<T>(p + 2 * kLanes<T>, 2 * (n - kHalfLanes) - 1) : Vec<T>{};
  return even_lanes<T>(low, high, std::make_index_sequence<kLanes<T>>{});
}

// p[0], p[stride], ...: the same.
template <class T>
TT_INLINE Vec<T> load_apart(const T* p, int64_t stride, int64_t n) {
  if (stride == 1) return load_first<T>(p, n);
  if (stride == 2) return load_even<T>(p, n);
  if (stride == 4) return load_fourth<T>(p, n);
  T lanes[kLanes<T>] = {};
  for (int64_t i = 0; i < n; ++i) lanes[i] = p[i * stride];
  return load(lanes);
}

// Windows side by side in a row: the plane they are in, the first of them, their number, the index of the first in the
// output.
template <class T>
struct Group {
  const T* plane;
  int64_t d, h, column, n, at;
  int64_t begin[2], end[2];  // which of their rows are inside

  TT_INLINE Group(const Windows& w, const T* plane, int64_t d, int64_t h, int64_t at)
      : plane(plane), d(d), h(h), column(0), n(0), at(at) {
    const int64_t window[] = {d, h};
    for (int i = 0; i < 2; ++i) {
      begin[i] = first_of(w, i, start_of(w, i, window[i]));
      end[i] = end_of(w, i, start_of(w, i, window[i]));
    }
  }

  // Which elements of a window are inside along one dimension.
  static TT_INLINE int64_t start_of(const Windows& w, int i, int64_t window) {
    return window * w.stride[i] - w.before[i];
  }
  static TT_INLINE int64_t first_of(const Windows& w, int i, int64_t start) {
    return start < 0 ? (w.dilation[i] - 1 - start) / w.dilation[i] : 0;
  }
  static TT_INLINE int64_t end_of(const Windows& w, int i, int64_t start) {
    const int64_t left = w.spatial[i] - start, step = w.dilation[i];
    return left > w.kernel[i] * step ? w.kernel[i] : left > 0 ? (left + step - 1) / step : 0;
  }

  // Calls f(place of the row in the plane) for the rows.
  template <class F>
  TT_INLINE void each_row(const Windows& w, F&& f) const {
    const int64_t top = start_of(w, 0, d), left = start_of(w, 1, h);
    for (int64_t kd = begin[0]; kd < end[0]; ++kd)
      for (int64_t kh = begin[1]; kh < end[1]; ++kh)
        f(((top + kd * w.dilation[0]) * w.spatial[1] + left + kh * w.dilation[1]) * w.spatial[2]);
  }
};

// Of up to kLanes windows without padding on their left and right: calls f(Lanes) for each element.
template <class T, class F>
TT_INLINE void each_element(const Windows& w, const Group<T>& g, F&& f) {
  const int64_t step = w.stride[2], column = g.start_of(w, 2, g.column);
  const Places<T> apart = places_apart<T>(w);
  g.each_row(w, [&](int64_t row) {
    for (int64_t kw = 0, at = row + column; kw < w.kernel[2]; ++kw, at += w.dilation[2])
      f(Lanes<T>{load_apart(g.plane + at, step, g.n), static_cast<Place<T>>(at) + apart});
  });
}

// Of one window: calls f(value, place) for each element that is inside.
template <class T, class F>
TT_INLINE void each_inside(const Windows& w, const Group<T>& g, F&& f) {
  const int64_t column = g.start_of(w, 2, g.column), first = g.first_of(w, 2, column), end = g.end_of(w, 2, column);
  g.each_row(w, [&](int64_t row) {
    for (int64_t kw = first, at = row + column + first * w.dilation[2]; kw < end; ++kw, at += w.dilation[2])
      f(g.plane[at], static_cast<Place<T>>(at));
  });
}

// Calls whole(group) for windows without padding on their left and right, edge(group) for each of the others.
template <class T, class Whole, class Edge>
TT_INLINE void each_group(const Call& c, const PoolPlan& p, const T* x, Whole&& whole, Edge&& edge) {
  const Windows& w = p.w;
  const auto clip = [&](int64_t i, int64_t low) { return i < low ? low : i > w.count[2] ? w.count[2] : i; };
  const int64_t room = w.spatial[2] + w.before[2] - (w.kernel[2] - 1) * w.dilation[2];
  const int64_t first = clip((w.before[2] + w.stride[2] - 1) / w.stride[2], 0);
  const int64_t end = clip(room > 0 ? (room - 1) / w.stride[2] + 1 : 0, first);
  parallel_for(c.threads, p.planes, p.cost(), [&](int64_t begin, int64_t stop) {
    for (int64_t plane = begin; plane < stop; ++plane)
      for (int64_t d = 0; d < w.count[0]; ++d)
        for (int64_t h = 0; h < w.count[1]; ++h) {
          const int64_t at = ((plane * w.count[0] + d) * w.count[1] + h) * w.count[2];
          Group<T> g(w, x + plane * w.volume(), d, h, at);
          for (; g.column < w.count[2]; g.column += g.n, g.at += g.n) {
            const bool inside = g.column >= first && g.column < end;
            g.n = !inside ? 1 : end - g.column < kLanes<T> ? end - g.column : kLanes<T>;
            inside ? whole(g) : edge(g);
          }
        }
  });
}

}  // namespace
}  // namespace tt
