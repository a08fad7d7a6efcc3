"""Largest elements, means and norms of windows at equal distances."""

from __future__ import annotations

import math
from collections.abc import Callable
from math import prod
from typing import Any

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, primitive
from .creation import as_tensor
from .join import pad
from .ranges import arange
from .windows import Sizes, per_dim, window_count, windows

__all__ = ["avg_pool1d", "max_pool1d", "max_pool2d", "max_pool3d"]


# ---- the kernels: windows of the last dimensions ----


@primitive
def max_pool(x: Tensor, stride: Sizes, before: Sizes, dilation: Sizes, kernel: Sizes, count: Sizes) -> Any:
    """The largest element of each window, and its flat place in the last dimensions."""
    spatial = x.shape[-len(kernel) :]
    y, places = C.max_pool(x, stride, before, dilation, kernel, count)
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


@primitive
def sum_pool(x: Tensor, stride: Sizes, before: Sizes, dilation: Sizes, kernel: Sizes, count: Sizes) -> Any:
    """The sum of each window; what is outside counts as zero."""
    spatial = x.shape[-len(kernel) :]
    return (
        C.sum_pool(x, stride, before, dilation, kernel, count),
        vjp(C.sum_pool_backward, stride, before, dilation, kernel, spatial),
    )


@primitive
def sum_pool_backward(g: Tensor, stride: Sizes, before: Sizes, dilation: Sizes, kernel: Sizes, spatial: Sizes) -> Any:
    """Each element of g added to all elements of its window."""
    count = g.shape[-len(kernel) :]
    return (
        C.sum_pool_backward(g, stride, before, dilation, kernel, spatial),
        vjp(C.sum_pool, stride, before, dilation, kernel, count),
    )


# ---- windows at equal distances ----


