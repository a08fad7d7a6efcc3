"""Rows of tinytensor/ops/softmax.py."""

from op_row import E, Row, S, T, float64

inf = float("inf")
ALONG = [S(T(3, 4), 1), S(T(3, 4), dim=0), S(T(2, 3, 4), -2), S(T(), 0), S(T(0, 3), 0), S(T(70), 0), S(T(3, 40, 20), 1),
         S(T(values=[[-inf, 0.0], [1000.0, 999.0]], dtype="float32", grad=False), 1), S(T(3, 4), 1, dtype=float64)]
BAD = [E(IndexError, "dim", S(T(3, 4), 2)), E(RuntimeError, "float|implemented", S(T(3), 0), dtype="int64")]
BENCH = [S(T(32, 27), 1), S(T(1000, 1000), 1), S(T(1000, 1000), 0)]

ROWS = [
    Row("softmax", ALONG, errors=BAD, covers=["softmax_backward"], bench=BENCH),
    Row("log_softmax", ALONG, errors=BAD, covers=["log_softmax_backward"], bench=BENCH),
    Row("nn.functional.softmax", ALONG[:4], errors=BAD[:1], method=False),
    Row("nn.functional.log_softmax", ALONG[:4], errors=BAD[:1], method=False),
    Row("nn.functional.softmin", ALONG[:4], errors=BAD[:1], method=False),
]
