// The product of matrices for other kernels than matmul: its tiles exist once in each instruction set.
#pragma once
#include "gemm_plan.h"

namespace tt {

#ifdef TT_ISA
namespace TT_ISA {

// C = A B, C's columns side by side. `panels` is room for packed_elements() where B's columns are apart, else null.
void product(const Gemm& g, const float* a, const float* b, float* c, float* panels);
void product(const Gemm& g, const double* a, const double* b, double* c, double* panels);

}  // namespace TT_ISA
#endif

namespace {

// What `product` packs of B at a time: at most kBlockK by kBlockN, in panels of which the last is whole.
TT_INLINE int64_t packed_elements(int64_t k, int64_t n) {
  return (k < kBlockK ? k : kBlockK) * ((n < kBlockN ? n : kBlockN) + kWidestTile);
}

}  // namespace
}  // namespace tt
