"""Random tensors: numbers drawn from a `Generator` (random.py), the same numbers PyTorch draws.

Functions that make a tensor take `generator`, `dtype`, `requires_grad` and what PyTorch takes besides; in-place methods
(`x.normal_()`) overwrite a tensor, in the order of its memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import _C
from .._C import ops as C
from ..device import check_device
from ..history import in_place
from ..random import Generator, set_multinomial_algorithm, state_of
from ..tensor import Tensor, method, primitive
from .creation import empty_like, sizes_of

__all__ = ["bernoulli", "binomial", "multinomial", "normal", "poisson", "rand", "rand_like", "randn", "randn_like"]


# ---- making tensors ----


def rand(
    *size: Any,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    **kwargs: Any,
) -> Tensor:
    """Uniform numbers in [0, 1).

    Args:
        *size: the shape, as integers or as one sequence.
        generator: where the draws come from; the default generator if not given.
        out: a tensor of this shape to fill.
        dtype: float32 or float64; the default dtype if not given.
        requires_grad: whether the result is a leaf that collects gradients.
        layout: accepted for PyTorch's sake.
        device: None or "cpu".
        pin_memory: accepted for PyTorch's sake.
        **kwargs: `size` may be given by name.

    Examples:
        >>> g = tt.Generator().manual_seed(0)
        >>> tt.rand(2, 2, generator=g)
        tensor([[0.4963, 0.7682],
                [0.0885, 0.1320]])
    """
    if device is not None:
        check_device(device)
    size = sizes_of("rand", size, kwargs)
    arguments = state_of(generator), size, dtype or _C.get_default_dtype(), 0.0, 1.0
    y = C.uniform(*arguments) if out is None else C.uniform(*arguments, out=out)
    return y.requires_grad_() if requires_grad else y


def randn(
    *size: Any,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    **kwargs: Any,
) -> Tensor:
    """Normal numbers of mean 0 and variance 1. The arguments are those of `rand`.

    Examples:
        >>> g = tt.Generator().manual_seed(2147483647)
        >>> tt.randn(3, generator=g)
        tensor([-0.9800, -1.6578, -0.0572])
    """
    if device is not None:
        check_device(device)
    size = sizes_of("randn", size, kwargs)
    arguments = state_of(generator), size, dtype or _C.get_default_dtype(), 0.0, 1.0
    y = C.normal(*arguments) if out is None else C.normal(*arguments, out=out)
    return y.requires_grad_() if requires_grad else y


def normal(
    mean: Tensor | float = 0.0,
    std: Tensor | float = 1.0,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Normal numbers, of one mean and standard deviation in the shape `size`, or of those that tensors give.

    Args:
        mean: a number, or a tensor.
        std: a number, or a tensor that is broadcast with `mean`.
        size: the shape, where both are numbers.
        generator: where the draws come from; the default generator if not given.
        out: a tensor of the result's shape to fill.
        dtype: where both are numbers; the default dtype if not given.
        requires_grad: whether the result is a leaf that collects gradients.
        layout: as for `rand`.
        device: as for `rand`.
        pin_memory: as for `rand`.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.normal(10.0, 0.1, (3,))
        tensor([10.0337, 10.0129, 10.0234])
        >>> tt.normal(tt.tensor([0.0, 100.0]), 0.1)
        tensor([2.3033e-02, 9.9888e+01])
    """
    check_device(device)
    if isinstance(mean, Tensor) or isinstance(std, Tensor):
        y = _normal_of(mean, std, generator)
        return y if out is None else out.copy_(y)
    if size is None:
        raise TypeError("normal() needs a size where mean and std are numbers")
    return made(C.normal, (state_of(generator), size, dtype or _C.get_default_dtype(), mean, std), out, requires_grad)


@primitive
def _normal_of(mean: Any, std: Any, generator: Generator | None) -> Any:
    state = state_of(generator)
    if not isinstance(std, Tensor):
        y = C.normal(state, mean.shape, mean.dtype, 0.0, std).add_(mean)
    else:
        if std.numel() and bool(std.lt(0).any()):
            raise RuntimeError("normal expects all elements of std >= 0.0")
        like = mean if isinstance(mean, Tensor) else std
        shape = (mean + std).shape
        y = C.normal(state, shape, like.dtype, 0.0, 1.0).mul_(std).add_(mean)
    return y, lambda g: 0.0 * g, lambda g: 0.0 * g


