// How work is split over OpenMP threads, and when it is not.
//
// Splitting never changes a result: each index belongs to exactly one range, and whoever combines partial results does
// so in blocks whose borders do not depend on the number of threads.
#pragma once
#include <omp.h>

#include "kernel.h"

namespace tt {
namespace {

// A fork and join of libgomp's waiting threads takes 2 to 5 microseconds, and the caches of the second core are cold.
// Work below about 20 microseconds of one thread does not pay for that: 64k cheap element visits (some bytes moved and
// a few instructions each). Callers give the cost of one index in such visits.
constexpr int64_t kWorkPerThread = 65536;

// f(begin, end) behind a pointer, so that the split is compiled once and each f once.
using Range = void (*)(const void* f, int64_t begin, int64_t end);

__attribute__((noinline)) inline void split(int threads, int64_t n, int64_t cost, Range range, const void* f) {
  const int64_t most = cost > 0 && n > 0 ? (n * cost) / kWorkPerThread : 0;
  const int64_t team = most < threads ? most : threads;
  if (team <= 1 || n <= 1) {
    if (n > 0) range(f, 0, n);
    return;
  }
  // Long ranges meet at whole cache lines.
  const int64_t grain = n >= 4096 * team ? 64 : 1;
  const auto border = [n, grain](int64_t part, int64_t parts) {
    return part == parts ? n : n * part / parts / grain * grain;
  };
#pragma omp parallel num_threads(static_cast<int>(team))
  {
    const int64_t parts = omp_get_num_threads(), part = omp_get_thread_num();
    const int64_t begin = border(part, parts), end = border(part + 1, parts);
    if (begin < end) range(f, begin, end);
  }
}

// Calls f(begin, end) on ranges that cover [0, n).
template <class F>
TT_INLINE void parallel_for(int threads, int64_t n, int64_t cost, const F& f) {
  split(
      threads, n, cost, [](const void* g, int64_t begin, int64_t end) { (*static_cast<const F*>(g))(begin, end); }, &f);
}

}  // namespace
}  // namespace tt
