"""Functions of numbers, element by element, that are rare: made of others, or NumPy's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import _C
from .._C import ops as C
from ..tensor import Tensor, method, primitive
from .binary import pow
from .broadcast import broadcast_tensors
from .compare import eq, gt
from .query import result_type as dtype_of
from .results import MantissaAndExponent, result_type
from .unary import zero

__all__ = ["float_power", "frexp", "gcd", "heaviside", "lcm", "nextafter", "sinc"]


def _by_numpy(compute: Any, *tensors: Tensor) -> Any:
    with np.errstate(all="ignore"):
        return _C.from_buffer(np.array(compute(*(x.detach().numpy() for x in tensors)), order="C"))


def _common(name: str, kinds: str, input: Any, other: Any) -> list[Tensor]:
    """Both in their common dtype, which must be integral or floating point."""
    if not isinstance(input, Tensor) or not isinstance(other, Tensor):
        raise TypeError(f"{name}(): both arguments must be Tensors")
    dtype = dtype_of(input, other)
    if dtype.is_floating_point != (kinds == "floating point") or dtype is _C.bool:
        raise NotImplementedError(f'"{name}_cpu" not implemented for {dtype}, only for {kinds} dtypes')
    return [x.to(dtype) for x in (input, other)]


@method()
def float_power(input: Any, exponent: Any) -> Tensor:
    """`input ** exponent` in float64, with broadcasting; one of the two may be a number.

    Examples:
        >>> tt.float_power(tt.tensor([1, 2, 3]), 2)
        tensor([1., 4., 9.], dtype=torch.float64)
    """
    return pow(*(x.double() if isinstance(x, Tensor) else float(x) for x in (input, exponent)))


@method()
def float_power_(input: Tensor, exponent: Any) -> Tensor:
    """In-place version of `float_power`, of a float64 tensor.

    Raises:
        RuntimeError: the dtype is another.
    """
    if input.dtype is not _C.float64:
        raise RuntimeError(
            f"the base given to float_power_ has dtype {input.dtype} but the operation's result requires dtype "
            "torch.float64"
        )
    return input.pow_(exponent)


@method(inplace=True)
def gcd(input: Tensor, other: Tensor) -> Tensor:
    """The greatest common divisor, not negative; of integers, with broadcasting.

    Raises:
        NotImplementedError: the dtypes are not integral.

    Examples:
        >>> tt.gcd(tt.tensor([12, 18]), tt.tensor(8))
        tensor([4, 2])
    """
    return _by_numpy(np.gcd, *_common("gcd", "integral", input, other))


@method(inplace=True)
def lcm(input: Tensor, other: Tensor) -> Tensor:
    """The least common multiple, not negative; of integers, with broadcasting.

    Raises:
        NotImplementedError: the dtypes are not integral.

    Examples:
        >>> tt.lcm(tt.tensor([4, 5]), tt.tensor(6))
        tensor([12, 30])
    """
    return _by_numpy(np.lcm, *_common("lcm", "integral", input, other))


@method(inplace=True)
def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """0 for negative numbers, 1 for positive ones, and `values` for 0; with broadcasting, without a gradient.

    Raises:
        RuntimeError: the dtypes differ.

    Examples:
        >>> tt.heaviside(tt.tensor([-1.5, 0.0, 2.0]), tt.tensor(0.5))
        tensor([0.0000, 0.5000, 1.0000])
    """
    if input.dtype is not values.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    input, values = broadcast_tensors(input.detach(), values.detach())
    return values.where(eq(input, 0), gt(input, 0).to(input.dtype))


@method(inplace=True)
def nextafter(input: Tensor, other: Tensor) -> Tensor:
    """The next number of the dtype after `input` on the way to `other`; with broadcasting.

    Raises:
        NotImplementedError: the dtypes are not floating point.

    Examples:
        >>> tt.nextafter(tt.tensor(1.0), tt.tensor(2.0)) - 1 == tt.finfo(tt.float32).eps
        tensor(True)
    """
    return _nextafter(*_common("nextafter", "floating point", input, other))


@primitive
def _nextafter(input: Any, other: Any) -> Any:
    arrived = C.eq(input, other)
    return _by_numpy(np.nextafter, input, other), lambda g: C.where(arrived, 0, g), zero


FrexpResult = result_type("frexp", MantissaAndExponent)


@method()
def frexp(input: Tensor) -> MantissaAndExponent:
    """Mantissas of [0.5, 1) in magnitude and int32 exponents, `input = mantissa * 2**exponent`.

    Raises:
        RuntimeError: the dtype is not floating point.

    Examples:
        >>> tuple(tt.frexp(tt.tensor([3.0, 0.5])))
        (tensor([0.7500, 0.5000]), tensor([2, 0], dtype=torch.int32))
    """
    if not input.dtype.is_floating_point:
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    result: MantissaAndExponent = FrexpResult(_frexp(input))
    return result


@primitive
def _frexp(x: Any) -> Any:
    exponent = _by_numpy(lambda a: np.frexp(a)[1], x)
    return (_by_numpy(lambda a: np.frexp(a)[0], x), exponent), lambda g, _: C.mul(g, C.pow(2.0, C.neg(exponent)))


@method(inplace=True)
def sinc(input: Tensor) -> Tensor:
    """`sin(pi x) / (pi x)`, and 1 at 0. Elementwise.

    Examples:
        >>> tt.sinc(tt.tensor([0.0, 0.5, 1.5]))
        tensor([ 1.0000,  0.6366, -0.2122])
    """
    angle = input * math.pi
    small = angle.abs() < 1e-2  # there the function is 1 - angle^2 / 6 + angle^4 / 120, up to one part in 1e16
    square = angle.where(small, angle * 0).square()
    near = 1 - square / 6 * (1 - square / 20 * (1 - square / 42))
    angle = angle.masked_fill(small, 1.0)
    return near.where(small, angle.sin() / angle)
