// Rules for moving elements about, repeating them, and triangles of them.
#include "../infer.h"

namespace tt::infer {

// flip, roll: dims and shifts are wrapped.
void rearrange(Infer& c) {
  c.shape(0, c.in[0].sizes, c.in[0].ndim);
  c.out[0].dtype = c.in[0].dtype;
}

void repeat(Infer& c) {
  struct Attrs {
    Ints times;
  };
  const View& x = c.in[0];
  const Ints& times = c.as<Attrs>().times;
  if (times.n < x.ndim)
    c.fail("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
  int64_t sizes[kMaxDims];
  const int lead = static_cast<int>(times.n) - x.ndim;
  for (int d = 0; d < times.n; ++d) {
    if (times[d] < 0) c.fail("Trying to create tensor with negative dimension %ld", static_cast<long>(times[d]));
    const int64_t size = d < lead ? 1 : x.sizes[d - lead];
    if (__builtin_mul_overflow(times[d], size, &sizes[d]))
      c.fail("%ld repeats of %ld elements are too many", static_cast<long>(times[d]), static_cast<long>(size));
  }
  c.shape(0, sizes, static_cast<int>(times.n));
  c.out[0].dtype = x.dtype;
}

void triangle(Infer& c) {
  if (c.in[0].ndim < 2) c.fail("input tensor must have at least 2 dimensions");
  c.contiguous[0] = true;
  rearrange(c);
}

}  // namespace tt::infer
