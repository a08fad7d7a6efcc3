// How adaptive pooling divides planes into parts that cover them.
#pragma once
#include "../parallel.h"
#include "windows.h"

namespace tt {
namespace {

// The parts of one dimension, in their order: part i of n goes from i * size / n, rounded down, to (i + 1) * size / n,
// rounded up.
struct Part {
  int64_t begin = 0, end;

  TT_INLINE Part(int64_t size, int64_t n)
      : end((size + n - 1) / n), step_(size / n), over_(size % n), n_(n), rest_(0) {}
  TT_INLINE int64_t length() const { return end - begin; }
  TT_INLINE void next() {
    begin = advance(begin);
    const int64_t rest = rest_;
    const int64_t after = advance(begin);
    end = after + (rest_ != 0);
    rest_ = rest;
  }

 private:
  // From i * size / n to the next, and what rounding took away.
  TT_INLINE int64_t advance(int64_t at) {
    rest_ += over_;
    const bool whole = rest_ >= n_;
    rest_ -= whole ? n_ : 0;
    return at + step_ + whole;
  }

  int64_t step_, over_, n_, rest_;
};

// A plane of `size` elements, which is divided into `count` parts along each dimension.
struct Division {
  int64_t size[Windows::kDims] = {1, 1, 1}, count[Windows::kDims] = {1, 1, 1};

  // `parts` is a view of n dimensions of planes as `whole` is.
  TT_INLINE Division(const View& whole, const View& parts, int64_t n) {
    for (int64_t d = 0; d < n; ++d) {
      size[Windows::kDims - n + d] = whole.sizes[whole.ndim - n + d];
      count[Windows::kDims - n + d] = parts.sizes[whole.ndim - n + d];
    }
  }
  TT_INLINE int64_t volume() const { return size[0] * size[1] * size[2]; }
  TT_INLINE int64_t parts() const { return count[0] * count[1] * count[2]; }

  // Calls f(part, its number) for the parts of a row.
  template <class F>
  TT_INLINE void each_part(F&& f) const {
    Part part(size[2], count[2]);
    for (int64_t i = 0; i < count[2]; ++i, part.next()) f(part, i);
  }
};

// A row of parts: the same rows of the plane go into all of them.
struct Band {
  const Division& of;
  Part d, h;

  // Calls f(number, place of its first element) for the rows of the plane.
  template <class F>
  TT_INLINE void each_row(F&& f) const {
    for (int64_t i = d.begin; i < d.end; ++i)
      for (int64_t k = h.begin; k < h.end; ++k) f(i * of.size[1] + k, (i * of.size[1] + k) * of.size[2]);
  }
  TT_INLINE int64_t rows() const { return d.length() * h.length(); }
};

// Calls f(first element of the plane, band, first part of it) for all bands.
template <class F>
TT_INLINE void each_band(const Call& c, const View& whole, const Division& division, F&& f) {
  const int64_t volume = division.volume(), parts = division.parts(), *count = division.count;
  if (volume == 0 || parts == 0) return;
  parallel_for(c.threads, whole.numel() / volume, volume + parts, [&](int64_t first, int64_t last) {
    for (int64_t plane = first; plane < last; ++plane) {
      int64_t at = plane * parts;
      Band band{division, Part(division.size[0], count[0]), Part(division.size[1], count[1])};
      for (int64_t d = 0; d < count[0]; ++d, band.d.next()) {
        band.h = Part(division.size[1], count[1]);
        for (int64_t h = 0; h < count[1]; ++h, band.h.next(), at += count[2]) f(plane * volume, band, at);
      }
    }
  });
}

// Columns of a band are reduced first, whole vectors of them, then those of a part: columns that are ready.
constexpr int64_t kStrip = 256;
struct Strip {
  int64_t from = 0, to = 0;

  // Calls fill(from, n) where column `at` is not among those of the strip, which then begins there.
  template <class F>
  TT_INLINE void reach(int64_t at, int64_t columns, F&& fill) {
    if (at >= from && at < to) return;
    from = at;
    to = at + (columns - at < kStrip ? columns - at : kStrip);
    fill(from, to - from);
  }
};

}  // namespace
}  // namespace tt
