// Convolution over one, two or three dimensions, and its transposes in either argument, as products of matrices.
#include "../parallel.h"
#include "conv_plan.h"

namespace tt {
namespace {

template <class T>
TT_INLINE void add_to(T* y, const T* x, int64_t n) {
  each_vector<T>(n, [&](int64_t i, int64_t lanes) {
    store_first<T>(y + i, load_first<T>(y + i, lanes) + load_first<T>(x + i, lanes), lanes);
  });
}
template <class T>
TT_INLINE void add_number(T* y, T x, int64_t n) {
  each_vector<T>(n, [&](int64_t i, int64_t lanes) { store_first<T>(y + i, load_first<T>(y + i, lanes) + x, lanes); });
}
template <class T>
TT_INLINE void fill_zero(T* y, int64_t n) {
  each_vector<T>(n, [&](int64_t i, int64_t lanes) { store_first<T>(y + i, Vec<T>{}, lanes); });
}

// Calls f(element of a row of `columns`, element of the image, lanes) on the vectors of a box; lanes is 1 where the
// windows are not side by side.
template <class T, class F>
TT_INLINE void each_piece(const Windows& w, const Box& box, F&& f) {
  const int64_t down = w.stride[1] * w.spatial[2], stride = w.stride[2];
  int64_t to = box.i, from = box.offset;
  if (stride == 1 && box.n <= kLanes<T>) {
    for (int64_t row = 0; row < box.rows; ++row, to += w.count[2], from += down) f(to, from, box.n);
    return;
  }
  for (int64_t row = 0; row < box.rows; ++row, to += w.count[2], from += down) {
    if (stride == 1)
      each_vector<T>(box.n, [&](int64_t j, int64_t lanes) { f(to + j, from + j, lanes); });
    else
      for (int64_t j = 0; j < box.n; ++j) f(to + j, from + j * stride, 1);
  }
}

// Rows [first, end) of the columns [begin, begin + n) of an image's channels.
template <class T>
void gather_columns(const ConvPlan& p, const T* x, int64_t first, int64_t end, int64_t begin, int64_t n, T* to) {
  const int64_t elements = p.w.elements(), volume = p.w.volume();
  const bool apart = p.w.stride[2] != 1;
  for (int64_t row = first; row < end; ++row, to += p.step) {
    const T* const plane = x + row / elements * volume;
    each_box(
        p.w, Element(p.w, row % elements), begin, begin + n,
        [&](const Box& box) {
          each_piece<T>(p.w, box, [&](int64_t i, int64_t offset, int64_t lanes) {
            if (apart)
              to[i] = plane[offset];
            else
              store_first<T>(to + i, load_first<T>(plane + offset, lanes), lanes);
          });
        },
        [&](int64_t i, int64_t count) { fill_zero(to + i, count); });
  }
}

// The transpose: columns [begin, begin + n) of whole channels, added up where the windows lie. Channel after channel,
// so that what an element of the windows has written is not read by the next one while it is on its way to memory.
template <class T>
void scatter_columns(const ConvPlan& p, const T* from, int64_t channels, int64_t begin, int64_t n, T* x) {
  const int64_t elements = p.w.elements(), volume = p.w.volume();
  const bool apart = p.w.stride[2] != 1;
  for (int64_t element = 0; element < elements; ++element)
    each_box(
        p.w, Element(p.w, element), begin, begin + n,
        [&](const Box& box) {
          for (int64_t channel = 0; channel < channels; ++channel) {
            T* const plane = x + channel * volume;
            const T* const row = from + (channel * elements + element) * p.step;
            each_piece<T>(p.w, box, [&](int64_t i, int64_t offset, int64_t lanes) {
              T* const to = plane + offset;
              if (apart)
                *to += row[i];
              else
                store_first<T>(to, load_first<T>(to, lanes) + load_first<T>(row + i, lanes), lanes);
            });
          }
        },
        [](int64_t, int64_t) {});
}

int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }

// y = w columns(x) + bias. Blocks are independent of each other.
void conv_kernel(const Call& c) {
  const View &x = c.in[0], &w = c.in[1], &bias = c.in[2], &y = c.out[0];
  if (y.numel() == 0) return;
  with_float(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    const ConvPlan p = plan_conv(x, w, y, c.as<ConvAttrs>(), sizeof(T));
    const auto threads = static_cast<int>(lesser(c.threads, p.slots));
    const int64_t blocks = p.blocks(), cost = p.rows * p.outputs * p.block / 16 + 1;
    parallel_for(threads, p.images * p.groups * blocks, cost, [&](int64_t begin, int64_t end) {
      T* const scratch = static_cast<T*>(c.scratch) + omp_get_thread_num() * block_elements(p);
      for (int64_t i = begin; i < end; ++i) {
        const int64_t part = i / blocks, group = part % p.groups, at = i % blocks * p.block;
        const int64_t n = lesser(p.columns - at, p.block);
        const T* const image = x.as<T>() + part * p.channels * p.w.volume();
        if (!p.direct) gather_columns(p, image, 0, p.rows, at, n, scratch);
        T* const to = y.as<T>() + part * p.outputs * p.columns + at;
        const Gemm g = {p.outputs, n, p.rows, p.rows, 1, p.direct ? p.columns : p.step, 1, p.columns, 1};
        TT_ISA::product(g, w.as<T>() + group * p.outputs * p.rows, p.direct ? image + at : scratch, to, nullptr);
        for (int64_t o = 0; bias.data && o < p.outputs; ++o)
          add_number(to + o * p.columns, bias.as<T>()[group * p.outputs + o], n);
      }
    });
  });
}

