"""Adaptive pooling: the largest or the mean of windows that divide the input into a given number of parts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import prod
from typing import Any

from ..tensor import Tensor
from .join import cat, stack
from .pooling import avg_pool_nd, max_pool_nd
from .ranges import arange

__all__ = ["adaptive_avg_pool1d", "adaptive_max_pool1d"]


def _parts(size: int, count: int) -> list[tuple[int, int]]:
    return [(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]


def _targets(name: str, n: int, input: Tensor, output_size: Any) -> list[int]:
    if input.dim() not in (n + 1, n + 2):
        raise RuntimeError(f"{name}: Expected {n + 1}D or {n + 2}D input, but got shape {list(input.shape)}")
    channels_may_be_none = name in ("adaptive_avg_pool1d", "adaptive_avg_pool2d")
    if 0 in input.shape[-n if channels_may_be_none else 1 :]:
        raise RuntimeError(
            f"{name}: Expected input to have non-zero size for non-batch dimensions, but input has sizes "
            f"{list(input.shape)}"
        )
    sizes = list(output_size) if isinstance(output_size, (tuple, list)) else [output_size] * n
    if len(sizes) != n:
        raise RuntimeError(f"{name}: output_size must have {n} elements, got {sizes}")
    targets = [input.shape[d - n] if sizes[d] is None else int(sizes[d]) for d in range(n)]
    if min(targets) < 0:
        raise RuntimeError(f"{name}: elements of output_size must be greater than or equal to 0, got {targets}")
    if prod(targets) > 2**31:
        raise RuntimeError(f"{name}: an output of {targets} has too many elements")
    return targets


def _each_part(x: Tensor, dim: int, count: int, reduce: Callable[[Tensor], Tensor]) -> Tensor:
    return stack([reduce(x.narrow(dim, begin, end - begin)) for begin, end in _parts(x.shape[dim], count)], dim)


def _no_parts(input: Tensor, counts: list[int]) -> Tensor:
    """The result where a dimension is divided into no parts: without elements, of the input all the same."""
    return input.flatten(-len(counts)).narrow(-1, 0, 0).reshape(*input.shape[: -len(counts)], *counts)


def _equal_parts(input: Tensor, counts: list[int]) -> list[int] | None:
    """How long the parts are, where all are equally long."""
    spatial = input.shape[-len(counts) :]
    if 0 in counts or any(size % count for size, count in zip(spatial, counts, strict=True)):
        return None
    return [size // count for size, count in zip(spatial, counts, strict=True)]


def _all_one(n: int, output_size: Any) -> bool:
    return output_size == 1 or (isinstance(output_size, tuple | list) and tuple(output_size) == (1,) * n)


def _adaptive_avg_pool(n: int, input: Tensor, output_size: Any) -> Any:
    any_rank = n > 1 or input.ndim < 4
    if input.ndim > n and any_rank and input.dtype.is_floating_point and _all_one(n, output_size):
        return input.mean(tuple(range(-n, 0)), True)  # of nothing, too
    counts = _targets(f"adaptive_avg_pool{n}d", n, input, output_size)
    if 0 in counts:
        return _no_parts(input, counts)
    if input.dtype.is_floating_point and (lengths := _equal_parts(input, counts)):
        if prod(counts) == 1:
            return input.mean(tuple(range(-n, 0)), True)
        return avg_pool_nd(f"adaptive_avg_pool{n}d", n, input, lengths, None, 0, False, True, None)
    for d, count in enumerate(counts, start=input.dim() - n):
        input = _each_part(input, d, count, lambda part, d=d: part.mean(d))  # type: ignore[misc]
    return input


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
    counts = _targets(f"adaptive_max_pool{n}d", n, input, output_size)
    if 0 in counts:
        y = _no_parts(input, counts)
        return (y, y.detach().long()) if return_indices else y
    if lengths := _equal_parts(input, counts):
        return max_pool_nd(f"adaptive_max_pool{n}d", n, input, lengths, None, 0, 1, False, return_indices)
    spatial = input.shape[-n:]
    flat = arange(prod(spatial)).reshape(spatial)
    values, places = [], []
    for window in product(*(_parts(spatial[d], counts[d]) for d in range(n))):
        cell, numbers = input, flat
        for d, (begin, end) in enumerate(window):
            cell = cell.narrow(d - n, begin, end - begin)
            numbers = numbers.narrow(d, begin, end - begin)
        largest, within = cell.flatten(-n).max(-1)
        values.append(largest.unsqueeze(-1))
        if return_indices:
            places.append(numbers.flatten()[within].unsqueeze(-1))
    shape = (*input.shape[:-n], *counts)
    y = cat(values, -1).reshape(shape)
    return (y, cat(places, -1).reshape(shape)) if return_indices else y


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
