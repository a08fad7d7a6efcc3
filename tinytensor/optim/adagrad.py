"""Adagrad: steps scaled by the sum of all squared gradients."""

from __future__ import annotations

from typing import Any

from ..ops.creation import full_like
from .one_by_one import OneByOne
from .optimizer import Group, check_lr, check_not_negative
from .steps import new_step


class Adagrad(OneByOne):
    """`p -= lr / (1 + (step - 1) * lr_decay) * grad / (sqrt(sum of squares) + eps)`.

    From Duchi and others 2011.

    Examples:
        >>> w = tt.ones(2, requires_grad=True)
        >>> w.sum().backward()
        >>> optim.Adagrad([w], lr=0.1).step()
        >>> w
        tensor([0.9000, 0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        """Set up optimization of `params`; the sums start at `initial_accumulator_value`."""
        check_lr(lr)
        check_not_negative(
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
        )
        if not eps >= 0.0:
            raise ValueError(f"Invalid epsilon value: {eps}")
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        for group in self.param_groups:
            for param in group["params"]:
                self.state[param] = {"step": new_step(), **self.start(param, group)}

    def start(self, param: Any, group: Group) -> dict[str, Any]:
        return {"sum": full_like(param.detach(), group["initial_accumulator_value"])}

    def move(self, param: Any, grad: Any, state: dict[str, Any], step: float, lr: float, group: Group) -> None:
        state["sum"].addcmul_(grad, grad, value=1)
        scale = state["sum"].sqrt().add_(group["eps"])
        param.addcdiv_(grad, scale, value=-lr / (1 + (step - 1) * group["lr_decay"]))
