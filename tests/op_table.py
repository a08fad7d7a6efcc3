"""The table of all ops: one row (one to three lines) an op, from which every check and benchmark is derived.

To add a row, open the file of tests/ops/ that is named like the file of tinytensor/ops/ your op stands in, and append
to its ROWS; op_row.py explains the words. `pytest tests/test_ops.py -k tanh` runs its checks:

    values     every sample in float32 and float64 against PyTorch (where installed), the NumPy reference, the stored
               answers of PyTorch (tests/ops/expected/); arguments are unchanged afterwards
    gradients  against PyTorch, against differences in float64; second derivatives; requires_grad of the result
    dtypes     every sample in all dtypes, result dtype and value, or the same exception; promotion of pairs
    layouts    transposed, sliced and expanded arguments give what contiguous ones give, gradients too
    forms      the method, the in-place method (values, gradient, refused on leaves), the aliases
    special    nan, infinities, signed zeros, subnormals
    errors     exception type and words of the message

An op of the package without a row fails the suite. OP_TABLE_ENGINE=torch tries the rows themselves, on PyTorch.
"""

import importlib
import pathlib

from op_row import Row

OPS = pathlib.Path(__file__).parent / "ops"
FILES = sorted(p.stem for p in OPS.glob("*.py"))
ROWS_OF: dict[str, list[Row]] = {name: importlib.import_module(f"ops.{name}").ROWS for name in FILES}
ROWS: list[Row] = [row for name in FILES for row in ROWS_OF[name]]
