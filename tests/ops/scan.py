"""Rows of tinytensor/ops/scan.py."""

from op_row import FLOATS, E, Row, S, T

nan = float("nan")
ALONG = [S(T(3, 4), 1), S(T(3, 4), dim=-2), S(T(), 0), S(T(0, 3), 0), S(T(2, 40, 3), 1), S(T(5), 0)]
NO_DIM = [E(IndexError, "dim", S(T(3), 2))]


def running(*values):
    return S(T(values=values, dtype="float32", grad=False), 0)


ROWS = [
    Row("cumsum", ALONG, inplace=True, errors=NO_DIM),
    Row("cumprod", [*ALONG, S(T(values=[1.0, 0.0, 2.0, 0.0, 3.0]), 0)], inplace=True,
        errors=NO_DIM),
    Row("logcumsumexp", ALONG[:4], dtypes=FLOATS, errors=NO_DIM),
    Row("cummax", [*ALONG, running(1.0, 3.0, 3.0, nan, 2.0)], errors=NO_DIM),
    Row("cummin", [*ALONG, running(3.0, 1.0, 1.0, nan, 2.0)], errors=NO_DIM),
    Row("diff", [S(T(5)), S(T(3, 4)), S(T(3, 4), 2, 0), S(T(3, 4), 0), S(T(3), 5), S(T(3, 4), 1, 1, T(3, 1), T(3, 2)),
                 S(T(3, 4), append=T(3, 1)), S(T(3, 4), 0, 1, T(3, 1))],
        errors=[E(RuntimeError, "at least one-dim", S(T())), E(RuntimeError, "non-negative", S(T(3), -1)),
                E(IndexError, "dim", S(T(3), 0, 2, T(1))),
                E(RuntimeError, "same dimension", S(T(3), 0, prepend=T(2, 2)))]),
]
