"""Gradients against differences: `gradcheck` and `gradgradcheck`, as in torch.autograd."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import autograd
from .tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

Function = Callable[..., Any]


class GradcheckError(RuntimeError):
    """Raised by `gradcheck` and `gradgradcheck` when a gradient is not what the differences say."""


def gradcheck(
    func: Function,
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Compares the gradients of `func` with central differences.

    Every entry of the Jacobian of every floating output with respect to every input that requires grad is compared;
    `fast_mode` compares one random projection of each Jacobian instead. Inputs should be float64.

    Args:
        func: takes `inputs`, returns a tensor or a tuple of tensors.
        inputs: a tensor or a sequence of arguments.
        eps: step of the differences.
        atol: absolute tolerance.
        rtol: relative tolerance.
        raise_exception: raise rather than return False.
        nondet_tol: how far two runs of backward may be apart.
        check_undefined_grad: accepted for PyTorch's sake.
        check_grad_dtypes: accepted; gradients always have their input's dtype.
        check_batched_grad: not offered here.
        check_batched_forward_grad: not offered here.
        check_forward_ad: not offered here.
        check_backward_ad: False checks nothing.
        fast_mode: compare one random projection.
        masked: accepted for PyTorch's sake.

    Returns:
        Whether all gradients agree.

    Raises:
        GradcheckError: they do not agree.
        ValueError: no input requires grad.

    Examples:
        >>> x = tt.tensor([0.5, -1.0], dtype=tt.float64, requires_grad=True)
        >>> tt.autograd.gradcheck(tt.tanh, x)
        True
    """
    if check_forward_ad or check_batched_grad or check_batched_forward_grad:
        raise NotImplementedError("gradcheck: forward mode and batched gradients do not exist here")
    try:
        if check_backward_ad:
            _check(func, _as_tuple(inputs), eps, atol, rtol, nondet_tol, fast_mode)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Function,
    inputs: Tensor | Sequence[Any],
    grad_outputs: Tensor | Sequence[Tensor] | None = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """Compares second derivatives with differences of the first: `gradcheck` of the gradient of `func`.

    Args:
        func: takes `inputs`, returns a tensor or a tuple of tensors.
        inputs: a tensor or a sequence of arguments.
        grad_outputs: the gradients to start from; random ones unless given.
        eps: step of the differences.
        atol: absolute tolerance.
        rtol: relative tolerance.
        gen_non_contig_grad_outputs: draw strided gradients to start from.
        raise_exception: raise rather than return False.
        nondet_tol: how far two runs of backward may be apart.
        check_undefined_grad: accepted for PyTorch's sake.
        check_grad_dtypes: accepted; gradients always have their input's dtype.
        check_batched_grad: not offered here.
        check_fwd_over_rev: not offered here.
        check_rev_over_rev: False checks nothing.
        fast_mode: compare one random projection.
        masked: accepted for PyTorch's sake.

    Returns:
        Whether all second derivatives agree.

    Raises:
        GradcheckError: they do not agree.

    Examples:
        >>> x = tt.tensor([0.5, -1.0], dtype=tt.float64, requires_grad=True)
        >>> tt.autograd.gradgradcheck(tt.tanh, x)
        True
    """
    if check_fwd_over_rev or check_batched_grad:
        raise NotImplementedError("gradgradcheck: forward mode and batched gradients do not exist here")
    arguments = _as_tuple(inputs)
    if grad_outputs is None:
        outputs = _differentiable(func(*arguments))
        cotangents = tuple(_random_like(o, gen_non_contig_grad_outputs) for o in outputs)
    else:
        cotangents = _as_tuple(grad_outputs)
    n = len(arguments)

    def gradient(*both: Any) -> tuple[Tensor, ...]:
        outputs = _differentiable(func(*both[:n]))
        wanted = [x for x in both[:n] if _wants_grad(x)]
        grads = autograd.grad(outputs, wanted, both[n:], create_graph=True, allow_unused=True)
        return tuple(g for g in grads if g is not None)

    if not check_rev_over_rev:
        return True
    return gradcheck(
        gradient,
        (*arguments, *cotangents),
        eps=eps,
        atol=atol,
        rtol=rtol,
        raise_exception=raise_exception,
        nondet_tol=nondet_tol,
        fast_mode=fast_mode,
    )


