"""Rows of tinytensor/ops/ranges.py."""

from op_row import E, Row, S, T, float64, int64

ROWS = [
    Row("arange", [S(5), S(2, 7), S(1, 10, 3), S(0, 1, 0.25), S(5, 0, -2), S(3.0), S(0), S(4, dtype=float64),
                   S(2.5, 6, dtype=int64)],
        errors=[E(RuntimeError, "sign|bound", S(1, 5, -1)), E(RuntimeError, "step|zero", S(1, 5, 0)),
                E(RuntimeError, "overflow", S(-(2**63), 6, dtype=int64))]),
    Row("linspace", [S(0, 1, 5), S(-2, 3, 4), S(1, 1, 3), S(0, 1, 1), S(0, 1, 0), S(3, 0, 7, dtype=float64),
                     S(0, 10, 5, dtype=int64)],
        errors=[E(RuntimeError, "negative", S(0, 1, -1))]),
    Row("logspace", [S(0, 2, 3), S(-1, 1, 5), S(0, 3, 4, base=2.0), S(0, 1, 1)],
        errors=[E(RuntimeError, "overflow", S(0, 1, 2**63 - 1))]),
    # PyTorch writes into what its own gradient needs.
    Row("vander", [S(T(4, grad=False)), S(T(3, grad=False), 2), S(T(3, grad=False), N=4, increasing=True), S(T(3, grad=False), 0), S(T(0, grad=False))], grad=False, method=False, rtol=1e-5, atol=1e-5,
        errors=[E(RuntimeError, "one-dimensional", S(T(3, 3))), E(RuntimeError, "non-negative", S(T(3), -1))]),
]
