"""Activation functions. `f_backward(g, ...)` is g times the slope, one kernel, differentiable in turn."""

from __future__ import annotations

import math
from typing import Any

from .._C import check_number, vjp
from .._C import ops as C
from ..history import in_place
from ..tensor import Tensor, method, primitive
from .unary import into

__all__ = [
    "celu", "celu_", "hardshrink", "logit", "prelu", "relu", "relu_", "selu", "selu_", "sigmoid", "tanh", "threshold",
    "threshold_",
]  # fmt: skip


def _refuse_negative(name: str, y: Any, slope: float) -> Any:
    """The result of an in-place op, whose gradient is refused for a negative slope, as its name stands for."""

    def refuse(g: Any) -> Any:
        raise RuntimeError(
            f"In-place {name} backward calculation is triggered with a negative slope ({slope}), of which the result "
            "no longer tells the sign of the input: call the out-of-place version"
        )

    if not slope >= 0 and y.requires_grad:
        y.register_hook(refuse)
    return y


# ---- tanh, sigmoid ----


@method(inplace=into(C.tanh))
@primitive(raw=True)
def tanh(input: Tensor) -> Any:
    """The hyperbolic tangent. Elementwise.

    Examples:
        >>> tt.tanh(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 0.7616])
    """
    y = C.tanh(input)
    return y, vjp(C.tanh_backward, y)


@primitive
def tanh_backward(g: Tensor, y: Tensor) -> Any:
    """`g * (1 - y**2)`, for `y = tanh(x)`."""
    return (
        C.tanh_backward(g, y),
        vjp(C.tanh_backward, y),
        lambda h: C.mul(C.mul(C.mul(h, g), y), -2),
    )


@method(inplace=into(C.sigmoid))
@primitive(raw=True)
def sigmoid(input: Tensor) -> Any:
    """`1 / (1 + exp(-x))`. Elementwise.

    Examples:
        >>> tt.sigmoid(tt.tensor([0.0, 2.0]))
        tensor([0.5000, 0.8808])
    """
    y = C.sigmoid(input)
    return y, vjp(C.sigmoid_backward, y)


@primitive
def sigmoid_backward(g: Tensor, y: Tensor) -> Any:
    """`g * y * (1 - y)`, for `y = sigmoid(x)`."""
    return (
        C.sigmoid_backward(g, y),
        vjp(C.sigmoid_backward, y),
        lambda h: C.mul(C.mul(h, g), C.sub(1, C.mul(y, 2))),
    )


@method(inplace=True)
@primitive
def logit(input: Tensor, eps: float | None = None) -> Any:
    """`log(x / (1 - x))`, the inverse of `sigmoid`; with `eps`, of x moved into [eps, 1 - eps]. Elementwise.

    Examples:
        >>> tt.logit(tt.tensor([0.5, 0.9]))
        tensor([0.0000, 2.1972])
    """
    margin = -1.0 if eps is None or eps != eps else eps  # nothing is beyond a margin that is no number
    return C.logit(input, margin), vjp(C.logit_backward, input, margin)


@primitive
def logit_backward(g: Tensor, x: Tensor, eps: float) -> Any:
    """`g / (x * (1 - x))`; 0 where x was moved."""

    def slope_of_x(h: Tensor) -> Any:
        slope = C.logit_backward(C.mul(h, g), x, eps)
        return C.mul(C.logit_backward(slope, x, eps), C.sub(C.mul(x, 2), 1))

    return C.logit_backward(g, x, eps), vjp(C.logit_backward, x, eps), slope_of_x


@primitive(raw=True)
def logsigmoid(input: Tensor) -> Any:
    """`log(sigmoid(x))`, exact for any x. Elementwise.

    Examples:
        >>> F.logsigmoid(tt.tensor([0.0, -100.0]))
        tensor([  -0.6931, -100.0000])
    """
    return C.logsigmoid(input), vjp(C.logsigmoid_backward, input)


@primitive
def logsigmoid_backward(g: Tensor, x: Tensor) -> Any:
    """`g * sigmoid(-x)`."""
    return (
        C.logsigmoid_backward(g, x),
        vjp(C.logsigmoid_backward, x),
        lambda h: C.neg(C.sigmoid_backward(C.mul(h, g), C.sigmoid(x))),
    )


# ---- relu and what is made of straight lines ----


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
    return C.relu_backward(g, y), vjp(C.relu_backward, y)


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
    return _refuse_negative("leaky_relu", _leaky_relu(x, negative_slope), negative_slope)


