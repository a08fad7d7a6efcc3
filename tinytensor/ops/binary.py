"""Functions of two or three tensors, element by element: arithmetic, choice.

Operands broadcast, dtypes are promoted, and any of them may be a Python number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, overload

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive
from .query import result_type
from .unary import reciprocal, zero

__all__ = [
    "add", "addcdiv", "addcmul", "arctan2", "atan2", "clamp", "clamp_max", "clamp_min", "clip", "copysign", "div",
    "divide", "floor_divide", "fmax", "fmin", "fmod", "hypot", "ldexp", "lerp", "logaddexp", "logaddexp2", "maximum",
    "minimum", "mul", "multiply", "pow", "remainder", "rsub", "sub", "subtract", "true_divide", "where", "xlogy",
]  # fmt: skip


def same(g: Tensor) -> Tensor:
    """The gradient of a sum."""
    return g


def into(op: Callable[..., Any]) -> Callable[..., Any]:
    """The direct form of an in-place method, of a raw op of two operands."""
    return lambda input, other: op(input, other, out=input)


# ---- arithmetic ----


def _scaled(input: Any, other: Any, alpha: Any) -> Any:
    """`alpha * other`, as add and sub take it; only the integer 1 is good for all dtypes and needs no such look."""
    dtypes = [t.dtype for t in (input, other) if isinstance(t, Tensor)]
    if isinstance(alpha, float) and not any(d.is_floating_point for d in dtypes):
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    boolean = all(d.name == "bool" for d in dtypes)
    if isinstance(alpha, bool) and not boolean:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    dtype = result_type(input, other)
    _C.check_number(alpha, dtype)
    if len(set(dtypes)) > 1:
        other = C.cast(other, dtype)
    return C.mul(other, bool(alpha) if boolean else alpha)


def _subtracted(input: Any, other: Any, alpha: Any) -> Any:
    """`alpha * other`, as sub takes it: never of truth values, whose product with alpha would hide what they are."""
    for t in (input, other):
        if isinstance(t, Tensor) and t.dtype is _C.bool:
            raise RuntimeError("sub: subtraction with a bool tensor is not supported; use bitwise_xor or logical_xor")
    return _scaled(input, other, alpha)


def _add_into(input: Tensor, other: Any, *, alpha: Any = 1) -> Any:
    return C.add(input, other if alpha == 1 and type(alpha) is int else _scaled(input, other, alpha), out=input)


def _sub_into(input: Tensor, other: Any, *, alpha: Any = 1) -> Any:
    return C.sub(input, other if alpha == 1 and type(alpha) is int else _subtracted(input, other, alpha), out=input)


@method("__add__", "__radd__", inplace=_add_into)
@primitive(raw=True)
def add(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """`input + alpha * other`; of bool, the logical or. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([1.0, 2.0]) + 1
        tensor([2., 3.])
    """
    if alpha == 1 and type(alpha) is int:
        return C.add(input, other), same, same
    return C.add(input, _scaled(input, other, alpha)), same, vjp(C.mul, alpha)


@method("__sub__", "subtract", inplace=_sub_into)
@primitive(raw=True)
def sub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """`input - alpha * other`; not defined for bool. Elementwise, with broadcasting.

    Examples:
        >>> tt.sub(tt.tensor([5, 7]), tt.tensor([1, 2]), alpha=2)
        tensor([3, 3])
    """
    if alpha == 1 and type(alpha) is int:
        return C.sub(input, other), same, C.neg
    return C.sub(input, _subtracted(input, other, alpha)), same, lambda g: C.mul(g, -alpha)


@method("__rsub__")
@primitive
def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """`other - alpha * input`. Elementwise, with broadcasting.

    Examples:
        >>> tt.rsub(tt.tensor([1.0, 2.0]), 10)
        tensor([9., 8.])
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"rsub(): argument 'input' must be Tensor, not {type(input).__name__}")
    if alpha == 1 and type(alpha) is int:
        return C.sub(other, input), C.neg, same
    return C.sub(other, _subtracted(other, input, alpha)), lambda g: C.mul(g, -alpha), same


@method("__mul__", "__rmul__", "multiply", inplace=into(C.mul))
@primitive(raw=True)
def mul(input: Any, other: Any) -> Any:
    """`input * other`; of bool, the logical and. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([[1], [2]]) * tt.tensor([3, 4])
        tensor([[3, 4],
                [6, 8]])
    """
    return C.mul(input, other), vjp(C.mul, other), vjp(C.mul, input)


def _div_into(input: Tensor, other: Any, *, rounding_mode: str | None = None) -> Any:
    return _DIVISIONS[_checked_mode(rounding_mode)](input, other, out=input)


