"""Functions of two or three tensors, element by element: arithmetic, powers, mixtures.

Operands broadcast, dtypes are promoted, and any of them may be a Python number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive
from .query import result_type
from .unary import reciprocal, zero

__all__ = [
    "add", "addcdiv", "addcmul", "copysign", "div", "divide", "floor_divide", "fmod", "ldexp", "lerp", "logaddexp",
    "logaddexp2", "mul", "multiply", "pow", "remainder", "rsub", "sub", "subtract", "true_divide", "xlogy",
]  # fmt: skip


def same(g: Tensor) -> Tensor:
    """The gradient of a sum."""
    return g


def into_first(op: Callable[..., Any]) -> Callable[..., Any]:
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


@method("__mul__", "__rmul__", "multiply", inplace=into_first(C.mul))
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


@method("__floordiv__", inplace=into_first(C.floor_divide))
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


@method("__mod__", inplace=into_first(C.remainder))
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


@method(inplace=into_first(C.fmod))
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


# ---- mixtures ----


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


@method(inplace=into_first(C.copysign))
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


@method(inplace=into_first(C.xlogy))
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


subtract, multiply, divide, true_divide = sub, mul, div, div
