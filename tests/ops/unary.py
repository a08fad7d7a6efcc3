"""Rows of tinytensor/ops/unary.py."""

import math

import numpy as np
from op_row import ALL, FLOATS, E, Row, S, T, each, unary

EDGES = T(values=[-2.5, -1.5, -0.5, 0.0, 0.5, 1.5, 2.5, 3.49])

ROWS = [
    Row("neg", unary(), numpy=np.negative, special=True, aliases=["negative", "Tensor.__neg__"],
        errors=[E(RuntimeError, "bool", S(T(3)), dtype="bool")]),
    Row("positive", unary(), aliases=["Tensor.__pos__"], errors=[E(RuntimeError, "bool", S(T(3)), dtype="bool")]),
    Row("abs", unary(), numpy=np.abs, special=True, aliases=["absolute", "Tensor.__abs__"]),
    Row("sign", unary(), special=True, aliases=["sgn"]),
    Row("signbit", unary(), numpy=np.signbit, special=True, grad=False),
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

    *each("sin cos", [*unary(), S(T(40, low=-300, high=300))], special=True, rtol=1e-5),
    Row("tan", unary(-1.4, 1.4), numpy=np.tan),
    Row("asin", unary(-0.9, 0.9), numpy=np.arcsin, special=True, aliases=["arcsin"]),
    Row("acos", unary(-0.9, 0.9), numpy=np.arccos, special=True, aliases=["arccos"]),
    Row("atan", unary(), numpy=np.arctan, special=True, aliases=["arctan"]),
    *each("sinh cosh", unary(), special=True),
    # PyTorch's in-place forms of these and of logical_not lose the gradient.
    Row("asinh", unary(), numpy=np.arcsinh, special=True, aliases=["arcsinh"],
        inplace=False),
    Row("acosh", unary(1.1, 3), numpy=np.arccosh, special=True, aliases=["arccosh"],
        inplace=False),
    Row("atanh", unary(-0.9, 0.9), numpy=np.arctanh, special=True, aliases=["arctanh"],
        inplace=False),
    *each("deg2rad rad2deg", unary(-200, 200)),

    Row("erf", unary(), numpy=np.vectorize(math.erf, otypes=[float]), special=True),
    Row("erfc", unary(), numpy=np.vectorize(math.erfc, otypes=[float]), special=True),
    Row("erfinv", [*unary(-0.95, 0.95), S(T(values=[0.0, 1e-8, 0.5, -0.999, 0.999999], grad=False))], special=True),
    Row("lgamma", [*unary(0.1, 5), S(T(values=[-0.5, -1.5, 3.0, 100.0]))], special=True, gradgrad=False, rtol=1e-5),
    Row("digamma", [*unary(0.1, 5), S(T(values=[-0.5, -1.5, 3.0, 100.0]))], special=True, gradgrad=False, rtol=1e-5,
        covers=["trigamma"]),

    *each("isnan isinf isfinite isposinf isneginf", unary(), special=True, grad=False),
    Row("logical_not", unary(), numpy=np.logical_not, special=True, grad=False, inplace=False),
    Row("bitwise_not", unary(), dtypes=ALL[2:], aliases=["Tensor.__invert__"],
        errors=[E(RuntimeError, "float|not implemented", S(T(3)))]),
    Row("nan_to_num", [*unary(), S(T(values=[np.nan, np.inf, -np.inf, 1.0])),
                       S(T(values=[np.nan, np.inf, -np.inf, 1.0]), nan=2.0, posinf=3.0, neginf=-4.0)], special=True,
        dtypes=FLOATS),
]
