// Windows that slide over the last one, two or three dimensions: what convolution and pooling have in common.
//
// Element `inside` of window `i` lies at i * stride - before + inside * dilation along each dimension; where that is
// outside [0, spatial) there is padding. Nothing is assumed of the numbers but that they are not negative (`before`
// may be): no window reads or writes outside.
#pragma once
#include "../simd.h"

namespace tt {
namespace {

struct Windows {
  static constexpr int kDims = 3;  // missing ones stand in front and have one window of one element
  int64_t spatial[kDims], kernel[kDims], stride[kDims], before[kDims], dilation[kDims], count[kDims];

  TT_INLINE int64_t volume() const { return spatial[0] * spatial[1] * spatial[2]; }
  TT_INLINE int64_t elements() const { return kernel[0] * kernel[1] * kernel[2]; }
  TT_INLINE int64_t windows() const { return count[0] * count[1] * count[2]; }
};

struct Slide {
  Ints stride, before, dilation;
};

// Sizes along the windows' dimensions, each the last n of a shape.
TT_INLINE Windows windows_of(int n, const int64_t* spatial, const int64_t* kernel, const Slide& s,
                             const int64_t* count) {
  Windows w;
  for (int d = 0; d < Windows::kDims; ++d) {
    const int from = d - (Windows::kDims - n);
    const bool there = from >= 0;
    w.spatial[d] = there ? spatial[from] : 1;
    w.kernel[d] = there ? kernel[from] : 1;
    w.count[d] = there ? count[from] : 1;
    w.stride[d] = there ? s.stride[from] : 1;
    w.before[d] = there ? s.before[from] : 0;
    w.dilation[d] = there ? s.dilation[from] : 1;
  }
  return w;
}

// One element of every window: where it is in window 0, and the windows [first, end) that have it inside the input.
struct Element {
  int64_t at[Windows::kDims], first[Windows::kDims], end[Windows::kDims];

  TT_INLINE Element(const Windows& w, int64_t number) {
    for (int d = Windows::kDims - 1; d >= 0; --d) {
      at[d] = number % w.kernel[d] * w.dilation[d] - w.before[d];
      number /= w.kernel[d];
      const int64_t step = w.stride[d], stop = w.spatial[d] - at[d];
      first[d] = within(at[d] < 0 ? (step - 1 - at[d]) / step : 0, 0, w.count[d]);
      end[d] = within(stop > 0 ? (stop + step - 1) / step : 0, first[d], w.count[d]);
    }
  }
  static TT_INLINE int64_t within(int64_t i, int64_t low, int64_t high) { return i < low ? low : i > high ? high : i; }
};

// Rows of windows, of which all have some element inside the input: n windows in each, the first of them number `begin`
// + i and its element at `offset`; the rest follow at the steps of the windows.
struct Box {
  int64_t i, n, rows, offset;
};

// Takes windows [begin, end) apart into boxes and into gaps: gap(i, n) for n windows whose element is padding.
template <class Inside, class Gap>
TT_INLINE void each_box(const Windows& w, const Element& e, int64_t begin, int64_t end, Inside&& inside, Gap&& gap) {
  const int64_t width = w.count[2];
  int64_t row = begin / width, column = begin - row * width;
  int64_t d = row / w.count[1], h = row - d * w.count[1];
  for (int64_t i = 0; begin + i < end; column = 0) {
    const int64_t left = end - begin - i;
    const bool whole = column == 0 && left >= width;
    const int64_t rows = whole ? Element::within(left / width, 1, w.count[1] - h) : 1;
    const int64_t stop = whole ? width : Element::within(column + left, column, width), n = stop - column;
    const bool outside = d < e.first[0] || d >= e.end[0];
    const int64_t top = outside ? h + rows : Element::within(e.first[1], h, h + rows);
    const int64_t bottom = Element::within(e.end[1], top, h + rows);
    const int64_t from = Element::within(e.first[2], column, stop), to = Element::within(e.end[2], from, stop);
    if (top > h) gap(i, (top - h) * n);
    if (bottom > top && to > from) {
      const int64_t at_d = d * w.stride[0] + e.at[0], at_h = top * w.stride[1] + e.at[1];
      inside(Box{i + (top - h) * n + from - column, to - from, bottom - top,
                 (at_d * w.spatial[1] + at_h) * w.spatial[2] + from * w.stride[2] + e.at[2]});
    }
    if (to - from < n)
      for (int64_t at = i + (top - h) * n; at < i + (bottom - h) * n; at += n) {
        if (from > column) gap(at, from - column);
        if (stop > to) gap(at + to - column, stop - to);
      }
    if (bottom < h + rows) gap(i + (bottom - h) * n, (h + rows - bottom) * n);
    i += rows * n;
    h += rows;
    if (h == w.count[1]) h = 0, ++d;
  }
}

// Calls f(i, lanes) on the vectors of n elements.
template <class T, class F>
TT_INLINE void each_vector(int64_t n, F&& f) {
  int64_t i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) f(i, int64_t{kLanes<T>});
  if (i < n) f(i, n - i);
}

}  // namespace
}  // namespace tt
