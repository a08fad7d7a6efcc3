// The sizes of attention: known to the rule, which asks for scratch memory, and to the kernel, which uses it.
#pragma once
#include "product.h"

namespace tt {
namespace {

struct AttentionAttrs {
  double scale;
  int64_t causal;
};

constexpr int64_t kQueryBlock = 64;

// q (..., queries, e), k (..., keys, e), v (..., keys, values), with the same leading sizes.
struct AttentionPlan {
  int64_t heads = 1, queries, keys, e, values;
  int64_t block;  // queries at a time
  int64_t step;   // from the scores of one key to those of the next, an odd number of cache lines
  int64_t slots;  // threads worth having
  bool masked, noisy;

  // Of `mask` and `noise` only counts whether they are there.
  TT_INLINE AttentionPlan(const View& q, const View& k, const View& v, bool masked, bool noisy, int64_t element_bytes)
      : masked(masked), noisy(noisy) {
    const int last = q.ndim - 1;
    for (int d = 0; d < last - 1; ++d) heads *= q.sizes[d];
    queries = q.sizes[last - 1], keys = k.sizes[last - 1];
    e = q.sizes[last], values = v.sizes[last];
    const int64_t blocks = (queries + kQueryBlock - 1) / kQueryBlock;
    block = blocks > 1 ? kQueryBlock : queries;
    const int64_t line = 64 / element_bytes;
    step = ((block + line - 1) / line | 1) * line;
    slots = heads * queries * keys * (e + values) / kThreadWork;
    if (slots > kMaxSlots) slots = kMaxSlots;
    if (slots < 1) slots = 1;
  }
  TT_INLINE int64_t blocks() const { return block ? (queries + block - 1) / block : 0; }
  TT_INLINE int64_t wider() const { return e > values ? e : values; }
  // Of one thread: panels of transposed queries, the scores of a block, what its mask adds to them, the noise of their
  // weights; backward also their gradients and a sum.
  TT_INLINE int64_t panel_elements() const { return packed_elements(wider(), block); }
  TT_INLINE int64_t score_elements() const { return keys * step; }
  TT_INLINE int64_t forward_elements() const { return panel_elements() + (1 + masked + noisy) * score_elements(); }
  TT_INLINE int64_t backward_elements() const { return forward_elements() + score_elements() + keys * wider(); }
  // In parallel.h's visits, of one head.
  TT_INLINE int64_t head_cost() const { return queries * keys * ((e + values) / 16 + 4) + 1; }
};

}  // namespace
}  // namespace tt
