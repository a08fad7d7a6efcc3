"""Factorisations in their older forms, which PyTorch keeps beside those of `linalg`: `cholesky`, `geqrf`, `qr` and `svd`."""

from __future__ import annotations

from ..tensor import Tensor, method
from . import factor
from .cholesky import cholesky as factored
from .results import QAndR, Reflections, UAndSAndV, result_type

__all__ = ["cholesky", "geqrf", "qr", "svd"]


@method()
def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """`linalg.cholesky`.

    Shapes: (*, n, n), kept.

    Raises:
        LinAlgError: a matrix is not positive-definite.

    Examples:
        >>> tt.cholesky(tt.tensor([[4.0, 2.0], [2.0, 2.0]]))
        tensor([[2., 0.],
                [1., 1.]])
    """
    return factored(input, upper=upper)


@method()
def geqrf(input: Tensor) -> Reflections:
    """`linalg.qr` as LAPACK keeps it, for `linalg.householder_product`; without a gradient.

    Shapes: (*, m, n) -> (*, m, n), R above the vectors of the reflections, and (*, min(m, n)), their factors.

    Raises:
        RuntimeError: the input has fewer than 2 dimensions, or is not of a floating point dtype.

    Examples:
        >>> a, tau = tt.geqrf(tt.tensor([[3.0], [4.0]]))
        >>> a[0].abs()
        tensor([5.])
    """
    return factor.reflections(input)


QrResult = result_type("qr", QAndR)


@method()
def qr(input: Tensor, some: bool = True) -> QAndR:
    """`linalg.qr` of mode "reduced", or "complete" where `some` is False.

    Shapes: (*, m, n) -> (*, m, k), (*, k, n), k being min(m, n), or m where `some` is False.

    Raises:
        RuntimeError: the input has fewer than 2 dimensions, or is not of a floating point dtype.

    Examples:
        >>> tt.qr(tt.tensor([[3.0], [4.0]])).R.abs()
        tensor([[5.]])
    """
    result: QAndR = QrResult(factor.qr(input, "reduced" if some else "complete"))
    return result


SvdResult = result_type("svd", UAndSAndV)


@method()
def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> UAndSAndV:
    """`linalg.svd` with V in place of its transpose: `U diag(S) V^T = input`.

    Args:
        input: (*, m, n).
        some: give the first min(m, n) columns of U and V alone.
        compute_uv: if False, U and V are all of their columns, and zero.

    Shapes: (*, m, n) -> (*, m, k), (*, k), (*, n, k), k being min(m, n); m and n columns where `some` is False.

    Raises:
        RuntimeError: the input has fewer than 2 dimensions, or is not of a floating point dtype.

    Examples:
        >>> U, S, V = tt.svd(tt.tensor([[0.0, 2.0], [1.0, 0.0]]))
        >>> S, (U * S) @ V.mT
        (tensor([2., 1.]), tensor([[0., 2.],
                [1., 0.]]))
    """
    if compute_uv:
        u, s, vh = factor.svd(input, not some)
    else:
        s = factor.svdvals(input)
        (*batch, m, n) = input.shape
        u, vh = input.new_zeros((*batch, m, m)), input.new_zeros((*batch, n, n))
    result: UAndSAndV = SvdResult((u, s, vh.mT))
    return result
