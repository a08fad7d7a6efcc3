"""Adamax: Adam with the largest gradient so far in place of the mean square."""

from __future__ import annotations

from typing import Any

from ..ops.choice import maximum
from .one_by_one import OneByOne, zeros_for
from .optimizer import Group, check_betas, check_lr, check_not_negative


class Adamax(OneByOne):
    """`p -= lr * mean / largest`, where the largest absolute gradient fades by `betas[1]` at each step.

    From Kingma and Ba 2014.

    Examples:
        >>> w = tt.ones(2, requires_grad=True)
        >>> w.sum().backward()
        >>> optim.Adamax([w], lr=0.1).step()
        >>> w
        tensor([0.9000, 0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        """Set up optimization of `params` with the learning rate `lr`."""
        check_lr(lr)
        if not eps >= 0.0:
            raise ValueError(f"Invalid epsilon value: {eps}")
        check_betas(betas)
        check_not_negative(weight_decay=weight_decay)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def start(self, param: Any, group: Group) -> dict[str, Any]:
        return zeros_for(param, "exp_avg", "exp_inf")

    def move(self, param: Any, grad: Any, state: dict[str, Any], step: float, lr: float, group: Group) -> None:
        beta1, beta2 = group["betas"]
        mean, largest = state["exp_avg"], state["exp_inf"]
        mean.lerp_(grad, 1 - beta1)
        largest.copy_(maximum(largest.mul_(beta2), grad.abs().add_(group["eps"])))
        param.addcdiv_(mean, largest, value=-lr / (1 - beta1**step))
