// Convolution over one, two or three dimensions, and its transposes in either argument, without a matrix of windows.
#include "../parallel.h"
#include "conv_band.h"
#include "conv_tile.h"

namespace tt {
namespace {

// ---- weights, in the order in which tiles read them ----

// One group's weights of one correlation: where element 0 of the filters between output and input 0 lies.
template <class T>
struct Weights {
  const T *w, *bias;  // bias: of the group's outputs, or null
  Windows filter;
};

// to[step * width + lane]: the weights of `lanes` outputs, then their bias.
template <class T>
void pack_weights(const Correlation& c, const Weights<T>& from, int64_t first, int64_t lanes, int64_t width, T* to) {
  const T* const w = from.w + first * c.w_output;
  const Axis* const a = c.axis;
  const int64_t steps = c.steps();
  if (c.in_order) {
    pack_panel(w, c.w_output, 1, lanes, width, steps, to);
  } else {
    T* at = to;
    for (int64_t i = 0; i < c.inputs; ++i)
      for (int64_t d = 0; d < a[0].taps; ++d)
        for (int64_t h = 0; h < a[1].taps; ++h)
          for (int64_t k = 0; k < a[2].taps; ++k, at += width) {
            const auto element = [&](int axis, int64_t tap) { return a[axis].element + tap * a[axis].element_step; };
            const int64_t place = (element(0, d) * from.filter.kernel[1] + element(1, h)) * from.filter.kernel[2];
            const T* const one = w + i * c.w_input + place + element(2, k);
            for (int64_t o = 0; o < lanes; ++o) at[o] = one[o * c.w_output];
          }
  }
  for (int64_t k = 0; lanes < width && k < steps; ++k)
    for (int64_t o = lanes; o < width; ++o) to[k * width + o] = 0;
  for (int64_t o = 0; o < width; ++o) to[steps * width + o] = from.bias && o < lanes ? from.bias[first + o] : T{0};
}

// Outputs that one panel of weights is for.
template <class T>
TT_INLINE int64_t panel_width(const Correlation& c) {
  if (c.broadcast) return kPanelLanes<T>;
  const int64_t tiles = (c.outputs + kVectorOutputs - 1) / kVectorOutputs;
  return (c.outputs + tiles - 1) / tiles;
}

// ---- sums of a band ----

// A result whose planes are `volume` apart.
template <class T>
struct Planes {
  T* data;
  int64_t volume;
};

// y[o][to[i]] = sums[i][o] of n windows.
template <class T>
void put_tile(const T* sums, int64_t n, int64_t outputs, const int64_t* to, const Planes<T>& y) {
  using Two = typename Halves<T>::Two;
  constexpr int64_t kStep = kPanelLanes<T>, kRows = kRowsOf<T, Two>;
  int64_t o = 0;
  if (n >= kRows && to[n - 1] - to[0] == n - 1)
    for (; o + kHalf<T> <= outputs; o += kHalf<T>)
      for (int64_t i = 0; i < n; i += kRows) {
        const int64_t at = least(i, n - kRows);  // the last blocks overlap their neighbours
        Two column[kHalf<T>];
        load_across(sums + at * kStep + o, kStep, column);
#pragma GCC unroll 4
        for (int q = 0; q < kHalf<T>; ++q) memcpy(y.data + (o + q) * y.volume + to[at], &column[q], sizeof(Two));
      }
  for (; o < outputs; ++o)
    for (int64_t i = 0; i < n; ++i) y.data[o * y.volume + to[i]] = sums[i * kStep + o];
}

// All outputs of a band; `weights` in panels of `width`.
template <class T>
void sum_in_outputs(const Band<T>& b, const T* x, const T* weights, bool bias, T* sums, Planes<T> y) {
  const int64_t width = kPanelLanes<T>, steps = b.c.steps(), rows = tile_step(b.runs),
                some = kTileWindows / rows * rows;
  for (int64_t o = 0; o < b.c.outputs; o += width, weights += (steps + 1) * width) {
    const int64_t lanes = least(b.c.outputs - o, width);
    const T* const last = bias ? weights + steps * width : nullptr;
    for (int64_t begin = 0; begin < b.runs; begin += some) {
      const int64_t n = least(b.runs - begin, some);
      for (int64_t i = 0; i < n; i += rows) {
        const int64_t count = least(n - i, rows), *const from = b.from + begin + i;
        run_tile<T>(count, lanes, from[count - 1] - from[0] == count - 1,
                    {x, from, b.steps, steps, weights, last, sums + i * width, false});
      }
      put_tile<T>(sums, n, lanes, b.to + begin, {y.data + o * y.volume, y.volume});
    }
  }
}

template <class T>
void sum_in_windows(const Band<T>& b, const T* x, const T* weights, bool bias, Planes<T> y) {
  const int64_t width = panel_width<T>(b.c), steps = b.c.steps();
  for (int64_t o = 0; o < b.c.outputs; o += width, weights += (steps + 1) * width) {
    const int64_t outputs = least(b.c.outputs - o, width), pieces = pieces_for(width);
    for (int64_t i = 0; i < b.runs; i += pieces)
      run_tile<T>(width, {x,
                          b.steps,
                          steps,
                          weights,
                          bias ? weights + steps * width : nullptr,
                          {b.from + i, b.to + i, b.lanes + i},
                          least(b.runs - i, pieces),
                          outputs,
                          y.data + o * y.volume,
                          y.volume,
                          b.c.axis[2].to_step});
  }
}

// One of the sums that make up a convolution or its transpose.
template <class T>
void correlate(const Call& call, const ConvShape& s, const Correlation& c, const T* x, const T* w, const T* bias,
               T* y) {
  T* const packed = static_cast<T*>(call.scratch);
  char* const slots = static_cast<char*>(call.scratch) + c.packed_bytes(s.groups, sizeof(T));
  const int64_t width = panel_width<T>(c), panels = (c.outputs + width - 1) / width, panel = (c.steps() + 1) * width;
  parallel_for(call.threads, s.groups * panels, panel / 4 + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t group = i / panels, first = i % panels * width;
      const Weights<T> from = {w + group * s.group_weights(), bias ? bias + group * c.outputs : nullptr, s.w};
      pack_weights(c, from, first, least(c.outputs - first, width), width, packed + i * panel);
    }
  });
  const int64_t parts = s.images * s.groups, volume = c.result(), cost = c.band_cost();
  const auto threads = static_cast<int>(least(call.threads, slots_for(s.multiplications(), c.slot_bytes(sizeof(T)))));
  parallel_for(threads, parts * c.band_count(), cost, [&](int64_t begin, int64_t end) {
    char* const slot = slots + omp_get_thread_num() * c.slot_bytes(sizeof(T));
    T* const sums = reinterpret_cast<T*>(slot + c.staged_bytes(sizeof(T)) + c.table_bytes());
    Band<T> band(c, slot, c.broadcast ? Runs::kSingle : Runs::kVectors);
    for (int64_t i = begin; i < end; ++i) {
      const int64_t part = i % parts;
      const T* const from = stage(band, i / parts, x + part * c.inputs * c.input());
      const T* const weights = packed + part % s.groups * panels * panel;
      const Planes<T> to = {y + part * c.outputs * volume, volume};
      if (c.broadcast)
        sum_in_outputs(band, from, weights, bias != nullptr, sums, to);
      else
        sum_in_windows(band, from, weights, bias != nullptr, to);
    }
  });
}

