"""Sliding windows over the last dimensions, and their sum back: what convolution and pooling are made of."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, primitive

Sizes = Sequence[int]


def window_count(size: int, kernel: int, stride: int, dilation: int, ceil: bool = False) -> int:
    """How many windows fit into `size`; with `ceil` also one that reaches over the end."""
    room = size - dilation * (kernel - 1) - 1
    return (room + stride - 1 if ceil else room) // stride + 1


def taken(distance: Sizes, count: Sizes) -> tuple[int, ...]:
    """The distances of that many places: 1 where there is one place alone, be the number given ever so large."""
    return tuple(distance[d] if count[d] > 1 else 1 for d in range(len(count)))


@primitive
def windows(x: Tensor, kernel: Sizes, stride: Sizes, dilation: Sizes, count: Sizes) -> Any:
    """All windows of the last dimensions: (*, *spatial) -> (*, *kernel, *count)."""
    n = len(kernel)
    lead, spatial = x.shape[:-n], x.shape[-n:]
    steps = x.stride()
    stride, dilation = taken(stride, count), taken(dilation, kernel)
    inside = [steps[d - n] * dilation[d] for d in range(n)]
    between = [steps[d - n] * stride[d] for d in range(n)]
    y = C.as_strided(x, (*lead, *kernel, *count), (*steps[:-n], *inside, *between), x.storage_offset())
    return C.contiguous(y), vjp(overlap_add, spatial, stride, dilation)


@primitive
def overlap_add(g: Tensor, spatial: Sizes, stride: Sizes, dilation: Sizes) -> Any:
    """Windows added up where they lie: (*, *kernel, *count) -> (*, *spatial), the transpose of `windows`."""
    n = len(spatial)
    lead, kernel, count = g.shape[: -2 * n], g.shape[-2 * n : -n], g.shape[-n:]
    y = C.full(0, (*lead, *spatial), g.dtype)
    steps, g_steps = y.stride(), g.stride()
    stride, dilation = taken(stride, count), taken(dilation, kernel)
    part_steps = (*steps[:-n], *(steps[d - n] * stride[d] for d in range(n)))
    piece_steps = (*g_steps[: -2 * n], *g_steps[-n:])
    for place in product(*map(range, kernel)):
        offset = sum(steps[d - n] * dilation[d] * place[d] for d in range(n))
        g_offset = g.storage_offset() + sum(g_steps[d - 2 * n] * place[d] for d in range(n))
        part = C.as_strided(y, (*lead, *count), part_steps, offset)
        C.add(part, C.as_strided(g, (*lead, *count), piece_steps, g_offset), out=part)
    return y, vjp(windows, kernel, stride, dilation, count)


def per_dim(name: str, value: Any, n: int) -> tuple[int, ...]:
    """A setting of whole numbers given once, or once for each of n dimensions.

    Raises:
        RuntimeError: another number of settings.
        TypeError: a setting is not whole.
    """
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if len(values) == 1:
        values *= n
    if len(values) != n:
        raise RuntimeError(f"expected {name} to be a single integer value or a list of {n} values, got {list(values)}")
    return tuple(map(operator.index, values))


def check_elements(name: str, sizes: Sizes) -> None:
    """Refuses a result that no memory can hold, before anything is computed for it.

    Raises:
        RuntimeError: it would take more bytes than 63 bits count.
    """
    if prod(sizes) >= 2**60:
        raise RuntimeError(f"{name}: an output of {list(sizes)} has too many elements")
