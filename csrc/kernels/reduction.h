// Reductions over any dimensions, in a fixed order (tree.h): one walk over the input for everything that is reduced.
#pragma once
#include "../parallel.h"
#include "loops.h"
#include "reduce_plan.h"
#include "transpose.h"
#include "tree.h"

namespace tt {
namespace {

// A reduction is cut into chunks whose borders depend on its length alone; the results of the chunks are combined
// pairwise. Chunks are what threads share. (The rules ask for the memory of the partial results.)
template <class T>
constexpr int64_t kRunChunk = 256 * kPack<T>;  // elements of a contiguous run
template <class T>
constexpr int64_t kGatherChunk = 16 * kPack<T>;  // elements that are first copied together
constexpr int64_t kColumnChunk = 512;            // rows
template <class T>
constexpr int64_t kShortRun = sizeof(T) < 4 ? 16 : 64;  // elements of runs that are laid side by side

// What differs between reductions, behind pointers: how to walk the input is compiled once a dtype.
template <class T>
struct Method {
  T identity;
  T (*run)(const T* x, int64_t n, T context);
  void (*columns)(int64_t rows, const Rows<T>& x, const T* context, T* result);
  void (*combine)(T* to, const T* from, int64_t n);
};

template <class R, class T>
constexpr Method<T> kMethod = {
    R::template identity<T>(),
    [](const T* x, int64_t n, T context) { return reduce_run<R, T>(R{}, x, n, context); },
    [](int64_t rows, const Rows<T>& x, const T* context, T* result) {
      reduce_columns<R, T>(R{}, rows, x, context, result);
    },
    [](T* to, const T* from, int64_t n) {
      for (int64_t i = 0; i < n; ++i) to[i] = R{}.combine(to[i], from[i]);
    },
};

template <class T>
class Reduction {
 public:
  __attribute__((noinline)) Reduction(const Call& c, const Method<T>& method, uint32_t mask, T* out, const T* context,
                                      void* scratch)
      : method_(method), plan_(c.in[0], mask), x_(c.in[0].as<T>()), out_(out), context_(context), threads_(c.threads) {
    direct_ = plan_.contiguous_runs();
    run_ = direct_ || plan_.columns ? 0 : run_of(plan_.reduced);
    length_ = plan_.columns ? kColumnChunk
              : direct_     ? kRunChunk<T>
              : run_        ? runs_of_chunk(run_) * run_
                            : kGatherChunk<T>;
    chunks_ = plan_.reduced.numel > length_ ? (plan_.reduced.numel + length_ - 1) / length_ : 1;
    part_ = chunks_ > 1 ? static_cast<T*>(scratch) : nullptr;
  }

  __attribute__((noinline)) void run() {
    const int64_t outputs = plan_.kept.numel * (plan_.columns ? plan_.columns : 1);
    if (outputs == 0) return;
    if (plan_.reduced.numel == 0) {
      for (int64_t i = 0; i < outputs; ++i) out_[i] = method_.identity;
      return;
    }
    if (plan_.columns) {
      run_columns();
    } else if (direct_ && is_short()) {
      run_side_by_side();
    } else {
      run_rows();
    }
  }

  // The first element that goes into each output.
  void first_elements(T* to) const {
    Walk walk(plan_.kept, 0);
    for (int64_t o = 0; o < plan_.kept.numel; ++o, walk.next()) {
      const T* x = x_ + walk.at[0];
      to[walk.at[1]] = x[0];
      for (int64_t k = 1; k < plan_.columns; ++k) to[walk.at[1] + k * plan_.column_step] = x[k];
    }
  }

 private:
  // The elements of contiguous runs whose rows are reduced where they are, or 0.
  static int64_t run_of(const Dims& reduced) {
    const int64_t n = reduced.sizes[reduced.n - 1];
    return reduced.strides[reduced.n - 1][0] == 1 && n >= 2 * kPack<T> && n <= kRunChunk<T> ? n : 0;
  }
  // As many as have no more rows than a chunk of columns, and no more elements behind them than are copied together.
  static int64_t runs_of_chunk(int64_t run) {
    const int64_t by_rows = kColumnChunk / (run / kPack<T>), rest = run % kPack<T>;
    return rest && kGatherChunk<T> / rest < by_rows ? kGatherChunk<T> / rest : by_rows;
  }
  // One run alone, and those that are not at equal distances, are laid side by side one element at a time.
  bool is_short() const { return plan_.reduced.numel <= (plan_.kept.n == 1 ? kShortRun<T> : 16); }

  int64_t length_of(int64_t chunk) const {
    const int64_t left = plan_.reduced.numel - chunk * length_;
    return left < length_ ? left : length_;
  }

