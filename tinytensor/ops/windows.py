"""Sliding windows over the last dimensions, and their sum back: what convolution and pooling are made of."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from math import prod
from typing import Any

from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, primitive

Sizes = Sequence[int]


def window_count(size: int, kernel: int, stride: int, dilation: int) -> int:
    """How many windows fit into `size`."""
    return (size - dilation * (kernel - 1) - 1) // stride + 1


def taken(distance: Sizes, count: Sizes) -> tuple[int, ...]:
    """The distances of that many places: 1 where there is one place alone, be the number given ever so large."""
    return tuple(distance[d] if count[d] > 1 else 1 for d in range(len(count)))


@primitive
def windows(x: Tensor, stride: Sizes, before: Sizes, dilation: Sizes, kernel: Sizes, count: Sizes) -> Any:
    """All windows of the last dimensions: (*, *spatial) -> (*, *kernel, *count); zero where they reach outside."""
    spatial = x.shape[-len(kernel) :]
    stride, dilation = taken(stride, count), taken(dilation, kernel)
    return C.windows(x, stride, before, dilation, kernel, count), vjp(C.overlap_add, stride, before, dilation, spatial)


@primitive
def overlap_add(g: Tensor, stride: Sizes, before: Sizes, dilation: Sizes, spatial: Sizes) -> Any:
    """Windows added up where they lie: (*, *kernel, *count) -> (*, *spatial), the transpose of `windows`."""
    n = len(spatial)
    kernel, count = g.shape[-2 * n : -n], g.shape[-n:]
    stride, dilation = taken(stride, count), taken(dilation, kernel)
    return C.overlap_add(g, stride, before, dilation, spatial), vjp(C.windows, stride, before, dilation, kernel, count)


def per_dim(name: str, value: Any, n: int) -> tuple[int, ...]:
    """A setting of whole numbers given once, or once for each of n dimensions.

    Raises:
        RuntimeError: another number of settings.
        TypeError: a setting is not whole.
    """
    if not isinstance(value, (tuple, list)):
        return (operator.index(value),) * n
    if len(value) not in (1, n):
        raise RuntimeError(f"expected {name} to be a single integer value or a list of {n} values, got {list(value)}")
    values = tuple(map(operator.index, value))
    return values if len(values) == n else values * n


def check_elements(name: str, sizes: Sizes) -> None:
    """Refuses a result that no memory can hold, before anything is computed for it.

    Raises:
        RuntimeError: it would take more bytes than 63 bits count.
    """
    if prod(sizes) >= 2**60:
        raise RuntimeError(f"{name}: an output of {list(sizes)} has too many elements")
