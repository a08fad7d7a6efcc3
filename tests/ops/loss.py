"""Rows of tinytensor/ops/loss.py."""

import math

from op_row import FLOATS, E, Row, S, T

REDUCTIONS = ("mean", "sum", "none")
PAIR = [*(S(T(3, 4), T(3, 4), reduction=r) for r in REDUCTIONS), S(T(), T()), S(T(37), T(37))]


def F(name, samples, **options):
    return Row(f"nn.functional.{name}", samples, **{"dtypes": FLOATS, "method": False, **options})


ROWS = [
    F("mse_loss", PAIR),
    F("l1_loss", [*PAIR, S(T(3, 4, grad=False), T(dtype="int64"), reduction="none"),
                  S(T(3, 4, grad=False), T(dtype="float64", grad=False))]),
    F("smooth_l1_loss", [*PAIR, S(T(3, 4), T(3, 4), beta=0.3), S(T(3, 4), T(3, 4), beta=0)],
      errors=[E(RuntimeError, "beta", S(T(3), T(3), beta=math.nan))]),
    F("huber_loss", [*PAIR, S(T(3, 4), T(3, 4), delta=0.3)],
      errors=[E(RuntimeError, "cast", S(T(3, dtype="int64"), T(3))),
              E(RuntimeError, "delta", S(T(3), T(3), delta=math.nan))]),
]
