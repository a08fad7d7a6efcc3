// Rules of reading images at any places.
#include "../infer.h"

namespace tt::infer {
namespace {

struct GridAttrs {
  int64_t mode, padding, aligned;
};

constexpr int64_t kCubic = 2;

void check_images(Infer& c, const View& x, const View& grid) {
  c.name = "grid_sample()";
  const int n = x.ndim - 2;
  if ((n != 2 && n != 3) || grid.ndim != x.ndim || grid.sizes[grid.ndim - 1] != n)
    c.fail(
        "expected input (N, C, *in) and grid (N, *out, n) of n = 2 or 3 spatial dimensions, but got input with sizes "
        "%s and grid with sizes %s",
        shape_text(x).c_str(), shape_text(grid).c_str());
  if (grid.sizes[0] != x.sizes[0])
    c.fail("expected grid and input to have same batch size, but got input with sizes %s and grid with sizes %s",
           shape_text(x).c_str(), shape_text(grid).c_str());
  for (int d = 2; d < x.ndim; ++d)
    if (x.sizes[d] == 0)
      c.fail("expected input to have non-empty spatial dimensions, but got %s", shape_text(x).c_str());
  if (x.dtype != grid.dtype || x.dtype < DType::kFloat32)
    c.fail("expected input and grid to have one floating point dtype, but input has %s and grid has %s",
           dtype_name(x.dtype), dtype_name(grid.dtype));
  if (c.as<GridAttrs>().mode == kCubic && n == 3) c.fail("bicubic interpolation only supports 4D input");
  for (int i = 0; i < c.n_in; ++i) c.contiguous[i] = true;
}

}  // namespace

// (N, C, *in), (N, *out, n) -> (N, C, *out)
void grid_sample(Infer& c) {
  const View &x = c.in[0], &grid = c.in[1];
  check_images(c, x, grid);
  int64_t sizes[kMaxDims] = {x.sizes[0], x.sizes[1]};
  for (int d = 2; d < x.ndim; ++d) sizes[d] = grid.sizes[d - 1];
  c.shape(0, sizes, x.ndim);
  c.out[0].dtype = x.dtype;
}

void grid_sample_backward(Infer& c) {
  const View &g = c.in[0], &x = c.in[1], &grid = c.in[2];
  check_images(c, x, grid);
  bool fits = g.dtype == x.dtype && g.ndim == x.ndim && g.sizes[0] == x.sizes[0] && g.sizes[1] == x.sizes[1];
  for (int d = 2; fits && d < x.ndim; ++d) fits = g.sizes[d] == grid.sizes[d - 1];
  if (!fits) c.fail("a gradient of shape %s does not fit", shape_text(g).c_str());
  c.shape(0, x.sizes, x.ndim);
  c.shape(1, grid.sizes, grid.ndim);
  c.out[0].dtype = c.out[1].dtype = x.dtype;
}

}  // namespace tt::infer
