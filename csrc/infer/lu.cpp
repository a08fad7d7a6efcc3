// Rules of Gaussian elimination. The functions of tinytensor/ops have checked what a user gives them.
#include "../infer.h"

namespace tt::infer {
namespace {

void check_matrices(Infer& c, const View& x) {
  if (x.ndim < 2 || x.dtype < DType::kFloat32)
    c.fail("expected floating point matrices, got %s of shape %s", dtype_name(x.dtype), shape_text(x).c_str());
}

}  // namespace

// (*, m, n) -> (*, m, n), (*, min(m, n)), (*)
void lu_factor(Infer& c) {
  const View& x = c.in[0];
  check_matrices(c, x);
  const int64_t m = x.sizes[x.ndim - 2], n = x.sizes[x.ndim - 1];
  int64_t pivots[kMaxDims];
  for (int d = 0; d < x.ndim - 2; ++d) pivots[d] = x.sizes[d];
  pivots[x.ndim - 2] = std::min(m, n);
  c.shape(0, x.sizes, x.ndim);
  c.shape(1, pivots, x.ndim - 1);
  c.shape(2, pivots, x.ndim - 2);
  c.out[0].dtype = x.dtype;
  c.out[1].dtype = c.out[2].dtype = DType::kInt32;
  c.contiguous[0] = true;
  c.work = x.numel() * std::min(m, n);
}

struct PermutationAttrs {
  int64_t rows, dtype;
};

// (*, k) -> (*, rows, rows)
void lu_permutation(Infer& c) {
  const View& pivots = c.in[0];
  const auto& a = c.as<PermutationAttrs>();
  const int last = pivots.ndim - 1;
  if (last < 0 || pivots.dtype != DType::kInt32 || pivots.sizes[last] > a.rows || last + 2 > kMaxDims)
    c.fail("expected pivots of at most %ld rows, got %s of shape %s", static_cast<long>(a.rows),
           dtype_name(pivots.dtype), shape_text(pivots).c_str());
  int64_t sizes[kMaxDims];
  for (int d = 0; d < last; ++d) sizes[d] = pivots.sizes[d];
  sizes[last] = sizes[last + 1] = a.rows;
  c.shape(0, sizes, last + 2);
  c.out[0].dtype = static_cast<DType>(a.dtype);
  c.contiguous[0] = true;
  c.scratch = a.rows * 8;
}

// (*, n, n), (*, n, k) -> (*, n, k); both of the same batch.
void solve_triangle(Infer& c) {
  const View &a = c.in[0], &b = c.in[1];
  check_matrices(c, a);
  bool fits = a.ndim == b.ndim && a.dtype == b.dtype && a.sizes[a.ndim - 1] == a.sizes[a.ndim - 2];
  for (int d = 0; fits && d < a.ndim - 1; ++d) fits = a.sizes[d] == b.sizes[d];
  if (!fits) c.fail("a of shape %s is no system for b of shape %s", shape_text(a).c_str(), shape_text(b).c_str());
  c.shape(0, b.sizes, b.ndim);
  c.out[0].dtype = b.dtype;
  c.contiguous[0] = c.contiguous[1] = true;
  c.work = b.numel() * a.sizes[a.ndim - 1];
}

}  // namespace tt::infer
