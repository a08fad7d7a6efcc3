"""Rows of tinytensor/ops/quantile.py."""

import numpy as np
from op_row import FLOATS, E, Row, S, T

nan = float("nan")
CALLS = [S(T(3, 4, distinct=True)), S(T(3, 4, distinct=True), 1), S(T(2, 3, 4, distinct=True), -2, True), S(T()), S(T(), 0),
         S(T(values=[2.0, 1.0, 2.0, 3.0])), S(T(values=[3.0, nan, 1.0, 2.0], dtype="float32", grad=False)),
         S(T(values=[[3.0, nan], [1.0, 2.0]], dtype="float32", grad=False), 1)]
Q = T(values=[0.25, 0.5, 1.0], grad=False)
QUANTILES = [S(T(3, 4, distinct=True), 0.3), S(T(3, 4, distinct=True), 0.5, 1), S(T(3, 4, distinct=True), Q, 0),
             S(T(2, 3, 4, distinct=True), Q, 1, True), S(T(3, 5, distinct=True), 0.6, keepdim=True), S(T(), 0.5),
             *(S(T(3, 4, distinct=True), 0.4, 1, interpolation=i) for i in ("lower", "higher", "nearest", "midpoint")),
             S(T(values=[3.0, nan, 1.0, 2.0], grad=False), 0.5)]
OUT = [E(RuntimeError, "range", S(T(3), 1.5)), E(RuntimeError, "float", S(T(3), 0.5), "int64")]

ROWS = [
    Row("median", CALLS, errors=[E(IndexError, "dim", S(T(3), 2))]),
    Row("nanmedian", CALLS, errors=[E(IndexError, "dim", S(T(3), 2))]),
    Row("mode", [S(T(values=[3.0, 1.0, 3.0, 1.0, 2.0])), S(T(values=[[1, 2, 2], [3, 3, 1]], grad=False), 1, True), S(T()),
                 S(T(values=[[5.0], [4.0]]), -1)], fn=lambda tt, *args: tt.mode(*args)[0], method=False),
    Row("quantile", QUANTILES, dtypes=FLOATS, errors=OUT, numpy=lambda x, q, dim=None, keepdim=False, interpolation="linear":
        np.quantile(x, q, axis=dim, keepdims=keepdim, method=interpolation)),
    Row("nanquantile", QUANTILES, dtypes=FLOATS, errors=OUT),
]
