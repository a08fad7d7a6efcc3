// How products of matrices are laid out and cut into blocks: known to the rule, which asks for scratch memory, and to
// the kernel, which uses it. Nothing here depends on the instruction set or on the number of threads.
#pragma once
#include "../kernel.h"

namespace tt {

// C[m, n] = A[m, k] B[k, n] with strides in elements.
struct Gemm {
  int64_t m, n, k;
  int64_t a_row, a_k;
  int64_t b_k, b_col;
  int64_t c_row, c_col;

  // The same numbers as the product of the transposes.
  TT_INLINE Gemm swapped() const { return {n, m, k, b_col, b_k, a_k, a_row, c_col, c_row}; }
};

namespace {

// A few rows of A, and columns of B that lie in memory.
TT_INLINE bool is_thin(const Gemm& g) {
  return g.m <= 4 && g.n >= 8 && g.b_k == 1 && g.b_col != 1 && (g.m == 1 || g.k >= 16);
}

// A Gemm for each index of some leading dimensions. Batch i of C follows batch i - 1.
struct Gemms {
  Gemm one;
  bool swapped = false;  // A is the second operand
  int ndim = 0;
  int64_t sizes[kMaxDims], a_strides[kMaxDims], b_strides[kMaxDims];
  int64_t count = 1;
};

// Leading dimensions that B does not have are more rows of A where A's rows go on at the same step.
TT_INLINE void fold_batches_into_rows(Gemms& g) {
  for (; g.ndim > 0; --g.ndim) {
    const int d = g.ndim - 1;
    if (g.sizes[d] != 1) {
      if (g.b_strides[d] != 0) return;
      if (g.one.m == 1)
        g.one.a_row = g.a_strides[d];
      else if (g.a_strides[d] != g.one.a_row * g.one.m)
        return;
    }
    g.one.m *= g.sizes[d];
  }
}

TT_INLINE void swap_operands(Gemms& g) {
  g.one = g.one.swapped();
  g.swapped = !g.swapped;
  for (int d = 0; d < g.ndim; ++d) {
    const int64_t s = g.a_strides[d];
    g.a_strides[d] = g.b_strides[d];
    g.b_strides[d] = s;
  }
}

// C is contiguous. Where that makes the product thin, its columns play the rows.
TT_INLINE void settle(Gemms& g) {
  g.one.c_row = g.one.n;
  g.one.c_col = 1;
  if (!is_thin(g.one) && is_thin(g.one.swapped())) swap_operands(g);
}

// torch.matmul(a, b) for operands of any rank; `batch_sizes` are those of the result's leading dimensions.
TT_INLINE Gemms layout_gemms(const View& a, const View& b, const int64_t* batch_sizes, int batch_ndim) {
  Gemms g;
  const int a_batch = a.ndim > 2 ? a.ndim - 2 : 0, b_batch = b.ndim > 2 ? b.ndim - 2 : 0;
  g.one.m = a.ndim > 1 ? a.sizes[a.ndim - 2] : 1;
  g.one.a_row = a.ndim > 1 ? a.strides[a.ndim - 2] : 0;
  g.one.k = a.sizes[a.ndim - 1];
  g.one.a_k = a.strides[a.ndim - 1];
  g.one.n = b.ndim > 1 ? b.sizes[b.ndim - 1] : 1;
  g.one.b_col = b.ndim > 1 ? b.strides[b.ndim - 1] : 0;
  g.one.b_k = b.strides[b.ndim > 1 ? b.ndim - 2 : 0];
  g.ndim = batch_ndim;
  for (int d = 0; d < batch_ndim; ++d) {
    const int ad = d - (batch_ndim - a_batch), bd = d - (batch_ndim - b_batch);
    g.sizes[d] = batch_sizes[d];
    g.a_strides[d] = ad < 0 || a.sizes[ad] == 1 ? 0 : a.strides[ad];
    g.b_strides[d] = bd < 0 || b.sizes[bd] == 1 ? 0 : b.strides[bd];
  }
  fold_batches_into_rows(g);
  if (g.one.n == 1 && g.one.m > 1) {  // a single column of C is a row, and may go on as one
    swap_operands(g);
    fold_batches_into_rows(g);
  }
  settle(g);
  for (int d = 0; d < g.ndim; ++d) g.count *= g.sizes[d];
  return g;
}

// All dimensions but the last as rows at one step; false where they are not.
TT_INLINE bool fold_rows(const View& v, int64_t& count, int64_t& step) {
  count = 1, step = 0;
  for (int d = v.ndim - 2; d >= 0; --d) {
    if (v.sizes[d] == 1) continue;
    if (count == 1)
      step = v.strides[d];
    else if (v.strides[d] != step * count)
      return false;
    count *= v.sizes[d];
  }
  return true;
}

// a.T @ b, where all dimensions but the last are rows.
TT_INLINE Gemms layout_rows_product(const View& a, const View& b) {
  Gemms g;
  const int last = a.ndim - 1;
  g.one.m = a.sizes[last];
  g.one.n = b.sizes[last];
  g.one.a_row = a.strides[last];
  g.one.b_col = b.strides[last];
  fold_rows(a, g.one.k, g.one.a_k);
  fold_rows(b, g.one.k, g.one.b_k);
  if (g.one.n == 1 && g.one.m > 1) swap_operands(g);
  settle(g);
  return g;
}

// The view of a matrix with rows and columns exchanged; of a vector, itself.
TT_INLINE View transposed(View v) {
  if (v.ndim < 2) return v;
  const int last = v.ndim - 1;
  const int64_t size = v.sizes[last], stride = v.strides[last];
  v.sizes[last] = v.sizes[last - 1], v.strides[last] = v.strides[last - 1];
  v.sizes[last - 1] = size, v.strides[last - 1] = stride;
  return v;
}

// Blocks: kBlockK steps of k, so many that reading and writing the results so far costs little beside them, and kBlockM
// rows of A, which stay in the second cache (168 KB of floats) beside a panel of B (64 KB at most) while the panels of
// B pass; kBlockN columns bound the scratch memory.
constexpr int64_t kBlockK = 512;
constexpr int64_t kBlockM = 84;
constexpr int64_t kBlockN = 4096;
constexpr int64_t kTallestTile = 14;  // of any instruction set
constexpr int64_t kWidestTile = 128;

// Copying operands into panels costs more than it gains where all is near: up to so many multiplications.
constexpr int64_t kNearWork = 7'000'000;
// Panels of B pay when B takes more than half the second cache, and those of either operand when its lines are a
// multiple of 4096 bytes apart: these share the eight places of one set of the first cache.
constexpr int64_t kFarBytes = 1 << 19, kSetBytes = 4096;

// For few columns A passes but once, from memory, straight into tiles: of eight rows, which is what a set holds and
// what the processor fetches ahead, and for as many k as leave B's panels in the second cache.
constexpr int64_t kFewColumns = 64, kPassRows = 8, kPassK = 1024;

// With a small B, which stays near, most of the time goes to the results: they are written along rows, tile by tile.
constexpr int64_t kSmallBytes = 1 << 17;

// What a thread must have to do, in multiplications: half of the 20 microseconds that parallel.h reckons with, if a
// team is awake, and kWakingWork for all to wake one; at the 6 to a visit that memory allows where each element is used
// but a few times. One product of many costs as much as kEachWork beside them.
constexpr int64_t kThreadWork = 8 * 65536, kWakingWork = 36 * 65536, kThinThreadWork = 6 * 65536, kEachWork = 4096;

// Products, or parts of one, that run at the same time have scratch of their own. Parts begin at whole vectors.
constexpr int64_t kMaxSlots = 64;
constexpr int64_t kSlotBytes = 32 << 20;  // most of it is never touched
constexpr int64_t kPartStep = 16;

struct GemmPlan {
  bool pack_a = false, pack_b = false;
  bool fetch_c = false;                                                    // as it is not near
  int64_t tile_rows = kTallestTile, block_k = kBlockK, block_m = kBlockM;  // at most
  int64_t a_elements = 0, b_elements = 0;                                  // scratch of one product
  int64_t worth = 1, slots = 1;                                            // threads worth having, and that can be had
  bool wakes = true;                                                       // even if they sleep
  TT_INLINE int64_t elements() const { return a_elements + b_elements; }
};

TT_INLINE GemmPlan plan_gemms(const Gemms& g, int64_t element_bytes) {
  GemmPlan p;
  const auto [m, n, k, a_row, a_k, b_k, b_col, c_row, c_col] = g.one;
  const int64_t work = m * n * k;
  const bool thin = is_thin(g.one), far = work > kNearWork && m > 1 && !thin;
  const bool few = far && n <= kFewColumns && a_k == 1;
  const auto collide = [&](int64_t step) { return step * element_bytes % kSetBytes == 0; };
  const auto large = [&](int64_t elements) { return elements * element_bytes >= kFarBytes; };
  p.fetch_c = far;
  if (far && !few) {
    p.pack_a = a_k == 1 ? collide(a_row) : a_row != 1 || collide(a_k) || (large(m * k) && n > kFewColumns);
  }
  p.pack_b = !thin && n > 1 && (b_col != 1 || (far && (collide(b_k) || large(k * n))));
  if (few) p.tile_rows = kPassRows, p.block_k = kPassK;
  if (far && k * n * element_bytes <= kSmallBytes) p.block_m = kTallestTile;
  const auto block = [](int64_t size, int64_t most, int64_t tile) { return (size < most ? size : most) + tile; };
  const int64_t steps = block(k, p.block_k, 0);
  p.a_elements = p.pack_a ? steps * block(m, kBlockM, kTallestTile) : 0;
  p.b_elements = p.pack_b ? steps * block(n, kBlockN, kWidestTile) : 0;
  p.a_elements = (p.a_elements + 15) / 16 * 16;  // whole cache lines, so that the next product's begin at one
  p.b_elements = (p.b_elements + 15) / 16 * 16;
  p.worth = thin ? g.count * work / kThinThreadWork : g.count * (work + kEachWork) / kThreadWork;
  p.wakes = thin || g.count * work >= kWakingWork;
  const int64_t bytes = p.elements() * element_bytes;
  const int64_t most = bytes * kMaxSlots > kSlotBytes ? kSlotBytes / bytes : kMaxSlots;
  p.slots = p.worth < most ? p.worth : most;
  if (p.slots < 1) p.slots = 1;
  return p;
}

}  // namespace
}  // namespace tt
