"""Averaged stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from .one_by_one import OneByOne, zeros_for
from .optimizer import Group, check_lr, check_not_negative
from .steps import new_step


class ASGD(OneByOne):
    """Descent with a fading rate `eta` and decay `lambd`; the average of the parameters from step `t0` on is `ax`.

    Examples:
        >>> w = tt.ones(2, requires_grad=True)
        >>> w.sum().backward()
        >>> optim.ASGD([w], lr=0.1).step()
        >>> w
        tensor([0.9000, 0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        """Set up descent of `params`; `alpha` is the power by which the rate fades."""
        check_lr(lr)
        check_not_negative(weight_decay=weight_decay)
        defaults = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def start(self, param: Any, group: Group) -> dict[str, Any]:
        lr = group["lr"].item() if isinstance(group["lr"], Tensor) else group["lr"]
        return {"eta": new_step(lr), "mu": new_step(1.0), **zeros_for(param, "ax")}

    def move(self, param: Any, grad: Any, state: dict[str, Any], step: float, lr: float, group: Group) -> None:
        eta, mu, average = state["eta"].item(), state["mu"].item(), state["ax"]
        param.mul_(1 - group["lambd"] * eta)
        param.add_(grad, alpha=-eta)
        if mu == 1:
            average.copy_(param)
        else:
            average.add_(param.sub(average).mul_(mu))
        state["eta"].fill_(lr / ((1 + group["lambd"] * lr * step) ** group["alpha"]))
        state["mu"].fill_(1 / max(1, step - group["t0"]))
