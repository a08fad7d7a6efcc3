"""Rearranging and resizing images: unfold, fold, pixel shuffles, interpolation."""

from __future__ import annotations

import functools
import math
import operator
from math import prod
from typing import Any

import numpy as np

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, primitive
from .creation import as_tensor
from .windows import check_elements, overlap_add, per_dim, window_count, windows

__all__ = ["channel_shuffle", "pixel_shuffle", "pixel_unshuffle"]


def _fold_plan(size: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    kernel, step = per_dim("kernel_size", kernel_size, 2), per_dim("stride", stride, 2)
    spread, border = per_dim("dilation", dilation, 2), per_dim("padding", padding, 2)
    if min(kernel) < 1:
        raise RuntimeError(f"kernel size should be greater than zero, but got {kernel}")
    if min(spread) < 1:
        raise RuntimeError(f"dilation should be greater than zero, but got {spread}")
    if min(step) <= 0:
        raise RuntimeError(f"stride should be greater than zero, but got {step}")
    if min(border) < 0:
        raise RuntimeError(f"padding should be non-negative, but got {border}")
    count = [window_count(size[d] + 2 * border[d], kernel[d], step[d], spread[d]) for d in range(2)]
    if min(count) < 1:
        raise RuntimeError(
            f"Given input with spatial size ({size[0]}, {size[1]}), kernel_size={kernel}, dilation={spread}, "
            f"padding={border}, stride={step}, calculated shape of the array of sliding blocks as "
            f"({count[0]}, {count[1]}), but its components must be at least one."
        )
    return kernel, step, spread, border, count


def unfold(input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """The windows of images as columns: (N, C, H, W) -> (N, C * kH * kW, windows).

    Examples:
        >>> F.unfold(tt.arange(4.0).view(1, 1, 2, 2), (1, 2))
        tensor([[[0., 2.],
                 [1., 3.]]])
    """
    batched = input.dim() == 4
    x = input if batched else input.unsqueeze(0)
    if 0 in x.shape[1:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but "
            f"got: {list(input.shape)}"
        )
    kernel, step, spread, border, count = _fold_plan(x.shape[2:], kernel_size, dilation, padding, stride)
    y = windows(x, step, border, spread, kernel, count).reshape(x.shape[0], x.shape[1] * prod(kernel), prod(count))
    return y if batched else y.squeeze(0)


def fold(
    input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """Columns of windows added up to images: (N, C * kH * kW, windows) -> (N, C, H, W).

    Examples:
        >>> F.fold(tt.ones(1, 4, 4), output_size=(3, 3), kernel_size=2)
        tensor([[[[1., 2., 1.],
                  [2., 4., 2.],
                  [1., 2., 1.]]]])
    """
    batched = input.dim() == 3
    x = input if batched else input.unsqueeze(0)
    size = per_dim("output_size", output_size, 2)
    kernel, step, spread, border, count = _fold_plan(size, kernel_size, dilation, padding, stride)
    if x.shape[1] % prod(kernel):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
            f"input.size(1)={x.shape[1]} and kernel_size={kernel}."
        )
    if x.shape[2] != prod(count):
        raise RuntimeError(
            f"Given output_size={size}, kernel_size={kernel}, dilation={spread}, padding={border}, stride={step}, "
            f"expected size of input's dimension 2 to match the calculated number of sliding blocks "
            f"{count[0]} * {count[1]} = {prod(count)}, but got input.size(2)={x.shape[2]}."
        )
    columns = x.reshape(x.shape[0], x.shape[1] // prod(kernel), *kernel, *count)
    y = overlap_add(columns, step, border, spread, size)
    return y if batched else y.squeeze(0)


def _factor(name: str, input: Tensor, argument: str, factor: int) -> int:
    if input.ndim < 3:
        raise RuntimeError(f"{name} expects input to have at least 3 dimensions, but got input with {input.ndim}")
    if operator.index(factor) <= 0:
        raise RuntimeError(f"{name} expects a positive {argument}, but got {factor}")
    return factor


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """Channels become pixels: (*, C * r * r, H, W) -> (*, C, H * r, W * r).

    Examples:
        >>> F.pixel_shuffle(tt.arange(4).view(1, 4, 1, 1), 2)
        tensor([[[[0, 1],
                  [2, 3]]]])
    """
    r = _factor("pixel_shuffle", input, "upscale_factor", upscale_factor)
    channels = input.shape[-3]
    if channels % (r * r):
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            f"but input.size(-3)={channels} is not divisible by {r * r}"
        )
    return _pixel_shuffle(input, r)


@primitive
def _pixel_shuffle(x: Tensor, r: int) -> Any:
    *lead, channels, height, width = x.shape
    n = len(lead)
    y = C.reshape(x, (*lead, channels // (r * r), r, r, height, width))
    y = C.contiguous(C.permute(y, (*range(n + 1), n + 3, n + 1, n + 4, n + 2)))
    return C.reshape(y, (*lead, channels // (r * r), height * r, width * r)), vjp(_pixel_unshuffle, r)


def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """Pixels become channels: (*, C, H * r, W * r) -> (*, C * r * r, H, W).

    Examples:
        >>> F.pixel_unshuffle(tt.zeros(1, 1, 4, 4), 2).shape
        torch.Size([1, 4, 2, 2])
    """
    r = _factor("pixel_unshuffle", input, "downscale_factor", downscale_factor)
    height, width = input.shape[-2:]
    if height % r or width % r:
        raise RuntimeError(
            f"pixel_unshuffle expects height and width to be divisible by downscale_factor, but got {height} and "
            f"{width} with {r}"
        )
    if input.numel() == 0:
        return input.clone()
    return _pixel_unshuffle(input, r)


@primitive
def _pixel_unshuffle(x: Tensor, r: int) -> Any:
    *lead, channels, height, width = x.shape
    n = len(lead)
    y = C.reshape(x, (*lead, channels, height // r, r, width // r, r))
    y = C.contiguous(C.permute(y, (*range(n + 1), n + 2, n + 4, n + 1, n + 3)))
    return C.reshape(y, (*lead, channels * r * r, height // r, width // r)), vjp(_pixel_shuffle, r)


def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """Channels of `groups` groups dealt out in turn: (N, C, *), kept.

    Examples:
        >>> F.channel_shuffle(tt.arange(4).view(1, 4, 1), 2).flatten()
        tensor([0, 2, 1, 3])
    """
    if input.ndim < 3:
        raise RuntimeError(f"channel_shuffle expects input with > 2 dims, but got input with sizes {list(input.shape)}")
    batch, channels, *rest = input.shape
    if groups <= 0:
        raise RuntimeError(f"Number of groups to divide channels in must be positive. Value of groups:{groups}")
    if channels % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {channels} channels and {groups} groups."
        )
    return input.reshape(batch, groups, channels // groups, *rest).transpose(1, 2).reshape(input.shape)


# ---- interpolation: along one dimension after the other, each output pixel a weighted sum of a few input pixels ----


@primitive
def resample(x: Tensor, places: Tensor, weights: Any, dim: int) -> Any:
    """Elements along `dim` that are sums of others, `places` (elements, taps) of each, times weights (or one alone)."""
    return C.resample(x, places, weights, dim), vjp(C.resample_backward, places, weights, dim, x.shape[dim])


@primitive
def resample_backward(g: Tensor, places: Tensor, weights: Any, dim: int, size: int) -> Any:
    """The gradient of each element given to the `size` ones along `dim` that it was made of."""
    return C.resample_backward(g, places, weights, dim, size), vjp(C.resample, places, weights, dim)


@functools.lru_cache(maxsize=64)
def _taps(mode: str, size: int, count: int, scale: float, align_corners: bool, dtype: str) -> tuple[Tensor, Any]:
    """The input pixels that the `count` output pixels take, (count, taps), and their weights; None where it is one."""
    i = np.arange(count, dtype=np.float64)
    if mode.startswith("nearest"):
        return _C.from_buffer(_inside((i if mode == "nearest" else i + 0.5) * scale, size)[:, None]), None
    x = i * scale if align_corners else (i + 0.5) * scale - 0.5
    if mode == "linear":
        x = np.maximum(x, 0.0)
        low = _inside(x, size)
        places, weights = [low, _inside(low + 1, size)], [1 - (x - low), x - low]
    else:
        low = np.floor(x)
        places, weights = [_inside(low + k, size) for k in (-1, 0, 1, 2)], cubic_weights(x - low)
    return _C.from_buffer(np.stack(places, 1)), _C.from_buffer(np.stack(weights, 1).astype(dtype))


def _averages(mode: str, size: int, count: int, scale: float) -> Any:
    """What each of the `count` output pixels takes of each input pixel, so that none is passed over: (count, size)."""
    wide = max(scale, 1.0)  # the filter covers as many input pixels as an output pixel does
    centre = (np.arange(count, dtype=np.float64)[:, None] + 0.5) * scale
    away = np.abs((np.arange(size) + 0.5 - centre) / wide)
    if mode == "linear":
        weight = np.maximum(1 - away, 0)
    else:
        far, near, *_ = cubic_weights(away % 1, -0.5)
        weight = np.where(away < 1, near, np.where(away < 2, far, 0))
    return weight / weight.sum(1, keepdims=True)


def _inside(x: Any, size: int) -> Any:
    return np.clip(x, 0, size - 1).astype(np.int64)


def cubic_weights(t: Any, a: float = -0.75) -> list[Any]:
    """Of the pixels before, at, behind and after the next one, for a place that is t after a pixel (Keys, 1981)."""

    def near(x: Any) -> Any:
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x: Any) -> Any:
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return [far(t + 1), near(t), near(1 - t), far(2 - t)]


def interpolate(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """Resizes (N, C, *) to `size`, or by `scale_factor`.

    Args:
        input: (N, C, L), (N, C, H, W) or (N, C, D, H, W).
        size: the new sizes, one for each dimension after C, or one for all.
        scale_factor: or by how much to multiply the sizes.
        mode: "nearest", "nearest-exact", "linear" (of sequences), "bilinear", "bicubic" (of images), "trilinear" (of
            volumes), "area".
        align_corners: whether the centres of the corner pixels stay where they are.
        recompute_scale_factor: whether the scale is that of the resulting sizes, not the given one.
        antialias: "bilinear" and "bicubic" of fewer pixels average all of those that they stand for.

    Examples:
        >>> F.interpolate(tt.tensor([[[1.0, 3.0]]]), scale_factor=2, mode="linear")
        tensor([[[1.0000, 1.5000, 2.5000, 3.0000]]])
    """
    n = input.dim() - 2
    if antialias and (n != 2 or mode not in ("bilinear", "bicubic")):
        raise ValueError(
            f"antialias is for modes bilinear and bicubic of 4-D input, got mode '{mode}' and {input.ndim}-D"
        )
    wanted = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}
    if mode not in ("nearest", "nearest-exact", "area", *wanted):
        raise NotImplementedError(f"interpolate: there is no mode '{mode}'")
    if wanted.get(mode, n) != n or n not in (1, 2, 3):
        raise NotImplementedError(
            f"interpolate: mode '{mode}' takes {wanted.get(mode, '1 to 3')} spatial dimensions, got {n}"
        )
    if align_corners is not None and mode not in wanted:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear"
        )
    if (size is None) == (scale_factor is None):
        raise ValueError("only one of size or scale_factor should be defined")
    factors: list[Any] = [None] * n
    given = scale_factor if size is None else size
    if isinstance(given, tuple | list) and len(given) != n:
        raise ValueError(
            "Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of "
            f"{list(input.shape[2:])} and {'output size' if size is not None else 'scale_factor'} of {given}"
        )
    if size is not None:
        counts = list(per_dim("size", size, n))
    else:
        factors = list(map(float, scale_factor if isinstance(scale_factor, tuple | list) else (scale_factor,) * n))
        scaled = [input.shape[2 + d] * factors[d] for d in range(n)]
        if not all(abs(count) < 2**63 for count in scaled):
            raise RuntimeError(f"interpolate: scale_factor={scale_factor} gives no size that 64 bits hold")
        counts = [math.floor(count) for count in scaled]
        if recompute_scale_factor:
            factors = [None] * n
    if min((*input.shape[2:], *counts), default=1) <= 0:
        raise RuntimeError(
            "Input and output sizes should be greater than 0, but got input "
            f"{tuple(input.shape[2:])} and output {tuple(counts)}"
        )
    check_elements("interpolate", (*input.shape[:2], *counts))
    if mode == "area":
        from .adaptive import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d

        return (adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d)[n - 1](input, counts)
    if mode in wanted and not input.dtype.is_floating_point:
        raise NotImplementedError(f"interpolate: mode '{mode}' is for floats, got {input.dtype}")
    kind = {"bilinear": "linear", "trilinear": "linear", "bicubic": "cubic"}.get(mode, mode)
    for d in range(n):
        have, count, factor = input.shape[2 + d], counts[d], factors[d]
        if align_corners:
            scale = (have - 1) / (count - 1) if count > 1 else 0.0
        else:
            scale = have / count if factor is None else 1 / factor
        if antialias:
            average = as_tensor(_averages(kind, have, count, scale), dtype=input.dtype)
            input = average @ input if d == 0 else input @ average.mT
        else:
            input = resample(input, *_taps(kind, have, count, scale, bool(align_corners), input.dtype.name), 2 + d)
    return input


def upsample(
    input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: bool | None = None
) -> Tensor:
    """The older name of `interpolate`.

    Examples:
        >>> F.upsample(tt.tensor([[[1.0, 3.0]]]), size=4)
        tensor([[[1., 1., 3., 3.]]])
    """
    return interpolate(input, size, scale_factor, mode, align_corners)
