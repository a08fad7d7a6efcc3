// The larger, the smaller, the one in between, and the one a condition chooses, element by element.
#include "pointwise.h"

namespace tt {
namespace {

// What reaches x of maximum(x, y), minimum(x, y) and clamp(x, low, high).
constexpr auto maximum_backward = [](auto g, auto x, auto y) {
  return x < y ? decltype(g){} : x == y ? g * Elem<decltype(g)>(0.5) : g;
};
constexpr auto minimum_backward = [](auto g, auto x, auto y) {
  return x > y ? decltype(g){} : x == y ? g * Elem<decltype(g)>(0.5) : g;
};
void clamp_backward(const Call& c) {
  map_floats<4>(c, 1, [](auto g, auto x, auto low, auto high) { return (x < low) | (x > high) ? decltype(g){} : g; });
}

void where_kernel(const Call& c) {
  with_width(c.out[0].dtype, [&](auto zero) {
    using W = decltype(zero);
    map<kLanes<W>, W, bool, W, W>(c, 1, [](auto b, auto x, auto y) { return as_condition<decltype(x)>(b) ? x : y; });
  });
}

}  // namespace

// clang-format off
TT_OP_TABLE(choice,
    {"maximum(x, y) -> z", infer::binary_tensors, binary_number<[](auto x, auto y) { return maximum(x, y); }>},
    {"minimum(x, y) -> z", infer::binary_tensors, binary_number<[](auto x, auto y) { return minimum(x, y); }>},
    {"clamp_min(x, low) -> z", infer::clamp, binary_number<[](auto x, auto y) { return maximum(x, y); }>},
    {"clamp_max(x, high) -> z", infer::clamp, binary_number<[](auto x, auto y) { return minimum(x, y); }>},
    {"maximum_backward(g, x, y) -> gx", infer::binary_float, ternary_float<maximum_backward>},
    {"minimum_backward(g, x, y) -> gx", infer::binary_float, ternary_float<minimum_backward>},
    {"fmax(x, y) -> z", infer::binary_tensors, binary_number<[](auto x, auto y) { return (x >= y) | (y != y) ? x : y; }>},
    {"fmin(x, y) -> z", infer::binary_tensors, binary_number<[](auto x, auto y) { return (x <= y) | (y != y) ? x : y; }>},
    {"clamp(x, low, high) -> z", infer::clamp,
     ternary_number<[](auto x, auto low, auto high) { return minimum(maximum(x, low), high); }>},
    {"clamp_backward(g, x, low, high) -> gx", infer::binary_float, clamp_backward},
    {"where(condition, x, y) -> z", infer::where, where_kernel},
)
// clang-format on
}  // namespace tt
