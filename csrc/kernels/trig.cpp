// Circles and hyperbolas: their functions and the inverse ones, element by element.
#include "arc.h"
#include "pointwise.h"

namespace tt {
namespace {

// F of doubles, which floats go through.
template <auto F>
void in_doubles(const Call& c) {
  map_floats<1>(c, 6, [](auto x) {
    if constexpr (std::is_same_v<Elem<decltype(x)>, double>)
      return F(x);
    else
      return through_double(x, F);
  });
}

void atan2_kernel(const Call& c) {
  map_floats<2>(c, 8, [](auto y, auto x) {
    if constexpr (std::is_same_v<Elem<decltype(x)>, double>)
      return atan2(y, x);
    else
      return through_double(y, x, [](Doubles v, Doubles w) { return atan2(v, w); });
  });
}

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
    {"tan(x) -> y", infer::unary_float, in_doubles<[](Doubles x) { return tan(x); }>},
    {"asin(x) -> y", infer::unary_float, in_doubles<[](Doubles x) { return asin(x); }>},
    {"acos(x) -> y", infer::unary_float, in_doubles<[](Doubles x) { return acos(x); }>},
    {"atan(x) -> y", infer::unary_float, in_doubles<[](Doubles x) { return atan(x); }>},
    {"sinh(x) -> y", infer::unary_float, in_doubles<[](Doubles x) { return sinh(x); }>},
    {"cosh(x) -> y", infer::unary_float, in_doubles<[](Doubles x) { return cosh(x); }>},
    {"asinh(x) -> y", infer::unary_float, in_doubles<[](Doubles x) { return asinh(x); }>},
    {"acosh(x) -> y", infer::unary_float, in_doubles<[](Doubles x) { return acosh(x); }>},
    {"atanh(x) -> y", infer::unary_float, in_doubles<[](Doubles x) { return atanh(x); }>},
    {"atan2(x, y) -> z", infer::binary_float_tensors, atan2_kernel},
    {"hypot(x, y) -> z", infer::binary_float_tensors, binary_float<hypot_of, 2>},
)
// clang-format on
}  // namespace tt
