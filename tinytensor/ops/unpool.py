"""The partial inverse of max pooling: each element back at the place it was taken from, zeros elsewhere."""

from __future__ import annotations

from math import prod
from typing import Any

from .. import _C
from .._C import ops as C
from ..tensor import Tensor
from .gather import scatter
from .windows import Sizes, per_dim

__all__: list[str] = []


def _sizes(input: Tensor, kernel: Sizes, stride: Sizes, padding: Sizes, given: Any) -> Sizes:
    """The sizes that pooling had before; several are possible where windows do not end with the input."""
    n = len(kernel)
    sizes = [(input.shape[d - n] - 1) * stride[d] + kernel[d] - 2 * padding[d] for d in range(n)]
    if given is None:
        return sizes
    wanted = list(given)[2:] if len(given) == n + 2 else list(given)
    if len(wanted) != n:
        raise ValueError(
            f"output_size should be a sequence containing {n} or {n + 2} elements, but it has a length of '{len(given)}'"
        )
    for d in range(n):
        low, high = sizes[d] - stride[d], sizes[d] + stride[d]
        if not low < wanted[d] < high:
            raise ValueError(f'invalid output_size "{tuple(wanted)}" (dim {d} must be between {low} and {high})')
    return wanted


def _max_unpool(
    n: int, input: Tensor, indices: Tensor, kernel: Any, stride: Any, padding: Any, output_size: Any
) -> Any:
    name = f"max_unpool{n}d"
    if input.ndim not in (n + 1, n + 2):
        raise RuntimeError(f"{name}: expected input of {n + 1} or {n + 2} dimensions, got shape {tuple(input.shape)}")
    if indices.dtype is not _C.int64:
        raise RuntimeError(f"{name}: elements in indices should be type int64 but got: {indices.dtype}")
    if indices.shape != input.shape:
        raise RuntimeError(
            f"{name}: Expected shape of indices to be same as that of the input tensor ({tuple(input.shape)}) but got "
            f"indices tensor with shape: {tuple(indices.shape)}"
        )
    if 0 in input.shape[-n - 1 :]:
        raise RuntimeError(
            f"{name}: Expected input to have non-zero size for non-batch dimensions, but got {tuple(input.shape)}"
        )
    kernel = per_dim("kernel_size", kernel, n)
    stride = kernel if stride is None else per_dim("stride", stride, n)
    if n == 3 and min(stride) < 1:  # in fewer dimensions PyTorch does not mind
        raise RuntimeError(f"{name}: strides should be greater than zero, but got stride: {list(stride)}")
    sizes = _sizes(input, kernel, stride, per_dim("padding", padding, n), output_size)
    lead = input.shape[:-n]
    if not input.dtype.is_floating_point and prod(lead) * prod(sizes):
        raise NotImplementedError(f"{name}: not implemented for {input.dtype}")
    if min(sizes) < 0:
        raise ValueError(f"{name}: output_size must contain non-negative spatial dimensions, but got {list(sizes)}")
    zeros = C.full(0, (*lead, prod(sizes)), input.dtype)
    if 0 in sizes:
        return zeros.reshape((*lead, *sizes))
    return scatter(zeros, -1, indices.flatten(-n), input.flatten(-n)).reshape((*lead, *sizes))


def max_unpool1d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Tensor:
    """Undoes `max_pool1d` of (N, C, L) or (C, L): what it took goes back to its place, all else is zero.

    Args:
        input: the elements that pooling took.
        indices: where they were, as `return_indices=True` gives it.
        kernel_size: that of the pooling.
        stride: likewise; by default windows lie side by side.
        padding: likewise.
        output_size: the size before pooling, with or without (N, C), where it cannot be told from the rest.

    Raises:
        RuntimeError: sizes do not fit, or an index is out of range.
        ValueError: pooling makes no such input of `output_size`.

    Examples:
        >>> y, places = F.max_pool1d(tt.tensor([[1.0, 3.0, 2.0, 5.0]]), 2, return_indices=True)
        >>> F.max_unpool1d(y, places, 2)
        tensor([[0., 3., 0., 5.]])
    """
    return _max_unpool(1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Tensor:
    """Undoes `max_pool2d` of (N, C, H, W) or (C, H, W); see `max_unpool1d`.

    Examples:
        >>> y, places = F.max_pool2d(tt.arange(4.0).view(1, 2, 2), 2, return_indices=True)
        >>> F.max_unpool2d(y, places, 2)
        tensor([[[0., 0.],
                 [0., 3.]]])
    """
    return _max_unpool(2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Tensor:
    """Undoes `max_pool3d` of (N, C, D, H, W) or (C, D, H, W); see `max_unpool1d`.

    Examples:
        >>> y, places = F.max_pool3d(tt.zeros(1, 2, 4, 4, 4), 2, return_indices=True)
        >>> F.max_unpool3d(y, places, 2).shape
        torch.Size([1, 2, 4, 4, 4])
    """
    return _max_unpool(3, input, indices, kernel_size, stride, padding, output_size)
