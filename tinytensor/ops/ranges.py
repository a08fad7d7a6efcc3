"""Numbers at equal distances, in equal proportions, and their powers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import _C
from .._C import ops as C
from ..device import check_device
from ..tensor import Tensor
from .creation import leaf

__all__ = ["arange", "linspace", "logspace", "vander"]

_WHOLE = int, np.integer


def arange(
    start: Any,
    end: Any = None,
    step: Any = 1,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A vector of the numbers from `start` (0 if only the end is given) up to but not including `end`.

    Raises:
        RuntimeError: step is zero, or points away from the end.

    Examples:
        >>> tt.arange(5)
        tensor([0, 1, 2, 3, 4])
        >>> tt.arange(1, 2, 0.25)
        tensor([1.0000, 1.2500, 1.5000, 1.7500])
    """
    check_device(device)
    if end is None:
        start, end = 0, start
    start, end, step = _number(start), _number(end), _number(step)
    if dtype is None:
        whole = isinstance(start, _WHOLE) and isinstance(end, _WHOLE) and isinstance(step, _WHOLE)
        dtype = _C.int64 if whole else _C.get_default_dtype()
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if math.isnan(step) or step == 0:
        raise RuntimeError("step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    if abs(end - start) >= 2**62 * abs(step):
        raise RuntimeError(f"arange: invalid size, possible overflow: {start} -> {end} by {step}")
    # How many there are follows from the bounds in float64, for int64 alone from what they are cut to.
    count = math.ceil((float(end) - float(start)) / step)
    if dtype.is_floating_point:
        return leaf(C.arange(float(start), float(step), count, dtype), requires_grad)
    first, last, stride = _whole(start), _whole(end), _whole(step)
    if dtype is _C.int64:
        if stride == 0:
            raise ValueError("step must be nonzero")
        count = len(range(first, last, stride))
    return leaf(C.arange(first, stride, count, dtype), requires_grad)


def _number(x: Any) -> Any:
    return x.item() if isinstance(x, Tensor) else x


def _whole(x: Any) -> int:
    return x if type(x) is int else _as_element(x, _C.int64)


def linspace(
    start: Any,
    end: Any,
    steps: int,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A vector of `steps` numbers at equal distances from `start` to `end`, both included.

    Examples:
        >>> tt.linspace(0, 1, 5)
        tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
    """
    check_device(device)
    dtype = dtype or _C.get_default_dtype()
    values = _evenly_spaced("linspace", start, end, steps, dtype, dtype if dtype.is_floating_point else _C.float64)
    return leaf(_cast(values, dtype), requires_grad)


def logspace(
    start: Any,
    end: Any,
    steps: int,
    base: float = 10.0,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A vector of `steps` numbers: `base` to the power of `linspace(start, end, steps)`.

    Examples:
        >>> tt.logspace(0, 2, 3)
        tensor([  1.,  10., 100.])
    """
    check_device(device)
    dtype = dtype or _C.get_default_dtype()
    real = _C.float64 if dtype.is_floating_point else _C.float32  # of exponents, as PyTorch counts them
    exponents = _evenly_spaced("logspace", start, end, steps, dtype, real).numpy().astype(np.float64)
    with np.errstate(all="ignore"):
        values = np.power(base, exponents)
    return leaf(_cast(_C.from_buffer(values), dtype), requires_grad)


def _as_element(number: Any, dtype: Any) -> int:
    """The number cut to a whole one that a tensor of this dtype can hold.

    Raises:
        RuntimeError: it cannot.
    """
    _C.check_number(number, dtype)
    return int(number) % 256 if dtype is _C.uint8 else int(number)


def _evenly_spaced(name: str, start: Any, end: Any, steps: int, dtype: Any, real: Any) -> Any:
    """Counted from the nearer end, as PyTorch does, so that both ends are exact.

    The ends are elements of `dtype`, unless there is one number alone; what is between them is of the dtype `real`.
    """
    if any(isinstance(x, Tensor) and x.ndim > 0 for x in (start, end)):
        raise RuntimeError(f"{name} only supports 0-dimensional start and end tensors")
    if not isinstance(steps, _WHOLE):
        raise TypeError(f"{name}(): argument 'steps' must be int, not {type(steps).__name__}")
    start, end = _number(start), _number(end)
    if steps < 0:
        raise RuntimeError(f"{name}: number of steps must be non-negative")
    if steps >= 2**59:
        raise RuntimeError(f"{name}: {steps} steps overflow the size of a tensor")
    if steps == 1:
        real = _C.float64
    elif steps and not dtype.is_floating_point:
        start, end = _as_element(start, dtype), _as_element(end, dtype)
    return C.linspace(start, end, steps, real)


def _cast(values: Any, dtype: Any) -> Any:
    if values.numel() == 1:  # which was no element of that dtype before
        _C.check_number(values.item(), dtype)
    return C.cast(values, dtype) if values.dtype is not dtype else values


# ---- powers ----


def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """Powers of the elements of a vector, one column each: N - 1 to 0, or 0 to N - 1 if `increasing`.

    Shapes: (n) -> (n, N); N is n unless given.

    Raises:
        RuntimeError: x is not a vector, or N is negative.

    Examples:
        >>> tt.vander(tt.tensor([2, 3]), N=3)
        tensor([[4, 2, 1],
                [9, 3, 1]])
    """
    if x.ndim != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    columns = x.shape[0] if N is None else N
    if columns < 0:
        raise RuntimeError("N must be non-negative.")
    exponents = arange(columns) if increasing else arange(columns - 1, -1, -1)
    if x.dtype.is_floating_point:
        return x.unsqueeze(-1) ** exponents
    return x.long().unsqueeze(-1) ** exponents
