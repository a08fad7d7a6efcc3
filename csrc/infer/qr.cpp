// The rule of the QR factorisation.
#include "../infer.h"

namespace tt::infer {

void qr(Infer& c) {
  const View& x = c.in[0];
  if (x.ndim != 2) c.fail("the input must be a matrix, got shape %s", shape_text(x).c_str());
  if (x.dtype < DType::kFloat32) c.fail("expected a floating point matrix, got %s", dtype_name(x.dtype));
  const int64_t m = x.sizes[0], n = x.sizes[1], k = m < n ? m : n;
  const int64_t q[2] = {m, k}, r[2] = {k, n};
  c.shape(0, q, 2);
  c.shape(1, r, 2);
  c.out[0].dtype = c.out[1].dtype = x.dtype;
  c.scratch = (m * n + k) * (x.dtype == DType::kFloat64 ? 8 : 4);
  c.work = 2 * m * n * k;
}

}  // namespace tt::infer