@method("__truediv__", "divide", "true_divide", inplace=_div_into)
@primitive(raw=True)
def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """`input / other`, of real numbers; or rounded, then integers stay integers. Elementwise, with broadcasting.

    Args:
        input: dividend.
        other: divisor.
        rounding_mode: None; "trunc", towards zero, as C divides; "floor", downwards, as Python's `//`.

    Raises:
        RuntimeError: rounded division of an integer by zero.

    Examples:
        >>> tt.div(tt.tensor([7, -7]), 2, rounding_mode="floor")
        tensor([ 3, -4])
    """
    if rounding_mode is None:
        return C.div(input, other), vjp(C.div, other), vjp(C.div_backward, input, other)
    return _DIVISIONS[_checked_mode(rounding_mode)](_dividend(input, other), other), zero, zero


@primitive(raw=True)
def div_backward(g: Any, x: Any, y: Any) -> Any:
    """The gradient of the divisor, `-g * x / y**2`."""
    return (
        C.div_backward(g, x, y),
        vjp(C.div_backward, x, y),
        lambda h: C.neg(C.div(C.div(C.mul(h, g), y), y)),
        lambda h: C.mul(C.div(C.div_backward(C.mul(h, g), x, y), y), -2),
    )


def _dividend(input: Any, other: Any) -> Any:
    """The dividend, as a 0-d tensor where both operands are numbers."""
    return input if isinstance(input, Tensor) or isinstance(other, Tensor) else C.add(input, 0)


