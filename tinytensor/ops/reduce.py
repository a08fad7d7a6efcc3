"""Reductions over any dimensions: sums, products, means and variances, norms.

`dim` is None (everything), a dimension, or several; `keepdim` leaves the reduced dimensions with size 1.
"""

from __future__ import annotations

from math import inf
from math import prod as prod_
from typing import Any

from .._C import get_default_dtype, vjp
from .._C import ops as C
from ..tensor import Tensor, method, primitive

__all__ = [
    "count_nonzero", "dist", "logsumexp", "mean", "nanmean", "nansum", "norm", "prod", "std", "std_mean", "sum",
    "trace", "var", "var_mean",
]  # fmt: skip


# ---- helpers ----


@primitive
def spread(y: Any, sizes: Any, dim: Any) -> Any:
    """What a reduction along `dim` gave, expanded to the sizes before it."""
    kept = y.ndim == len(sizes)
    return C.spread(y, sizes, dim), vjp(C.sum, dim, kept)


def count_of(shape: Any, dim: Any) -> int:
    """How many elements of a tensor of this shape each result is made of."""
    if dim is None or (not isinstance(dim, int) and len(dim) == 0):
        return prod_(shape)
    if not shape:
        return 1
    if isinstance(dim, int):
        return int(shape[dim])
    return prod_(shape[d] for d in dim)


# ---- sums ----


@primitive
def sum_to(x: Any, sizes: Any) -> Any:
    """The gradient of a broadcast: sums over what `sizes` lacks or has as 1."""
    before = x.shape
    return C.sum_to(x, sizes), vjp(C.expand, before)


@method()
@primitive
def sum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The sum of all elements, or along dimensions; of integers and booleans in int64.

    The order of additions depends on the shape alone: not on the instruction set, nor on the number of threads.

    Raises:
        IndexError: there is no such dimension.

    Examples:
        >>> x = tt.tensor([[1, 2, 3], [4, 5, 6]])
        >>> x.sum(), x.sum(0), x.sum(1, keepdim=True)
        (tensor(21), tensor([5, 7, 9]), tensor([[ 6],
                [15]]))
    """
    shape = input.shape
    if dtype is None:
        return C.sum(input, dim, keepdim), vjp(C.spread, shape, dim)
    y = C.sum(C.cast(input, dtype), dim, keepdim)
    return y if y.dtype is dtype else C.cast(y, dtype), vjp(C.spread, shape, dim)


@method()
def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum of the elements that are not NaN.

    Examples:
        >>> tt.tensor([1.0, tt.nan, 2.0]).nansum()
        tensor(3.)
    """
    if not input.dtype.is_floating_point:
        return input.sum(dim, keepdim, dtype=dtype)
    return _without_nan(input).sum(dim, keepdim, dtype=dtype)


@primitive
def _without_nan(x: Tensor) -> Any:
    y = C.nan_to_num(x, 0.0, inf, -inf)
    return y, lambda g: C.masked_fill(g, C.isnan(x), 0)


@method()
@primitive
def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The mean of all elements, or along dimensions.

    Raises:
        RuntimeError: the elements are not of a floating point dtype.

    Examples:
        >>> x = tt.tensor([[1.0, 2.0], [3.0, 5.0]])
        >>> x.mean(), x.mean(0)
        (tensor(2.7500), tensor([2.0000, 3.5000]))
    """
    x = input if dtype is None else C.cast(input, dtype)
    return C.mean(x, dim, keepdim), vjp(_mean_backward, input.shape, dim)


def _mean_backward(g: Tensor, shape: Any, dim: Any) -> Any:
    return C.spread(C.div(g, _share(prod_(shape), g)), shape, dim)


def _share(numel: int, y: Tensor) -> int:
    """How many of numel elements each of a reduction's results is made of."""
    return numel // (y.numel() or 1)


@method()
def nanmean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of the elements that are not NaN.

    Examples:
        >>> tt.tensor([1.0, tt.nan, 2.0]).nanmean()
        tensor(1.5000)
    """
    if not input.dtype.is_floating_point:
        raise RuntimeError(f"nanmean(): expected input to have floating point dtype but got {input.dtype}")
    return input.nansum(dim, keepdim, dtype=dtype) / (~input.isnan()).sum(dim, keepdim)


@method()
def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many elements are not zero: of all, or along dimensions.

    Examples:
        >>> tt.count_nonzero(tt.tensor([[0, 1], [2, 3]]), dim=1)
        tensor([1, 2])
    """
    return input.ne(0).sum(dim)


