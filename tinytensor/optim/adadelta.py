"""Adadelta: steps in the units of the parameters, from running averages of squared gradients and squared steps."""

from __future__ import annotations

from typing import Any

from .one_by_one import OneByOne, zeros_for
from .optimizer import Group, check_lr, check_not_negative


class Adadelta(OneByOne):
    """`p -= lr * grad * sqrt(mean squared step + eps) / sqrt(mean squared gradient + eps)`.

    From Zeiler 2012.

    Examples:
        >>> w = tt.ones(2, requires_grad=True)
        >>> w.sum().backward()
        >>> optim.Adadelta([w]).step()
        >>> w
        tensor([0.9968, 0.9968], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        """Set up optimization of `params`; `rho` is what the averages keep at each step."""
        check_lr(lr)
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f"Invalid rho value: {rho}")
        if not eps >= 0.0:
            raise ValueError(f"Invalid epsilon value: {eps}")
        check_not_negative(weight_decay=weight_decay)
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def start(self, param: Any, group: Group) -> dict[str, Any]:
        return zeros_for(param, "square_avg", "acc_delta")

    def move(self, param: Any, grad: Any, state: dict[str, Any], step: float, lr: float, group: Group) -> None:
        rho, eps = group["rho"], group["eps"]
        square, steps = state["square_avg"], state["acc_delta"]
        square.mul_(rho).addcmul_(grad, grad, value=1 - rho)
        delta = steps.add(eps).sqrt_().div_(square.add(eps).sqrt_()).mul_(grad)
        steps.mul_(rho).addcmul_(delta, delta, value=1 - rho)
        param.add_(delta, alpha=-lr)
