"""Rows of tinytensor/ops/distance.py."""

from op_row import FLOATS, E, Row, S, T

ROWS = [
    Row("cdist", [S(T(3, 4), T(2, 4)), S(T(2, 3, 4), T(1, 2, 4), 1.0), S(T(3, 4), T(2, 4), 3.0), S(T(0, 4), T(2, 4)),
                  S(T(3, 4), T(2, 4), float("inf")), S(T(2, 5, 3), T(1, 19, 3)), S(T(6, 2), T(0, 2)),
                  S(T(values=[[1.0, 2.0], [0.5, 0.5]]), T(values=[[3.0, 0.0], [1.0, 2.0]]))],
        dtypes=FLOATS, rtol=1e-5, covers=["cdist_backward"],
        errors=[E(RuntimeError, "at least 2D", S(T(3), T(2, 3))), E(RuntimeError, "columns", S(T(3, 4), T(2, 3))),
                E(RuntimeError, "float64", S(T(3, 4), T(2, 4, dtype="float64"))),
                E(RuntimeError, "non-negative", S(T(3, 4), T(2, 4), float("nan")))]),
    Row("nn.functional.pairwise_distance",
        [S(T(3, 4), T(3, 4)), S(T(3, 4), T(4), p=1.0, keepdim=True), S(T(4), T(4), p=3.0)],
        dtypes=FLOATS, method=False, rtol=1e-5, covers=["pairwise_distance"]),
    Row("nn.functional.cosine_similarity",
        [S(T(3, 4), T(3, 4)), S(T(3, 4), T(1, 4), dim=0), S(T(2, 3, 4), T(2, 3, 4), dim=-1)],
        dtypes=FLOATS, method=False, rtol=1e-5, covers=["cosine_similarity"]),
    Row("nn.functional.normalize", [S(T(3, 4)), S(T(3, 4), p=1.0, dim=0), S(T(2, 3, 4), dim=-1)],
        dtypes=FLOATS, method=False, rtol=1e-5),
    Row("nn.functional.pdist", [S(T(4, 3)), S(T(4, 3), 1.0), S(T(3, 2), 3.0), S(T(3, 2), float("inf")), S(T(3, 2), 0.0),
                                   *(S(T(*shape, grad=False)) for shape in ((1, 3), (0, 3), (3, 0)))],
        dtypes=FLOATS, gradgrad=False, aliases=["pdist"], errors=[E(RuntimeError, "2D", S(T(3))), E(RuntimeError, "non-negative", S(T(3, 2), -1.0))]),
]