// columns(gx) = w.T g. Channels are independent of each other.
void conv_transpose_kernel(const Call& c) {
  const View &g = c.in[0], &w = c.in[1], &gx = c.out[0];
  if (gx.numel() == 0) return;
  with_float(g.dtype, [&](auto zero) {
    using T = decltype(zero);
    const ConvPlan p = plan_conv(gx, w, g, c.as<ConvAttrs>(), sizeof(T));
    const auto threads = static_cast<int>(lesser(c.threads, p.slots));
    const int64_t elements = p.w.elements(), volume = p.w.volume();
    const int64_t cost = elements * p.columns * p.outputs / 16 + 1;
    parallel_for(threads, p.images * p.groups * p.channels, cost, [&](int64_t begin, int64_t end) {
      T* const scratch = static_cast<T*>(c.scratch) + omp_get_thread_num() * block_elements(p);
      while (begin < end) {
        const int64_t part = begin / p.channels, first = begin % p.channels * elements;
        const int64_t channels = lesser(p.channels - begin % p.channels, end - begin);
        const int64_t last = first + channels * elements;
        T* const to = gx.as<T>() + begin * volume;
        const T* const from = w.as<T>() + part % p.groups * p.outputs * p.rows + first;
        begin += channels;
        if (!p.direct) fill_zero(to, channels * volume);
        for (int64_t at = 0; at < p.columns; at += p.block) {
          const int64_t n = lesser(p.columns - at, p.block);
          const Gemm one = {last - first, n, p.outputs, 1, p.rows, p.columns, 1, p.direct ? p.columns : p.step, 1};
          const T* const gradient = g.as<T>() + part * p.outputs * p.columns + at;
          TT_ISA::product(one, from, gradient, p.direct ? to + at : scratch, nullptr);
          if (!p.direct) scatter_columns(p, scratch, channels, at, n, to);
        }
      }
    });
  });
}

// Rows [first, end) of gw.T in one group. Sums over the blocks of all images: a product for each block, which are then
// added one after the other. Weights of few outputs are summed as gw, whose rows are then the shorter side.
template <class T>
void weight_rows(const Call& c, const ConvPlan& p, int64_t group, int64_t first, int64_t end, T* panels) {
  const int64_t m = end - first, size = m * p.outputs, all = p.groups * p.rows, at_row = group * p.rows + first;
  T* const columns = static_cast<T*>(c.scratch) + at_row * p.step;
  T* const total = static_cast<T*>(c.scratch) + all * p.step + at_row * p.outputs;
  T* const partial = total + all * p.outputs;
  const bool few = p.outputs <= 4;
  fill_zero(total, size);
  for (int64_t image = 0; image < p.images; ++image)
    for (int64_t at = 0; at < p.columns; at += p.block) {
      const int64_t n = lesser(p.columns - at, p.block), part = image * p.groups + group;
      const T* const x = c.in[1].as<T>() + part * p.channels * p.w.volume();
      const T* const g = c.in[0].as<T>() + part * p.outputs * p.columns + at;
      if (!p.direct) gather_columns(p, x, first, end, at, n, columns);
      const T* const a = p.direct ? x + first * p.columns + at : columns;
      Gemm one = {m, p.outputs, n, p.direct ? p.columns : p.step, 1, 1, p.columns, p.outputs, 1};
      if (few) {
        one = one.swapped();
        one.c_row = m, one.c_col = 1;
      }
      TT_ISA::product(one, few ? g : a, few ? a : g, partial, panels);
      add_to(total, partial, size);
    }
  T* const gw = c.out[0].as<T>() + group * p.outputs * p.rows + first;
  for (int64_t o = 0; o < p.outputs; ++o)
    for (int64_t k = 0; k < m; ++k) gw[o * p.rows + k] = few ? total[o * m + k] : total[k * p.outputs + o];
}

// gw.T = columns(x) g.T, summed over images.
void conv_weight_kernel(const Call& c) {
  const View &g = c.in[0], &x = c.in[1], &gw = c.out[0];
  if (gw.numel() == 0) return;
  with_float(g.dtype, [&](auto zero) {
    using T = decltype(zero);
    const ConvPlan p = plan_conv(x, gw, g, c.as<ConvAttrs>(), sizeof(T));
    const auto threads = static_cast<int>(lesser(c.threads, p.slots));
    T* const panels = static_cast<T*>(c.scratch) + p.groups * p.rows * (p.step + 2 * p.outputs);
    parallel_for(threads, p.groups * p.rows, p.row_cost(), [&](int64_t begin, int64_t end) {
      while (begin < end) {
        const int64_t group = begin / p.rows, first = begin % p.rows;
        const int64_t rows = lesser(p.rows - first, end - begin);
        weight_rows(c, p, group, first, first + rows, panels + omp_get_thread_num() * panel_elements(p));
        begin += rows;
      }
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
