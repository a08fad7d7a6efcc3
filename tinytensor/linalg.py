"""Linear algebra, as in `torch.linalg`: products, norms, factorisations."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from ._C import bool as bool_
from ._C import int64
from .missing import names_of as _names_of
from .ops.choice import maximum
from .ops.cholesky import cholesky, cholesky_ex
from .ops.creation import as_tensor, full_like
from .ops.factor import LinAlgError, eigh, eigvalsh, householder_product, qr, solve_triangular, svd, svdvals
from .ops.join import stack
from .ops.linalg import det, inv, inv_ex, lstsq, pinv, slogdet, solve, solve_ex
from .ops.lu import lu_factor, lu_factor_ex
from .ops.lu import lu_factors as lu
from .ops.lu import lu_of_system as lu_solve
from .ops.matmul import cross as _cross
from .ops.matmul import dot, matmul, matrix_power, multi_dot
from .ops.matrix_exp import matrix_exp
from .ops.ranges import arange
from .ops.reduce import vector_norm
from .tensor import Size, Tensor
from .tensor import make_composites as _make_composites
from .type_info import finfo

__all__ = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eigh",
    "eigvalsh",
    "householder_product",
    "inv",
    "inv_ex",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
]  # fmt: skip


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Dot products along one dimension of two tensors that broadcast.

    Shapes: two that broadcast -> the same without `dim`.

    Raises:
        RuntimeError: the tensors are not of one floating-point dtype, or do not broadcast.

    Examples:
        >>> tt.linalg.vecdot(tt.tensor([[1.0, 2.0], [3.0, 4.0]]), tt.tensor([1.0, 10.0]))
        tensor([21., 43.])
    """
    if not x.dtype.is_floating_point or x.dtype != y.dtype:
        raise RuntimeError(f"vecdot: expected two tensors of one floating-point dtype, got {x.dtype} and {y.dtype}")
    if x.ndim == y.ndim == 1:
        return dot(x, y)
    return (x * y).sum(dim)


def vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """Powers 0 to N - 1 of the elements, along a new last dimension; N is the last size unless given.

    Shapes: (*, n) -> (*, n, N).

    Raises:
        RuntimeError: x is bool, or N is not greater than 1.

    Examples:
        >>> tt.linalg.vander(tt.tensor([2, 3]), N=3)
        tensor([[1, 2, 4],
                [1, 3, 9]])
    """
    if x.dtype is bool_:
        raise RuntimeError("vander: bool has no powers")
    if x.ndim == 0:
        x = x.unsqueeze(0)
    columns = x.shape[-1] if N is None else N
    if columns <= 1:
        raise RuntimeError(f"vander: N must be greater than 1, got {columns}")
    return x.unsqueeze(-1) ** arange(columns)


def diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """The diagonals of matrices, the last two dimensions; a view.

    Shapes: (*, m, n) -> (*, min(m, n)) where `offset` is 0.

    Examples:
        >>> tt.linalg.diagonal(tt.tensor([[1, 2], [3, 4]]))
        tensor([1, 4])
    """
    return A.diagonal(offset, dim1, dim2)


def tensorsolve(A: Tensor, B: Tensor, dims: Any = None) -> Tensor:
    """X with `tensordot(A, X, X.ndim) = B`.

    Args:
        A: as many elements in its first B.ndim dimensions, B's, as in the others, X's.
        B: any shape.
        dims: dimensions of A that are moved to its end first.

    Raises:
        RuntimeError: A is not square in this sense, or singular.

    Examples:
        >>> tt.linalg.tensorsolve(tt.eye(4).reshape(2, 2, 4), tt.tensor([[1.0, 2.0], [3.0, 4.0]]))
        tensor([1., 2., 3., 4.])
    """
    if dims is not None:
        A = A.movedim(tuple(dims), tuple(range(A.ndim - len(dims), A.ndim)))
    sizes = A.shape[B.ndim :]
    if A.numel() != B.numel() * sizes.numel() or B.numel() != sizes.numel():
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), "
            f"but got {sizes.numel()} != {Size(A.shape[: B.ndim]).numel()}"
        )
    return solve(A.reshape(B.numel(), sizes.numel()), B.reshape(-1)).reshape(sizes)


