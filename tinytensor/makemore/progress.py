"""How a long job tells how far it is: a bar on a terminal, plain lines elsewhere."""

import shutil
import sys
import time
from types import TracebackType
from typing import Any, Self


class Progress:
    """Counts steps and shows the mean loss since it last showed one.

        with Progress(steps) as progress:
            train(..., watch=progress)

    Attributes:
        seconds: how long the `with` block took.
    """

    LINES = 10
    BAR_UPDATES = 1000

    def __init__(self, steps: int, first: int = 0):
        """For `steps` steps, of which the first are made already."""
        self.steps = steps
        self.seconds = 0.0
        self._first = first
        self._bar = _bar(steps, first) if sys.stdout.isatty() else None
        self._every = max(1, steps // (self.BAR_UPDATES if self._bar else self.LINES))
        self._sum = 0.0
        self._count = 0

    def __call__(self, step: int, loss: float) -> None:
        """To be called after each step, numbered from 1."""
        self._sum += loss
        self._count += 1
        if step % self._every == 0 or step == self.steps:
            self._show(step, self._sum / self._count)
            self._sum = 0.0
            self._count = 0

    def _show(self, step: int, loss: float) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(f"loss {loss:.4f}", refresh=False)
            self._bar.update(step - self._bar.n)
        else:
            rate = per_second(step - self._first, time.perf_counter() - self._start)
            width = len(str(self.steps))
            print(f"step {step:{width}d}/{self.steps}  loss {loss:.4f}  {rate}", flush=True)

    def __enter__(self) -> Self:
        self._start = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self._start
        if self._bar is not None:
            self._bar.close()


class Lines:
    """Prints the lines that a long job leaves, one by one, with a bar under them on a terminal."""

    def __init__(self, count: int, unit: str):
        """For a job that leaves so many."""
        self._bar = _bar(count, 0, f" {unit}") if sys.stdout.isatty() else None

    def __call__(self, line: str) -> None:
        """Prints one."""
        if self._bar is None:
            print(line, flush=True)
        else:
            self._bar.write(line, file=sys.stdout)
            self._bar.update()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()


def per_second(steps: int, seconds: float) -> str:
    """How fast that was."""
    rate = steps / max(seconds, 1e-9)
    return f"{rate:,.{0 if rate >= 10 else 2}f} steps/s"


def _bar(steps: int, first: int, unit: str = " steps") -> Any:
    from tqdm import tqdm  # type: ignore[import-untyped]

    # Given outright, because tqdm shows nothing on a terminal that does not tell its size; shutil then takes 80 x 24.
    columns, rows = shutil.get_terminal_size()
    size = {"ncols": columns, "nrows": rows}
    return tqdm(
        total=steps, initial=first, unit=unit, unit_scale=steps >= 1000, smoothing=0.05, file=sys.stdout, **size
    )
