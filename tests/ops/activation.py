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
    Row("selu", unary(), special=True, method=False),
    Row("celu", [*unary(), S(T(3, 4), 0.7)], special=True, method=False,
        errors=[E(RuntimeError, "zero", S(T(3), 0.0))]),
    functional("elu", [*ANY, S(T(3, 4), 0.7)], covers=["elu_backward"]),
    # Not in special values: PyTorch's vectorised float32 gives nan for infinities.
    functional("gelu", [*ANY, S(T(3, 4), approximate="tanh")], covers=["gelu_backward"], special=False,
               errors=[E(RuntimeError, "approximate", S(T(3), approximate="sin"))]),
    functional("silu", ANY, covers=["silu_backward"]),
    functional("mish", ANY, covers=["mish_backward"]),
    functional("softplus", [*ANY, S(T(3, 4), 2.0, 1.0), S(T(values=[-1.0, 0.5, 2.0]), -0.0)], covers=["softplus_backward"]),
    functional("logsigmoid", ANY, covers=["logsigmoid_backward"]),
    functional("softsign", ANY),
    functional("tanhshrink", ANY),

    *(Row(name, ANY, gradgrad=False) for name in ("selu_", "celu_")),
    functional("elu_", [*ANY, S(T(3, 4), 0.7)], special=False),
]
