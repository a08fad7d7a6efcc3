"""Gradients as values, and ops of one's own: `grad`, `backward`, `Function`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .. import _C
from ..missing import names_of as _names_of
from ..modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from ..tensor import Tensor, _propagate, unsupported
from ..tensor import backward as _backward
from . import function as function
from .function import Function

__all__ = [
    "Function", "Variable", "backward", "detect_anomaly", "enable_grad", "grad", "gradcheck", "gradgradcheck",
    "inference_mode", "no_grad", "set_detect_anomaly", "set_grad_enabled",
]  # fmt: skip


def _as_tuple(x: Any) -> tuple[Any, ...]:
    return (x,) if isinstance(x, Tensor) or x is None else tuple(x)


def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Adds the gradients of the sum of `tensors` (weighted by `grad_tensors`) to the `.grad` of leaves.

    Examples:
        >>> x = tt.tensor(3.0, requires_grad=True)
        >>> tt.autograd.backward([x**2, 5 * x])
        >>> x.grad
        tensor(11.)
    """
    roots = _as_tuple(tensors)
    gradients = (None,) * len(roots) if grad_tensors is None else _as_tuple(grad_tensors)
    if len(gradients) != len(roots):
        raise RuntimeError(f"got {len(roots)} tensors and {len(gradients)} gradients")
    _backward(roots, gradients, retain_graph, create_graph, inputs)


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of `outputs` with respect to `inputs`, as a tuple; no `.grad` is touched.

    Args:
        outputs: tensors to differentiate.
        inputs: tensors to differentiate with respect to; each must require grad.
        grad_outputs: gradients of the final result with respect to the outputs; None for one element.
        retain_graph: keep what was saved; defaults to `create_graph`.
        create_graph: record the computation, for higher derivatives.
        only_inputs: accepted for PyTorch's sake.
        allow_unused: give None for inputs that the outputs do not depend on, rather than raise.
        is_grads_batched: not offered.
        materialize_grads: zeros instead of None.

    Raises:
        RuntimeError: an input does not require grad, or was not used and `allow_unused` is False.

    Examples:
        >>> x = tt.tensor(3.0, requires_grad=True)
        >>> tt.autograd.grad(x**2, x)
        (tensor(6.),)
    """
    if is_grads_batched:
        unsupported("is_grads_batched")
    roots, wanted = _as_tuple(outputs), _as_tuple(inputs)
    gradients = (None,) * len(roots) if grad_outputs is None else _as_tuple(grad_outputs)
    if len(gradients) != len(roots):
        raise RuntimeError(f"got {len(roots)} outputs and {len(gradients)} gradients")
    if not wanted:
        raise ValueError("grad requires non-empty inputs.")
    queue = _C.Queue(create_graph)
    for x in wanted:
        if not x.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
        queue.capture(x)
    _propagate(queue, roots, gradients, retain_graph, create_graph, accumulate=False)
    results = queue.results()
    for i, (x, g) in enumerate(zip(wanted, results, strict=True)):
        if g is None and materialize_grads:
            results[i] = x.detach().new_zeros(x.shape)
        elif g is None and not allow_unused:
            raise RuntimeError(
                "One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if "
                "this is the desired behavior."
            )
    return tuple(results)


class _AnyTensor(type):
    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, Tensor)


class Variable(metaclass=_AnyTensor):
    """The tensor itself, as in PyTorch since 0.4; every tensor is an instance.

    With `volatile` nothing is recorded, which `requires_grad=False` says too.

    Examples:
        >>> tt.autograd.Variable(tt.zeros(2), requires_grad=True)
        tensor([0., 0.], requires_grad=True)
    """

    def __new__(cls, data: Any, requires_grad: bool = False, volatile: bool | None = None) -> Any:
        """A tensor on the same memory."""
        return data.requires_grad_(requires_grad) if requires_grad else data


from ..gradcheck import gradcheck, gradgradcheck  # noqa: E402 - it checks what is defined here

if TYPE_CHECKING:
    from . import anomaly_mode, functional, graph
    from .anomaly_mode import detect_anomaly, set_detect_anomaly
else:

    def __getattr__(name: str) -> Any:
        if name in ("anomaly_mode", "functional", "graph"):  # imported when first asked for
            return import_module(f"{__name__}.{name}")
        if name in ("detect_anomaly", "set_detect_anomaly"):
            return getattr(import_module(f"{__name__}.anomaly_mode"), name)
        return _names_of(__name__)(name)
