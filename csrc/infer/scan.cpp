// Rules of running results along one dimension.
#include "../infer.h"

namespace tt::infer {
namespace {

void along(Infer& c) {
  const int64_t dim = c.as<int64_t>();
  wrap_dim(c, dim, c.in[0].ndim);
  c.contiguous[0] = true;
  for (int o = 0; o < c.n_out; ++o) {
    c.shape(o, c.in[0].sizes, c.in[0].ndim);
    c.out[o].dtype = c.cast[0];
  }
}

}  // namespace

void scan(Infer& c) {
  if (!is_floating(c.in[0].dtype)) c.cast[0] = DType::kInt64;
  along(c);
}

void scan_float(Infer& c) {
  if (!is_floating(c.in[0].dtype)) c.cast[0] = default_dtype();
  along(c);
}

void scan_extreme(Infer& c) {
  const DType dtype = c.in[0].dtype;
  if (!is_floating(dtype)) c.cast[0] = DType::kInt64;
  along(c);
  c.out[0].dtype = dtype;
  c.out[1].dtype = DType::kInt64;
}

}  // namespace tt::infer
