"""Second derivatives of fused ops, from what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .._C import is_grad_enabled
from ..modes import enable_grad


def flat(g: Any) -> None:
    """The vjp of an input on whose sign, or place, alone a result depends: nothing, which counts as zeros."""


def pull_back(f: Callable[..., Any], inputs: Sequence[Any], g: Any) -> tuple[Any, ...]:
    """The gradients of `f(*inputs)`, which is made of differentiable ops, for those inputs that require one.

    Args:
        f: gives one tensor or a tuple of them.
        inputs: tensors, None or anything else.
        g: the gradient of what f gives, in the same structure.
    """
    from ..autograd import grad

    record = is_grad_enabled()
    wanted = [i for i, x in enumerate(inputs) if getattr(x, "requires_grad", False)]
    with enable_grad():
        # Views of their own: an input may depend on another one, whose gradient is that of f alone.
        inputs = [x.view_as(x) if i in wanted else x for i, x in enumerate(inputs)]
        y = f(*inputs)
    pairs = [(a, b) for a, b in zip(y, g, strict=True) if b is not None] if isinstance(y, tuple) else [(y, g)]
    pairs = [(a, b) for a, b in pairs if a is not None and a.requires_grad]
    result: list[Any] = [None] * len(inputs)
    if not wanted or not pairs:
        return tuple(result)
    found = grad(
        [a for a, _ in pairs],
        [inputs[i] for i in wanted],
        [b for _, b in pairs],
        create_graph=record,
        allow_unused=True,
    )
    for i, part in zip(wanted, found, strict=True):
        result[i] = part
    return tuple(result)
