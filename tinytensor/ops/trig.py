"""Circles and hyperbolas: their functions and the inverse ones, element by element; angles."""

from __future__ import annotations

import math
from typing import Any

from .._C import ops as C
from ..tensor import Tensor, method, primitive
from .binary import into_first
from .unary import into

__all__ = [
    "acos", "acosh", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "asin", "asinh", "atan",
    "atan2", "atanh", "cos", "cosh", "deg2rad", "hypot", "rad2deg", "sin", "sinh", "tan",
]  # fmt: skip

# ---- circles and hyperbolas ----


@method(inplace=into(C.sin))
@primitive(raw=True)
def sin(input: Tensor) -> Any:
    """The sine of an angle in radians. Elementwise.

    Examples:
        >>> tt.sin(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 0.8415])
    """
    return C.sin(input), lambda g: C.mul(g, C.cos(input))


@method(inplace=into(C.cos))
@primitive(raw=True)
def cos(input: Tensor) -> Any:
    """The cosine of an angle in radians. Elementwise.

    Examples:
        >>> tt.cos(tt.tensor([0.0, 1.0]))
        tensor([1.0000, 0.5403])
    """
    return C.cos(input), lambda g: C.neg(C.mul(g, C.sin(input)))


@method(inplace=into(C.tan))
@primitive
def tan(input: Tensor) -> Any:
    """The tangent of an angle in radians. Elementwise.

    Examples:
        >>> tt.tan(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 1.5574])
    """
    y = C.tan(input)
    return y, lambda g: C.mul(g, C.add(C.square(y), 1))


@method("arcsin", inplace=into(C.asin))
@primitive
def asin(input: Tensor) -> Any:
    """The angle of a sine. Elementwise.

    Examples:
        >>> tt.asin(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 1.5708])
    """
    return C.asin(input), lambda g: C.mul(g, C.rsqrt(C.sub(1, C.square(input))))


@method("arccos", inplace=into(C.acos))
@primitive
def acos(input: Tensor) -> Any:
    """The angle of a cosine. Elementwise.

    Examples:
        >>> tt.acos(tt.tensor([1.0, 0.0]))
        tensor([0.0000, 1.5708])
    """
    return C.acos(input), lambda g: C.neg(C.mul(g, C.rsqrt(C.sub(1, C.square(input)))))


@method("arctan", inplace=into(C.atan))
@primitive
def atan(input: Tensor) -> Any:
    """The angle of a tangent. Elementwise.

    Examples:
        >>> tt.atan(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 0.7854])
    """
    return C.atan(input), lambda g: C.div(g, C.add(C.square(input), 1))


@method(inplace=into(C.sinh))
@primitive
def sinh(input: Tensor) -> Any:
    """The hyperbolic sine. Elementwise.

    Examples:
        >>> tt.sinh(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 1.1752])
    """
    return C.sinh(input), lambda g: C.mul(g, C.cosh(input))


@method(inplace=into(C.cosh))
@primitive
def cosh(input: Tensor) -> Any:
    """The hyperbolic cosine. Elementwise.

    Examples:
        >>> tt.cosh(tt.tensor([0.0, 1.0]))
        tensor([1.0000, 1.5431])
    """
    return C.cosh(input), lambda g: C.mul(g, C.sinh(input))


@method("arcsinh", inplace=into(C.asinh))
@primitive
def asinh(input: Tensor) -> Any:
    """The inverse of `sinh`. Elementwise.

    Examples:
        >>> tt.asinh(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 0.8814])
    """
    return C.asinh(input), lambda g: C.mul(g, C.rsqrt(C.add(C.square(input), 1)))


@method("arccosh", inplace=into(C.acosh))
@primitive
def acosh(input: Tensor) -> Any:
    """The inverse of `cosh`. Elementwise.

    Examples:
        >>> tt.acosh(tt.tensor([1.0, 2.0]))
        tensor([0.0000, 1.3170])
    """
    return C.acosh(input), lambda g: C.mul(g, C.rsqrt(C.sub(C.square(input), 1)))


@method("arctanh", inplace=into(C.atanh))
@primitive
def atanh(input: Tensor) -> Any:
    """The inverse of `tanh`. Elementwise.

    Examples:
        >>> tt.atanh(tt.tensor([0.0, 0.5]))
        tensor([0.0000, 0.5493])
    """
    return C.atanh(input), lambda g: C.div(g, C.sub(1, C.square(input)))


@method(inplace=True)
def deg2rad(input: Tensor) -> Tensor:
    """Degrees as radians. Elementwise.

    Examples:
        >>> tt.deg2rad(tt.tensor([90.0, 180.0]))
        tensor([1.5708, 3.1416])
    """
    return input * (math.pi / 180)


@method(inplace=True)
def rad2deg(input: Tensor) -> Tensor:
    """Radians as degrees. Elementwise.

    Examples:
        >>> tt.rad2deg(tt.tensor([tt.pi, tt.pi / 2]))
        tensor([180.,  90.])
    """
    return input * (180 / math.pi)


# ---- of a point ----


@method("arctan2", inplace=into_first(C.atan2))
@primitive
def atan2(input: Any, other: Any) -> Any:
    """The angle of the point (other, input), in (-pi, pi]; its gradient at the origin is 0. Elementwise, with broadcasting.

    Examples:
        >>> tt.atan2(tt.tensor([1.0, -1.0]), tt.tensor([1.0, -1.0]))
        tensor([ 0.7854, -2.3562])
    """

    def part(g: Tensor, x: Any) -> Any:
        squares = C.add(C.square(input), C.square(other))
        origin = C.eq(squares, 0)
        return C.masked_fill(C.mul(C.div(g, C.masked_fill(squares, origin, 1)), x), origin, 0)

    return C.atan2(input, other), lambda g: part(g, other), lambda g: C.neg(part(g, input))


@method(inplace=into_first(C.hypot))
@primitive
def hypot(input: Any, other: Any) -> Any:
    """`sqrt(input**2 + other**2)` without overflow, for floats. Elementwise, with broadcasting.

    Examples:
        >>> tt.hypot(tt.tensor([3.0, 5.0]), tt.tensor([4.0, 12.0]))
        tensor([ 5., 13.])
    """
    y = C.hypot(input, other)
    return y, lambda g: C.mul(g, C.div(input, y)), lambda g: C.mul(g, C.div(other, y))


arcsin, arccos, arctan, arcsinh, arccosh, arctanh = asin, acos, atan, asinh, acosh, atanh
arctan2 = atan2
