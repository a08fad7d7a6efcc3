"""Linear algebra by products, as in `torch.linalg`; nothing here factorises or inverts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._C import bool as bool_
from .missing import names_of as _names_of
from .ops.creation import arange
from .ops.matmul import dot, matmul, matrix_power, multi_dot
from .tensor import Tensor

__all__ = ["matmul", "matrix_power", "multi_dot", "vander", "vecdot"]


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


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
