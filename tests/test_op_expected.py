"""The kept answers of PyTorch hold here, and are what PyTorch says today."""

import importlib
import os

import pytest
from op_checks import COUNT
from op_engine import Engine
from op_expected import answers, compute, disagreement, fingerprint, load
from op_row import Row
from op_table import ROWS

OURS = Engine(importlib.import_module(os.environ.get("OP_TABLE_ENGINE", "tinytensor")))
KEPT = load()


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_answers_agree(row: Row) -> None:
    kept = KEPT.get(row.name)
    if kept is None or kept["samples"] != fingerprint(row):
        pytest.skip("not kept yet: python tests/op_expected.py")
    wrong = []
    for dtype, ours in answers(OURS, row).items():
        for sample, mine, theirs in zip(row.samples, ours, kept[dtype], strict=False):
            COUNT["kept answers"] += 1
            if len(theirs) > 1 and (w := disagreement(row, mine, theirs)):
                wrong.append(f"{dtype} {sample!r}: {w}")
    assert not wrong, "\n".join(wrong)


def test_answers_are_complete_and_fresh() -> None:
    torch = pytest.importorskip("torch")
    stale = []
    for row in ROWS:
        kept = KEPT.get(row.name, {})
        fresh = compute(Engine(torch), [row])[row.name]
        same = kept.get("samples") == fresh["samples"] and kept.keys() == fresh.keys()
        if not same or any(
            disagreement(row, a, b) for d in fresh if d != "samples" for a, b in zip(fresh[d], kept[d], strict=False)
        ):
            stale.append(row.name)
    assert not stale, f"python tests/op_expected.py asks PyTorch again about {stale}"
