"""Keeping gradients small."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...modes import no_grad
from ...ops.creation import zeros
from ...ops.join import stack
from ...tensor import Tensor


def _gradients(parameters: Any) -> list[Tensor]:
    listed = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    return [param.grad for param in listed if param.grad is not None]


def get_total_norm(
    tensors: Any, norm_type: float = 2.0, error_if_nonfinite: bool = False, foreach: bool | None = None
) -> Tensor:
    """The norm of all tensors taken together as one vector.

    Examples:
        >>> nn.utils.get_total_norm([tt.tensor([3.0]), tt.tensor([4.0])])
        tensor(5.)
    """
    tensors = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    if not tensors:
        return zeros(())
    norms = [tensor.detach().norm(norm_type) for tensor in tensors]
    total = stack(norms).norm(norm_type)
    if error_if_nonfinite and not bool(total.isfinite()):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, so it cannot be "
            "clipped. To disable this error and scale the gradients by the non-finite norm anyway, set "
            "`error_if_nonfinite=False`"
        )
    return total


def clip_grads_with_norm_(parameters: Any, max_norm: float, total_norm: Tensor, foreach: bool | None = None) -> None:
    """Scale gradients whose norm is `total_norm` down to `max_norm`.

    Examples:
        >>> p = tt.ones(1, requires_grad=True)
        >>> p.sum().backward()
        >>> nn.utils.clip_grads_with_norm_([p], max_norm=1.0, total_norm=tt.tensor(4.0)), p.grad
        (None, tensor([0.2500]))
    """
    scale = (float(max_norm) / (total_norm + 1e-6)).clamp(max=1.0)
    for grad in _gradients(parameters):
        grad.mul_(scale)


def clip_grad_norm_(
    parameters: Any,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale the gradients of all parameters down, in place, such that their norm is at most `max_norm`.

    Returns the norm they had before.

    Examples:
        >>> p = tt.ones(4, requires_grad=True)
        >>> (p * 3).sum().backward()
        >>> tt.nn.utils.clip_grad_norm_([p], max_norm=1.0), p.grad
        (tensor(6.), tensor([0.5000, 0.5000, 0.5000, 0.5000]))
    """
    with no_grad():
        parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
        total = get_total_norm(_gradients(parameters), norm_type, error_if_nonfinite)
        clip_grads_with_norm_(parameters, max_norm, total)
        return total


clip_grad_norm = clip_grad_norm_


def clip_grad_value_(parameters: Iterable[Tensor] | Tensor, clip_value: float, foreach: bool | None = None) -> None:
    """Clamp every element of the gradients, in place, between `-clip_value` and `clip_value`.

    Examples:
        >>> p = tt.ones(2, requires_grad=True)
        >>> (p * tt.tensor([0.1, 9.0])).sum().backward()
        >>> nn.utils.clip_grad_value_([p], 0.5), p.grad
        (None, tensor([0.1000, 0.5000]))
    """
    with no_grad():
        for grad in _gradients(parameters):
            grad.clamp_(-float(clip_value), float(clip_value))
