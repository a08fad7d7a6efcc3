"""Determinants, inverses and linear equations; LAPACK, as NumPy has it, computes.

Matrices are the last two dimensions, batches of any shape before them.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from .. import _C
from .._C import ops as C
from ..tensor import Tensor, method, primitive
from .creation import eye
from .factor import check_matrices, lapack, qr, solve_triangular, svd, svdvals
from .results import SignAndLog, result_type

__all__ = ["det", "inverse", "logdet", "pinverse", "slogdet"]

# ---- determinants ----


@method()
def det(input: Tensor) -> Tensor:
    """Determinants of square matrices.

    Shapes: (*, n, n) -> (*).

    Raises:
        RuntimeError: the matrices are not square, or not of a floating point dtype.

    Examples:
        >>> tt.det(tt.tensor([[2.0, 1.0], [1.0, 3.0]]))
        tensor(5.)
    """
    check_matrices("det", input)
    return _det(input)


@primitive
def _det(a: Tensor) -> Any:
    y = lapack("det", np.linalg.det, a)

    def vjp(g: Tensor) -> Tensor:
        if bool((y == 0).any()):
            return g[..., None, None] * _cofactors(a)
        return (g * y)[..., None, None] * inv(a).mT

    return y, vjp


def _cofactors(a: Tensor) -> Tensor:
    """The derivative of the determinant, of singular matrices too: U diag(products of the other values) V."""
    u, s, v = svd(a, full_matrices=False)
    n = s.shape[-1]
    others = s.unsqueeze(-2).expand(*s.shape, n).masked_fill(eye(n, dtype=_C.bool), 1).prod(-1)
    return (det(u) * det(v))[..., None, None] * ((u * others.unsqueeze(-2)) @ v)


SlogdetResult = result_type("linalg_slogdet", SignAndLog)


@method()
def slogdet(input: Tensor) -> SignAndLog:
    """`(sign, logabsdet)` of the determinants: they neither overflow nor vanish.

    Shapes: (*, n, n) -> (*), (*).

    Examples:
        >>> tt.slogdet(tt.tensor([[0.0, 1.0], [1.0, 0.0]])).sign
        tensor(-1.)
    """
    check_matrices("slogdet", input)
    result: SignAndLog = SlogdetResult(_slogdet(input))
    return result


@primitive
def _slogdet(a: Tensor) -> Any:
    sign, log = lapack("slogdet", lambda x: tuple(np.linalg.slogdet(x)), a)
    return (sign, log), lambda g_sign, g_log: None if g_log is None else g_log[..., None, None] * inv(a).mT


@method()
def logdet(input: Tensor) -> Tensor:
    """The logarithms of determinants; nan where they are negative.

    Shapes: (*, n, n) -> (*).

    Examples:
        >>> tt.logdet(tt.tensor([[1.0, 0.0], [0.0, 1.0]]))
        tensor(0.)
    """
    sign, log = slogdet(input)
    return log.masked_fill(sign < 0, math.nan)


# ---- inverses and equations ----


def inv(A: Tensor) -> Tensor:
    """Inverses of square matrices.

    Shapes: (*, n, n), kept.

    Raises:
        LinAlgError: a matrix is singular.
        RuntimeError: the matrices are not square, or not of a floating point dtype.

    Examples:
        >>> tt.linalg.inv(tt.tensor([[2.0, 0.0], [0.0, 4.0]]))
        tensor([[0.5000, 0.0000],
                [0.0000, 0.2500]])
    """
    check_matrices("inv", A)
    return _inv(A)


@primitive
def _inv(a: Tensor) -> Any:
    y = lapack("inv", np.linalg.inv, a)
    return y, lambda g: -(y.mT @ g @ y.mT)


class InverseAndInfo(NamedTuple):
    """Inverses, and the first pivot that is zero, counted from 1; 0 where none is."""

    inverse: Tensor
    info: Tensor


InvExResult = result_type("linalg_inv_ex", InverseAndInfo)


def inv_ex(A: Tensor, *, check_errors: bool = False) -> InverseAndInfo:
    """`inv`, which tells of singular matrices rather than raises: their inverses are nan.

    Shapes: (*, n, n) -> (*, n, n) and (*) of int32: 0, or the first pivot that is zero, counted from 1.

    Raises:
        LinAlgError: `check_errors` is set and a matrix is singular.

    Examples:
        >>> tt.linalg.inv_ex(tt.tensor([[1.0, 2.0], [2.0, 4.0]])).info
        tensor(2, dtype=torch.int32)
    """
    check_matrices("inv_ex", A)
    if check_errors:
        return InvExResult((inv(A), C.full(0, A.shape[:-2], _C.int32)))
    sound, singular, info = _regular(A)
    return InvExResult((inv(sound).masked_fill(singular, math.nan), info))


def _regular(A: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The matrices with the identity in place of those that are singular, which these are, and their first zero pivots."""
    info = C.lu_factor(A.detach())[2]
    singular = (info != 0)[..., None, None]
    return A.where(~singular, eye(A.shape[-1], dtype=A.dtype)), singular, info


