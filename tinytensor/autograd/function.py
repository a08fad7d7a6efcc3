"""Ops of one's own: `Function`, and what it keeps between forward and backward."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import _C, history
from ..missing import names_of as _names_of
from ..modes import no_grad
from ..tensor import Tensor

__all__ = ["Function", "FunctionCtx", "once_differentiable"]


class FunctionCtx:
    """What a `Function` keeps between forward and backward; any attribute may be set on it.

    Examples:
        >>> class Scaled(tt.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x, factor):
        ...         ctx.factor = factor
        ...         return x * factor
        ...     @staticmethod
        ...     def backward(ctx, g):
        ...         return g * ctx.factor, None
        >>> Scaled.apply(tt.ones(2), 3)
        tensor([3., 3.])
    """

    def __init__(self) -> None:
        self._saved: tuple[Any, ...] = ()
        self._dirty: tuple[Any, ...] = ()
        self._non_differentiable: tuple[Any, ...] = ()
        self._materialize = True
        self.needs_input_grad: tuple[bool, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keeps tensors for backward, where `saved_tensors` gives them back."""
        self._saved = tensors

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The tensors of `save_for_backward`, as they were at the end of forward: one written since is an error."""
        return self._saved

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Says that forward wrote into these inputs."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Says that these outputs have no gradient."""
        self._non_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """False: missing gradients reach backward as None, not as zeros."""
        self._materialize = value


class Function:
    """An op of one's own: a subclass has static methods `forward(ctx, ...)` and `backward(ctx, *grads)`; call `apply`.

    Examples:
        >>> class Double(tt.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         return x * 2
        ...     @staticmethod
        ...     def backward(ctx, g):
        ...         return g * 2
        >>> x = tt.tensor([1.0, 2.0], requires_grad=True)
        >>> Double.apply(x).sum().backward()
        >>> x.grad
        tensor([2., 2.])
    """

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Computes the result; the first argument is the context unless `setup_context` is defined."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Fills the context after a forward that does not take it."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """Gradients of the inputs from those of the outputs."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function."
        )

    vjp = backward

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Runs forward and records it."""
        ctx = FunctionCtx()
        ctx.needs_input_grad = tuple(isinstance(x, Tensor) and x.requires_grad for x in args)
        with no_grad():
            if cls.setup_context is Function.setup_context:
                result = cls.forward(ctx, *args)
            else:
                result = cls.forward(*args)
                cls.setup_context(ctx, args, result)
        for x in ctx._dirty:
            _C.bump(x, f"{cls.__name__}.apply")
        if not (_C.is_grad_enabled() and any(ctx.needs_input_grad)):
            return result
        single = isinstance(result, Tensor)
        outputs = [result] if single else list(result)
        inputs = {id(x) for x in args if isinstance(x, Tensor)}
        dirty = {id(x) for x in ctx._dirty}
        for x in ctx._dirty:
            history.refuse_leaf(x)
        # An input handed back unchanged is another tensor of the graph.
        outputs = [y.view_as(y).detach() if id(y) in inputs - dirty else y for y in outputs]

        def vjp(*grads: Any) -> tuple[Any, ...]:
            found = cls.backward(ctx, *grads) if cls.backward is not Function.backward else cls.vjp(ctx, *grads)
            found = found if isinstance(found, tuple) else (found,)
            if len(found) < len(args) or any(g is not None for g in found[len(args) :]):
                raise RuntimeError(
                    f"function {cls.__name__}Backward returned an incorrect number of gradients (expected {len(args)}, "
                    f"got {len(found)})"
                )
            return found

        tensors = [y for y in outputs if isinstance(y, Tensor)]
        saved = [x for x in ctx._saved if x is not None]
        node = _C.make_node(f"{cls.__name__}Backward", vjp, args, tensors, saved)
        passive = {id(y) for y in ctx._non_differentiable}
        for i, y in enumerate(tensors):
            if id(y) not in passive and y.dtype.is_floating_point:
                _C.set_history(y, node, i, renewed=id(y) in dirty)
        return outputs[0] if single else tuple(outputs)


def once_differentiable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a `backward` that cannot be differentiated itself: to differentiate its results raises; a decorator.

    Examples:
        >>> class Cube(tt.autograd.Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         ctx.x = x.detach().numpy()
        ...         return x**3
        ...     @staticmethod
        ...     @tt.autograd.function.once_differentiable
        ...     def backward(ctx, g):
        ...         return g * tt.from_numpy(3 * ctx.x**2)
        >>> x = tt.tensor([2.0], requires_grad=True)
        >>> tt.autograd.grad(Cube.apply(x), x)
        (tensor([12.]),)
    """

    @functools.wraps(function)
    def backward(ctx: Any, *grads: Any) -> Any:
        with no_grad():
            found = function(ctx, *grads)
        if not (_C.is_grad_enabled() and any(isinstance(g, Tensor) and g.requires_grad for g in grads)):
            return found
        single = not isinstance(found, tuple)
        results = [g.detach() if isinstance(g, Tensor) else g for g in ((found,) if single else found)]
        tensors = [g for g in results if isinstance(g, Tensor)]
        node = _C.make_node("OnceDifferentiable", _refuse, grads, tensors)
        for i, g in enumerate(tensors):
            _C.set_history(g, node, i)
        return results[0] if single else tuple(results)

    return backward


def _refuse(*grads: Any) -> Any:
    raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
