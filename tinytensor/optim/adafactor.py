"""Adafactor: Adam's second moments from those of rows and columns."""

from __future__ import annotations

from typing import Any

from ..ops.creation import zeros_like
from ..type_info import finfo
from .one_by_one import OneByOne
from .optimizer import Group, check_lr, check_not_negative


class Adafactor(OneByOne):
    """Steps relative to the size of a parameter, divided by the root of second moments.

    Of a matrix only the means over its rows and over its columns are kept; their product stands for the whole.

    Examples:
        >>> w = tt.ones(2, 3, requires_grad=True)
        >>> w.sum().backward()
        >>> optimizer = optim.Adafactor([w])
        >>> optimizer.step()
        >>> optimizer.state[w]["row_var"].shape
        torch.Size([2, 1])

    Source: Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018.
    """

    own_decay = True  # after the size of the parameter was measured

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        """Set up steps of `params`.

        `eps` bound the root of the moments and the size of a parameter below, `d` its relative changes above.
        """
        check_lr(lr)
        if beta2_decay > 0:
            raise ValueError(f"beta2_decay should be <= 0 but is: {beta2_decay}")
        check_not_negative(epsilon1=eps[0] or 0.0, epsilon2=eps[1], weight_decay=weight_decay)
        if not d >= 1:
            raise ValueError(f"Clipping threshold d should be >= 1 but is: {d}")
        defaults = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def start(self, param: Any, group: Group) -> dict[str, Any]:
        grad = param.grad
        if grad.ndim < 2:
            return {"variance": zeros_like(grad)}
        *rest, rows, columns = grad.shape
        return {"row_var": grad.new_zeros((*rest, rows, 1)), "col_var": grad.new_zeros((*rest, 1, columns))}

    def move(self, param: Any, grad: Any, state: dict[str, Any], step: float, lr: float, group: Group) -> None:
        eps1 = finfo(param.dtype).eps if group["eps"][0] is None else group["eps"][0]
        towards = step ** group["beta2_decay"]
        size = max(group["eps"][1], _root_mean_square(param)) * min(lr, step**-0.5)
        if group["weight_decay"] != 0:
            param.mul_(1 - lr * group["weight_decay"])
        if grad.ndim < 2:
            moments = state["variance"].lerp_(grad * grad, towards).clone()
        else:
            rows, columns = state["row_var"], state["col_var"]
            rows.lerp_(grad.norm(dim=-1, keepdim=True).square_().div_(grad.shape[-1]), towards)
            columns.lerp_(grad.norm(dim=-2, keepdim=True).square_().div_(grad.shape[-2]), towards)
            moments = (rows @ columns).div_(rows.mean(-2, keepdim=True).clamp_(min=eps1))
        update = moments.clamp_(min=eps1 * eps1).rsqrt_().mul_(grad)
        param.add_(update, alpha=-size / max(1.0, _root_mean_square(update) / group["d"]))


def _root_mean_square(x: Any) -> float:
    return float(x.norm(2).item() / x.numel() ** 0.5) if x.numel() else 0.0
