// Rules of what works element by element: kernels/unary.cpp, trig.cpp, binary.cpp, choice.cpp,
// compare.cpp, activation.cpp, relu.cpp.
#include "../infer.h"

namespace tt::infer {
namespace {

void unary_of(Infer& c, DType in, DType out) {
  c.like(0, c.in[0], out);
  c.promote(0, 1, in);
  c.pointwise = true;
}

bool is_number(const Infer& c, int i) { return c.number[i].kind != Scalar::kNone; }

void want_tensors(const Infer& c, int count) {
  for (int i = 0; i < count; ++i)
    if (is_number(c, i)) c.fail<TypeError>("argument %d must be Tensor, not a number", i + 1);
}

void binary_of(Infer& c, DType in, DType out) {
  broadcast_shape(c, 0, 0, c.n_in);
  c.out[0].dtype = out;
  c.promote(0, c.n_in, in);
  c.broadcast = true;
  c.pointwise = true;
}

DType common(const Infer& c) { return result_type(c, 0, c.n_in); }

void refuse_bool(const Infer& c, DType d) {
  if (d == DType::kBool) c.fail("not defined for bool; logical_not, logical_xor and their like are");
}
void refuse_float(const Infer& c, DType d) {
  if (is_floating(d)) c.fail("not defined for %s, only for integers and bool", dtype_name(d));
}
DType as_float(DType d) { return is_floating(d) ? d : default_dtype(); }

}  // namespace

void unary(Infer& c) { unary_of(c, c.in[0].dtype, c.in[0].dtype); }

void unary_number(Infer& c) {
  refuse_bool(c, c.in[0].dtype);
  unary(c);
}

void unary_only_float(Infer& c) {
  if (!is_floating(c.in[0].dtype)) c.fail("not defined for %s, only for floats", dtype_name(c.in[0].dtype));
  unary(c);
}

void unary_integer(Infer& c) {
  refuse_float(c, c.in[0].dtype);
  unary(c);
}

void unary_float(Infer& c) {
  const DType d = as_float(c.in[0].dtype);
  unary_of(c, d, d);
}

void square(Infer& c) {
  const DType d = c.in[0].dtype == DType::kBool ? DType::kInt64 : c.in[0].dtype;
  unary_of(c, d, d);
}

void unary_bool(Infer& c) { unary_of(c, c.in[0].dtype, DType::kBool); }

void binary(Infer& c) {
  const DType d = common(c);
  binary_of(c, d, d);
}

void binary_number(Infer& c) {
  if (is_number(c, 1)) want_tensors(c, 1);
  refuse_bool(c, common(c));
  binary(c);
}

void binary_integer(Infer& c) {
  if (is_number(c, 1)) want_tensors(c, 1);
  refuse_float(c, common(c));
  binary(c);
}

void binary_float(Infer& c) {
  const DType d = as_float(common(c));
  binary_of(c, d, d);
}

void binary_tensors(Infer& c) {
  want_tensors(c, 2);
  binary(c);
}

void binary_float_tensors(Infer& c) {
  want_tensors(c, 2);
  binary_float(c);
}

void subtract(Infer& c) {
  for (int i = 0; i < 2; ++i)
    if (c.in[i].dtype == DType::kBool)
      c.fail("subtraction with a bool tensor is not supported; use bitwise_xor or logical_xor");
  binary(c);
}

void fmod(Infer& c) {
  want_tensors(c, 1);
  binary_number(c);
}

void copysign(Infer& c) {
  want_tensors(c, 1);
  binary_float(c);
}

void compare(Infer& c) {
  want_tensors(c, 1);
  binary_of(c, common(c), DType::kBool);
}

void logical(Infer& c) {
  want_tensors(c, 2);
  binary_of(c, common(c), DType::kBool);
}

void clamp(Infer& c) {
  want_tensors(c, 1);
  if (c.n_in == 3) refuse_bool(c, common(c));
  for (int i = 1; i < c.n_in; ++i) check_fits(c, c.number[i], common(c));
  binary(c);
}

void hardtanh(Infer& c) {
  struct Attrs {
    double low, high;
  };
  const auto& a = c.as<Attrs>();
  if (a.low > a.high) c.fail<ValueError>("min_val cannot be greater than max_val, got %g and %g", a.low, a.high);
  if (c.in[0].dtype == DType::kUInt8 && a.low < 0)
    c.fail("cannot do hardtanh on an unsigned type with negative limits, got %g and %g", a.low, a.high);
  unary_number(c);
}

void pow(Infer& c) {
  if (is_number(c, 1)) want_tensors(c, 1);
  const DType d = common(c);
  if (!is_floating(d) && c.number[1].kind == Scalar::kInt && c.number[1].i < 0)
    c.fail("integers to negative integer powers are not allowed, got %lld", static_cast<long long>(c.number[1].i));
  if (!is_floating(d)) check_fits(c, c.number[1], d);
  binary(c);
}

void where(Infer& c) {
  const DType condition = c.in[0].dtype;
  if (condition != DType::kBool && condition != DType::kUInt8)
    c.fail("the condition must be bool, got %s", dtype_name(condition));
  const DType d = result_type(c, 1, 2);
  for (int i = 1; i < 3; ++i) check_fits(c, c.number[i], d);
  broadcast_shape(c, 0, 0, 3);
  c.out[0].dtype = d;
  c.cast[0] = DType::kBool;
  c.promote(1, 2, d);
  c.broadcast = true;
  c.pointwise = true;
}

}  // namespace tt::infer
