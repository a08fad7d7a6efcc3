// A band of outputs: the part of the input that it needs, copied with the padding around it, and where everything lies.
#pragma once
#include "conv_plan.h"

namespace tt {
namespace {

// How windows are listed: one by one; in runs of the lanes of a vector, of which the last of a row overlaps its
// neighbour; or in runs of kDotLanes.
enum class Runs { kSingle, kVectors, kDots };

template <class T>
struct Band {
  const Correlation& c;
  const Runs kind;
  T* staged;                   // the thread's room for a copy of the input
  int64_t* steps;              // where the input of each step lies,
  int64_t *from, *to, *lanes;  // and the windows, or runs of some side by side, in the input and in the result
  const int64_t most;          // windows of a run

  int64_t number = -1, runs = 0;
  Part part[Windows::kDims];
  bool inside;                // nothing beyond the edges is read: the input serves as it lies
  bool gathered;              // elements a step apart are copied side by side, for vectors of windows
  int64_t row, slice, plane;  // from one row, slice, channel to the next
  int64_t stretch;            // of a row, of elements side by side

  TT_INLINE Band(const Correlation& c, char* slot, Runs kind)
      : c(c),
        kind(kind),
        staged(reinterpret_cast<T*>(slot)),
        most(kind == Runs::kSingle    ? 1
             : kind == Runs::kVectors ? kLanes<T>
                                      : kDotLanes) {
    steps = reinterpret_cast<int64_t*>(slot + c.staged_bytes(sizeof(T)));
    from = steps + c.steps();
    to = from + c.band_windows();
    lanes = to + c.band_windows();
  }
  TT_INLINE int64_t column(int64_t u) const {
    const int64_t step = c.axis[2].step;
    return gathered ? u % step * stretch + u / step : u;
  }
};

template <class T>
void find_parts(Band<T>& b) {
  int64_t rest = b.number;
  bool empty = false;
  b.inside = b.kind != Runs::kDots;
  for (int d = Windows::kDims - 1; d >= 0; --d) {
    const Axis& a = b.c.axis[d];
    const int64_t first = rest % b.c.bands[d] * b.c.band[d];
    rest /= b.c.bands[d];
    b.part[d] = Part(a, first, at_most(b.c.band[d], a.n - first));
    const Part& p = b.part[d];
    b.inside = b.inside && p.tap == 0 && p.tap_end == a.taps && p.low >= 0 && p.low + p.extent <= a.spatial;
    empty = empty || p.extent == 0;
  }
  const bool whole = b.part[2].n >= b.most && b.c.axis[2].step == 1;  // no vector is partly read in vain
  b.inside = b.inside && (b.kind == Runs::kSingle || whole);
  for (int d = 0; empty && d < Windows::kDims; ++d) b.part[d].extent = b.part[d].tap_end = 0;
}

template <class T>
void find_strides(Band<T>& b) {
  const Axis* const a = b.c.axis;
  const int64_t width = b.part[2].extent, step = a[2].step;
  b.gathered = step > 1 && b.kind != Runs::kSingle;
  b.stretch = (width + step - 1) / step;
  b.row = b.inside ? a[2].spatial : b.gathered ? b.stretch * at_most(step, width) : width;
  b.slice = b.row * (b.inside ? a[1].spatial : b.part[1].extent);
  b.plane = b.inside ? b.slice * a[0].spatial : b.c.plane;
}

// Steps whose taps no window has inside read zeros behind the planes.
template <class T>
void place_steps(const Band<T>& b) {
  const Axis* const a = b.c.axis;
  const Part* const p = b.part;
  const auto offset = [&](int d, int64_t tap) {
    return tap < p[d].tap || tap >= p[d].tap_end ? -1 : (tap - p[d].tap) * a[d].apart;
  };
  int64_t* to = b.steps;
  for (int64_t i = 0; i < b.c.inputs; ++i)
    for (int64_t kd = 0; kd < a[0].taps; ++kd)
      for (int64_t kh = 0; kh < a[1].taps; ++kh)
        for (int64_t kw = 0; kw < a[2].taps; ++kw) {
          const int64_t d = offset(0, kd), h = offset(1, kh), w = offset(2, kw);
          *to++ = d < 0 || h < 0 || w < 0 ? b.c.inputs * b.plane : i * b.plane + d * b.slice + h * b.row + b.column(w);
        }
}

template <class T>
void place_windows(Band<T>& b) {
  const Axis* const a = b.c.axis;
  const Part* const p = b.part;
  const auto result = [&](int d, int64_t i) { return a[d].to + (p[d].first + i) * a[d].to_step; };
  const bool empty = p[2].extent == 0;
  b.runs = 0;
  for (int64_t d = 0; d < p[0].n; ++d)
    for (int64_t h = 0; h < p[1].n; ++h)
      for (int64_t next = 0; next < p[2].n; next += b.most) {
        const bool overlap = b.kind == Runs::kVectors && p[2].n >= b.most && next > p[2].n - b.most;
        const int64_t w = overlap ? p[2].n - b.most : next;
        b.from[b.runs] = empty ? 0 : d * a[0].step * b.slice + h * a[1].step * b.row + b.column(w * a[2].step);
        b.to[b.runs] = (result(0, d) * a[1].size + result(1, h)) * a[2].size + result(2, w);
        b.lanes[b.runs++] = at_most(b.most, p[2].n - w);
      }
}

// Elements [begin, end) of a row, brought side by side where they are a step apart.
template <class T>
void gather_row(const Band<T>& b, int64_t begin, int64_t end, const T* from, T* to) {
  int64_t u = begin;
  if (b.c.axis[2].step == 2) {
    if (u % 2 == 1) to[b.column(u)] = from[u], ++u;
    T *const even = to + u / 2, *const odd = even + b.stretch;
    const int64_t pairs = (end - u) / 2;
    for (int64_t i = 0; i < pairs; ++i) even[i] = from[u + 2 * i], odd[i] = from[u + 2 * i + 1];
    u += 2 * pairs;
  }
  for (; u < end; ++u) to[b.column(u)] = from[u];
}

// What a slice of the input has of the band's rows.
template <class T>
void copy_slice(const Band<T>& b, const T* from, T* to) {
  const Axis *const h = &b.c.axis[1], *const w = &b.c.axis[2];
  const Part &high = b.part[1], &wide = b.part[2];
  const int64_t top = high.low < 0 ? -high.low : 0, bottom = at_most(high.extent, h->spatial - high.low);
  const int64_t begin = wide.low < 0 ? -wide.low : 0, n = at_most(wide.extent, w->spatial - wide.low) - begin;
  from += (high.low + top) * w->spatial + wide.low + begin, to += top * b.row + begin;
  if (n <= 0) return;
  if (b.gathered)
    for (int64_t i = top; i < bottom; ++i, from += w->spatial, to += b.row)
      gather_row(b, begin, begin + n, from - begin, to - begin);
  else if (n <= kLanes<T>)
    for (int64_t i = top; i < bottom; ++i, from += w->spatial, to += b.row)
      store_first<T>(to, load_first<T>(from, n), n);
  else
    for (int64_t i = top; i < bottom; ++i, from += w->spatial, to += b.row)
      each_vector<T>(n,
                     [&](int64_t j, int64_t lanes) { store_first<T>(to + j, load_first<T>(from + j, lanes), lanes); });
}

// Goes to band `number` and fetches its part of an image, all input channels of a group. The padding stays zero from
// one image to the next.
template <class T>
const T* stage(Band<T>& b, int64_t number, const T* image) {
  const Axis* const a = b.c.axis;
  const Part* const p = b.part;
  if (number != b.number) {
    b.number = number;
    find_parts(b);
    find_strides(b);
    place_steps(b);
    place_windows(b);
    if (!b.inside) memset(b.staged, 0, static_cast<size_t>(b.c.staged_elements()) * sizeof(T));
  }
  if (b.inside) return image + (p[0].low * a[1].spatial + p[1].low) * a[2].spatial + p[2].low;
  const int64_t begin = p[0].low < 0 ? -p[0].low : 0, end = at_most(p[0].extent, a[0].spatial - p[0].low);
  for (int64_t i = 0; i < b.c.inputs; ++i)
    for (int64_t d = begin; d < end; ++d)
      copy_slice(b, image + (i * a[0].spatial + p[0].low + d) * a[1].spatial * a[2].spatial,
                 b.staged + i * b.plane + d * b.slice);
  return b.staged;
}

}  // namespace
}  // namespace tt
