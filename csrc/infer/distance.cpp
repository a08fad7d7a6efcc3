// Rules of distances. The functions of tinytensor/ops have checked what a user gives them.
#include "../infer.h"

namespace tt::infer {
namespace {

// Matrices of one batch and dtype, all contiguous: sizes[i] are rows and columns of input i, -1 for any.
void check(Infer& c, const View& like, const int64_t (*sizes)[2]) {
  const int last = like.ndim - 1;
  bool fits = last > 0 && like.dtype >= DType::kFloat32;
  for (int i = 0; i < c.n_in; ++i) {
    const View& x = c.in[i];
    fits = fits && x.ndim == like.ndim && x.dtype == like.dtype && x.sizes[last - 1] == sizes[i][0] &&
           x.sizes[last] == sizes[i][1];
    for (int d = 0; fits && d < last - 1; ++d) fits = x.sizes[d] == like.sizes[d];
    c.contiguous[i] = true;
  }
  if (!fits) c.fail("%s do not fit", (shape_text(c.in[0]) + " and " + shape_text(c.in[1])).c_str());
  c.out[0].dtype = like.dtype;
}

int64_t rows_of(const View& x) { return x.ndim > 1 ? x.sizes[x.ndim - 2] : 0; }
int64_t columns_of(const View& x) { return x.ndim > 1 ? x.sizes[x.ndim - 1] : 0; }

}  // namespace

// (*, P, D), (*, D, R) -> (*, P, R)
void cdist(Infer& c) {
  const View &x = c.in[0], &columns = c.in[1];
  const int64_t sizes[][2] = {{rows_of(x), columns_of(x)}, {columns_of(x), columns_of(columns)}};
  check(c, x, sizes);
  c.shape(0, x.sizes, x.ndim);
  c.out[0].sizes[x.ndim - 1] = columns_of(columns);
  c.work = c.out[0].numel() * columns_of(x);
}

// Twice (*, P, R), then (*, P, D) and (*, R, D) -> (*, P, D)
void cdist_backward(Infer& c) {
  const View &x = c.in[2], &other = c.in[3];
  const int64_t p = rows_of(x), r = rows_of(other), d = columns_of(x);
  const int64_t sizes[][2] = {{p, r}, {p, r}, {p, d}, {r, d}};
  check(c, x, sizes);
  c.shape(0, x.sizes, x.ndim);
  c.work = x.numel() * r;
}

}  // namespace tt::infer
