"""The gamma function's derivatives, the zeta function they are made of, and its form of several dimensions."""

from __future__ import annotations

import math
from typing import Any

from .. import _C
from .._C import ops as C
from ..tensor import Tensor, method, primitive
from .unary import digamma, lgamma

__all__ = ["mvlgamma", "polygamma"]

# Bernoulli numbers B_2, B_4, ... over the factorials of 2, 4, ...
_BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]
_CORRECTIONS = [b / math.factorial(2 * k) for k, b in enumerate(_BERNOULLI, 1)]
_SUMMED = 10  # terms added one by one, before the rest is an integral


def _hurwitz(s: int, x: Tensor) -> Tensor:
    """`sum((x + k) ** -s)` over k = 0, 1, ..., for s > 1, by the formula of Euler and Maclaurin."""
    y = sum((x + k) ** -s for k in range(_SUMMED))
    far = x + _SUMMED
    y = y + far ** (1 - s) / (s - 1) + far**-s / 2
    rising = float(s)
    for k, correction in enumerate(_CORRECTIONS, 1):
        y = y + correction * rising * far ** (1 - s - 2 * k)
        rising *= (s + 2 * k - 1) * (s + 2 * k)
    return y


@primitive
def trigamma(x: Any) -> Any:
    """The derivative of `digamma`."""
    return C.trigamma(x), lambda g: g * polygamma(2, x)


@method(inplace=True)
def polygamma(n: Any, input: Any) -> Tensor:
    """The n-th derivative of `digamma`. Elementwise; as a method `x.polygamma(n)`.

    Args:
        n: not negative.
        input: positive where n is 2 or more.

    Raises:
        RuntimeError: n is negative.

    Examples:
        >>> tt.polygamma(1, tt.tensor([1.0, 0.5]))
        tensor([1.6449, 4.9348])
    """
    if isinstance(n, Tensor):  # a call of the method
        n, input = input, n
    if not isinstance(n, int):
        raise TypeError(f"polygamma(): argument 'n' (position 1) must be int, not {type(n).__name__}")
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    x = input if input.dtype.is_floating_point else input.to(_C.get_default_dtype())
    if n <= 1:
        return trigamma(x) if n else digamma(x)
    y = (-1) ** (n + 1) * math.factorial(n) * _hurwitz(n + 1, x.double().masked_fill(x < 0, math.nan))
    return y.to(x.dtype)


@method(inplace=True)
def mvlgamma(input: Tensor, p: int) -> Tensor:
    """The logarithm of the gamma function of `p` dimensions. Elementwise.

    Args:
        input: greater than (p - 1) / 2.
        p: at least 1.

    Raises:
        RuntimeError: p is less than 1, or the input is bool.

    Examples:
        >>> tt.mvlgamma(tt.tensor([1.0, 3.0]), 2)
        tensor([1.1447, 1.5502])
    """
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    if input.dtype is _C.bool:
        raise RuntimeError("The input tensor may not be a boolean tensor.")
    y = sum((lgamma(input - j / 2) for j in range(1, p)), lgamma(input))
    return y + p * (p - 1) / 4 * math.log(math.pi)