void conv_kernel(const Call& call) {
  const View &x = call.in[0], &w = call.in[1], &bias = call.in[2], &y = call.out[0];
  if (y.numel() == 0) return;
  with_float(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    const ConvShape s(x, w, y, call.as<ConvAttrs>());
    correlate<T>(call, s, forward_correlation(s), x.as<T>(), w.as<T>(), bias.as<T>(), y.as<T>());
  });
}

void conv_transpose_kernel(const Call& call) {
  const View &g = call.in[0], &w = call.in[1], &gx = call.out[0];
  if (gx.numel() == 0) return;
  with_float(g.dtype, [&](auto zero) {
    using T = decltype(zero);
    const ConvShape s(gx, w, g, call.as<ConvAttrs>());
    if (!phases_cover(s)) memset(gx.data, 0, static_cast<size_t>(gx.numel()) * sizeof(T));
    for (int64_t phase = 0; phase < transpose_phases(s); ++phase) {
      const Correlation c = transpose_correlation(s, phase);
      if (c.windows() > 0) correlate<T>(call, s, c, g.as<T>(), w.as<T>(), nullptr, gx.as<T>());
    }
  });
}

// ---- the gradient of the weights ----

// Where a thread works on images [image, image_end) of one group, and on some of its panels.
template <class T>
struct WeightPart {
  const WeightPlan& p;
  const ConvShape& s;
  const T *g, *x;
  int64_t group, image, image_end;
};

