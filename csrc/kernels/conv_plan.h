// How a convolution is cut up: known to the rule, which asks for scratch memory, and to the kernel, which uses it.
// Nothing here depends on the instruction set or on the number of threads.
//
// A convolution and its transpose are one thing, a `Correlation`: every output is a sum over channels and taps of an
// input that lies at a fixed distance. The transpose of a convolution with stride s is s such sums along a dimension,
// one for the outputs 0, s, 2s, ..., one for 1, s + 1, ..., each with the elements of the filter that reach them.
#pragma once
#include "product.h"
#include "windows.h"

namespace tt {
namespace {

struct ConvAttrs {
  Slide slide;
  Ints extent;  // sizes of the windows' dimensions of what is computed: y's, x's or w's
  int64_t groups;
};

// x (images, groups * channels, ...), w (groups * outputs, channels, ...), y (images, groups * outputs, ...).
struct ConvShape {
  Windows w;
  int64_t images, groups, channels, outputs;  // channels and outputs of one group

  // Shapes only, of which two are inputs and the third is what the attributes say.
  TT_INLINE ConvShape(const View& x, const View& filters, const View& y, const ConvAttrs& a)
      : w(windows_of(filters.ndim - 2, x.sizes + 2, filters.sizes + 2, a.slide, y.sizes + 2)),
        images(x.sizes[0]),
        groups(a.groups),
        channels(filters.sizes[1]),
        outputs(filters.sizes[0] / a.groups) {}
  TT_INLINE int64_t group_weights() const { return outputs * channels * w.elements(); }
  TT_INLINE int64_t multiplications() const {
    return images * groups * channels * outputs * w.elements() * w.windows();
  }
};

// The outputs along one dimension, `n` of them: tap j of output t lies at t * step + at + j * apart of the input.
struct Axis {
  int64_t n, step, spatial;
  int64_t taps, at, apart;
  int64_t element, element_step;  // of the filter: tap j is element + j * element_step
  int64_t to, to_step, size;      // output t lies at to + t * to_step of the result's `size`
};

TT_INLINE Axis forward_axis(const Windows& w, int d) {
  return {w.count[d], w.stride[d], w.spatial[d], w.kernel[d], -w.before[d], w.dilation[d], 0, 1, 0, 1, w.count[d]};
}

TT_INLINE int64_t common_divisor(int64_t a, int64_t b) {
  while (b) {
    const int64_t rest = a % b;
    a = b, b = rest;
  }
  return a;
}

// How many sums the transpose takes along a dimension: elements this far apart reach the same outputs.
TT_INLINE int64_t phases_of(const Windows& w, int d) {
  const int64_t apart = w.stride[d] / common_divisor(w.stride[d], w.dilation[d]);
  return apart < w.kernel[d] ? apart : w.kernel[d];
}

// Of the elements `phase`, phase + apart, ...; the last of them comes first, so that the taps lie in order.
TT_INLINE Axis transpose_axis(const Windows& w, int d, int64_t phase) {
  const int64_t stride = w.stride[d], dilation = w.dilation[d];
  const int64_t apart = stride / common_divisor(stride, dilation);
  const int64_t taps = (w.kernel[d] - phase + apart - 1) / apart, last = phase + (taps - 1) * apart;
  const int64_t ahead = (phase * dilation - w.before[d]) % stride, to = ahead < 0 ? ahead + stride : ahead;
  const int64_t n = w.spatial[d] > to ? (w.spatial[d] - to + stride - 1) / stride : 0;
  const int64_t at = (to + w.before[d] - last * dilation) / stride;  // without rest
  return {n, 1, w.count[d], taps, at, apart * dilation / stride, last, -apart, to, stride, w.spatial[d]};
}

// Some neighbouring outputs along an axis, the taps that any of them has inside the input, and the stretch that these
// lie in.
struct Part {
  int64_t first, n;
  int64_t tap, tap_end;
  int64_t low, extent;

  TT_INLINE Part() = default;
  TT_INLINE Part(const Axis& a, int64_t first, int64_t n) : first(first), n(n) {
    const int64_t begin = first * a.step + a.at, reach = (n - 1) * a.step;
    tap = begin + reach < 0 ? (-begin - reach + a.apart - 1) / a.apart : 0;
    tap_end = begin < a.spatial ? (a.spatial - 1 - begin) / a.apart + 1 : 0;
    if (tap > a.taps) tap = a.taps;
    if (tap_end > a.taps) tap_end = a.taps;
    low = begin + tap * a.apart;
    extent = tap < tap_end ? reach + (tap_end - 1 - tap) * a.apart + 1 : 0;
  }
};

constexpr int64_t kBandElements = 65536;  // of the input, in the second cache
constexpr int64_t kBandOutputs = 4096;
constexpr int64_t kBands = 8;  // where there is work for them: parts of few images, for threads

constexpr int64_t kShareWork = 14 * 65536;                       // multiplications that a thread must have to do
constexpr int64_t kBroadcastOutputs = 16, kBroadcastSteps = 32;  // from here on outputs lie in the lanes of vectors
constexpr int64_t kPanel = 32;                                   // a multiple of any number of outputs side by side
constexpr int64_t kVectorOutputs = 6;                            // of a tile where windows do
constexpr int64_t kTileWindows = 64;                             // whose sums are written at a time

TT_INLINE int64_t whole_lines(int64_t bytes) { return (bytes + 63) / 64 * 64; }
TT_INLINE int64_t whole_panels(int64_t outputs) { return (outputs + kPanel - 1) / kPanel * kPanel; }

// result[o] = sum of w[o, i, tap] input[i, at the tap], for each image and group.
struct Correlation {
  Axis axis[Windows::kDims];
  int64_t inputs, outputs;       // channels of a group: of what is read, of what is computed
  int64_t w_input, w_output;     // from the weights of one to those of the next
  int64_t band[Windows::kDims];  // outputs at a time, along each axis
  int64_t bands[Windows::kDims];
  int64_t plane;   // elements of one channel that a band needs, at most
  bool broadcast;  // outputs lie in lanes, and elements of the input are broadcast; or windows do
  bool in_order;   // steps are the weights of an output as they lie

