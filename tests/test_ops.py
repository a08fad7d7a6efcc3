"""Runs every check of the op table (see op_table.py), on tinytensor and, where it is installed, against PyTorch."""

import importlib
import os

import pytest
from op_checks import CHECKS
from op_engine import Engine
from op_row import Row
from op_table import ROWS

OURS = Engine(importlib.import_module(os.environ.get("OP_TABLE_ENGINE", "tinytensor")))
try:
    THEIRS: Engine | None = Engine(importlib.import_module("torch"))
except ImportError:
    THEIRS = None


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
@pytest.mark.parametrize("category", CHECKS)
def test_op(category: str, row: Row) -> None:
    CHECKS[category](row, OURS, THEIRS)
