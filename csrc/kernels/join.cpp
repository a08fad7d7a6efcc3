// Putting tensors together, and padding them: every op here copies blocks from view to view.
#include "place.h"

namespace tt {
namespace {

// ---- joining -------------------------------------------------------------------------------------------------------

struct DimAttrs {
  int64_t dim;
};

// A 1-d tensor without elements joins anything, and adds nothing.
void cat_kernel(const Call& c) {
  const int64_t dim = axis(c.as<DimAttrs>().dim, c.out[0].ndim);
  int64_t begin = 0;
  for (int i = 0; i < c.n_in; ++i) {
    const View& x = c.in[i];
    if (x.numel() == 0) continue;
    place(slice(c.out[0], dim, begin, x.sizes[dim]), x, c.threads);
    begin += x.sizes[dim];
  }
}

void stack_kernel(const Call& c) {
  const int64_t dim = axis(c.as<DimAttrs>().dim, c.out[0].ndim);
  const View& y = c.out[0];
  View layer = y;
  layer.ndim = y.ndim - 1;
  for (int64_t d = dim; d < layer.ndim; ++d) {
    layer.sizes[d] = y.sizes[d + 1];
    layer.strides[d] = y.strides[d + 1];
  }
  for (int i = 0; i < c.n_in; ++i) {
    layer.data = static_cast<char*>(y.data) + i * y.strides[dim] * width_of(y.dtype);
    place(layer, c.in[i], c.threads);
  }
}

// ---- padding -------------------------------------------------------------------------------------------------------

struct PadAttrs {
  Ints pad;
};

// pad holds (before, after) of the last dimension, then of the one before it, and so on; negative ones cut off.
void pad_kernel(const Call& c) {
  const Ints& pad = c.as<PadAttrs>().pad;
  const View& y = c.out[0];
  View from = c.in[0], to = y;
  for (int k = 0; 2 * k < pad.n; ++k) {
    const int d = y.ndim - 1 - k;
    const int64_t before = pad[2 * k], after = pad[2 * k + 1];
    const int64_t cut = (before < 0 ? -before : 0) + (after < 0 ? -after : 0);
    from = slice(from, d, before < 0 ? -before : 0, from.sizes[d] - cut);
    to = slice(to, d, before > 0 ? before : 0, from.sizes[d]);
    if (from.sizes[d] <= 0) from.sizes[d] = to.sizes[d] = 0;
  }
  if (to.numel() < y.numel()) {
    View value = y;
    value.data = c.in[1].data;
    for (int d = 0; d < y.ndim; ++d) value.strides[d] = 0;
    place(y, value, c.threads);
  }
  if (to.numel() > 0) place(to, from, c.threads);
}

}  // namespace

TT_OP_TABLE(join, {"cat(*xs; dim: int) -> y", infer::cat, cat_kernel},
            {"stack(*xs; dim: int) -> y", infer::stack, stack_kernel},
            {"pad_constant(x, value; pad: ints) -> y", infer::pad, pad_kernel})

}  // namespace tt
