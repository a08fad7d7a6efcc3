"""Random calls of the table's ops with wild shapes, dtypes, axes and indices: an exception or a right answer.

`pytest tests/test_fuzz.py --fuzz-calls 100000` looks longer; after a crash fuzz-last-call.txt shows the call.
"""

import faulthandler
import importlib
import os
import pathlib
import re
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from op_checks import disagreement, unsupported
from op_engine import Engine, Outcome
from op_row import ALL, Row, S, T
from op_table import ROWS

OURS = Engine(importlib.import_module(os.environ.get("OP_TABLE_ENGINE", "tinytensor")))
try:
    THEIRS: Engine | None = Engine(importlib.import_module("torch"))
except ImportError:
    THEIRS = None

# What PyTorch 2.13 refuses or gets wrong by the way it is built, and we do not: (row, what the disagreement says).
LIMITS = [
    # Integers next to the ends of int64 stand for symbolic ones there, and its own sums of them wrap.
    ("", "SymInt"),
    ("triu_indices|tril_indices", "tensor with negative dimension"),
    # It makes views of intermediate results, which the memory order of the arguments does not always allow.
    ("kron|take_along_dim", "view size is not compatible"),
    ("nn.functional.nll_loss", "grad_input must be contiguous"),
    # Its gradients compute in the dtype of a tensor that needs none.
    ("atan2", "Negation, the `-` operator, on a bool tensor"),
    ("addr", "addmv input tensors must have the same dtype"),
    ("addcdiv", "Float can't be cast to the desired output type (Long|Int|Short|Char|Byte|Bool)"),
    ("nn.functional.huber_loss", "Found dtype Double but expected Float"),
    # It counts only where inverse indices are asked for too.
    ("unique_consecutive", r"result 1 is shape .* instead of \(0,\)"),
]

COMPARABLE = [
    row for row in ROWS if row.samples and not row.random and (row.fn is not None or OURS.find(row.name) is not None)
]
LAST_CALL = pathlib.Path("fuzz-last-call.txt")
REFUSALS = (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError, OverflowError, MemoryError, KeyError)

# Sizes are either small or impossible: nothing in between is worth its memory.
WHOLE = st.sampled_from([-(2**63), -(2**40), -7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 2**40, 2**63 - 1])
REAL = st.sampled_from([0.0, -0.0, 1.0, -1.5, 1e-30, 1e30, float("inf"), float("-inf"), float("nan")])
SHAPE = st.lists(st.sampled_from([0, 1, 1, 2, 3, 3, 4, 5, 33]), max_size=4).map(tuple)


@st.composite
def wild(draw: st.DrawFn, value: Any) -> Any:
    """The argument, or something else in its place."""
    if draw(st.integers(0, 2)):
        return value
    if isinstance(value, T):
        shape = draw(SHAPE) if draw(st.booleans()) and value.values is None else value.shape
        dtype = draw(st.sampled_from(ALL)) if draw(st.booleans()) else value.dtype
        low, high = (-9, 9) if draw(st.integers(0, 3)) == 0 else (value.low, value.high)
        return T(*shape, low=low, high=high, dtype=dtype, values=value.values, grad=value.grad)
    if isinstance(value, bool) or value is None:
        return draw(st.sampled_from([True, False, None]))
    if isinstance(value, int):
        return draw(st.one_of(WHOLE, WHOLE, REAL, st.none()))
    if isinstance(value, float):
        return draw(st.one_of(REAL, WHOLE))
    return value


@st.composite
def calls(draw: st.DrawFn) -> tuple[Row, S, str, str]:
    """(row, call, dtype, layout)."""
    row = draw(st.sampled_from(COMPARABLE))
    sample = draw(st.sampled_from(list(row.samples)))
    args, kwargs = sample.map_all(lambda a: draw(wild(a)))
    if kwargs and draw(st.integers(0, 9)) == 0:
        kwargs.pop(draw(st.sampled_from(sorted(kwargs))))
    if len(args) > 1 and draw(st.integers(0, 9)) == 0:
        args.pop()
    layout = draw(st.sampled_from(["contiguous", "contiguous", "transposed", "sliced"]))
    return row, S(*args, **kwargs), draw(st.sampled_from(ALL)), layout


def run(engine: Engine, row: Row, call: S, arrays: list[np.ndarray], layout: str) -> Outcome:
    return engine.run(row, call, arrays, layout=layout, grad=True)


def check(row: Row, call: S, dtype: str, layout: str) -> None:
    """Fails unless our answer is an ordinary exception or PyTorch's answer."""
    arrays = call.arrays(dtype, row.name)
    LAST_CALL.write_text(f"{row.name}: {call!r} {dtype} {layout}\n")
    with np.errstate(all="ignore"):
        ours = run(OURS, row, call, arrays, layout)
        if isinstance(ours.error, REFUSALS):
            return
        theirs = None if THEIRS is None else run(THEIRS, row, call, arrays, layout)
        if ours.error is not None:
            same = isinstance(ours.error, AssertionError if theirs is None else type(theirs.error))
            assert same, f"{row.name}: {call!r} {dtype}: {ours}"
            return
        if theirs is None:
            return
    if theirs.error is not None and (unsupported(theirs.error) or "derivative" in str(theirs.error)):
        return
    if isinstance(theirs.error, TypeError):
        return  # PyTorch is stricter about the forms of arguments
    if theirs.error is not None and "without overflow" in str(theirs.error):
        return  # a number beyond the dtype wraps here, as in C; PyTorch refuses it
    wrong = disagreement(row, ours, theirs)
    if wrong and theirs.error is None and any(a.dtype == np.float32 for a in arrays):
        wrong = far_from_exact(row, call, arrays, layout, ours, theirs) and wrong
    if any(re.fullmatch(name or ".*", row.name) and re.search(words, wrong) for name, words in LIMITS):
        return
    assert not wrong, f"{row.name}: {call!r} {dtype} {layout}: {wrong}"


def far_from_exact(row: Row, call: S, arrays: list[np.ndarray], layout: str, ours: Outcome, theirs: Outcome) -> bool:
    """Whether float32 results are further from PyTorch's in float64 than PyTorch's own can account for.

    Wild values make ill-conditioned calls, where any two orders of summation differ.
    """
    assert THEIRS is not None
    doubled = [a.astype(np.float64) if a.dtype == np.float32 else a for a in arrays]
    with np.errstate(all="ignore"):
        exact = run(THEIRS, row, call, doubled, layout)
        for a, b, x in zip(ours.values, theirs.values, exact.values, strict=False):
            kinds = [getattr(v, "dtype", None) for v in (a, b, x)]
            if kinds != [np.float32, np.float32, np.float64] or not a.shape == b.shape == x.shape:
                if disagreement(row, Outcome([a]), Outcome([b])):
                    return True
                continue
            allowed = 4 * np.nanmax(np.abs(b - x), initial=0.0) + 1e-5 + 1.3e-6 * np.abs(x)
            if not np.all((np.abs(a - x) <= allowed) | (a == x) | (np.isnan(a) & np.isnan(b)) | (a == b)):
                return True
    return False


def test_random_calls(request: pytest.FixtureRequest) -> None:
    n = request.config.getoption("--fuzz-calls")

    @settings(
        max_examples=n, deadline=None, derandomize=n <= 1000, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(calls())
    def random_calls(call: tuple[Row, S, str, str]) -> None:
        faulthandler.dump_traceback_later(60, exit=True)
        try:
            check(*call)
        finally:
            faulthandler.cancel_dump_traceback_later()

    random_calls()
    LAST_CALL.unlink(missing_ok=True)
