"""Largest elements, means and norms of windows at equal distances."""

from __future__ import annotations

import math
from math import prod
from typing import Any

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, primitive
from .windows import Sizes, per_dim

__all__ = ["avg_pool1d", "max_pool1d", "max_pool2d", "max_pool3d"]


# ---- the kernels: windows of the last dimensions ----


@primitive(raw=True)
def max_pool(input: Tensor, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool, n: int) -> Any:
    """The largest element of each window of n dimensions, and its flat place in them."""
    spatial = input.shape[-n:]
    y, places = C.max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, n)
    return (y, places), lambda g, _: C.max_pool_backward(g, places, spatial)


@primitive
def max_pool_backward(g: Tensor, places: Tensor, spatial: Sizes) -> Any:
    """Zeros to which each element of g is added at its place."""
    n, shape = len(spatial), g.shape

    def vjp(h: Any) -> Any:
        flat, last = C.cast(places, _C.int64).flatten(-n), prod(spatial) - 1
        read = C.gather_along(h.flatten(-n), flat.clamp_max(last), -1)
        return read.masked_fill(flat > last, 0).reshape(shape)

    return C.max_pool_backward(g, places, spatial), vjp


@primitive(raw=True)
def avg_pool(
    input: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int,
    n: int,
) -> Any:
    """The sum of each window of n dimensions, divided by its elements, or by `divisor` where that is not 0."""
    spatial = input.shape[-n:]
    settings = kernel_size, stride, padding, ceil_mode, count_include_pad, divisor, n
    return C.avg_pool(input, *settings), vjp(C.avg_pool_backward, *settings, spatial)


@primitive
def avg_pool_backward(
    g: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int,
    n: int,
    spatial: Sizes,
) -> Any:
    """Each element of g, divided as its window was, added to all elements of that."""
    settings = kernel_size, stride, padding, ceil_mode, count_include_pad, divisor, n
    return C.avg_pool_backward(g, *settings, spatial), vjp(C.avg_pool, *settings)


# ---- what users call ----


def _max_pool(
    n: int,
    input: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    stride = () if stride is None else stride
    return largest_of(input, max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, n), return_indices)


def largest_of(input: Tensor, found: Any, return_indices: bool) -> Any:
    """What a kernel that reads integers as int64 found, as users want it."""
    y, places = found
    if y.dtype is not input.dtype:
        y = y.clamp_min(_lowest(input.dtype)).to(input.dtype)  # of padding alone the lowest number
    return (y, places.long()) if return_indices else y


def _lowest(dtype: Any) -> int:
    return -(2 ** (8 * dtype.itemsize - 1)) if dtype.is_signed else 0


def max_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of (N, C, L) or (C, L).

    Args:
        input: (N, C, L) or (C, L).
        kernel_size: elements in a window.
        stride: distance of the windows; by default they lie side by side.
        padding: how far windows reach over both ends.
        dilation: distance of the elements in a window.
        ceil_mode: whether a last window may reach over the end.
        return_indices: whether to return also where the largest elements are.

    Examples:
        >>> F.max_pool1d(tt.tensor([[1.0, 3.0, 2.0, 5.0]]), 2)
        tensor([[3., 5.]])
    """
    return _max_pool(1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of (N, C, H, W) or (C, H, W); arguments as for max_pool1d.

    Examples:
        >>> F.max_pool2d(tt.arange(16.0).view(1, 4, 4), 2)
        tensor([[[ 5.,  7.],
                 [13., 15.]]])
    """
    return _max_pool(2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of (N, C, D, H, W) or (C, D, H, W); arguments as for max_pool1d.

    Examples:
        >>> F.max_pool3d(tt.zeros(1, 2, 4, 6, 8), 2).shape
        torch.Size([1, 2, 2, 3, 4])
    """
    return _max_pool(3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def _avg_pool(
    n: int,
    input: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> Any:
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    stride = () if stride is None else stride
    y = avg_pool(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override or 0, n)
    return y if y.dtype is input.dtype else y.to(input.dtype)


def avg_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window of (N, C, L) or (C, L).

    Args:
        input: (N, C, L) or (C, L).
        kernel_size: elements in a window.
        stride: distance of the windows; by default they lie side by side.
        padding: zeros on both sides.
        ceil_mode: whether a last window may reach over the end.
        count_include_pad: whether the zeros count as elements.

    Examples:
        >>> F.avg_pool1d(tt.tensor([[1.0, 3.0, 2.0, 5.0]]), 2)
        tensor([[2.0000, 3.5000]])
    """
    return _avg_pool(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of (N, C, H, W) or (C, H, W); `divisor_override` replaces the count of elements.

    Examples:
        >>> F.avg_pool2d(tt.arange(16.0).view(1, 4, 4), 2)
        tensor([[[ 2.5000,  4.5000],
                 [10.5000, 12.5000]]])
    """
    return _avg_pool(2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def avg_pool3d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of (N, C, D, H, W) or (C, D, H, W); `divisor_override` replaces the count of elements.

    Examples:
        >>> F.avg_pool3d(tt.zeros(1, 2, 4, 6, 8), 2).shape
        torch.Size([1, 2, 2, 3, 4])
    """
    return _avg_pool(3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def _lp_pool(n: int, input: Tensor, norm_type: float, kernel_size: Any, stride: Any, ceil_mode: bool) -> Any:
    kernel = per_dim("kernel_size", kernel_size, n)
    if norm_type == 0:
        raise ValueError(f"lp_pool{n}d: norm_type must not be 0, as its inverse is an exponent")
    if math.isinf(norm_type):  # the greatest of each window, or the least
        sign = 1 if norm_type > 0 else -1
        return sign * _max_pool(n, sign * input.abs(), kernel, stride, 0, 1, ceil_mode, False)
    mean = _avg_pool(n, input.pow(norm_type), kernel, stride, 0, ceil_mode, True, None)
    return (mean.sign() * mean.abs().relu() * prod(kernel)).pow(1.0 / norm_type)


def lp_pool1d(input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Tensor:
    """The p-norm of each window of a sequence: (N, C, L) -> (N, C, L').

    Examples:
        >>> F.lp_pool1d(tt.tensor([[3.0, 4.0, 6.0, 8.0]]), 2, 2)
        tensor([[ 5., 10.]])
    """
    return _lp_pool(1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Tensor:
    """The p-norm of each window of an image: (N, C, H, W) -> (N, C, H', W').

    Examples:
        >>> F.lp_pool2d(tt.zeros(1, 3, 4, 6), 2, 2).shape
        torch.Size([1, 3, 2, 3])
    """
    return _lp_pool(2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(input: Tensor, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> Tensor:
    """The p-norm of each window of a volume: (N, C, D, H, W) -> (N, C, D', H', W').

    Examples:
        >>> F.lp_pool3d(tt.zeros(1, 3, 4, 6, 8), 2, 2).shape
        torch.Size([1, 3, 2, 3, 4])
    """
    return _lp_pool(3, input, norm_type, kernel_size, stride, ceil_mode)
