// Moving the elements of a tensor about, repeating them, and leaving a triangle of them.
#include "place.h"

namespace tt {
namespace {

// ---- moving ---------------------------------------------------------------------------------------------------------

struct DimsAttrs {
  Ints dims;
};

void flip_kernel(const Call& c) {
  const Ints& dims = c.as<DimsAttrs>().dims;
  View from = c.in[0];
  if (from.numel() == 0) return;
  for (int i = 0; i < dims.n; ++i) {
    const int64_t d = dims[i];
    from.data = static_cast<char*>(from.data) + (from.sizes[d] - 1) * from.strides[d] * width_of(from.dtype);
    from.strides[d] = -from.strides[d];
  }
  place(c.out[0], from, c.threads);
}

struct RollAttrs {
  Ints shifts, dims;
};

// Each rolled dimension splits into two parts that change places: 2^n blocks.
void roll_kernel(const Call& c) {
  const auto& a = c.as<RollAttrs>();
  if (c.in[0].numel() == 0) return;
  for (int64_t block = 0; block < int64_t{1} << a.dims.n; ++block) {
    View from = c.in[0], to = c.out[0];
    for (int i = 0; i < a.dims.n; ++i) {
      const int64_t d = a.dims[i], size = from.sizes[d], shift = a.shifts[i];
      if (block >> i & 1) {
        from = slice(from, d, size - shift, shift);
        to = slice(to, d, 0, shift);
      } else {
        from = slice(from, d, 0, size - shift);
        to = slice(to, d, shift, size - shift);
      }
    }
    if (to.numel() > 0) place(to, from, c.threads);
  }
}

// ---- repeating ------------------------------------------------------------------------------------------------------

struct RepeatAttrs {
  Ints times;
};

// Copies x to the first tile, then doubles what is there, dimension by dimension.
void repeat_kernel(const Call& c) {
  const Ints& times = c.as<RepeatAttrs>().times;
  const View &x = c.in[0], &y = c.out[0];
  if (y.numel() == 0) return;
  View done = y;
  const int lead = y.ndim - x.ndim;
  for (int d = 0; d < y.ndim; ++d) done.sizes[d] = d < lead ? 1 : x.sizes[d - lead];
  View from = done;
  from.data = x.data;
  for (int d = 0; d < y.ndim; ++d) from.strides[d] = d < lead ? 0 : x.strides[d - lead];
  place(done, from, c.threads);
  for (int d = y.ndim - 1; d >= 0; --d) {
    const int64_t tile = done.sizes[d], total = tile * times[d];
    for (int64_t have = tile; have < total;) {
      const int64_t more = have < total - have ? have : total - have;
      View next = done;
      next.sizes[d] = more;
      done.sizes[d] = more;
      next.data = static_cast<char*>(y.data) + have * y.strides[d] * width_of(y.dtype);
      place(next, done, c.threads);
      have += more;
    }
    done.sizes[d] = total;
  }
}

// ---- triangles -----------------------------------------------------------------------------------------------------

struct TriangleAttrs {
  int64_t diagonal;
};

// Keeps the elements of each row of the last two dimensions up to the diagonal (or from it on); x and y contiguous.
template <bool upper>
TT_INLINE void triangle(const Call& c) {
  const View& x = c.in[0];
  const int64_t rows = x.sizes[x.ndim - 2], columns = x.sizes[x.ndim - 1];
  if (x.numel() == 0) return;
  const int64_t w = width_of(x.dtype), asked = c.as<TriangleAttrs>().diagonal;
  const int64_t diagonal = (asked < -rows ? -rows : asked > columns ? columns : asked) + (upper ? 0 : 1);
  parallel_for(c.threads, x.numel() / columns, columns, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; ++r) {
      int64_t edge = r % rows + diagonal;
      edge = edge < 0 ? 0 : edge > columns ? columns : edge;
      const int64_t from = upper ? edge : 0, to = upper ? columns : edge;
      const char* source = x.as<char>() + r * columns * w;
      char* row = c.out[0].as<char>() + r * columns * w;
      memset(row, 0, static_cast<size_t>(from * w));
      if (row != source) memcpy(row + from * w, source + from * w, static_cast<size_t>((to - from) * w));
      memset(row + to * w, 0, static_cast<size_t>((columns - to) * w));
    }
  });
}

void tril_kernel(const Call& c) { triangle<false>(c); }
void triu_kernel(const Call& c) { triangle<true>(c); }

}  // namespace

TT_OP_TABLE(rearrange, {"flip(x; dims: ints) -> y", infer::rearrange, flip_kernel},
            {"roll(x; shifts: ints, dims: ints) -> y", infer::rearrange, roll_kernel},
            {"repeat(x; times: ints) -> y", infer::repeat, repeat_kernel},
            {"tril(x; diagonal: int) -> y", infer::triangle, tril_kernel},
            {"triu(x; diagonal: int) -> y", infer::triangle, triu_kernel})

}  // namespace tt
