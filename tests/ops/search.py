"""Rows of tinytensor/ops/search.py."""

import numpy as np
from op_row import FLOATS, INTS, B, E, I, Row, S, T

A = T(3, 4, distinct=True)
REAL = (*FLOATS, *INTS)
edges = T(values=[-2.0, -0.5, 0.0, 1.0, 2.0])
words = T(values=[3.0, 1.0, 3.0, 2.0, 1.0, 3.0])

ROWS = [
    Row("searchsorted", [S(edges, T(2, 3)), S(edges, T(4), right=True), S(edges, 0.0), S(edges, edges, side="right"),
                         S(T(values=[[0.0, 1.0], [1.0, 3.0]]), T(2, 3)), S(edges, T(2), out_int32=True),
                         S(T(values=[2.0, 0.0, 1.0]), T(4), sorter=T(values=[1, 2, 0], dtype="int64"))],
        grad=False, dtypes=FLOATS,
        errors=[E(RuntimeError, "opposites", S(edges, edges, right=True, side="left")),
                E(RuntimeError, "boundaries|first N-1", S(T(2, 3), T(3, 3)))]),
    Row("bucketize", [S(T(2, 3), edges), S(T(4), edges, right=True), S(1.0, edges)], grad=False, dtypes=FLOATS,
        errors=[E(RuntimeError, "1 dim", S(T(2), A))]),
    Row("isin", [S(words, T(values=[3.0, 2.0])), S(words, T(values=[1.0]), invert=True), S(words, T(0)), S(T(2, 2), words)],
        grad=False, dtypes=REAL, errors=[E(RuntimeError, "bool", S(B(3), B(2)))]),
    Row("bincount", [S(I(6, below=5)), S(I(6, below=5), minlength=7), S(I(6, below=3), T(6)),
                     S(I(0, below=1)),
                     S(I(4, below=3, dtype="uint8"))],
        grad=False, numpy=lambda x, weights=None, minlength=0: np.bincount(x, weights, minlength).astype(
            np.int64 if weights is None else np.float32 if weights.dtype == np.float32 else np.float64),
        errors=[E(RuntimeError, "1-d non-negative", S(I(2, 2, below=3))),
                E(RuntimeError, "minlength", S(I(3, below=2), None, -1)),
                E(RuntimeError, "non-negative", S(T(values=[-1], dtype="int64"))),
                E(RuntimeError, "same length", S(I(3, below=2), T(2)))]),
    Row("histc", [S(T(20)), S(T(20), 5), S(T(20), 4, -1, 1), S(T(values=[1.0, 1.0]), 3), S(T(0), 2)], grad=False,
        dtypes=FLOATS, errors=[E(RuntimeError, "bins", S(T(3), 0)), E(RuntimeError, "max", S(T(3), 2, 1, 0))]),
    Row("histogram", [S(T(20), 5), S(T(20), 4, range=(-1.0, 1.0)), S(T(20), edges), S(T(20), 3, density=True),
                      S(T(20), 3, weight=T(20)), S(T(20), density=True)], grad=False, dtypes=FLOATS),
    Row("unravel_index", [S(I(3, 4, below=24), (2, 3, 4)), S(T(values=5, dtype="int32"), (2, 3)), S(I(4, below=6), 6), S(I(4, below=20), (2, 3))],
        dtypes=["int64"], grad=False, layouts=False, method=False,
        errors=[E(TypeError, "integer dtype", S(T(3, low=0), (2, 3))), E(ValueError, "negative", S(I(3, below=2), (-2, 3)))]),
]