  void run_rows() {
    const int64_t each = length_of(0), cost = (each + 16) / 8 + (direct_ ? 0 : each);
    parallel_for(threads_, plan_.kept.numel * chunks_, cost, [&](int64_t begin, int64_t end) {
      Walk walk(plan_.kept, begin / chunks_);
      int64_t chunk = begin % chunks_;
      for (int64_t i = begin; i < end; ++i) {
        const T result = reduce_chunk(x_ + walk.at[0], chunk, context_ ? context_[walk.at[1]] : T{});
        (part_ ? part_[i] : out_[walk.at[1]]) = result;
        if (++chunk == chunks_) chunk = 0, walk.next();
      }
    });
    if (!part_) return;
    combine_parts(1);
    for (int64_t o = 0; o < plan_.kept.numel; ++o) out_[o] = part_[o * chunks_];
  }

  // Short runs are reduced like columns, kPack of them at a time: their elements in turn.
  void run_side_by_side() {
    const int64_t n = plan_.reduced.numel, tiles = (plan_.kept.numel + kPack<T> - 1) / kPack<T>;
    parallel_for(threads_, tiles, n * kPack<T> / 2, [&](int64_t begin, int64_t end) {
      Walk walk(plan_.kept, begin * kPack<T>);
      for (int64_t tile = begin; tile < end; ++tile) {
        const int64_t left = plan_.kept.numel - tile * kPack<T>, width = left < kPack<T> ? left : kPack<T>;
        T elements[kShortRun<T> * kPack<T>], context[kPack<T>] = {}, result[kPack<T>];
        int64_t to[kPack<T>];
        const int64_t done = width < kPack<T> ? 0 : transpose_runs(x_ + walk.at[0], n, elements);
        for (int64_t i = 0; i < width; ++i, walk.next()) {
          const T* x = x_ + walk.at[0];
          for (int64_t k = done; k < n; ++k) elements[k * kPack<T> + i] = x[k];
          to[i] = walk.at[1];
          if (context_) context[i] = context_[to[i]];
        }
        method_.columns(n, Rows<T>{elements, kPack<T>, nullptr, width}, context, result);
        for (int64_t i = 0; i < width; ++i) out_[to[i]] = result[i];
      }
    });
  }

  // Of runs at equal distances the first elements, as many as blocks of the transpose have.
  int64_t transpose_runs(const T* x, int64_t n, T* to) const {
    if constexpr (sizeof(T) < 4) return 0;
    if (plan_.kept.n != 1) return 0;
    const auto w = static_cast<int64_t>(sizeof(T));
    return transpose_tile<T>(reinterpret_cast<char*>(to), kPack<T> * w, reinterpret_cast<const char*>(x),
                             plan_.kept.strides[0][0] * w, n, kPack<T>);
  }

  T reduce_chunk(const T* x, int64_t chunk, T context) {
    const int64_t first = chunk * length_, n = length_of(chunk);
    if (direct_) return method_.run(x + first, n, context);
    if (run_) return reduce_apart(x, first, n / run_, context);
    T buffer[kGatherChunk<T>];
    gather(x, first, n, buffer);
    return method_.run(buffer, n, context);
  }

  // Runs that are not one behind the other: their rows like columns, and what is left of each copied together.
  T reduce_apart(const T* x, int64_t first, int64_t runs, T context) const {
    const int64_t whole = run_ / kPack<T>, rest = run_ % kPack<T>;
    int64_t rows_at[kColumnChunk];
    T rests[kGatherChunk<T>], contexts[kPack<T>], result[kPack<T>];
    Walk walk(plan_.reduced, first);
    for (int64_t i = 0, row = 0; i < runs; ++i, walk.next()) {
      for (int64_t k = 0; k < whole; ++k) rows_at[row++] = walk.at[0] + k * kPack<T>;
      copy(rests + i * rest, x + walk.at[0] + whole * kPack<T>, rest);
      walk.index[walk.dims.n - 1] = run_ - 1, walk.at[0] += run_ - 1;
    }
    for (T& each : contexts) each = context;
    method_.columns(runs * whole, Rows<T>{x, 0, rows_at, kPack<T>}, contexts, result);
    for (int64_t half = kPack<T> / 2; half > 0; half /= 2) method_.combine(result, result + half, half);
    if (rest == 0) return result[0];
    const T last = method_.run(rests, runs * rest, context);
    method_.combine(result, &last, 1);
    return result[0];
  }

  // The partial results of each output, `width` side by side, into the first of them.
  void combine_parts(int64_t width) {
    for (int64_t o = 0; o < plan_.kept.numel; ++o) {
      T* part = part_ + o * chunks_ * width;
      for (int64_t step = 1; step < chunks_; step *= 2)
        for (int64_t i = 0; i + step < chunks_; i += 2 * step)
          method_.combine(part + i * width, part + (i + step) * width, width);
    }
  }

