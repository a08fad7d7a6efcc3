"""The largest and the smallest: of everything, over dimensions, along one with their indices; any and all."""

from __future__ import annotations

from typing import Any, overload

from .._C import bool as bool_
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive
from .results import MinAndMax, ValuesAndIndices, result_type

__all__ = ["all", "amax", "amin", "aminmax", "any", "argmax", "argmin", "max", "min"]

# ---- along one dimension, or of everything ----

MaxResult = result_type("max", ValuesAndIndices)
MinResult = result_type("min", ValuesAndIndices)
AminmaxResult = result_type("aminmax", MinAndMax)


@overload
def max(input: Tensor) -> Tensor: ...
@overload
def max(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...
@overload
def max(input: Tensor, dim: Tensor) -> Tensor: ...
@overload
def max(input: Tensor, *, other: Tensor) -> Tensor: ...
@method()
def max(input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """The largest element; or, along one dimension, `(values, indices)`; or, of two tensors, the larger elementwise.

    NaN counts as largest. Of equal elements the first is indexed; the gradient of the largest of all elements is shared
    between equals.

    Raises:
        IndexError: there is no such dimension, or nothing in it.

    Examples:
        >>> x = tt.tensor([[1, 3], [4, 2]])
        >>> x.max(), x.max(1).indices
        (tensor(4), tensor([1, 0]))
    """
    if isinstance(dim, Tensor):
        other = dim
    if other is not None:
        return input.maximum(other)
    if dim is None:
        return _extreme_of_all(input, "max")
    return MaxResult(max_dim(input, dim, keepdim))


@overload
def min(input: Tensor) -> Tensor: ...
@overload
def min(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...
@overload
def min(input: Tensor, dim: Tensor) -> Tensor: ...
@overload
def min(input: Tensor, *, other: Tensor) -> Tensor: ...
@method()
def min(input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """The smallest element, or, along one dimension, `(values, indices)`, or the smaller of two tensors; see `max`.

    Examples:
        >>> x = tt.tensor([[1, 3], [4, 2]])
        >>> x.min(), x.min(1).values
        (tensor(1), tensor([1, 2]))
    """
    if isinstance(dim, Tensor):
        other = dim
    if other is not None:
        return input.minimum(other)
    if dim is None:
        return _extreme_of_all(input, "min")
    return MinResult(min_dim(input, dim, keepdim))


def _extreme_of_all(x: Any, name: str) -> Any:
    if x.numel() == 0:
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )
    return amax(x) if name == "max" else amin(x)


@primitive
def max_dim(x: Any, dim: int, keepdim: bool) -> Any:
    """Values and indices of the largest elements along one dimension."""
    shape = x.shape
    y, index = C.max_dim(x, dim, keepdim)
    return (y, index), lambda g, _: put_back(g, index, dim, keepdim, shape)


@primitive
def min_dim(x: Any, dim: int, keepdim: bool) -> Any:
    """Values and indices of the smallest elements along one dimension."""
    shape = x.shape
    y, index = C.min_dim(x, dim, keepdim)
    return (y, index), lambda g, _: put_back(g, index, dim, keepdim, shape)


def put_back(g: Tensor, index: Any, dim: int, keepdim: bool, shape: Any) -> Any:
    """Zeros of `shape`, with g at the places `index` along `dim`."""
    if len(shape) == 0:
        return g
    if not keepdim:
        g, index = C.unsqueeze(g, dim), C.unsqueeze(index, dim)
    return C.gather_backward(g, index, dim, shape)


# ---- over dimensions ----


def share(g: Tensor, x: Any, y: Tensor, dim: Any, keepdim: bool) -> Any:
    """The gradient of an extreme, in equal parts to the elements that have it."""
    y = C.spread(y, x.shape, dim)
    has_it = C.logical_or(C.eq(x, y), C.logical_and(C.isnan(x), C.isnan(y)))
    part = C.div(g, C.sum(has_it, dim, keepdim))
    return C.mul(C.spread(part, x.shape, dim), has_it)


@method()
@primitive
def amax(input: Tensor, dim: Any = (), keepdim: bool = False) -> Any:
    """The largest elements over dimensions; the gradient is shared between equals.

    Raises:
        IndexError: there is no such dimension, or nothing to compare.

    Examples:
        >>> tt.tensor([[1, 3], [4, 2]]).amax(1)
        tensor([3, 4])
    """
    y = C.amax(input, dim, keepdim)
    return y, vjp(share, input, y, dim, keepdim)


@method()
@primitive
def amin(input: Tensor, dim: Any = (), keepdim: bool = False) -> Any:
    """The smallest elements over dimensions; the gradient is shared between equals.

    Examples:
        >>> tt.tensor([[1, 3], [4, 2]]).amin(1)
        tensor([1, 2])
    """
    y = C.amin(input, dim, keepdim)
    return y, vjp(share, input, y, dim, keepdim)


@method()
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> MinAndMax:
    """`(min, max)` of all elements, or along one dimension.

    Examples:
        >>> tt.tensor([3, 1, 2]).aminmax()
        torch.return_types.aminmax(
        min=tensor(1),
        max=tensor(3))
    """
    if dim is None and input.numel() == 0:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
        )
    return AminmaxResult((amin(input, dim, keepdim), amax(input, dim, keepdim)))


# ---- where they stand ----


@method()
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the largest element stands (the first of equals): in the flattened tensor, or along a dimension.

    Examples:
        >>> tt.tensor([[1, 3], [4, 2]]).argmax(1)
        tensor([1, 0])
    """
    return _arg(C.max_dim, "argmax", input, dim, keepdim)


@method()
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the smallest element stands (the first of equals): in the flattened tensor, or along a dimension.

    Examples:
        >>> tt.tensor([[1, 3], [4, 2]]).argmin(1)
        tensor([0, 1])
    """
    return _arg(C.min_dim, "argmin", input, dim, keepdim)


def _arg(extreme: Any, name: str, input: Any, dim: int | None, keepdim: bool) -> Any:
    x = input.detach()
    if x.dtype is bool_:
        raise RuntimeError(f"{name}(): does not support bool input")
    if dim is not None:
        return extreme(x, dim, keepdim)[1]
    if x.numel() == 0:
        raise IndexError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
    y = extreme(x.reshape(-1), 0, False)[1]
    return y.reshape((1,) * x.ndim) if keepdim else y


# ---- truth values ----


@method()
def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether any element is not zero: of all, or along dimensions.

    Examples:
        >>> tt.tensor([[False, True], [False, False]]).any(1)
        tensor([ True, False])
    """
    return C.any(input.detach(), dim, keepdim)


@method()
def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether all elements are not zero: of all, or along dimensions.

    Examples:
        >>> tt.tensor([[False, True], [True, True]]).all(1)
        tensor([False,  True])
    """
    return C.all(input.detach(), dim, keepdim)
