"""How calls are timed: they take turns, and the median of each counts."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

Call = Callable[[], Any]


def span(call: Call, count: int) -> float:
    """Seconds that so many calls take."""
    start = time.perf_counter()
    for _ in range(count):
        call()
    return time.perf_counter() - start


def repeats(call: Call, seconds: float) -> int:
    """How many calls last about so long."""
    call()
    count, taken = 1, span(call, 1)
    while taken < seconds / 2:
        count *= 2
        taken = span(call, count)
    return max(1, round(count * seconds / taken))


def take_turns(calls: Mapping[str, Call], rounds: int, seconds: float) -> dict[str, float]:
    """Median seconds of each call, in rounds in which every call has its turn of at least so many seconds."""
    counts = {name: repeats(call, seconds) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(span(call, counts[name]) / counts[name])
    return {name: statistics.median(taken) for name, taken in times.items()}
