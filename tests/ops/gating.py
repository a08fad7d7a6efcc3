"""Rows of tinytensor/ops/gating.py."""

from op_row import FLOATS, E, Row, S, T

ROWS = [
    Row("nn.functional.glu", [S(T(4)), S(T(3, 4)), S(T(4, 3), 0), S(T(0, 4))], dtypes=FLOATS, method=False,
        errors=[E(RuntimeError, "must be even", S(T(3))), E(RuntimeError, "0-dim", S(T()))]),
    Row("nn.functional.bilinear", [S(T(3, 2), T(3, 4), T(5, 2, 4)), S(T(3, 2), T(3, 4), T(5, 2, 4), T(5)),
                                   S(T(2, 3, 2), T(2, 3, 4), T(1, 2, 4)), S(T(2), T(4), T(5, 2, 4))],
        dtypes=FLOATS, method=False, covers=["bilinear"], rtol=1e-5,
        errors=[E(RuntimeError, "same dtype", S(T(3, 2), T(3, 4), T(5, 2, 4), T(5, dtype="float64"))),
                E(RuntimeError, "bias size", S(T(3, 2), T(3, 4), T(5, 2, 4), T(1))),
                E(RuntimeError, "dimension", S(T(3, 2), T(3, 4), T(5, 2, 4, 1)))]),
    Row("nn.functional.rrelu", [S(T(3, 4)), S(T(3, 4), 0.2, 0.3)], dtypes=FLOATS, method=False, covers=["rrelu", "rrelu_"],
        errors=[E(RuntimeError, "Lower bound", S(T(3), 0.5, 0.2)), E(RuntimeError, "finite", S(T(3), float("nan"))),
                E(RuntimeError, "finite", S(T(3), 0.1, float("inf"), True))]),
    Row("nn.functional.gumbel_softmax", [S(T(3, 4)), S(T(3, 4), tau=0.5, hard=True, dim=0)], dtypes=FLOATS, method=False,
        random=True),
]