def _leaky_relu_into(x: Tensor, negative_slope: float = 0.01) -> None:
    C.leaky_relu(x, negative_slope, out=x)


leaky_relu_ = in_place("leaky_relu_", _leaky_relu_written, _leaky_relu_into)


@primitive
def leaky_relu_backward(g: Tensor, x: Tensor, slope: float) -> Any:
    """G where x is positive, else `slope * g`."""
    return C.leaky_relu_backward(g, x, slope), vjp(C.leaky_relu_backward, x, slope)


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
    return C.hardtanh_backward(g, x, low, high), vjp(C.hardtanh_backward, x, low, high)


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
    return C.hardsigmoid_backward(g, x), vjp(C.hardsigmoid_backward, x)


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
    return C.shrink_backward(g, x, lambd), vjp(C.shrink_backward, x, lambd)


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
    return C.threshold_backward(g, x, threshold), vjp(C.threshold_backward, x, threshold)


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
        lambda g: C.where(C.gt(input, 0), g, C.mul(g, weight)),
        lambda g: C.where(C.gt(input, 0), 0, C.mul(g, input)),
    )


# ---- smooth ones ----


@primitive
def _gelu(input: Tensor, tanh: bool) -> Any:
    return C.gelu(input, tanh), vjp(C.gelu_backward, input, tanh)


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """`x * Phi(x)`, with the distribution function Phi of the normal distribution. Elementwise.

    Args:
        input: any shape, of floats.
        approximate: "none", or "tanh" for `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))`.

    Examples:
        >>> F.gelu(tt.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.1587,  0.0000,  0.8413])
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return _gelu(input, approximate == "tanh")


@primitive
def gelu_backward(g: Tensor, x: Tensor, tanh: bool) -> Any:
    """G times the slope of gelu."""

    def slope_of_x(h: Tensor) -> Any:
        scaled = C.mul(h, g)
        if not tanh:  # (2 - x^2) phi(x)
            density = C.mul(C.exp(C.mul(C.square(x), -0.5)), 0.3989422804014327)
            return C.mul(scaled, C.mul(density, C.sub(2, C.square(x))))
        # With u(x) the argument of tanh: (1 - t^2) (u' + x / 2 u'' - x t u'^2)
        square = C.square(x)
        u = C.mul(C.mul(x, C.add(C.mul(square, 0.044715), 1)), 0.7978845608028654)
        slope = C.mul(C.add(C.mul(square, 3 * 0.044715), 1), 0.7978845608028654)
        curve = C.mul(x, 6 * 0.044715 * 0.7978845608028654)
        t = C.tanh(u)
        inner = C.sub(C.add(slope, C.mul(C.mul(x, curve), 0.5)), C.mul(C.mul(x, t), C.square(slope)))
        return C.mul(C.tanh_backward(scaled, t), inner)

    return C.gelu_backward(g, x, tanh), vjp(C.gelu_backward, x, tanh), slope_of_x


@primitive
def _silu(input: Tensor) -> Any:
    return C.silu(input), vjp(C.silu_backward, input)


silu_ = in_place("silu_", _silu, into(C.silu))


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """`x * sigmoid(x)`. Elementwise.

    Examples:
        >>> F.silu(tt.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.2689,  0.0000,  0.7311])
    """
    return (silu_ if inplace else _silu)(input)


@primitive
def silu_backward(g: Tensor, x: Tensor) -> Any:
    """G times the slope of silu, `s * (1 + x * (1 - s))` with `s = sigmoid(x)`."""

    def slope_of_x(h: Tensor) -> Any:  # s (1 - s) (2 + x (1 - 2 s))
        s = C.sigmoid(x)
        return C.mul(C.sigmoid_backward(C.mul(h, g), s), C.add(C.mul(x, C.sub(1, C.mul(s, 2))), 2))

    return C.silu_backward(g, x), vjp(C.silu_backward, x), slope_of_x


@primitive
def _mish(input: Tensor) -> Any:
    return C.mish(input), vjp(C.mish_backward, input)


mish_ = in_place("mish_", _mish, into(C.mish))


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """`x * tanh(softplus(x))`. Elementwise.

    Examples:
        >>> F.mish(tt.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.3034,  0.0000,  0.8651])
    """
    return (mish_ if inplace else _mish)(input)


@primitive
def mish_backward(g: Tensor, x: Tensor) -> Any:
    """G times the slope of mish, `t + x * s * (1 - t**2)` with `t = tanh(softplus(x))`, `s = sigmoid(x)`."""

    def slope_of_x(h: Tensor) -> Any:  # (1 - t^2) s (2 + x (1 - s - 2 t s))
        s, t = C.sigmoid(x), C.tanh(C.softplus(x, 1.0, 40.0))
        inner = C.sub(C.sub(1, s), C.mul(C.mul(t, s), 2))
        return C.mul(C.mul(C.tanh_backward(C.mul(h, g), t), s), C.add(C.mul(x, inner), 2))

    return C.mish_backward(g, x), vjp(C.mish_backward, x), slope_of_x


@primitive
def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """`log(1 + exp(beta * x)) / beta`; x itself where `beta * x > threshold`. Elementwise.

    Examples:
        >>> F.softplus(tt.tensor([-1.0, 0.0, 100.0]))
        tensor([  0.3133,   0.6931, 100.0000])
    """
    return C.softplus(input, beta, threshold), vjp(C.softplus_backward, input, beta, threshold)


@primitive
def softplus_backward(g: Tensor, x: Tensor, beta: float, threshold: float) -> Any:
    """`g * sigmoid(beta * x)`."""

    def slope_of_x(h: Tensor) -> Any:
        z = C.mul(x, beta)
        slope = C.mul(C.sigmoid_backward(C.mul(h, g), C.sigmoid(z)), beta)
        return C.where(C.gt(z, threshold), 0, slope)

    return C.softplus_backward(g, x, beta, threshold), vjp(C.softplus_backward, x, beta, threshold), slope_of_x


@primitive
def _elu(input: Tensor, alpha: float, scale: float, input_scale: float) -> Any:
    return C.elu(input, alpha, scale, input_scale), vjp(C.elu_backward, input, alpha, scale, input_scale)


@primitive
def elu_backward(g: Tensor, x: Tensor, alpha: float, scale: float, input_scale: float) -> Any:
    """`g * scale` above zero, `g * scale * alpha * input_scale * exp(input_scale * x)` below."""
    return (
        C.elu_backward(g, x, alpha, scale, input_scale),
        vjp(C.elu_backward, x, alpha, scale, input_scale),
        lambda h: C.where(C.gt(x, 0), 0, C.elu_backward(C.mul(C.mul(h, g), input_scale), x, alpha, scale, input_scale)),
    )


# The fixed point of mean 0 and variance 1.
_SELU = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1.0


def _inverse(alpha: float) -> float:
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return 1.0 / alpha


elu_ = in_place(
    "elu_",
    lambda x, alpha=1.0: _refuse_negative("elu", _elu(x, alpha, 1.0, 1.0), alpha),
    lambda x, alpha=1.0: C.elu(x, alpha, 1.0, 1.0, out=x),
)
selu_ = in_place("selu_", lambda x: _elu(x, *_SELU), lambda x: C.elu(x, *_SELU, out=x))
celu_ = in_place(
    "celu_",
    lambda x, alpha=1.0: _refuse_negative("celu", _elu(x, alpha, 1.0, _inverse(alpha)), alpha),
    lambda x, alpha=1.0: C.elu(x, alpha, 1.0, _inverse(alpha), out=x),
)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """`x` above zero, `alpha * (exp(x) - 1)` below. Elementwise.

    Examples:
        >>> F.elu(tt.tensor([-1.0, 2.0]))
        tensor([-0.6321,  2.0000])
    """
    return elu_(input, alpha) if inplace else _elu(input, alpha, 1.0, 1.0)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """`scale * x` above zero, `scale * alpha * (exp(x) - 1)` below, which keeps mean 0 and variance 1. Elementwise.

    Examples:
        >>> F.selu(tt.tensor([-1.0, 2.0]))
        tensor([-1.1113,  2.1014])
    """
    return selu_(input) if inplace else _elu(input, *_SELU)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """`x` above zero, `alpha * (exp(x / alpha) - 1)` below. Elementwise.

    Examples:
        >>> F.celu(tt.tensor([-1.0, 2.0]), alpha=2.0)
        tensor([-0.7869,  2.0000])
    """
    return celu_(input, alpha) if inplace else _elu(input, alpha, 1.0, _inverse(alpha))


def softsign(input: Tensor) -> Tensor:
    """`x / (1 + |x|)`. Elementwise.

    Examples:
        >>> F.softsign(tt.tensor([-1.0, 3.0]))
        tensor([-0.5000,  0.7500])
    """
    return input / (input.abs() + 1)


def tanhshrink(input: Tensor) -> Tensor:
    """`x - tanh(x)`. Elementwise.

    Examples:
        >>> F.tanhshrink(tt.tensor([-1.0, 2.0]))
        tensor([-0.2384,  1.0360])
    """
    return input - input.tanh()
