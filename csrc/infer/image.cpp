// Rules of resampling along one dimension. The functions of tinytensor/ops have checked what a user gives them.
#include "../infer.h"

namespace tt::infer {
namespace {

// The dimension has `size` elements in the output.
void output(Infer& c, int64_t dim, int64_t size) {
  const View &x = c.in[0], &places = c.in[1];
  if (dim < 0 || dim >= x.ndim || size < 0) c.fail("no dimension %ld to resample", static_cast<long>(dim));
  if (places.ndim != 2 || places.dtype != DType::kInt64)
    c.fail("expected places (elements, taps) of int64, got %s of shape %s", dtype_name(places.dtype),
           shape_text(places).c_str());
  if (c.given(2)) {
    const View& w = c.in[2];
    const bool like = w.ndim == 2 && w.sizes[0] == places.sizes[0] && w.sizes[1] == places.sizes[1];
    if (!like || w.dtype != x.dtype || w.dtype < DType::kFloat32 || places.sizes[1] == 0)
      c.fail("expected a weight for each place, of the input's floating point dtype, got %s of shape %s",
             dtype_name(w.dtype), shape_text(w).c_str());
    c.contiguous[2] = true;
  } else if (places.sizes[1] != 1) {
    c.fail("expected weights for %ld places of each element", static_cast<long>(places.sizes[1]));
  }
  int64_t sizes[kMaxDims];
  for (int d = 0; d < x.ndim; ++d) sizes[d] = d == dim ? size : x.sizes[d];
  c.shape(0, sizes, x.ndim);
  c.out[0].dtype = x.dtype;
  c.contiguous[0] = c.contiguous[1] = true;
}

}  // namespace

struct ResampleAttrs {
  int64_t dim;
};

void resample(Infer& c) { output(c, c.as<ResampleAttrs>().dim, c.in[1].ndim > 0 ? c.in[1].sizes[0] : 0); }

struct ResampleBackwardAttrs {
  int64_t dim, size;
};

void resample_backward(Infer& c) {
  const auto& a = c.as<ResampleBackwardAttrs>();
  output(c, a.dim, a.size);
  const View &g = c.in[0], &places = c.in[1];
  if (g.sizes[a.dim] != places.sizes[0] || g.dtype < DType::kFloat32)
    c.fail("expected a gradient of floats for %ld elements, got %s of shape %s", static_cast<long>(places.sizes[0]),
           dtype_name(g.dtype), shape_text(g).c_str());
}

}  // namespace tt::infer
