"""Rows of tinytensor/ops/pooling.py."""

from op_row import FLOATS, E, Row, S, T

SIZES = {1: (7,), 2: (5, 6), 3: (3, 4, 4)}


def image(n, *lead, **kw):
    return T(*lead, *SIZES[n], **kw)


def windows(n):
    return [S(image(n, 2, 3, distinct=True), 2), S(image(n, 3, distinct=True), 3, 1, 1), S(T(1, *(3, 5, 36)[3 - n :]), 3, 2, 1),
            S(image(n, 1, 2, distinct=True), 2, 2, 1, ceil_mode=True)]


NAN, INF = float("nan"), float("inf")
UNUSUAL = {1: [[[1.0, NAN, NAN, -INF, -INF, INF, 0.0]]]}
UNUSUAL |= {2: [UNUSUAL[1]], 3: [[UNUSUAL[1]]]}
POSITIVE = {"low": 0.1, "high": 2.0}
ROWS = [
    *(Row(f"nn.functional.max_pool{n}d",
          [*windows(n), S(T(values=UNUSUAL[n]), 2, 1, 1, return_indices=True),
           S(T(1, *(1,) * n, grad=False), 2, 4, 1, 2, True, return_indices=True),
           S(image(n, 1, 2, distinct=True), 2, dilation=2, return_indices=True)],
          dtypes=FLOATS, method=False, covers=[f"max_pool{n}d", "max_pool", "max_pool_backward"],
          bench=[S(T(64, 16, 26, 26), 2)] * (n == 2),
          errors=[E(RuntimeError, "half of", S(image(n, 1, 2), 2, padding=2)),
                  E(RuntimeError, "half of", S(image(n, 1, 2), 3, padding=2, dilation=2)),
                  *[E(RuntimeError, "overflow|less than", S(image(n, 1, 2), 2, 2**40))] * (n > 1),
                  E(RuntimeError, "too small|kernel", S(image(n, 1, 2), 9))])
      for n in SIZES),
    *(Row(f"nn.functional.avg_pool{n}d",
          [*windows(n), S(image(n, 1, 2), 2, padding=1, count_include_pad=False)]
          + [S(image(n, 1, 2), 2, divisor_override=3)] * (n > 1) + [S(image(n, 1, 2), 500, None, 1, True)] * (n < 3),
          dtypes=FLOATS, method=False, covers=[f"avg_pool{n}d", "avg_pool", "avg_pool_backward"],
          errors=[E(RuntimeError, "greater than zero|positive", S(image(n, 1, 2), 0, 1)),
                  *[E(RuntimeError, "divisor must be not zero", S(image(n, 1, 2), 2, divisor_override=0))] * (n > 1)])
      for n in SIZES),
    *(Row(f"nn.functional.lp_pool{n}d", [S(image(n, 2, 3, **POSITIVE), 2, 2), S(image(n, 2, 3, **POSITIVE), 3, 2, stride=1),
                                          *(S(image(n, 1, 2), p * float("inf"), 2) for p in (1, -1))],
          dtypes=FLOATS, method=False, rtol=1e-5,  # PyTorch divides by it
          errors=[E(ValueError, "norm_type", S(image(n, 1, 2), 0, 2), torch=False)]) for n in SIZES),
]
