// The largest element and the mean of each window: of windows at equal distances, and of parts that cover the input.
#include "pooling_lanes.h"
#include "pooling_parts.h"
#include "tree.h"

namespace tt {
namespace {

// Integers are pooled as int64.
template <class F>
TT_INLINE void with_pooled(DType d, F&& f) {
  if (d == DType::kInt64) return f(int64_t{});
  return with_float(d, f);
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

template <class T>
constexpr T kLowest = static_cast<T>(-__builtin_inf());
template <>
constexpr int64_t kLowest<int64_t> = INT64_MIN;

// The largest elements so far, and where they are. Of equal elements the first; NaN wins, and of several the last.
template <class T>
TT_INLINE void look_at(Lanes<T>& best, const Lanes<T>& e) {
  const auto larger = (e.value > best.value) | (e.value != e.value);
  best.value = larger ? e.value : best.value;
  best.place = larger ? e.place : best.place;
}

void largest_of_windows(const Call& c, const PoolPlan& p) {
  with_pooled(c.in[0].dtype, [&]<class T>(T) {
    const auto begin = [&](const Group<T>& g) {  // padding counts as the lowest value there is
      const auto first = static_cast<Place<T>>(first_place(p.w, g.d, g.h, g.column));
      return Lanes<T>{splat<T>(kLowest<T>), first + places_apart<T>(p.w)};
    };
    const auto end = [&](const Group<T>& g, const Lanes<T>& best) {
      store_first<T>(c.out[0].as<T>() + g.at, best.value, g.n);
      store_first<Place<T>>(c.out[1].as<Place<T>>() + g.at, best.place, g.n);
    };
    each_group(
        c, p, c.in[0].as<T>(),
        [&](const Group<T>& g) {
          Lanes<T> best = begin(g);
          each_element(p.w, g, [&](const Lanes<T>& e) { look_at(best, e); });
          end(g, best);
        },
        [&](const Group<T>& g) {
          Lanes<T> best = begin(g);
          each_inside(p.w, g,
                      [&](T value, Place<T> place) { look_at(best, Lanes<T>{splat<T>(value), place + Places<T>{}}); });
          end(g, best);
        });
  });
}

void max_pool_kernel(const Call& c) {
  const auto& a = c.as<MaxPoolAttrs>();
  largest_of_windows(c, PoolPlan(c.in[0], c.out[0], a.windows, a.dilation, a.n));
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
        const Place<T>* const at = places.as<Place<T>>() + plane * windows;
        for (int64_t i = 0; i < windows; ++i)
          if (at[i] >= 0 && at[i] < volume) to[at[i]] += from[i];
      }
    });
  });
}

// ---- means ----

// What the sum of a window is divided by: its elements, without or with those that are padding, or the divisor given.
// Windows that reach over the end have fewer.
struct Divisor {
  const PoolPlan& p;
  const AvgPoolAttrs& a;
  bool same;         // for all windows
  bool same_in_row;  // for those without padding on their left and right

  TT_INLINE Divisor(const PoolPlan& p, const AvgPoolAttrs& a) : p(p), a(a) {
    same = a.divisor != 0 || !(a.ceil || p.padding[0] || p.padding[1] || p.padding[2]);
    same_in_row = same || p.w.kernel[2] == p.kernel[2];
  }
  TT_INLINE int64_t along(int d, int64_t window) const {
    const int64_t start = window * p.w.stride[d] - p.padding[d], counted = a.counts_padding ? p.padding[d] : 0;
    const int64_t end = start + p.kernel[d], last = p.w.spatial[d] + counted;
    return (end < last ? end : last) - (start > -counted ? start : -counted);
  }
  TT_INLINE int64_t of(int64_t d, int64_t h, int64_t column) const {
    if (a.divisor != 0) return a.divisor;
    return same ? p.w.elements() : along(0, d) * along(1, h) * along(2, column);
  }
};

template <class T>
TT_INLINE T mean_of(T sum, int64_t divisor) {
  if constexpr (std::is_integral_v<T>)
    return divisor == -1 ? static_cast<T>(-static_cast<uint64_t>(sum)) : static_cast<T>(sum / divisor);
  else
    return sum / static_cast<T>(divisor);
}

