"""Rows of tinytensor/ops/choice.py."""

import numpy as np
from op_row import B, E, Row, S, T
from ops.binary import PAIR, TENSORS

ROWS = [
    Row("maximum", PAIR, numpy=np.maximum, promotes=True, special=True, covers=["maximum_backward"], errors=TENSORS),
    Row("minimum", PAIR, numpy=np.minimum, promotes=True, special=True, covers=["minimum_backward"], errors=TENSORS),
    Row("fmax", PAIR, numpy=np.fmax, promotes=True, special=True, errors=TENSORS),
    Row("fmin", PAIR, numpy=np.fmin, promotes=True, special=True, errors=TENSORS),
    Row("clamp", [S(T(3, 4), -0.5, 0.5), S(T(3, 4), max=0.7), S(T(3, 4), min=-0.3),
                  S(T(3, 4), T(4, high=-0.1), T(3, 1, low=0.1)), S(T(0, 3), 0, 1), S(T(3), 1, -1)],
        special=True, covers=["clamp_backward"], errors=[E(RuntimeError, "min|max", S(T(3)))]),
    Row("clip", [S(T(3, 4), -0.5, 0.5)]),
    Row("clamp_min", [S(T(3, 4), 0.1), S(T(3, 4), T(4))]),
    Row("clamp_max", [S(T(3, 4), 0.1), S(T(3, 4), T(4))]),

    Row("where", [S(B(3, 4), T(3, 4), T(3, 4)), S(B(4), T(3, 1), 2.0), S(B(3, 1), 1.0, T(4)), S(B(), T(3), T(3))],
        numpy=np.where, method=False, errors=[E(RuntimeError, "condition|bool", S(T(3), T(3), T(3)))]),
]