def rand_like(input: Tensor, *, generator: Generator | None = None, **options: Any) -> Tensor:
    """Uniform numbers in [0, 1), of the shape and dtype of `input`. Options are those of `empty_like`.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.rand_like(tt.zeros(2, 2))
        tensor([[0.8823, 0.9150],
                [0.3829, 0.9593]])
    """
    return drawn_like(input, uniform_, (), generator, **options)


def randn_like(input: Tensor, *, generator: Generator | None = None, **options: Any) -> Tensor:
    """Normal numbers of mean 0 and variance 1, of the shape and dtype of `input`. Options: those of `empty_like`.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.randn_like(tt.zeros(2, 2))
        tensor([[0.3367, 0.1288],
                [0.2345, 0.2303]])
    """
    return drawn_like(input, normal_, (), generator, **options)


def drawn_like(
    input: Tensor,
    fill: Callable[..., Tensor],
    arguments: tuple[Any, ...],
    generator: Generator | None,
    requires_grad: bool = False,
    **options: Any,
) -> Any:
    """A tensor like the input, overwritten by `fill`."""
    y = fill(empty_like(input, **options), *arguments, generator=generator)
    return y.requires_grad_() if requires_grad else y


def made(op: Callable[..., Any], arguments: tuple[Any, ...], out: Tensor | None, requires_grad: bool) -> Any:
    """What a raw op draws, in `out` where it is given."""
    y = op(*arguments) if out is None else op(*arguments, out=out)
    return y.requires_grad_() if requires_grad else y


# ---- overwriting tensors ----


def overwriting(write: Callable[..., None]) -> Callable[..., Tensor]:
    """Makes `write(x, ...)` a method of Tensor that returns x; what x was before gets no gradient."""

    def drawn(x: Tensor, *args: Any, **kwargs: Any) -> Any:
        y = _C.empty_strided(x.shape, x.stride(), x.dtype)
        write(y, *args, **kwargs)
        return y, lambda g: 0.0 * g

    name = write.__name__
    drawn.__name__ = name.rstrip("_")
    op = in_place(name, primitive(drawn), write, write.__doc__)
    write.__annotations__["return"] = "Tensor"
    op.__wrapped__ = write  # type: ignore[attr-defined]
    setattr(Tensor, name, op)
    return op


@overwriting
def uniform_(x: Tensor, from_: float = 0.0, to: float = 1.0, *, generator: Generator | None = None) -> None:
    """Fills with uniform numbers in [from, to), in place.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.empty(3).uniform_(-1, 1)
        tensor([ 0.7645,  0.8300, -0.2343])
    """
    C.uniform(state_of(generator), x.shape, x.dtype, from_, to, out=x)


@overwriting
def normal_(x: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Generator | None = None) -> None:
    """Fills with normal numbers, in place.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.empty(3).normal_(mean=10.0)
        tensor([10.3367, 10.1288, 10.2345])
    """
    C.normal(state_of(generator), x.shape, x.dtype, mean, std, out=x)


@overwriting
def log_normal_(x: Tensor, mean: float = 1.0, std: float = 2.0, *, generator: Generator | None = None) -> None:
    """Fills with numbers whose logarithms are normal, of the given mean and standard deviation, in place.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.empty(3).log_normal_(0.0, 1.0)
        tensor([1.4003, 1.1375, 1.2642])
    """
    C.log_normal(state_of(generator), x.shape, x.dtype, mean, std, out=x)


@overwriting
def exponential_(x: Tensor, lambd: float = 1.0, *, generator: Generator | None = None) -> None:
    """Fills with exponential numbers of rate `lambd`, in place.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.empty(3).exponential_()
        tensor([0.0599, 0.0650, 0.1319])
    """
    C.exponential(state_of(generator), x.shape, x.dtype, lambd, out=x)


@overwriting
def cauchy_(x: Tensor, median: float = 0.0, sigma: float = 1.0, *, generator: Generator | None = None) -> None:
    """Fills with numbers of the Cauchy distribution, in place.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.empty(3).cauchy_()
        tensor([-5.4125, -4.9937, -2.4449])
    """
    C.cauchy(state_of(generator), x.shape, x.dtype, median, sigma, out=x)


