"""Random whole numbers, and random orders of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _C
from .._C import ops as C
from ..device import check_device
from ..random import Generator, state_of
from ..tensor import Tensor
from .random import drawn_like, made, overwriting

__all__ = ["randint", "randint_like", "randperm"]


def randint(
    low: Any = None,
    high: Any = None,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = _C.int64,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Whole numbers in [low, high): `randint(high, size)` or `randint(low, high, size)`.

    Args:
        low: the least number; 0 if only one bound is given.
        high: one more than the greatest.
        size: the shape.
        generator: where the draws come from; the default generator if not given.
        out: a tensor of this shape to fill.
        dtype: any; int64 if not given.
        requires_grad: whether the result, of floating point, is a leaf that collects gradients.
        layout: as for `rand`.
        device: as for `rand`.
        pin_memory: as for `rand`.

    Examples:
        >>> g = tt.Generator().manual_seed(2147483647)
        >>> tt.randint(0, 100, (5,), generator=g)
        tensor([31, 94, 49, 72, 53])
    """
    if size is None:
        low, high, size = 0, low, high
    elif high is None:
        low, high = 0, low
    elif low is None:
        low = 0
    if size is None or high is None:
        raise TypeError("randint() takes (high, size) or (low, high, size)")
    if device is not None:
        check_device(device)
    dtype = dtype or _C.int64
    base, span, wide = _bounded(low, high, dtype)
    arguments = state_of(generator), size, dtype, base, span, wide
    y = C.integers(*arguments) if out is None else C.integers(*arguments, out=out)
    return y.requires_grad_() if requires_grad else y


def randperm(
    n: int,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = _C.int64,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A vector of the numbers 0 to n - 1 in random order.

    Examples:
        >>> tt.randperm(5, generator=tt.Generator().manual_seed(0))
        tensor([4, 0, 1, 3, 2])
    """
    check_device(device)
    return made(C.randperm, (state_of(generator), n, dtype or _C.int64), out, requires_grad)


def randint_like(
    input: Tensor, low: Any = None, high: Any = None, *, generator: Generator | None = None, **options: Any
) -> Tensor:
    """Whole numbers in [low, high), of the shape and dtype of `input`: `(input, high)` or `(input, low, high)`.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.randint_like(tt.zeros(4), 10)
        tensor([2., 7., 6., 4.])
    """
    if low is None and high is None:
        raise TypeError("randint_like() takes (input, high) or (input, low, high)")
    bounds = (low, high) if low is not None and high is not None else (0, high if low is None else low)
    return drawn_like(input, random_, bounds, generator, **options)


@overwriting
def random_(x: Tensor, *bounds: Any, generator: Generator | None = None, **named: Any) -> None:
    """Fills with whole numbers: `random_()` of all x's dtype can hold, `random_(to)` in [0, to), `random_(from, to)`.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.empty(4, dtype=tt.int64).random_(10)
        tensor([2, 7, 6, 4])
    """
    bounds = _named_bounds(bounds, named)
    if not bounds:
        arguments = _WHOLE_RANGE[x.dtype.name]
    elif len(bounds) == 1:
        arguments = _bounded(0, bounds[0], x.dtype)
    else:
        arguments = _bounded(bounds[0], bounds[1], x.dtype)
    C.integers(state_of(generator), x.shape, x.dtype, *arguments, out=x)


def _named_bounds(bounds: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    if "from" in named and not bounds:
        bounds = (named.pop("from"), named.pop("to", None))
    elif "to" in named and len(bounds) <= 1:
        bounds = (*bounds, named.pop("to"))
    if named or len(bounds) > 2:
        raise TypeError("random_() takes (), (to) or (from, to)")
    return bounds


# ---- what is drawn: base, range (0 stands for 2**64) and whether a draw takes 64 bits ----

_BITS = {"bool": 1, "uint8": 8, "int8": 7, "int16": 15, "int32": 31, "int64": 63, "float32": 24, "float64": 53}
_WIDE_FROM = 1 << 28  # ranges from here on are drawn from 64 bits: the remainder of 32 would be visibly skewed


def _whole(name: str) -> tuple[int, int, bool]:
    floating = name.startswith("float")
    return 0, _as_signed((1 << _BITS[name]) + floating), name in ("int64", "float64")


def _as_signed(n: int) -> int:
    return n - (1 << 64) if n >= 1 << 63 else n


_WHOLE_RANGE = {name: _whole(name) for name in _BITS}


def _bounded(low: Any, high: Any, dtype: Any) -> tuple[int, int, bool]:
    """The arguments of a draw from [low, high); `high` None stands for all that dtype holds."""
    if dtype is _C.int64 and type(low) is type(high) is int and 0 < high - low < _WIDE_FROM:
        return low, high - low, False
    name = dtype.name
    if type(low) is not int or type(high) is not int:
        low, high = _whole_bounds(low, high, name)
    if name != "int64":
        low, high = _within(low, high, name)
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    span = high - low
    if span == 1 << 64:
        return 0, 0, True
    return low, _as_signed(span), span >= _WIDE_FROM


def _whole_bounds(low: Any, high: Any, name: str) -> tuple[int, int]:
    if high is None:
        high = (1 << _BITS[name]) + name.startswith("float")
    for bound in (low, high):
        if isinstance(bound, float) or not hasattr(bound, "__index__"):
            raise TypeError(f"the bounds of random integers must be int, not {type(bound).__name__}")
    return low.__index__(), high.__index__()


def _within(low: int, high: int, name: str) -> tuple[int, int]:
    """Refuses bounds that the dtype does not hold; bounds of floats that rounding would move out are moved in."""
    bits = _BITS[name]
    if name.startswith("float"):
        return _float_low(low, bits, name), _float_high(high, bits, name)
    least = -(1 << bits) if name.startswith("int") else 0
    if not least <= low < 1 << bits:
        raise RuntimeError(f"from is out of bounds for {name}")
    if not least <= high - 1 < 1 << bits:
        raise RuntimeError(f"to - 1 is out of bounds for {name}")
    return low, high


def _float_low(low: int, bits: int, name: str) -> int:
    above = int(np.int64(low + 1).astype(name))
    return low if above >= low else above + (1 << (abs(low + 1).bit_length() - bits))


def _float_high(high: int, bits: int, name: str) -> int:
    below = int(np.int64(high - 1).astype(name))
    return high if below < high else below - (1 << (abs(high - 1).bit_length() - bits))
