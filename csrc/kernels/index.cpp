// Reading and writing at positions that tensors name.
//
// All positions are checked before anything is written. Writes happen in the order of the positions, on one thread for
// each target element, so that repeated positions give the same bits every time.
#include <string.h>

#include "../simd.h"
#include "index.h"
#include "place.h"

namespace tt {
namespace {

// ---- one run of elements -------------------------------------------------------------------------------------------

// Short rows dominate (an embedding of ten floats): overlapping moves of fixed size beat a call of memcpy.
template <class Word>
TT_INLINE void copy_in_words(char* to, const char* from, int64_t bytes) {
  constexpr int64_t w = sizeof(Word);
  Word word;
  for (int64_t i = 0; i + w < bytes; i += w) {
    memcpy(&word, from + i, w);
    memcpy(to + i, &word, w);
  }
  memcpy(&word, from + bytes - w, w);
  memcpy(to + bytes - w, &word, w);
}

TT_INLINE void copy_row(char* to, const char* from, int64_t bytes) {
  if (bytes > 512) {
    memcpy(to, from, static_cast<size_t>(bytes));
  } else if (bytes >= 16) {
    copy_in_words<Word128>(to, from, bytes);
  } else if (bytes >= 8) {
    copy_in_words<uint64_t>(to, from, bytes);
  } else if (bytes >= 4) {
    copy_in_words<uint32_t>(to, from, bytes);
  } else {
    for (int64_t i = 0; i < bytes; ++i) to[i] = from[i];
  }
}

template <class T>
TT_INLINE void add_one(T& to, T from) {
  to = static_cast<T>(to + from);  // of bools: a logical or
}
template <class T>
TT_INLINE void add_row(T* to, const T* from, int64_t n) {
  if constexpr (sizeof(T) >= 4) {
    constexpr int64_t lanes = kLanes<T>;
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes) store<T>(to + i, load(to + i) + load(from + i));
    if (i < n) store_first<T>(to + i, load_first(to + i, n - i) + load_first(from + i, n - i), n - i);
  } else {
    for (int64_t i = 0; i < n; ++i) add_one(to[i], from[i]);
  }
}

// ---- advanced indexing ---------------------------------------------------------------------------------------------

// One place that the index tensors name: its offset in x, and that of its counterpart in the result (in elements).
struct Point {
  int64_t x, y;
};

// Calls f(p, offset) for the elements p of `sizes`, in order, at their offsets by `strides`.
template <class F>
TT_INLINE void each_offset(const int64_t* sizes, const int64_t* strides, int ndim, int64_t count, F&& f) {
  bool even = true;
  for (int d = 1; d < ndim; ++d) even = even && strides[d - 1] == strides[d] * sizes[d];
  if (even) {
    const int64_t step = ndim > 0 ? strides[ndim - 1] : 0;
    for (int64_t p = 0; p < count; ++p) f(p, p * step);
    return;
  }
  int64_t at[kMaxDims] = {}, offset = 0;
  for (int64_t p = 0; p < count; ++p) {
    f(p, offset);
    for (int d = ndim - 1; d >= 0; --d) {
      offset += strides[d];
      if (++at[d] < sizes[d]) break;
      offset -= at[d] * strides[d];
      at[d] = 0;
    }
  }
}

// v broadcast to the given sizes.
TT_INLINE View expand_to(const View& v, const int64_t* sizes, int ndim) {
  View e;
  e.data = v.data;
  e.dtype = v.dtype;
  e.ndim = ndim;
  const int lead = ndim - v.ndim;
  for (int d = 0; d < ndim; ++d) {
    e.sizes[d] = sizes[d];
    e.strides[d] = d < lead || v.sizes[d - lead] == 1 ? 0 : v.strides[d - lead];
  }
  return e;
}

// The dimensions of x that are indexed, and those that are kept, against the dimensions of the result y.
struct Plan {
  const View& x;
  const View& y;
  const View* index;
  const Ints& dims;
  IndexLayout layout;
  int64_t points = 1;
  int64_t outer = 1, run = 1;  // kept elements: `outer` runs of `run` elements, dense in x and y
  int kept = 0;
  int64_t sizes[kMaxDims], x_strides[kMaxDims], y_strides[kMaxDims];

