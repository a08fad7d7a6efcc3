"""All of the benchmark in one table: models and operations, one thread and more, memory; kept as lines of JSON.

    make bench
    .venv/bin/python bench/run.py --only matmul,GRU --compiled

Engines take turns in one process; PyTorch, JAX and a compiler take part where they are installed. Shown are medians and how
many times tinytensor's the others take. README.md beside this file says what is compared.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import timing
from machine import facts, version
from models import MODELS
from operations import OPERATIONS, THREADED
from timing import Call, take_turns

HERE = Path(__file__).parent
RESULTS = HERE / "results.jsonl"
ONE_THREAD = ("models", "operations")
COLUMNS = ("PyTorch", "compiled", "NumPy", "JAX")
MEMORY_MODELS = ("makemore MLP, the lecture's loop", "makemore's transformer, AdamW")
Row = dict[str, Any]


class Compiled:
    """PyTorch whose losses go through torch.compile: models.py asks for `wrap`."""

    __name__ = "torch"

    def __init__(self, torch: Any) -> None:
        import torch._inductor.config as config

        config.fallback_random = True  # the same draws as without compiling
        self.torch = torch

    def __getattr__(self, name: str) -> Any:
        return self.torch.compile if name == "wrap" else getattr(self.torch, name)


def engines(threads: int) -> dict[str, Any]:
    """The packages that take part, told how many threads they may use."""
    import tinytensor

    found = {"tinytensor": tinytensor}
    if version("torch"):
        import torch

        found["PyTorch"] = torch
    for package in found.values():
        package.set_num_threads(threads)
    return found


def timed(name: str, calls: dict[str, Call]) -> Row:
    """One row of the table: microseconds of each engine, which is also printed."""
    seconds = take_turns(calls)
    return {"work": name, "us": {engine: s * 1e6 for engine, s in seconds.items()}}


def lecture_by_others(threads: int) -> dict[str, Call]:
    """The makemore MLP in NumPy by hand and JAX (makemore_mlp.py checks that they train the same)."""
    import makemore_mlp

    import tinytensor

    x, y, parameters = makemore_mlp.start()
    draws = makemore_mlp.same_draws(tinytensor, len(y))
    rng = np.random.default_rng(0)
    by_hand = makemore_mlp.ByHand(lambda n: rng.integers(0, len(y), n), x, y, parameters)
    others: dict[str, Call] = {"NumPy": lambda: by_hand.run(1)}
    if version("jax") and threads == 1:
        jitted = makemore_mlp.Jitted(draws, x, y, parameters)
        others["JAX"] = lambda: jitted.run(1)
    return others


def model_rows(chosen: Callable[[str], bool], compiled: bool) -> Iterator[Row]:
    """The models."""
    packages = engines(1)
    if compiled and "PyTorch" in packages:
        packages["compiled"] = Compiled(packages["PyTorch"])
    for name, make in MODELS.items():
        if not chosen(name):
            continue
        calls: dict[str, Call] = {}
        losses: dict[str, float] = {}
        for engine, package in packages.items():  # each at once: compiled or not, PyTorch has one generator
            calls[engine] = make(package)
            losses[engine] = [calls[engine]().item() for _ in range(3)][-1]
        if max(losses.values()) - min(losses.values()) > 1e-3 * min(losses.values()):
            raise SystemExit(f"{name}: the engines train something else: {losses}")
        if name == MEMORY_MODELS[0]:
            calls |= lecture_by_others(1)
        yield timed(name, calls)


def operation_rows(chosen: Callable[[str], bool]) -> Iterator[Row]:
    """The operations, with shares of the machine's peaks measured at the same time."""
    from peaks import measured

    packages = engines(1) | {"NumPy": np}
    for operation in OPERATIONS:
        if not chosen(operation.name):
            continue
        made = {engine: operation.make(package) for engine, package in packages.items()}
        row = timed(operation.name, {engine: call for engine, call in made.items() if call})
        if operation.peak and measured():
            rate = operation.amount / row["us"]["tinytensor"] * 1e6
            row["share"] = rate / measured()[operation.peak]
        yield row
        del made
        gc.collect()


def thread_rows(chosen: Callable[[str], bool]) -> Iterator[Row]:
    """The default number of threads against one."""
    import tinytensor

    default = tinytensor.get_num_threads()
    work = {operation.name: operation.make for operation in THREADED} | MODELS

    def with_threads(call: Call, count: int) -> Call:
        def run() -> None:
            tinytensor.set_num_threads(count)
            call()

        return run

    for name, make in work.items():
        if default > 1 and chosen(name):
            call = make(tinytensor)
            if call:
                row = timed(name, {f"{count} threads": with_threads(call, count) for count in (default, 1)})
                yield row | {"work": f"{name}, {default} threads over one"}


