"""Rows of tinytensor/ops/broadcast.py."""

import numpy as np
from op_row import E, Row, S, T
from ops.view import A

ROWS = [
    Row("broadcast_shapes", [S((3, 1), (1, 4)), S((2,), (3, 2)), S(())],
        errors=[E(RuntimeError, "size|shape|broadcast", S((2,), (3,)))]),
    Row("Tensor.expand", [S(T(3, 1), 3, 4), S(T(4), 3, 4), S(T(3, 1), (2, 3, 4)), S(T(3, 1), -1, 4), S(T(), 2),
                          S(T(1, 0), 3, 0)],
        errors=[E(RuntimeError, "size|expand", S(A, 3, 5)), E(RuntimeError, "dim", S(A, 4))]),
    Row("Tensor.expand_as", [S(T(3, 1), T(3, 4)), S(T(4), T(2, 3, 4))]),
    Row("broadcast_to", [S(T(3, 1), (3, 4)), S(T(4), (3, 4)), S(T(), (2,))], numpy=np.broadcast_to,
        errors=[E(RuntimeError, "size|expand|shape", S(A, (3, 5)))]),
    Row("broadcast_tensors", [S(T(3, 1), T(1, 4)), S(T(), T(2))], numpy=np.broadcast_arrays),
]
