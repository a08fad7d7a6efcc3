// Comparison, logic and bits of two tensors, element by element.
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
)
// clang-format on
}  // namespace tt
