"""Prints a hash of the bits every row of the op table gives, as JSON: test_isa.py compares them between settings.

Samples run as they are and enlarged, so that vectors, tails and threads all come into play.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from op_engine import Engine
from op_row import FLOATS, Row, S, T
from op_table import ROWS

MOST = 150_000  # elements of any tensor of an enlarged sample


def enlarged(sample: S, factor: int) -> S:
    """The sample with every dimension above 1 multiplied."""

    def grow(a: Any) -> Any:
        if not isinstance(a, T) or a.values is not None:
            return a
        shape = tuple(n if n == 1 else n * factor for n in a.shape)
        return T(*shape, low=a.low, high=a.high, dtype=a.dtype, distinct=a.distinct, grad=a.grad)

    args, kwargs = sample.map(grow)
    return S(*args, **kwargs)


def largest(engine: Engine, row: Row, sample: S) -> S | None:
    """The sample with its dimensions doubled as often as the sizes of arguments and results allow."""
    found = None
    for factor in (2**i for i in range(1, 20)):
        call = enlarged(sample, factor)
        if all(t.values is not None or np.prod(t.shape) in (0, 1) for t in call.tensors()):
            break
        if any(np.prod(t.shape) > MOST for t in call.tensors()):
            break
        engine.package.manual_seed(0)
        out = engine.run(row, call, call.arrays(FLOATS[0], row.name))
        if out.error is not None or any(isinstance(v, np.ndarray) and v.size > MOST for v in out.values):
            break
        found = call
    return found


def calls(engine: Engine, row: Row) -> Iterator[S]:
    """What is hashed of a row: its samples, the first two enlarged, what the benchmarks call."""
    yield from row.samples
    yield from (large for s in row.samples[:2] if (large := largest(engine, row, s)) is not None)
    yield from row.bench


def image(value: Any) -> bytes:
    """The bytes of an array, or of what prints as itself; NaNs are alike, their sign and payload are no result."""
    if not isinstance(value, np.ndarray):
        return repr(value).encode()
    if value.dtype.kind == "f":
        value = np.where(np.isnan(value), np.array(np.nan, value.dtype), value)
    return value.tobytes()


def bits(engine: Engine, row: Row) -> str:
    """A hash of all results and gradients of a row."""
    digest = hashlib.blake2b(digest_size=12)
    for dtype in [d for d in FLOATS if d in row.dtypes] or row.dtypes[:1]:
        for i, sample in enumerate(calls(engine, row)):
            engine.package.manual_seed(i)
            out = engine.run(row, sample, sample.arrays(dtype, f"{row.name} {i}"), grad=dtype in FLOATS)
            for value in [*out.values, *out.grads, type(out.error).__name__]:
                digest.update(image(value))
    return digest.hexdigest()


if __name__ == "__main__":
    import tinytensor

    tinytensor.set_num_threads(int(sys.argv[1]))
    engine = Engine(tinytensor)
    rows = [row for row in ROWS if row.fn is not None or engine.find(row.name) is not None]
    print(json.dumps({row.name: bits(engine, row) for row in rows}))
