"""Activation functions. `f_backward(g, ...)` is g times the slope, one kernel, differentiable in turn."""

from __future__ import annotations

from typing import Any

from .._C import ops as C
from .._C import vjp
from ..history import in_place
from ..tensor import Tensor, method, primitive
from .unary import into

__all__ = ["celu", "celu_", "logit", "selu", "selu_", "sigmoid", "tanh"]


def refuse_negative(name: str, y: Any, slope: float) -> Any:
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
        lambda h: C.where(C.ge(x, 0), 0, C.elu_backward(C.mul(C.mul(h, g), input_scale), x, alpha, scale, input_scale)),
    )


# The fixed point of mean 0 and variance 1.
_SELU = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1.0


def _inverse(alpha: float) -> float:
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return 1.0 / alpha


elu_ = in_place(
    "elu_",
    lambda x, alpha=1.0: refuse_negative("elu", _elu(x, alpha, 1.0, 1.0), alpha),
    lambda x, alpha=1.0: C.elu(x, alpha, 1.0, 1.0, out=x),
)
selu_ = in_place("selu_", lambda x: _elu(x, *_SELU), lambda x: C.elu(x, *_SELU, out=x))
celu_ = in_place(
    "celu_",
    lambda x, alpha=1.0: refuse_negative("celu", _elu(x, alpha, 1.0, _inverse(alpha)), alpha),
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
