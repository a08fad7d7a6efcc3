// The elements of all windows, side by side, and their sum back where they lay.
#include "../parallel.h"
#include "windows_plan.h"

namespace tt {
namespace {

// Calls inside(place in x, stride there, place in y, n) for runs of elements that lie in x (*, *spatial) and in y
// (*, *kernel, *count), and gap(place in y, n) where there is padding. Each range of planes is for one thread.
template <class Inside, class Gap>
TT_INLINE void each_run(const Windows& w, int64_t begin, int64_t end, Inside&& inside, Gap&& gap) {
  for (int64_t plane = begin; plane < end; ++plane)
    for (int64_t element = 0; element < w.elements(); ++element) {
      const int64_t at = (plane * w.elements() + element) * w.windows();
      each_box(
          w, Element(w, element), 0, w.windows(),
          [&](const Box& box) {
            for (int64_t row = 0; row < box.rows; ++row)
              inside(plane * w.volume() + box.offset + row * w.stride[1] * w.spatial[2], w.stride[2],
                     at + box.i + row * w.count[2], box.n);
          },
          [&](int64_t i, int64_t n) { gap(at + i, n); });
    }
}

int64_t planes_of(const View& x, int64_t n) {
  int64_t planes = 1;
  for (int d = 0; d < x.ndim - n; ++d) planes *= x.sizes[d];
  return planes;
}

void windows_kernel(const Call& c) {
  const View &x = c.in[0], &y = c.out[0];
  const auto& a = c.as<WindowsAttrs>();
  const auto n = static_cast<int>(a.kernel.n);
  const Windows w = windows_of(n, x.sizes + x.ndim - n, a.kernel.v, a.slide, a.count.v);
  with_width(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(c.threads, planes_of(x, n), w.elements() * w.windows(), [&](int64_t begin, int64_t end) {
      each_run(
          w, begin, end,
          [&](int64_t from, int64_t stride, int64_t to, int64_t count) {
            for (int64_t i = 0; i < count; ++i) y.as<T>()[to + i] = x.as<T>()[from + i * stride];
          },
          [&](int64_t to, int64_t count) { memset(y.as<T>() + to, 0, static_cast<size_t>(count) * sizeof(T)); });
    });
  });
}

void overlap_add_kernel(const Call& c) {
  const View &g = c.in[0], &y = c.out[0];
  const auto& a = c.as<OverlapAttrs>();
  const auto n = static_cast<int>(a.spatial.n);
  const Windows w = windows_of(n, a.spatial.v, g.sizes + g.ndim - 2 * n, a.slide, g.sizes + g.ndim - n);
  with_dtype(g.dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(c.threads, planes_of(y, n), w.volume() + w.elements() * w.windows(), [&](int64_t begin, int64_t end) {
      memset(y.as<T>() + begin * w.volume(), 0, static_cast<size_t>((end - begin) * w.volume()) * sizeof(T));
      each_run(
          w, begin, end,
          [&](int64_t at, int64_t stride, int64_t from, int64_t count) {
            T* const to = y.as<T>() + at;
            for (int64_t i = 0; i < count; ++i) to[i * stride] = static_cast<T>(to[i * stride] + g.as<T>()[from + i]);
          },
          [](int64_t, int64_t) {});
    });
  });
}

}  // namespace

TT_OP_TABLE(windows,
            {"windows(x; stride: ints, before: ints, dilation: ints, kernel: ints, count: ints) -> y", infer::windows,
             windows_kernel},
            {"overlap_add(g; stride: ints, before: ints, dilation: ints, spatial: ints) -> gx", infer::overlap_add,
             overlap_add_kernel})

}  // namespace tt
