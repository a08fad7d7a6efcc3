"""How calls are timed: they take turns, and the median of each counts."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

Call = Callable[[], Any]

TURN = 4e-3  # seconds: shorter than what a busy system gives a process at a time, so that most turns are undisturbed
ROUNDS = 101
LIMIT = 3.0  # seconds for all rounds, unless that leaves fewer than LEAST_ROUNDS
LEAST_ROUNDS = 5

clock = time.perf_counter  # or time.process_time: of work on one thread, on a machine that is busy with other work


def span(call: Call, count: int) -> float:
    """Seconds that so many calls take."""
    start = clock()
    for _ in range(count):
        call()
    return clock() - start


def repeats(call: Call, seconds: float) -> int:
    """How many calls last about so long; calls it often enough to be warm."""
    call()
    count, taken = 1, span(call, 1)
    while taken < seconds / 2:
        count *= 2
        taken = span(call, count)
    return max(1, round(count * seconds / taken))


def take_turns(calls: Mapping[str, Call], limit: float = LIMIT) -> dict[str, float]:
    """Median seconds of each call, in rounds in which every call has its turn."""
    counts = {name: repeats(call, TURN) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    start = time.perf_counter()
    for done in range(ROUNDS):
        for name, call in calls.items():
            times[name].append(span(call, counts[name]) / counts[name])
        if done + 1 >= LEAST_ROUNDS and time.perf_counter() - start > limit:
            break
    return {name: statistics.median(taken) for name, taken in times.items()}
