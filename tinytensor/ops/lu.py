"""LU factorisation with partial pivoting: `P L U = A`, with P a permutation of rows, L unit lower and U upper triangular.

L and U are packed into one matrix of the shape of A, as in LAPACK; the ones on the diagonal of L are not kept.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .. import _C
from .._C import ops as C
from ..tensor import Tensor, method, primitive
from .creation import eye
from .factor import LinAlgError, check_matrices, solve_triangular
from .join import cat
from .results import result_type

__all__ = ["lu", "lu_solve", "lu_unpack"]


class Packed(NamedTuple):
    """L and U in one matrix, and the row (counted from 1) that each row in turn was exchanged with."""

    LU: Tensor
    pivots: Tensor


class PackedAndInfo(NamedTuple):
    """As `Packed`, and where the first zero on the diagonal of U is, counted from 1; 0 where there is none."""

    LU: Tensor
    pivots: Tensor
    info: Tensor


class Factors(NamedTuple):
    """The factors of a matrix `P L U`."""

    P: Tensor
    L: Tensor
    U: Tensor


LuFactorResult = result_type("linalg_lu_factor", Packed)
LuFactorExResult = result_type("linalg_lu_factor_ex", PackedAndInfo)
LuInfoResult = result_type("_lu_with_info", PackedAndInfo)
LuResult = result_type("linalg_lu", Factors)
LuUnpackResult = result_type("lu_unpack", Factors)


# ---- factors and their gradient ----


@primitive
def lu_permutation(pivots: Tensor, rows: int, dtype: Any) -> Any:
    """P (*, rows, rows) of the exchanges of rows that pivots stand for."""
    return C.lu_permutation(pivots, rows, dtype), None


@primitive(result=PackedAndInfo)
def _factored(a: Tensor) -> Any:
    packed, pivots, info = C.lu_factor(a)
    m, n = a.shape[-2:]
    k = min(m, n)

    def vjp(g: Tensor, _pivots: None, _info: None) -> Tensor:
        p, lower, upper = lu_unpack(packed, pivots)
        g_lower, g_upper = g[..., :k].tril(-1), g[..., :k, :].triu()
        top, left = lower[..., :k, :], upper[..., :k]
        inner_l, inner_u = top.mT @ g_lower[..., :k, :], g_upper[..., :k] @ left.mT
        if n > k:
            inner_l = inner_l - g_upper[..., k:] @ upper[..., k:].mT
        if m > k:
            inner_u = inner_u - lower[..., k:, :].mT @ g_lower[..., k:, :]
        core = _right(inner_l.tril(-1) + inner_u.triu(), left)
        ga = solve_triangular(top.mT, core, upper=True, unitriangular=True)
        if n > k:
            ga = cat((ga, solve_triangular(top.mT, g_upper[..., k:], upper=True, unitriangular=True)), -1)
        if m > k:
            ga = cat((ga, _right(g_lower[..., k:, :], left)), -2)
        return p @ ga

    return (packed, pivots, info), vjp


def _right(x: Tensor, upper: Tensor) -> Tensor:
    """`x U^-T`."""
    return solve_triangular(upper.mT, x, upper=False, left=False)


def _factor(name: str, a: Tensor, pivot: bool) -> PackedAndInfo:
    if not isinstance(a, Tensor):
        raise TypeError(f"{name}: expected a Tensor, got {type(a).__name__}")
    if a.ndim < 2:
        raise RuntimeError(f"{name}: Expected tensor with 2 or more dimensions. Got size: {list(a.shape)} instead")
    if not a.dtype.is_floating_point:
        raise NotImplementedError(f"{name}: not implemented for {a.dtype}, only for floating point dtypes")
    if not pivot:
        raise RuntimeError(f"{name}: LU without pivoting is not implemented on the CPU")
    result: PackedAndInfo = _factored(a)
    return result


# ---- what users call ----


def lu_factor_ex(A: Tensor, *, pivot: bool = True, check_errors: bool = False) -> PackedAndInfo:
    """As `lu_factor`, and `info`: where the first zero on the diagonal of U is, counted from 1; 0 where there is none.

    Shapes: (*, m, n) -> (*, m, n), (*, min(m, n)), (*).

    Raises:
        LinAlgError: `check_errors`, and U has a zero on its diagonal.

    Examples:
        >>> tt.linalg.lu_factor_ex(tt.tensor([[1.0, 2.0], [2.0, 4.0]])).info
        tensor(2, dtype=torch.int32)
    """
    packed, pivots, info = _factor("linalg.lu_factor_ex", A, pivot)
    if check_errors:
        _refuse_zeros("linalg.lu_factor_ex", info)
    result: PackedAndInfo = LuFactorExResult((packed, pivots, info))
    return result


def lu_factor(A: Tensor, *, pivot: bool = True) -> Packed:
    """L and U of `P L U = A`, packed into one matrix, and the exchanges of rows; `lu_unpack` takes them apart.

    Args:
        A: (*, m, n).
        pivot: must be True: only partial pivoting is done.

    Returns:
        (LU, pivots): (*, m, n), and (*, min(m, n)) of int32: row i was exchanged with row `pivots[i]`, counted from 1.

    Raises:
        LinAlgError: U has a zero on its diagonal.

    Examples:
        >>> LU, pivots = tt.linalg.lu_factor(tt.tensor([[1.0, 3.0], [2.0, 4.0]]))
        >>> LU, pivots
        (tensor([[2.0000, 4.0000],
                [0.5000, 1.0000]]), tensor([2, 2], dtype=torch.int32))
    """
    packed, pivots, info = _factor("linalg.lu_factor", A, pivot)
    _refuse_zeros("linalg.lu_factor", info)
    result: Packed = LuFactorResult((packed, pivots))
    return result


def _refuse_zeros(name: str, info: Tensor) -> None:
    if not info.any():
        return
    zeros = info.reshape(-1)
    at = int((zeros != 0).int().argmax())
    where = f" of matrix {at} of the batch" if info.ndim else ""
    place = int(zeros[at])
    raise LinAlgError(f"{name}: U[{place},{place}]{where} is zero: the matrix is singular; see linalg.lu_factor_ex")


@method()
def lu(input: Tensor, pivot: bool = True, get_infos: bool = False) -> Any:
    """The older form of `linalg.lu_factor`; it takes singular matrices, and gives `info` only if asked to.

    Shapes: (*, m, n) -> (*, m, n), (*, min(m, n)), and (*) with `get_infos`.

    Examples:
        >>> tt.lu(tt.tensor([[1.0, 3.0], [2.0, 4.0]]))[0]
        tensor([[2.0000, 4.0000],
                [0.5000, 1.0000]])
    """
    packed, pivots, info = _factor("lu", input, pivot)
    return LuInfoResult((packed, pivots, info)) if get_infos else (packed, pivots)


def lu_factors(A: Tensor, *, pivot: bool = True) -> Factors:
    """P, L and U with `P L U = A`: P permutes rows, L is unit lower and U upper triangular.

    Shapes: (*, m, n) -> (*, m, m), (*, m, k), (*, k, n), k being min(m, n).

    Examples:
        >>> P, L, U = tt.linalg.lu(tt.tensor([[1.0, 3.0], [2.0, 4.0]]))
        >>> U
        tensor([[2., 4.],
                [0., 1.]])
    """
    packed, pivots, _ = _factor("linalg.lu", A, pivot)
    result: Factors = LuResult(lu_unpack(packed, pivots))
    return result


def lu_unpack(LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True) -> Factors:
    """P, L and U of what `linalg.lu_factor` gives.

    Args:
        LU_data: (*, m, n).
        LU_pivots: (*, min(m, n)) of int32.
        unpack_data: without it L and U are empty.
        unpack_pivots: without it P is empty.

    Returns:
        (P, L, U): (*, m, m), (*, m, k), (*, k, n), k being min(m, n).

    Raises:
        RuntimeError: fewer than two dimensions; pivots not of int32, not of that shape, or not rows of the matrix.

    Examples:
        >>> A = tt.tensor([[1.0, 3.0], [2.0, 4.0]])
        >>> P, L, U = tt.lu_unpack(*tt.linalg.lu_factor(A))
        >>> P @ L @ U
        tensor([[1., 3.],
                [2., 4.]])
    """
    if LU_data.ndim < 2:
        raise RuntimeError(
            f"lu_unpack: Expected tensor with 2 or more dimensions. Got size: {list(LU_data.shape)} instead"
        )
    if unpack_pivots and LU_pivots.dtype is not _C.int32:
        raise RuntimeError(f"lu_unpack: LU_pivots is expected to be of dtype int32, got {LU_pivots.dtype}")
    m, n = LU_data.shape[-2:]
    k = min(m, n)
    p = lower = upper = LU_data.new_empty(0)
    if unpack_pivots:
        if LU_pivots.shape != (*LU_data.shape[:-2], k):
            raise RuntimeError(
                f"lu_unpack: LU_pivots of shape {list(LU_pivots.shape)} are not those of LU_data of shape "
                f"{list(LU_data.shape)}"
            )
        try:
            p = lu_permutation(LU_pivots, m, LU_data.dtype)
        except IndexError:
            raise RuntimeError(
                f"lu_unpack: LU_pivots must be between 1 and LU_data.size(-2) = {m}, inclusive"
            ) from None
    if unpack_data:
        unit = eye(m, k, dtype=LU_data.dtype)
        tall, wide = (LU_data, LU_data) if m == n else (LU_data[..., :k], LU_data[..., :k, :])
        lower, upper = tall.tril(-1) + unit, wide.triu()
    result: Factors = LuUnpackResult((p, lower, upper))
    return result


# ---- systems ----


def lu_of_system(LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False) -> Tensor:
    """X with `A X = B`, given what `linalg.lu_factor` gives of A; `left=False`: `X A = B`; `adjoint`: of A transposed.

    Shapes: LU (*, n, n), pivots (*, n), B (*, n, k) -> as B; batches broadcast.

    Raises:
        RuntimeError: sizes or dtypes do not fit.

    Examples:
        >>> LU, pivots = tt.linalg.lu_factor(tt.tensor([[1.0, 3.0], [2.0, 4.0]]))
        >>> tt.linalg.lu_solve(LU, pivots, tt.tensor([[4.0], [6.0]]))
        tensor([[1.],
                [1.]])
    """
    check_matrices("lu_solve", LU, B)
    if B.ndim < 2 or B.shape[-2 if left else -1] != LU.shape[-1]:
        raise RuntimeError(f"linalg.lu_solve: Incompatible shapes of A and B: {tuple(LU.shape)} and {tuple(B.shape)}")
    if pivots.dtype is not _C.int32:
        raise RuntimeError(f"linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32. Got {pivots.dtype}")
    p, lower, upper = lu_unpack(LU, pivots)
    if not left:
        return lu_of_system(LU, pivots, B.mT, adjoint=not adjoint).mT
    if adjoint:
        inner = solve_triangular(upper.mT, B, upper=False)
        return p @ solve_triangular(lower.mT, inner, upper=True, unitriangular=True)
    inner = solve_triangular(lower, p.mT @ B, upper=False, unitriangular=True)
    return solve_triangular(upper, inner, upper=True)


@method()
def lu_solve(input: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """The older form of `linalg.lu_solve`: X with `A X = input`.

    Shapes: (*, n, k), (*, n, n), (*, n) -> (*, n, k); batches broadcast.

    Examples:
        >>> LU, pivots = tt.linalg.lu_factor(tt.tensor([[1.0, 3.0], [2.0, 4.0]]))
        >>> tt.lu_solve(tt.tensor([[4.0], [6.0]]), LU, pivots)
        tensor([[1.],
                [1.]])
    """
    return lu_of_system(LU_data, LU_pivots, input)
