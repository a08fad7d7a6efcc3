"""ReLU and other activations made of straight lines."""

from __future__ import annotations

import math
from typing import Any

from .._C import check_number, vjp
from .._C import ops as C
from ..history import in_place
from ..tensor import Tensor, method, primitive
from .activation import refuse_negative
from .second import flat
from .unary import into

__all__ = ["hardshrink", "prelu", "relu", "relu_", "threshold", "threshold_"]


@primitive(raw=True)
def _relu(input: Tensor) -> Any:
    y = C.relu(input)
    return y, vjp(C.relu_backward, y)


relu_ = method()(in_place("relu_", _relu, into(C.relu)))


@method()
def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """`max(x, 0)`; its slope at 0 is 0. Elementwise.

    Examples:
        >>> tt.relu(tt.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """
    return relu_(input) if inplace else _relu(input)


@primitive
def relu_backward(g: Tensor, y: Tensor) -> Any:
    """G where y is positive, else 0."""
    return C.relu_backward(g, y), vjp(C.relu_backward, y), flat


@primitive
def _leaky_relu(input: Tensor, negative_slope: float = 0.01) -> Any:
    return C.leaky_relu(input, negative_slope), vjp(C.leaky_relu_backward, input, negative_slope)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """`x` above zero, `negative_slope * x` below. Elementwise.

    Examples:
        >>> F.leaky_relu(tt.tensor([-1.0, 2.0]), 0.1)
        tensor([-0.1000,  2.0000])
    """
    return (leaky_relu_ if inplace else _leaky_relu)(input, negative_slope)


def _leaky_relu_written(x: Tensor, negative_slope: float = 0.01) -> Any:
    return refuse_negative("leaky_relu", _leaky_relu(x, negative_slope), negative_slope)


def _leaky_relu_into(x: Tensor, negative_slope: float = 0.01) -> None:
    C.leaky_relu(x, negative_slope, out=x)


leaky_relu_ = in_place("leaky_relu_", _leaky_relu_written, _leaky_relu_into)


@primitive
def leaky_relu_backward(g: Tensor, x: Tensor, slope: float) -> Any:
    """G where x is positive, else `slope * g`."""
    return C.leaky_relu_backward(g, x, slope), vjp(C.leaky_relu_backward, x, slope), flat


@primitive
def _hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    return C.hardtanh(input, min_val, max_val), vjp(C.hardtanh_backward, input, min_val, max_val)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """`x` moved into [min_val, max_val]; its slope at the ends is 0. Elementwise.

    Examples:
        >>> F.hardtanh(tt.tensor([-3.0, 0.5, 2.0]))
        tensor([-1.0000,  0.5000,  1.0000])
    """
    return (hardtanh_ if inplace else _hardtanh)(input, min_val, max_val)


