// Comparison, conditions, logic and bits, element by element.
#include "pointwise.h"

namespace tt {
namespace {

// A shift by the width or more leaves the sign only, a negative one is as wide.
constexpr auto shift_left = [](auto x, auto y) {
  constexpr int kBits = 8 * sizeof(x[0]);
  return (y < 0) | (y >= kBits) ? decltype(x){} : x << (y & (kBits - 1));
};
constexpr auto shift_right = [](auto x, auto y) {
  constexpr int kBits = 8 * sizeof(x[0]);
  return (y < 0) | (y >= kBits) ? (x < 0 ? ~decltype(x){} : decltype(x){}) : x >> (y & (kBits - 1));
};

// Integers are finite.
template <auto F>
void of_float(const Call& c) {
  map_condition<1>(c, 1, [](auto x) {
    if constexpr (std::is_floating_point_v<Elem<decltype(x)>>)
      return F(x);
    else
      return BitsVec<decltype(x)>{} + static_cast<Elem<BitsVec<decltype(x)>>>(F(Vec<float>{})[0]);
  });
}

void bitwise_not(const Call& c) {
  if (c.out[0].dtype == DType::kBool) return map_same<1, bool, bool>(c, 1, [](auto x) { return x == 0; });
  map_integers<1>(c, 1, [](auto x) { return ~x; });
}

}  // namespace

// clang-format off
TT_OP_TABLE(compare,
    {"eq(x, y) -> z", infer::compare, binary_condition<[](auto x, auto y) { return x == y; }>},
    {"ne(x, y) -> z", infer::compare, binary_condition<[](auto x, auto y) { return x != y; }>},
    {"lt(x, y) -> z", infer::compare, binary_condition<[](auto x, auto y) { return x < y; }>},
    {"le(x, y) -> z", infer::compare, binary_condition<[](auto x, auto y) { return x <= y; }>},
    {"gt(x, y) -> z", infer::compare, binary_condition<[](auto x, auto y) { return (x > y); }>},
    {"ge(x, y) -> z", infer::compare, binary_condition<[](auto x, auto y) { return x >= y; }>},
    {"logical_and(x, y) -> z", infer::logical,
     binary_condition<[](auto x, auto y) { return (x != 0) & (y != 0); }>},
    {"logical_or(x, y) -> z", infer::logical, binary_condition<[](auto x, auto y) { return (x != 0) | (y != 0); }>},
    {"logical_xor(x, y) -> z", infer::logical,
     binary_condition<[](auto x, auto y) { return (x != 0) ^ (y != 0); }>},
    {"bitwise_and(x, y) -> z", infer::binary_integer, binary_integer<[](auto x, auto y) { return x & y; }>},
    {"bitwise_or(x, y) -> z", infer::binary_integer, binary_integer<[](auto x, auto y) { return x | y; }>},
    {"bitwise_xor(x, y) -> z", infer::binary_integer, binary_integer<[](auto x, auto y) { return x ^ y; }>},
    {"bitwise_left_shift(x, y) -> z", infer::binary_integer, binary_integer<shift_left>},
    {"bitwise_right_shift(x, y) -> z", infer::binary_integer, binary_integer<shift_right>},
    {"isnan(x) -> y", infer::unary_bool, unary_condition<[](auto x) { return x != x; }>},
    {"isinf(x) -> y", infer::unary_bool, of_float<[](auto x) { return abs(x) == kInf<Elem<decltype(x)>>; }>},
    {"isfinite(x) -> y", infer::unary_bool, of_float<[](auto x) { return abs(x) < kInf<Elem<decltype(x)>>; }>},
    {"isposinf(x) -> y", infer::unary_bool, of_float<[](auto x) { return x == kInf<Elem<decltype(x)>>; }>},
    {"isneginf(x) -> y", infer::unary_bool, of_float<[](auto x) { return x == -kInf<Elem<decltype(x)>>; }>},
    {"signbit(x) -> y", infer::unary_bool, unary_condition<[](auto x) { return (BitsVec<decltype(x)>)x < 0; }>},
    {"logical_not(x) -> y", infer::unary_bool, unary_condition<[](auto x) { return x == 0; }>},
    {"bitwise_not(x) -> y", infer::unary_integer, bitwise_not},
)
// clang-format on
}  // namespace tt
