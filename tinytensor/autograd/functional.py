"""Derivatives of functions: Jacobians, Hessians and their products with vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..modes import enable_grad
from ..ops.creation import ones_like, zeros_like
from ..ops.join import stack
from ..tensor import Tensor
from . import grad

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]


def _tensors(x: Any, what: str) -> tuple[Tensor, ...]:
    values = (x,) if isinstance(x, Tensor) else tuple(x)
    for value in values:
        if not isinstance(value, Tensor):
            raise TypeError(f"{what} must be a Tensor or a tuple of Tensors, got {type(value).__name__}")
    return values


def _call(func: Callable[..., Any], inputs: Any, create_graph: bool) -> tuple[Any, tuple[Tensor, ...]]:
    """Func's result, and the inputs it is to be differentiated by: leaves, or views that stay in the caller's graph."""
    xs = tuple(
        x.view_as(x) if create_graph and x.requires_grad else x.detach().requires_grad_()
        for x in _tensors(inputs, "inputs")
    )
    with enable_grad():
        return func(*xs), xs


def _gradients(
    y: Tensor, xs: tuple[Tensor, ...], v: Any, create_graph: bool, strict: bool = False
) -> tuple[Tensor, ...]:
    """vᵀ J; zeros where y does not depend on an input, which `strict` refuses."""
    if not y.requires_grad:
        gradients: tuple[Any, ...] = (None,) * len(xs)
    else:
        gradients = grad(y, xs, v, retain_graph=True, create_graph=create_graph, allow_unused=True)
    if strict and any(g is None for g in gradients):
        raise RuntimeError(
            "Output of the user-provided function is independent of an input. This is not allowed in strict mode."
        )
    return tuple(zeros_like(x.detach()) if g is None else g for g, x in zip(gradients, xs, strict=True))


def _like(inputs: Any, values: tuple[Any, ...]) -> Any:
    return values[0] if isinstance(inputs, Tensor) else values


def jacobian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The derivatives of every element of the result by every element of the inputs.

    Args:
        func: takes tensors, gives a tensor or a tuple of them.
        inputs: a tensor or a tuple of them.
        create_graph: make the result differentiable.
        strict: raise where a result does not depend on an input.
        vectorize: accepted; one row is computed after another.
        strategy: accepted; always by rows.

    Returns:
        A tensor of shape (*result, *input), or tuples of them: for each result, for each input.

    Examples:
        >>> tt.autograd.functional.jacobian(lambda x: x**2, tt.tensor([1.0, 2.0]))
        tensor([[2., 0.],
                [0., 4.]])
    """
    outputs, xs = _call(func, inputs, create_graph)
    jacobians = []
    for y in _tensors(outputs, "the result"):
        rows = [_gradients(element, xs, None, create_graph, strict) for element in y.reshape(-1).unbind(0)]
        shapes = [(*y.shape, *x.shape) for x in xs]
        columns = zip(*rows, strict=True) if rows else [[x.new_zeros(0)] for x in xs]
        of_y = tuple(stack(list(g)).reshape(shape) for g, shape in zip(columns, shapes, strict=True))
        jacobians.append(_like(inputs, of_y))
    return _like(outputs, tuple(jacobians))


def hessian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The second derivatives of a function with one element as result.

    Returns:
        A tensor of shape (*input, *input), or tuples of tuples of them.

    Examples:
        >>> tt.autograd.functional.hessian(lambda x: (x**3).sum(), tt.tensor([1.0, 2.0]))
        tensor([[ 6.,  0.],
                [ 0., 12.]])
    """

    def gradient(*xs: Tensor) -> tuple[Tensor, ...]:
        y = func(*xs)
        if not isinstance(y, Tensor) or y.numel() != 1:
            raise RuntimeError("hessian: the function must give a single element")
        return _gradients(y, xs, None, True, strict)

    rows = jacobian(gradient, _tensors(inputs, "inputs"), create_graph, strict)
    return rows[0][0] if isinstance(inputs, Tensor) else rows


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The result of the function, and the product of the vector `v` with its Jacobian.

    Examples:
        >>> tt.autograd.functional.vjp(lambda x: x**2, tt.tensor([1.0, 2.0]), tt.ones(2))[1]
        tensor([2., 4.])
    """
    outputs, xs = _call(func, inputs, create_graph)
    ys = _tensors(outputs, "the result")
    if v is None and not (len(ys) == 1 and ys[0].numel() == 1):
        raise RuntimeError(
            "The vector v can only be None if the user-provided function returns a single Tensor with one element."
        )
    vs = [ones_like(y) for y in ys] if v is None else _tensors(v, "v")
    total = [zeros_like(x.detach()) for x in xs]
    for y, vector in zip(ys, vs, strict=True):
        total = [t + g for t, g in zip(total, _gradients(y, xs, vector, create_graph, strict), strict=True)]
    values = outputs if create_graph else _like(outputs, tuple(y.detach() for y in ys))
    return values, _like(inputs, tuple(total))


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The result of the function, and the product of its Jacobian with the vector `v`.

    Examples:
        >>> tt.autograd.functional.jvp(lambda x: x**2, tt.tensor([1.0, 2.0]), tt.ones(2))[1]
        tensor([2., 4.])
    """
    outputs, xs = _call(func, inputs, create_graph)
    ys = _tensors(outputs, "the result")
    if v is None and not (len(xs) == 1 and xs[0].numel() == 1):
        raise RuntimeError(
            "The vector v can only be None if the input to the user-provided function is a single Tensor with one element."
        )
    vs = [ones_like(x) for x in xs] if v is None else _tensors(v, "v")
    products = []
    for y in ys:  # the product with J is the derivative, by w, of the product of w with J
        w = zeros_like(y.detach()).requires_grad_()
        with enable_grad():
            by_x = _gradients(y, xs, w, True, strict)
            dot: Any = sum((g * vector).sum() for g, vector in zip(by_x, vs, strict=True))
        products.append(_gradients(dot, (w,), None, create_graph)[0])
    values = outputs if create_graph else _like(outputs, tuple(y.detach() for y in ys))
    return values, _like(outputs, tuple(products))


def vhp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The result of a function with one element, and the product of `v` with its Hessian.

    Examples:
        >>> tt.autograd.functional.vhp(lambda x: (x**3).sum(), tt.tensor([1.0, 2.0]), tt.ones(2))[1]
        tensor([ 6., 12.])
    """
    y, xs = _call(func, inputs, create_graph)
    if not isinstance(y, Tensor) or y.numel() != 1:
        raise RuntimeError("vhp: the function must give a single element")
    gradients = _gradients(y, xs, None, True, strict)
    vs = [ones_like(x) for x in xs] if v is None else _tensors(v, "v")
    with enable_grad():
        dot: Any = sum((g * vector).sum() for g, vector in zip(gradients, vs, strict=True))
    products = _gradients(dot, xs, None, create_graph, strict)
    return (y if create_graph else y.detach()), _like(inputs, products)


hvp = vhp  # the Hessian is symmetric