// Columns of g in a band, as rows of one panel: to[window * width + output].
template <class T>
void pack_gradients(const Band<T>& b, const T* g, int64_t volume, int64_t lanes, T* to) {
  constexpr int64_t kWidth = kPanelLanes<T>;
  const int64_t whole = lanes > kLanes<T> ? kWidth : kLanes<T>;
  for (int64_t i = 0; i < b.runs;) {
    int64_t n = 1;
    while (i + n < b.runs && b.to[i + n] == b.to[i] + n) ++n;
    pack_panel(g + b.to[i], volume, 1, lanes, kWidth, n, to + i * kWidth);
    i += n;
  }
  for (int64_t i = 0; lanes < whole && i < b.runs; ++i)
    for (int64_t o = lanes; o < whole; ++o) to[i * kWidth + o] = 0;
}

// sums[panel][tap][output] of panels [begin, end): chains over the windows of a band, added up image by image.
template <class T>
void weights_in_outputs(const WeightPart<T>& part, int64_t begin, int64_t end, char* slot, T* sums) {
  const Correlation& c = part.p.c;
  constexpr int64_t kWidth = kPanelLanes<T>;
  const int64_t steps = c.steps(), rows = tile_step(steps), volume = c.result();
  T* const gradients = reinterpret_cast<T*>(slot + c.slot_bytes(sizeof(T)));
  Band<T> b(c, slot, Runs::kSingle);
  for (int64_t number = 0; number < c.band_count(); ++number)
    for (int64_t image = part.image; image < part.image_end; ++image) {
      const int64_t at = image * part.s.groups + part.group;
      const T* const x = stage(b, number, part.x + at * c.inputs * c.input());
      const bool add = number > 0 || image > part.image;
      for (int64_t panel = begin; panel < end; ++panel) {
        const int64_t lanes = least(c.outputs - panel * kWidth, kWidth);
        pack_gradients(b, part.g + (at * c.outputs + panel * kWidth) * volume, volume, lanes, gradients);
        for (int64_t k = 0; k < steps; k += rows)
          run_tile<T>(least(steps - k, rows), lanes, false,
                      {x, b.steps + k, b.from, b.runs, gradients, nullptr, sums + (panel * steps + k) * kWidth, add});
      }
    }
}

// sums[output][tap][lane]: some chains for each weight.
template <class T>
void weights_in_windows(const WeightPart<T>& part, char* slot, T* sums) {
  const Correlation& c = part.p.c;
  const int64_t steps = c.steps(), tiles = (steps + kDotTaps - 1) / kDotTaps,
                taps = tiles ? (steps + tiles - 1) / tiles : 1;
  const int64_t volume = c.result();
  Band<T> b(c, slot, Runs::kDots);
  memset(sums, 0, static_cast<size_t>(part.p.partial) * sizeof(T));
  for (int64_t number = 0; number < c.band_count(); ++number)
    for (int64_t image = part.image; image < part.image_end; ++image) {
      const int64_t at = image * part.s.groups + part.group;
      const T* const x = stage(b, number, part.x + at * c.inputs * c.input());
      for (int64_t o = 0; o < c.outputs; ++o)
        for (int64_t k = 0; k < steps; k += taps)
          run_tile<T>(least(steps - k, taps), {x,
                                               part.g + (at * c.outputs + o) * volume,
                                               b.steps + k,
                                               {b.from, b.to, b.lanes},
                                               b.runs,
                                               sums + (o * steps + k) * kDotLanes});
    }
}

