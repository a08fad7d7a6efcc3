"""Single operations of chosen sizes: products, elementwise functions, sums, cross entropy.

`OPERATIONS` lists them; each makes a call for tinytensor, PyTorch or NumPy (None where NumPy has no such function), and
says which of the machine's peaks (peaks.py) it could at best reach, and how much of that resource a call uses.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from models import functional

Make = Callable[[Any], Callable[[], Any] | None]


@dataclass(frozen=True)
class Operation:
    """A timed call: its name, how it is made of an engine, and how much of which peak it uses."""

    name: str
    make: Make
    peak: str | None = None
    amount: float = 0


@functools.lru_cache(maxsize=1)
def draws(shapes: tuple[tuple[int, ...], ...]) -> list[Any]:
    """Normal draws."""
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]


def arrays(engine: Any, *shapes: tuple[int, ...]) -> list[Any]:
    """Normal draws, in the same memory for every engine: one block may lie in larger pages than another."""
    made = draws(shapes)
    return made if engine is np else [engine.from_numpy(a) for a in made]


def product(m: int, k: int, n: int) -> Operation:
    """A matrix product."""

    def make(engine: Any) -> Callable[[], Any]:
        a, b = arrays(engine, (m, k), (k, n))
        return lambda: a @ b

    name = f"matmul {m}x{m}" if m == k == n else f"matmul {m}x{k}x{n}"
    return Operation(name, make, "flop/s", 2.0 * m * k * n)


def elementwise(name: str, n: int) -> Operation:
    """A function of one vector."""

    def make(engine: Any) -> Callable[[], Any]:
        (x,) = arrays(engine, (n,))
        function = getattr(engine, name)
        return lambda: function(x)

    big = n >= 10**7
    peak = {"sum": "sum bytes/s"}.get(name) if big else None
    return Operation(f"{name} 1e{len(str(n)) - 1}", make, peak, 4.0 * n)


def add(n: int) -> Operation:
    """A sum of two vectors."""

    def make(engine: Any) -> Callable[[], Any]:
        x, y = arrays(engine, (n,), (n,))
        return lambda: x + y

    return Operation(f"add 1e{len(str(n)) - 1}", make, "add bytes/s" if n >= 10**7 else None, 12.0 * n)


def cross_entropy(rows: int, classes: int) -> Operation:
    """Forward and backward."""

    def make(engine: Any) -> Callable[[], Any] | None:
        if engine is np:
            return None
        (x,) = arrays(engine, (rows, classes))
        x.requires_grad = True
        y = engine.from_numpy(np.random.default_rng(1).integers(0, classes, rows))
        loss_of, grad = functional(engine).cross_entropy, engine.autograd.grad
        return lambda: grad(loss_of(x, y), [x])

    return Operation(f"cross entropy and gradient {rows}x{classes}", make)


OPERATIONS = [
    *(product(n, n, n) for n in (32, 48, 64, 96, 128, 256, 512, 1024, 2048)),
    *(product(*sizes) for sizes in ((32, 30, 200), (32, 200, 27))),
    *(elementwise(name, 10**power) for name in ("tanh", "exp") for power in (3, 5, 7)),
    *(add(10**power) for power in (3, 5, 7)),
    *(elementwise("sum", 10**power) for power in (3, 5, 7)),
    *(cross_entropy(*sizes) for sizes in ((32, 27), (4096, 27), (1024, 32000))),
]

# What two threads are measured on.
THREADED = [product(32, 32, 32), product(128, 128, 128), product(1024, 1024, 1024), add(10**3), add(10**5), add(10**7)]
THREADED += [elementwise("tanh", 10**power) for power in (3, 5, 7)] + [
    cross_entropy(32, 27),
    cross_entropy(1024, 32000),
]