  TT_INLINE int64_t taps() const { return axis[0].taps * axis[1].taps * axis[2].taps; }
  TT_INLINE int64_t steps() const { return inputs * taps(); }
  TT_INLINE int64_t windows() const { return axis[0].n * axis[1].n * axis[2].n; }
  TT_INLINE int64_t band_count() const { return bands[0] * bands[1] * bands[2]; }
  TT_INLINE int64_t band_windows() const { return band[0] * band[1] * band[2]; }
  TT_INLINE int64_t input() const { return axis[0].spatial * axis[1].spatial * axis[2].spatial; }
  TT_INLINE int64_t result() const { return axis[0].size * axis[1].size * axis[2].size; }
  TT_INLINE int64_t band_cost() const { return band_windows() * steps() * outputs / 16 + 1; }  // in parallel.h's visits
  // Of a group, with the bias.
  TT_INLINE int64_t weight_elements() const { return whole_panels(outputs + kVectorOutputs) * (steps() + 1); }
  TT_INLINE int64_t packed_bytes(int64_t groups, int64_t element_bytes) const {
    return whole_lines(groups * weight_elements() * element_bytes);
  }

  // The memory of one thread: the band of the input, followed by zeros and what vectors read in vain; where steps and
  // windows lie; sums of a tile.
  TT_INLINE int64_t staged_elements() const { return (inputs + 1) * plane + kPanel; }
  TT_INLINE int64_t staged_bytes(int64_t element_bytes) const { return whole_lines(staged_elements() * element_bytes); }
  TT_INLINE int64_t table_bytes() const { return whole_lines((steps() + 3 * band_windows()) * 8); }
  TT_INLINE int64_t slot_bytes(int64_t element_bytes) const {
    return staged_bytes(element_bytes) + table_bytes() + kPanel * kTileWindows * element_bytes;
  }
};

TT_INLINE int64_t at_most(int64_t x, int64_t most) { return x < most ? x : most; }

constexpr int64_t kBeyond = int64_t{1} << 40;  // more elements than any band has

// The room that `n` outputs along each axis need of one channel, an odd number of cache lines.
TT_INLINE int64_t room(const Correlation& c, const int64_t* n) {
  int64_t plane = 1;
  for (int d = 0; d < Windows::kDims; ++d) {
    const Axis& a = c.axis[d];
    const int64_t reach = (n[d] - 1) * a.step, most = reach + a.spatial - 1, spread = (a.taps - 1) * a.apart;
    const int64_t extent = reach + at_most(spread, most) + 1;
    if (extent < 1) continue;  // no outputs, or no input
    if (reach >= kBeyond || extent >= kBeyond / plane) return kBeyond;
    plane *= d + 1 < Windows::kDims ? extent : extent + at_most(a.step, extent);
  }
  return (plane / 16 | 1) * 16 + 16;
}

// Axes along which every output has its input to itself go on as one.
TT_INLINE void join_axes(Correlation& c) {
  for (int d = 0; d + 1 < Windows::kDims; ++d) {
    Axis &outer = c.axis[d], &inner = c.axis[d + 1];
    const auto plain = [](const Axis& a) {
      return a.taps == 1 && a.at == 0 && a.step == 1 && a.to == 0 && a.to_step == 1 && a.n == a.spatial &&
             a.n == a.size;
    };
    if (!plain(outer) || !plain(inner)) continue;
    inner.n = inner.spatial = inner.size = outer.n * inner.n;
    outer.n = outer.spatial = outer.size = 1;
  }
}

// Whether to make a band smaller along an axis makes its input smaller too.
TT_INLINE bool shrinks(const Axis& a, int64_t n) {
  return (n - 1) * a.step >= at_most((a.taps - 1) * a.apart, a.spatial);
}

// Bands small enough for the cache, and enough of them; cut along the outer axes first.
TT_INLINE void cut_bands(Correlation& c, int64_t parts) {
  for (int d = 0; d < Windows::kDims; ++d) c.band[d] = c.axis[d].n, c.bands[d] = 1;
  for (int d = 0; d < Windows::kDims; ++d) {
    const auto fits = [&] {
      return c.band_windows() <= kBandOutputs && parts * c.band_count() >= kBands &&
             (c.inputs * room(c, c.band) <= kBandElements || !shrinks(c.axis[d], c.band[d]));
    };
    while (c.band[d] > 1 && !fits()) {
      c.bands[d] *= 2;
      c.band[d] = (c.axis[d].n + c.bands[d] - 1) / c.bands[d];
      c.bands[d] = (c.axis[d].n + c.band[d] - 1) / c.band[d];
    }
  }
  c.plane = room(c, c.band);
}

// Threads worth having for some multiplications, each with memory of its own.
TT_INLINE int64_t slots_for(int64_t multiplications, int64_t bytes) {
  const int64_t slots = at_most(at_most(multiplications / kShareWork, kMaxSlots), 8 * kSlotBytes / bytes);
  return slots < 1 ? 1 : slots;
}

TT_INLINE void settle(Correlation& c, const ConvShape& s) {
  join_axes(c);
  c.broadcast = c.outputs >= kBroadcastOutputs && c.steps() > kBroadcastSteps;
  const bool small = s.multiplications() < kBands * kShareWork;
  cut_bands(c, small ? kBands : s.images * s.groups);
}

TT_INLINE Correlation forward_correlation(const ConvShape& s) {
  Correlation c;
  for (int d = 0; d < Windows::kDims; ++d) c.axis[d] = forward_axis(s.w, d);
  c.inputs = s.channels, c.outputs = s.outputs;
  c.in_order = true;
  c.w_input = s.w.elements(), c.w_output = s.channels * s.w.elements();
  settle(c, s);
  return c;
}

// Number `phase` of the transpose's sums.
TT_INLINE Correlation transpose_correlation(const ConvShape& s, int64_t phase) {
  Correlation c;
  for (int d = Windows::kDims - 1; d >= 0; --d) {
    const int64_t phases = phases_of(s.w, d);
    c.axis[d] = transpose_axis(s.w, d, phase % phases);
    phase /= phases;
  }
  c.inputs = s.outputs, c.outputs = s.channels;
  c.in_order = false;
  c.w_input = s.channels * s.w.elements(), c.w_output = s.w.elements();
  settle(c, s);
  return c;
}

TT_INLINE int64_t transpose_phases(const ConvShape& s) {
  return phases_of(s.w, 0) * phases_of(s.w, 1) * phases_of(s.w, 2);
}

// Whether every element of the result belongs to one of them.
TT_INLINE bool phases_cover(const ConvShape& s) {
  bool cover = true;
  for (int d = 0; d < Windows::kDims; ++d) cover = cover && phases_of(s.w, d) == s.w.stride[d];
  return cover;
}

TT_INLINE int64_t scratch_bytes(const ConvShape& s, const Correlation& c, int64_t element_bytes) {
  if (c.windows() == 0) return 0;
  const int64_t bytes = c.slot_bytes(element_bytes);
  return c.packed_bytes(s.groups, element_bytes) + slots_for(s.multiplications(), bytes) * bytes;
}

// The gradient of the weights is a sum over images: of some of them at a time, then of these partial sums in order.
// Few outputs: over windows in lanes, 16 sums each.
constexpr int64_t kDotLanes = 16, kDotOutputs = 4;
constexpr int64_t kChunks = 16, kChunkElements = 1 << 20;

struct WeightPlan {
  Correlation c;
  bool dots;
  int64_t partial;  // elements of a partial sum of one group
  int64_t chunks;   // partial sums

