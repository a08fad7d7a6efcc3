"""Rows of tinytensor/ops/compare.py."""

import numpy as np
from op_row import ALL, E, Row, S, T, binary, each, unary

TENSORS = [E(TypeError, "tensor", S(T(3), 1)), E(TypeError, "tensor", S(1, T(3)))]
PAIR = binary(numbers=False)
INTS = ALL[2:]


ROWS = [
    Row("eq", binary(), numpy=np.equal, promotes=True, special=True, grad=False),
    Row("ne", binary(), numpy=np.not_equal, promotes=True, special=True, grad=False, aliases=["not_equal"]),
    Row("lt", binary(), numpy=np.less, promotes=True, special=True, grad=False, aliases=["less"]),
    Row("le", binary(), numpy=np.less_equal, promotes=True, special=True, grad=False, aliases=["less_equal"]),
    Row("gt", binary(), numpy=np.greater, promotes=True, special=True, grad=False, aliases=["greater"]),
    Row("ge", binary(), numpy=np.greater_equal, promotes=True, special=True, grad=False, aliases=["greater_equal"]),
    *each("logical_and logical_or logical_xor", PAIR, promotes=True, special=True, grad=False, errors=TENSORS,
          inplace=False),  # in place, PyTorch keeps the gradient of what was before
    *each("bitwise_and bitwise_or bitwise_xor", [*PAIR, S(T(3, 4, low=0, high=100), 5)], dtypes=INTS, promotes=True,
          grad=False),
    Row("bitwise_left_shift", [S(T(3, 4, low=-9, high=9), T(4, low=0, high=6)), S(T(3), 2)], dtypes=INTS[:-1],
        numpy=np.left_shift, grad=False),
    Row("bitwise_right_shift", [S(T(3, 4, low=-99, high=99), T(4, low=0, high=6)), S(T(3), 2)], dtypes=INTS[:-1],
        numpy=np.right_shift, grad=False),

    Row("isclose", [S(T(values=[1.0, 2.0, np.nan, np.inf]), T(values=[1.0 + 1e-6, 2.1, np.nan, np.inf])),
                    S(T(values=[1.0, np.nan]), T(values=[1.01, np.nan]), rtol=0.1, equal_nan=True), S(T(3), T(3))],
        numpy=np.isclose, grad=False, dtypes=ALL[:2],
        errors=[E(RuntimeError, "", S(T(3), T(3, dtype="float64"))), E(RuntimeError, "rtol", S(T(3), T(3), np.nan))]),
    Row("allclose", [S(T(values=[1.0, 2.0]), T(values=[1.0 + 1e-7, 2.0])), S(T(3, 4), T(3, 4))], grad=False),
    Row("equal", [S(T(values=[1.0, 2.0]), T(values=[1.0, 2.0])), S(T(3), T(4)), S(T(3), T(3))], grad=False),

    *each("Tensor.__eq__ Tensor.__ne__ Tensor.__lt__ Tensor.__le__ Tensor.__gt__ Tensor.__ge__", binary(), numpy=None,
          grad=False),
    *each("Tensor.__rlshift__ Tensor.__rrshift__", [S(T(3, 4, low=0, high=3), 9)], numpy=None, dtypes=INTS[:-1]),

    Row("signbit", unary(), numpy=np.signbit, special=True, grad=False),
    *each("isnan isinf isfinite isposinf isneginf", unary(), special=True, grad=False),
    Row("logical_not", unary(), numpy=np.logical_not, special=True, grad=False,
        inplace=False),  # in place, PyTorch loses the gradient
    Row("bitwise_not", unary(), dtypes=INTS, aliases=["Tensor.__invert__"],
        errors=[E(RuntimeError, "float|not implemented", S(T(3)))]),
]