void means_of_windows(const Call& c, const AvgPoolAttrs& a) {
  const View &x = c.in[0], &y = c.out[0];
  const PoolPlan p(x, y, a.windows, kSideBySide, a.n);
  const Divisor divisor(p, a);
  with_pooled(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const to = y.as<T>();
    each_group(
        c, p, x.as<T>(),
        [&](const Group<T>& g) {
          Vec<T> sum{};
          each_element(p.w, g, [&](const Lanes<T>& e) { sum += e.value; });
          if (divisor.same_in_row && !std::is_integral_v<T>)
            sum /= static_cast<T>(divisor.of(g.d, g.h, g.column));
          else
            for (int64_t i = 0; i < g.n; ++i) sum[i] = mean_of<T>(sum[i], divisor.of(g.d, g.h, g.column + i));
          store_first<T>(to + g.at, sum, g.n);
        },
        [&](const Group<T>& g) {
          T sum{};
          each_inside(p.w, g, [&](T value, Place<T>) { sum += value; });
          to[g.at] = mean_of<T>(sum, divisor.of(g.d, g.h, g.column));
        });
  });
}

// g divided as the sums of its windows are.
template <class T>
void divide_plane(const Windows& w, const Divisor& divisor, const T* g, T* to) {
  int64_t at = 0;
  for (int64_t d = 0; d < w.count[0]; ++d)
    for (int64_t h = 0; h < w.count[1]; ++h)
      for (int64_t column = 0; column < w.count[2]; ++column, ++at)
        to[at] = g[at] / static_cast<T>(divisor.of(d, h, column));
}

void share_among_windows(const Call& c, const AvgPoolAttrs& a) {
  const View &g = c.in[0], &gx = c.out[0];
  const PoolPlan p(gx, g, a.windows, kSideBySide, a.n);
  const Windows& w = p.w;
  const Divisor divisor(p, a);
  with_float(g.dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const divided = static_cast<T*>(c.scratch);
    parallel_for(c.threads, p.planes, p.cost(), [&](int64_t begin, int64_t end) {
      memset(gx.as<T>() + begin * w.volume(), 0, static_cast<size_t>((end - begin) * w.volume()) * sizeof(T));
      for (int64_t plane = begin; plane < end; ++plane)
        divide_plane(w, divisor, g.as<T>() + plane * w.windows(), divided + plane * w.windows());
      for (int64_t element = 0; element < w.elements(); ++element)
        each_box(
            w, Element(w, element), 0, w.windows(),
            [&](const Box& box) {
              for (int64_t plane = begin; plane < end; ++plane)
                for (int64_t row = 0; row < box.rows; ++row) {
                  const T* const from = divided + plane * w.windows() + box.i + row * w.count[2];
                  T* const to = gx.as<T>() + plane * w.volume() + box.offset + row * w.stride[1] * w.spatial[2];
                  for (int64_t i = 0; i < box.n; ++i) to[i * w.stride[2]] += from[i];
                }
            },
            [](int64_t, int64_t) {});
    });
  });
}

void avg_pool_kernel(const Call& c) { means_of_windows(c, c.as<AvgPoolAttrs>()); }
void avg_pool_backward_kernel(const Call& c) { share_among_windows(c, c.as<AvgPoolBackwardAttrs>().forward); }

// ---- parts that cover the input ----

// Of equal elements the first; NaN wins, and of several the last.
template <class T>
struct LargestOfBand {
  T value[kStrip];
  Place<T> row[kStrip];  // where they stand

  TT_INLINE void fill(const Band& band, const T* plane, int64_t from, int64_t n) {
    for (int64_t i = 0; i < n; i += kLanes<T>) {
      const int64_t count = n - i < kLanes<T> ? n - i : kLanes<T>;
      Vec<T> best{};
      Places<T> at{}, begun{};
      band.each_row([&](int64_t number, int64_t place) {
        const Vec<T> x = load_first<T>(plane + place + from + i, count);
        const Places<T> take = (x > best) | (x != x) | ~begun;
        best = take ? x : best;
        at = take ? Places<T>{} + static_cast<Place<T>>(number) : at;
        begun = ~Places<T>{};
      });
      store<T>(value + i, best);
      store<Place<T>>(row + i, at);
    }
  }
};

void adaptive_max_pool_kernel(const Call& c) {
  const View &x = c.in[0], &y = c.out[0];
  const Division division(x, y, c.as<AdaptiveAttrs>().n);
  const int64_t columns = division.size[2];
  with_pooled(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    each_band(c, x, division, [&](int64_t plane, const Band& band, int64_t to) {
      LargestOfBand<T> strip;
      Strip ready;
      division.each_part([&](const Part& part, int64_t i) {
        T best{};
        int64_t row = -1, column = 0;
        for (int64_t at = part.begin; at < part.end; ++at) {
          ready.reach(at, columns, [&](int64_t from, int64_t n) { strip.fill(band, x.as<T>() + plane, from, n); });
          const T value = strip.value[at - ready.from];
          const int64_t there = strip.row[at - ready.from];
          const bool earlier = value == best && there < row, last = value != value && (best == best || there >= row);
          if (row >= 0 && !(value > best || earlier || last)) continue;
          best = value, row = there, column = at;
        }
        y.as<T>()[to + i] = best;
        c.out[1].as<Place<T>>()[to + i] = static_cast<Place<T>>(row * columns + column);
      });
    });
  });
}