class _Plan:
    """The windows of one pooling: how many there are, and how the input is padded for them."""

    def __init__(
        self, name: str, n: int, input: Tensor, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool
    ) -> None:
        if input.dim() not in (n + 1, n + 2):
            raise RuntimeError(f"{name}: Expected {n + 1}D or {n + 2}D input, but got shape {list(input.shape)}")
        if 0 in input.shape[-n - 1 :]:
            raise RuntimeError(
                f"{name}: Expected {n + 1}D or {n + 2}D (batch mode) tensor with optional 0 dim batch size for input, "
                f"but got: {list(input.shape)}"
            )
        self.kernel = per_dim("kernel_size", kernel, n)
        self.stride = self.kernel if stride is None or stride == () else per_dim("stride", stride, n)
        self.padding = per_dim("padding", padding, n)
        self.dilation = per_dim("dilation", dilation, n)
        self.spatial = input.shape[-n:]
        most = max(*self.kernel, *self.stride, *self.padding, *self.dilation)
        if most >= 2**31:
            raise RuntimeError(f"{name}: kernel, stride, padding and dilation must be less than 2**31, got {most}")
        if any(size <= 0 for size in self.kernel):
            raise RuntimeError(f"{name}: kernel size should be greater than zero, but got {list(self.kernel)}")
        if any(step <= 0 for step in self.stride):
            raise RuntimeError("stride should not be zero")
        if any(step <= 0 for step in self.dilation):
            raise RuntimeError(f"{name}: dilation must be greater than zero, got {list(self.dilation)}")
        for size, border in zip(self.kernel, self.padding, strict=True):
            if border < 0:
                raise RuntimeError(f"pad must be non-negative, but got pad: {border}")
            if border > size // 2:
                raise RuntimeError(
                    f"pad should be at most half of kernel size, but got pad={border} and kernel_size={size}"
                )
        self.count = []
        for d in range(n):
            size, border = self.spatial[d] + 2 * self.padding[d], self.padding[d]
            count = window_count(size, self.kernel[d], self.stride[d], self.dilation[d], ceil)
            if ceil and (count - 1) * self.stride[d] >= self.spatial[d] + border:
                count -= 1  # a window must start inside the input or the padding before it
            if count <= 0:
                raise RuntimeError(f"{name}: Given input size {list(self.spatial)}, output size would be too small")
            self.count.append(count)
        # What is read: without the ends of the kernel that are padding in every window, be they ever so long.
        self.taps, self.before = zip(*map(self._inside, range(n)), strict=True)

    def _inside(self, d: int) -> tuple[int, int]:
        before, step = self.padding[d], self.dilation[d]
        end = min(self.kernel[d], (self.spatial[d] - 1 + before) // step + 1)
        first = max(before - (self.count[d] - 1) * self.stride[d], 0)  # the last window starts so far outside
        skipped = min(-(-first // step), end - 1)
        return end - skipped, before - skipped * step

    def run(self, pool: Callable[..., Any], input: Tensor) -> Any:
        return pool(input, self.stride, self.before, self.dilation, self.taps, self.count)

    def cut(self, input: Tensor, filler: Any) -> Tensor:
        """The windows, the input being padded with `filler`: (*, *taps, *count)."""
        sides = []
        for d in reversed(range(len(self.taps))):
            end = (self.count[d] - 1) * self.stride[d] + (self.taps[d] - 1) * self.dilation[d] + 1
            sides += [self.before[d], max(end - self.before[d] - self.spatial[d], 0)]
        if any(sides):
            input = pad(input, sides, value=filler)
        y: Tensor = windows(input, self.taps, self.stride, self.dilation, self.count)
        return y

    def flat(self, cut: Tensor) -> Tensor:
        """The elements of a window in one dimension, in front of the windows."""
        n = len(self.taps)
        return cut.reshape(*cut.shape[: -2 * n], prod(self.taps), *self.count)

    def places(self, within: Tensor) -> Tensor:
        """The flat index in the input of element number `within` of each window."""
        n = len(self.taps)
        total: Any = 0
        for d in range(n):
            inside = within // prod(self.taps[d + 1 :]) % self.taps[d]
            start = (arange(self.count[d]) * self.stride[d] - self.before[d]).reshape(-1, *(1,) * (n - 1 - d))
            place = start + inside * self.dilation[d]
            # Where padding is found largest, nothing in the window is larger: its first element counts.
            place = place + (-place + self.dilation[d] - 1).clamp_min(0) // self.dilation[d] * self.dilation[d]
            total = total * self.spatial[d] + place
        flat: Tensor = total
        return flat


def _lowest(input: Tensor) -> float:
    if input.dtype.is_floating_point:
        return -float("inf")
    return -(2 ** (8 * input.itemsize - 1)) if input.dtype.is_signed else 0


def max_pool_nd(
    name: str,
    n: int,
    input: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    """The largest elements over windows of the last n dimensions, with their places where asked for."""
    plan = _Plan(name, n, input, kernel_size, stride, padding, dilation, ceil_mode)
    if input.dtype.is_floating_point:
        largest, places = plan.run(max_pool, input)
        return (largest, places.long()) if return_indices else largest
    largest, within = plan.flat(plan.cut(input, _lowest(input))).max(input.dim() - n)
    return (largest, plan.places(within)) if return_indices else largest


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
    return max_pool_nd("max_pool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


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
    return max_pool_nd("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


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
    return max_pool_nd("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def avg_pool_nd(
    name: str,
    n: int,
    input: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> Any:
    """The means over windows of the last n dimensions."""
    plan = _Plan(name, n, input, kernel_size, stride, padding, 1, ceil_mode)
    if input.dtype.is_floating_point:
        total = plan.run(sum_pool, input)
    else:
        total = plan.cut(input, 0).sum(tuple(range(input.dim() - n, input.dim())))
    if divisor_override is not None:
        if divisor_override == 0:
            raise RuntimeError("divisor must be not zero")
        return _divided(total, divisor_override, input)
    sizes: Any = 1
    if not any(plan.padding) and not ceil_mode:
        return _divided(total, prod(plan.kernel), input)
    for d in range(n):
        counted = plan.padding[d] if count_include_pad else 0
        starts = [i * plan.stride[d] - plan.padding[d] for i in range(plan.count[d])]
        inside = [min(start + plan.kernel[d], plan.spatial[d] + counted) - max(start, -counted) for start in starts]
        sizes = sizes * as_tensor(inside).reshape(-1, *(1,) * (n - 1 - d))
    return _divided(total, sizes, input)


def _divided(total: Tensor, sizes: Any, input: Tensor) -> Tensor:
    """Means of integers are rounded towards zero."""
    if input.dtype.is_floating_point:
        return total / sizes
    return total.div(sizes, rounding_mode="trunc").to(input.dtype)


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
    return avg_pool_nd("avg_pool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


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
    return avg_pool_nd(
        "avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


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
    return avg_pool_nd(
        "avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def _lp_pool(n: int, input: Tensor, norm_type: float, kernel_size: Any, stride: Any, ceil_mode: bool) -> Any:
    kernel = per_dim("kernel_size", kernel_size, n)
    if norm_type == 0:
        raise ValueError(f"lp_pool{n}d: norm_type must not be 0, as its inverse is an exponent")
    if math.isinf(norm_type):  # the greatest of each window, or the least
        sign = 1 if norm_type > 0 else -1
        return sign * max_pool_nd(f"lp_pool{n}d", n, sign * input.abs(), kernel, stride, 0, 1, ceil_mode, False)
    mean = avg_pool_nd(f"lp_pool{n}d", n, input.pow(norm_type), kernel, stride, 0, ceil_mode, True, None)
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