@method()
def inverse(input: Tensor) -> Tensor:
    """Inverses of square matrices: `linalg.inv`.

    Shapes: (*, n, n), kept.

    Examples:
        >>> tt.inverse(tt.tensor([[2.0, 0.0], [0.0, 4.0]]))
        tensor([[0.5000, 0.0000],
                [0.0000, 0.2500]])
    """
    return inv(input)


def _is_vector(a: Tensor, b: Tensor) -> bool:
    """Whether b is a batch of vectors, one for each matrix."""
    return b.ndim == 1 or (a.ndim - 1 == b.ndim and b.shape == a.shape[:-1])


def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """X with `A X = B`, or with `X A = B` where `left` is False.

    Shapes: A (*, n, n); B (*, n, k), or vectors (*, n) -> as B; batches broadcast.

    Raises:
        LinAlgError: a matrix is singular.
        RuntimeError: sizes or dtypes do not fit.

    Examples:
        >>> tt.linalg.solve(tt.tensor([[2.0, 0.0], [0.0, 4.0]]), tt.tensor([2.0, 2.0]))
        tensor([1.0000, 0.5000])
    """
    check_matrices("solve", A, B)
    vector = _is_vector(A, B)
    if vector and not left:
        raise RuntimeError("linalg.solve: Vector broadcasting of the left hand side is not supported for left=False.")
    b = B.unsqueeze(-1) if vector else B
    if b.shape[-2 if left else -1] != A.shape[-1]:
        raise RuntimeError(f"linalg.solve: Incompatible shapes of A and B: {tuple(A.shape)} and {tuple(B.shape)}")
    x = _solve(A, b) if left else _solve(A.mT, b.mT).mT
    return x.squeeze(-1) if vector else x


@primitive
def _solve(a: Tensor, b: Tensor) -> Any:
    x = lapack("solve", np.linalg.solve, a, b)
    return x, lambda g: -(_solve(a.mT, g) @ x.mT), lambda g: _solve(a.mT, g)


class SolutionAndInfo(NamedTuple):
    """Solutions, and the first pivot that is zero, counted from 1; 0 where none is."""

    result: Tensor
    info: Tensor


SolveExResult = result_type("linalg_solve_ex", SolutionAndInfo)


def solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False) -> SolutionAndInfo:
    """`solve`, which tells of singular matrices rather than raises: their solutions are nan.

    Shapes: as in `solve`; `info` as in `inv_ex`.

    Raises:
        LinAlgError: `check_errors` is set and a matrix is singular.
        RuntimeError: sizes or dtypes do not fit.

    Examples:
        >>> tt.linalg.solve_ex(tt.tensor([[2.0, 0.0], [0.0, 4.0]]), tt.tensor([2.0, 2.0])).result
        tensor([1.0000, 0.5000])
    """
    check_matrices("solve_ex", A, B)
    if check_errors:
        return SolveExResult((solve(A, B, left=left), C.full(0, A.shape[:-2], _C.int32)))
    sound, singular, info = _regular(A)
    x = solve(sound, B, left=left)
    singular = singular.squeeze(-1) if _is_vector(A, B) else singular
    return SolveExResult((x.masked_fill(singular, math.nan), info))


def pinv(A: Tensor, rcond: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None) -> Tensor:
    """Pseudoinverses (Moore-Penrose).

    Args:
        A: (*, m, n).
        rcond: the older name of rtol.
        hermitian: A is symmetric; its upper triangle is not looked at.
        atol: singular values not larger than this count as zero.
        rtol: as `atol`, relative to the largest; max(m, n) times the precision of the dtype if neither is given.

    Returns:
        (*, n, m)

    Examples:
        >>> tt.linalg.pinv(tt.tensor([[2.0, 0.0], [0.0, 0.0]]))
        tensor([[0.5000, 0.0000],
                [0.0000, 0.0000]])
    """
    check_matrices("pinv", A, square=hermitian and A.numel() > 0)
    rtol = rcond if rtol is None else rtol
    if rtol is None:
        rtol = 0.0 if atol is not None else max(A.shape[-2:]) * float(np.finfo(A.detach().numpy().dtype).eps)
    relative, absolute = (
        x.detach().numpy()[..., None, None] if isinstance(x, Tensor) else x for x in (rtol, atol or 0.0)
    )
    return _pinv(A, relative, absolute, hermitian)