def _hardtanh_into(x: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> None:
    C.hardtanh(x, min_val, max_val, out=x)


hardtanh_ = in_place("hardtanh_", _hardtanh, _hardtanh_into)


@primitive
def hardtanh_backward(g: Tensor, x: Tensor, low: float, high: float) -> Any:
    """G where `low < x < high`, else 0."""
    return C.hardtanh_backward(g, x, low, high), vjp(C.hardtanh_backward, x, low, high), flat


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """`min(max(x, 0), 6)`. Elementwise.

    Examples:
        >>> F.relu6(tt.tensor([-1.0, 2.0, 9.0]))
        tensor([0., 2., 6.])
    """
    return (hardtanh_ if inplace else _hardtanh)(input, 0.0, 6.0)


@primitive
def _hardsigmoid(input: Tensor) -> Any:
    return C.hardsigmoid(input), vjp(C.hardsigmoid_backward, input)


hardsigmoid_ = in_place("hardsigmoid_", _hardsigmoid, into(C.hardsigmoid))


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """`min(max(x + 3, 0), 6) / 6`. Elementwise.

    Examples:
        >>> F.hardsigmoid(tt.tensor([-4.0, 0.0, 1.0]))
        tensor([0.0000, 0.5000, 0.6667])
    """
    return (hardsigmoid_ if inplace else _hardsigmoid)(input)


@primitive
def hardsigmoid_backward(g: Tensor, x: Tensor) -> Any:
    """`g / 6` where `-3 < x < 3`, else 0."""
    return C.hardsigmoid_backward(g, x), vjp(C.hardsigmoid_backward, x), flat


@primitive
def _hardswish(input: Tensor) -> Any:
    return C.hardswish(input), vjp(C.hardswish_backward, input)


hardswish_ = in_place("hardswish_", _hardswish, into(C.hardswish))


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """`x * hardsigmoid(x)`. Elementwise.

    Examples:
        >>> F.hardswish(tt.tensor([-4.0, 1.0, 5.0]))
        tensor([-0.0000, 0.6667, 5.0000])
    """
    return (hardswish_ if inplace else _hardswish)(input)


@primitive
def hardswish_backward(g: Tensor, x: Tensor) -> Any:
    """`g * (x / 3 + 1 / 2)` between -3 and 3; 0 below and g above."""
    return (
        C.hardswish_backward(g, x),
        vjp(C.hardswish_backward, x),
        lambda h: C.mul(C.hardtanh_backward(C.mul(h, g), x, -3.0, 3.0), 1 / 3),
    )


@method()
@primitive
def hardshrink(input: Tensor, lambd: float = 0.5) -> Any:
    """0 where `|x| <= lambd`, else x. Elementwise.

    Examples:
        >>> F.hardshrink(tt.tensor([0.3, -0.8]))
        tensor([ 0.0000, -0.8000])
    """
    return C.hardshrink(input, lambd), vjp(C.shrink_backward, input, lambd)


@primitive
def softshrink(input: Tensor, lambd: float = 0.5) -> Any:
    """`x` moved towards 0 by `lambd`, at most to 0. Elementwise.

    Examples:
        >>> F.softshrink(tt.tensor([0.3, -0.75]))
        tensor([ 0.0000, -0.2500])
    """
    if not 0 <= lambd < math.inf:
        raise RuntimeError(f"lambda must be finite, and greater or equal to 0, but found to be {lambd}.")
    check_number(lambd, input.dtype)
    return C.softshrink(input, lambd), vjp(C.shrink_backward, input, lambd)


@primitive
def shrink_backward(g: Tensor, x: Tensor, lambd: float) -> Any:
    """0 where `|x| <= lambd`, else g."""
    return C.shrink_backward(g, x, lambd), vjp(C.shrink_backward, x, lambd), flat


@primitive
def _threshold(input: Tensor, threshold: float, value: float) -> Any:
    return C.threshold(input, threshold, value), vjp(C.threshold_backward, input, threshold)


def _threshold_into(x: Tensor, threshold: float, value: float) -> None:
    C.threshold(x, threshold, value, out=x)


threshold_ = in_place("threshold_", _threshold, _threshold_into)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """`x` above `threshold`, else `value`. Elementwise.

    Examples:
        >>> F.threshold(tt.tensor([0.3, 2.0]), 1.0, -5.0)
        tensor([-5.,  2.])
    """
    return (threshold_ if inplace else _threshold)(input, threshold, value)


@primitive
def threshold_backward(g: Tensor, x: Tensor, threshold: float) -> Any:
    """G where `x > threshold`, else 0."""
    return C.threshold_backward(g, x, threshold), vjp(C.threshold_backward, x, threshold), flat


@method()
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """`x` above zero, `weight * x` below; one weight, or one for each channel (dimension 1).

    Shapes: input (N, C, *), or any with one weight; weight (C,) or (1,); the shape of the input is kept.

    Raises:
        RuntimeError: the number of weights is neither 1 nor that of the channels.

    Examples:
        >>> F.prelu(tt.tensor([[-1.0, -1.0]]), tt.tensor([0.1, 0.5]))
        tensor([[-0.1000, -0.5000]])
    """
    if weight.ndim > 1:
        raise RuntimeError(f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.ndim}")
    if weight.dtype != input.dtype:
        raise RuntimeError(f"prelu: Type promoting not supported. Got {input.dtype} and {weight.dtype}")
    if weight.numel() != 1:
        if input.ndim == 0:
            raise RuntimeError("prelu: Not allow zero-dim input tensor.")
        channels = input.shape[1] if input.ndim > 1 else 1
        if weight.numel() != channels:
            raise RuntimeError(
                f"Mismatch of parameter numbers and input channel size. Found parameter numbers = {weight.numel()} "
                f"and channel size = {channels}."
            )
        weight = weight.reshape(-1, *(1,) * (input.ndim - 2))
    elif weight.ndim == 1:
        weight = weight.reshape(())
    return _prelu(input, weight)


@primitive
def _prelu(input: Tensor, weight: Tensor) -> Any:
    return (
        C.prelu(input, weight),
        lambda g: _prelu_backward(g, input, weight),
        lambda g: C.where(C.gt(input, 0), 0, C.mul(g, input)),
    )


@primitive
def _prelu_backward(g: Tensor, x: Tensor, weight: Tensor) -> Any:
    """G where x is positive, else `weight * g`; the slopes of this one take 0 for positive, as PyTorch's do."""
    return (
        C.where(C.gt(x, 0), g, C.mul(g, weight)),
        lambda h: C.where(C.ge(x, 0), h, C.mul(h, weight)),
        flat,
        lambda h: C.where(C.ge(x, 0), 0, C.mul(h, g)),
    )
