"""Many short trainings side by side: a grid of settings, judged by the loss of dev."""

import itertools
import multiprocessing
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tinytensor as tt

from .data import NAMES
from .errors import Problem
from .run import SEED, Run


@dataclass(frozen=True)
class Trial:
    """One point of the grid and what came out."""

    options: Mapping[str, Any]
    train_loss: float
    dev_loss: float
    seconds: float


def tune(
    model: str,
    grid: Mapping[str, Sequence[Any]],
    data: Path = NAMES,
    seed: int = SEED,
    processes: int = 1,
    **options: Any,
) -> Iterator[Trial]:
    """Trains the model with every combination of the grid's values, and yields the trials as they end.

    Args:
        model: its name.
        grid: settings, of the model or of the recipe, and the values to try; the others are as in `options`.
        data: the word list.
        seed: of every training.
        processes: how many trainings run at a time, with one thread each.
        options: as those of Run.
    """
    points = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    Run(model, data, seed, **options | points[0])  # a mistake shows here, before processes are started
    spawn = multiprocessing.get_context("spawn")  # a fork would inherit the threads of OpenMP
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(processes, spawn, _ignore_interrupts) as pool:
        futures = [pool.submit(_trial, model, data, seed, options, point) for point in points]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()  # the pool would wait for the trainings that are on their way
            raise


def _ignore_interrupts() -> None:
    """Ctrl-C is for the parent, which ends its children and says so once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _trial(model: str, data: Path, seed: int, options: Mapping[str, Any], point: Mapping[str, Any]) -> Trial:
    tt.set_num_threads(1)
    start = time.perf_counter()
    run = Run(model, data, seed, **{**options, **point})
    try:
        run.train()
        results = run.description.results
    except Problem:  # it diverged: that is a result, too
        results = {"train_loss": float("inf"), "dev_loss": float("inf")}
    return Trial(point, results["train_loss"], results["dev_loss"], time.perf_counter() - start)
