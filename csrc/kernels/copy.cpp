// Moving values: strided copies, conversion between dtypes, constants.
#include <limits>

#include "../kernel.h"
#include "../simd.h"
#include "place.h"
#include "transpose.h"

namespace tt {
namespace {

// ---- moving -----------------------------------------------------------------------------------------------------

// `bytes` are at least N / 2 words and at most N: all are read before one is written, so that both may overlap.
template <class Word, int N>
TT_INLINE void copy_words(char* to, const char* from, int64_t bytes) {
  constexpr int64_t w = sizeof(Word);
  Word word[N];
#pragma GCC unroll 8
  for (int i = 0; i < N; ++i) memcpy(&word[i], from + (i < N / 2 ? i * w : bytes - (N - i) * w), w);
#pragma GCC unroll 8
  for (int i = 0; i < N; ++i) memcpy(to + (i < N / 2 ? i * w : bytes - (N - i) * w), &word[i], w);
}

// Rows of contiguous elements: short ones, of which there are many, without a call of memmove each.
TT_INLINE void copy_rows(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t rows, int64_t bytes) {
  const auto each = [&](auto copy) {
    for (int64_t i = 0; i < rows; ++i) copy(to + i * to_step, from + i * from_step, bytes);
  };
  if (bytes > 128) return each([](char* y, const char* x, int64_t n) { memmove(y, x, static_cast<size_t>(n)); });
  if (bytes > 64) return each(copy_words<Word128, 8>);
  if (bytes > 32) return each(copy_words<Word128, 4>);
  if (bytes >= 16) return each(copy_words<Word128, 2>);
  if (bytes >= 8) return each(copy_words<uint64_t, 2>);
  if (bytes >= 4) return each(copy_words<uint32_t, 2>);
  if (bytes >= 2) return each(copy_words<uint16_t, 2>);
  each([](char* y, const char* x, int64_t) { *y = *x; });
}

// Columns of `from` become rows of `to`: `steps` bytes from row to row of each. Whole cache lines of both are in hand.
template <class W>
void transpose_rows(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t rows, int64_t n) {
  constexpr int64_t w = sizeof(W), kTile = 64 / w;
  for (int64_t r = 0; r < rows; r += kTile)
    for (int64_t i = 0; i < n; i += kTile) {
      const int64_t height = rows - r < kTile ? rows - r : kTile, width = n - i < kTile ? n - i : kTile;
      char* const y = to + r * to_step + i * w;
      const char* const x = from + i * from_step + r * w;
      int64_t whole = 0;  // columns of x that were moved in registers, but for the last of their rows
      if constexpr (w >= 4) whole = transpose_tile<W>(y, to_step, x, from_step, height, width);
      constexpr int64_t kRows = w >= 4 ? kBlockHeight<W> : 1;
      for (int64_t a = 0; a < height; ++a)
        for (int64_t b = a < whole ? width / kRows * kRows : 0; b < width; ++b)
          memcpy(y + a * to_step + b * w, x + b * from_step + a * w, w);
    }
}

template <class W>
void move_row(W* y, int64_t y_step, const W* x, int64_t x_step, int64_t n) {
  if (y_step != 1) {
    for (int64_t i = 0; i < n; ++i) y[i * y_step] = x[i * x_step];
  } else if (x_step == 0) {
    const W value = *x;
    for (int64_t i = 0; i < n; ++i) y[i] = value;
  } else if (x_step == -1) {
    for (int64_t i = 0; i < n; ++i) y[i] = x[-i];
  } else {
    for (int64_t i = 0; i < n; ++i) y[i] = x[i * x_step];
  }
}

}  // namespace

void TT_ISA::move(const View& to, const View& from, int threads) {
  with_width(to.dtype, [&](auto zero) {
    using W = decltype(zero);
    constexpr int64_t w = sizeof(W);
    Nest<2> nest({&to, &from}, {w, w});
    const int inner = nest.ndim - 1;
    if (nest.strides[inner][0] == w && nest.strides[inner][1] != w)
      for (int d = 0; d < inner; ++d)
        if (nest.strides[d][1] == w) nest.swap(d, inner - 1);
    nest.run_sheets(threads, 1, [](char* const* p, const int64_t* down, const int64_t* along, int64_t rows, int64_t n) {
      if (along[0] == w && along[1] == w) return copy_rows(p[0], down[0], p[1], down[1], rows, n * w);
      if (along[0] == w && along[1] != 0 && down[1] == w && n > 1)
        return transpose_rows<W>(p[0], down[0], p[1], along[1], rows, n);
      for (int64_t r = 0; r < rows; ++r)
        move_row(reinterpret_cast<W*>(p[0] + r * down[0]), along[0] / w, reinterpret_cast<const W*>(p[1] + r * down[1]),
                 along[1] / w, n);
    });
  });
}

// ---- converting ----------------------------------------------------------------------------------------------------

namespace {

// What C does is undefined for floats out of an integer's range; x86 gives the smallest int32 or int64, the narrower
// types get the low bits of that. Without branches, so that vectors do it.
template <class To, class From>
TT_INLINE To convert(From x) {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From{0};
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Whole = std::conditional_t<sizeof(To) == 4, int32_t, int64_t>;
    constexpr auto low = static_cast<From>(std::numeric_limits<Whole>::min());
    const bool fits = x >= low && x < -low;
    const auto whole = static_cast<Whole>(fits ? x : From{0});
    return static_cast<To>(fits ? whole : std::numeric_limits<Whole>::min());
  } else {
    return static_cast<To>(x);
  }
}

template <class To, class From>
void convert_rows(const View& from, const View& to, int threads) {
  const Nest<2> nest({&to, &from}, {sizeof(To), sizeof(From)});
  nest.run(threads, 2, [](char* const* p, const int64_t* stride, int64_t n) {
    if (stride[0] == sizeof(To) && stride[1] == sizeof(From)) {
      To* y = reinterpret_cast<To*>(p[0]);
      const From* x = reinterpret_cast<const From*>(p[1]);
      for (int64_t i = 0; i < n; ++i) y[i] = convert<To>(x[i]);
    } else {
      for (int64_t i = 0; i < n; ++i)
        *reinterpret_cast<To*>(p[0] + i * stride[0]) =
            convert<To>(*reinterpret_cast<const From*>(p[1] + i * stride[1]));
    }
  });
}

void transfer(const View& from, const View& to, int threads) {
  if (from.dtype == to.dtype) {
    move(to, from, threads);
  } else {
    with_dtype(from.dtype == DType::kBool ? DType::kUInt8 : from.dtype, [&](auto x) {  // booleans are bytes
      with_dtype(to.dtype, [&](auto y) { convert_rows<decltype(y), decltype(x)>(from, to, threads); });
    });
  }
}

void copy_out(const Call& c) { transfer(c.in[0], c.out[0], c.threads); }
void copy_in(const Call& c) { transfer(c.in[1], c.in[0], c.threads); }

}  // namespace

TT_OP_TABLE(copy, {"cast(x; dtype: dtype) -> y", infer::cast, copy_out},  // dense in the order of x
            {"contiguous(x) -> y", infer::contiguous, copy_out},          // row-major
            {"copy(x!, source) ->", infer::copy, copy_in},                // source is broadcast to x
            {"full(value; sizes: ints, dtype: dtype) -> y", infer::full, copy_out})

}  // namespace tt