@primitive
def _pinv(a: Tensor, rtol: Any, atol: Any, hermitian: bool) -> Any:
    def compute(x: Any) -> Any:
        if hermitian and x.size:
            x = np.tril(x) + np.swapaxes(np.tril(x, -1), -1, -2)
        u, s, v = np.linalg.svd(x, full_matrices=False)
        s = s[..., None, :]
        small = ~(s > np.maximum(atol, rtol * s.max(-1, keepdims=True, initial=0)))  # nan is no limit that is passed
        inverse = np.where(small, 0, 1 / np.where(small, 1, s)).astype(s.dtype)
        return np.swapaxes(v, -1, -2) * inverse @ np.swapaxes(u, -1, -2)

    y = lapack("pinv", compute, a)

    def vjp(g: Tensor) -> Tensor:
        h = g.mT
        if a.shape[-2] <= a.shape[-1]:
            k = h @ y
            outer = k @ y.mT
            return outer - (y @ k).mT - (a @ y) @ outer + (y.mT @ y) @ (h - k @ a)
        k = y @ h
        inner = y.mT @ k
        return inner - (k @ y).mT + (h - a @ k) @ y @ y.mT - (inner @ y) @ a

    return y, vjp


@method()
def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """Pseudoinverses: `linalg.pinv` with a relative limit for what counts as zero.

    Shapes: (*, m, n) -> (*, n, m).

    Examples:
        >>> tt.pinverse(tt.tensor([[2.0], [0.0]]))
        tensor([[0.5000, 0.0000]])
    """
    return pinv(input, rcond)


class LeastSquares(NamedTuple):
    """What `lstsq` gives."""

    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor


LstsqResult = result_type("linalg_lstsq", LeastSquares)


def lstsq(A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None) -> LeastSquares:
    """X with the smallest `|A X - B|`, and of those the smallest X.

    Args:
        A: (*, m, n).
        B: (*, m, k), or vectors (*, m).
        rcond: relative limit of singular values that count as zero.
        driver: "gelsy", "gelsd", "gelss" or "gels"; it decides which of rank and singular values are given.

    Returns:
        (solution, residuals, rank, singular_values); residuals where m > n and A has full rank.

    Examples:
        >>> tt.linalg.lstsq(tt.tensor([[1.0], [1.0]]), tt.tensor([[1.0], [3.0]])).solution.round()
        tensor([[2.]])
    """
    check_matrices("lstsq", A, B, square=False)
    if driver not in (None, "gelsy", "gelsd", "gelss", "gels"):
        raise RuntimeError(
            f"linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss), got {driver}"
        )
    if not 0 <= A.ndim - B.ndim <= 1:
        raise RuntimeError(
            f"linalg.lstsq: B must have as many dimensions as A or one less, got {tuple(A.shape)} and {tuple(B.shape)}"
        )
    vector = _is_vector(A.transpose(-1, -2), B) or B.ndim == A.ndim - 1
    b = B.unsqueeze(-1) if vector else B
    if b.shape[-2] != A.shape[-2]:
        raise RuntimeError(f"linalg.lstsq: A and B must have as many rows, got {tuple(A.shape)} and {tuple(B.shape)}")
    m, n = A.shape[-2:]
    limit = (max(m, n) * (2.0**-23 if A.itemsize == 4 else 2.0**-52)) if rcond is None else rcond
    values = None
    x = None if driver in ("gelsd", "gelss") or not A.numel() else _full_rank_solution(A, b, limit)
    if x is None:
        x, values = pinv(A, rcond) @ b, svdvals(A.detach())
        rank = (values > limit * values.amax(-1, True)).sum(-1) if values.numel() else values.sum(-1).long()
    else:
        rank = C.full(min(m, n), A.shape[:-2], _C.int64)
    none = x.reshape(-1)[:0]
    full = m > n and driver != "gelsy" and bool((rank == n).all())
    residuals = (A @ x - b).square().sum(-2) if full else none
    given = values if driver in ("gelsd", "gelss") else none.detach()
    result: LeastSquares = LstsqResult(
        (x.squeeze(-1) if vector else x, residuals, none.long() if driver == "gels" else rank, given)
    )
    return result


def _full_rank_solution(A: Tensor, b: Tensor, limit: float) -> Tensor | None:
    """By triangles: `A = Q R`, or its transpose where A is wide. None unless the rank is full beyond doubt.

    The condition number of R is at most the product of the Frobenius norms of R and its inverse.
    """
    wide = A.shape[-2] < A.shape[-1]
    q, r = qr(A.mT if wide else A)
    triangle = r.detach()
    inverse = solve_triangular(triangle, eye(r.shape[-1], dtype=A.dtype), upper=True)
    bound = triangle.square().sum((-2, -1)) * inverse.square().sum((-2, -1)) * limit**2
    if not bool((bound < 1).all()):  # nan included
        return None
    if wide:
        return q @ solve_triangular(r.mT, b, upper=False)
    return solve_triangular(r, q.mT @ b, upper=True)
