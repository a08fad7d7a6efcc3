"""Muon: momentum whose matrices are made nearly orthogonal."""

from __future__ import annotations

from math import sqrt
from typing import Any

from ..ops.creation import zeros_like
from ..tensor import Tensor
from .one_by_one import OneByOne
from .optimizer import Group, check_lr, check_not_negative


class Muon(OneByOne):
    """Steps along all directions of a matrix alike: the singular values of its momentum are brought near 1.

    For the matrices of hidden layers; biases, embeddings and the last layer are left to another optimizer. PyTorch rounds to
    bfloat16 on the way, which is not done here.

    Examples:
        >>> w = tt.zeros(2, 2, requires_grad=True)
        >>> w.grad = tt.tensor([[3.0, 0.0], [0.0, 0.1]])
        >>> optim.Muon([w], lr=1.0).step()
        >>> bool((w.diagonal() < -0.6).all())
        True

    Source: Jordan, "Muon: An optimizer for hidden layers in neural networks", 2024.
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        """Set up steps of `params`, all of two dimensions.

        `adjust_lr_fn` says what the rate is multiplied by: "original" (or None) the root of rows by columns where there are
        more rows, "match_rms_adamw" 0.2 times the root of the longer side.
        """
        check_lr(lr)
        check_not_negative(momentum=momentum, weight_decay=weight_decay)
        if adjust_lr_fn not in _RATES:
            raise ValueError(f"Adjust learning rate function {adjust_lr_fn} is not supported")
        if len(ns_coefficients) != 3:
            raise ValueError("Coefficients must be a tuple of exactly 3 values")
        if ns_steps >= 100:
            raise ValueError(f"ns_steps must be less than 100, got {ns_steps}")
        defaults = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "nesterov": nesterov,
            "ns_coefficients": ns_coefficients,
            "eps": eps,
            "ns_steps": ns_steps,
            "adjust_lr_fn": adjust_lr_fn,
        }
        super().__init__(params, defaults)
        for group in self.param_groups:
            for p in group["params"]:
                if p.ndim != 2:
                    raise ValueError(
                        f"Muon only supports 2D parameters whereas we found a parameter with size: {p.shape}"
                    )

    def _step_one(self, param: Any, group: Group) -> None:
        state = self.state[param]
        if not state:
            state["momentum_buffer"] = zeros_like(param.grad)
        buffer = state["momentum_buffer"].lerp_(param.grad, 1 - group["momentum"])
        update = param.grad.lerp(buffer, group["momentum"]) if group["nesterov"] else buffer
        lr = group["lr"].item() if isinstance(group["lr"], Tensor) else group["lr"]
        param.mul_(1 - lr * group["weight_decay"])
        direction = _orthogonal(update, group["ns_coefficients"], group["ns_steps"], group["eps"])
        param.add_(direction, alpha=-lr * _RATES[group["adjust_lr_fn"]](*param.shape))


def _original_rate(rows: int, columns: int) -> float:
    return sqrt(max(1.0, rows / columns))


def _rate_of_adamw(rows: int, columns: int) -> float:
    return 0.2 * sqrt(max(rows, columns))


_RATES = {None: _original_rate, "original": _original_rate, "match_rms_adamw": _rate_of_adamw}


def _orthogonal(g: Any, coefficients: tuple[float, float, float], steps: int, eps: float) -> Any:
    """Singular values brought near 1 by steps of a x + b x^3 + c x^5, after Newton and Schulz."""
    a, b, c = coefficients
    tall = g.shape[0] > g.shape[1]
    x = g.mT if tall else g
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x.mT if tall else x
