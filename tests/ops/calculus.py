"""Rows of tinytensor/ops/calculus.py."""

from op_row import E, Row, S, T

TRAPEZOIDS = [
    S(T(3, 4)), S(T(5)), S(T(3, 4), dim=0), S(T(3, 4), dx=0.5), S(T(3, 4), T(4)), S(T(3, 4), T(3, 4)),
    S(T(3, 4), T(3), dim=0), S(T(2, 3, 4), T(3, 1), dim=1), S(T(3, 1)), S(T(0, 3)), S(T(3, 0)),
]  # fmt: skip
BAD = [
    E(RuntimeError, "bool", S(T(3)), dtype="bool"),
    E(RuntimeError, "one `x` value", S(T(3, 4), T(3))),
    E(RuntimeError, "one `x` value", S(T(3, 4), T())),
]
UNEVEN = T(values=[0.0, 1.0, 3.0, 4.0], grad=False)

ROWS = [
    Row("trapezoid", TRAPEZOIDS, errors=BAD, rtol=1e-5, atol=1e-5),
    Row("trapz", TRAPEZOIDS[:5], errors=BAD[:2], rtol=1e-5, atol=1e-5),
    Row("cumulative_trapezoid", TRAPEZOIDS, errors=BAD, rtol=1e-5, atol=1e-5),
    Row("gradient",
        [S(T(4)), S(T(3, 4)), S(T(3, 4), dim=1), S(T(3, 4), dim=(1, 0)), S(T(4), spacing=2.0), S(T(3, 4), spacing=[0.5, 2.0]),
         S(T(4), spacing=[UNEVEN]), S(T(3, 4), spacing=[UNEVEN], dim=1), S(T(3, 4), edge_order=2),
         S(T(4), spacing=[UNEVEN], edge_order=2), S(T(2))],
        errors=[E(RuntimeError, "edge_order", S(T(4), edge_order=3)), E(RuntimeError, "at least edge_order", S(T(1))),
                E(RuntimeError, "spacing", S(T(3, 4), spacing=[1.0, 2.0, 3.0])),
                E(RuntimeError, "multiple times", S(T(3, 4), dim=(0, 0)))], rtol=1e-5, atol=1e-5),
]  # fmt: skip
