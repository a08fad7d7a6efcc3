"""Rows of tinytensor/ops/adaptive.py."""

from op_row import FLOATS, E, Row, S, T
from ops.pooling import SIZES, image


def parts(n):
    return [S(image(n, 2, 3, distinct=True), 2), S(image(n, 3, distinct=True), 3), S(image(n, 1, 2, distinct=True), 1),
            S(T(1, 2, *(6, 4, 8)[:n], distinct=True), 2), S(image(n, 1, 2, grad=False), 0)]


ROWS = [
    *(Row(f"nn.functional.adaptive_avg_pool{n}d", [*parts(n), S(T(2, *[0] * n, grad=False), 1)],
          dtypes=FLOATS, method=False, covers=[f"adaptive_avg_pool{n}d", "adaptive_avg_pool", "adaptive_avg_pool_backward"],
          errors=[E(RuntimeError, "output_size", S(image(n, 1, 2), (1,) * (n + 1))),
                  E(RuntimeError, "greater than or equal", S(image(n, 1, 2), -1))])
      for n in SIZES),
    *(Row(f"nn.functional.adaptive_max_pool{n}d", [*parts(n), S(image(n, 1, 2, distinct=True), 2, return_indices=True)],
          dtypes=FLOATS, method=False, covers=[f"adaptive_max_pool{n}d", "adaptive_max_pool"],
          errors=[E(RuntimeError, "non-zero", S(T(2, 0, *[3] * n), 2))])
      for n in SIZES),
]
