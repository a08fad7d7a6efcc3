"""Every op of the op table on tinytensor and, where it is installed, PyTorch; on NumPy where the row has a reference.

    .venv/bin/python bench/each_op.py
    .venv/bin/python bench/each_op.py --ops tanh,add,softmax --threads 2

Each row is timed on its first sample (a dozen elements: what a call costs) and on its `bench` samples (what the work
costs), forward and forward with backward, in float32. The engines take turns within each round; shown are the medians in
microseconds and how many times tinytensor's the others take. Rows that are not faster than PyTorch are listed at the end.
"""

import argparse
import math
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from machine import facts
from timing import Call, take_turns

import tinytensor

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from op_engine import Engine, cotangent, leaves
from op_row import Row, S
from op_table import ROWS

LIMIT = 0.3  # seconds a row, for all engines together


def forward(engine: Engine, row: Row, sample: S) -> Call:
    """The call alone."""
    args, kwargs, _ = engine.arguments(sample, sample.arrays("float32", row.name))
    function = engine.function(row)
    return lambda: function(*args, **kwargs)


def with_backward(engine: Engine, row: Row, sample: S) -> Call | None:
    """The call and the gradients of its tensors; None where there are none."""
    if not row.grad or row.changes_input:
        return None
    args, kwargs, made = engine.arguments(sample, sample.arrays("float32", row.name), grad=True)
    function, grad = engine.function(row), engine.package.autograd.grad
    inputs = [t for t in made if t.requires_grad]

    def results() -> list[Any]:
        return [r for r in leaves(function(*args, **kwargs)) if getattr(r, "requires_grad", False)]

    seeds = [engine.package.tensor(cotangent(engine.array(r))) for r in results()]
    if not inputs or not seeds:
        return None
    return lambda: grad(results(), inputs, seeds, allow_unused=True)


def in_numpy(row: Row, sample: S) -> Call | None:
    """The row's NumPy reference."""
    if row.numpy is None:
        return None
    arrays = iter(sample.arrays("float32", row.name))
    args, kwargs = sample.map(lambda a: next(arrays) if hasattr(a, "make") else a.name)
    return lambda: row.numpy(*args, **kwargs)  # type: ignore[misc]


def cases(row: Row, engines: dict[str, Engine]) -> Iterator[tuple[str, dict[str, Call]]]:
    """What is timed of a row: labels, and the call in each engine that has it."""
    for size, sample in [*(("small", s) for s in row.samples[:1]), *(("large", s) for s in row.bench)]:
        able = {name: engine for name, engine in engines.items() if runs(forward(engine, row, sample))}
        for kind, make in (("", forward), (" + backward", with_backward)):
            calls = {name: call for name, engine in able.items() if (call := make(engine, row, sample))}
            if not kind and (reference := in_numpy(row, sample)):
                calls["NumPy"] = reference
            if "tinytensor" in calls:
                yield f"{row.name}{kind}, {size}: {sample}", {n: c for n, c in calls.items() if runs(c)}
            elif not kind:  # an op of integers
                yield f"{row.name}, {size}: {sample}", {}


def runs(call: Call) -> bool:
    """Whether a call works at all: not every package takes every argument."""
    try:
        call()
    except Exception:
        return False
    return True


def main() -> None:
    """Prints one line a case, and the sum of it."""
    parser = argparse.ArgumentParser(description="Times every op of the op table.")
    parser.add_argument("--ops", help="names, separated by commas (default: all)")
    parser.add_argument("--size", choices=("small", "large"), help="these samples only")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    engines = {"tinytensor": Engine(tinytensor)}
    tinytensor.set_num_threads(options.threads)
    try:
        import torch
    except ModuleNotFoundError:
        pass
    else:
        torch.set_num_threads(options.threads)
        engines["PyTorch"] = Engine(torch)
    chosen = options.ops.split(",") if options.ops else None

    print(f"{facts()}, {options.threads} thread(s)\n{'µs':>10} {'PyTorch':>8} {'NumPy':>8}   float32")
    ratios: dict[str, float] = {}
    for row in ROWS:
        if chosen and row.short not in chosen:
            continue
        for label, calls in cases(row, engines):
            if options.size and f", {options.size}: " not in label:
                continue
            if "tinytensor" not in calls:
                print(f"{'-':>10}{'':20}{label}, not of floats")
                continue
            times = take_turns(calls, LIMIT)
            ours = times["tinytensor"]
            others = [f"{times[n] / ours:8.2f}" if n in times else f"{'-':>8}" for n in ("PyTorch", "NumPy")]
            print(f"{ours * 1e6:10.2f} {others[0]} {others[1]}   {label}", flush=True)
            if "PyTorch" in times:
                ratios[label] = times["PyTorch"] / ours
    if ratios:
        mean = math.exp(statistics.fmean(map(math.log, ratios.values())))
        slower = sorted((ratio, label) for label, ratio in ratios.items() if ratio < 1)
        print(f"\n{len(ratios)} cases, PyTorch takes {mean:.2f} times as long in the geometric mean")
        print(f"{len(slower)} are not faster than PyTorch" + (":" if slower else "."))
        for ratio, label in slower:
            print(f"{ratio:10.2f}   {label}")


if __name__ == "__main__":
    main()