  __attribute__((noinline)) Plan(const View& x, const View& y, const View* index, const Ints& dims)
      : x(x), y(y), index(index), dims(dims), layout(index, dims) {
    for (int d = 0; d < layout.ndim; ++d) points *= y.sizes[layout.first + d];
    for (int d = 0, o = 0, k = 0; d < x.ndim; ++d) {
      if (k < dims.n && dims[k] == d) {
        ++k;
        continue;
      }
      if (o == layout.first) o += layout.ndim;
      append(x.sizes[d], x.strides[d], y.strides[o++]);
    }
    if (kept > 0 && x_strides[kept - 1] == 1 && y_strides[kept - 1] == 1) run = sizes[--kept];
    for (int i = 0; i < kept; ++i) outer *= sizes[i];
    if (outer * run == 0) points = 0;
  }

  TT_INLINE void append(int64_t size, int64_t xs, int64_t ys) {
    if (size == 1) return;
    if (kept > 0 && x_strides[kept - 1] == xs * size && y_strides[kept - 1] == ys * size) {
      sizes[kept - 1] *= size;
      x_strides[kept - 1] = xs;
      y_strides[kept - 1] = ys;
      return;
    }
    sizes[kept] = size;
    x_strides[kept] = xs;
    y_strides[kept++] = ys;
  }

  // Fills the points; false after reporting an index out of range.
  __attribute__((noinline)) bool locate(Point* to, bool wrap, Fault* fault) const {
    const int64_t* sizes = y.sizes + layout.first;
    each_offset(sizes, y.strides + layout.first, layout.ndim, points,
                [&](int64_t p, int64_t offset) { to[p] = {0, offset}; });
    bool good = true;
    for (int k = 0; good && k < dims.n; ++k) {
      const View v = expand_to(index[k], sizes, layout.ndim);
      const int64_t* at = v.as<int64_t>();
      const int64_t size = x.sizes[dims[k]], step = x.strides[dims[k]];
      each_offset(sizes, v.strides, layout.ndim, points, [&](int64_t p, int64_t offset) {
        int64_t i = at[offset];
        if (i < 0 && wrap) i += size;
        if (static_cast<uint64_t>(i) >= static_cast<uint64_t>(size)) {
          if (good) *fault = {Fault::kIndexOutOfRange, at[offset], size, dims[k]};
          good = false;
        }
        to[p].x += i * step;
      });
    }
    return good;
  }

