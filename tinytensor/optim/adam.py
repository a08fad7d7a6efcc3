"""Adam and AdamW: steps scaled by running averages of the gradient and of its square."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._C import ops as C
from ..modes import enable_grad
from ..ops.creation import zeros_like
from ..tensor import Tensor
from .optimizer import Group, Optimizer, check_betas, check_lr, check_not_negative
from .steps import new_step


class Adam(Optimizer):
    """`p -= lr * mean / (sqrt(mean of squares) + eps)`, both means corrected for starting at zero.

    `betas` are the weights the means keep at each step. `weight_decay` adds that share of p to the gradient, or, with
    `decoupled_weight_decay`, shrinks p itself. `amsgrad` divides by the largest mean of squares so far. All parameters
    of a group move in one call; `foreach`, `fused` and `capturable` are accepted and make no difference.

    Examples:
        >>> w = tt.ones(2, requires_grad=True)
        >>> w.sum().backward()
        >>> optim.Adam([w], lr=0.1).step()
        >>> w
        tensor([0.9000, 0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        """Set up optimization of `params` with the learning rate `lr`."""
        check_lr(lr)
        if not eps >= 0.0:
            raise ValueError(f"Invalid epsilon value: {eps}")
        check_betas(betas)
        check_not_negative(weight_decay=weight_decay)
        betas = tuple(beta.item() if isinstance(beta, Tensor) else beta for beta in betas)  # type: ignore[assignment]
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move all parameters by their gradients."""
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group in self.param_groups:
            params = [param for param in group["params"] if param.grad is not None]
            states = [self.state[param] or self._new_state(param, group) for param in params]
            settings = (
                *group["betas"],
                group["eps"],
                group["weight_decay"],
                group["decoupled_weight_decay"],
                group["maximize"],
            )
            grads = [param.grad for param in params]
            means = [state["exp_avg"] for state in states]
            squares = [state["exp_avg_sq"] for state in states]
            steps = [state["step"] for state in states]
            if group["amsgrad"]:
                peaks = [state["max_exp_avg_sq"] for state in states]
                C.amsgrad_step(group["lr"], params, grads, means, squares, peaks, steps, *settings)
            else:
                C.adam_step(group["lr"], params, grads, means, squares, steps, *settings)
        return loss

    def _new_state(self, param: Any, group: Group) -> dict[str, Any]:
        state: dict[str, Any] = self.state[param]
        like = param.detach()
        state["step"] = new_step()
        state["exp_avg"] = zeros_like(like)
        state["exp_avg_sq"] = zeros_like(like)
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = zeros_like(like)
        return state
