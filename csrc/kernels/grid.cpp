// Images read at any places, as weighted sums of the pixels around each, and the gradients of that.
#include <math.h>
#include <string.h>

#include "../parallel.h"

namespace tt {
namespace {

enum Mode : int64_t { kLinear, kNearest, kCubic };
enum Padding : int64_t { kZeros, kBorder, kReflection };

struct GridAttrs {
  int64_t mode, padding, aligned;
};

// A pixel along one dimension: where it is (-1: outside), its weight, and how that grows with the coordinate.
template <class T>
struct Tap {
  int64_t at;
  T weight, slope;
};

// A place among the pixels, and how it moves with the coordinate.
template <class T>
struct Moved {
  T place, slope;
};

template <class T>
TT_INLINE T floor_of(T x) {
  return sizeof(T) == 4 ? __builtin_floorf(x) : __builtin_floor(x);
}

template <class T>
Moved<T> padded(const GridAttrs& a, Moved<T> p, int64_t size) {
  if (a.padding == kZeros) return p;
  const T last = static_cast<T>(size - 1);
  if (a.padding == kReflection) {  // at the centres of the border pixels, or at their edges, as often as it takes
    const T low = a.aligned ? 0 : T(-0.5), span = a.aligned ? last : static_cast<T>(size);
    if (span == 0) return {p.place * 0, 0};
    const T sign = p.place < low ? T(-1) : T(1), away = (p.place - low) * sign;
    const T over = sizeof(T) == 4 ? ::fmodf(away, span) : static_cast<T>(::fmod(away, span));
    const T flips = floor_of(away / span);
    const bool back = flips != 2 * floor_of(flips / 2);
    p = {back ? span - over + low : over + low, back ? -sign * p.slope : sign * p.slope};
  }
  if (p.place > 0 && p.place < last) return p;
  return {p.place < 0 ? 0 : p.place > last ? last : p.place, 0};
}

// Of the pixels before, at, behind and after the next one, for a place that is t after a pixel (Keys, 1981).
template <class T>
TT_INLINE void cubic_weights(T t, T slope, Tap<T>* taps) {
  constexpr T a = -0.75;
  const T distance[4] = {t + 1, t, 1 - t, 2 - t};
  for (int k = 0; k < 4; ++k) {
    const T u = distance[k], toward = k < 2 ? slope : -slope;
    const bool near = k == 1 || k == 2;
    taps[k].weight = near ? ((a + 2) * u - (a + 3)) * u * u + 1 : ((a * u - 5 * a) * u + 8 * a) * u - 4 * a;
    taps[k].slope = toward * (near ? (3 * (a + 2) * u - 2 * (a + 3)) * u : (3 * a * u - 10 * a) * u + 8 * a);
  }
}

// The pixels around a coordinate from -1 to 1, and how many there are.
template <class T>
int taps_of(const GridAttrs& a, T coordinate, int64_t size, Tap<T>* taps) {
  const auto n = static_cast<T>(size);
  Moved<T> p = a.aligned ? Moved<T>{(coordinate + 1) / 2 * (n - 1), (n - 1) / 2}
                         : Moved<T>{((coordinate + 1) * n - 1) / 2, n / 2};
  const auto set = [&](int k, T at) { taps[k].at = at >= 0 && at < n ? static_cast<int64_t>(at) : -1; };
  if (a.mode == kCubic) {
    const T low = floor_of(p.place);
    cubic_weights(p.place - low, p.slope, taps);
    for (int k = 0; k < 4; ++k) set(k, padded(a, Moved<T>{low + static_cast<T>(k - 1), 0}, size).place);
    return 4;
  }
  p = padded(a, p, size);
  if (a.mode == kNearest) {
    taps[0].weight = 1, taps[0].slope = 0;
    set(0, sizeof(T) == 4 ? __builtin_rintf(p.place) : static_cast<T>(__builtin_rint(p.place)));
    return 1;
  }
  const T low = floor_of(p.place), t = p.place - low;
  taps[0].weight = 1 - t, taps[0].slope = -p.slope;
  taps[1].weight = t, taps[1].slope = p.slope;
  set(0, low), set(1, low + 1);
  return 2;
}

constexpr int kDims = 3, kMostCorners = 16, kPlaces = 64;

// Some places, the taps of each, and the corners they make: where these are in the plane, and their weights.
template <class T>
struct Places {
  Tap<T> taps[kPlaces][kDims][4];
  int64_t at[kPlaces][kMostCorners];
  T weight[kPlaces][kMostCorners];
  int count[kDims] = {1, 1, 1}, corners = 1;

  // The last coordinate is that of the first dimension.
  void read(const GridAttrs& a, const int64_t* spatial, int dims, const T* coordinates, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
      for (int d = 0; d < kDims; ++d) {
        const int axis = d - (kDims - dims);
        taps[i][d][0] = {0, 1, 0};
        if (axis >= 0) count[d] = taps_of(a, coordinates[i * dims + dims - 1 - axis], spatial[axis], taps[i][d]);
      }
      int k = 0;
      each_corner(i, [&](const Tap<T>& z, const Tap<T>& y, const Tap<T>& x) {
        const bool inside = z.at >= 0 && y.at >= 0 && x.at >= 0;
        at[i][k] = inside ? (z.at * spatial[dims - 2] + y.at) * spatial[dims - 1] + x.at : -1;
        weight[i][k++] = z.weight * y.weight * x.weight;
      });
      corners = k;
    }
  }
  template <class F>
  TT_INLINE void each_corner(int64_t i, F&& f) const {
    for (int x = 0; x < count[2]; ++x)
      for (int y = 0; y < count[1]; ++y)
        for (int z = 0; z < count[0]; ++z) f(taps[i][0][z], taps[i][1][y], taps[i][2][x]);
  }
};

// The images (N, C, *spatial), the places they are read at, and the coordinates of these.
struct Images {
  const GridAttrs& a;
  int64_t batch, channels, places, volume = 1;
  const int64_t* spatial;
  int dims;