  // Calls f(offset in x, offset in y) for kept runs [begin, end).
  template <class F>
  TT_INLINE void each_outer(int64_t begin, int64_t end, F&& f) const {
    for (int64_t i = begin; i < end; ++i) {
      int64_t rest = i, xo = 0, yo = 0;
      for (int d = kept - 1; d >= 0; --d) {
        xo += rest % sizes[d] * x_strides[d];
        yo += rest % sizes[d] * y_strides[d];
        rest /= sizes[d];
      }
      f(xo, yo);
    }
  }
};

struct IndexAttrs {
  Ints dims;
  int64_t wrap;
};

// Moves runs between x and y; `read` goes from x to y. Reads may be split over the points, writes may not.
template <class T, bool read>
TT_INLINE void move_runs(const Plan& plan, const Point* points, int threads) {
  char* const x = static_cast<char*>(plan.x.data);
  char* const y = static_cast<char*>(plan.y.data);
  constexpr int64_t w = sizeof(T);
  const int64_t run = plan.run, bytes = run * w;
  const auto move = [&](int64_t xo, int64_t yo, int64_t begin, int64_t end) {
    const auto each = [&](auto copy) {
      for (int64_t p = begin; p < end; ++p) {
        char* const px = x + (xo + points[p].x) * w;
        char* const py = y + (yo + points[p].y) * w;
        copy(read ? py : px, read ? px : py);
      }
    };
    if (run == 1) return each([](char* to, const char* from) { memcpy(to, from, sizeof(T)); });
    each([bytes](char* to, const char* from) { copy_row(to, from, bytes); });
  };
  if (plan.outer == 1) {
    parallel_for(read ? threads : 1, plan.points, 1 + run / 4, [&](int64_t b, int64_t e) { move(0, 0, b, e); });
  } else {
    parallel_for(threads, plan.outer, plan.points * (1 + run / 4), [&](int64_t b, int64_t e) {
      plan.each_outer(b, e, [&](int64_t xo, int64_t yo) { move(xo, yo, 0, plan.points); });
    });
  }
}

// x[points] += y. Threads share out the elements of a run, or the runs, never the points.
template <class T>
TT_INLINE void add_runs(const Plan& plan, const Point* points, int threads) {
  T* const x = plan.x.as<T>();
  const T* const y = plan.y.as<T>();
  if (plan.outer == 1) {
    parallel_for(threads, plan.run, plan.points, [&](int64_t b, int64_t e) {
      for (int64_t p = 0; p < plan.points; ++p) add_row(x + points[p].x + b, y + points[p].y + b, e - b);
    });
    return;
  }
  parallel_for(threads, plan.outer, plan.points * plan.run, [&](int64_t b, int64_t e) {
    plan.each_outer(b, e, [&](int64_t xo, int64_t yo) {
      if (plan.run == 1)
        for (int64_t p = 0; p < plan.points; ++p) add_one(x[xo + points[p].x], y[yo + points[p].y]);
      else
        for (int64_t p = 0; p < plan.points; ++p) add_row(x + xo + points[p].x, y + yo + points[p].y, plan.run);
    });
  });
}

void index_kernel(const Call& c) {
  const auto& a = c.as<IndexAttrs>();
  const Plan plan(c.in[0], c.out[0], c.in + 1, a.dims);
  auto* points = static_cast<Point*>(c.scratch);
  if (!plan.locate(points, a.wrap, c.fault)) return;
  with_width(c.in[0].dtype, [&](auto zero) { move_runs<decltype(zero), true>(plan, points, c.threads); });
}

// The gradient of index: zeros, to which g is added at the places it was read from.
void index_backward_kernel(const Call& c) {
  const auto& a = c.as<IndexAttrs>();
  const View& x = c.out[0];
  const Plan plan(x, c.in[0], c.in + 1, a.dims);
  auto* points = static_cast<Point*>(c.scratch);
  if (!plan.locate(points, a.wrap, c.fault)) return;
  memset(x.data, 0, static_cast<size_t>(x.numel() * width_of(x.dtype)));
  with_dtype(x.dtype, [&](auto zero) { add_runs<decltype(zero)>(plan, points, c.threads); });
}

struct IndexWriteAttrs {
  Ints dims;
  int64_t wrap, accumulate;
};

void index_write_kernel(const Call& c) {
  const auto& a = c.as<IndexWriteAttrs>();
  const View& x = c.out[0];
  const View result = IndexLayout(c.in + 2, a.dims).result(x, c.in + 2, a.dims);
  const View value = expand_to(c.in[1], result.sizes, result.ndim);
  const Plan plan(x, value, c.in + 2, a.dims);
  auto* points = static_cast<Point*>(c.scratch);
  if (!plan.locate(points, a.wrap, c.fault)) return;
  place(x, c.in[0], c.threads);
  if (a.accumulate) {
    with_dtype(x.dtype, [&](auto zero) { add_runs<decltype(zero)>(plan, points, c.threads); });
  } else {
    with_width(x.dtype, [&](auto zero) { move_runs<decltype(zero), false>(plan, points, c.threads); });
  }
}

// The gradient of a strided view: zeros of the sizes of its base, to which g is added at the elements of the view.
struct StridedAttrs {
  Ints sizes, strides;
  int64_t offset;
};

void as_strided_backward_kernel(const Call& c) {
  const auto& a = c.as<StridedAttrs>();
  const View &g = c.in[0], &x = c.out[0];
  memset(x.data, 0, static_cast<size_t>(x.numel() * width_of(x.dtype)));
  const int64_t w = width_of(x.dtype);
  View window = g;
  window.data = x.as<char>() + a.offset * w;
  for (int d = 0; d < g.ndim; ++d) window.strides[d] = a.strides[d];
  const Nest<2> nest({&g, &window}, {w, w});
  with_dtype(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    // On one thread: elements of the view may share memory.
    nest.run(1, 1, [](char* const* p, const int64_t* s, int64_t n) {
      for (int64_t i = 0; i < n; ++i) {
        T& to = *reinterpret_cast<T*>(p[1] + i * s[1]);
        to = static_cast<T>(to + *reinterpret_cast<const T*>(p[0] + i * s[0]));
      }
    });
  });
}

}  // namespace

TT_OP_TABLE(index, {"index(x, *indices; dims: ints, wrap: bool) -> y", infer::index, index_kernel},
            {"index_backward(g, *indices; dims: ints, wrap: bool, sizes: ints) -> gx", infer::index_backward,
             index_backward_kernel},
            {"index_write(x, value, *indices; dims: ints, wrap: bool, accumulate: bool) -> y", infer::index_write,
             index_write_kernel},
            {"as_strided_backward(g; sizes: ints, strides: ints, offset: int, base: ints) -> gx",
             infer::as_strided_backward, as_strided_backward_kernel})

}  // namespace tt