// One by one, or where there are many, by a tree.
template <class T>
TT_INLINE T sum_of(const T* x, int64_t n) {
  if (n > 32) return reduce_run(Sum{}, x, n);
  T sum{};
  for (int64_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

void adaptive_avg_pool_kernel(const Call& c) {
  const View &x = c.in[0], &y = c.out[0];
  const Division division(x, y, c.as<AdaptiveAttrs>().n);
  with_float(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    each_band(c, x, division, [&](int64_t plane, const Band& band, int64_t to) {
      T sums[kStrip];
      const auto fill = [&](int64_t from, int64_t n) {
        for (int64_t i = 0; i < n; i += kLanes<T>) {
          const int64_t count = n - i < kLanes<T> ? n - i : kLanes<T>;
          Vec<T> sum{};
          band.each_row(
              [&](int64_t, int64_t place) { sum += load_first<T>(x.as<T>() + plane + place + from + i, count); });
          store<T>(sums + i, sum);
        }
      };
      Strip ready;
      division.each_part([&](const Part& part, int64_t i) {
        T sum{};
        for (int64_t at = part.begin; at < part.end;) {
          ready.reach(at, division.size[2], fill);
          const int64_t end = part.end < ready.to ? part.end : ready.to;
          sum += sum_of(sums + at - ready.from, end - at);
          at = end;
        }
        y.as<T>()[to + i] = sum / static_cast<T>(band.rows() * part.length());
      });
    });
  });
}

// A column gets its share of the parts it belongs to, one or two of them, and so does each row of the band.
void adaptive_avg_pool_backward_kernel(const Call& c) {
  const View &g = c.in[0], &gx = c.out[0];
  const Division division(gx, g, c.as<Ints>().n);
  with_float(g.dtype, [&](auto zero) {
    using T = decltype(zero);
    memset(gx.data, 0, static_cast<size_t>(gx.numel()) * sizeof(T));
    each_band(c, gx, division, [&](int64_t plane, const Band& band, int64_t from) {
      T shares[kStrip];
      for (int64_t first = 0; first < division.size[2]; first += kStrip) {
        const int64_t left = division.size[2] - first, n = left < kStrip ? left : kStrip;
        memset(shares, 0, sizeof shares);
        division.each_part([&](const Part& part, int64_t i) {
          const int64_t begin = part.begin - first, end = part.end - first;
          const T share = g.as<T>()[from + i] / static_cast<T>(band.rows() * part.length());
          for (int64_t k = begin < 0 ? 0 : begin; k < (end < n ? end : n); ++k) shares[k] += share;
        });
        band.each_row([&](int64_t, int64_t place) {
          T* const to = gx.as<T>() + plane + place + first;
          for (int64_t i = 0; i < n; ++i) to[i] += shares[i];
        });
      }
    });
  });
}

}  // namespace
}  // namespace tt

namespace tt {
TT_OP_TABLE(
    pooling,
    {"max_pool(input; kernel_size: ints, stride: ints, padding: ints, dilation: ints, ceil_mode: bool, n: int) -> y, "
     "places",
     infer::max_pool, max_pool_kernel},
    {"max_pool_backward(g, places; spatial: ints) -> gx", infer::max_pool_backward, max_pool_backward_kernel},
    {"avg_pool(input; kernel_size: ints, stride: ints, padding: ints, ceil_mode: bool, count_include_pad: bool, "
     "divisor: int, n: int) -> y",
     infer::avg_pool, avg_pool_kernel},
    {"avg_pool_backward(g; kernel_size: ints, stride: ints, padding: ints, ceil_mode: bool, count_include_pad: bool, "
     "divisor: int, n: int, spatial: ints) -> gx",
     infer::avg_pool_backward, avg_pool_backward_kernel},
    {"adaptive_max_pool(input; output_size: ints, n: int) -> y, places", infer::adaptive_max_pool,
     adaptive_max_pool_kernel},
    {"adaptive_avg_pool(input; output_size: ints, n: int) -> y", infer::adaptive_avg_pool, adaptive_avg_pool_kernel},
    {"adaptive_avg_pool_backward(g; spatial: ints) -> gx", infer::adaptive_avg_pool_backward,
     adaptive_avg_pool_backward_kernel})
}  // namespace tt