def _checked_mode(mode: str | None) -> str | None:
    if mode not in _DIVISIONS:
        raise RuntimeError(f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{mode}'")
    return mode


_DIVISIONS: dict[str | None, Callable[..., Any]] = {None: C.div, "trunc": C.div_trunc, "floor": C.floor_divide}


@method("__rdiv__")
def __rtruediv__(input: Tensor, other: Any) -> Tensor:
    return mul(reciprocal(input), other)


@method("__floordiv__", inplace=into(C.floor_divide))
@primitive
def floor_divide(input: Any, other: Any) -> Any:
    """`floor(input / other)`, as Python's `//`; it has no gradient. Elementwise, with broadcasting.

    Raises:
        RuntimeError: an integer is divided by zero.

    Examples:
        >>> tt.tensor([7, -7]) // 2
        tensor([ 3, -4])
    """
    return C.floor_divide(_dividend(input, other), other)


@method()
def __rfloordiv__(input: Tensor, other: Any) -> Tensor:
    return C.floor_divide(other, input)


@primitive
def div_trunc(input: Any, other: Any) -> Any:
    """`div` with rounding_mode "trunc"."""
    return C.div_trunc(input, other), zero, zero


@method("__mod__", inplace=into(C.remainder))
@primitive
def remainder(input: Any, other: Any) -> Any:
    """`input - other * floor(input / other)`, as Python's `%`: it has the sign of `other`.

    Elementwise, with broadcasting.

    Raises:
        RuntimeError: an integer is divided by zero.

    Examples:
        >>> tt.tensor([7, -7]) % 3
        tensor([1, 2])
    """
    return C.remainder(input, other), same, lambda g: C.neg(C.mul(g, C.floor_divide(input, other)))


@method()
def __rmod__(input: Tensor, other: Any) -> Tensor:
    return remainder(other, input)


@method(inplace=into(C.fmod))
@primitive
def fmod(input: Any, other: Any) -> Any:
    """`input - other * trunc(input / other)`, as C's `fmod`: it has the sign of `input`.

    Elementwise, with broadcasting.

    Raises:
        RuntimeError: an integer is divided by zero.

    Examples:
        >>> tt.fmod(tt.tensor([7, -7]), 3)
        tensor([ 1, -1])
    """
    return C.fmod(input, other), same, lambda g: C.neg(C.mul(g, C.div_trunc(input, other)))


# ---- powers ----


@method("__pow__", inplace=lambda input, exponent: C.pow(input, exponent, out=input))
@primitive
def pow(input: Any, exponent: Any) -> Any:
    """`input ** exponent`. Integers stay exact, modulo their range. Elementwise, with broadcasting.

    Raises:
        RuntimeError: an integer is raised to a negative integer.

    Examples:
        >>> tt.tensor([1.0, 2.0, 3.0]) ** 2
        tensor([1., 4., 9.])
    """
    y = C.pow(input, exponent)

    def slope_of_input(g: Tensor) -> Any:
        if isinstance(exponent, Tensor):
            slope = C.mul(exponent, C.pow(input, C.sub(exponent, 1)))
            return C.where(C.eq(exponent, 0), 0, C.mul(g, slope))
        return zero(g) if exponent == 0 else C.pow_backward(g, input, float(exponent))

    def slope_of_exponent(g: Tensor) -> Any:  # 0 ** n is 0 for all n near a positive one
        if not isinstance(input, Tensor):
            if input == 0:
                return C.where(C.ge(exponent, 0), 0, C.mul(g, -math.inf))
            return C.mul(g, C.mul(y, math.log(input) if input > 0 else math.nan))
        still = C.logical_and(C.eq(input, 0), C.ge(exponent, 0))
        return C.where(still, 0, C.mul(g, C.mul(y, C.log(input))))

    return y, slope_of_input, slope_of_exponent


@primitive
def pow_backward(g: Tensor, x: Tensor, exponent: float) -> Any:
    """`g` times the slope of `x ** exponent`, `exponent * x ** (exponent - 1)`."""

    def slope_of_x(h: Tensor) -> Any:
        return zero(h) if exponent == 1 else C.mul(C.pow_backward(C.mul(h, g), x, exponent - 1), exponent)

    return C.pow_backward(g, x, exponent), vjp(C.pow_backward, x, exponent), slope_of_x


@method()
def __rpow__(input: Tensor, other: Any) -> Tensor:
    return pow(other, input)


@method(inplace=True)
def ldexp(input: Any, other: Any) -> Tensor:
    """`input * 2 ** other`. Elementwise, with broadcasting.

    Examples:
        >>> tt.ldexp(tt.tensor([1.0, 3.0]), tt.tensor([2, -1]))
        tensor([4.0000, 1.5000])
    """
    if not (isinstance(input, Tensor) and isinstance(other, Tensor)):
        raise TypeError("ldexp(): arguments must be Tensors")
    return mul(input, pow(2.0, other))


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
@primitive
def fmax(input: Tensor, other: Tensor) -> Any:
    """The larger of two, or the one that is not nan. Elementwise, with broadcasting.

    Examples:
        >>> tt.fmax(tt.tensor([1.0, tt.nan]), tt.tensor([3.0, 2.0]))
        tensor([3., 2.])
    """
    mine = C.logical_or(C.ge(input, other), C.isnan(other))
    return C.fmax(input, other), lambda g: C.where(mine, g, 0), lambda g: C.where(mine, 0, g)


@method()
@primitive
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


# ---- choice and mixture ----


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


@method(inplace=True)
@primitive
def lerp(input: Tensor, end: Any, weight: Any) -> Any:
    """`input + weight * (end - input)`, exact at both ends. Elementwise, with broadcasting.

    Raises:
        RuntimeError: the dtypes of input and end differ.

    Examples:
        >>> tt.lerp(tt.tensor([0.0, 10.0]), tt.tensor([4.0, 20.0]), 0.25)
        tensor([ 1.0000, 12.5000])
    """
    if end.dtype != input.dtype:
        raise RuntimeError(f"expected dtype {input.dtype} for `end` but got dtype {end.dtype}")
    if isinstance(weight, Tensor) and weight.dtype != input.dtype and weight.ndim == 0:
        weight = C.cast(weight, input.dtype)
    elif isinstance(weight, Tensor) and weight.dtype != input.dtype:
        raise RuntimeError(f"expected dtype {input.dtype} for `weight` but got dtype {weight.dtype}")
    if not isinstance(weight, Tensor):
        _C.check_number(weight, input.dtype)
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f"lerp: not defined for {input.dtype}, only for floats")
    return (
        C.lerp(input, end, weight),
        lambda g: C.sub(g, C.mul(g, weight)),
        vjp(C.mul, weight),
        lambda g: C.mul(g, C.sub(end, input)),
    )


