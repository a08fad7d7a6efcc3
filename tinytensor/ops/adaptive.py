"""Adaptive pooling: the largest or the mean of windows that divide the input into a given number of parts."""

from __future__ import annotations

from typing import Any

from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, primitive
from .pooling import largest_of
from .windows import Sizes

__all__ = ["adaptive_avg_pool1d", "adaptive_max_pool1d"]


@primitive(raw=True)
def adaptive_max_pool(input: Tensor, output_size: Any, n: int) -> Any:
    """The largest element of each of so many parts of n dimensions, and its flat place in them."""
    spatial = input.shape[-n:]
    y, places = C.adaptive_max_pool(input, output_size, n)
    return (y, places), lambda g, _: C.max_pool_backward(g, places, spatial)


@primitive(raw=True)
def adaptive_avg_pool(input: Tensor, output_size: Any, n: int) -> Any:
    """The means of so many parts of n dimensions."""
    spatial = input.shape[-n:]
    return C.adaptive_avg_pool(input, output_size, n), vjp(C.adaptive_avg_pool_backward, spatial)


@primitive
def adaptive_avg_pool_backward(g: Tensor, spatial: Sizes) -> Any:
    """Each element of g shared out among the elements of its part."""
    n = len(spatial)
    return C.adaptive_avg_pool_backward(g, spatial), vjp(C.adaptive_avg_pool, g.shape[-n:], n)


def _sizes(input: Tensor, output_size: Any) -> Any:
    """None keeps a dimension."""
    if not isinstance(output_size, (tuple, list)) or None not in output_size:
        return output_size
    have = input.shape[-len(output_size) :]
    return [size if wanted is None else wanted for size, wanted in zip(have, output_size, strict=False)]


def _adaptive_avg_pool(n: int, input: Tensor, output_size: Any) -> Any:
    any_rank = n > 1 or input.ndim < 4
    if output_size in (1, (1,) * n, [1] * n) and input.ndim > n and any_rank and input.dtype.is_floating_point:
        return input.mean(tuple(range(-n, 0)), True)  # of nothing, too
    return adaptive_avg_pool(input, _sizes(input, output_size), n)


def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """The means of `output_size` windows that cover (N, C, L).

    Examples:
        >>> F.adaptive_avg_pool1d(tt.tensor([[1.0, 3.0, 2.0, 5.0]]), 2)
        tensor([[2.0000, 3.5000]])
    """
    return _adaptive_avg_pool(1, input, output_size)


def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """The means of `output_size` windows that cover (N, C, H, W); None keeps a dimension.

    Examples:
        >>> F.adaptive_avg_pool2d(tt.zeros(2, 3, 4, 5), (1, None)).shape
        torch.Size([2, 3, 1, 5])
    """
    return _adaptive_avg_pool(2, input, output_size)


def adaptive_avg_pool3d(input: Tensor, output_size: Any) -> Tensor:
    """The means of `output_size` windows that cover (N, C, D, H, W); None keeps a dimension.

    Examples:
        >>> F.adaptive_avg_pool3d(tt.zeros(2, 3, 4, 5, 6), 2).shape
        torch.Size([2, 3, 2, 2, 2])
    """
    return _adaptive_avg_pool(3, input, output_size)


def _adaptive_max_pool(n: int, input: Tensor, output_size: Any, return_indices: bool) -> Any:
    return largest_of(input, adaptive_max_pool(input, _sizes(input, output_size), n), return_indices)


def adaptive_max_pool1d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest elements of `output_size` windows that cover (N, C, L).

    Examples:
        >>> F.adaptive_max_pool1d(tt.tensor([[1.0, 3.0, 2.0, 5.0]]), 2)
        tensor([[3., 5.]])
    """
    return _adaptive_max_pool(1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest elements of `output_size` windows that cover (N, C, H, W); None keeps a dimension.

    Examples:
        >>> F.adaptive_max_pool2d(tt.zeros(2, 3, 4, 5), (1, None)).shape
        torch.Size([2, 3, 1, 5])
    """
    return _adaptive_max_pool(2, input, output_size, return_indices)


def adaptive_max_pool3d(input: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest elements of `output_size` windows that cover (N, C, D, H, W); None keeps a dimension.

    Examples:
        >>> F.adaptive_max_pool3d(tt.zeros(2, 3, 4, 5, 6), 2).shape
        torch.Size([2, 3, 2, 2, 2])
    """
    return _adaptive_max_pool(3, input, output_size, return_indices)
