"""Rows of tinytensor/ops/cast.py."""

import numpy as np
from op_row import E, Row, S, T, float64, int64

A, B3 = T(3, 4), T(2, 3, 4)

ROWS = [
    Row("clone", [S(A), S(T()), S(T(0, 3)), S(B3)], numpy=np.copy),
    Row("Tensor.contiguous", [S(A), S(T()), S(T(0, 3))]),
    Row("Tensor.detach", [S(A), S(T())], covers=["detach"]),
    Row("Tensor.cuda", [], errors=[E(RuntimeError, "CPU", S(A), torch=False)]),
    Row("Tensor.to", [S(A, float64), S(A, int64), S(A, "cpu"), S(A, dtype=float64),
                      S(A, T(1, dtype="float64")), S(A, "cpu", float64)], covers=["cast"]),
    Row("Tensor.type_as", [S(A, T(1, dtype="float64")), S(A, T(1, dtype="int32"))]),
    *[Row(f"Tensor.{name}", [S(A), S(T()), S(T(0, 3))])
      for name in ("float", "double", "long", "int", "short", "char", "bool")],
    Row("Tensor.byte", [S(T(3, 4, low=0)), S(T(low=0))]),
    Row("Tensor.type", [S(A), S(A, float64), S(A, "torch.DoubleTensor")], grad=False),
    Row("Tensor.cpu", [S(A)]),
    Row("fill", [S(A, 2.5), S(A, 2), S(A, T()), S(T(0, 3), 1)], inplace=True,
        errors=[E(RuntimeError, "0-dim", S(A, T(1)))]),
    Row("Tensor.copy_", [S(A, T(3, 4)), S(A, T(4)), S(A, T()), S(A, T(3, 4, dtype="int64")), S(T(0, 3), T(3))],
        errors=[E(RuntimeError, "size|shape|broadcast|expand", S(A, T(5)))]),
    Row("Tensor.zero_", [S(A), S(T()), S(T(0, 3))]),
]
