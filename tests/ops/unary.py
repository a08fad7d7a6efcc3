"""Rows of tinytensor/ops/unary.py."""

import math

import numpy as np
from op_row import FLOATS, E, Row, S, T, each, unary

EDGES = T(values=[-2.5, -1.5, -0.5, 0.0, 0.5, 1.5, 2.5, 3.49])


ROWS = [
    Row("neg", unary(), numpy=np.negative, special=True, aliases=["negative", "Tensor.__neg__"],
        errors=[E(RuntimeError, "bool", S(T(3)), dtype="bool")]),
    Row("positive", unary(), aliases=["Tensor.__pos__"], errors=[E(RuntimeError, "bool", S(T(3)), dtype="bool")]),
    Row("abs", unary(), numpy=np.abs, special=True, aliases=["absolute", "Tensor.__abs__"]),
    Row("sign", unary(), special=True, aliases=["sgn"]),
    Row("square", unary(), special=True),
    *each("floor ceil trunc", [*unary(), S(EDGES)], special=True, grad=False),
    Row("fix", unary(), numpy=np.trunc, gradgrad=False),
    Row("frac", unary(), special=True, gradgrad=False),
    Row("round", [*unary(), S(EDGES), S(T(3, 4), decimals=2), S(T(3, low=-900, high=900), decimals=-2)], special=True,
        grad=False, rtol=1e-5),

    Row("reciprocal", unary(0.3, 3), special=True),
    Row("sqrt", unary(0.1, 3), numpy=np.sqrt, special=True),
    Row("rsqrt", unary(0.1, 3), special=True),
    *each("exp exp2 expm1", unary(), special=True),
    *each("log log2 log10", unary(0.1, 3), special=True),
    Row("log1p", unary(-0.9, 3), numpy=np.log1p, special=True),

    Row("erf", unary(), numpy=np.vectorize(math.erf, otypes=[float]), special=True),
    Row("erfc", unary(), numpy=np.vectorize(math.erfc, otypes=[float]), special=True),
    Row("erfinv", [*unary(-0.95, 0.95), S(T(values=[0.0, 1e-8, 0.5, -0.999, 0.999999], grad=False))], special=True),
    Row("lgamma", [*unary(0.1, 5), S(T(values=[-0.5, -1.5, 3.0, 100.0]))], special=True, rtol=1e-5),
    Row("digamma", [*unary(0.1, 5), S(T(values=[-0.5, -1.5, 3.0, 100.0]))], special=True, rtol=1e-5,
        covers=["trigamma"]),
    Row("nan_to_num", [*unary(), S(T(values=[np.nan, np.inf, -np.inf, 1.0])),
                       S(T(values=[np.nan, np.inf, -np.inf, 1.0]), nan=2.0, posinf=3.0, neginf=-4.0)], special=True,
        dtypes=FLOATS),
]
