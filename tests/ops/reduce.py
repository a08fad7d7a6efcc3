"""Rows of tinytensor/ops/reduce.py."""

import numpy as np
from op_row import FLOATS, E, Row, S, T, float64, reduction

inf, nan = float("inf"), float("nan")
BAD_DIM = [E(IndexError, "dim", S(T(3, 4), 2)), E(RuntimeError, "twice|multiple", S(T(3, 4), (0, 0)))]
EMPTY = [E(IndexError, "zero|specif", S(T(3, 0), 1)), E(IndexError, "dim", S(T(3, 4), 2))]


def axes(f):
    return lambda x, dim=None, keepdim=False: f(x, axis=dim, keepdims=keepdim)


def over_dims(**options):
    """Reductions for which `dim` is required, or without which everything is meant, and never nothing."""
    return reduction(empty=False, **options)


ONE_DIM = [S(T(3, 4)), S(T(3, 4), 1), S(T(2, 3, 4), dim=-2, keepdim=True), S(T(), dim=0), S(T(130), dim=0),
           S(T(2, 70, 3), 1)]
ALONG = [S(T(3, 4), 1), S(T(3, 4), dim=-2), S(T(), 0), S(T(0, 3), 0), S(T(2, 40, 3), 1), S(T(5), 0)]
SPREAD = [S(T(3, 4)), S(T(3, 4), 1), S(T(2, 3, 4), (0, 2), keepdim=True), S(T(3, 4), correction=0), S(T(3, 4), False),
          S(T(6), 0, False), S(T(2, 130), 1, correction=2), S(T(70, 5), 0), S(T(3, 0), 1, correction=-2)]

LARGEST, SMALLEST = T(values=[[1.0, 3.0, 3.0]], grad=False), T(values=[[1.0, 1.0, 3.0]], grad=False)
NO_DIM = [E(IndexError, "dim", S(T(3), 2))]


def running(*values):
    return S(T(values=values, dtype="float32", grad=False), 0)


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
    Row("any", reduction(), grad=False, special=True, numpy=axes(np.any)),
    Row("all", reduction(), grad=False, special=True, numpy=axes(np.all)),
    Row("max", [*ONE_DIM, S(T(3, 4), T(4)), S(T(values=[2.0, 5.0, 5.0], grad=False)), S(LARGEST, 1)], special=True,
        errors=EMPTY, covers=["max_dim"], bench=[S(T(32, 200), 1)]),
    Row("min", [*ONE_DIM, S(T(3, 4), T(4)), S(SMALLEST, 1)], special=True, errors=EMPTY,
        covers=["min_dim"]),
    Row("amax", [*over_dims(), S(LARGEST, 1)], numpy=axes(np.max), special=True, errors=EMPTY),
    Row("amin", [*over_dims(), S(SMALLEST, 1)], numpy=axes(np.min), special=True, errors=EMPTY),
    Row("aminmax", [S(T(3, 4)), S(T(3, 4), dim=1), S(T(3, 4), dim=0, keepdim=True), S(T())]),
    Row("argmax", ONE_DIM, grad=False, special=True, numpy=None, errors=[*EMPTY, E(RuntimeError, "bool", S(T(3)), "bool")]),
    Row("argmin", ONE_DIM, grad=False, special=True, errors=EMPTY),
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
