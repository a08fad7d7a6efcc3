"""Order: sort, topk, the k-th, and distinct elements."""

from __future__ import annotations

from typing import Any, Literal, overload

from .. import _C
from .._C import ops as C
from ..modes import is_grad_enabled
from ..tensor import Tensor, method, primitive
from .extreme import put_back
from .results import ValuesAndIndices, result_type
from .view import wrap_dim

__all__ = ["argsort", "kthvalue", "msort", "sort", "topk", "unique", "unique_consecutive"]

# ---- sorting ----


Sorted = result_type("sort", ValuesAndIndices)
Top = result_type("topk", ValuesAndIndices)
Kth = result_type("kthvalue", ValuesAndIndices)


@method()
@primitive(result=ValuesAndIndices)
def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """The elements in order along `dim`, and where they came from. NaN counts as the greatest; always stable.

    Examples:
        >>> tt.tensor([3, 1, 2]).sort()
        torch.return_types.sort(
        values=tensor([1, 2, 3]),
        indices=tensor([1, 2, 0]))
    """
    sizes = input.shape
    values, indices = C.sort(input, dim, descending)
    return Sorted((values, indices)), lambda g, _: C.gather_backward(g, indices, dim, sizes)


@method()
@primitive(result=ValuesAndIndices)
def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    """The `k` greatest (or least) elements along `dim` in order, and where they came from.

    Examples:
        >>> tt.tensor([3, 1, 4, 2]).topk(2).values
        tensor([4, 3])
    """
    if input.dtype.name == "bool":
        raise RuntimeError("topk does not support bool dtypes on CPU")
    if input.ndim == 0 and k == 0:
        k = 1  # a 0-d tensor has one element, and so has any choice of its elements
    sizes = input.shape
    values, indices = C.topk(input, k, dim, largest)
    return Top((values, indices)), lambda g, _: C.gather_backward(g, indices, dim, sizes)


@method()
def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """The indices that sort the elements along `dim`.

    Examples:
        >>> tt.tensor([3, 1, 2]).argsort()
        tensor([1, 2, 0])
    """
    return C.sort(input, dim, descending)[1]


@method()
def msort(input: Tensor) -> Tensor:
    """The elements in order along the first dimension.

    Examples:
        >>> tt.msort(tt.tensor([[3, 1], [2, 4]]))
        tensor([[2, 1],
                [3, 4]])
    """
    return sort(input, 0).values


@method()
def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> ValuesAndIndices:
    """The k-th smallest element along `dim`, and where it is.

    Examples:
        >>> tt.tensor([30, 10, 20]).kthvalue(2).values
        tensor(20)
    """
    return Kth(_kthvalue(input, k, dim, keepdim))


@primitive(raw=True)
def _kthvalue(input: Tensor, k: int, dim: int, keepdim: bool) -> Any:
    shape = input.shape
    values, indices = C.kthvalue(input, k, dim, keepdim)
    return (values, indices), lambda g, _: put_back(g, indices, dim, keepdim, shape)


# ---- distinct elements ----


def _runs(x: Any, rows: bool) -> tuple[Any, Any]:
    """Where runs of equal neighbours begin, as indices and as a mask of the elements (or rows) of x."""
    n = x.shape[0]
    changes = x[1:] != x[:-1]
    if rows:
        changes = changes.any(1)
    first = C.cat((C.full(True, (min(n, 1),), _C.bool), changes), 0)
    return first.nonzero().reshape(-1), first


def _counts(starts: Any, n: int) -> Any:
    return C.cat((starts[1:], C.full(n, (min(starts.numel(), 1),), _C.int64)), 0) - starts


def _numbers(first: Any) -> Any:
    """In which run each element is."""
    return first.cumsum(0) - 1


def _with(values: Any, inverse: Any, counts: Any) -> Any:
    """The values, with what else was asked for."""
    if inverse is None and counts is None:
        return values
    return tuple(y for y in (values, inverse, counts) if y is not None)


def _as_rows(input: Any, dim: int) -> tuple[Any, Any]:
    """The slices along dim as the rows of a matrix, and as they are."""
    moved = input.movedim(wrap_dim(dim, input.ndim), 0) if input.ndim else input.reshape(1)
    if not moved.numel() and moved.shape[0]:
        raise RuntimeError("There are 0 sized dimensions, and they aren't selected, so unique cannot be applied")
    return moved.reshape(moved.shape[0], -1) if moved.numel() else moved.reshape(0, 1), moved


def _refuse_derivative(name: str, input: Any) -> None:
    if input.requires_grad and is_grad_enabled():
        raise NotImplementedError(f"the derivative for '{name}' is not implemented.")


@overload
def unique(
    input: Tensor,
    sorted: bool = ...,
    return_inverse: Literal[False] = ...,
    return_counts: Literal[False] = ...,
    dim: int | None = ...,
) -> Tensor: ...
@overload
def unique(
    input: Tensor, sorted: bool = ..., return_inverse: bool = ..., return_counts: bool = ..., dim: int | None = ...
) -> tuple[Tensor, ...]: ...
@method()
def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """The distinct elements (or slices along `dim`) in order; if asked, which of them each one is, and how many each.

    Examples:
        >>> tt.tensor([3, 1, 3]).unique(return_counts=True)
        (tensor([1, 3]), tensor([1, 2]))
    """
    if dim is not None:
        _refuse_derivative("unique_dim", input)
    x = input.detach()
    if dim is None:
        ordered, order = C.sort(x.reshape(-1), 0, False)
        starts, first = _runs(ordered, False)
        values, shape = ordered[starts], x.shape
    else:
        rows, slices = _as_rows(x, dim)
        order = C.row_order(rows)
        starts, first = _runs(rows[order], True)
        values = slices[order[starts]]
        values = values.movedim(0, dim) if x.ndim else values
        shape = rows.shape[:1]
    inverse = C.scatter_along(order, order, _numbers(first), 0, 0).reshape(shape) if return_inverse else None
    return _with(values, inverse, _counts(starts, order.numel()) if return_counts else None)


@overload
def unique_consecutive(
    input: Tensor, return_inverse: Literal[False] = ..., return_counts: Literal[False] = ..., dim: int | None = ...
) -> Tensor: ...
@overload
def unique_consecutive(
    input: Tensor, return_inverse: bool = ..., return_counts: bool = ..., dim: int | None = ...
) -> tuple[Tensor, ...]: ...
@method()
def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The elements (or slices along `dim`) without those that equal the one before.

    Examples:
        >>> tt.unique_consecutive(tt.tensor([1, 1, 2, 1]))
        tensor([1, 2, 1])
    """
    if dim is not None:
        _refuse_derivative("unique_consecutive", input)
    x = input.detach()
    rows, slices = (x.reshape(-1), x.reshape(-1)) if dim is None else _as_rows(x, dim)
    starts, first = _runs(rows, dim is not None)
    values = slices[starts]
    if dim is not None and x.ndim:
        values = values.movedim(0, dim)
    inverse = _numbers(first).reshape(x.shape if dim is None else first.shape) if return_inverse else None
    return _with(values, inverse, _counts(starts, rows.shape[0]) if return_counts else None)
