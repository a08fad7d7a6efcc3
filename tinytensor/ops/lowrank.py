"""Randomised factorisations of matrices of low rank (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.1)."""

from __future__ import annotations

from ..tensor import Tensor
from .factor import qr, svd
from .random import randn

__all__ = ["pca_lowrank", "svd_lowrank"]


def _basis(a: Tensor, q: int, rounds: int, mean: Tensor | None) -> Tensor:
    """Orthonormal columns (*, m, q) that span nearly what the columns of `a - mean` span."""

    def times(b: Tensor, transposed: bool) -> Tensor:
        y = (a.mT if transposed else a) @ b
        return y if mean is None else y - (mean.mT if transposed else mean) @ b

    columns = qr(times(randn(a.shape[-1], q, dtype=a.dtype), False)).Q
    for _ in range(rounds):
        rows = qr(times(columns, True)).Q
        columns = qr(times(rows, False)).Q
    return columns


def svd_lowrank(
    A: Tensor, q: int | None = 6, niter: int | None = 2, M: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """The `q` largest singular values of `A - M` and their vectors, nearly: `U diag(S) V^T` approximates it.

    Args:
        A: (*, m, n).
        q: how many; a little more than the rank that is expected.
        niter: rounds that improve the basis.
        M: a mean, broadcast to A.

    Returns:
        (U, S, V): (*, m, q), (*, q), (*, n, q). They depend on random draws.

    Examples:
        >>> A = tt.ones(5, 2) @ tt.ones(2, 4)
        >>> U, S, V = tt.svd_lowrank(A, q=2)
        >>> tt.allclose((U * S) @ V.mT, A, atol=1e-5)
        True
    """
    if A.ndim < 2:
        raise ValueError(f"svd_lowrank: expected a tensor of 2 or more dimensions, got shape {tuple(A.shape)}")
    if not A.dtype.is_floating_point:
        raise RuntimeError(f"svd_lowrank: expected a floating point dtype, got {A.dtype}")
    mean = None if M is None else M.broadcast_to(A.shape)
    wide = A.shape[-2] < A.shape[-1]
    if wide:
        A, mean = A.mT, None if mean is None else mean.mT
    columns = _basis(A, 6 if q is None else q, 2 if niter is None else niter, mean)
    small = columns.mT @ A
    if mean is not None:
        small = small - columns.mT @ mean
    u, s, vh = svd(small, full_matrices=False)
    left, right = columns @ u, vh.mT
    return (right, s, left) if wide else (left, s, right)


def pca_lowrank(A: Tensor, q: int | None = None, center: bool = True, niter: int = 2) -> tuple[Tensor, Tensor, Tensor]:
    """Principal components, nearly: `svd_lowrank` of A without the means of its columns.

    Args:
        A: (*, m, n): m samples of n features.
        q: how many components; min(6, m, n) by default.
        center: take the means off first.
        niter: rounds that improve the basis.

    Returns:
        (U, S, V): (*, m, q), (*, q), (*, n, q): the columns of V are the directions, `S**2 / (m - 1)` the variances
        along them. They depend on random draws.

    Raises:
        ValueError: q is not between 0 and min(m, n), or niter is negative.

    Examples:
        >>> points = tt.tensor([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]])
        >>> tt.pca_lowrank(points, q=1)[2].abs()
        tensor([[0.4472],
                [0.8944]])
    """
    if A.ndim < 2:
        raise ValueError(f"pca_lowrank: expected a tensor of 2 or more dimensions, got shape {tuple(A.shape)}")
    least = min(A.shape[-2:])
    if q is None:
        q = min(6, least)
    if not 0 <= q <= least:
        raise ValueError(f"pca_lowrank: q must not be negative nor greater than min(m, n) = {least}, got {q}")
    if niter < 0:
        raise ValueError(f"pca_lowrank: niter must not be negative, got {niter}")
    return svd_lowrank(A - A.mean(-2, True) if center else A, q, niter)
