// Circles and hyperbolas: their functions and the inverse ones, element by element.
#include "arc.h"
#include "hyperbolic.h"
#include "pointwise.h"

namespace tt {
namespace {

// Through the quotient of the smaller by the larger, which neither overflows nor underflows before the result does.
constexpr auto hypot_of = [](auto x, auto y) {
  const auto ax = abs(x), ay = abs(y), zero = decltype(x){};
  const auto big = ax > ay ? ax : ay, small = ax > ay ? ay : ax;
  const auto q = (big == 0) & (small == 0) ? zero : small / big;
  const auto infinite = (ax == kInf<Elem<decltype(x)>>) | (ay == kInf<Elem<decltype(x)>>);
  return infinite ? zero + kInf<Elem<decltype(x)>> : big * sqrt(1 + q * q);
};

}  // namespace

// clang-format off
TT_OP_TABLE(trig,
    {"sin(x) -> y", infer::unary_float, unary_float<[](auto x) { return sin(x); }, 2>},
    {"cos(x) -> y", infer::unary_float, unary_float<[](auto x) { return cos(x); }, 2>},
    {"tan(x) -> y", infer::unary_float, unary_float<[](auto x) { return tan(x); }, 3>},
    {"asin(x) -> y", infer::unary_float, unary_float<Long{[](auto x) { return asin(x); }}, 3>},
    {"acos(x) -> y", infer::unary_float, unary_float<Long{[](auto x) { return acos(x); }}, 3>},
    {"atan(x) -> y", infer::unary_float, unary_float<Long{[](auto x) { return atan(x); }}, 3>},
    {"sinh(x) -> y", infer::unary_float, unary_float<Long{[](auto x) { return sinh(x); }}, 3>},
    {"cosh(x) -> y", infer::unary_float, unary_float<Long{[](auto x) { return cosh(x); }}, 3>},
    {"asinh(x) -> y", infer::unary_float, unary_float<[](auto x) { return asinh(x); }, 3>},
    {"acosh(x) -> y", infer::unary_float, unary_float<[](auto x) { return acosh(x); }, 3>},
    {"atanh(x) -> y", infer::unary_float, unary_float<Long{[](auto x) { return atanh(x); }}, 3>},
    {"atan2(x, y) -> z", infer::binary_float_tensors, binary_float<[](auto y, auto x) { return atan2(y, x); }, 4>},
    {"hypot(x, y) -> z", infer::binary_float_tensors, binary_float<hypot_of, 2>},
)
// clang-format on
}  // namespace tt