@method()
def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix.

    Examples:
        >>> tt.trace(tt.tensor([[1, 2], [3, 4]]))
        tensor(5)
    """
    if input.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.ndim}")
    return input.diagonal().sum()


# ---- products ----


@method()
def prod(input: Tensor, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The product of all elements, or along one dimension; of integers and booleans in int64.

    Examples:
        >>> tt.tensor([[1, 2], [3, 4]]).prod(1)
        tensor([ 2, 12])
    """
    if dim is not None and not isinstance(dim, int):
        raise TypeError(f"prod(): argument 'dim' must be int, not {type(dim).__name__}")
    if dim is None and keepdim:
        raise TypeError("prod(): 'keepdim' needs a 'dim'")
    x = input if dtype is None else input.to(dtype)
    if dim is None and x.requires_grad:
        return _prod(x.reshape(-1), 0, False)
    y = _prod(x, dim, keepdim)
    return y if dtype is None else y.to(dtype)


@primitive
def _prod(x: Any, dim: int | None, keepdim: bool) -> Any:
    y = C.prod(x, dim, keepdim)
    return y, lambda g: C.mul(C.spread(g, x.shape, dim), _product_of_others(x, y, dim, keepdim))


def _product_of_others(x: Any, y: Tensor, dim: int | None, keepdim: bool) -> Any:
    """For each element the product of the others along `dim`: a quotient where nothing is zero."""
    if x.ndim == 0:
        return x.new_ones(())
    if not C.any(C.eq(x, 0), (), False):
        return C.div(C.spread(y, x.shape, dim), x)
    assert dim is not None
    n = x.shape[dim]
    one = x.narrow(dim, 0, 1).detach() * 0 + 1
    before = C.cumprod(C.cat((one, x.narrow(dim, 0, n - 1)), dim), dim, False)
    after = C.cumprod(C.cat((x.narrow(dim, 1, n - 1), one), dim), dim, True)
    return C.mul(before, after)


# ---- variance ----


def _correction(dim: Any, unbiased: Any, correction: Any) -> tuple[Any, float]:
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if unbiased is not None and correction is not None:
        raise TypeError("give either unbiased or correction, not both")
    if correction is not None:
        return dim, correction
    return dim, 0.0 if unbiased is False else 1.0


@method()
def var(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: float | None = None
) -> Tensor:
    """The variance: the mean squared deviation from the mean, with n - correction (n - 1) in the denominator.

    Args:
        input: of a floating point dtype.
        dim: None, a dimension or several; `var(False)` is `var(unbiased=False)`.
        unbiased: False is `correction=0`, True `correction=1`.
        keepdim: leave reduced dimensions with size 1.
        correction: what is subtracted from the number of elements.

    Raises:
        RuntimeError: the elements are not of a floating point dtype.

    Examples:
        >>> tt.tensor([1.0, 2.0, 3.0, 4.0]).var()
        tensor(1.6667)
    """
    dim, correction = _correction(dim, unbiased, correction)
    return _var(input, dim, keepdim, correction)


@method()
def std(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: float | None = None
) -> Tensor:
    """The standard deviation: the square root of `var`, with the same arguments.

    Examples:
        >>> x = tt.tensor([1.0, 2.0, 3.0, 4.0])
        >>> x.std(), x.std(unbiased=False)
        (tensor(1.2910), tensor(1.1180))
    """
    dim, correction = _correction(dim, unbiased, correction)
    return _std(input, dim, keepdim, correction)


@method()
def var_mean(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: float | None = None
) -> tuple[Tensor, Tensor]:
    """`(var, mean)`, of all elements or along dimensions; arguments as in `var`.

    Examples:
        >>> tt.var_mean(tt.tensor([1.0, 2.0, 3.0]))
        (tensor(1.), tensor(2.))
    """
    return var(input, dim, unbiased, keepdim, correction=correction), _mean_of(input, dim, keepdim)


@method()
def std_mean(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: float | None = None
) -> tuple[Tensor, Tensor]:
    """`(std, mean)`, of all elements or along dimensions; arguments as in `var`.

    Examples:
        >>> tt.std_mean(tt.tensor([1.0, 2.0, 3.0]))
        (tensor(1.), tensor(2.))
    """
    return std(input, dim, unbiased, keepdim, correction=correction), _mean_of(input, dim, keepdim)


def _mean_of(input: Any, dim: Any, keepdim: bool) -> Any:
    return mean(input, None if isinstance(dim, bool) else dim, keepdim)


def _variance_backward(g: Tensor, x: Any, dim: Any, correction: float) -> Any:
    """`g * 2 (x - mean) / (n - correction)`."""
    left = _share(x.numel(), g) - correction
    g = C.spread(C.mul(g, 2 / left if left > 0 else inf), x.shape, dim)
    return C.scaled_deviation(g, x, C.mean(x, dim, True))


@primitive
def scaled_deviation(g: Any, x: Any, mean: Any) -> Any:
    """`g * (x - mean)`."""
    return C.scaled_deviation(g, x, mean), vjp(C.scaled_deviation, x, mean), vjp(C.mul, g), lambda h: C.neg(C.mul(h, g))


