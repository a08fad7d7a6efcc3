"""Optimizers whose step is written out in tensor operations, one parameter after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..modes import enable_grad, no_grad
from ..ops.creation import zeros_like
from ..tensor import Tensor
from .optimizer import Group, Optimizer
from .steps import new_step


class OneByOne(Optimizer):
    """A subclass says what state a parameter starts with, and how one parameter moves."""

    own_decay = False  # whether `move` sees to weight decay

    def start(self, param: Any, group: Group) -> dict[str, Any]:
        """The state of a parameter before its first step, besides the step count."""
        raise NotImplementedError

    def move(self, param: Any, grad: Any, state: dict[str, Any], step: float, lr: float, group: Group) -> None:
        """Move one parameter; `step` counts from 1, and weight decay has been seen to, unless `own_decay`."""
        raise NotImplementedError

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move all parameters by their gradients."""
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad():
            for group in self.param_groups:
                for param in self._trained(group):
                    self._step_one(param, group)
        return loss

    def _step_one(self, param: Any, group: Group) -> None:
        state = self.state[param]
        if not state:
            state["step"] = new_step()
            state.update(self.start(param, group))
        state["step"] += 1
        grad = -param.grad if group["maximize"] else param.grad
        lr = group["lr"].item() if isinstance(group["lr"], Tensor) else group["lr"]
        decay = group.get("weight_decay", 0)
        if decay != 0 and not self.own_decay:
            if group.get("decoupled_weight_decay", False):
                param.mul_(1 - lr * decay)
            else:
                grad = grad.add(param, alpha=decay)
        self.move(param, grad, state, state["step"].item(), lr, group)


def zeros_for(param: Any, *names: str) -> dict[str, Any]:
    """State of zeros, shaped as the parameter."""
    return {name: zeros_like(param.detach()) for name in names}
