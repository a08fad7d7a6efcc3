// Rules for putting tensors together and padding them.
#include "../infer.h"

namespace tt::infer {
namespace {

struct DimAttrs {
  int64_t dim;
};

void promote_all(Infer& c) {
  c.out[0].dtype = result_type(c, 0, c.n_in);
  c.promote(0, c.n_in, c.out[0].dtype);
}

// The old exception of concatenation: a 1-d tensor without elements is left out whatever the others' sizes.
bool is_nothing(const View& x) { return x.ndim == 1 && x.sizes[0] == 0; }

}  // namespace

void cat(Infer& c) {
  if (c.n_in == 0) c.fail<ValueError>("expected a non-empty list of Tensors");
  const View* first = &c.in[0];
  for (int i = 0; i < c.n_in; ++i) {
    if (c.in[i].ndim == 0) c.fail("zero-dimensional tensor (at position %d) cannot be concatenated", i);
    if (is_nothing(*first)) first = &c.in[i];
  }
  const int64_t dim = wrap_dim(c, c.as<DimAttrs>().dim, first->ndim);
  int64_t sizes[kMaxDims];
  std::copy(first->sizes, first->sizes + first->ndim, sizes);
  sizes[dim] = 0;
  for (int i = 0; i < c.n_in; ++i) {
    const View& x = c.in[i];
    if (is_nothing(x) && first->ndim != 1) continue;
    if (x.ndim != first->ndim)
      c.fail("Tensors must have same number of dimensions: got %d and %d", first->ndim, x.ndim);
    for (int d = 0; d < x.ndim; ++d)
      if (d != dim && x.sizes[d] != sizes[d])
        c.fail(
            "Sizes of tensors must match except in dimension %ld. Expected size %ld but got size %ld for tensor "
            "number %d in the list.",
            static_cast<long>(dim), static_cast<long>(sizes[d]), static_cast<long>(x.sizes[d]), i);
    sizes[dim] += x.sizes[dim];
  }
  c.shape(0, sizes, first->ndim);
  promote_all(c);
}

void stack(Infer& c) {
  if (c.n_in == 0) c.fail("expects a non-empty TensorList");
  const View& first = c.in[0];
  const int64_t dim = wrap_dim(c, c.as<DimAttrs>().dim, first.ndim + 1);
  int64_t sizes[kMaxDims + 1];
  for (int d = 0, o = 0; o <= first.ndim; ++o) sizes[o] = o == dim ? c.n_in : first.sizes[d++];
  for (int i = 1; i < c.n_in; ++i) {
    const View& x = c.in[i];
    bool same = x.ndim == first.ndim;
    for (int d = 0; same && d < x.ndim; ++d) same = x.sizes[d] == first.sizes[d];
    if (!same)
      c.fail("stack expects each tensor to be equal size, but got %s at entry 0 and %s at entry %d",
             shape_text(first).c_str(), shape_text(x).c_str(), i);
  }
  c.shape(0, sizes, first.ndim + 1);
  promote_all(c);
}

// pad: (before, after) of the last dimension, then of the one before it, ...
void pad(Infer& c) {
  struct Attrs {
    Ints pad;
  };
  const View& x = c.in[0];
  const Ints& pad = c.as<Attrs>().pad;
  if (pad.n % 2 != 0 || pad.n > 2 * x.ndim)
    c.fail(
        "Padding length should be less than or equal to two times the input dimension but got padding length %ld "
        "and input of dimension %d",
        static_cast<long>(pad.n), x.ndim);
  int64_t sizes[kMaxDims];
  std::copy(x.sizes, x.sizes + x.ndim, sizes);
  for (int k = 0; 2 * k < pad.n; ++k) {
    int64_t& size = sizes[x.ndim - 1 - k];
    int64_t padded;
    if (__builtin_add_overflow(pad[2 * k], pad[2 * k + 1], &padded) || __builtin_add_overflow(padded, size, &padded))
      c.fail("a padding of %ld and %ld is out of range", static_cast<long>(pad[2 * k]),
             static_cast<long>(pad[2 * k + 1]));
    const int64_t left = size + std::min<int64_t>(pad[2 * k], 0) + std::min<int64_t>(pad[2 * k + 1], 0);
    if (padded < 0 || left < 0)
      c.fail("The input size %ld, plus negative padding %ld and %ld, resulted in a negative output size",
             static_cast<long>(size), static_cast<long>(pad[2 * k]), static_cast<long>(pad[2 * k + 1]));
    size = padded;
  }
  c.shape(0, sizes, x.ndim);
  c.out[0].dtype = c.cast[1] = x.dtype;
  check_fits(c, c.number[1], x.dtype);
}

}  // namespace tt::infer