@overwriting
def geometric_(x: Tensor, p: float, *, generator: Generator | None = None) -> None:
    """Fills with how many trials it takes, each a success with probability p, until the first success, in place.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.empty(3).geometric_(0.2)
        tensor([13., 13., 10.])
    """
    C.geometric(state_of(generator), x.shape, x.dtype, p, out=x)


@overwriting
def bernoulli_(x: Tensor, p: Tensor | float = 0.5, *, generator: Generator | None = None) -> None:
    """Fills, in place, with one with probability `p`, a number or a tensor that expands to x, else zero.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.empty(4).bernoulli_(0.5)
        tensor([1., 1., 1., 1.])
    """
    _check_probability(p)
    C.bernoulli(state_of(generator), p, x.shape, x.dtype, out=x)


# ---- draws from given probabilities ----


@method()
@primitive
def bernoulli(
    input: Tensor, p: float | None = None, *, generator: Generator | None = None, out: Tensor | None = None
) -> Any:
    """One with the probability that `input` gives for each element, else zero.

    Args:
        input: probabilities, float32 or float64.
        p: one probability for all elements; of `input` then only shape and dtype count.
        generator: where the draws come from; the default generator if not given.
        out: a tensor of the shape of `input` to fill.

    Examples:
        >>> tt.bernoulli(tt.tensor([0.0, 1.0]))
        tensor([0., 1.])
    """
    probability = input if p is None else p
    _check_probability(probability)
    y = _C.empty(input.shape, input.dtype) if out is None else out
    C.bernoulli(state_of(generator), probability, y.shape, y.dtype, out=y)
    return y, lambda g: 0.0 * g


def _check_probability(p: Tensor | float) -> None:
    if not isinstance(p, Tensor) and not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p}")


@primitive
def poisson(input: Tensor, generator: Generator | None = None) -> Any:
    """How many events happen, where `input` says how many do on average. Elementwise.

    Args:
        input: rates, float32 or float64, not negative.
        generator: where the draws come from; the default generator if not given.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.poisson(tt.tensor([0.5, 3.0, 100.0]))
        tensor([ 0.,  1., 78.])
    """
    return C.poisson(state_of(generator), input), lambda g: 0.0 * g


@primitive
def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Any:
    """How many of `count` trials succeed, each with the probability `prob`. Elementwise, of one shape.

    Args:
        count: whole numbers, float32 or float64.
        prob: in [0, 1], of the dtype and shape of `count`.
        generator: where the draws come from; the default generator if not given.

    Raises:
        RuntimeError: shapes or dtypes differ.
        ValueError: a dtype is not floating point.

    Examples:
        >>> tt.binomial(tt.tensor([5.0, 5.0]), tt.tensor([0.0, 1.0]))
        tensor([0., 5.])
    """
    for name, x in (("count", count), ("prob", prob)):
        if not x.dtype.is_floating_point:
            raise ValueError(f"binomial only supports floating-point dtypes for {name}, got: {x.dtype}")
    return C.binomial(state_of(generator), count, prob), lambda g: 0.0 * g, lambda g: 0.0 * g


@method()
def multinomial(
    input: Tensor,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Indices drawn with probabilities in proportion to `input`.

    Which numbers are drawn for a seed has changed in PyTorch over time: `random.set_multinomial_algorithm`.

    Args:
        input: weights, not negative, of shape (categories,) or (rows, categories).
        num_samples: how many indices to draw, for each row.
        replacement: whether an index may come more than once.
        generator: where the draws come from; the default generator if not given.
        out: an int64 tensor of the result's shape to fill.

    Returns:
        int64, of shape (num_samples,) or (rows, num_samples).

    Examples:
        >>> tt.multinomial(tt.tensor([0.0, 0.3, 0.0]), 3, replacement=True)
        tensor([1, 1, 1])
    """
    if not isinstance(replacement, bool):
        raise TypeError(f"multinomial(): argument 'replacement' must be bool, not {type(replacement).__name__}")
    race = not replacement or (num_samples == 1 and set_multinomial_algorithm.single_by_race)
    by_columns = input.ndim == 2 and 0 < input.stride(0) < input.stride(1)  # draws go in the order of memory
    state = state_of(generator)
    if out is None:
        return C.multinomial(state, input, num_samples, race, by_columns)
    if out.dtype is not _C.int64:
        raise RuntimeError(f"multinomial expects an int64 tensor as out, got {out.dtype}")
    return C.multinomial(state, input, num_samples, race, by_columns, out=out)
