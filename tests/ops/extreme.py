"""Rows of tinytensor/ops/extreme.py."""

import numpy as np
from op_row import E, Row, S, T, reduction
from ops.reduce import over_dims

EMPTY = [E(IndexError, "zero|specif", S(T(3, 0), 1)), E(IndexError, "dim", S(T(3, 4), 2))]


def axes(f):
    return lambda x, dim=None, keepdim=False: f(x, axis=dim, keepdims=keepdim)


ONE_DIM = [S(T(3, 4)), S(T(3, 4), 1), S(T(2, 3, 4), dim=-2, keepdim=True), S(T(), dim=0), S(T(130), dim=0),
           S(T(2, 70, 3), 1)]

LARGEST, SMALLEST = T(values=[[1.0, 3.0, 3.0]], grad=False), T(values=[[1.0, 1.0, 3.0]], grad=False)


ROWS = [
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
]
