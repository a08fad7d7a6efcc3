"""Reading images at any places: `grid_sample`, and the grids of affine maps.

Places are coordinates from -1 to 1 along each spatial dimension, the last dimension (x) first.
"""

from __future__ import annotations

import itertools
import warnings
from typing import Any

from .. import autograd
from .._C import ops as C
from ..modes import enable_grad
from ..tensor import Tensor, primitive
from .choice import where
from .creation import ones
from .image import cubic_weights
from .join import stack
from .ranges import linspace
from .second import pull_back
from .unary import floor, round

__all__: list[str] = []


def _corners(name: str, align_corners: bool | None) -> bool:
    if align_corners is None:
        warnings.warn(
            f"{name}: align_corners is False where it is not given (it was True before PyTorch 1.3)", stacklevel=3
        )
    return bool(align_corners)


def affine_grid(theta: Tensor, size: Any, align_corners: bool | None = None) -> Tensor:
    """The grid with which `grid_sample` maps images: `theta` applied to the place of each output pixel.

    Args:
        theta: matrices of (N, 2, 3), or of (N, 3, 4) for volumes.
        size: of the output: (N, C, H, W), or (N, C, D, H, W).
        align_corners: whether -1 and 1 are the centres of the corner pixels, or the edges of the image.

    Shapes: (N, n, n + 1) -> (N, H, W, 2) or (N, D, H, W, 3).

    Raises:
        RuntimeError: `theta` does not fit the size.
        ValueError: a size is not positive, or `theta` is not of floats.

    Examples:
        >>> turn = tt.tensor([[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]])
        >>> F.affine_grid(turn, (1, 1, 1, 2), align_corners=True)
        tensor([[[[ 0., -1.],
                  [ 0.,  1.]]]])

    Source: Jaderberg et al., "Spatial Transformer Networks", 2015.
    """
    if not theta.dtype.is_floating_point:
        raise ValueError(f"Expected theta to have floating point type, but got {theta.dtype}")
    if len(size) not in (4, 5) or theta.ndim != 3 or theta.shape[1:] != (len(size) - 2, len(size) - 1):
        raise ValueError(
            f"affine_grid: expected theta of shape (N, n, n + 1) and a size of n + 2 numbers, n 2 or 3; got theta of shape "
            f"{list(theta.shape)} and size {list(size)}"
        )
    if min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {tuple(size)}")
    if theta.shape[0] != size[0]:
        raise RuntimeError(f"affine_grid: expected {size[0]} matrices, as the size says, got {theta.shape[0]}")
    aligned, spatial = _corners("affine_grid", align_corners), size[2:]
    axes = [linspace(-1, 1, n, dtype=theta.dtype) for n in spatial]
    axes = [x if aligned else x * (n - 1) / n for x, n in zip(axes, spatial, strict=True)]
    axes = [x.zero_() if n == 1 else x for x, n in zip(axes, spatial, strict=True)]
    last = len(spatial) - 1
    places = [axes[d].reshape(-1, *(1,) * (last - d)).expand(*spatial) for d in range(last, -1, -1)]
    base = stack([*places, ones(*spatial, dtype=theta.dtype)], -1).reshape(1, -1, last + 2)
    return (base @ theta.mT).reshape(size[0], *spatial, last + 1)


def grid_sample(
    input: Tensor, grid: Tensor, mode: str = "bilinear", padding_mode: str = "zeros", align_corners: bool | None = None
) -> Tensor:
    """Images read at the places that `grid` gives for each output pixel.

    Args:
        input: images (N, C, H, W), or volumes (N, C, D, H, W).
        grid: places (N, Ho, Wo, 2), or (N, Do, Ho, Wo, 3); x before y before z, from -1 to 1.
        mode: "bilinear" (of volumes trilinear), "nearest", or "bicubic" (of images).
        padding_mode: what lies outside: "zeros", the pixels of the "border", or the image's "reflection".
        align_corners: whether -1 and 1 are the centres of the corner pixels, or the edges of the image.

    Shapes: (N, C, *in), (N, *out, n) -> (N, C, *out).

    Raises:
        ValueError: there is no such mode or padding.
        RuntimeError: shapes or dtypes do not fit.

    Examples:
        >>> image = tt.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
        >>> F.grid_sample(image, tt.tensor([[[[0.0, -1.0], [0.0, 0.0]]]]), align_corners=True)
        tensor([[[[1.5000, 2.5000]]]])

    Source: Jaderberg et al., "Spatial Transformer Networks", 2015.
    """
    if mode not in _MODES:
        raise ValueError(f"grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '{mode}'")
    if padding_mode not in _PADDINGS:
        raise ValueError(
            f"grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: '{padding_mode}'"
        )
    aligned = _corners("grid_sample", align_corners)
    return _grid_sample(input, grid, _MODES.index(mode), _PADDINGS.index(padding_mode), aligned)