@method(inplace=True)
@primitive
def addcmul(input: Tensor, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    """`input + value * tensor1 * tensor2`. Elementwise, with broadcasting.

    Examples:
        >>> tt.addcmul(tt.zeros(2), tt.tensor([1.0, 2.0]), tt.tensor([3.0, 4.0]), value=0.5)
        tensor([1.5000, 4.0000])
    """
    return (
        C.addcmul(input, tensor1, tensor2, value),
        same,
        lambda g: C.mul(C.mul(g, tensor2), value),
        lambda g: C.mul(C.mul(g, tensor1), value),
    )


@method(inplace=True)
@primitive
def addcdiv(input: Tensor, tensor1: Any, tensor2: Any, *, value: Any = 1) -> Any:
    """`input + value * tensor1 / tensor2`, for floats. Elementwise, with broadcasting.

    Examples:
        >>> tt.addcdiv(tt.ones(2), tt.tensor([1.0, 2.0]), tt.tensor([2.0, 8.0]))
        tensor([1.5000, 1.2500])
    """
    if not any(t.dtype.is_floating_point for t in (tensor1, tensor2) if isinstance(t, Tensor)):
        raise RuntimeError("Integer division with addcdiv is no longer supported; divide with rounding_mode, then add.")
    return (
        C.addcdiv(input, tensor1, tensor2, value),
        same,
        lambda g: C.mul(C.div(g, tensor2), value),
        lambda g: C.mul(C.div(C.mul(g, tensor1), C.square(tensor2)), -value),
    )


# ---- functions of two variables ----


@method("arctan2", inplace=into(C.atan2))
@primitive
def atan2(input: Any, other: Any) -> Any:
    """The angle of the point (other, input), in (-pi, pi]. Elementwise, with broadcasting.

    Examples:
        >>> tt.atan2(tt.tensor([1.0, -1.0]), tt.tensor([1.0, -1.0]))
        tensor([ 0.7854, -2.3562])
    """

    def scaled(g: Tensor) -> Any:
        return C.div(g, C.add(C.square(input), C.square(other)))

    return C.atan2(input, other), lambda g: C.mul(scaled(g), other), lambda g: C.neg(C.mul(scaled(g), input))


@method(inplace=into(C.hypot))
@primitive
def hypot(input: Any, other: Any) -> Any:
    """`sqrt(input**2 + other**2)` without overflow, for floats. Elementwise, with broadcasting.

    Examples:
        >>> tt.hypot(tt.tensor([3.0, 5.0]), tt.tensor([4.0, 12.0]))
        tensor([ 5., 13.])
    """
    y = C.hypot(input, other)
    return y, lambda g: C.mul(g, C.div(input, y)), lambda g: C.mul(g, C.div(other, y))


@method(inplace=into(C.copysign))
@primitive
def copysign(input: Any, other: Any) -> Any:
    """`|input|` with the sign of `other`. Elementwise, with broadcasting.

    Examples:
        >>> tt.copysign(tt.tensor([1.0, -2.0]), tt.tensor([-0.0, 3.0]))
        tensor([-1.,  2.])
    """
    y = C.copysign(input, other)
    return y, lambda g: C.mul(g, C.mul(C.sign(y), C.sign(input))), zero


@method()
@primitive
def logaddexp(input: Any, other: Any) -> Any:
    """`log(exp(input) + exp(other))` without overflow. Elementwise, with broadcasting.

    Examples:
        >>> tt.logaddexp(tt.tensor([0.0, 1000.0]), tt.tensor([0.0, 1000.0]))
        tensor([6.9315e-01, 1.0007e+03])
    """
    return (
        C.logaddexp(input, other),
        lambda g: C.mul(g, C.sigmoid(C.sub(input, other))),
        lambda g: C.mul(g, C.sigmoid(C.sub(other, input))),
    )


@method()
@primitive
def logaddexp2(input: Any, other: Any) -> Any:
    """`log2(2**input + 2**other)` without overflow. Elementwise, with broadcasting.

    Examples:
        >>> tt.logaddexp2(tt.tensor([0.0, 3.0]), tt.tensor([0.0, 3.0]))
        tensor([1., 4.])
    """
    return (
        C.logaddexp2(input, other),
        lambda g: C.mul(g, C.sigmoid(C.mul(C.sub(input, other), math.log(2)))),
        lambda g: C.mul(g, C.sigmoid(C.mul(C.sub(other, input), math.log(2)))),
    )


@method(inplace=into(C.xlogy))
@primitive
def xlogy(input: Any, other: Any) -> Any:
    """`input * log(other)`, 0 where input is 0 (unless other is nan). Elementwise, with broadcasting.

    Examples:
        >>> tt.xlogy(tt.tensor([0.0, 2.0]), tt.tensor([0.0, 1.0]))
        tensor([0., 0.])
    """
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        raise TypeError("xlogy(): one of the arguments must be a Tensor")

    def slope_of_input(g: Tensor) -> Any:
        if not isinstance(other, Tensor):
            return C.where(C.eq(input, 0), 0, C.mul(g, -math.inf)) if other == 0 else C.xlogy(g, other)
        still = C.logical_and(C.eq(input, 0), C.le(other, 0))
        return C.where(still, 0, C.mul(g, C.log(other)))

    return C.xlogy(input, other), slope_of_input, lambda g: C.mul(g, C.div(input, other))


subtract, multiply, divide, true_divide, clip, arctan2 = sub, mul, div, div, clamp, atan2
