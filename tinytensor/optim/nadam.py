"""NAdam: Adam with Nesterov's look ahead."""

from __future__ import annotations

from typing import Any

from .one_by_one import OneByOne, zeros_for
from .optimizer import Group, check_betas, check_lr, check_not_negative
from .steps import new_step


class NAdam(OneByOne):
    """Adam that steps along a mix of the gradient and the mean it will have; `momentum_decay` shapes the mix.

    Examples:
        >>> w = tt.ones(2, requires_grad=True)
        >>> w.sum().backward()
        >>> optim.NAdam([w], lr=0.1).step()
        >>> w
        tensor([0.8944, 0.8944], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        """Set up optimization of `params` with the learning rate `lr`."""
        check_lr(lr)
        if not eps >= 0.0:
            raise ValueError(f"Invalid epsilon value: {eps}")
        check_betas(betas)
        check_not_negative(weight_decay=weight_decay, momentum_decay=momentum_decay)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def start(self, param: Any, group: Group) -> dict[str, Any]:
        return {"mu_product": new_step(1.0), **zeros_for(param, "exp_avg", "exp_avg_sq")}

    def move(self, param: Any, grad: Any, state: dict[str, Any], step: float, lr: float, group: Group) -> None:
        beta1, beta2 = group["betas"]
        decay = group["momentum_decay"]
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        now = beta1 * (1.0 - 0.5 * (0.96 ** (step * decay)))
        ahead = beta1 * (1.0 - 0.5 * (0.96 ** ((step + 1) * decay)))
        state["mu_product"] *= now
        product = state["mu_product"].item()
        mean.lerp_(grad, 1 - beta1)
        square.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        scale = square.div(1 - beta2**step).sqrt().add_(group["eps"])
        param.addcdiv_(grad, scale, value=-lr * (1.0 - now) / (1.0 - product))
        param.addcdiv_(mean, scale, value=(-lr * ahead) / (1.0 - product * ahead))
