"""Comparison, logic, bits and conditions, element by element.

Operands broadcast, dtypes are promoted, and any of them may be a Python number.
"""

from __future__ import annotations

import builtins
from typing import Any

from .. import _C
from .._C import ops as C
from ..tensor import Tensor, method, operator, primitive
from .binary import into_first
from .unary import into

__all__ = [
    "allclose", "bitwise_and", "bitwise_left_shift", "bitwise_not", "bitwise_or", "bitwise_right_shift", "bitwise_xor",
    "eq", "equal", "ge", "greater", "greater_equal", "gt", "isclose", "isfinite", "isinf", "isnan", "isneginf",
    "isposinf", "le", "less", "less_equal", "logical_and", "logical_not", "logical_or", "logical_xor", "lt", "ne",
    "not_equal", "signbit",
]  # fmt: skip

# ---- comparison ----


@method("greater", inplace=True)
@primitive(raw=True)
def gt(input: Any, other: Any) -> Any:
    """Whether `input > other`. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([1, 2, 3]) > 2
        tensor([False, False,  True])
    """
    return C.gt(input, other)


@method("greater_equal", inplace=True)
@primitive(raw=True)
def ge(input: Any, other: Any) -> Any:
    """Whether `input >= other`. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([1, 2, 3]) >= 2
        tensor([False,  True,  True])
    """
    return C.ge(input, other)


@method("less", inplace=True)
@primitive(raw=True)
def lt(input: Any, other: Any) -> Any:
    """Whether `input < other`. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([1, 2, 3]) < 2
        tensor([ True, False, False])
    """
    return C.lt(input, other)


@method("less_equal", inplace=True)
@primitive(raw=True)
def le(input: Any, other: Any) -> Any:
    """Whether `input <= other`. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([1, 2, 3]) <= 2
        tensor([ True,  True, False])
    """
    return C.le(input, other)


@method(inplace=True)
@primitive(raw=True)
def eq(input: Any, other: Any) -> Any:
    """Whether elements are equal; nan equals nothing. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([1, 2, 3]) == tt.tensor([1, 0, 3])
        tensor([ True, False,  True])
    """
    return C.eq(input, other)


@method("not_equal", inplace=True)
@primitive(raw=True)
def ne(input: Any, other: Any) -> Any:
    """Whether elements differ. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([1, 2, 3]) != tt.tensor([1, 0, 3])
        tensor([False,  True, False])
    """
    return C.ne(input, other)


# Of what is no number, Python decides: `x == None` is False.
for _compare in (gt, ge, lt, le, eq, ne):
    setattr(Tensor, f"__{_compare.__name__}__", operator(f"__{_compare.__name__}__", _compare))


def _tolerance(input: Tensor, other: Tensor, rtol: float, atol: float) -> None:
    if input.dtype != other.dtype:
        raise RuntimeError(f"{input.dtype} did not match {other.dtype}")
    if not (rtol >= 0 and atol >= 0):
        raise RuntimeError(f"rtol and atol must be greater than or equal to zero, got {rtol} and {atol}")


@method()
def isclose(
    input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: builtins.bool = False
) -> Tensor:
    """Whether `|input - other| <= atol + rtol * |other|`, or the two are equal. Elementwise, with broadcasting.

    Examples:
        >>> tt.isclose(tt.tensor([1.0, 2.0]), tt.tensor([1.000001, 2.1]))
        tensor([ True, False])
    """
    _tolerance(input, other, rtol, atol)
    close = C.eq(input, other)
    if equal_nan:
        close = C.logical_or(close, C.logical_and(C.isnan(input), C.isnan(other)))
    if rtol == 0 and atol == 0:
        return close
    if input.dtype.name == "bool":
        input, other = C.cast(input, _C.int64), C.cast(other, _C.int64)
    allowed = C.add(C.abs(C.mul(other, rtol)), atol)
    actual = C.abs(C.sub(input, other))
    return C.logical_or(close, C.logical_and(C.isfinite(actual), C.le(actual, allowed)))


@method()
def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: builtins.bool = False
) -> builtins.bool:
    """Whether all elements are close (see `isclose`); the two shapes broadcast.

    Examples:
        >>> tt.allclose(tt.tensor([1.0, 2.0]), tt.tensor([1.000001, 2.0]))
        True
    """
    return bool(isclose(input, other, rtol, atol, equal_nan).all())


@method()
def equal(input: Tensor, other: Tensor) -> builtins.bool:
    """Whether shapes and all elements are equal.

    Examples:
        >>> tt.equal(tt.tensor([1, 2]), tt.tensor([1, 2]))
        True
    """
    return input.shape == other.shape and bool(C.all(C.eq(input, other), (), False))


# ---- logic and bits ----


@method(inplace=True)
@primitive(raw=True)
def logical_and(input: Any, other: Any) -> Any:
    """Whether both are non-zero. Elementwise, with broadcasting.

    Examples:
        >>> tt.logical_and(tt.tensor([0, 1, 2]), tt.tensor([1, 0, 3]))
        tensor([False, False,  True])
    """
    return C.logical_and(input, other)


