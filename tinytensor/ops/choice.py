"""The larger, the smaller, the one in between, and the one a condition chooses, element by element.

Operands broadcast, dtypes are promoted, and any of them may be a Python number.
"""

from __future__ import annotations

import math
from typing import Any, overload

from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive

__all__ = ["clamp", "clamp_max", "clamp_min", "clip", "fmax", "fmin", "maximum", "minimum", "where"]

# ---- the larger, the smaller, the one in between ----


@method()
@primitive(raw=True)
def maximum(input: Tensor, other: Tensor) -> Any:
    """The larger of two; nan if either is. The gradient of equal ones is split evenly. Elementwise, with broadcasting.

    Examples:
        >>> tt.maximum(tt.tensor([1.0, 5.0]), tt.tensor([3.0, 2.0]))
        tensor([3., 5.])
    """
    return (
        C.maximum(input, other),
        vjp(C.maximum_backward, input, other),
        vjp(C.maximum_backward, other, input),
    )


@method()
@primitive(raw=True)
def minimum(input: Tensor, other: Tensor) -> Any:
    """The smaller of two; nan if either is. The gradient of equal ones is split evenly. Elementwise, with broadcasting.

    Examples:
        >>> tt.minimum(tt.tensor([1.0, 5.0]), tt.tensor([3.0, 2.0]))
        tensor([1., 2.])
    """
    return (
        C.minimum(input, other),
        vjp(C.minimum_backward, input, other),
        vjp(C.minimum_backward, other, input),
    )


@primitive
def maximum_backward(g: Tensor, x: Tensor, y: Tensor) -> Any:
    """G where x > y, half of it where they are equal, else 0."""
    return C.maximum_backward(g, x, y), vjp(C.maximum_backward, x, y)


@primitive
def minimum_backward(g: Tensor, x: Tensor, y: Tensor) -> Any:
    """G where x < y, half of it where they are equal, else 0."""
    return C.minimum_backward(g, x, y), vjp(C.minimum_backward, x, y)


@method()
@primitive(raw=True)
def fmax(input: Tensor, other: Tensor) -> Any:
    """The larger of two, or the one that is not nan. Elementwise, with broadcasting.

    Examples:
        >>> tt.fmax(tt.tensor([1.0, tt.nan]), tt.tensor([3.0, 2.0]))
        tensor([3., 2.])
    """
    mine = C.logical_or(C.ge(input, other), C.isnan(other))
    return C.fmax(input, other), lambda g: C.where(mine, g, 0), lambda g: C.where(mine, 0, g)


@method()
@primitive(raw=True)
def fmin(input: Tensor, other: Tensor) -> Any:
    """The smaller of two, or the one that is not nan. Elementwise, with broadcasting.

    Examples:
        >>> tt.fmin(tt.tensor([1.0, tt.nan]), tt.tensor([3.0, 2.0]))
        tensor([1., 2.])
    """
    mine = C.logical_or(C.le(input, other), C.isnan(other))
    return C.fmin(input, other), lambda g: C.where(mine, g, 0), lambda g: C.where(mine, 0, g)


def _clamp_into(input: Tensor, min: Any = None, max: Any = None) -> Any:
    return _clamped(input, min, max, {"out": input})


def _clamped(input: Tensor, min: Any, max: Any, out: dict[str, Tensor]) -> Any:
    if max is None:
        if min is None:
            raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
        return C.clamp_min(input, min, **out)
    return C.clamp_max(input, max, **out) if min is None else C.clamp(input, min, max, **out)


@method("clip", inplace=_clamp_into)
@primitive
def clamp(input: Tensor, min: Any = None, max: Any = None) -> Any:
    """`x` moved into [min, max]; `max` where the two contradict each other. The gradient passes at the ends too.

    Elementwise, with broadcasting.

    Args:
        input: any tensor but of bool.
        min: a number or a tensor; None for no lower end.
        max: a number or a tensor; None for no upper end.

    Raises:
        RuntimeError: neither end is given.

    Examples:
        >>> tt.clamp(tt.tensor([-2.0, 0.5, 3.0]), min=0.0, max=1.0)
        tensor([0.0000, 0.5000, 1.0000])
    """
    low, high = -math.inf if min is None else min, math.inf if max is None else max
    return (
        _clamped(input, min, max, {}),
        vjp(C.clamp_backward, input, low, high),
        lambda g: C.where(C.logical_and(C.lt(input, low), C.lt(low, high)), g, 0),
        lambda g: C.where(C.logical_or(C.gt(input, high), C.lt(high, low)), g, 0),
    )


@primitive
def clamp_backward(g: Tensor, x: Tensor, low: Any, high: Any) -> Any:
    """G where `low <= x <= high`, else 0."""
    return C.clamp_backward(g, x, low, high), vjp(C.clamp_backward, x, low, high)


@method(inplace=lambda input, min: _clamped(input, min, None, {"out": input}))
def clamp_min(input: Tensor, min: Any) -> Tensor:
    """x, or `min` where that is larger. Elementwise, with broadcasting.

    Examples:
        >>> tt.clamp_min(tt.tensor([-2.0, 0.5]), 0.0)
        tensor([0.0000, 0.5000])
    """
    return clamp(input, min)


@method(inplace=lambda input, max: _clamped(input, None, max, {"out": input}))
def clamp_max(input: Tensor, max: Any) -> Tensor:
    """x, or `max` where that is smaller. Elementwise, with broadcasting.

    Examples:
        >>> tt.clamp_max(tt.tensor([0.5, 3.0]), 1.0)
        tensor([0.5000, 1.0000])
    """
    return clamp(input, None, max)


# ---- the one a condition chooses ----


@primitive
def _where(condition: Tensor, input: Any, other: Any) -> Any:
    return (
        C.where(condition, input, other),
        None,
        lambda g: C.where(condition, g, 0),
        lambda g: C.where(condition, 0, g),
    )


@overload
def where(condition: Tensor) -> tuple[Tensor, ...]: ...
@overload
def where(condition: Tensor, input: Any, other: Any) -> Tensor: ...
def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """`input` where the condition holds, else `other`; with the condition alone, the indices of where it holds.

    The shapes of `condition`, `input` and `other` broadcast.

    Examples:
        >>> x = tt.tensor([1.0, -2.0])
        >>> tt.where(x > 0, x, 0.0)
        tensor([1., 0.])
    """
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    return _where(condition, input, other)


def _where_method(self: Tensor, condition: Tensor, other: Any) -> Tensor:
    """`self` where the condition holds, else `other`. Elementwise, with broadcasting.

    Examples:
        >>> x = tt.tensor([1.0, -2.0])
        >>> x.where(x > 0, 0.0)
        tensor([1., 0.])
    """
    return _where(condition, self, other)


setattr(Tensor, "where", _where_method)  # noqa: B010 - its operands stand in another order


clip = clamp
