"""Activations that mix two tensors or draw: glu, bilinear, rrelu, gumbel_softmax."""

from __future__ import annotations

import math
from typing import Any

from .. import _C
from ..history import in_place
from ..modes import no_grad
from ..tensor import Tensor
from .activation import sigmoid
from .creation import empty, empty_like, ones_like, zeros_like
from .relu import leaky_relu
from .softmax import softmax
from .split import split_with_sizes

__all__ = ["bilinear", "rrelu", "rrelu_"]


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """The first half of dimension `dim` times the sigmoid of the second half.

    Shapes: (*, 2n, *) -> (*, n, *).

    Examples:
        >>> F.glu(tt.tensor([1.0, 2.0, 0.0, 0.0]))
        tensor([0.5000, 1.0000])
    """
    if input.dim() == 0:
        raise RuntimeError("glu does not support 0-dimensional tensors")
    size = input.size(dim)
    if size % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim} is size {size}")
    first, second = split_with_sizes(input, (size // 2, size // 2), dim)
    return first * sigmoid(second)


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`input1 @ weight[k] @ input2 + bias[k]` for every output k: (*, in1), (*, in2) -> (*, out).

    Examples:
        >>> F.bilinear(tt.ones(4, 2), tt.ones(4, 3), tt.ones(5, 2, 3)).shape
        torch.Size([4, 5])
    """
    if input1.shape[:-1] != input2.shape[:-1]:
        raise RuntimeError(
            f"bilinear(): input batch dimensions do not match: got {list(input1.shape)} and {list(input2.shape)}"
        )
    if weight.ndim != 3 or input1.ndim == 0:
        raise RuntimeError(
            f"bilinear(): expected inputs of one dimension at least and a weight of three, got shapes "
            f"{list(input1.shape)} and {list(weight.shape)}"
        )
    rows = input1.reshape(-1, 1, 1, input1.shape[-1]) @ weight
    y = (rows.squeeze(2) @ input2.reshape(-1, input2.shape[-1], 1)).squeeze(-1)
    if bias is not None:
        if bias.dtype != y.dtype:
            raise RuntimeError(
                f"bilinear: all tensors must have the same dtype, got {y.dtype} and a bias of {bias.dtype}"
            )
        if tuple(bias.shape) != (weight.shape[0],):
            raise RuntimeError(
                f"bilinear(): bias size does not match weight size: got {list(bias.shape)} but expected "
                f"[{weight.shape[0]}]"
            )
        y = y + bias
    return y.reshape(*input1.shape[:-1], weight.shape[0])


def _rrelu(input: Tensor, lower: float, upper: float, training: bool) -> Any:
    for name, bound in (("lower", lower), ("upper", upper)):
        if not math.isfinite(bound):
            raise RuntimeError(f"rrelu: {name} bound must be finite, got {bound}")
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if training:
        return input * _drawn_slopes(input.detach(), lower, upper)
    return leaky_relu(input, (lower + upper) / 2)


def rrelu(
    input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False, inplace: bool = False
) -> Tensor:
    """Leaky relu; while training the slope of each negative element is drawn between `lower` and `upper`.

    Shapes: any, kept.

    Raises:
        RuntimeError: a bound is not finite, or `lower` is above `upper`.

    Examples:
        >>> F.rrelu(tt.tensor([-48.0, 2.0]))
        tensor([-11.,   2.])
    """
    return (rrelu_ if inplace else _rrelu)(input, lower, upper, training)


rrelu_ = in_place("rrelu_", rrelu, None)


def _drawn_slopes(x: Tensor, lower: float, upper: float) -> Tensor:
    """1 where x is positive, elsewhere a draw in double precision for each element in turn."""
    falls = x <= 0
    draws = empty(int(falls.sum()), dtype=_C.float64).uniform_(lower, upper)
    return ones_like(x).masked_scatter_(falls, draws.to(x.dtype))


def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Tensor:
    """A random choice along `dim` that can be differentiated; `hard` gives one-hot vectors forward.

    Shapes: any, kept. From Jang and others 2017.

    Examples:
        >>> F.gumbel_softmax(tt.zeros(2, 4), hard=True).sum(-1)
        tensor([1., 1.])
    """
    with no_grad():
        noise = -empty_like(logits.detach()).exponential_().log()
    soft = softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    chosen = soft.detach().max(dim, keepdim=True)[1]
    return zeros_like(soft.detach()).scatter_(dim, chosen, 1.0) - soft.detach() + soft
