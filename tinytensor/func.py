"""Functions made of functions: gradients and Jacobians, and modules as functions of their parameters."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from . import autograd
from .modes import enable_grad
from .ops.join import stack
from .tensor import Tensor

__all__ = ["functional_call", "grad", "grad_and_value", "hessian", "jacrev", "vjp"]


def _leaves(tree: Any) -> list[Any]:
    """The tensors in nested lists, tuples and dictionaries, in order."""
    if isinstance(tree, Tensor):
        return [tree]
    if isinstance(tree, dict):
        tree = tree.values()
    elif not isinstance(tree, list | tuple):
        raise TypeError(f"expected tensors in lists, tuples and dictionaries, got {type(tree).__name__}")
    return [leaf for item in tree for leaf in _leaves(item)]


def _rebuilt(tree: Any, leaves: Any) -> Any:
    """The same nesting around other tensors, taken from an iterator."""
    if isinstance(tree, Tensor):
        return next(leaves)
    if isinstance(tree, dict):
        return {key: _rebuilt(item, leaves) for key, item in tree.items()}
    items = [_rebuilt(item, leaves) for item in tree]
    return type(tree)(*items) if hasattr(tree, "_fields") else type(tree)(items)


def _tracked(tree: Any) -> Any:
    """The same tensors as variables of the function; those of an outer transform stay in its graph."""
    return _rebuilt(
        tree, iter([x.view_as(x) if x.requires_grad else x.detach().requires_grad_() for x in _leaves(tree)])
    )


def _selected(args: tuple[Any, ...], argnums: int | tuple[int, ...]) -> tuple[tuple[Any, ...], Any, bool]:
    """The arguments with those of argnums tracked, these alone, and whether an outer transform is at work."""
    numbers = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    if not all(-len(args) <= number < len(args) for number in numbers):
        raise RuntimeError(f"argnums {argnums} names an argument that is not among the {len(args)} given")
    outer = any(x.requires_grad for number in numbers for x in _leaves(args[number]))
    tracked = {number % len(args): _tracked(args[number]) for number in numbers}
    chosen = tuple(tracked[number % len(args)] for number in numbers)
    new = tuple(tracked.get(i, arg) for i, arg in enumerate(args))
    return new, chosen[0] if isinstance(argnums, int) else chosen, outer


def grad_and_value(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """A function that gives the gradient of `func` and its value.

    Args:
        func: gives one element; with `has_aux` a pair of it and anything else.
        argnums: by which positional arguments to differentiate; they may be nested containers of tensors.
        has_aux: whether func gives such a pair.

    Returns:
        A function of the same arguments: (gradient, value), or (gradient, (value, aux)).

    Examples:
        >>> tt.func.grad_and_value(lambda x: x**2)(tt.tensor(3.0))
        (tensor(6.), tensor(9.))
    """

    @functools.wraps(func)
    def both(*args: Any, **kwargs: Any) -> Any:
        with enable_grad():
            new, chosen, outer = _selected(args, argnums)
            value = func(*new, **kwargs)
        value, aux = value if has_aux else (value, None)
        if not isinstance(value, Tensor) or value.numel() != 1 or value.ndim != 0:
            raise RuntimeError("grad: expected the function to return a tensor of one element and no dimension")
        gradients = _differentiated(value, _leaves(chosen), None, outer)
        value = value if outer else value.detach()
        return _rebuilt(chosen, iter(gradients)), (value, aux) if has_aux else value

    return both


def _differentiated(y: Tensor, xs: list[Tensor], v: Any, outer: bool) -> list[Tensor]:
    if not y.requires_grad:
        return [x.new_zeros(x.shape) for x in xs]
    gradients = autograd.grad(
        y, xs, v, retain_graph=True, create_graph=outer, allow_unused=True, materialize_grads=True
    )
    return list(gradients)


def grad(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that gives the gradient of `func` (see `grad_and_value`); it can be differentiated again.

    Examples:
        >>> f = lambda x: x**3
        >>> tt.func.grad(f)(tt.tensor(2.0)), tt.func.grad(tt.func.grad(f))(tt.tensor(2.0))
        (tensor(12.), tensor(12.))
    """
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        gradients, value = both(*args, **kwargs)
        return (gradients, value[1]) if has_aux else gradients

    return gradient


