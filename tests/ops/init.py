"""Rows of tinytensor/nn/init.py. The default generator is seeded before each call: values are PyTorch's."""

from op_row import FLOATS, E, Row, S, T
from ops.random import seeded

WEIGHTS = [T(3, 4), T(20, 30), T(4, 2, 3)]
FEW = E(ValueError, "fewer than 2|2 or more|2 dim", S(T(3)))


def init(name: str, *arguments: S, weights: list[T] = WEIGHTS, **options: object) -> Row:
    """A row of an initialisation: a few weights, each with the given further arguments."""
    samples = [S(w, *a.args, **a.kwargs) for w in weights for a in arguments or (S(),)]
    return Row(f"nn.init.{name}", samples, fn=seeded(f"nn.init.{name}"), dtypes=FLOATS, grad=False, gradgrad=False,
               layouts=False, method=False, inplace=False, **options)  # type: ignore[arg-type]  # fmt: skip


ROWS = [
    init("uniform_", S(), S(-2.0, 3.0)),
    init("normal_", S(), S(mean=1.0, std=0.02)),
    init("trunc_normal_", S(), S(std=0.02, a=-0.05, b=0.04), S(a=1.5, b=3.0), weights=[T(20, 30)]),
    init("constant_", S(0.3)),
    init("ones_"),
    init("zeros_"),
    init("eye_", weights=[T(3, 5), T(4, 2)], errors=[FEW]),
    init("dirac_", weights=[T(3, 4, 3), T(4, 2, 3, 3), T(2, 2, 3, 1, 3)],
         errors=[E(ValueError, "3, 4", S(T(3, 3))), E(ValueError, "divisible", S(T(3, 3, 3), 2))]),
    init("xavier_uniform_", S(), S(gain=2.0), errors=[FEW]),
    init("xavier_normal_", S(), S(2.0), errors=[FEW]),
    init("kaiming_uniform_", S(), S(a=5**0.5), S(mode="fan_out", nonlinearity="relu"), errors=[FEW]),
    init("kaiming_normal_", S(), S(nonlinearity="tanh"),
         errors=[FEW, E(ValueError, "Mode fan not", S(T(3, 4), mode="fan")),
                 E(ValueError, "nonlinearity", S(T(3, 4), nonlinearity="softsign"))]),
    init("orthogonal_", S(), S(gain=2.0), errors=[FEW], covers=["qr"], rtol=1e-5, atol=1e-6),
    init("sparse_", S(0.3), S(0.5, std=1.0), weights=[T(3, 4), T(20, 30)], errors=[E(ValueError, "2", S(T(3), 0.1))]),
]  # fmt: skip
