"""Factorisations, and systems of the triangles they give; LAPACK, as NumPy has it, computes.

Matrices are the last two dimensions, batches of any shape before them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import _C
from .._C import ops as C
from ..tensor import Tensor, primitive
from .broadcast import broadcast_shapes
from .creation import eye
from .join import cat
from .results import QAndR, Reflections, result_type


class LinAlgError(RuntimeError):
    """What a factorisation of a matrix that has none raises.

    Examples:
        >>> try:
        ...     tt.linalg.inv(tt.zeros(2, 2))
        ... except tt.linalg.LinAlgError as error:
        ...     print(error)
        linalg.inv: the input matrix is singular
    """


# ---- NumPy ----


def lapack(name: str, compute: Callable[..., Any], *tensors: Tensor) -> Any:
    """What `compute` makes of the arrays, as tensors.

    Raises:
        LinAlgError: LAPACK found no answer.
    """
    try:
        with np.errstate(all="ignore"):
            result = compute(*(x.detach().numpy() for x in tensors))
    except np.linalg.LinAlgError as error:
        raise LinAlgError(f"linalg.{name}: {_MEANING.get(str(error), str(error))}") from None
    many = isinstance(result, tuple)
    made = tuple(_C.from_buffer(np.array(y, order="C")) for y in (result if many else (result,)))
    return made if many else made[0]


_MEANING = {
    "Singular matrix": "the input matrix is singular",
    "Matrix is not positive definite": "The factorization could not be completed because the input is not "
    "positive-definite",
}


def check_matrices(name: str, *matrices: Tensor, square: bool = True) -> None:
    """Raises where these are no matrices of one floating point dtype; the first square, unless told otherwise."""
    for a in matrices:
        if not isinstance(a, Tensor):
            raise TypeError(f"linalg.{name}: expected a Tensor, got {type(a).__name__}")
        if not a.dtype.is_floating_point:
            raise RuntimeError(f"linalg.{name}: Expected a floating point tensor as input. Got {a.dtype}")
        if a.dtype != matrices[0].dtype:
            raise RuntimeError(f"linalg.{name}: expected tensors of one dtype, got {matrices[0].dtype} and {a.dtype}")
    a = matrices[0]
    if a.ndim < 2:
        raise RuntimeError(f"linalg.{name}: The input tensor A must have at least 2 dimensions.")
    if square and a.shape[-1] != a.shape[-2]:
        raise RuntimeError(
            f"linalg.{name}: A must be batches of square matrices, but they are {a.shape[-2]} by {a.shape[-1]} matrices"
        )


def of_diagonal(d: Tensor) -> Tensor:
    """Matrices with these diagonals."""
    return d.unsqueeze(-1) * eye(d.shape[-1], dtype=d.dtype)


def _counts(g: Tensor) -> bool:
    """Whether a gradient of vectors is to be divided by gaps between values: of vectors nobody used it is zero."""
    return g.requires_grad or bool(g.any())


# ---- triangles ----


def solve_triangular(A: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Tensor:
    """As `solve`, of the upper or lower triangle of A alone; `unitriangular` takes its diagonal as ones.

    Shapes: A (*, n, n), B (*, n, k) -> as B; batches broadcast. A zero on the diagonal gives infinities and nan.

    Examples:
        >>> tt.linalg.solve_triangular(tt.tensor([[2.0, 0.0], [2.0, 1.0]]), tt.tensor([[2.0], [3.0]]), upper=False)
        tensor([[1.],
                [1.]])
    """
    check_matrices("solve_triangular", A, B)
    if B.ndim < 2 or B.shape[-2 if left else -1] != A.shape[-1]:
        raise RuntimeError(
            f"linalg.solve_triangular: Incompatible shapes of A and B: {tuple(A.shape)} and {tuple(B.shape)}"
        )
    if left:
        return solve_triangle(A, B, upper, unitriangular)
    return solve_triangle(A.mT, B.mT, not upper, unitriangular).mT


@primitive
def solve_triangle(a: Tensor, b: Tensor, upper: bool, unit: bool = False) -> Any:
    """`solve_triangular` from the left, of arguments that fit."""
    batch = a.shape[:-2] if a.shape[:-2] == b.shape[:-2] else broadcast_shapes(a.shape[:-2], b.shape[:-2])
    x = C.solve_triangle(*(C.expand(y, (*batch, *y.shape[-2:])) for y in (a, b)), upper, unit)

    def of_triangle(g: Tensor) -> Tensor:
        whole = -(solve_triangle(a.mT, g, not upper, unit) @ x.mT)
        return whole.triu(int(unit)) if upper else whole.tril(-int(unit))

    return x, of_triangle, lambda g: solve_triangle(a.mT, g, not upper, unit)


# ---- factors ----

_SMALL = 128 * 128  # elements of a matrix for which LAPACK's blocks do not pay

QrResult = result_type("linalg_qr", QAndR)


def qr(A: Tensor, mode: str = "reduced") -> QAndR:
    """Orthogonal Q and upper triangular R with `Q R = A`.

    Shapes: (*, m, n) -> (*, m, k), (*, k, n), where k is min(m, n), or m with mode "complete"; Q is empty with "r".

    Raises:
        RuntimeError: backward of mode "r", or of "complete" with m > n.

    Examples:
        >>> Q, R = tt.linalg.qr(tt.tensor([[3.0, 1.0], [4.0, 2.0]]))
        >>> tt.allclose(Q @ R, tt.tensor([[3.0, 1.0], [4.0, 2.0]]))
        True
    """
    check_matrices("qr", A, square=False)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
        )
    result: QAndR = QrResult(_qr(A, mode))
    return result


@primitive
def _qr(a: Tensor, mode: Any) -> Any:
    m, n = a.shape[-2:]
    if a.ndim == 2 and m >= n and m * n <= _SMALL and (mode == "reduced" or (mode == "complete" and m == n)):
        q, r = C.qr(a)
    elif mode == "r":
        q, r = a.new_empty(0), lapack("qr", functools.partial(np.linalg.qr, mode="r"), a)
    else:
        q, r = lapack("qr", lambda x: tuple(np.linalg.qr(x, mode)), a)

    def vjp(gq: Tensor, gr: Tensor) -> Tensor:
        if mode == "r" or (mode == "complete" and m > n):
            raise RuntimeError(f"The QR decomposition is not differentiable when mode='{mode}' and A is {m} by {n}")
        if m >= n:
            return _qr_backward(q, r, gq, gr)
        wide = a[..., m:]  # A is (X, Y) with Y = Q V: what reaches V goes on to Q and to Y
        gx = _qr_backward(q, r[..., :m], gq + wide @ gr[..., m:].mT, gr[..., :m])
        return cat((gx, q @ gr[..., m:]), -1)

    return (q, r), vjp


def _qr_backward(q: Tensor, r: Tensor, gq: Tensor, gr: Tensor) -> Tensor:
    inner = r @ gr.mT - gq.mT @ q
    b = q @ (inner.tril() + inner.tril(-1).mT) + gq
    return solve_triangle(r, b.mT, True).mT


GeqrfResult = result_type("geqrf", Reflections)


def reflections(input: Tensor) -> Reflections:
    """R, and below its diagonal the vectors of the Householder reflections whose product is Q; and their factors.

    Shapes: (*, m, n) -> (*, m, n), (*, min(m, n)); without a gradient.
    """
    check_matrices("geqrf", input, square=False)
    h, tau = lapack("geqrf", lambda x: tuple(y.astype(x.dtype) for y in np.linalg.qr(x, mode="raw")), input)
    result: Reflections = GeqrfResult((h.mT, tau))
    return result


def householder_product(A: Tensor, tau: Tensor) -> Tensor:
    """The first columns of the product of the reflections `1 - tau v v^T`; v is a column of A below a one.

    Args:
        A: (*, m, n) with m >= n; what is above its diagonal, and on it, is not read.
        tau: (*, k), for the first k <= n columns.

    Returns:
        (*, m, n)

    Raises:
        RuntimeError: sizes or dtypes do not fit.

    Examples:
        >>> tt.linalg.householder_product(tt.tensor([[0.0], [1.0]]), tt.tensor([1.0]))
        tensor([[ 0.],
                [-1.]])
    """
    check_matrices("householder_product", A, tau, square=False)
    m, n = A.shape[-2:]
    if m < n or tau.ndim != A.ndim - 1 or tau.shape[-1] > n or tau.shape[:-1] != A.shape[:-2]:
        raise RuntimeError(
            "torch.linalg.householder_product: input.shape[-2] must be greater than or equal to input.shape[-1], and "
            f"tau have as many factors or fewer, got {tuple(A.shape)} and {tuple(tau.shape)}"
        )
    unit = eye(m, n, dtype=A.dtype)
    v = A.tril(-1) + unit
    q = unit.expand(A.shape)
    for i in reversed(range(tau.shape[-1])):
        column = v[..., i : i + 1]
        q = q - tau[..., i, None, None] * (column @ (column.mT @ q))
    return q


class Eigen(NamedTuple):
    """Eigenvalues, ascending, and their eigenvectors in columns."""

    eigenvalues: Tensor
    eigenvectors: Tensor


EighResult = result_type("linalg_eigh", Eigen)


def eigh(A: Tensor, UPLO: str = "L") -> Eigen:
    """Eigenvalues, ascending, and eigenvectors (in columns) of symmetric matrices.

    Args:
        A: (*, n, n), of which one triangle is read.
        UPLO: which: "L" or "U".

    Examples:
        >>> tt.linalg.eigh(tt.tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
        tensor([1., 2.])
    """
    check_matrices("eigh", A)
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    result: Eigen = EighResult(_eigh(A, UPLO.upper()))
    return result


def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of `eigh`.

    Shapes: (*, n, n) -> (*, n).

    Examples:
        >>> tt.linalg.eigvalsh(tt.tensor([[2.0, 0.0], [0.0, 1.0]]))
        tensor([1., 2.])
    """
    return eigh(A, UPLO)[0]


@primitive
def _eigh(a: Tensor, triangle: Any) -> Any:
    w, v = lapack("eigh", lambda x: tuple(np.linalg.eigh(x, triangle)), a)

    def vjp(gw: Tensor, gv: Tensor) -> Tensor:
        inner = of_diagonal(gw)
        if _counts(gv):
            unit = eye(w.shape[-1], dtype=w.dtype)
            gap = w.unsqueeze(-2) - w.unsqueeze(-1) + unit
            inner = inner + (v.mT @ gv) / gap * (1 - unit)
        return v @ inner @ v.mT

    return (w, v), vjp


class Singular(NamedTuple):
    """Orthogonal factors, and the singular values between them, descending."""

    U: Tensor
    S: Tensor
    Vh: Tensor


SvdResult = result_type("linalg_svd", Singular)


def svd(A: Tensor, full_matrices: bool = True, *, driver: str | None = None) -> Singular:
    """`U diag(S) Vh = A` with orthogonal U and Vh and descending S.

    Shapes: (*, m, n) -> (*, m, m), (*, k), (*, n, n), k being min(m, n); without `full_matrices` (*, m, k), (*, k, n).

    Examples:
        >>> tt.linalg.svd(tt.tensor([[3.0, 0.0], [0.0, -4.0]])).S
        tensor([4., 3.])
    """
    check_matrices("svd", A, square=False)
    result: Singular = SvdResult(_svd(A, full_matrices))
    return result


def svdvals(A: Tensor, *, driver: str | None = None) -> Tensor:
    """Singular values, descending.

    Shapes: (*, m, n) -> (*, min(m, n)).

    Examples:
        >>> tt.linalg.svdvals(tt.tensor([[3.0, 0.0], [0.0, -4.0]]))
        tensor([4., 3.])
    """
    return svd(A, False)[1]


@primitive
def _svd(a: Tensor, full: bool) -> Any:
    u, s, v = lapack("svd", lambda x: tuple(np.linalg.svd(x, full_matrices=full)), a)
    m, n = a.shape[-2:]
    k = s.shape[-1]

    def vjp(gu: Tensor, gs: Tensor, gv: Tensor) -> Tensor:
        left, right = u[..., :k], v[..., :k, :]
        unit = eye(k, dtype=s.dtype)
        squares = s.square()
        gap = squares.unsqueeze(-2) - squares.unsqueeze(-1) + unit
        inner = of_diagonal(gs)
        if turns_left := _counts(gu):
            turn = left.mT @ gu[..., :k]
            inner = inner + (turn - turn.mT) / gap * s.unsqueeze(-2)
        if turns_right := _counts(gv):
            turn = right @ gv[..., :k, :].mT
            inner = inner + s.unsqueeze(-1) * ((turn - turn.mT) / gap)
        ga = left @ inner @ right
        if turns_left and m > k:
            part = gu[..., :k] / s.unsqueeze(-2)
            ga = ga + (part - left @ (left.mT @ part)) @ right
        if turns_right and n > k:
            part = gv[..., :k, :] / s.unsqueeze(-1)
            ga = ga + left @ (part - (part @ right.mT) @ right)
        return ga

    return (u, s, v), vjp