  Images(const GridAttrs& a, const View& x, const View& grid)
      : a(a), batch(x.sizes[0]), channels(x.sizes[1]), places(1), spatial(x.sizes + 2), dims(x.ndim - 2) {
    for (int d = 0; d < dims; ++d) volume *= spatial[d], places *= grid.sizes[1 + d];
  }
  TT_INLINE int64_t blocks() const { return (places + kPlaces - 1) / kPlaces; }
  TT_INLINE int64_t length(int64_t block) const {
    const int64_t left = places - block * kPlaces;
    return left < kPlaces ? left : kPlaces;
  }
  TT_INLINE int64_t cost() const { return kPlaces * (channels * 4 + 16); }
};

// Of as many corners as all places have, where the compiler knows their number.
template <int kCorners, class T>
TT_INLINE void read_places(const Places<T>& p, const T* x, int64_t n, T* y) {
  const int corners = kCorners < kMostCorners ? kCorners : p.corners;
  for (int64_t j = 0; j < n; ++j) {
    T sum = 0;
#pragma GCC unroll 4
    for (int k = 0; k < corners; ++k) sum += (p.at[j][k] < 0 ? T(0) : x[p.at[j][k]]) * p.weight[j][k];
    y[j] = sum;
  }
}

void grid_sample_kernel(const Call& c) {
  const Images s(c.as<GridAttrs>(), c.in[0], c.in[1]);
  with_float(c.in[0].dtype, [&]<class T>(T) {
    parallel_for(c.threads, s.batch * s.blocks(), s.cost(), [&](int64_t begin, int64_t end) {
      Places<T> p;
      for (int64_t i = begin; i < end; ++i) {
        const int64_t image = i / s.blocks(), block = i % s.blocks(), n = s.length(block);
        const int64_t first = block * kPlaces;
        p.read(s.a, s.spatial, s.dims, c.in[1].as<T>() + (image * s.places + first) * s.dims, n);
        for (int64_t channel = image * s.channels; channel < (image + 1) * s.channels; ++channel) {
          const T* const x = c.in[0].as<T>() + channel * s.volume;
          T* const y = c.out[0].as<T>() + channel * s.places + first;
          if (p.corners == 1)
            read_places<1>(p, x, n, y);
          else if (p.corners == 4)
            read_places<4>(p, x, n, y);
          else
            read_places<kMostCorners>(p, x, n, y);
        }
      }
    });
  });
}

// The sums of gradient times pixel for each corner are what weights are worth, and so the coordinates.
template <class T>
void coordinate_gradient(const Places<T>& p, const T (*worth)[kMostCorners], int dims, int64_t n, T* to) {
  for (int64_t i = 0; i < n; ++i) {
    T sum[kDims] = {};
    int k = 0;
    p.each_corner(i, [&](const Tap<T>& z, const Tap<T>& y, const Tap<T>& x) {
      sum[0] += worth[i][k] * (x.slope * y.weight * z.weight);
      sum[1] += worth[i][k] * (x.weight * y.slope * z.weight);
      sum[2] += worth[i][k++] * (x.weight * y.weight * z.slope);
    });
    for (int d = 0; d < dims; ++d) to[i * dims + d] = sum[d];
  }
}

// An image belongs to one thread, which adds up what comes to a pixel in the order of the places.
void grid_sample_backward_kernel(const Call& c) {
  const Images s(c.as<GridAttrs>(), c.in[1], c.in[2]);
  with_float(c.in[0].dtype, [&]<class T>(T) {
    memset(c.out[0].data, 0, static_cast<size_t>(s.batch * s.channels * s.volume) * sizeof(T));
    parallel_for(c.threads, s.batch, s.cost() * s.blocks(), [&](int64_t begin, int64_t end) {
      Places<T> p;
      for (int64_t i = begin * s.blocks(); i < end * s.blocks(); ++i) {
        const int64_t image = i / s.blocks(), first = i % s.blocks() * kPlaces, n = s.length(i % s.blocks());
        const int64_t coordinates = (image * s.places + first) * s.dims;
        p.read(s.a, s.spatial, s.dims, c.in[2].as<T>() + coordinates, n);
        T worth[kPlaces][kMostCorners] = {};
        for (int64_t channel = image * s.channels; channel < (image + 1) * s.channels; ++channel) {
          const T* const g = c.in[0].as<T>() + channel * s.places + first;
          const T* const x = c.in[1].as<T>() + channel * s.volume;
          T* const gx = c.out[0].as<T>() + channel * s.volume;
          for (int64_t j = 0; j < n; ++j)
            for (int k = 0; k < p.corners; ++k) {
              const int64_t at = p.at[j][k];
              if (at < 0) continue;
              gx[at] += g[j] * p.weight[j][k];
              worth[j][k] += g[j] * x[at];
            }
        }
        coordinate_gradient(p, worth, s.dims, n, c.out[1].as<T>() + coordinates);
      }
    });
  });
}

}  // namespace

TT_OP_TABLE(grid,
            {"grid_sample(input, grid; mode: int, padding: int, aligned: bool) -> y", infer::grid_sample,
             grid_sample_kernel},
            {"grid_sample_backward(g, input, grid; mode: int, padding: int, aligned: bool) -> gx, ggrid",
             infer::grid_sample_backward, grid_sample_backward_kernel})

}  // namespace tt
