"""L-BFGS: steps along the gradient scaled by an estimate of the inverse Hessian, made of the last few steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..modes import enable_grad, no_grad
from ..nn.utils.convert_parameters import parameters_to_vector
from ..ops.creation import zeros_like
from ..tensor import Tensor
from .line_search import strong_wolfe
from .optimizer import Optimizer, check_lr


class LBFGS(Optimizer):
    """L-BFGS (Nocedal 1980), optionally with a line search that meets the strong Wolfe conditions.

    `step` needs a closure, which it calls several times. There is one parameter group.

    Args:
        params: parameters to optimize.
        lr: length of a step, as a share of the one the estimate asks for.
        max_iter: iterations of one `step`.
        max_eval: evaluations of the closure in one `step`; 1.25 * max_iter if None.
        tolerance_grad: stop when no gradient is larger.
        tolerance_change: stop when parameters or loss change less.
        history_size: how many steps the estimate is made of.
        line_search_fn: None or "strong_wolfe".

    Raises:
        ValueError: there are several parameter groups, or the learning rate is negative.
        RuntimeError: another line search is asked for.

    Examples:
        >>> x = tt.zeros(2, requires_grad=True)
        >>> opt = optim.LBFGS([x], line_search_fn="strong_wolfe")
        >>> def closure():
        ...     opt.zero_grad()
        ...     loss = ((x - tt.tensor([1.0, 2.0])) ** 2).sum()
        ...     loss.backward()
        ...     return loss
        >>> _ = opt.step(closure)
        >>> x
        tensor([1.0000, 2.0000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        check_lr(lr)
        defaults = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        if line_search_fn not in (None, "strong_wolfe"):
            raise RuntimeError("only 'strong_wolfe' is supported")
        self._params: list[Any] = self.param_groups[0]["params"]

    # -- parameters as one vector --

    def _gradient(self) -> Tensor:
        return parameters_to_vector([zeros_like(p) if p.grad is None else p.grad for p in self._params]).detach()

    def _move(self, t: Any, direction: Tensor) -> None:
        at = 0
        for p in self._params:
            p.add_(direction[at : at + p.numel()].view_as(p), alpha=float(t))
            at += p.numel()

    def _evaluate_at(self, closure: Callable[[], Any], start: list[Tensor], t: Any, d: Tensor) -> tuple[float, Tensor]:
        """Loss and gradient a step away; the parameters go back to where they were."""
        self._move(t, d)
        loss = float(closure())
        gradient = self._gradient()
        for p, before in zip(self._params, start, strict=True):
            p.copy_(before)
        return loss, gradient

    # -- one step --

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Up to `max_iter` iterations; returns the loss before them.

        Raises:
            RuntimeError: there is no closure.
        """
        if closure is None:
            raise RuntimeError("LBFGS.step needs a closure that computes the loss and its gradients")
        with no_grad():
            return self._step(enable_grad()(closure))

    def _step(self, closure: Callable[[], Any]) -> Any:
        group = self.param_groups[0]
        state = self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        first_loss = closure()
        loss, evaluations = float(first_loss), 1
        state["func_evals"] += 1
        gradient = self._gradient()
        if gradient.abs().max() <= group["tolerance_grad"]:
            return first_loss
        for iteration in range(1, group["max_iter"] + 1):
            state["n_iter"] += 1
            direction = self._direction(state, gradient)
            state["prev_flat_grad"], state["prev_loss"] = gradient.clone(), loss
            t = min(1.0, 1.0 / float(gradient.abs().sum())) * group["lr"] if state["n_iter"] == 1 else group["lr"]
            slope = gradient.dot(direction)
            if slope > -group["tolerance_change"]:
                break
            if group["line_search_fn"] == "strong_wolfe":
                start = [p.clone() for p in self._params]

                def evaluate(t: Any, d: Tensor, start: list[Tensor] = start) -> tuple[float, Tensor]:
                    return self._evaluate_at(closure, start, t, d)

                loss, gradient, t, used = strong_wolfe(evaluate, t, direction, loss, gradient, slope)
                self._move(t, direction)
            else:
                self._move(t, direction)
                used = 0
                if iteration != group["max_iter"]:
                    loss, used = float(closure()), 1
                    gradient = self._gradient()
            state["d"], state["t"] = direction, t
            evaluations += used
            state["func_evals"] += used
            if (
                evaluations >= group["max_eval"]
                or gradient.abs().max() <= group["tolerance_grad"]
                or (direction * t).abs().max() <= group["tolerance_change"]
                or abs(loss - state["prev_loss"]) < group["tolerance_change"]
            ):
                break
        return first_loss

    def _direction(self, state: dict[str, Any], gradient: Tensor) -> Tensor:
        """Minus the estimated inverse Hessian times the gradient, by the two-loop recursion."""
        if state["n_iter"] == 1:
            state.update(old_dirs=[], old_stps=[], ro=[], H_diag=1)
            return gradient.neg()
        changes, steps, ro = state["old_dirs"], state["old_stps"], state["ro"]
        change, step = gradient - state["prev_flat_grad"], state["d"] * state["t"]
        curvature = change.dot(step)
        if curvature > 1e-10:
            if len(changes) == self.param_groups[0]["history_size"]:
                for history in (changes, steps, ro):
                    history.pop(0)
            changes.append(change)
            steps.append(step)
            ro.append(1.0 / curvature)
            state["H_diag"] = curvature / change.dot(change)
        q = gradient.neg()
        shares = []
        for y, s, r in zip(reversed(changes), reversed(steps), reversed(ro), strict=True):
            shares.append(s.dot(q) * r)
            q = q - y * shares[-1]
        direction = q * state["H_diag"]
        for y, s, r, share in zip(changes, steps, ro, reversed(shares), strict=True):
            direction = direction + s * (share - y.dot(direction) * r)
        return direction