def peak_memory(engine: str, model: str) -> float:
    """Megabytes of a process that takes 300 steps with one engine."""
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
        f"from models import MODELS\nimport {engine} as package\npackage.set_num_threads(1)\n"
        f"step = MODELS[{model!r}](package)\nfor _ in range(300): step()\n"
        "print([l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')][0])"
    )
    return (
        int(subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True).stdout)
        / 1024
    )


def memory_rows(chosen: Callable[[str], bool]) -> Iterator[Row]:
    """Peak resident memory of a process that trains, with each engine."""
    for model in MEMORY_MODELS:
        if chosen(model) and Path("/proc/self/status").exists():
            mb = {"tinytensor": peak_memory("tinytensor", model)}
            if version("torch"):
                mb["PyTorch"] = peak_memory("torch", model)
            yield {"work": f"peak memory: {model}", "MB": mb}


def line(row: Row) -> str:
    """A row of the printed table."""
    if "MB" in row:
        ours, unit, others = row["MB"]["tinytensor"], "MB", row["MB"]
    else:
        times = row["us"]
        ours, unit, others = next(iter(times.values())), "µs", times
    cells = [f"{others[name] / ours:.2f}" if name in others else "" for name in COLUMNS]
    if "1 threads" in others:
        cells[0] = f"{others['1 threads'] / ours:.2f} (itself)"
    share = f"{row['share']:.0%}" if "share" in row else ""
    return f"| {row['work']} | {ours:,.1f} {unit} | {' | '.join(cells)} | {share} |"


def part(name: str, options: argparse.Namespace) -> Iterator[Row]:
    """The rows of one part, in this process."""
    words = options.only.split(",") if options.only else []

    def chosen(work: str) -> bool:
        return not words or any(word in work for word in words)

    if name == "models":
        return model_rows(chosen, options.compiled)
    return {"operations": operation_rows, "threads": thread_rows, "memory": memory_rows}[name](chosen)


def in_its_own_process(name: str, arguments: list[str]) -> None:
    """BLAS, OpenMP and the engines are told to use one thread; JAX knows no limit but the CPUs it may use."""
    env = dict(os.environ)
    one = name in ONE_THREAD
    if one:
        env |= {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}

    def pin() -> None:
        if one and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-1:])

    subprocess.run([sys.executable, __file__, "--part", name, *arguments], env=env, preexec_fn=pin, check=True)


def main() -> None:
    """Runs the parts, each in a process of its own, and keeps what they found."""
    parser = argparse.ArgumentParser(description="Everything that is compared, in one table.")
    parser.add_argument("--only", help="words, separated by commas, of which a work's name contains one")
    parser.add_argument("--compiled", action="store_true", help="torch.compile too (takes minutes)")
    parser.add_argument(
        "--cpu-time", action="store_true", help="on a busy machine: processor time, where on one thread"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the results are kept")
    parser.add_argument("--parts", default="models,operations,threads,memory")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    options = parser.parse_args()

    how = ", processor time" if options.cpu_time else ""
    if options.part:
        del sys.argv[1:]  # torch.compile reads `--only` there, and writes it into its code between quotes
        if options.cpu_time and options.part in ONE_THREAD:
            timing.clock = time.process_time
        for row in part(options.part, options):
            with options.results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            print(line(row), flush=True)
        return
    options.results.write_text(json.dumps({"machine": facts() + how}) + "\n", encoding="utf-8")
    print(
        f"{facts()}{how}\n\n| work | tinytensor | {' | '.join(COLUMNS)} | share of peak |\n|---|---|{'---|' * 5}",
        flush=True,
    )
    arguments = [f"--results={options.results}", *([f"--only={options.only}"] if options.only else [])]
    arguments += ["--compiled"] if options.compiled else []
    arguments += ["--cpu-time"] if options.cpu_time else []
    for name in options.parts.split(","):
        in_its_own_process(name, arguments)
    slower = [
        row["work"]
        for row in map(json.loads, options.results.read_text(encoding="utf-8").splitlines()[1:])
        if any(other < next(iter(row["us"].values())) for other in list(row.get("us", {}).values())[1:])
    ]
    print(f"\nNot faster than some other: {'; '.join(slower) or 'none'}.")


if __name__ == "__main__":
    main()