@method(inplace=True)
@primitive(raw=True)
def logical_or(input: Any, other: Any) -> Any:
    """Whether one is non-zero. Elementwise, with broadcasting.

    Examples:
        >>> tt.logical_or(tt.tensor([0, 1, 0]), tt.tensor([1, 0, 0]))
        tensor([ True,  True, False])
    """
    return C.logical_or(input, other)


@method(inplace=True)
@primitive(raw=True)
def logical_xor(input: Any, other: Any) -> Any:
    """Whether exactly one is non-zero. Elementwise, with broadcasting.

    Examples:
        >>> tt.logical_xor(tt.tensor([0, 1, 2]), tt.tensor([1, 0, 3]))
        tensor([ True,  True, False])
    """
    return C.logical_xor(input, other)


@method("__and__", "__rand__", inplace=into_first(C.bitwise_and))
def bitwise_and(input: Any, other: Any) -> Tensor:
    """The bits that are set in both; integers and bool. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([5, 6]) & 3
        tensor([1, 2])
    """
    return C.bitwise_and(input, other)


@method("__or__", "__ror__", inplace=into_first(C.bitwise_or))
def bitwise_or(input: Any, other: Any) -> Tensor:
    """The bits that are set in either; integers and bool. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([5, 6]) | 3
        tensor([7, 7])
    """
    return C.bitwise_or(input, other)


@method("__xor__", "__rxor__", inplace=into_first(C.bitwise_xor))
def bitwise_xor(input: Any, other: Any) -> Tensor:
    """The bits that are set in one alone; integers and bool. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([5, 6]) ^ 3
        tensor([6, 5])
    """
    return C.bitwise_xor(input, other)


@method("__lshift__", inplace=into_first(C.bitwise_left_shift))
def bitwise_left_shift(input: Any, other: Any) -> Tensor:
    """`input * 2**other`, of integers. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([1, 3]) << 2
        tensor([ 4, 12])
    """
    return C.bitwise_left_shift(input, other)


@method("__rshift__", inplace=into_first(C.bitwise_right_shift))
def bitwise_right_shift(input: Any, other: Any) -> Tensor:
    """`floor(input / 2**other)`, of integers. Elementwise, with broadcasting.

    Examples:
        >>> tt.tensor([9, -3]) >> 1
        tensor([ 4, -2])
    """
    return C.bitwise_right_shift(input, other)


@method()
def __rlshift__(input: Tensor, other: Any) -> Tensor:
    return C.bitwise_left_shift(other, input)


@method()
def __rrshift__(input: Tensor, other: Any) -> Tensor:
    return C.bitwise_right_shift(other, input)


@method(inplace=True)
@primitive(raw=True)
def logical_not(input: Tensor) -> Any:
    """Whether an element is zero. Elementwise.

    Examples:
        >>> tt.logical_not(tt.tensor([0, 1, 2]))
        tensor([ True, False, False])
    """
    return C.logical_not(input)


@method("__invert__", inplace=into(C.bitwise_not))
def bitwise_not(input: Tensor) -> Tensor:
    """Every bit turned over; of bool, the negation. Elementwise.

    Examples:
        >>> tt.bitwise_not(tt.tensor([0, 1, -1]))
        tensor([-1, -2,  0])
    """
    return C.bitwise_not(input)


# ---- conditions ----


@method()
@primitive(raw=True)
def isnan(input: Tensor) -> Any:
    """Whether an element is not a number. Elementwise.

    Examples:
        >>> tt.isnan(tt.tensor([1.0, tt.nan]))
        tensor([False,  True])
    """
    return C.isnan(input)


@method()
@primitive(raw=True)
def isinf(input: Tensor) -> Any:
    """Whether an element is infinite. Elementwise.

    Examples:
        >>> tt.isinf(tt.tensor([1.0, -tt.inf]))
        tensor([False,  True])
    """
    return C.isinf(input)


@method()
@primitive(raw=True)
def isfinite(input: Tensor) -> Any:
    """Whether an element is neither infinite nor nan. Elementwise.

    Examples:
        >>> tt.isfinite(tt.tensor([1.0, tt.inf, tt.nan]))
        tensor([ True, False, False])
    """
    return C.isfinite(input)


@method()
@primitive
def isposinf(input: Tensor) -> Any:
    """Whether an element is +inf. Elementwise.

    Examples:
        >>> tt.isposinf(tt.tensor([tt.inf, -tt.inf]))
        tensor([ True, False])
    """
    return C.isposinf(input)


@method()
@primitive
def isneginf(input: Tensor) -> Any:
    """Whether an element is -inf. Elementwise.

    Examples:
        >>> tt.isneginf(tt.tensor([tt.inf, -tt.inf]))
        tensor([False,  True])
    """
    return C.isneginf(input)


@method()
@primitive
def signbit(input: Tensor) -> Any:
    """Whether an element has a minus sign; -0 has. Elementwise.

    Examples:
        >>> tt.signbit(tt.tensor([1.0, -0.0, -2.0]))
        tensor([False,  True,  True])
    """
    return C.signbit(input)


greater, greater_equal, less, less_equal, not_equal = gt, ge, lt, le, ne
