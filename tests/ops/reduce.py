"""Rows of tinytensor/ops/reduce.py."""

import numpy as np
from op_row import FLOATS, E, Row, S, T, float64, reduction

inf, nan = float("inf"), float("nan")
BAD_DIM = [E(IndexError, "dim", S(T(3, 4), 2)), E(RuntimeError, "twice|multiple", S(T(3, 4), (0, 0)))]


def over_dims(**options):
    """Reductions for which `dim` is required, or without which everything is meant, and never nothing."""
    return reduction(empty=False, **options)


SPREAD = [S(T(3, 4)), S(T(3, 4), 1), S(T(2, 3, 4), (0, 2), keepdim=True), S(T(3, 4), correction=0), S(T(3, 4), False),
          S(T(6), 0, False), S(T(2, 130), 1, correction=2), S(T(70, 5), 0), S(T(3, 0), 1, correction=-2)]


ROWS = [
    Row("sum", [*reduction(), S(T(3, 4), dtype=float64), S(T(40, 70), 0), S(T(5000))], numpy=None, special=True,
        covers=["sum_to"], errors=BAD_DIM, bench=[S(T(1000)), S(T(100000)), S(T(32, 200), 0), S(T(32, 200), 1)]),
    Row("nansum", [*reduction(), S(T(values=[1.0, nan, 2.0], dtype="float32"))]),
    Row("mean", reduction(), numpy=None, special=True, errors=[E(RuntimeError, "float", S(T(3)), dtype="int64")],
        bench=[S(T(32, 200), 0)]),
    Row("nanmean", [*over_dims(), S(T(values=[1.0, nan, 2.0], dtype="float32"))], dtypes=FLOATS),
    Row("prod", [*reduction(lists=False), S(T(values=[1.0, 0.0, 2.0])), S(T(values=[[0.0, 0.0, 2.0]]), 1),
                 S(T(3, 4), dtype=float64)]),
    Row("var", SPREAD, errors=[E(RuntimeError, "float", S(T(3)), dtype="int64")]),
    Row("std", SPREAD, bench=[S(T(32, 200), 0, keepdim=True)]),
    Row("var_mean", SPREAD),
    Row("std_mean", SPREAD),
    Row("norm", [S(T(3, 4)), S(T(3, 4), 2, 1), S(T(3, 4), 1, 0), S(T(3, 4), inf, 1), S(T(3, 4), -inf),
                 S(T(3, 4, low=0.1), 3, 1, keepdim=True), S(T(3, 4), 0, 1), S(T(3, 4, low=0.2), 0.5, (0, 1)), S(T(0)),
                 S(T(values=[0.0, 0.0], grad=False))], dtypes=FLOATS,
        errors=[E(RuntimeError, "float", S(T(3)), dtype="int64"), E(RuntimeError, "norm", S(T(3, 0), -1, 1))],
        covers=["norm2"]),
    Row("dist", [S(T(3, 4), T(3, 4)), S(T(3, 4), T(4), 1), S(T(0), T(0), float("nan"))], dtypes=FLOATS),
    Row("trace", [S(T(3, 4)), S(T(4, 2)), S(T(0, 3))], numpy=np.trace, errors=[E(RuntimeError, "matrix", S(T(3)))]),
    Row("logsumexp", [S(T(3, 4), 1), S(T(2, 3, 4), (0, 2), keepdim=True), S(T(130), 0),
                      S(T(values=[[-inf, -inf], [inf, 1.0], [1000.0, 1000.0]], dtype="float32", grad=False), 1)]),
    Row("count_nonzero", [S(T(3, 4, low=0, high=2)), S(T(3, 4, low=0, high=2), 1), S(T(2, 3, 4), (0, 2))], grad=False),
]
