"""Rows of tinytensor/ops/sort.py."""

import numpy as np
from op_row import FLOATS, INTS, B, E, I, Row, S, T

A, B3 = T(3, 4, distinct=True), T(2, 3, 4, distinct=True)
TIES = T(3, 4)
REAL = (*FLOATS, *INTS)
edges = T(values=[-2.0, -0.5, 0.0, 1.0, 2.0])
words = T(values=[3.0, 1.0, 3.0, 2.0, 1.0, 3.0])
rows = T(values=[[1, 2], [0, 5], [1, 2], [1, 1], [1, 1]])

ROWS = [
    Row("sort", [S(A), S(A, 0), S(A, -1, True), S(B3, dim=1, descending=True), S(TIES, stable=True, dim=1),
                 S(TIES, stable=True, dim=0, descending=True), S(T(300, distinct=True, dtype="float32")), S(T()),
                 S(T(0, 3)), S(T(3, 0))],
        dtypes=REAL, errors=[E(IndexError, "dim", S(A, 2))], bench=[S(T(100000))]),
    Row("argsort", [S(A), S(A, 0), S(A, -1, True), S(T()), S(T(0, 3)), S(TIES, stable=True)], grad=False, dtypes=REAL),
    Row("msort", [S(A), S(T(5)), S(T())]),
    Row("topk", [S(T(), 0), S(A, 2), S(A, 1, 0), S(A, 3, -1, False),
                  S(T(500, distinct=True, dtype="float32"), 3), S(T(), 1), S(A, 0), S(B3, 2, 1)],
        dtypes=REAL, errors=[E(RuntimeError, "out of range", S(A, 5)), E(IndexError, "dim", S(A, 1, 2)),
                             E(RuntimeError, "bool", S(B(4), 1))]),
    Row("kthvalue", [S(A, 2), S(A, 1, 0), S(A, 3, -1, True), S(T(), 1)], dtypes=REAL,
        errors=[E(RuntimeError, "out of range", S(A, 5)), E(RuntimeError, "out of range", S(A, 0))]),
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
    Row("unique", [S(words), S(words, return_inverse=True), S(words, return_counts=True), S(words, True, True, True),
                   S(rows, dim=0), S(rows, True, True, True, 1), S(T()), S(T(0))], grad=False),
    Row("unique_consecutive", [S(words), S(T(values=[1, 1, 2, 2, 2, 1])), S(T(values=[1, 1, 2]), True, True),
                               S(rows, return_counts=True, dim=0), S(T(0))], grad=False),
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
                      S(T(20), 3, weight=T(20))], grad=False, dtypes=FLOATS),
]