  // In vectors, of which the last two overlap: less than a call of memcpy takes.
  static TT_INLINE void copy(T* to, const T* from, int64_t n) {
    if (n < kLanes<T>) {
      for (int64_t i = 0; i < n; ++i) to[i] = from[i];
      return;
    }
    for (int64_t i = 0; i + kLanes<T> < n; i += kLanes<T>) store<T>(to + i, load<T>(from + i));
    store<T>(to + n - kLanes<T>, load<T>(from + n - kLanes<T>));
  }

  // n elements from `first` on, in the order of `reduced`.
  void gather(const T* x, int64_t first, int64_t n, T* to) const {
    Walk walk(plan_.reduced, first);
    const int inner = walk.dims.n - 1;
    const int64_t size = walk.dims.sizes[inner], stride = walk.dims.strides[inner][0];
    for (int64_t i = 0; i < n;) {
      const int64_t left = size - walk.index[inner], run = left < n - i ? left : n - i;
      const T* from = x + walk.at[0];
      if (stride == 1)
        copy(to + i, from, run);
      else
        for (int64_t j = 0; j < run; ++j) to[i + j] = from[j * stride];
      i += run;
      walk.index[inner] += run - 1;
      walk.at[0] += (run - 1) * stride;
      walk.next();
    }
  }

  void run_columns() {
    const int64_t wide = (plan_.columns + kPack<T> - 1) / kPack<T>, total = plan_.kept.numel * chunks_ * wide;
    parallel_for(threads_, total, length_of(0) * kPack<T> / 8, [&](int64_t begin, int64_t end) {
      Walk walk(plan_.kept, begin / (chunks_ * wide));
      int64_t chunk = begin / wide % chunks_, tile = begin % wide;
      for (int64_t i = begin; i < end; ++i) {
        reduce_tile(walk, i / wide, chunk, tile * kPack<T>);
        if (++tile < wide) continue;
        tile = 0;
        if (++chunk == chunks_) chunk = 0, walk.next();
      }
    });
    if (!part_) return;
    combine_parts(plan_.columns);
    Walk walk(plan_.kept, 0);
    for (int64_t o = 0; o < plan_.kept.numel; ++o, walk.next())
      for (int64_t k = 0; k < plan_.columns; ++k)
        out_[walk.at[1] + k * plan_.column_step] = part_[o * chunks_ * plan_.columns + k];
  }

  // Up to kPack columns from `column` on, over the rows of one chunk, which is part `part` of all.
  void reduce_tile(const Walk& walk, int64_t part, int64_t chunk, int64_t column) {
    const int64_t first = chunk * length_, rows = length_of(chunk);
    const int64_t width = plan_.columns - column < kPack<T> ? plan_.columns - column : kPack<T>;
    const T* x = x_ + walk.at[0] + column;
    T result[kPack<T>], context[kPack<T>] = {};
    if (context_)
      for (int64_t k = 0; k < width; ++k) context[k] = context_[walk.at[1] + (column + k) * plan_.column_step];
    int64_t rows_at[kColumnChunk];
    if (plan_.reduced.n <= 1) {
      const int64_t stride = plan_.reduced.n == 1 ? plan_.reduced.strides[0][0] : 0;
      for (int64_t i = 0; i < rows; ++i) rows_at[i] = (first + i) * stride;
    } else {
      Walk row(plan_.reduced, first);
      for (int64_t i = 0; i < rows; ++i, row.next()) rows_at[i] = row.at[0];
    }
    method_.columns(rows, Rows<T>{x, 0, rows_at, width}, context, result);
    T* to = part_ ? part_ + part * plan_.columns + column : out_ + walk.at[1] + column * plan_.column_step;
    const int64_t step = part_ ? 1 : plan_.column_step;
    for (int64_t k = 0; k < width; ++k) to[k * step] = result[k];
  }

  const Method<T>& method_;
  const Plan plan_;
  const T* x_;
  T* out_;
  const T* context_;
  T* part_;
  bool direct_;
  int64_t run_;     // elements of a contiguous run, of several; 0: none, or none that is long enough
  int64_t length_;  // of a chunk
  int64_t chunks_;
  int threads_;
};

template <class R, class T>
void reduce_to(const Call& c, uint32_t mask, T* out, const T* context = nullptr) {
  Reduction<T>(c, kMethod<R, T>, mask, out, context, c.scratch).run();
}

struct ReduceAttrs {
  Ints dims;
  int64_t keepdim;
};

TT_INLINE uint32_t mask_of(const Call& c) { return reduced_dims(c.as<ReduceAttrs>().dims, c.in[0].ndim); }

}  // namespace
}  // namespace tt
