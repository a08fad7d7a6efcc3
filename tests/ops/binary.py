"""Rows of tinytensor/ops/binary.py."""

import numpy as np
from op_row import ALL, B, E, Row, S, T, binary, each

APART = [E(RuntimeError, "size|shape|broadcast", S(T(3, 4), T(3, 5)))]
TENSORS = [E(TypeError, "tensor", S(T(3), 1)), E(TypeError, "tensor", S(1, T(3)))]
PAIR = binary(numbers=False)
INTS = ALL[2:]
DIVISIONS = [S(T(5, 4, low=-9, high=9), T(5, 4, low=1, high=4)), S(T(5, low=-9, high=9), 3),
             S(T(values=[7.0, -7.0, 7.5, -7.5]), T(values=[2.0, 2.0, -2.0, -2.0])), S(T(0, 3), T(3, low=1))]
BY_ZERO = [E(RuntimeError, "zero", S(T(3), T(values=[1, 0, 2])), dtype="int64")]


ROWS = [
    Row("add", [*binary(), S(T(3), T(3), alpha=2), S(T(3), B(3), alpha=2)], numpy=lambda x, y, alpha=1: x + alpha * y, promotes=True,
        special=True, aliases=["Tensor.__add__"], errors=[
            *APART, E(RuntimeError, "alpha|floating", S(T(3), T(3), alpha=1.5), dtype="int64"),
            E(RuntimeError, "alpha", S(T(3), T(3), alpha=True))]),
    Row("sub", [*binary(), S(T(3), T(3), alpha=0.5), S(T(3), T(3, low=0, high=99, dtype="uint8"), alpha=200)],
        numpy=lambda x, y, alpha=1: x - alpha * np.asarray(y).astype(np.result_type(x, y)), promotes=True, special=True,
        errors=[*APART, E(RuntimeError, "bool", S(T(3), T(3)), dtype="bool"),
                E(RuntimeError, "alpha", S(T(3), T(3), alpha=1.0), dtype="int64")]),
    Row("subtract", PAIR, numpy=np.subtract),
    Row("rsub", [*PAIR, S(T(3), 2), S(T(3), T(3), alpha=2)], method=False,
        errors=[E(TypeError, "tensor", S(1, T(3))), E(RuntimeError, "bool", S(T(3), T(3, dtype="bool"), alpha=2))]),
    Row("mul", binary(), numpy=np.multiply, promotes=True, special=True, aliases=["multiply", "Tensor.__mul__"],
        errors=APART),
    Row("div", [*binary(0.5, 3), *(S(T(3, 4, low=-5), T(4, low=0.4), rounding_mode=m) for m in ("trunc", "floor"))],
        promotes=True, special=True, covers=["div_trunc", "div_backward"],
        errors=[*APART, E(RuntimeError, "rounding_mode", S(T(3), T(3), rounding_mode="up"))]),
    *each("divide true_divide", binary(0.5, 3), numpy=np.divide),
    Row("floor_divide", [*DIVISIONS, S(T(values=[7, 100, 255]), 255)], numpy=np.floor_divide, promotes=True, special=True,
        grad=False, errors=BY_ZERO),
    # PyTorch loses the remainders by subnormal numbers: no special values.
    Row("remainder", DIVISIONS, numpy=np.remainder, promotes=True, gradgrad=False, errors=BY_ZERO),
    Row("fmod", DIVISIONS, numpy=np.fmod, promotes=True, gradgrad=False, errors=BY_ZERO),
    Row("pow", [*binary(0.3, 3), *(S(T(4, low=0.5), n) for n in (0, 0.5, 3, -1, -0.5, -2, 2.5, 1, 2)), S(2.0, T(3, 4)),
                S(T(values=[0.0, 1.0, 2.0, 3.0], grad=False), T(values=[0.0, 1.0, 2.0, 2.0], grad=False))],
        promotes=True, special=True, rtol=1e-5, covers=["pow_backward"],
        errors=[E(RuntimeError, "negative", S(T(3, low=1), -1), dtype="int64")]),
    Row("ldexp", [S(T(3, 4), T(4, low=0, high=3, dtype="int32"))]),
    Row("lerp", [S(T(3, 4), T(3, 4), 0.3), S(T(3, 4), T(4), T(3, 1)), S(T(3), T(3), 0.8),
                 S(T(3), T(3), T(dtype="int64"))], dtypes=ALL[:2]),
    Row("addcmul", [S(T(3, 4), T(4), T(3, 1)), S(T(3), T(3), T(3), value=2)]),
    Row("addcdiv", [S(T(3, 4), T(4), T(3, 1, low=0.5)), S(T(3), T(3), T(3, low=0.5), value=2)],
        errors=[E(RuntimeError, "integer", S(T(3), T(3), T(3, low=1)), dtype="int64")]),
    Row("copysign", binary(0.2, 2), promotes=True, special=True, gradgrad=False),
    Row("logaddexp", PAIR, numpy=np.logaddexp, dtypes=ALL[:2], special=True, errors=TENSORS),
    Row("logaddexp2", PAIR, numpy=np.logaddexp2, dtypes=ALL[:2], special=True, errors=TENSORS),
    Row("xlogy", binary(0.2, 2), promotes=True, special=True),

    *each("Tensor.__rtruediv__ Tensor.__rdiv__ Tensor.__rfloordiv__ Tensor.__rmod__ Tensor.__rpow__",
          [S(T(3, 4, low=1, high=3), 2), S(T(low=1, high=3), 2.5), S(T(0, 3), 2)], numpy=None),
]
