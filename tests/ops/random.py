"""Rows of tinytensor/ops/random.py. The default generator is seeded before each call: values are PyTorch's.

Layouts are not tried: tensors are filled in the order of their memory. test_random.py compares those too.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from op_row import FLOATS, E, Row, S, T, float64, int64


def seeded(name: str) -> Callable[..., Any]:
    """The op of that name, behind `manual_seed`."""

    def call(package: Any, *args: Any, **kwargs: Any) -> Any:
        package.manual_seed(5)
        found = package
        for part in name.split("."):
            found = getattr(found, part)
        return found(*args, **kwargs)

    return call


def drawn(name: str, samples: Sequence[S], **options: Any) -> Row:
    """A row whose call is seeded."""
    usual = {"gradgrad": False, "layouts": False, "method": False, "inplace": False}
    return Row(name, samples, fn=seeded(name), **{**usual, **options})


def fill(name: str, *arguments: S, dtypes: Sequence[str] = FLOATS, **options: Any) -> Row:
    """A row of an in-place draw: a few shapes, each with the given further arguments."""
    shapes = [T(3, 4), T(), T(0, 3), T(37)]
    samples = [S(x, *a.args, **a.kwargs) for x in shapes for a in arguments]
    return drawn(f"Tensor.{name}", samples, dtypes=dtypes, grad=False, **options)


def over_transposed(package: Any, p: Any) -> Any:
    """Draws whose parameters do not lie in row-major order: each op has an order of its own."""
    rates = p.transpose(0, -1)
    package.manual_seed(5)
    return (
        package.bernoulli(rates), package.bernoulli(rates, 0.3), package.poisson(9 * rates),
        rates.clone().bernoulli_(0.3), rates.clone().uniform_(), package.rand_like(rates),
    )  # fmt: skip


SIZES = [S(3), S(2, 3), S((2, 3)), S(size=(2, 3)), S(0), S(()), S(40), S(2, dtype=float64), S(33, dtype=float64)]
LIKES = [S(T(3, 4)), S(T()), S(T(0, 3)), S(T(3), dtype=float64)]
WEIGHTS = T(9, low=0.1, high=1.0, grad=False)


ROWS = [
    drawn("rand", SIZES, grad=False,
          errors=[E(RuntimeError, "negative", S(-1)), E(NotImplementedError, "int64|Long", S(2, dtype=int64)),
                  E(TypeError, "", S())]),
    drawn("randn", SIZES, grad=False,
          errors=[E(RuntimeError, "negative", S(-1)), E(NotImplementedError, "int64|Long", S(2, dtype=int64))]),
    drawn("normal", [S(1.0, 2.0, (5,)), S(1.0, 2.0, (4, 5)), S(T(3, 4), 2.0), S(T(20)),
                     S(0.5, T(7, low=0.1)), S(T(3, 1), T(4, low=0.1))],
          dtypes=FLOATS, grad=False,
          errors=[E(RuntimeError, "std", S(0.0, -1.0, (2,))), E(TypeError, "", S(1.0, 2.0))]),
    drawn("rand_like", LIKES, dtypes=FLOATS, grad=False),
    drawn("randn_like", LIKES, dtypes=FLOATS, grad=False),
    fill("uniform_", S(), S(-1.0, 3.0), errors=[E(RuntimeError, "from", S(T(2), 2.0, 1.0)),
                                                E(NotImplementedError, "int64|Long", S(T(2)), dtype="int64")]),
    fill("normal_", S(), S(1.0, 3.0), errors=[E(RuntimeError, "std", S(T(2), 0.0, -1.0))]),
    fill("log_normal_", S(), S(0.5, 0.1), errors=[E(RuntimeError, "std", S(T(2), 0.0, 0.0))]),
    fill("exponential_", S(), S(2.0), errors=[E(RuntimeError, "lambda", S(T(2), 0.0)),
                                              E(RuntimeError, "floating", S(T(2)), dtype="int64")]),
    fill("cauchy_", S(), S(1.0, 2.0), errors=[E(RuntimeError, "sigma", S(T(2), 0.0, 0.0))]),
    fill("geometric_", S(0.3), dtypes=[*FLOATS, "int64", "int32"],
         errors=[E(RuntimeError, "p ", S(T(2), 0.0)), E(NotImplementedError, "bool", S(T(2), 0.5), dtype="bool")]),
    fill("bernoulli_", S(), S(0.2), dtypes=[*FLOATS, "int64", "bool"],
         errors=[E(RuntimeError, "p", S(T(2), 1.5)), E(RuntimeError, "", S(T(2), T(3, low=0.0, high=1.0)))]),
    drawn("bernoulli", [S(T(3, 4, low=0, high=1)), S(T(low=0, high=1)), S(T(0, 3)), S(T(3, 4, grad=False), 0.3),
                        S(T(3, grad=False), p=1.0)],
          dtypes=FLOATS, grad=False,
          errors=[E(RuntimeError, "", S(T(values=[0.5, 2.0])))]),
    drawn("poisson", [S(T(3, 4, low=0, high=30)), S(T(low=0, high=3)), S(T(0, 3))], dtypes=FLOATS, grad=False,
          errors=[E(RuntimeError, "negative", S(T(values=[-1.0])))]),
    drawn("multinomial", [S(WEIGHTS, 1), S(WEIGHTS, 4), S(WEIGHTS, 1, True), S(WEIGHTS, 30, replacement=True),
                          S(T(2, 5, low=0.1, high=1.0, grad=False), 3), S(T(0, 3, grad=False), 1)],
          dtypes=[*FLOATS, "int64"], grad=False,
          errors=[E(RuntimeError, "sum|<= 0", S(T(values=[0.0, 0.0]), 1)),
                  E(RuntimeError, "nan|< 0|NaN", S(T(values=[0.5, math.nan]), 2, True)),
                  E(RuntimeError, "replacement", S(T(2, low=0.1), 3)), E(RuntimeError, "n_sample", S(WEIGHTS, 0)),
                  E(RuntimeError, "1 or 2", S(T(1, 2, 3, low=0.1), 1))],
          covers=["seed"]),
    Row("draws over a transposed tensor", [S(T(*sizes, low=0, high=1, grad=False)) for sizes in ((3, 4), (4, 1, 3, 3))],
        fn=over_transposed, dtypes=FLOATS, grad=False, layouts=False),
    Row("indices over transposed weights", [S(T(3, 4, low=0.1, high=1, grad=False), n) for n in (1, 2)],
        fn=lambda package, p, n: seeded("multinomial")(package, p.T, n), dtypes=FLOATS, grad=False, layouts=False),
    drawn("binomial",
        [S(T(3, 4, low=3, high=12, dtype=d, grad=False), T(3, 4, low=0.0, high=1.0, dtype=d, grad=False)) for d in FLOATS]
        + [S(T(200, low=50, high=400, dtype=d, grad=False), T(200, low=0.0, high=1.0, dtype=d, grad=False)) for d in FLOATS]
        + [S(T(values=[0.0, 5.0, 7.0, 7.0, 3.0], grad=False), T(values=[0.5, 0.0, 1.0, 0.5, float("nan")], grad=False))],
        dtypes=FLOATS, grad=False,
        errors=[E(RuntimeError, "dtype", S(T(3), T(3, dtype="float64"))),
                E(ValueError, "floating-point", S(T(3), T(3)), dtype="int64"),
                # PyTorch broadcasts some shapes and reads beyond the end of others
                E(RuntimeError, "one shape", S(T(3), T(2)), torch=False)]),
]
