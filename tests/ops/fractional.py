"""Rows of tinytensor/ops/fractional.py."""

from op_row import FLOATS, E, Row, S, T

X, X3 = T(2, 3, 7, 9, distinct=True), T(1, 2, 5, 6, 7, distinct=True)
DRAWN, DRAWN3 = T(2, 3, 2, low=0.0, high=1.0, grad=False), T(1, 2, 3, low=0.0, high=1.0, grad=False)

ROWS = [
    Row("nn.functional.fractional_max_pool2d", [
        S(X, 2, (3, 4), None, True, DRAWN), S(X, (3, 2), output_ratio=(0.5, 0.7), _random_samples=DRAWN),
        S(X, 2, 1, _random_samples=DRAWN), S(X, 1, (7, 9), _random_samples=DRAWN),
        S(T(3, 5, 5), 2, 4, return_indices=True, _random_samples=T(1, 3, 2, low=0.0, high=1.0, grad=False))],
        dtypes=FLOATS,
        errors=[E(ValueError, "either", S(X, 2)),
                E(RuntimeError, "fit", S(X, 2, 7)), E(RuntimeError, "samples", S(X, 2, 3, _random_samples=DRAWN3)),
                E(IndexError, "dimensions", S(T(5, 5), 2, 3))]),
    Row("nn.functional.fractional_max_pool3d", [
        S(X3, 2, (3, 4, 2), None, True, DRAWN3), S(X3, (1, 2, 3), output_ratio=(0.5, 0.5, 0.6), _random_samples=DRAWN3)],
        dtypes=FLOATS),
]
