"""Rows of tinytensor/ops/trig.py."""

import numpy as np
from op_row import ALL, Row, S, T, binary, each, unary
from ops.binary import PAIR, TENSORS

ROWS = [
    *each("sin cos", [*unary(), S(T(40, low=-300, high=300))], special=True, rtol=1e-5),
    Row("tan", unary(-1.4, 1.4), numpy=np.tan),
    Row("asin", unary(-0.9, 0.9), numpy=np.arcsin, special=True, aliases=["arcsin"]),
    Row("acos", unary(-0.9, 0.9), numpy=np.arccos, special=True, aliases=["arccos"]),
    Row("atan", unary(), numpy=np.arctan, special=True, aliases=["arctan"]),
    *each("sinh cosh", unary(), special=True),
    # PyTorch's in-place forms of these lose the gradient.
    Row("asinh", unary(), numpy=np.arcsinh, special=True, aliases=["arcsinh"],
        inplace=False),
    Row("acosh", unary(1.1, 3), numpy=np.arccosh, special=True, aliases=["arccosh"],
        inplace=False),
    Row("atanh", unary(-0.9, 0.9), numpy=np.arctanh, special=True, aliases=["arctanh"],
        inplace=False),
    *each("deg2rad rad2deg", unary(-200, 200)),

    Row("atan2", [*PAIR, S(T(values=[0.0, 0.0, 1.0]), T(values=[0.0, 1.0, 0.0]))], numpy=np.arctan2,
        promotes=True, special=True, aliases=["arctan2"], errors=TENSORS),
    Row("hypot", binary(0.2, 2, numbers=False), numpy=np.hypot, dtypes=ALL[:2], special=True, errors=TENSORS),
]
