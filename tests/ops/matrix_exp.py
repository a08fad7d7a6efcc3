"""Rows of tinytensor/ops/matrix_exp.py."""

from op_row import FLOATS, E, Row, S, T

ROWS = [
    Row("matrix_exp", [S(T(3, 3)), S(T(1, 1)), S(T(2, 4, 4)), S(T(0, 0)), S(T(0, 3, 3)), S(T(3, 3, low=-20, high=5)),
                       S(T(values=[[[0.0, 0.0], [0.0, 0.0]], [[9.0, -9.0], [1e-3, 20.0]]]))],
        dtypes=FLOATS, aliases=["linalg.matrix_exp"], rtol=1e-4, atol=1e-4,
        errors=[E(RuntimeError, "square", S(T(3, 4))), E(RuntimeError, "at least 2", S(T(3))),
                E(RuntimeError, "floating", S(T(3, 3)), dtype="int64")]),
]  # fmt: skip