  TT_INLINE explicit WeightPlan(const ConvShape& s) : c(forward_correlation(s)) {
    dots = s.outputs <= kDotOutputs;
    partial = dots ? s.outputs * c.steps() * kDotLanes : whole_panels(s.outputs) * c.steps();
    chunks = kChunkElements / (s.groups * partial + 1) + 1;
    chunks = at_most(at_most(chunks, kChunks), s.images > 0 ? s.images : 1);
  }
  // Of one thread: as for the sums themselves, and the gradients of a panel.
  TT_INLINE int64_t slot_bytes(int64_t element_bytes) const {
    const int64_t gradients = (c.band_windows() + 1) * kPanel * element_bytes;
    return c.slot_bytes(element_bytes) + whole_lines(gradients);
  }
  TT_INLINE int64_t slots(const ConvShape& s, int64_t element_bytes) const {
    return slots_for(s.multiplications(), slot_bytes(element_bytes));
  }
  TT_INLINE int64_t sum_bytes(const ConvShape& s, int64_t element_bytes) const {
    return whole_lines(chunks * s.groups * partial * element_bytes);
  }
  TT_INLINE int64_t scratch_bytes(const ConvShape& s, int64_t element_bytes) const {
    return sum_bytes(s, element_bytes) + slots(s, element_bytes) * slot_bytes(element_bytes);
  }
};

}  // namespace
}  // namespace tt
