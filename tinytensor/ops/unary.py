"""Functions of one tensor, element by element. Integers become the default float where the result is a real number."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import Any

from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive

__all__ = [
    "abs", "absolute", "ceil", "digamma", "erf", "erfc", "erfinv", "exp", "exp2", "expm1", "fix", "floor", "frac",
    "lgamma", "log", "log1p", "log2", "log10", "nan_to_num", "neg", "negative", "positive", "reciprocal", "round",
    "rsqrt", "sgn", "sign", "sqrt", "square", "trunc",
]  # fmt: skip


def into(op: Callable[..., Any]) -> Callable[..., Any]:
    """The direct form of an in-place method, of a raw op without attributes."""
    return lambda x: op(x, out=x)


def zero(g: Tensor) -> Any:
    """The gradient of a function that is constant between its jumps."""
    return C.full(0, g.shape, g.dtype)


# ---- signs and whole numbers ----


@method("negative", "__neg__", inplace=into(C.neg))
@primitive(raw=True)
def neg(input: Tensor) -> Any:
    """`-x`; not defined for bool. Elementwise.

    Examples:
        >>> tt.neg(tt.tensor([1.0, -2.0]))
        tensor([-1.,  2.])
    """
    return C.neg(input), C.neg


@method("__pos__")
def positive(input: Tensor) -> Tensor:
    """The tensor itself; not defined for bool. Elementwise.

    Examples:
        >>> tt.positive(tt.tensor([1.0, -2.0]))
        tensor([ 1., -2.])
    """
    if input.dtype.name == "bool":
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


@method("absolute", "__abs__", inplace=into(C.abs))
@primitive(raw=True)
def abs(input: Tensor) -> Any:
    """`|x|`; its slope at 0 is 0. Elementwise.

    Examples:
        >>> tt.abs(tt.tensor([-1.5, 2.0]))
        tensor([1.5000, 2.0000])
    """
    return C.abs(input), lambda g: C.mul(g, C.sign(input))


@method("sgn", inplace=into(C.sign))
@primitive(raw=True)
def sign(input: Tensor) -> Any:
    """-1, 0 or 1; 0 of nan. Elementwise.

    Examples:
        >>> tt.sign(tt.tensor([-3.0, 0.0, 2.0]))
        tensor([-1.,  0.,  1.])
    """
    return C.sign(input), zero


@method(inplace=into(C.square))
@primitive(raw=True)
def square(input: Tensor) -> Any:
    """`x * x`. Elementwise.

    Examples:
        >>> tt.square(tt.tensor([-3.0, 2.0]))
        tensor([9., 4.])
    """
    return C.square(input), lambda g: C.mul(g, C.mul(input, 2))


@method(inplace=into(C.floor))
@primitive(raw=True)
def floor(input: Tensor) -> Any:
    """The largest whole number that is not larger; -0 stays. Elementwise.

    Examples:
        >>> tt.floor(tt.tensor([-1.5, 1.5]))
        tensor([-2.,  1.])
    """
    return C.floor(input), zero


@method(inplace=into(C.ceil))
@primitive(raw=True)
def ceil(input: Tensor) -> Any:
    """The smallest whole number that is not smaller. Elementwise.

    Examples:
        >>> tt.ceil(tt.tensor([-1.5, 1.5]))
        tensor([-1.,  2.])
    """
    return C.ceil(input), zero


@method("fix", inplace=into(C.trunc))
@primitive(raw=True)
def trunc(input: Tensor) -> Any:
    """The whole part, rounded towards zero. Elementwise.

    Examples:
        >>> tt.trunc(tt.tensor([-1.5, 1.5]))
        tensor([-1.,  1.])
    """
    return C.trunc(input), zero


@method(inplace=into(C.frac))
@primitive
def frac(input: Tensor) -> Any:
    """`x - trunc(x)`, for floats. Elementwise.

    Examples:
        >>> tt.frac(tt.tensor([-1.25, 1.5]))
        tensor([-0.2500,  0.5000])
    """
    return C.frac(input), lambda g: g


@method(inplace=True)
@primitive(raw=True)
def round(input: Tensor, *, decimals: int = 0) -> Any:
    """The nearest whole number, the even one of two; with `decimals`, the nearest multiple of `10**-decimals`.

    Elementwise.

    Examples:
        >>> tt.round(tt.tensor([0.5, 1.5, -2.5]))
        tensor([ 0.,  2., -2.])
    """
    if decimals:
        return C.round_decimals(input, decimals), zero
    return C.round(input), zero


# ---- powers and logarithms ----


@method(inplace=into(C.reciprocal))
@primitive(raw=True)
def reciprocal(input: Tensor) -> Any:
    """`1 / x`. Elementwise.

    Examples:
        >>> tt.reciprocal(tt.tensor([2.0, -0.5]))
        tensor([ 0.5000, -2.0000])
    """
    y = C.reciprocal(input)
    return y, lambda g: C.neg(C.mul(g, C.square(y)))


@method(inplace=into(C.sqrt))
@primitive(raw=True)
def sqrt(input: Tensor) -> Any:
    """The square root; nan below zero. Elementwise.

    Examples:
        >>> tt.sqrt(tt.tensor([4.0, 2.0, -1.0]))
        tensor([2.0000, 1.4142,    nan])
    """
    y = C.sqrt(input)
    return y, lambda g: C.div(g, C.mul(y, 2))


@method(inplace=into(C.rsqrt))
@primitive(raw=True)
def rsqrt(input: Tensor) -> Any:
    """`1 / sqrt(x)`. Elementwise.

    Examples:
        >>> tt.rsqrt(tt.tensor([4.0, 0.25]))
        tensor([0.5000, 2.0000])
    """
    y = C.rsqrt(input)
    return y, lambda g: C.mul(C.mul(g, -0.5), C.pow(y, 3))


@method(inplace=into(C.exp))
@primitive(raw=True)
def exp(input: Tensor) -> Any:
    """`e**x`. Elementwise.

    Examples:
        >>> tt.exp(tt.tensor([0.0, 1.0]))
        tensor([1.0000, 2.7183])
    """
    y = C.exp(input)
    return y, vjp(C.mul, y)


@method(inplace=into(C.exp2))
@primitive
def exp2(input: Tensor) -> Any:
    """`2**x`. Elementwise.

    Examples:
        >>> tt.exp2(tt.tensor([0.0, 3.0, -1.0]))
        tensor([1.0000, 8.0000, 0.5000])
    """
    y = C.exp2(input)
    return y, lambda g: C.mul(C.mul(g, y), math.log(2))


@method(inplace=into(C.expm1))
@primitive
def expm1(input: Tensor) -> Any:
    """`e**x - 1`, exact for small x. Elementwise.

    Examples:
        >>> tt.expm1(tt.tensor([0.0, 1e-10]))
        tensor([0.0000e+00, 1.0000e-10])
    """
    y = C.expm1(input)
    return y, lambda g: C.mul(g, C.add(y, 1))


@method(inplace=into(C.log))
@primitive(raw=True)
def log(input: Tensor) -> Any:
    """The natural logarithm; -inf at zero, nan below. Elementwise.

    Examples:
        >>> tt.log(tt.tensor([1.0, 10.0, 0.0]))
        tensor([0.0000, 2.3026,   -inf])
    """
    return C.log(input), vjp(C.div, input)


@method(inplace=into(C.log2))
@primitive
def log2(input: Tensor) -> Any:
    """The logarithm of base 2. Elementwise.

    Examples:
        >>> tt.log2(tt.tensor([8.0, 0.5]))
        tensor([ 3., -1.])
    """
    return C.log2(input), lambda g: C.div(g, C.mul(input, math.log(2)))


@method(inplace=into(C.log10))
@primitive
def log10(input: Tensor) -> Any:
    """The logarithm of base 10. Elementwise.

    Examples:
        >>> tt.log10(tt.tensor([1000.0, 0.1]))
        tensor([ 3., -1.])
    """
    return C.log10(input), lambda g: C.div(g, C.mul(input, math.log(10)))


@method(inplace=into(C.log1p))
@primitive(raw=True)
def log1p(input: Tensor) -> Any:
    """`log(1 + x)`, exact for small x. Elementwise.

    Examples:
        >>> tt.log1p(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 0.6931])
    """
    return C.log1p(input), lambda g: C.div(g, C.add(input, 1))


# ---- special functions ----


@method(inplace=into(C.erf))
@primitive(raw=True)
def erf(input: Tensor) -> Any:
    """The error function. Elementwise.

    Examples:
        >>> tt.erf(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 0.8427])
    """
    return C.erf(input), lambda g: C.mul(C.mul(g, 2 / math.sqrt(math.pi)), C.exp(C.neg(C.square(input))))


@method(inplace=into(C.erfc))
@primitive
def erfc(input: Tensor) -> Any:
    """`1 - erf(x)`, exact for large x. Elementwise.

    Examples:
        >>> tt.erfc(tt.tensor([0.0, 1.0]))
        tensor([1.0000, 0.1573])
    """
    return C.erfc(input), lambda g: C.mul(C.mul(g, -2 / math.sqrt(math.pi)), C.exp(C.neg(C.square(input))))


@method(inplace=into(C.erfinv))
@primitive
def erfinv(input: Tensor) -> Any:
    """The inverse of `erf`; infinite at 1 and -1, nan beyond. Elementwise.

    Examples:
        >>> tt.erfinv(tt.tensor([0.0, 0.5, 1.0]))
        tensor([0.0000, 0.4769,    inf])
    """
    return (
        C.erfinv(input),
        lambda g: C.mul(C.mul(g, math.sqrt(math.pi) / 2), C.exp(C.square(C.erfinv(input)))),
    )


@method(inplace=into(C.lgamma))
@primitive
def lgamma(input: Tensor) -> Any:
    """The logarithm of `|Gamma(x)|`. Elementwise.

    Examples:
        >>> tt.lgamma(tt.tensor([2.0, 5.0]))
        tensor([0.0000, 3.1781])
    """
    return C.lgamma(input), lambda g: C.mul(g, C.digamma(input))


@method(inplace=into(C.digamma))
@primitive
def digamma(input: Tensor) -> Any:
    """The derivative of `lgamma`. Elementwise.

    Examples:
        >>> tt.digamma(tt.tensor([1.0, 2.0]))
        tensor([-0.5772,  0.4228])
    """
    return C.digamma(input), lambda g: C.mul(g, C.trigamma(input))


# ---- nan and infinities ----

_LARGEST = {"float32": 3.4028234663852886e38, "float64": 1.7976931348623157e308}


@method(inplace=True)
@primitive
def nan_to_num(
    input: Tensor, nan: float | None = None, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """Finite numbers in place of nan (0), inf and -inf (the largest and the smallest of the dtype). Elementwise.

    Examples:
        >>> tt.nan_to_num(tt.tensor([1.0, tt.nan, tt.inf]), posinf=9.0)
        tensor([1., 0., 9.])
    """
    largest = _LARGEST.get(input.dtype.name)
    if largest is None:
        return C.cast(input, input.dtype)
    high, low = largest if posinf is None else posinf, -largest if neginf is None else neginf
    nan, high, low = (
        math.copysign(math.inf, x) if builtins.abs(x) > largest else x for x in (0.0 if nan is None else nan, high, low)
    )
    y = C.nan_to_num(input, nan, high, low)
    return y, lambda g: C.mul(g, C.isfinite(input))


absolute, negative, sgn, fix = abs, neg, sign, trunc