// Partial sums added up in order, then brought into the order of the weights.
template <class T>
void finish_weights(const WeightPlan& p, int64_t group, int64_t groups, T* sums, T* gw) {
  T* const total = sums + group * p.partial;
  for (int64_t chunk = 1; chunk < p.chunks; ++chunk) {
    const T* const more = total + chunk * groups * p.partial;
    each_vector<T>(p.partial, [&](int64_t i, int64_t lanes) {
      store_first<T>(total + i, load_first<T>(total + i, lanes) + load_first<T>(more + i, lanes), lanes);
    });
  }
  const int64_t steps = p.c.steps();
  constexpr int64_t kWidth = kPanelLanes<T>;
  if (!p.dots)
    for (int64_t o = 0; o < p.c.outputs; o += kWidth)
      pack_panel(total + o * steps, kWidth, 1, steps, steps, least(p.c.outputs - o, kWidth), gw + o * steps);
  for (int64_t i = 0; p.dots && i < p.c.outputs * steps; ++i) {
    T* const lanes = total + i * kDotLanes;
    for (int64_t half = kDotLanes / 2; half > 0; half /= 2)
      for (int64_t j = 0; j < half; ++j) lanes[j] += lanes[j + half];
    gw[i] = lanes[0];
  }
}

void conv_weight_kernel(const Call& call) {
  const View &g = call.in[0], &x = call.in[1], &gw = call.out[0];
  if (gw.numel() == 0) return;
  if (g.numel() == 0 || x.numel() == 0) {
    memset(gw.data, 0, static_cast<size_t>(gw.numel() * (gw.dtype == DType::kFloat64 ? 8 : 4)));
    return;
  }
  with_float(g.dtype, [&](auto zero) {
    using T = decltype(zero);
    const ConvShape s(x, gw, g, call.as<ConvAttrs>());
    const WeightPlan p(s);
    T* const sums = static_cast<T*>(call.scratch);
    char* const slots = static_cast<char*>(call.scratch) + p.sum_bytes(s, sizeof(T));
    const int64_t panels = p.dots ? 1 : (s.outputs + kPanelLanes<T> - 1) / kPanelLanes<T>, each = s.groups * panels;
    const auto threads = static_cast<int>(least(call.threads, p.slots(s, sizeof(T))));
    parallel_for(
        threads, p.chunks * each, s.multiplications() / 16 / (p.chunks * each) + 1, [&](int64_t begin, int64_t end) {
          char* const slot = slots + omp_get_thread_num() * p.slot_bytes(sizeof(T));
          while (begin < end) {
            const int64_t chunk = begin / each, group = begin % each / panels, panel = begin % panels;
            const int64_t stop = least(panels, panel + end - begin);
            const WeightPart<T> part = {
                p, s, g.as<T>(), x.as<T>(), group, s.images * chunk / p.chunks, s.images * (chunk + 1) / p.chunks};
            T* const to = sums + (chunk * s.groups + group) * p.partial;
            if (p.dots)
              weights_in_windows(part, slot, to);
            else
              weights_in_outputs(part, panel, stop, slot, to);
            begin += stop - panel;
          }
        });
    parallel_for(call.threads, s.groups, p.partial * p.chunks / 4 + 1, [&](int64_t begin, int64_t end) {
      for (int64_t group = begin; group < end; ++group)
        finish_weights(p, group, s.groups, sums, gw.as<T>() + group * s.group_weights());
    });
  });
}

}  // namespace
}  // namespace tt

namespace tt {
TT_OP_TABLE(conv,
            {"conv(x, w, bias?; stride: ints, before: ints, dilation: ints, count: ints, groups: int) -> y",
             infer::conv, conv_kernel},
            {"conv_transpose(g, w; stride: ints, before: ints, dilation: ints, spatial: ints, groups: int) -> gx",
             infer::conv_transpose, conv_transpose_kernel},
            {"conv_weight(g, x; stride: ints, before: ints, dilation: ints, kernel: ints, groups: int) -> gw",
             infer::conv_weight, conv_weight_kernel})
}  // namespace tt
