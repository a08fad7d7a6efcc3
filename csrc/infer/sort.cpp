// Rules of sort, topk, and of one element of each sorted row.
#include "../infer.h"
#include "../op.h"

namespace tt::infer {
namespace {

constexpr int64_t item_bytes(DType d) { return dtype_bytes(d) == 8 ? 16 : 8; }

// Two buffers of items for each thread that sorts rows of this length.
int64_t row_buffers(const View& x, int64_t length) {
  const int64_t rows = length > 0 ? x.numel() / length : 0;
  return (rows > 1 ? num_threads() : 1) * 2 * length * item_bytes(x.dtype);
}

// One element of each row along dim.
void choose(Infer& c, int64_t given, bool keepdim) {
  const View& x = c.in[0];
  if (c.number[0].kind != Scalar::kNone) c.fail<TypeError>("argument 'input' must be Tensor, not a number");
  const int64_t dim = wrap_dim(c, given, x.ndim), length = x.ndim > 0 ? x.sizes[dim] : 1;
  if (length == 0) c.fail<IndexError>("Expected reduction dim %ld to have non-zero size.", static_cast<long>(given));
  for (int o = 0; o < 2; ++o) {
    View& y = c.out[o];
    y.ndim = 0;
    for (int d = 0; d < x.ndim; ++d)
      if (d != dim || keepdim) y.sizes[y.ndim++] = d == dim ? 1 : x.sizes[d];
  }
  c.out[0].dtype = x.dtype;
  c.out[1].dtype = DType::kInt64;
  c.scratch = row_buffers(x, length);
}

}  // namespace

void sort(Infer& c) {
  struct Attrs {
    int64_t dim, descending;
  };
  const View& x = c.in[0];
  const int64_t dim = wrap_dim(c, c.as<Attrs>().dim, x.ndim);
  for (int o = 0; o < 2; ++o) c.shape(o, x.sizes, x.ndim);
  c.out[0].dtype = x.dtype;
  c.out[1].dtype = DType::kInt64;
  c.scratch = row_buffers(x, x.ndim > 0 ? x.sizes[dim] : 1);
}

void topk(Infer& c) {
  struct Attrs {
    int64_t k, dim, largest;
  };
  const View& x = c.in[0];
  const auto& a = c.as<Attrs>();
  const int64_t dim = wrap_dim(c, a.dim, x.ndim), length = x.ndim > 0 ? x.sizes[dim] : 1;
  if (a.k < 0 || a.k > length)
    c.fail("selected index k out of range: k is %ld, the dimension has size %ld", static_cast<long>(a.k),
           static_cast<long>(length));
  for (int o = 0; o < 2; ++o) {
    c.shape(o, x.sizes, x.ndim);
    if (x.ndim > 0) c.out[o].sizes[dim] = a.k;
  }
  c.out[0].dtype = x.dtype;
  c.out[1].dtype = DType::kInt64;
  c.scratch = row_buffers(x, length);
}

void kthvalue(Infer& c) {
  struct Attrs {
    int64_t k, dim, keepdim;
  };
  const auto& a = c.as<Attrs>();
  const int64_t dim = wrap_dim(c, a.dim, c.in[0].ndim), length = c.in[0].ndim > 0 ? c.in[0].sizes[dim] : 1;
  if (a.k < 1 || a.k > length) c.fail("selected number k out of range for dimension %ld", static_cast<long>(dim));
  choose(c, a.dim, a.keepdim);
}

void median(Infer& c) {
  struct Attrs {
    int64_t dim, keepdim, ignore_nan;
  };
  choose(c, c.as<Attrs>().dim, c.as<Attrs>().keepdim);
}

void mode(Infer& c) {
  struct Attrs {
    int64_t dim, keepdim;
  };
  choose(c, c.as<Attrs>().dim, c.as<Attrs>().keepdim);
}

// The order of the rows of a matrix.
void row_order(Infer& c) {
  c.contiguous[0] = true;
  c.shape(0, c.in[0].sizes, 1);
  c.out[0].dtype = DType::kInt64;
  c.scratch = 2 * 8 * c.in[0].sizes[0];
}

}  // namespace tt::infer
