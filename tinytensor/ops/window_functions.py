"""Window functions, which fade a stretch of a signal in and out; NumPy computes them in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import _C
from ..device import check_device
from ..tensor import Tensor, make_composites

__all__ = ["bartlett_window", "blackman_window", "hamming_window", "hann_window", "kaiser_window"]


def _window(
    name: str,
    shape: Callable[[Any], Any],
    length: int,
    periodic: bool,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """`shape` of evenly spaced places, 0 at the start and 1 at the end, of which a periodic window lacks the last."""
    check_device(device)
    dtype = _C.get_default_dtype() if dtype is None else dtype
    if length < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got window_length={length}")
    if not dtype.is_floating_point:
        raise RuntimeError(f"{name} expects floating point dtypes, got: {dtype}")
    steps = length - (not periodic)
    places = np.arange(length, dtype=np.float64) / steps if steps > 0 else np.ones(length)
    y = shape(places) if length > 1 else np.ones(length)
    return _C.from_buffer(np.asarray(y, dtype=dtype.name)).requires_grad_(requires_grad)


def bartlett_window(window_length: int, periodic: bool = True, **options: Any) -> Tensor:
    """A triangle: 0 at the ends, 1 in the middle.

    Args:
        window_length: how many elements.
        periodic: of one element more, without the last: for the analysis of spectra. Else it is symmetric.
        **options: `dtype`, `device`, `requires_grad`, as for `zeros`.

    Examples:
        >>> tt.bartlett_window(5, periodic=False)
        tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    return _window("bartlett_window", lambda t: 1 - np.abs(2 * t - 1), window_length, periodic, **options)


def hann_window(window_length: int, periodic: bool = True, **options: Any) -> Tensor:
    """Half a cosine wave, `(1 - cos(2 pi t)) / 2`. The arguments are those of `bartlett_window`.

    Examples:
        >>> tt.hann_window(4)
        tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    return _window("hann_window", lambda t: 0.5 - 0.5 * np.cos(2 * np.pi * t), window_length, periodic, **options)


def hamming_window(
    window_length: int, periodic: bool = True, alpha: float = 0.54, beta: float = 0.46, **options: Any
) -> Tensor:
    """`alpha - beta cos(2 pi t)`. The other arguments are those of `bartlett_window`.

    Examples:
        >>> tt.hamming_window(4)
        tensor([0.0800, 0.5400, 1.0000, 0.5400])
    """
    return _window("hamming_window", lambda t: alpha - beta * np.cos(2 * np.pi * t), window_length, periodic, **options)


def blackman_window(window_length: int, periodic: bool = True, **options: Any) -> Tensor:
    """`0.42 - 0.5 cos(2 pi t) + 0.08 cos(4 pi t)`. The arguments are those of `bartlett_window`.

    Examples:
        >>> tt.blackman_window(4)[1:]
        tensor([0.3400, 1.0000, 0.3400])
    """

    def shape(t: Any) -> Any:
        return 0.42 - 0.5 * np.cos(2 * np.pi * t) + 0.08 * np.cos(4 * np.pi * t)

    return _window("blackman_window", shape, window_length, periodic, **options)


def kaiser_window(window_length: int, periodic: bool = True, beta: float = 12.0, **options: Any) -> Tensor:
    """`i0(beta sqrt(1 - (2 t - 1)^2)) / i0(beta)`. The other arguments are those of `bartlett_window`.

    Examples:
        >>> tt.kaiser_window(5, periodic=False, beta=0.0)
        tensor([1., 1., 1., 1., 1.])
    """

    def shape(t: Any) -> Any:
        return np.i0(beta * np.sqrt(np.maximum(1 - (2 * t - 1) ** 2, 0))) / np.i0(beta)

    return _window("kaiser_window", shape, window_length, periodic, **options)


make_composites(__name__, __all__)
