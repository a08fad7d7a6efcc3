// The cores there are, and whether they are the process's own: cores.cpp.
#pragma once
#include <time.h>

#include <atomic>
#include <cstdint>

namespace tt {
namespace {

inline int64_t nanoseconds() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

// How many threads can compute at once: the cores of the affinity mask, however many hyperthreads each has, but no more
// than the processor time a container is given.
int available_cores();

// What teams of threads have met; one for all kernels. Kernels that several Python threads run at once may overwrite
// each other's entries. Times in nanoseconds.
struct Crowding {
  std::atomic<int64_t> alone_until = 0;  // when teams may work again
  std::atomic<int64_t> pause = 0;        // how long they last could not
  std::atomic<int64_t> saved;            // what they may spend on waiting
  std::atomic<int64_t> look_at = 0;      // when to look at the cores again
  std::atomic<int64_t> distance = 1;     // how many times the work must be there to be shared
  std::atomic<int64_t> team_ended = 0;
};
extern Crowding crowding;

// Whether so many threads compute faster than one just now: looks at the cores, and says so for a while.
bool look_at_cores(int threads);

// A team took `elapsed` for its work, one of its threads `part` for its part.
void judge_team(int64_t elapsed, int64_t part);

namespace {

inline bool team_may_work(int64_t now, int threads) {
  constexpr auto relaxed = std::memory_order_relaxed;
  if (now < crowding.alone_until.load(relaxed)) return false;
  return now < crowding.look_at.load(relaxed) || look_at_cores(threads);
}

}  // namespace
}  // namespace tt
