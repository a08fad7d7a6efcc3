"""PyTorch's answers to the rows of the op table, kept in ops/expected/ so that they hold where it is not installed.

An answer is kept as dtype, shape and one number: the sum of the elements with fixed weights, nan and infinities apart.
`python tests/op_expected.py` asks PyTorch anew after rows have changed.
"""

import json
import pathlib
import zlib
from typing import Any

import numpy as np
from op_engine import Engine, Outcome, cotangent
from op_row import FLOATS, Row
from op_table import ROWS_OF

FOLDER = pathlib.Path(__file__).parent / "ops" / "expected"
FEW = 3  # samples of a row that are kept in the dtypes that are not floating

Answer = list[Any]  # [values, gradients], or the name of an exception


def digest(x: Any, random: bool) -> Any:
    """[dtype, shape, weighted sum, the same over nan, over infinities] of an array; other things by their text."""
    if not isinstance(x, np.ndarray):
        return None if x is None else repr(x)
    kept = [x.dtype.str[1:], list(x.shape)]
    if random:
        return kept
    values = x.astype(np.float64)
    weights = cotangent(values)
    finite = np.isfinite(values)
    kept.append(float(f"{np.sum(np.where(finite, values, 0) * weights):.8g}"))
    if not finite.all():
        signs = np.where(np.isinf(values), np.sign(values), 0)
        kept += [round(float(np.sum(np.isnan(values) * weights)), 6), round(float(np.sum(signs * weights)), 6)]
    return kept


def answer(row: Row, outcome: Outcome) -> Answer:
    """What is kept of an outcome."""
    if outcome.error is not None:
        return [type(outcome.error).__name__]
    return [[digest(v, row.random) for v in outcome.values], [digest(g, row.random) for g in outcome.grads]]


def answers(engine: Engine, row: Row) -> dict[str, list[Answer]]:
    """All answers of an engine that are kept for a row, by dtype."""
    found = {}
    floating = [d for d in FLOATS if d in row.dtypes][-1:]
    for dtype in [*floating, *(d for d in row.dtypes if d not in FLOATS)]:
        found[dtype] = [
            answer(row, engine.run(row, s, s.arrays(dtype, f"{row.name} {i}"), grad=dtype in FLOATS))
            for i, s in enumerate(row.samples if dtype in FLOATS else row.samples[:FEW])
        ]
    return found


def fingerprint(row: Row) -> int:
    """Changes when the samples do."""
    made = [a.tobytes() for i, s in enumerate(row.samples) for a in s.arrays("float64", f"{row.name} {i}")]
    return zlib.crc32(repr(list(row.samples)).encode() + b"".join(made))


def difference(row: Row, ours: Any, kept: Any) -> str:
    """What is wrong with a digest; empty if it agrees."""
    if isinstance(ours, list) and isinstance(kept, list):
        if ours[:2] != kept[:2]:
            return f"{ours[:2]} instead of {kept[:2]}"
        near = np.allclose(ours[2:], kept[2:], row.rtol or 1e-6, (row.atol or 1e-7) * 10 + 1e-6)
        return "" if len(ours) == len(kept) and near else f"weighted sum {ours[2:]} instead of {kept[2:]}"
    none_or_zero = [x is None or (isinstance(x, list) and not any(x[2:])) for x in (ours, kept)]
    return "" if ours == kept or all(none_or_zero) else f"{ours} instead of {kept}"


def disagreement(row: Row, ours: Answer, kept: Answer) -> str:
    """What is wrong with an answer; empty if it agrees."""
    if len(ours) == 1 or len(kept) == 1:
        return "" if len(ours) == len(kept) else f"{ours} instead of {kept}"
    for what, mine, theirs in zip(("result", "gradient"), ours, kept, strict=True):
        mine, theirs = [*mine, *[None] * (len(theirs) - len(mine))], [*theirs, *[None] * (len(mine) - len(theirs))]
        for i, (a, b) in enumerate(zip(mine, theirs, strict=True)):
            if wrong := difference(row, a, b):
                return f"{what} {i}: {wrong}"
    return ""


def load() -> dict[str, Any]:
    """What is kept, by the name of the row."""
    return {k: v for path in FOLDER.glob("*.json") for k, v in json.loads(path.read_text()).items()}


def compute(engine: Engine, rows: list[Row]) -> dict[str, Any]:
    """What should be kept of these rows."""
    return {row.name: {"samples": fingerprint(row), **answers(engine, row)} for row in rows}


if __name__ == "__main__":
    import torch

    FOLDER.mkdir(exist_ok=True)
    for file, rows in ROWS_OF.items():
        kept = compute(Engine(torch), rows)
        lines = [f"{json.dumps(name)}: {json.dumps(a, separators=(',', ':'))}" for name, a in kept.items()]
        (FOLDER / f"{file}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