def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """The inverse with respect to `tensordot(..., ind)`.

    Shapes: (*a, *b), a of `ind` dimensions and as many elements as b -> (*b, *a).

    Raises:
        RuntimeError: `ind` is not positive, or A is not square in this sense, or singular.

    Examples:
        >>> tt.linalg.tensorinv(tt.eye(4).reshape(2, 2, 4)).shape
        torch.Size([4, 2, 2])
    """
    if ind <= 0:
        raise RuntimeError("Expected a strictly positive integer for 'ind'")
    first, last = Size(A.shape[:ind]), Size(A.shape[ind:])
    if first.numel() != last.numel():
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), "
            f"but got {last.numel()} != {first.numel()}"
        )
    return inv(A.reshape(first.numel(), last.numel())).reshape(last + first)


def cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """Cross products of vectors of three elements along `dim`.

    Shapes: two of one rank that broadcast -> that shape.

    Raises:
        RuntimeError: ranks or dtypes differ, or the size of `dim` is not 3.

    Examples:
        >>> tt.linalg.cross(tt.tensor([1.0, 0.0, 0.0]), tt.tensor([0.0, 1.0, 0.0]))
        tensor([0., 0., 1.])
    """
    return _cross(input, other, dim)


def norm(A: Tensor, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The norm of vectors or of matrices.

    Args:
        A: any tensor; with `ord` and without `dim` a vector or a matrix.
        ord: as in `vector_norm` or `matrix_norm`; by default the root of the sum of squares.
        dim: one dimension for vectors, two for matrices; None for all.
        keepdim: leave reduced dimensions with size 1.
        dtype: compute in this one.

    Examples:
        >>> A = tt.tensor([[3.0, 0.0], [0.0, 4.0]])
        >>> tt.linalg.norm(A), tt.linalg.norm(A, "nuc"), tt.linalg.norm(A, 1, dim=1)
        (tensor(5.), tensor(7.), tensor([3., 4.]))
    """
    dims = (dim,) if isinstance(dim, int) else dim
    if dims is None and ord is not None:
        if A.ndim not in (1, 2):
            raise RuntimeError(
                f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {A.ndim}D."
            )
        dims = tuple(range(A.ndim))
    if dims is not None and len(dims) > 2 and ord is not None:
        raise RuntimeError(f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dims)}")
    if ord is not None and len(dims) == 2:
        return matrix_norm(A, ord, dims, keepdim, dtype=dtype)
    if isinstance(ord, str):
        raise RuntimeError(f"linalg.norm: the order {ord!r} is for matrices")
    return vector_norm(A, 2 if ord is None else ord, dims, keepdim, dtype=dtype)


def matrix_norm(
    A: Tensor, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """The norm of matrices.

    Args:
        A: (*, m, n).
        ord: "fro": the root of the sum of squares; "nuc": the sum of the singular values; 2 and -2: the largest and the
            smallest of them; 1 and -1: of the sums of magnitudes in a column; inf and -inf: in a row.
        dim: where rows and columns are.
        keepdim: leave both with size 1.
        dtype: compute in this one.

    Examples:
        >>> A = tt.tensor([[3.0, 0.0], [0.0, -4.0]])
        >>> tt.linalg.matrix_norm(A), tt.linalg.matrix_norm(A, 2)
        (tensor(5.), tensor(4.))
    """
    if A.ndim < 2:
        raise RuntimeError("linalg.matrix_norm: The input tensor A must have at least 2 dimensions.")
    rows, columns = (d % A.ndim if -A.ndim <= d < A.ndim else _out_of_range(d, A.ndim) for d in dim)
    if rows == columns:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({dim[0]}, {dim[1]})")
    if dtype is not None:
        A = A.to(dtype)
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    if not A.dtype.is_floating_point:
        raise RuntimeError(f"linalg.matrix_norm: expected a floating point dtype, got {A.dtype}")
    if ord in ("nuc", 2, 1, inf) and 0 in (A.shape[rows], A.shape[columns]):
        return A.sum((rows, columns), keepdim)  # the norm of a matrix without elements is 0
    if ord in ("nuc", 2, -2):
        values = svdvals(A.movedim((rows, columns), (-2, -1)))
        y = values.sum(-1) if ord == "nuc" else values.amax(-1) if ord == 2 else values.amin(-1)
        return y.unsqueeze(min(rows, columns)).unsqueeze(max(rows, columns)) if keepdim else y
    if ord not in (1, -1, inf, -inf):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    inner, outer = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = A.abs().sum(inner, True)
    y = sums.amax(outer, True) if ord > 0 else sums.amin(outer, True)
    return y if keepdim else y.squeeze((rows, columns))


def matrix_rank(A: Tensor, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None) -> Tensor:
    """The number of singular values that are larger than max(atol, rtol * the largest of them).

    Shapes: (*, m, n) -> (*), int64.

    Args:
        A: of a floating point dtype.
        tol: the older form of `atol`, with `rtol` 0.
        hermitian: A is symmetric: its eigenvalues are taken, which is faster.
        atol: 0 by default.
        rtol: by default the precision of the dtype times the longer side, or 0 where `atol` is given.

    Raises:
        RuntimeError: A has fewer than 2 dimensions, or is not of a floating point dtype.

    Examples:
        >>> tt.linalg.matrix_rank(tt.tensor([[1.0, 2.0], [2.0, 4.0]]))
        tensor(1)
    """
    if A.ndim < 2:
        raise RuntimeError("linalg.matrix_rank: The input tensor A must have at least 2 dimensions.")
    if not A.dtype.is_floating_point:
        raise RuntimeError(f"linalg.matrix_rank: expected a floating point dtype, got {A.dtype}")
    if A.numel() == 0:
        return A.new_zeros(A.shape[:-2], dtype=int64)
    values = eigvalsh(A.detach()).abs() if hermitian else svdvals(A.detach())
    absolute = tol if tol is not None else 0.0 if atol is None else atol
    if rtol is None:
        rtol = max(A.shape[-2:]) * finfo(A.dtype).eps if tol is None and atol is None else 0.0
    limit = maximum(as_tensor(absolute, dtype=A.dtype), as_tensor(rtol, dtype=A.dtype) * values.amax(-1))
    return (values > limit.unsqueeze(-1)).sum(-1)


def cond(A: Tensor, p: Any = None) -> Tensor:
    """The condition number: the norm of a matrix times that of its inverse; infinite for singular matrices.

    Shapes: (*, m, n) -> (*); m = n but for the norms of singular values.

    Args:
        A: of a floating point dtype.
        p: the norm, as in `matrix_norm`; None is 2.

    Raises:
        RuntimeError: A has fewer than 2 dimensions, is not of a floating point dtype, or not square where it has to be;
            there is no such norm.

    Examples:
        >>> tt.linalg.cond(tt.tensor([[1.0, 0.0], [0.0, 4.0]]))
        tensor(4.)
    """
    if A.ndim < 2:
        raise RuntimeError("linalg.cond: The input tensor A must have at least 2 dimensions.")
    if not A.dtype.is_floating_point:
        raise RuntimeError(f"linalg.cond: expected a floating point dtype, got {A.dtype}")
    if p not in (None, "fro", "nuc", inf, -inf, 1, -1, 2, -2):
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p}")
    if p in ("fro", "nuc") and A.shape[-2] != A.shape[-1]:
        raise RuntimeError(f"linalg.cond(ord={p}): A must be batches of square matrices, got {tuple(A.shape)}")
    if A.numel() == 0:
        return A.new_zeros(A.shape[:-2])
    if p in (None, 2, -2):
        values = svdvals(A)
        return values[..., -1] / values[..., 0] if p == -2 else values[..., 0] / values[..., -1]
    product = matrix_norm(A, p) * matrix_norm(_inverse_or_inf(A), p)
    return product.masked_fill(product.isnan(), inf)


def _inverse_or_inf(A: Tensor) -> Tensor:
    """Inverses; of singular matrices infinities."""
    try:
        return inv(A)
    except LinAlgError:
        return stack([_inverse_or_inf(each) for each in A]) if A.ndim > 2 else full_like(A, inf)


def _out_of_range(dim: int, ndim: int) -> int:
    raise IndexError(f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], but got {dim})")


_make_composites(__name__, __all__)

if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
