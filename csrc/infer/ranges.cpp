// Rules of ranges: two numbers, how many there are between them, and of what dtype.
#include "../infer.h"

namespace tt::infer {
namespace {

struct RangeAttrs {
  int64_t count, dtype;
};

void range(Infer& c, DType in) {
  const auto& a = c.as<RangeAttrs>();
  if (a.count < 0) c.fail("number of steps must be non-negative");
  if (a.count >= int64_t{1} << 59) c.fail("%ld steps overflow the size of a tensor", static_cast<long>(a.count));
  for (int i = 0; i < 2; ++i) {
    if (c.number[i].kind == Scalar::kNone) c.fail<TypeError>("expected two numbers");
    if (in == DType::kInt64) check_fits(c, c.number[i], in);
    c.cast[i] = in;
  }
  c.shape(0, &a.count, 1);
  c.out[0].dtype = static_cast<DType>(a.dtype);
}

}  // namespace

void arange(Infer& c) {
  range(c, is_floating(static_cast<DType>(c.as<RangeAttrs>().dtype)) ? DType::kFloat64 : DType::kInt64);
}

void linspace(Infer& c) {
  const auto dtype = static_cast<DType>(c.as<RangeAttrs>().dtype);
  if (!is_floating(dtype)) c.fail("not implemented for %s, only for floats", dtype_name(dtype));
  range(c, dtype);
}

}  // namespace tt::infer
