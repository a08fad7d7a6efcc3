"""Functions made of functions: gradients and Jacobians, and modules as functions of their parameters."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from . import autograd
from .batching import vmap
from .modes import enable_grad
from .ops.join import stack
from .tensor import Tensor

__all__ = [
    "functional_call", "grad", "grad_and_value", "hessian", "jacfwd", "jacrev", "jvp", "stack_module_state", "vjp", "vmap",
]  # fmt: skip


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


def jacrev(
    func: Callable[..., Any],
    argnums: int | tuple[int, ...] = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """A function that gives the Jacobian of `func`; it can be differentiated again.

    Args:
        func: gives tensors, in any nesting; with `has_aux` a pair of these and anything else.
        argnums: by which positional arguments to differentiate; they may be nested containers of tensors.
        has_aux: whether func gives such a pair: then the Jacobian comes in a pair with the second part.
        chunk_size: accepted for PyTorch's sake: rows are computed one by one.

    Returns:
        For each result, of the arguments that are chosen, tensors of shape (*result, *argument), nested as these are.

    Examples:
        >>> tt.func.jacrev(tt.sin)(tt.zeros(2))
        tensor([[1., 0.],
                [0., 1.]])
    """

    @functools.wraps(func)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        with enable_grad():
            new, chosen, outer = _selected(args, argnums)
            result = func(*new, **kwargs)
        result, aux = result if has_aux else (result, None)
        xs = _leaves(chosen)

        def of(y: Tensor) -> Any:
            rows = [_differentiated(element, xs, None, outer) for element in y.reshape(-1).unbind(0)]
            of_x = [stack([row[i] for row in rows]).reshape((*y.shape, *x.shape)) for i, x in enumerate(xs)]
            return _rebuilt(chosen, iter(of_x))

        found = _rebuilt(result, iter([of(y) for y in _leaves(result)]))
        return (found, aux if outer else _detached(aux)) if has_aux else found

    return jacobian


def jacfwd(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Callable[..., Any]:
    """The same as `jacrev`: Jacobians are computed row by row here, backwards, also where there are fewer columns.

    Args:
        func: as for `jacrev`.
        argnums: as for `jacrev`.
        has_aux: as for `jacrev`.
        randomness: accepted for PyTorch's sake: the function is called once.

    Examples:
        >>> tt.func.jacfwd(tt.exp)(tt.zeros(2))
        tensor([[1., 0.],
                [0., 1.]])
    """
    return jacrev(func, argnums, has_aux=has_aux)


def _detached(tree: Any) -> Any:
    """The same nesting outside the graph; what is no tensor stays."""
    if isinstance(tree, dict):
        return {key: _detached(item) for key, item in tree.items()}
    if type(tree) in (list, tuple):
        return type(tree)(_detached(item) for item in tree)
    return tree.detach() if isinstance(tree, Tensor) else tree


def jvp(
    func: Callable[..., Any], primals: Any, tangents: Any, *, strict: bool = False, has_aux: bool = False
) -> tuple[Any, ...]:
    """The result of `func`, and the product of its Jacobian with the tangents.

    The product is the derivative, by w, of the product of w with the Jacobian: it takes two passes backwards.

    Args:
        func: gives tensors, in any nesting; with `has_aux` a pair of these and anything else.
        primals: a tuple of the arguments of func.
        tangents: a tuple of tensors of the same shapes, nested as the primals are.
        strict: accepted for PyTorch's sake.
        has_aux: whether func gives such a pair: then its second part is the last of three results.

    Raises:
        RuntimeError: primals and tangents are no tuples, or not alike.

    Examples:
        >>> tt.func.jvp(tt.sin, (tt.zeros(2),), (tt.tensor([1.0, 2.0]),))
        (tensor([0., 0.]), tensor([1., 2.]))
    """
    if not isinstance(primals, tuple) or not isinstance(tangents, tuple):
        raise RuntimeError("jvp(f, primals, tangents): Expected primals and tangents to be tuples.")
    xs, vs = _leaves(primals), _leaves(tangents)
    if [x.shape for x in xs] != [v.shape for v in vs]:
        raise RuntimeError("jvp(f, primals, tangents): Expected primals and tangents of the same structure and shapes.")
    outer = any(x.requires_grad for x in (*xs, *vs))
    with enable_grad():
        tracked = tuple(_tracked(x) for x in primals)
        result = func(*tracked)
    result, aux = result if has_aux else (result, None)
    products = []
    for y in _leaves(result):
        w = y.detach().new_zeros(y.shape).requires_grad_()
        by_x = _differentiated(y, _leaves(tracked), w, True)
        with enable_grad():
            along: Any = sum((g * v).sum() for g, v in zip(by_x, vs, strict=True))
        products.append(_differentiated(along, [w], None, outer)[0])
    value = result if outer else _rebuilt(result, iter([y.detach() for y in _leaves(result)]))
    product = _rebuilt(result, iter(products))
    return (value, product, aux if outer else _detached(aux)) if has_aux else (value, product)


def stack_module_state(models: Any) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The parameters and the buffers of modules of one class, each stacked along a new first dimension.

    With `functional_call` and `vmap` an ensemble is called at once.

    Raises:
        RuntimeError: no module, or modules of different classes.

    Examples:
        >>> models = [nn.Linear(2, 1), nn.Linear(2, 1)]
        >>> parameters, buffers = tt.func.stack_module_state(models)
        >>> call = lambda state, x: tt.func.functional_call(models[0], state, x)
        >>> tt.func.vmap(call, in_dims=(0, None))(parameters, tt.ones(3, 2)).shape
        torch.Size([2, 3, 1])
    """
    models = list(models)
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if len({type(model) for model in models}) > 1:
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")

    def stacked(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        return {
            name: stack([state[name].detach() for state in states]).requires_grad_(states[0][name].requires_grad)
            for name in states[0]
        }

    return (
        stacked([dict(model.named_parameters()) for model in models]),
        stacked([dict(model.named_buffers()) for model in models]),
    )


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
