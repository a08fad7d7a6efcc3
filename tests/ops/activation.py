"""Rows of tinytensor/ops/activation.py."""

import numpy as np
from op_row import FLOATS, E, Row, S, T, unary

ANY = unary(-4, 4)


def functional(name: str, samples: list[S], **options: object) -> Row:
    """The row of a function that is defined for floats and is no method."""
    return Row(f"nn.functional.{name}", samples, **{"dtypes": FLOATS, "special": True, "method": False, **options})


ROWS = [
    Row("tanh", unary(), numpy=np.tanh, special=True, covers=["tanh_backward"]),
    Row("sigmoid", ANY, special=True, covers=["sigmoid_backward"]),
    Row("logit", [*unary(0.05, 0.95), S(T(3, 4, low=-0.2, high=1.2), 0.1),
                  S(T(values=[0.2, 0.5, 0.8]), 0.7)], special=True, covers=["logit_backward"],
        rtol=1e-5),
    Row("relu", ANY, special=True, gradgrad=False, covers=["relu_backward"],
        errors=[E(RuntimeError, "bool", S(T(3)), dtype="bool")]),
    Row("selu", unary(), special=True, method=False),
    Row("celu", [*unary(), S(T(3, 4), 0.7)], special=True, method=False,
        errors=[E(RuntimeError, "zero", S(T(3), 0.0))]),
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
    functional("elu", [*ANY, S(T(3, 4), 0.7)], covers=["elu_backward"]),
    # Not in special values: PyTorch's vectorised float32 gives nan for infinities.
    functional("gelu", [*ANY, S(T(3, 4), approximate="tanh")], covers=["gelu_backward"], special=False,
               errors=[E(RuntimeError, "approximate", S(T(3), approximate="sin"))]),
    functional("silu", ANY, covers=["silu_backward"]),
    functional("mish", ANY, covers=["mish_backward"]),
    functional("softplus", [*ANY, S(T(3, 4), 2.0, 1.0)], covers=["softplus_backward"]),
    functional("logsigmoid", ANY, covers=["logsigmoid_backward"]),
    # Not in special values: the sign of PyTorch's zeros depends on the place in the vector.
    functional("softshrink", [*ANY, S(T(3, 4), 0.2)], gradgrad=False, special=False,
               errors=[E(RuntimeError, "lambda", S(T(3), -1.0))]),
    functional("softsign", ANY),
    functional("tanhshrink", ANY),

    *(Row(name, ANY, gradgrad=False) for name in ("relu_", "selu_", "celu_")),
    Row("threshold_", [S(T(3, 4), 0.3, 1.0)], gradgrad=False),
    functional("elu_", [*ANY, S(T(3, 4), 0.7)], special=False),
    functional("leaky_relu_", [*ANY, S(T(3, 4), 0.3)], special=False, gradgrad=False),
    functional("hardtanh_", [*ANY, S(T(3, 4), -0.5, 0.3)], special=False, gradgrad=False),
]
