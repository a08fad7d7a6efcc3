"""The exponential of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor, method, primitive
from .factor import check_matrices, lapack
from .join import cat

__all__ = ["matrix_exp"]

# The diagonal Pade approximant of order 13: numerator sum(c_k A^k), denominator the same of -A.
_PADE = [1.0]
for _k in range(13):
    _PADE.append(_PADE[-1] * (13 - _k) / ((26 - _k) * (_k + 1)))
_LARGEST_NORM = 5.371920351148152  # up to which it is exact to the last bits of float64


@method()
def matrix_exp(input: Tensor) -> Tensor:
    """The exponentials of square matrices, `sum(A^k / k!)`; computed in float64.

    Shapes: (*, n, n), kept.

    Raises:
        RuntimeError: the matrices are not square, or not of a floating point dtype.

    Examples:
        >>> tt.matrix_exp(tt.tensor([[0.0, 1.0], [0.0, 0.0]]))
        tensor([[1., 1.],
                [0., 1.]])

    Source: Higham, "The Scaling and Squaring Method for the Matrix Exponential Revisited", 2005.
    """
    check_matrices("matrix_exp", input)
    return _matrix_exp(input)


@primitive
def _matrix_exp(a: Tensor) -> Any:
    y = lapack("matrix_exp", _exponential, a)

    def vjp(g: Tensor) -> Tensor:
        n = a.shape[-1]
        upper, lower = cat((a.mT, g), -1), cat((g * 0, a.mT), -1)
        return matrix_exp(cat((upper, lower), -2))[..., :n, n:]

    return y, vjp


def _exponential(a: Any) -> Any:
    """By scaling with a power of two, the approximant, and as many squarings."""
    if a.size == 0:
        return a.copy()
    x = a.astype(np.float64)
    norms = np.abs(x).sum(-2).max(-1)
    halvings = np.maximum(np.ceil(np.log2(np.maximum(norms, 1e-300) / _LARGEST_NORM)), 0)
    halvings = np.where(np.isfinite(halvings), halvings, 0)
    x = x * np.exp2(-halvings)[..., None, None]
    unit = np.eye(x.shape[-1])
    x2 = x @ x
    x4, c = x2 @ x2, _PADE
    x6 = x2 @ x4
    odd = x @ (x6 @ (c[13] * x6 + c[11] * x4 + c[9] * x2) + c[7] * x6 + c[5] * x4 + c[3] * x2 + c[1] * unit)
    even = x6 @ (c[12] * x6 + c[10] * x4 + c[8] * x2) + c[6] * x6 + c[4] * x4 + c[2] * x2 + unit
    finite = np.isfinite(norms)[..., None, None]
    y = np.linalg.solve(np.where(finite, even - odd, unit), even + odd)
    for step in range(int(halvings.max())):
        y = np.where((step < halvings)[..., None, None], y @ y, y)
    return y.astype(a.dtype)
