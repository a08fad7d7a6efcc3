// What the loss of connectionist temporal classification is told, and the room it works in: known to rule and kernel.
#pragma once
#include "../kernel.h"

namespace tt {
namespace {

struct CtcAttrs {
  int64_t blank, states;  // states of the longest target
};
struct CtcBackwardAttrs {
  int64_t blank, zero_infinity;
};

inline constexpr int64_t kCtcPad = 16;   // before and behind the states of a sequence
inline constexpr int64_t kCtcRows = 5;   // of numbers, one for each state
inline constexpr int64_t kCtcCost = 16;  // visits of an element that a state costs

// Elements of a row: the states, filled up to whole vectors, and the room at both ends.
TT_INLINE int64_t ctc_room(int64_t states) { return (states + kCtcPad - 1) / kCtcPad * kCtcPad + 2 * kCtcPad; }

}  // namespace
}  // namespace tt
