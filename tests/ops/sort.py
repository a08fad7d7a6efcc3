"""Rows of tinytensor/ops/sort.py."""

from op_row import FLOATS, INTS, B, E, Row, S, T

A, B3 = T(3, 4, distinct=True), T(2, 3, 4, distinct=True)
TIES = T(3, 4)
REAL = (*FLOATS, *INTS)
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
    Row("unique", [S(words), S(words, return_inverse=True), S(words, return_counts=True), S(words, True, True, True),
                   S(rows, dim=0), S(rows, True, True, True, 1), S(T()), S(T(0))], grad=False),
    Row("unique_consecutive", [S(words), S(T(values=[1, 1, 2, 2, 2, 1])), S(T(values=[1, 1, 2]), True, True),
                               S(rows, return_counts=True, dim=0), S(T(0))], grad=False),
]