def jacrev(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """A function that gives the Jacobian of `func`, whose result is one tensor; it can be differentiated again.

    Returns:
        Of the arguments that are chosen, tensors of shape (*result, *argument), nested as these are.

    Examples:
        >>> tt.func.jacrev(tt.sin)(tt.zeros(2))
        tensor([[1., 0.],
                [0., 1.]])
    """

    @functools.wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        with enable_grad():
            new, chosen, outer = _selected(args, argnums)
            y = func(*new, **kwargs)
        if not isinstance(y, Tensor):
            raise TypeError(f"jacrev: expected the function to return a tensor, got {type(y).__name__}")
        xs = _leaves(chosen)
        rows = [_differentiated(element, xs, None, outer) for element in y.reshape(-1).unbind(0)]
        of_x = [stack([row[i] for row in rows]).reshape((*y.shape, *x.shape)) for i, x in enumerate(xs)]
        return _rebuilt(chosen, iter(of_x))

    return jacobian


def hessian(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """A function that gives the second derivatives of `func`.

    Examples:
        >>> tt.func.hessian(lambda x: (x**3).sum())(tt.tensor([1.0, 2.0]))
        tensor([[ 6.,  0.],
                [ 0., 12.]])
    """
    return jacrev(jacrev(func, argnums), argnums)


def vjp(func: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[[Tensor], tuple[Any, ...]]]:
    """The result of `func`, one tensor, and a function of a cotangent that gives the gradients of all arguments.

    Examples:
        >>> y, pull = tt.func.vjp(tt.sin, tt.zeros(2))
        >>> pull(tt.ones(2))
        (tensor([1., 1.]),)
    """
    with enable_grad():
        tracked = tuple(_tracked(x) for x in primals)
        y = func(*tracked)
    outer = any(x.requires_grad for x in _leaves(primals))

    def pull(cotangent: Tensor) -> tuple[Any, ...]:
        return tuple(_rebuilt(tracked, iter(_differentiated(y, _leaves(tracked), cotangent, outer))))

    return y if outer else y.detach(), pull


def functional_call(module: Any, parameter_and_buffer_dicts: Any, args: Any = None, kwargs: Any = None) -> Any:
    """Calls a module with other parameters and buffers, by dotted name, in place of its own.

    Args:
        module: keeps its own afterwards.
        parameter_and_buffer_dicts: one dictionary, or several.
        args: one argument, or a tuple of them.
        kwargs: keyword arguments.

    Examples:
        >>> layer = nn.Linear(2, 1)
        >>> state = {"weight": tt.ones(1, 2), "bias": tt.zeros(1)}
        >>> tt.func.functional_call(layer, state, tt.tensor([1.0, 2.0]))
        tensor([3.])
    """
    state: dict[str, Any] = {}
    for part in (
        parameter_and_buffer_dicts
        if isinstance(parameter_and_buffer_dicts, tuple | list)
        else [parameter_and_buffer_dicts]
    ):
        state.update(part)
    own = dict([*module.named_parameters(remove_duplicate=False), *module.named_buffers(remove_duplicate=False)])
    unknown = [name for name in state if name not in own]
    if unknown:
        raise KeyError(f"functional_call: the module has no parameter or buffer named {', '.join(map(repr, unknown))}")
    arguments = () if args is None else args if isinstance(args, tuple) else (args,)
    try:
        for name, value in state.items():
            _member(module, name, value)
        return module(*arguments, **(kwargs or {}))
    finally:
        for name in state:
            _member(module, name, own[name])


def _member(module: Any, name: str, value: Any) -> None:
    """Puts a tensor in the place of a parameter or buffer, whatever its class."""
    *path, last = name.split(".")
    for part in path:
        module = module.get_submodule(part)
    module.__dict__[last] = value
