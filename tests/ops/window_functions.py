"""Rows of tinytensor/ops/window_functions.py."""

from op_row import E, Row, S, float64, int64

WINDOWS = [S(8), S(7, False), S(1), S(0), S(2, periodic=False), S(5, dtype=float64)]
BAD = [E(RuntimeError, "non-negative", S(-1)), E(RuntimeError, "floating point", S(4, dtype=int64))]
PLAIN = {"dtypes": ["float32"], "grad": False, "errors": BAD, "atol": 1e-6}

ROWS = [
    *(Row(name, WINDOWS, **PLAIN) for name in ("bartlett_window", "blackman_window", "hann_window")),
    Row("hamming_window", [*WINDOWS, S(6, True, 0.5, 0.4)], **PLAIN),
    Row("kaiser_window", [*WINDOWS, S(6, False, 3.0)], **PLAIN),
]
