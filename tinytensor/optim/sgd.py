"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._C import ops as C
from ..modes import enable_grad
from ..ops.creation import empty_like
from .optimizer import Group, Optimizer, check_lr, check_not_negative


class SGD(Optimizer):
    """`p -= lr * v` with `v = momentum * v + (1 - dampening) * grad`; without momentum, v is the gradient.

    `nesterov` looks one step ahead, `weight_decay` adds that share of p to the gradient, `maximize` climbs.
    All parameters of a group move in one call; `foreach` and `fused` are accepted and make no difference.

    Examples:
        >>> w = tt.ones(2, requires_grad=True)
        >>> w.sum().backward()
        >>> optim.SGD([w], lr=0.1).step()
        >>> w
        tensor([0.9000, 0.9000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: Any = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        """Set up descent of `params` with the learning rate `lr`."""
        check_lr(lr)
        check_not_negative(momentum=momentum, weight_decay=weight_decay)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
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
            if group["momentum"] != 0:
                self._step_with_momentum(group, params)
            else:
                grads = [param.grad for param in params]
                C.sgd_step(group["lr"], params, grads, group["weight_decay"], group["maximize"])
        return loss

    def _step_with_momentum(self, group: Group, params: list[Any]) -> None:
        state = self.state
        try:
            self._move(group, params, [state[param]["momentum_buffer"] for param in params], first=False)
        except KeyError:  # a parameter's first gradient becomes its momentum
            new = [param for param in params if "momentum_buffer" not in state[param]]
            for param in new:
                state[param]["momentum_buffer"] = empty_like(param.detach())
            ids = {id(param) for param in new}
            for some in ([param for param in params if id(param) not in ids], new):
                self._move(group, some, [state[param]["momentum_buffer"] for param in some], first=some is new)

    def _move(self, group: Group, params: list[Any], buffers: list[Any], first: bool) -> None:
        C.sgd_momentum_step(
            group["lr"],
            params,
            [param.grad for param in params],
            buffers,
            group["momentum"],
            group["dampening"],
            group["weight_decay"],
            group["nesterov"],
            group["maximize"],
            first,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for own in self.state.values():
            if own.get("momentum_buffer", 0) is None:  # PyTorch saves None for a momentum that has not begun
                del own["momentum_buffer"]