@primitive
def _var(x: Any, dim: Any, keepdim: bool, correction: float) -> Any:
    return C.var(x, dim, keepdim, correction)[0], vjp(_variance_backward, x, dim, correction)


@primitive
def _std(x: Any, dim: Any, keepdim: bool, correction: float) -> Any:
    y = C.sqrt(C.var(x, dim, keepdim, correction)[0])

    def vjp(g: Tensor) -> Any:
        return _variance_backward(C.where(C.eq(y, 0), 0, C.div(g, C.mul(y, 2))), x, dim, correction)

    return y, vjp


# ---- norms ----


@method()
def norm(
    input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, out: Any = None, dtype: Any = None
) -> Tensor:
    """The p-norm over all elements, or along dimensions; "fro" is 2, `inf` the largest magnitude, 0 a count.

    "nuc" is the sum of the singular values of matrices.

    Examples:
        >>> tt.norm(tt.tensor([3.0, 4.0])), tt.norm(tt.tensor([3.0, 4.0]), p=1)
        (tensor(5.), tensor(7.))
    """
    if p == "nuc":
        from ..linalg import matrix_norm

        if dim is None and input.ndim != 2:
            raise RuntimeError(f"norm: the nuclear norm is one of matrices, got a {input.ndim}-d tensor")
        return matrix_norm(input, "nuc", (0, 1) if dim is None else dim, keepdim, dtype=dtype)
    return vector_norm(input, 2 if p is None or p == "fro" else p, dim, keepdim, dtype=dtype)


def vector_norm(x: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The norm `(sum |x|^ord)^(1/ord)` of all elements, or along dimensions.

    Examples:
        >>> tt.linalg.vector_norm(tt.tensor([3.0, 4.0]))
        tensor(5.)
    """
    if dtype is not None:
        x = x.to(dtype)
    if not x.dtype.is_floating_point:
        raise RuntimeError(f"norm: expected a floating point dtype, got {x.dtype}")
    if (ord < 0 or ord == inf) and count_of(x.shape, dim) == 0:
        raise RuntimeError(f"norm: the {ord} norm of no elements has no value: it is no sum, got shape {list(x.shape)}")
    if ord == 2:
        return _norm2(x, dim, keepdim)
    if ord == 1:
        return x.abs().sum(dim, keepdim)
    if ord == inf:
        return x.abs().amax(dim, keepdim)
    if ord == -inf:
        return x.abs().amin(dim, keepdim)
    if ord == 0:
        return (x != 0).to(x.dtype).sum(dim, keepdim) + (x * 0).sum(dim, keepdim)
    if count_of(x.shape, dim) <= 1:  # exactly, where powers and roots would round
        return x.abs().sum(dim, keepdim)
    return _norm_p(x, ord, dim, keepdim)


@primitive
def _norm2(x: Any, dim: Any, keepdim: bool) -> Any:
    y = C.norm2(x, dim, keepdim)

    def vjp(g: Tensor) -> Any:
        return C.mul(C.spread(C.where(C.eq(y, 0), 0, C.div(g, y)), x.shape, dim), x)

    return y, vjp


@primitive
def _norm_p(x: Any, p: float, dim: Any, keepdim: bool) -> Any:
    size = C.abs(x)
    y = C.pow(C.sum(C.pow(size, p), dim, keepdim), 1 / p)

    def vjp(g: Tensor) -> Any:
        scale = C.where(C.eq(y, 0), 0, C.div(g, C.pow(y, p - 1)))
        slope = C.mul(C.sign(x), C.pow(C.abs(x), p - 1))
        if p < 1:
            slope = C.where(C.eq(x, 0), 0, slope)
        return C.mul(C.spread(scale, x.shape, dim), slope)

    return y, vjp


@method()
def dist(input: Tensor, other: Tensor, p: float = 2) -> Tensor:
    """The p-norm of `input - other`, which broadcast; 0-d.

    Examples:
        >>> tt.dist(tt.tensor([0.0, 0.0]), tt.tensor([3.0, 4.0]))
        tensor(5.)
    """
    return vector_norm(input - other, p)


# ---- log of sums ----


@method()
def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    """`log(sum(exp(x)))` along dimensions, without overflow.

    Examples:
        >>> tt.tensor([[1000.0, 1000.0], [0.0, 0.0]]).logsumexp(1)
        tensor([1.0007e+03, 6.9315e-01])
    """
    if not input.dtype.is_floating_point:
        input = input.to(get_default_dtype())
    return _logsumexp(input, dim, keepdim)


@primitive
def _logsumexp(x: Any, dim: Any, keepdim: bool) -> Any:
    y = C.logsumexp(x, dim, keepdim)[0]

    def vjp(g: Tensor) -> Any:
        share = C.exp(C.sub(x, C.spread(y, x.shape, dim)))
        return C.mul(C.spread(g, x.shape, dim), share)

    return y, vjp
