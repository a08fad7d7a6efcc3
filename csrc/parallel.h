// How work is split over OpenMP threads, and when it is not.
//
// Splitting never changes a result: each index belongs to exactly one range, and whoever combines partial results does
// so in blocks whose borders do not depend on the number of threads.
#pragma once
#include <omp.h>

#include "cores.h"
#include "kernel.h"

namespace tt {
namespace {

// Threads of a team look out for more work, at the cost of a core, for some milliseconds before they sleep. What a team
// has just been there for may go to it too; for little work alone it is not woken.
inline bool team_is_awake() {
  constexpr int64_t kAwake = 200'000;
  return nanoseconds() - crowding.team_ended.load(std::memory_order_relaxed) < kAwake;
}

// A fork and join of libgomp's waiting threads takes 2 to 5 microseconds, and the caches of the second core are cold.
// Work below about 20 microseconds of one thread does not pay for that: 64k cheap element visits (some bytes moved and
// a few instructions each). Callers give the cost of one index in such visits.
constexpr int64_t kWorkPerThread = 65536;

// How many of these threads work, where the work is worth so many on cores close by. Looks at the cores now and then.
inline int team_for(int threads, int64_t worth) {
  const int64_t most = worth < threads ? worth : threads;
  if (most <= 1 || !team_may_work(nanoseconds(), threads)) return 1;
  const int64_t apart = worth / crowding.distance.load(std::memory_order_relaxed);
  return static_cast<int>(apart < 1 ? 1 : apart < most ? apart : most);
}

// f(begin, end) behind a pointer, so that the split is compiled once and each f once.
using Range = void (*)(const void* f, int64_t begin, int64_t end);

__attribute__((noinline)) inline void split(int team, int64_t n, Range range, const void* f) {
  if (team <= 1 || n <= 1) {
    if (n > 0) range(f, 0, n);
    return;
  }
  // Long ranges meet at whole cache lines.
  const int64_t grain = n >= 4096 * int64_t{team} ? 64 : 1;
  const auto border = [n, grain](int64_t part, int64_t parts) {
    return part == parts ? n : n * part / parts / grain * grain;
  };
  int64_t first = 0, last = 0;  // what these parts took
  const int64_t began = nanoseconds();
#pragma omp parallel num_threads(team)
  {
    const int64_t parts = omp_get_num_threads(), part = omp_get_thread_num();
    const int64_t begin = border(part, parts), end = border(part + 1, parts);
    const int64_t start = nanoseconds();
    if (begin < end) range(f, begin, end);
    if (part == 0) first = nanoseconds() - start;
    if (part + 1 == parts) last = nanoseconds() - start;
  }
  const int64_t ended = nanoseconds();
  crowding.team_ended.store(ended, std::memory_order_relaxed);
  judge_team(ended - began, first < last ? first : last);
}

// Calls f(begin, end) on ranges that cover [0, n), one for each thread of a team.
template <class F>
TT_INLINE void share_work(int team, int64_t n, const F& f) {
  split(team, n, [](const void* g, int64_t begin, int64_t end) { (*static_cast<const F*>(g))(begin, end); }, &f);
}

// The same, by as many of the threads as n times `cost` is worth.
template <class F>
TT_INLINE void parallel_for(int threads, int64_t n, int64_t cost, const F& f) {
  share_work(team_for(threads, n * cost / kWorkPerThread), n, f);
}

}  // namespace
}  // namespace tt
