"""The Cholesky factors of symmetric positive-definite matrices, and what they solve.

Matrices are the last two dimensions, batches of any shape before them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .. import _C
from ..tensor import Tensor, method, primitive
from .creation import eye
from .factor import LinAlgError, check_matrices, lapack, of_diagonal, solve_triangle, solve_triangular
from .results import result_type

__all__ = ["cholesky_inverse", "cholesky_solve"]

# ---- the factor ----


def cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """L with `L L^T = A`, lower triangular, of symmetric positive-definite matrices; with `upper` its transpose.

    Shapes: (*, n, n), kept.

    Raises:
        LinAlgError: a matrix is not positive-definite.

    Examples:
        >>> tt.linalg.cholesky(tt.tensor([[4.0, 2.0], [2.0, 2.0]]))
        tensor([[2., 0.],
                [1., 1.]])
    """
    check_matrices("cholesky", A)
    return _cholesky(A.mT).mT if upper else _cholesky(A)


@primitive
def _cholesky(a: Tensor) -> Any:
    y = lapack("cholesky", np.linalg.cholesky, a)

    def vjp(g: Tensor) -> Tensor:
        inner = (y.mT @ g).tril()
        inner = inner - of_diagonal(inner.diagonal(dim1=-2, dim2=-1)) / 2
        ga = solve_triangle(y.mT, solve_triangle(y.mT, inner.mT, True).mT, True)
        return (ga + ga.mT) / 2

    return y, vjp


class FactorAndInfo(NamedTuple):
    """The factor, and the order of the first leading part that is not positive-definite; 0 where all are."""

    L: Tensor
    info: Tensor


CholeskyExResult = result_type("linalg_cholesky_ex", FactorAndInfo)


def cholesky_ex(A: Tensor, *, upper: bool = False, check_errors: bool = False) -> FactorAndInfo:
    """`cholesky`, which tells of matrices that are not positive-definite rather than raises.

    Shapes: (*, n, n) -> (*, n, n) and (*) of int32: 0, or the order of the first leading part that is not
    positive-definite; the factor is then nan from there on.

    Raises:
        LinAlgError: `check_errors` is set and a matrix is not positive-definite.

    Examples:
        >>> tt.linalg.cholesky_ex(tt.tensor([[1.0, 2.0], [2.0, 1.0]])).info
        tensor(2, dtype=torch.int32)
    """
    check_matrices("cholesky_ex", A)
    info = _C.from_buffer(_first_failures(A.detach().numpy()))
    failed = info != 0
    if bool(failed.any()):
        if check_errors:
            raise LinAlgError(
                "linalg.cholesky: The factorization could not be completed because the input is not positive-definite "
                f"(the leading minor of order {int(info[failed][0])} is not positive-definite)."
            )
        row = _C.from_buffer(np.arange(1, A.shape[-1] + 1))
        sound = (row.unsqueeze(-1) < info[..., None, None]) & (row < info[..., None, None]) | ~failed[..., None, None]
        unit = eye(A.shape[-1], dtype=A.dtype)
        L = cholesky(A.where(sound, unit), upper=upper).masked_fill(~sound, float("nan"))
        L = L.triu() if upper else L.tril()
    else:
        L = cholesky(A, upper=upper)
    result: FactorAndInfo = CholeskyExResult((L, info))
    return result


def _first_failures(a: Any) -> Any:
    """The order of the first leading part of each matrix that has no factor; 0 where the matrix has one."""

    def fails(x: Any) -> bool:
        try:
            np.linalg.cholesky(x)
        except np.linalg.LinAlgError:
            return True
        return False

    info = np.zeros(a.shape[:-2], dtype=np.int32)
    if fails(a):
        for at in np.ndindex(info.shape):
            orders = range(1, a.shape[-1] + 1)
            info[at] = next((k for k in orders if fails(a[at][:k, :k])), 0)
    return info


# ---- systems ----


@method()
def cholesky_solve(input: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """X with `A X = B`, given the Cholesky factor of A.

    Args:
        input: B (*, n, k).
        L: (*, n, n), lower triangular with `L L^T = A`; or
        upper: upper triangular, with `L^T L = A`.

    Returns:
        as B; batches broadcast.

    Raises:
        RuntimeError: sizes or dtypes do not fit.

    Examples:
        >>> L = tt.linalg.cholesky(tt.tensor([[4.0, 2.0], [2.0, 2.0]]))
        >>> tt.cholesky_solve(tt.tensor([[2.0], [2.0]]), L)
        tensor([[0.],
                [1.]])
    """
    for name, x in (("b", input), ("u", L)):
        if x.ndim < 2:
            raise RuntimeError(f"{name} should have at least 2 dimensions, but has {x.ndim} dimensions instead")
    check_matrices("cholesky_solve", L, input)
    if input.shape[-2] != L.shape[-1]:
        raise RuntimeError(
            f"cholesky_solve: incompatible matrix sizes: each A matrix is {L.shape[-1]} by {L.shape[-1]} "
            f"but each b matrix is {input.shape[-2]} by {input.shape[-1]}"
        )
    L = L.mT if upper else L
    return solve_triangular(L.mT, solve_triangular(L, input, upper=False), upper=True)


@method()
def cholesky_inverse(input: Tensor, upper: bool = False) -> Tensor:
    """The inverse of A, given its Cholesky factor, lower triangular or `upper`.

    Shapes: (*, n, n), kept.

    Raises:
        RuntimeError: the matrices are not square, or not of a floating point dtype.

    Examples:
        >>> tt.cholesky_inverse(tt.tensor([[2.0, 0.0], [0.0, 1.0]]))
        tensor([[0.2500, 0.0000],
                [0.0000, 1.0000]])
    """
    check_matrices("cholesky_inverse", input)
    return cholesky_solve(eye(input.shape[-1], dtype=input.dtype).expand(input.shape), input, upper)
