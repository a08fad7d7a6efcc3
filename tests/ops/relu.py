"""Rows of tinytensor/ops/relu.py."""

from op_row import FLOATS, E, Row, S, T, unary
from ops.activation import ANY, functional

ROWS = [
    Row("relu", ANY, special=True, gradgrad=False, covers=["relu_backward"],
        errors=[E(RuntimeError, "bool", S(T(3)), dtype="bool")]),
    Row("threshold", [S(T(3, 4), 0.3, 1.0), S(T(0, 3), 0, 0), S(T(), 0.1, 20)], special=True, gradgrad=False,
        method=False, covers=["threshold_backward"]),
    Row("hardshrink", [*ANY, S(T(3, 4), 0.2)], special=True, dtypes=FLOATS, gradgrad=False, covers=["shrink_backward"]),
    Row("prelu", [S(T(3, 4), T(4)), S(T(3, 4), T(1)), S(T(2, 3, 2), T(3)), S(T(), T())], dtypes=FLOATS,
        errors=[E(RuntimeError, "channel", S(T(3, 4), T(3))), E(RuntimeError, "dim", S(T(3, 4), T(2, 2)))]),

    functional("relu6", unary(-2, 8), gradgrad=False),
    functional("hardtanh", [*ANY, S(T(3, 4), -0.5, 0.3)], gradgrad=False, covers=["hardtanh_backward"],
               errors=[E(RuntimeError, "unsigned", S(T(3)), dtype="uint8"), E(ValueError, "min_val", S(T(3), 1.0, 0.0))]),
    functional("hardsigmoid", ANY, gradgrad=False, covers=["hardsigmoid_backward"]),
    functional("hardswish", ANY, covers=["hardswish_backward"]),
    functional("leaky_relu", [*ANY, S(T(3, 4), 0.3)], gradgrad=False, covers=["leaky_relu_backward"]),
    # Not in special values: the sign of PyTorch's zeros depends on the place in the vector.
    functional("softshrink", [*ANY, S(T(3, 4), 0.2)], gradgrad=False, special=False,
               errors=[E(RuntimeError, "lambda", S(T(3), -1.0))]),
    Row("relu_", ANY, gradgrad=False),
    Row("threshold_", [S(T(3, 4), 0.3, 1.0)], gradgrad=False),
    functional("leaky_relu_", [*ANY, S(T(3, 4), 0.3)], special=False, gradgrad=False),
    functional("hardtanh_", [*ANY, S(T(3, 4), -0.5, 0.3)], special=False, gradgrad=False),
]
