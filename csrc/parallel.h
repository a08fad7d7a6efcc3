// How work is split over OpenMP threads, and when it is not.
//
// Splitting never changes a result: each index belongs to exactly one range, and whoever combines partial results does
// so in blocks whose borders do not depend on the number of threads.
#pragma once
#include <omp.h>
#include <time.h>

#include <atomic>

#include "kernel.h"

namespace tt {

// On a machine whose cores are busy with other work a thread of the team may get no core for milliseconds, and all
// wait for it. After that one thread works alone for a while, twice as long each time in a row. One for all kernels;
// op.cpp has it. Kernels that several Python threads run at once may overwrite each other's judgement.
struct Crowding {
  std::atomic<int64_t> alone_until = 0;  // nanoseconds
  std::atomic<int64_t> pause = 0;
  std::atomic<int64_t> team_ended = 0;
};
extern Crowding crowding;

namespace {

constexpr int64_t kDelay = 1'000'000, kFirstPause = 20'000'000, kLongestPause = 1'000'000'000;  // nanoseconds

inline int64_t nanoseconds() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

// A team took `elapsed`, and one of its threads `part` for its part of the work.
inline void judge(int64_t elapsed, int64_t part) {
  constexpr auto relaxed = std::memory_order_relaxed;
  const int64_t before = crowding.pause.load(relaxed);
  if (elapsed < kDelay + 4 * part) {
    if (before) crowding.pause.store(0, relaxed);
    return;
  }
  const int64_t pause = before == 0 ? kFirstPause : before < kLongestPause / 2 ? 2 * before : kLongestPause;
  crowding.pause.store(pause, relaxed);
  crowding.alone_until.store(nanoseconds() + pause, relaxed);
}

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

// f(begin, end) behind a pointer, so that the split is compiled once and each f once.
using Range = void (*)(const void* f, int64_t begin, int64_t end);

__attribute__((noinline)) inline void split(int threads, int64_t n, int64_t cost, Range range, const void* f) {
  const int64_t most = cost > 0 && n > 0 ? (n * cost) / kWorkPerThread : 0;
  const int64_t team = most < threads ? most : threads;
  const int64_t began = team > 1 && n > 1 ? nanoseconds() : 0;
  if (team <= 1 || n <= 1 || began < crowding.alone_until.load(std::memory_order_relaxed)) {
    if (n > 0) range(f, 0, n);
    return;
  }
  // Long ranges meet at whole cache lines.
  const int64_t grain = n >= 4096 * team ? 64 : 1;
  const auto border = [n, grain](int64_t part, int64_t parts) {
    return part == parts ? n : n * part / parts / grain * grain;
  };
  int64_t first = 0, last = 0;  // what these parts took
#pragma omp parallel num_threads(static_cast<int>(team))
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
  judge(ended - began, first < last ? first : last);
}

// Calls f(begin, end) on ranges that cover [0, n).
template <class F>
TT_INLINE void parallel_for(int threads, int64_t n, int64_t cost, const F& f) {
  split(
      threads, n, cost, [](const void* g, int64_t begin, int64_t end) { (*static_cast<const F*>(g))(begin, end); }, &f);
}

}  // namespace
}  // namespace tt
