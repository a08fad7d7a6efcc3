// The sizes of a recurrent layer: known to the rule and to the kernel.
#pragma once
#include "product.h"

namespace tt {
namespace {

enum RecurrentMode : int64_t { kTanhRnn, kReluRnn, kLstm, kGru };

struct RecurrentAttrs {
  int64_t mode;
  int64_t reverse;
};

struct RecurrentPlan {
  int64_t mode, times, rows, hidden;
  int64_t gates;  // columns of the products, from input and from hidden state
  int64_t saved;  // columns of what backward needs beside the states
  int64_t panel;  // columns of the weight that are packed side by side: the widest tile's where there are few rows

  TT_INLINE RecurrentPlan(int64_t mode, int64_t times, int64_t rows, int64_t hidden)
      : mode(mode), times(times), rows(rows), hidden(hidden) {
    gates = (mode == kLstm ? 4 : mode == kGru ? 3 : 1) * hidden;
    saved = (mode == kLstm || mode == kGru ? 4 : 0) * hidden;
    panel = rows <= 3 ? 128 : 32;
  }
  // Elements of the weight in panels, k by columns.
  TT_INLINE int64_t packed(int64_t k, int64_t columns) const { return k * ((columns + panel - 1) / panel * panel); }
  TT_INLINE int64_t forward_elements() const { return packed(hidden, gates) + rows * gates; }
  TT_INLINE int64_t backward_elements() const { return packed(gates, hidden) + 3 * rows * hidden; }
  TT_INLINE int64_t row_cost() const { return times * gates * (hidden / 16 + 4) + 1; }
};

}  // namespace
}  // namespace tt
