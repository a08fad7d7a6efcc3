"""Rows of tinytensor/ops/dropout.py. The default generator is seeded before each call: masks are PyTorch's.

Layouts are not tried: masks are drawn in the order of the memory.
"""

from op_row import FLOATS, E, Row, S, T
from ops.random import seeded

OUTSIDE = E(ValueError, "between 0 and 1", S(T(3, 4, 5), 1.5))


def row(name: str, *samples: S, **options: object) -> Row:
    """A row of a function of nn.functional, differentiable once its mask is drawn."""
    return Row(f"nn.functional.{name}", samples, fn=seeded(f"nn.functional.{name}"), dtypes=FLOATS,
               layouts=False, method=False, inplace=False, **options)  # type: ignore[arg-type]  # fmt: skip


ROWS = [
    row("dropout", S(T(3, 4)), S(T(40), 0.2), S(T(), 0.5), S(T(0, 3)), S(T(5), 0.0), S(T(5), 1.0),
        S(T(5), 0.5, False), S(T(5), p=0.5, training=True, inplace=False), errors=[OUTSIDE]),
    row("dropout1d", S(T(2, 6, 3), 0.4), S(T(6, 3), 0.4), S(T(2, 6, 3), 0.4, False),
        errors=[OUTSIDE, E(RuntimeError, "dropout1d", S(T(4), 0.5))]),
    row("dropout2d", S(T(2, 6, 2, 2), 0.4), S(T(2, 6, 2, 2), 1.0), S(T(2, 6, 2, 2), 0.4, False), errors=[OUTSIDE]),
    row("dropout3d", S(T(2, 6, 2, 1, 2), 0.4), S(T(6, 2, 1, 2), 0.4), errors=[OUTSIDE]),
    row("alpha_dropout", S(T(40), 0.4, True), S(T(40), 1.0, True), S(T(5), 0.4), errors=[OUTSIDE]),
    row("feature_alpha_dropout", S(T(2, 6, 3), 0.4, True), S(T(5), 0.4), errors=[OUTSIDE]),
    Row("feature_dropout", [S(T(2, 6, 3), 0.4, True), S(T(2, 6, 3), 0.4, False)], fn=seeded("feature_dropout"),
        dtypes=FLOATS, layouts=False, method=False, inplace=False,
        errors=[E(RuntimeError, "2 dimensions", S(T(5), 0.4, True))]),
]  # fmt: skip
