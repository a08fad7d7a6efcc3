"""Rows of tinytensor/ops/rearrange.py."""

import numpy as np
from op_row import E, Row, S, T
from ops.join import B3, A

ROWS = [
    Row("flip", [S(A, (0,)), S(A, (0, -1)), S(B3, [1]), S(A, ()), S(T(0, 3), (0,))], numpy=np.flip,
        errors=[E(IndexError, "dim", S(A, (2,))), E(RuntimeError, "multiple times", S(A, (0, 0)))]),
    Row("fliplr", [S(A), S(B3)], numpy=np.fliplr, errors=[E(RuntimeError, "2-d", S(T(3)))]),
    Row("flipud", [S(A), S(T(3))], numpy=np.flipud, errors=[E(RuntimeError, "1-d", S(T()))]),
    Row("roll", [S(A, 1), S(A, 2, 0), S(A, (1, -1), (0, 1)), S(A, -5, 1), S(A, (1, 2), (0, 0)), S(T(0, 3), 1, 0), S(T(), 1)],
        numpy=np.roll, errors=[E(RuntimeError, "align", S(A, (1, 2), 0)), E(IndexError, "dim", S(A, 1, 2))]),
    Row("rot90", [S(A), S(A, 2), S(A, -1), S(A, 4), S(B3, 1, (1, 2))], numpy=np.rot90,
        errors=[E(RuntimeError, "rotation dims", S(A, 1, (0,))), E(RuntimeError, "different", S(A, 1, (0, -2)))]),
    Row("Tensor.repeat", [S(A, 2, 1), S(A, (2, 3)), S(T(3), 2, 2), S(T(), 3), S(A, 0, 1), S(T(0, 3), 2, 1), S(T(0, 3), 2**63 - 1, 1)], layouts=True,
        errors=[E(RuntimeError, "dimensions", S(A, 2)), E(RuntimeError, "negative", S(A, 1, -1)),
                E(RuntimeError, "many|negative", S(A, 1, 2**63 - 1)), E(RuntimeError, "many", S(T(4), 2**62 + 1), torch=False)]),  # there the size wraps around
    Row("tile", [S(A, (2,)), S(A, (2, 3)), S(T(3), (2, 1, 2)), S(T(), (2,))], numpy=np.tile),
    Row("repeat_interleave", [S(A, 2), S(A, 2, 1), S(A, T(values=[1, 0, 2], dtype="int64"), 0), S(T(), 3),
                              S(T(3), T(values=[2], dtype="int64")), S(A, 3, dim=-1)],
        errors=[E(RuntimeError, "same size|repeats", S(A, T(values=[1, 2], dtype="int64"), 0)),
                E(RuntimeError, "negative", S(A, -1)), E(IndexError, "dim", S(A, 2, 2)),
                E(RuntimeError, "1D", S(T(values=2, dtype="int64")))]),
    Row("tril", [S(A), S(A, 1), S(A, diagonal=-1), S(B3), S(A, -7), S(A, 2**63 - 1), S(T(0, 3)), S(T(3, 0))], inplace=True,
        numpy=lambda x, diagonal=0: np.tril(x, diagonal), errors=[E(RuntimeError, "2 dim", S(T(3)))]),
    Row("triu", [S(A), S(A, 1), S(A, diagonal=-1), S(B3), S(A, 7), S(A, 2**63 - 1), S(T(0, 3)), S(T(3, 0))], inplace=True,
        numpy=lambda x, diagonal=0: np.triu(x, diagonal), errors=[E(RuntimeError, "2 dim", S(T(3)))]),
    Row("tril_indices", [S(3, 4), S(4, 3, 1), S(3, 3, -1), S(0, 3)], grad=False, dtypes=("int64",),
        errors=[E(RuntimeError, "negative", S(-1, 3))]),
    Row("triu_indices", [S(3, 4), S(4, 3, 1), S(3, 3, -1), S(0, 3)], grad=False, dtypes=("int64",),
        errors=[E(RuntimeError, "negative", S(3, -1))]),
]
