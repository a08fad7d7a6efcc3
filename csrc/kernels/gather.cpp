// Reading and writing along one dimension, and by masks.
//
// Where several elements go to one place they are combined in their order, on one thread.
#include "place.h"
#include "pointwise.h"

namespace tt {
namespace {

// ---- along one dimension -------------------------------------------------------------------------------------------

struct DimAttrs {
  int64_t dim;
};

// Checks every index against the size of x along dim.
TT_INLINE bool in_range(const View& index, int64_t size, int64_t dim, Fault* fault) {
  bool good = true;
  Nest<1>({&index}, {8}).run(1, 1, [&](char* const* p, const int64_t* s, int64_t n) {
    const auto outside = [&](int64_t at) { return static_cast<uint64_t>(at) >= static_cast<uint64_t>(size); };
    const auto at = [&](int64_t i) { return *reinterpret_cast<const int64_t*>(p[0] + i * s[0]); };
    bool some = false;
    if (s[0] == 8)
      for (int64_t i = 0; i < n; ++i) some |= outside(reinterpret_cast<const int64_t*>(p[0])[i]);
    else
      for (int64_t i = 0; i < n; ++i) some |= outside(at(i));
    for (int64_t i = 0; some && good && i < n; ++i) {
      if (!outside(at(i))) continue;
      *fault = {Fault::kPlaceOutOfRange, at(i), size, dim};
      good = false;
    }
  });
  return good;
}

// x with the sizes of index, standing still along dim.
TT_INLINE View beside(const View& x, const View& index, int64_t dim) {
  View v = index;
  v.data = x.data;
  v.dtype = x.dtype;
  for (int d = 0; d < v.ndim; ++d) v.strides[d] = d == dim || d >= x.ndim ? 0 : x.strides[d];
  return v;
}

void gather_kernel(const Call& c) {
  const View &x = c.in[0], &index = c.in[1], &y = c.out[0];
  const int64_t dim = axis(c.as<DimAttrs>().dim, x.ndim);
  const int64_t size = x.ndim > 0 ? x.sizes[dim] : 1;
  if (!in_range(index, size, dim, c.fault)) return;
  const View from = beside(x, index, dim);
  with_width(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    constexpr int64_t w = sizeof(T);
    const int64_t step = x.ndim > 0 ? x.strides[dim] * w : 0;
    Nest<3>({&y, &index, &from}, {w, 8, w}).run(c.threads, 2, [&](char* const* p, const int64_t* s, int64_t n) {
      if (s[0] == w && s[1] == 8 && s[2] == 0 && step == w) {
        const auto* at = reinterpret_cast<const int64_t*>(p[1]);
        for (int64_t i = 0; i < n; ++i) reinterpret_cast<T*>(p[0])[i] = reinterpret_cast<const T*>(p[2])[at[i]];
        return;
      }
      for (int64_t i = 0; i < n; ++i) {
        const int64_t at = *reinterpret_cast<const int64_t*>(p[1] + i * s[1]);
        memcpy(p[0] + i * s[0], p[2] + i * s[2] + at * step, w);
      }
    });
  });
}

enum Combine : int64_t { kAssign, kAdd, kMultiply, kMaximum, kMinimum };

template <int64_t how, class T>
TT_INLINE T combine(T old, T x) {
  if constexpr (how == kAssign) return x;
  if constexpr (how == kAdd) return static_cast<T>(old + x);
  if constexpr (how == kMultiply) return static_cast<T>(old * x);
  if constexpr (how == kMaximum) return x > old || x != x ? x : old;
  if constexpr (how == kMinimum) return x < old || x != x ? x : old;
}

// to[..., index, ...] = combine(itself, source), in the order of index (which is contiguous).
class Scatter {
 public:
  Scatter(const View& to, const View& index, const View& source, int64_t dim)
      : base_(beside(to, index, dim)),
        nest_({&index, &base_, &source}, {8, width_of(to.dtype), width_of(to.dtype)}),
        step_(to.ndim > 0 ? to.strides[dim] * width_of(to.dtype) : 0) {}

  template <int64_t how, class T>
  TT_INLINE void run() const {
    nest_.run(1, 1, [step = step_](char* const* p, const int64_t* s, int64_t n) {
      for (int64_t i = 0; i < n; ++i) {
        const int64_t at = *reinterpret_cast<const int64_t*>(p[0] + i * s[0]);
        T& y = *reinterpret_cast<T*>(p[1] + i * s[1] + at * step);
        y = combine<how>(y, *reinterpret_cast<const T*>(p[2] + i * s[2]));
      }
    });
  }