def _check(
    func: Function, inputs: tuple[Any, ...], eps: float, atol: float, rtol: float, nondet_tol: float, fast: bool
) -> None:
    wanted = [x for x in inputs if _wants_grad(x)]
    if not wanted:
        raise ValueError("gradcheck: at least one input must be a floating tensor that requires grad")
    for x in wanted:
        if any(stride == 0 and size > 1 for stride, size in zip(x.stride(), x.shape, strict=True)):
            raise RuntimeError("gradcheck: an expanded input overlaps itself; call .contiguous() on it first")
    outputs = _differentiable(func(*inputs))
    if not outputs:
        _expect_no_change(func, inputs, wanted, eps)
        return
    rng = np.random.default_rng(0)
    for i, x in enumerate(wanted):
        # A fast check looks at u' J v for one random u and v, the slow one at all of J.
        directions = _directions(x, rng, fast)
        numerical = _numerical(func, inputs, x, directions, [y.numel() for y in outputs], eps)
        for o, output in enumerate(outputs):
            cotangents = _directions(output, rng, fast)
            analytical = _analytical(output, x, cotangents)
            again = _analytical(output, x, cotangents)
            if np.nan_to_num(np.abs(analytical - again)).max(initial=0.0) > nondet_tol:
                raise GradcheckError(f"Backward is not reentrant: two runs differ for output {o}, input {i}")
            expected = numerical[o]
            if fast:
                expected, analytical = expected @ cotangents.T, directions @ analytical
            if not np.allclose(analytical, expected, rtol=rtol, atol=atol, equal_nan=True):
                raise GradcheckError(
                    f"Jacobian mismatch for output {o} with respect to input {i},\n"
                    f"numerical:{expected}\nanalytical:{analytical}\n"
                )


def _expect_no_change(func: Function, inputs: tuple[Any, ...], wanted: list[Tensor], eps: float) -> None:
    sizes = [y.numel() for y in _as_tuple(func(*inputs)) if _is_floating(y)]
    for i, x in enumerate(wanted):
        for change in _numerical(func, inputs, x, np.eye(x.numel()), sizes, eps, all_outputs=True):
            if np.any(change != 0):
                raise GradcheckError(f"Numerical gradient for function expected to be zero, but is not for input {i}")


def _directions(x: Tensor, rng: np.random.Generator, fast: bool) -> Array:
    """The directions to look in, one a row: all axes, or one random one."""
    n = x.numel()
    if not fast:
        return np.eye(n)
    u = rng.standard_normal((1, n))
    return u / max(float(np.linalg.norm(u)), 1e-30)


def _numerical(
    func: Function,
    inputs: tuple[Any, ...],
    x: Tensor,
    directions: Array,
    sizes: list[int],
    eps: float,
    all_outputs: bool = False,
) -> list[Array]:
    """For each output the change along each direction of x: a matrix of (directions, elements of the output)."""
    values = x.detach().numpy()  # shares memory with x: what func closes over changes too
    original = values.copy()
    rows: list[list[Array]] = [[] for _ in sizes]

    def results() -> list[Array]:
        out = func(*inputs)
        chosen = [y for y in _as_tuple(out) if _is_floating(y)] if all_outputs else _differentiable(out)
        return [np.array(y.detach().numpy(), dtype=np.float64).reshape(-1) for y in chosen]

    for direction in directions:
        step = eps * direction.reshape(original.shape)
        try:
            values[...] = original + step
            above = results()
            values[...] = original - step
            below = results()
        finally:
            values[...] = original
        for row, a, b in zip(rows, above, below, strict=True):
            with np.errstate(invalid="ignore"):
                row.append((a - b) / (2 * eps))
    return [np.array(row).reshape(len(directions), size) for row, size in zip(rows, sizes, strict=True)]


def _analytical(output: Tensor, x: Tensor, cotangents: Array) -> Array:
    """The transposed Jacobian that backward gives, one column a cotangent."""
    columns = []
    for cotangent in cotangents:
        g = output.detach().clone()
        g.numpy()[...] = cotangent.reshape(tuple(output.shape))
        (grad,) = autograd.grad([output], [x], [g], retain_graph=True, allow_unused=True)
        columns.append(np.zeros(x.numel()) if grad is None else grad.detach().numpy().reshape(-1))
    return np.array(columns, dtype=np.float64).reshape(len(columns), x.numel()).T


def _as_tuple(x: Any) -> tuple[Any, ...]:
    return tuple(x) if isinstance(x, tuple | list) else (x,)


def _is_floating(x: Any) -> bool:
    return isinstance(x, Tensor) and x.is_floating_point()


def _wants_grad(x: Any) -> bool:
    return _is_floating(x) and bool(x.requires_grad)


def _differentiable(outputs: Any) -> tuple[Tensor, ...]:
    return tuple(y for y in _as_tuple(outputs) if _wants_grad(y))


def _random_like(x: Tensor, strided: bool) -> Any:
    rng = np.random.default_rng(x.numel())
    g = x.detach().clone()
    if strided and g.ndim:
        g = g.unsqueeze(-1).expand(*g.shape, 2).clone()[..., 0]
    g.numpy()[...] = rng.standard_normal(tuple(x.shape))
    return g.requires_grad_()
