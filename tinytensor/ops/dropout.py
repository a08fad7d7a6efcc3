"""Dropout: elements or whole channels are zeroed at random, and what stays is scaled up.

All functions take `p`, the probability of being dropped, and do nothing when `training` is false. The draws come from
the default generator.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

from .._C import ops as C
from .._C import vjp
from ..random import state_of
from ..tensor import Tensor, primitive

__all__ = ["alpha_dropout", "dropout", "feature_alpha_dropout", "feature_dropout"]  # the others: nn.functional

# The value that SELU saturates at, negated: alpha times lambda.
_SELU_FLOOR = 1.7580993408473766

_ZERO = False  # a factor that keeps every dtype


def _check(p: float) -> None:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Zeroes each element with probability `p`, and divides the others by 1 - p.

    Args:
        input: of any shape, floating point.
        p: the probability of an element to be zeroed.
        training: if false, `input` is returned as it is.
        inplace: overwrite `input`.

    Examples:
        >>> _ = tt.manual_seed(0)
        >>> tt.nn.functional.dropout(tt.ones(6), 0.5)
        tensor([0., 0., 2., 0., 0., 0.])
    """
    _check(p)
    if p == 0 or not training or input.numel() == 0:
        return input
    if p == 1:
        return input.mul_(_ZERO) if inplace else input.mul(_ZERO)
    if inplace:
        return input.mul_(noise_of(input, input.shape, p))
    return _dropout(input, state_of(None), 1 - p)


@primitive
def _dropout(x: Tensor, state: Tensor, keep: float) -> Any:
    y, noise = C.dropout(state, x, keep)
    return y, vjp(C.mul, noise)


def noise_of(x: Tensor, shape: tuple[int, ...], p: float) -> Any:
    """What elements of a tensor like x are multiplied with: zero with probability p, else 1 / (1 - p)."""
    return C.bernoulli(state_of(None), 1 - p, shape, x.dtype).div_(1 - p)


def _channels(x: Tensor) -> tuple[int, ...]:
    """The shape of one value per channel, which are the first two dimensions."""
    if x.dim() < 2:
        raise RuntimeError(f"Feature dropout requires at least 2 dimensions in the input, got {x.dim()}")
    return (*x.shape[:2], *(1 for _ in x.shape[2:]))


def feature_dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Zeroes each channel of `input` (N, C, ...) with probability `p`, and divides the others by 1 - p.

    Examples:
        >>> tt.feature_dropout(tt.ones(2, 6, 3), 0.5, True).shape
        torch.Size([2, 6, 3])
    """
    _check(p)
    if p == 0 or not training or input.numel() == 0:
        return input
    noise = _ZERO if p == 1 else noise_of(input, _channels(input), p)
    return input.mul_(noise) if inplace else input.mul(noise)


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Zeroes whole channels of `input`, (N, C, L) or (C, L).

    Examples:
        >>> tt.nn.functional.dropout1d(tt.ones(2, 6, 3), 0.5).shape
        torch.Size([2, 6, 3])
    """
    _check(p)
    if input.dim() not in (2, 3):
        raise RuntimeError(f"dropout1d: expected a 2D or 3D input, got a {input.dim()}D one")
    return _batched(input, 3, p, training, inplace)


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Zeroes whole channels of `input`, (N, C, H, W). An input of three dimensions is taken as (N, C, L).

    Examples:
        >>> tt.nn.functional.dropout2d(tt.ones(2, 6, 3, 3), 0.5).shape
        torch.Size([2, 6, 3, 3])
    """
    _check(p)
    if input.dim() not in (3, 4):
        warnings.warn(f"dropout2d: Received a {input.dim()}-D input; use dropout instead", stacklevel=2)
    elif input.dim() == 3:
        warnings.warn("dropout2d: Received a 3D input, taken as (N, C, L); use dropout1d instead", stacklevel=2)
    return feature_dropout(input, p, training, inplace)


def dropout3d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Zeroes whole channels of `input`, (N, C, D, H, W) or (C, D, H, W).

    Examples:
        >>> tt.nn.functional.dropout3d(tt.ones(2, 6, 3, 3, 3), 0.5).shape
        torch.Size([2, 6, 3, 3, 3])
    """
    _check(p)
    if input.dim() not in (4, 5):
        warnings.warn(f"dropout3d: Received a {input.dim()}-D input; use dropout instead", stacklevel=2)
    return _batched(input, 5, p, training, inplace)


def _batched(input: Tensor, dims: int, p: float, training: bool, inplace: bool) -> Any:
    if input.dim() == dims:
        return feature_dropout(input, p, training, inplace)
    result = feature_dropout(input.unsqueeze(0), p, training, inplace)
    return input if inplace else result.squeeze(0)


def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Sets each element to SELU's floor with probability `p`, then restores mean 0 and variance 1.

    Args:
        input: activations of SELU, of any shape.
        p: the probability of an element to be dropped.
        training: if false, `input` is returned as it is.
        inplace: overwrite `input`.

    Examples:
        >>> tt.nn.functional.alpha_dropout(tt.ones(5), 0.5, training=True).shape
        torch.Size([5])
    """
    return _alpha_dropout(input, input.shape, p, training, inplace)


def feature_alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Like `alpha_dropout`, for whole channels of `input` (N, C, ...).

    Examples:
        >>> tt.nn.functional.feature_alpha_dropout(tt.ones(2, 6, 3), 0.5, training=True).shape
        torch.Size([2, 6, 3])
    """
    return _alpha_dropout(input, _channels(input) if training else (), p, training, inplace)


def _alpha_dropout(input: Tensor, shape: tuple[int, ...], p: float, training: bool, inplace: bool) -> Any:
    _check(p)
    if p == 0 or not training or input.numel() == 0:
        return input
    if p == 1:
        return input.mul_(_ZERO) if inplace else input.mul(_ZERO)
    scale = 1.0 / math.sqrt((_SELU_FLOOR * _SELU_FLOOR * p + 1) * (1 - p))
    kept = C.bernoulli(state_of(None), 1 - p, shape, input.dtype)
    shift = kept.add(-1).mul_(_SELU_FLOOR * scale).add_(_SELU_FLOOR * scale * p)
    kept.mul_(scale)
    return input.mul_(kept).add_(shift) if inplace else input.mul(kept).add(shift)