 private:
  const View base_;
  const Nest<3> nest_;
  const int64_t step_;
};

struct ScatterAttrs {
  int64_t dim, how;
};

void scatter_kernel(const Call& c) {
  const auto& a = c.as<ScatterAttrs>();
  const View &index = c.in[1], &y = c.out[0];
  const int64_t dim = axis(a.dim, y.ndim);
  if (!in_range(index, y.ndim > 0 ? y.sizes[dim] : 1, dim, c.fault)) return;
  place(y, c.in[0], c.threads);
  View source = c.in[2];
  if (source.ndim != index.ndim) {  // a number for all
    source.ndim = index.ndim;
    for (int d = 0; d < source.ndim; ++d) source.strides[d] = 0;
  }
  for (int d = 0; d < source.ndim; ++d) source.sizes[d] = index.sizes[d];
  const Scatter scatter(y, index, source, dim);
  if (a.how == kAssign) return with_width(y.dtype, [&]<class T>(T) { scatter.run<kAssign, T>(); });
  with_dtype(y.dtype, [&]<class T>(T) {
    switch (a.how) {
      case kAdd:
        return scatter.run<kAdd, T>();
      case kMultiply:
        return scatter.run<kMultiply, T>();
      case kMaximum:
        return scatter.run<kMaximum, T>();
      default:
        return scatter.run<kMinimum, T>();
    }
  });
}

// The gradient of gather: g added to zeros.
void gather_backward_kernel(const Call& c) {
  const View &g = c.in[0], &index = c.in[1], &x = c.out[0];
  const int64_t dim = axis(c.as<DimAttrs>().dim, x.ndim);
  if (!in_range(index, x.ndim > 0 ? x.sizes[dim] : 1, dim, c.fault)) return;
  memset(x.data, 0, static_cast<size_t>(x.numel() * width_of(x.dtype)));
  const Scatter scatter(x, index, g, dim);
  with_float(x.dtype, [&]<class T>(T) { scatter.run<kAdd, T>(); });
}

// ---- by masks ------------------------------------------------------------------------------------------------------

void masked_fill_kernel(const Call& c) {
  with_width(c.out[0].dtype, [&](auto zero) {
    using W = decltype(zero);
    map<kLanes<W>, W, W, bool, W>(
        c, 1, [](auto x, auto masked, auto value) { return as_condition<decltype(x)>(masked) ? value : x; });
  });
}

// The elements of x (contiguous) where mask is true.
void masked_select_kernel(const Call& c) {
  const auto* mask = c.in[1].as<uint8_t>();
  const int64_t n = c.in[0].numel();
  with_width(c.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* x = c.in[0].as<T>();
    T* y = c.out[0].as<T>();
    T* const end = y + c.out[0].sizes[0];
    for (int64_t i = 0; i < n && y != end; ++i) {  // no branch on the mask: it cannot be foreseen
      *y = x[i];
      y += mask[i] != 0;
    }
  });
}

// x, with the elements where mask is true taken from source, one after the other. The elements that source lacks are a
// fault, found before anything is written.
void masked_scatter_kernel(const Call& c) {
  const View &x = c.in[0], &y = c.out[0];
  const auto* mask = c.in[1].as<uint8_t>();
  const int64_t n = x.numel(), available = c.in[2].numel();
  int64_t wanted = 0;
  for (int64_t i = 0; i < n; ++i) wanted += mask[i];
  if (wanted > available) {
    *c.fault = {Fault::kIndexOutOfRange, wanted - 1, available, 0};
    return;
  }
  with_width(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *from = x.as<T>(), *source = c.in[2].as<T>();
    T* to = y.as<T>();
    for (int64_t i = 0; i < n; ++i) to[i] = mask[i] ? *source++ : from[i];
  });
}

void nonzero_count_kernel(const Call& c) {
  const int64_t n = c.in[0].numel();
  int64_t count = 0;
  with_dtype(c.in[0].dtype, [&](auto zero) {
    const auto* x = c.in[0].as<decltype(zero)>();
    for (int64_t i = 0; i < n; ++i) count += x[i] != zero;
  });
  *c.out[0].as<int64_t>() = count;
}

// The coordinates of the elements that are not zero, one row each, in order.
void nonzero_kernel(const Call& c) {
  const View& x = c.in[0];
  const int64_t n = x.numel(), width = x.ndim;
  int64_t* y = c.out[0].as<int64_t>();
  int64_t* const end = y + c.out[0].sizes[0] * width;
  int64_t at[kMaxDims] = {};
  with_dtype(x.dtype, [&](auto zero) {
    const auto* p = x.as<decltype(zero)>();
    for (int64_t i = 0; i < n && y != end; ++i) {  // every element writes, those that are not zero stay
      for (int64_t d = 0; d < width; ++d) y[d] = at[d];
      y += p[i] != zero ? width : 0;
      for (int64_t d = width - 1; d >= 0; --d) {
        if (++at[d] < x.sizes[d]) break;
        at[d] = 0;
      }
    }
  });
}

}  // namespace

TT_OP_TABLE(gather, {"gather_along(x, index; dim: int) -> y", infer::gather, gather_kernel},
            {"gather_backward(g, index; dim: int, sizes: ints) -> gx", infer::gather_backward, gather_backward_kernel},
            {"scatter_along(x, index, source; dim: int, how: int) -> y", infer::scatter, scatter_kernel},
            {"masked_fill(x, mask, value) -> y", infer::masked_fill, masked_fill_kernel},
            {"masked_take(x, mask; count: int) -> y", infer::masked_select, masked_select_kernel},
            {"masked_scatter(x, mask, source) -> y", infer::masked_scatter, masked_scatter_kernel},
            {"nonzero_count(x) -> n", infer::nonzero_count, nonzero_count_kernel},
            {"nonzero(x; count: int) -> y", infer::nonzero, nonzero_kernel})

}  // namespace tt