_MODES, _PADDINGS = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")


@primitive(joint=True)
def _grid_sample(input: Tensor, grid: Tensor, mode: int, padding: int, aligned: bool) -> Any:
    y = C.grid_sample(input, grid, mode, padding, aligned)
    return y, lambda g: C.grid_sample_backward(g, input, grid, mode, padding, aligned)


@primitive(joint=True)
def grid_sample_backward(g: Tensor, input: Tensor, grid: Tensor, mode: int, padding: int, aligned: bool) -> Any:
    """The gradients of the images and the grid."""

    def gradients(g: Tensor, input: Tensor, grid: Tensor) -> Any:
        with enable_grad():
            images, places = (x if x.requires_grad else x.detach().requires_grad_() for x in (input, grid))
            y = _sample(images, places, _MODES[mode], _PADDED[padding], aligned)
        return autograd.grad(y, [images, places], g, create_graph=True, materialize_grads=True)

    return C.grid_sample_backward(g, input, grid, mode, padding, aligned), lambda *h: pull_back(
        gradients, (g, input, grid), h
    )


# ---- the same out of differentiable ops, for second derivatives ----


def _sample(input: Tensor, grid: Tensor, mode: str, pad: Any, aligned: bool) -> Tensor:
    sizes = input.shape[2:]
    places = [
        _pixels(x, size, aligned) for x, size in zip(grid.flatten(1, -2).unbind(-1), reversed(sizes), strict=True)
    ]
    if mode == "bicubic":
        taps = [_cubic_taps(x, size, pad, aligned) for x, size in zip(places, reversed(sizes), strict=True)]
    else:
        padded = [pad(x, size, aligned) for x, size in zip(places, reversed(sizes), strict=True)]
        taps = [[(round(x), None)] if mode == "nearest" else _linear_taps(x) for x in padded]
    pixels, total = input.flatten(2), None
    for corner in itertools.product(*taps):
        part = _weighted(pixels, sizes, corner)
        total = part if total is None else total + part
    assert total is not None
    return total.reshape(*input.shape[:2], *grid.shape[1:-1])


def _pixels(x: Tensor, size: int, aligned: bool) -> Tensor:
    """Coordinates from -1 to 1 as those of pixels, whose centres are 0 to size - 1."""
    return (x + 1) / 2 * (size - 1) if aligned else ((x + 1) * size - 1) / 2


def _clipped(x: Tensor, size: int, aligned: bool) -> Tensor:
    """Places moved to the border, where they have no gradient, as those on it."""
    inside = (x > 0).logical_and(x < size - 1)
    return where(inside, x, x.detach().clamp(0, size - 1))


def _reflected(x: Tensor, size: int, aligned: bool) -> Tensor:
    """Places reflected at the centres of the border pixels, or at their edges, as often as it takes."""
    low, span = (0.0, float(size - 1)) if aligned else (-0.5, float(size))
    if span == 0:
        return x * 0
    away = (x - low) * where(x.detach() < low, -1.0, 1.0)
    over, flips = away.fmod(span), floor(away.detach() / span)
    return _clipped(where(flips % 2 == 0, over + low, span - over + low), size, aligned)


_PADDED = (lambda x, size, aligned: x, _clipped, _reflected)  # as in _PADDINGS


def _linear_taps(x: Tensor) -> list[Any]:
    """Pixels beside each place, and their weights."""
    low = floor(x.detach())
    return [(low, 1 - (x - low)), (low + 1, x - low)]


def _cubic_taps(x: Tensor, size: int, pad: Any, aligned: bool) -> list[Any]:
    low = floor(x.detach())
    near = [pad(low + k, size, aligned) for k in (-1, 0, 1, 2)]
    return list(zip(near, cubic_weights(x - low), strict=True))


def _weighted(pixels: Tensor, sizes: Any, corner: Any) -> Tensor:
    """One pixel for each place, (N, C, places), times its weights; 0 where it lies outside."""
    index, inside, weight = None, None, None
    for (at, w), size in zip(reversed(corner), sizes, strict=True):
        within = (at >= 0).logical_and(at < size)
        row = where(within, at, 0).long()
        index = row if index is None else index * size + row
        inside = within if inside is None else inside.logical_and(within)
        weight = w if weight is None else weight * w
    assert index is not None and inside is not None
    channels = pixels.shape[1]
    part = pixels.gather(2, index.unsqueeze(1).expand(-1, channels, -1))
    part = where(inside.unsqueeze(1), part, 0)
    return part if weight is None else part * weight.unsqueeze(1)
