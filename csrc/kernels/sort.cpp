// Order along a dimension: sort, topk, the k-th, the middle, the most frequent.
#include <string.h>

#include "place.h"
#include "sort_items.h"

namespace tt {
namespace {

// ---- rows of a tensor ----------------------------------------------------------------------------------------------

// The rows of x along dim, which are those of the results too.
struct Rows {
  const View& x;
  int64_t dim, count, length;

  TT_INLINE Rows(const View& x, int64_t dim) : x(x), dim(dim), count(1), length(x.ndim > 0 ? x.sizes[dim] : 1) {
    for (int d = 0; d < x.ndim; ++d)
      if (d != dim) count *= x.sizes[d];
  }
  TT_INLINE int64_t start(const View& v, int64_t row) const {
    int64_t offset = 0;
    for (int d = x.ndim - 1; d >= 0; --d) {
      if (d == dim) continue;
      offset += row % x.sizes[d] * v.strides[d];
      row /= x.sizes[d];
    }
    return offset;
  }
  TT_INLINE int64_t step(const View& v) const { return v.ndim > 0 ? v.strides[dim] : 1; }
};

template <class T>
TT_INLINE void load_items(Item<Key<T>>* items, const T* x, int64_t step, int64_t n, bool descending) {
  const Key<T> flip = descending ? static_cast<Key<T>>(-1) : Key<T>{0};
  for (int64_t i = 0; i < n; ++i)
    items[i] = {static_cast<Key<T>>(key_of(x[i * step]) ^ flip), static_cast<uint32_t>(i)};
}

// Calls f(row, its first element, its items): as many items again behind them are free.
template <class F>
TT_INLINE void each_row(const Call& c, const Rows& rows, bool descending, F&& f) {
  const View& x = rows.x;
  const int64_t n = rows.length, step = rows.step(x);
  with_dtype(x.dtype, [&](auto zero) {
    using T = decltype(zero);
    using I = Item<Key<T>>;
    parallel_for(c.threads, rows.count, n * 16, [&](int64_t begin, int64_t end) {
      I* const items = static_cast<I*>(c.scratch) + 2 * n * omp_get_thread_num();
      for (int64_t r = begin; r < end; ++r) {
        const T* const from = x.as<T>() + rows.start(x, r);
        load_items(items, from, step, n, descending);
        f(r, from, items);
      }
    });
  });
}

// The first k of each row of x in order go to values and indices.
template <bool all>
TT_INLINE void order_rows(const Call& c, int64_t dim, int64_t k, bool descending) {
  const View &values = c.out[0], &indices = c.out[1];
  const Rows rows(c.in[0], dim);
  const int64_t n = rows.length, step = rows.step(c.in[0]);
  if (n == 0 || k == 0) return;
  each_row(c, rows, descending, [&]<class T>(int64_t r, const T* from, Item<Key<T>>* items) {
    const bool whole = all || k * 8 > n;
    if (!whole) select_first(items, n, k);
    const Item<Key<T>>* const sorted = sort_items(items, items + n, whole ? n : k);
    T* const to = values.as<T>() + rows.start(values, r);
    int64_t* const at = indices.as<int64_t>() + rows.start(indices, r);
    const int64_t to_step = rows.step(values), at_step = rows.step(indices);
    for (int64_t i = 0; i < k; ++i) {
      to[i * to_step] = from[sorted[i].at * step];
      at[i * at_step] = sorted[i].at;
    }
  });
}

struct SortAttrs {
  int64_t dim, descending;
};

void sort_kernel(const Call& c) {
  const auto& a = c.as<SortAttrs>();
  const View& x = c.in[0];
  const int64_t dim = axis(a.dim, x.ndim);
  order_rows<true>(c, dim, x.ndim > 0 ? x.sizes[dim] : 1, a.descending);
}

struct TopkAttrs {
  int64_t k, dim, largest;
};

void topk_kernel(const Call& c) {
  const auto& a = c.as<TopkAttrs>();
  order_rows<false>(c, axis(a.dim, c.in[0].ndim), a.k, a.largest);
}

// ---- one element of each sorted row ------------------------------------------------------------------------------

// The element of each row that stands at place choose(sorted row, n, zero of its dtype), and where it was.
template <class F>
TT_INLINE void choose_from_rows(const Call& c, int64_t dim, F&& choose) {
  const Rows rows(c.in[0], axis(dim, c.in[0].ndim));
  const int64_t n = rows.length, step = rows.step(c.in[0]);
  each_row(c, rows, false, [&]<class T>(int64_t r, const T* from, Item<Key<T>>* items) {
    const Item<Key<T>>* const sorted = sort_items(items, items + n, n);
    const int64_t at = sorted[choose(sorted, n, T{})].at;
    c.out[0].as<T>()[r] = from[at * step];
    c.out[1].as<int64_t>()[r] = at;
  });
}

// How many at the end of a sorted row are NaN.
template <class T>
TT_INLINE int64_t missing(const Item<Key<T>>* sorted, int64_t n) {
  int64_t count = 0;
  while (kReal<T> && sizeof(T) > 1 && count < n && sorted[n - 1 - count].key == static_cast<Key<T>>(-1)) ++count;
  return count;
}

struct KthAttrs {
  int64_t k, dim, keepdim;
};

void kthvalue_kernel(const Call& c) {
  const auto& a = c.as<KthAttrs>();
  choose_from_rows(c, a.dim, [&](const auto*, int64_t, auto) { return a.k - 1; });
}

struct MedianAttrs {
  int64_t dim, keepdim, ignore_nan;
};

// The lower of the middle ones; NaN, unless it is ignored, if there is one.
void median_kernel(const Call& c) {
  const auto& a = c.as<MedianAttrs>();
  choose_from_rows(c, a.dim, [&](const auto* sorted, int64_t n, auto zero) {
    const int64_t absent = missing<decltype(zero)>(sorted, n), present = n - absent;
    if (a.ignore_nan) return present > 0 ? (present - 1) / 2 : 0;
    return absent > 0 ? present : (n - 1) / 2;
  });
}

struct ModeAttrs {
  int64_t dim, keepdim;
};

// The last of the first among the longest runs of equal elements; no NaN equals another.
void mode_kernel(const Call& c) {
  choose_from_rows(c, c.as<ModeAttrs>().dim, [](const auto* sorted, int64_t n, auto zero) {
    const int64_t present = n - missing<decltype(zero)>(sorted, n);
    int64_t best = 0, longest = 0;
    for (int64_t i = 0, run = 0; i < present; ++i) {
      run = i > 0 && sorted[i].key == sorted[i - 1].key ? run + 1 : 1;
      if (run > longest) longest = run, best = i;
    }
    return best;
  });
}

// ---- the order of rows ---------------------------------------------------------------------------------------------

template <class T>
TT_INLINE bool row_less(const T* a, const T* b, int64_t n) {
  for (int64_t i = 0; i < n; ++i)
    if (a[i] != b[i]) return key_of(a[i]) < key_of(b[i]);
  return false;
}

// The permutation that sorts the rows of a matrix, first column first: runs of 1, 2, 4, ... rows are merged.
void row_order_kernel(const Call& c) {
  const int64_t n = c.in[0].sizes[0], width = c.in[0].sizes[1];
  with_dtype(c.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* x = c.in[0].as<T>();
    auto *from = static_cast<int64_t*>(c.scratch), *to = from + n;
    for (int64_t i = 0; i < n; ++i) from[i] = i;
    for (int64_t run = 1; run < n; run *= 2) {
      for (int64_t begin = 0; begin < n; begin += 2 * run) {
        const int64_t middle = begin + run < n ? begin + run : n, end = middle + run < n ? middle + run : n;
        int64_t i = begin, j = middle;
        for (int64_t o = begin; o < end; ++o) {
          const bool right = i == middle || (j < end && row_less(x + from[j] * width, x + from[i] * width, width));
          to[o] = from[right ? j++ : i++];
        }
      }
      int64_t* const merged = to;
      to = from;
      from = merged;
    }
    memcpy(c.out[0].data, from, static_cast<size_t>(n) * sizeof(int64_t));
  });
}

}  // namespace

TT_OP_TABLE(sort, {"sort(x; dim: int, descending: bool) -> values, indices", infer::sort, sort_kernel},
            {"topk(x; k: int, dim: int, largest: bool) -> values, indices", infer::topk, topk_kernel},
            {"kthvalue(input; k: int, dim: int, keepdim: bool) -> values, indices", infer::kthvalue, kthvalue_kernel},
            {"median(input; dim: int, keepdim: bool, ignore_nan: bool) -> values, indices", infer::median,
             median_kernel},
            {"mode(input; dim: int, keepdim: bool) -> values, indices", infer::mode, mode_kernel},
            {"row_order(x) -> order", infer::row_order, row_order_kernel})

}  // namespace tt
