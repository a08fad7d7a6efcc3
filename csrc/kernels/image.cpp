// Elements along one dimension out of a few others, by weights: what resizes and pads images.
#include "../parallel.h"
#include "windows.h"

namespace tt {
namespace {

struct DimAttrs {
  int64_t dim;
};

// A contiguous tensor around one dimension, its new elements there, and the places each of them is made of.
struct Taps {
  const int64_t* places;
  const void* weights;  // nullptr: one place each, taken as it is
  int64_t outer = 1, inner = 1, count, taps;
  int64_t begin = 0, end = 0;  // the longest run of elements from one place after the other

  TT_INLINE Taps(const View& x, int64_t dim, const View& places, const View& weights)
      : places(places.as<int64_t>()), weights(weights.data), count(places.sizes[0]), taps(places.sizes[1]) {
    for (int d = 0; d < x.ndim; ++d)
      if (d != dim) (d < dim ? outer : inner) *= x.sizes[d];
  }
  TT_INLINE bool in_range(int64_t size, int64_t dim, Fault* fault) const {
    for (int64_t i = 0; i < count * taps; ++i)
      if (static_cast<uint64_t>(places[i]) >= static_cast<uint64_t>(size)) {
        *fault = {Fault::kPlaceOutOfRange, places[i], size, dim};
        return false;
      }
    return true;
  }
  TT_INLINE void find_run() {
    for (int64_t i = 0, from = 0; i < count; ++i) {
      if (i > 0 && places[i] != places[i - 1] + 1) from = i;
      if (i + 1 - from > end - begin) begin = from, end = i + 1;
    }
  }
  TT_INLINE int64_t cost() const { return count * taps * inner; }
};

// y[i] = the sum of weight * x[place], rows of `inner` elements each.
template <class T>
void weigh(const Taps& t, const T* x, T* y) {
  const T* const weights = static_cast<const T*>(t.weights);
  for (int64_t i = 0; i < t.count; ++i) {
    const int64_t* const place = t.places + i * t.taps;
    const T* const weight = weights + i * t.taps;
    if (t.inner == 1) {
      T sum = x[place[0]] * weight[0];
      for (int64_t k = 1; k < t.taps; ++k) sum += x[place[k]] * weight[k];
      y[i] = sum;
      continue;
    }
    each_vector<T>(t.inner, [&](int64_t at, int64_t lanes) {
      const auto row = [&](int64_t k) { return load_first<T>(x + place[k] * t.inner + at, lanes) * weight[k]; };
      Vec<T> sum = row(0);
      for (int64_t k = 1; k < t.taps; ++k) sum += row(k);
      store_first<T>(y + i * t.inner + at, sum, lanes);
    });
  }
}

template <class W>
void take(const Taps& t, const W* x, W* y) {
  const auto each = [&](int64_t from, int64_t to) {
    if (t.inner == 1)
      for (int64_t i = from; i < to; ++i) y[i] = x[t.places[i]];
    else
      for (int64_t i = from; i < to; ++i)
        memcpy(y + i * t.inner, x + t.places[i] * t.inner, static_cast<size_t>(t.inner) * sizeof(W));
  };
  if (t.end - t.begin < 8) return each(0, t.count);
  each(0, t.begin);
  memcpy(y + t.begin * t.inner, x + t.places[t.begin] * t.inner,
         static_cast<size_t>((t.end - t.begin) * t.inner) * sizeof(W));
  each(t.end, t.count);
}

// Of the dimension's size before and after.
template <class T, class F>
TT_INLINE void each_outer(const Call& c, const Taps& t, int64_t from, int64_t to, F&& f) {
  parallel_for(c.threads, t.outer, t.cost(), [&](int64_t begin, int64_t end) {
    for (int64_t o = begin; o < end; ++o)
      f(t, c.in[0].as<T>() + o * from * t.inner, c.out[0].as<T>() + o * to * t.inner);
  });
}

void resample_kernel(const Call& c) {
  const View& x = c.in[0];
  const int64_t dim = c.as<DimAttrs>().dim, size = x.sizes[dim];
  Taps t(x, dim, c.in[1], c.in[2]);
  if (!t.in_range(size, dim, c.fault)) return;
  t.find_run();
  if (t.weights)
    with_float(x.dtype, [&]<class T>(T) { each_outer<T>(c, t, size, t.count, weigh<T>); });
  else
    with_width(x.dtype, [&]<class W>(W) { each_outer<W>(c, t, size, t.count, take<W>); });
}

// gx[place] += weight * g[i], in the order of i.
template <class T>
void share(const Taps& t, const T* g, T* gx) {
  for (int64_t i = 0; i < t.count; ++i)
    for (int64_t k = i * t.taps; k < (i + 1) * t.taps; ++k) {
      const T weight = t.weights ? static_cast<const T*>(t.weights)[k] : T{1};
      const T* const from = g + i * t.inner;
      T* const to = gx + t.places[k] * t.inner;
      if (t.inner == 1)
        *to += *from * weight;
      else
        each_vector<T>(t.inner, [&](int64_t at, int64_t lanes) {
          store_first<T>(to + at, load_first<T>(to + at, lanes) + load_first<T>(from + at, lanes) * weight, lanes);
        });
    }
}

void resample_backward_kernel(const Call& c) {
  const View &g = c.in[0], &gx = c.out[0];
  const int64_t dim = c.as<DimAttrs>().dim, size = gx.sizes[dim];
  const Taps t(g, dim, c.in[1], c.in[2]);
  if (!t.in_range(size, dim, c.fault)) return;
  with_float(g.dtype, [&]<class T>(T) {
    memset(gx.data, 0, static_cast<size_t>(gx.numel()) * sizeof(T));
    each_outer<T>(c, t, t.count, size, share<T>);
  });
}

}  // namespace

TT_OP_TABLE(image, {"resample(x, places, weights?; dim: int) -> y", infer::resample, resample_kernel},
            {"resample_backward(g, places, weights?; dim: int, size: int) -> gx", infer::resample_backward,
             resample_backward_kernel})

}  // namespace tt
