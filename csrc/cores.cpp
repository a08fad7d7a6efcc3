// How many cores the process may use, and when a team of threads would only wait for them.
#include "cores.h"

#include <omp.h>
#include <sched.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <thread>

namespace tt {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

// Hyperthreads of one core name the same siblings.
int cores_of(const cpu_set_t& cpus) {
  std::set<std::string> cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &cpus)) continue;
    const std::string number = std::to_string(cpu);
    std::string siblings;
    std::ifstream file("/sys/devices/system/cpu/cpu" + number + "/topology/thread_siblings_list");
    cores.insert(std::getline(file, siblings) ? siblings : number);
  }
  return static_cast<int>(cores.size());
}

// The processor time that a container is given, in cores, rounded up; as many as there are where no limit is set.
int quota(int cores) {
  double time, period;
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  return file >> time >> period ? std::min(cores, static_cast<int>((time + period - 1) / period)) : cores;
}

// Multiplies and adds in registers, which keep the core's units busy: some 20 microseconds.
__attribute__((noinline)) int64_t time_arithmetic() {
  typedef float Four __attribute__((vector_size(16)));
  constexpr int kChains = 14;
  const int64_t start = nanoseconds();
  Four x[kChains];
#pragma GCC unroll 14
  for (int k = 0; k < kChains; ++k) x[k] = Four{} + static_cast<float>(k);
  for (int i = 0; i < 8000; ++i)
#pragma GCC unroll 14
    for (int k = 0; k < kChains; ++k) x[k] = x[k] * 0.999f + 0.001f;
  Four sum{};
#pragma GCC unroll 14
  for (int k = 0; k < kChains; ++k) sum += x[k];
  volatile float keep = sum[0];
  (void)keep;
  return nanoseconds() - start;
}

// One of two players, 0 or 1, who send each other a cache line: nanoseconds of its way there and back; 0 if the other
// player did not come.
int64_t time_round_trip(std::atomic<int>& line, int player) {
  constexpr int kRounds = 50, kPatience = 100'000;
  const int64_t start = nanoseconds();
  for (int round = 0; round < kRounds; ++round) {
    for (int look = 0; line.load(std::memory_order_acquire) != 2 * round + player; ++look)
      if (look == kPatience) return 0;
    line.store(2 * round + player + 1, std::memory_order_release);
  }
  return (nanoseconds() - start) / kRounds;
}

constexpr int64_t kDelay = 1'000'000, kMostSaved = 10'000'000;  // nanoseconds, as all that follow
constexpr int64_t kFirstPause = 20'000'000, kLongestPause = 1'000'000'000, kLook = 50'000'000;

// Cores that share a cache send a line there and back in 30 to 150 nanoseconds, others in 200 and more.
constexpr int64_t kNearby = 180, kFarApart = 16;

}  // namespace

Crowding crowding{.saved = kMostSaved / 2};

int available_cores() {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof cpus, &cpus) != 0) return std::max(1u, std::thread::hardware_concurrency());
  return std::max(1, quota(cores_of(cpus)));
}

// The CPUs of a guest may be one core's hyperthreads now, which together do the work of one, and then cores that share
// no cache, to which small work takes longer than it saves: the host moves them about, a few times a second.
bool look_at_cores(int threads) {
  const int64_t alone = std::min(time_arithmetic(), time_arithmetic()), began = nanoseconds();
  std::atomic<int> ready = 0, line = 0;
  int64_t round_trip = 0;
  double cores = 0;
#pragma omp parallel num_threads(threads) reduction(+ : cores)
  {
    const int team = omp_get_num_threads(), thread = omp_get_thread_num();
    ++ready;
    while (ready < team && nanoseconds() - began < kDelay) {
    }
    cores += static_cast<double>(alone) / static_cast<double>(time_arithmetic());
    if (team > 1 && thread < 2) {
      const int64_t taken = time_round_trip(line, thread);
      if (thread == 0) round_trip = taken;
    }
  }
  const int64_t ended = nanoseconds();
  judge_team(ended - began, alone);
  if (cores < 1.5) crowding.alone_until.store(std::max(crowding.alone_until.load(relaxed), ended + kLook), relaxed);
  if (round_trip > 0) crowding.distance.store(round_trip > kNearby ? kFarApart : 1, relaxed);
  crowding.look_at.store(ended + kLook, relaxed);
  return ended >= crowding.alone_until.load(relaxed);
}

// On a machine whose cores are busy with other work a thread of the team may get no core for milliseconds, and all wait
// for it. What a team saves, up to a limit, pays for that. Once it does not, one thread works alone for a while, twice
// as long each time until teams have saved enough again.
void judge_team(int64_t elapsed, int64_t part) {
  const int64_t saved = crowding.saved.load(relaxed), pause = crowding.pause.load(relaxed);
  if (elapsed < kDelay + 4 * part) {
    if (pause && saved >= kMostSaved) crowding.pause.store(0, relaxed);
    if (saved < kMostSaved) crowding.saved.store(saved + part / 4, relaxed);  // teams are not twice as fast
  } else if (saved >= elapsed) {
    crowding.saved.store(saved - elapsed, relaxed);
  } else {
    const int64_t next = std::clamp(2 * pause, kFirstPause, kLongestPause);
    crowding.pause.store(next, relaxed);
    crowding.alone_until.store(nanoseconds() + next, relaxed);
    crowding.saved.store(std::min(next / 20, kMostSaved), relaxed);  // what the next team may wait
  }
}

}  // namespace tt
