"""Rows of tinytensor/ops/unpool.py."""

from op_row import FLOATS, E, I, Row, S, T

P1 = T(values=[[[1, 2, 4], [0, 3, 5]]], dtype="int64", grad=False)
P2 = T(values=[[[[0, 3], [9, 10]], [[1, 5], [4, 12]]]], dtype="int64", grad=False)
P3 = T(values=[[[[0, 3]], [[9, 15]]], [[[1, 5]], [[4, 12]]]], dtype="int64", grad=False)
P3B = T(values=[P3.values], dtype="int64", grad=False)

ROWS = [
    Row("nn.functional.max_unpool1d", [S(T(1, 2, 3), P1, 2), S(T(2, 3), T(values=[[4, 0, 2], [1, 2, 3]], dtype="int64", grad=False), 3, 2, 1),
                                       S(T(1, 2, 3), P1, 2, output_size=(7,))],
        dtypes=FLOATS, errors=[E(RuntimeError, "shape of indices", S(T(1, 2, 2), P1, 2))]),
    Row("nn.functional.max_unpool2d", [S(T(1, 2, 2, 2), P2, 2), S(T(1, 2, 2, 2), P2, (2, 3), (2, 1), 0, (4, 4)),
                                       S(T(1, 2, 2, 2), P2, 2, output_size=(1, 2, 5, 5)),
                                       S(T(0, 2, 2, 2), I(0, 2, 2, 2, below=1), 2)],
        dtypes=FLOATS, errors=[E(RuntimeError, "dimensions", S(T(2, 2), I(2, 2, below=2), 2)),
                               E(RuntimeError, "int64", S(T(1, 2, 2), I(1, 2, 2, below=2, dtype="int32"), 2)),
                               E(RuntimeError, "index", S(T(1, 2, 2), I(1, 2, 2, below=99, low=98), 2)),
                               E(RuntimeError, "non-zero size", S(T(1, 0, 2), I(1, 0, 2, below=2), 2)),
                               E(ValueError, "between 2 and 6", S(T(1, 2, 2), I(1, 2, 2, below=2), 2, output_size=(8, 8))),
                               E(ValueError, "2 or 4 elements", S(T(1, 2, 2), I(1, 2, 2, below=2), 2, output_size=(8,)))]),
    Row("nn.functional.max_unpool3d", [S(T(1, 2, 2, 1, 2), P3B, 2), S(T(2, 2, 1, 2), P3, (2, 2, 2))],
        dtypes=FLOATS),
]
