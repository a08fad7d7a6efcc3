"""Fractional max pooling: the largest elements of windows whose distances are random, for any size of the result."""

from __future__ import annotations

from math import prod
from typing import Any

from ..modes import no_grad
from ..tensor import Tensor
from .gather import gather
from .join import cat
from .random import rand
from .ranges import arange
from .windows import Sizes, per_dim

__all__: list[str] = []


def _starts(sample: Tensor, size: int, window: int, count: int) -> Tensor:
    """Where `count` windows begin, for each random number of `sample`: a fixed step, rounded off at a random phase."""
    last = (sample * 0).long().unsqueeze(-1) + (size - window)
    if count == 1:
        return last
    step = (size - window) / (count - 1)
    phase = sample.unsqueeze(-1)
    return cat([((arange(count - 1) + phase) * step).long() - (phase * step).long(), last], -1)


def _places(samples: Tensor, spatial: Any, window: Sizes, counts: Sizes) -> Tensor:
    """The flat places of the elements of each window: (N, C, *counts, elements of a window)."""
    n = len(window)
    places: Any = 0
    for d in range(n):
        sample = samples[..., n - 1 - d if n == 2 else d]  # PyTorch draws that of the width first, of images alone
        along = _starts(sample, spatial[d], window[d], counts[d]).unsqueeze(-1) + arange(window[d])
        along = along.reshape((*sample.shape, *(counts[d] if i == d else 1 for i in range(n)),
                               *(window[d] if i == d else 1 for i in range(n))))  # fmt: skip
        places = places * spatial[d] + along
    return places.flatten(-n)


def _fractional_max_pool(
    n: int, input: Tensor, window: Any, output_size: Any, output_ratio: Any, return_indices: bool, samples: Any
) -> Any:
    name = f"fractional_max_pool{n}d"
    if output_size is None and output_ratio is None:
        raise ValueError(f"{name} requires specifying either an output_size or an output_ratio")
    if input.ndim not in (n + 1, n + 2):
        raise IndexError(f"{name}: expected input of {n + 1} or {n + 2} dimensions, got shape {tuple(input.shape)}")
    spatial, window = input.shape[-n:], per_dim("kernel_size", window, n)
    if output_size is None:
        output_size = [int(size * ratio) for size, ratio in zip(spatial, output_ratio, strict=True)]
    counts = per_dim("output_size", output_size, n)
    if min(window) < 1:
        raise RuntimeError(f"{name}: kernel_size must be greater than zero, but got {list(window)}")
    for size, reach, count in zip(spatial, window, counts, strict=True):
        if count < 0 or count + reach - 1 > size:
            raise RuntimeError(f"{name}: {count} windows of {reach} elements do not fit in {size}")
    lead = input.shape[:-n] if input.ndim == n + 2 else (1, *input.shape[:-n])
    if not input.dtype.is_floating_point and 0 not in counts:
        raise NotImplementedError(f"{name}: not implemented for {input.dtype}")
    if samples is None:
        samples = rand(*lead, n).to(input.dtype) if 0 in counts else rand(*lead, n, dtype=input.dtype)
    if samples.shape != (*lead, n):
        raise RuntimeError(f"{name}: Expect _random_samples of shape {(*lead, n)}, got {tuple(samples.shape)}")
    if samples.dtype != input.dtype:
        raise RuntimeError(
            f"{name}: Expect _random_samples of the dtype of the input, {input.dtype}, got {samples.dtype}"
        )
    shape = (*input.shape[:-n], *counts)
    if 0 in counts:
        y = input.new_zeros(shape)
        return (y, y.long()) if return_indices else y
    x = input.reshape((*lead, prod(spatial)))
    with no_grad():
        places = _places(samples, spatial, window, counts)
        best = gather(x, -1, places.flatten(2)).reshape(places.shape).argmax(-1, keepdim=True)
        places = gather(places, -1, best).squeeze(-1)
    y = gather(x, -1, places.flatten(2)).reshape(shape)
    return (y, places.reshape(shape)) if return_indices else y


def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """The largest elements of windows at random distances that fill (N, C, H, W) or (C, H, W).

    B. Graham, "Fractional Max-Pooling", 2014.

    Args:
        input: (N, C, H, W) or (C, H, W).
        kernel_size: of a window.
        output_size: how many windows along each dimension; or
        output_ratio: as a share of the input's sizes, one for each dimension; used where there is no `output_size`.
        return_indices: also the flat place of each element in its plane.
        _random_samples: (N, C, 2) numbers in [0, 1) instead of random ones.

    Raises:
        ValueError: neither `output_size` nor `output_ratio` is given.
        RuntimeError: so many windows do not fit.

    Examples:
        >>> _ = tt.manual_seed(0)
        >>> F.fractional_max_pool2d(tt.arange(25.0).view(1, 5, 5), 2, output_size=3)
        tensor([[[ 6.,  8.,  9.],
                 [11., 13., 14.],
                 [21., 23., 24.]]])
    """
    return _fractional_max_pool(2, input, kernel_size, output_size, output_ratio, return_indices, _random_samples)


def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Tensor | None = None,
) -> Any:
    """As `fractional_max_pool2d`, of (N, C, D, H, W) or (C, D, H, W).

    Examples:
        >>> F.fractional_max_pool3d(tt.zeros(1, 5, 6, 7), 2, output_ratio=(0.5, 0.5, 0.5)).shape
        torch.Size([1, 2, 3, 3])
    """
    return _fractional_max_pool(3, input, kernel_size, output_size, output_ratio, return_indices, _random_samples)
