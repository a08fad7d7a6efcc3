"""Reductions over any dimensions, extremes with their indices, and running results along one dimension.

`dim` is None (everything), a dimension, or several; `keepdim` leaves the reduced dimensions with size 1.
"""

from __future__ import annotations

import builtins
from math import inf
from math import prod as prod_
from typing import Any, overload

from .._C import bool as bool_
from .._C import get_default_dtype, vjp
from .._C import ops as C
from ..tensor import Tensor, method, primitive, primitives
from .results import MinAndMax, ValuesAndIndices, result_type
from .second import pull_back

__all__ = [
    "all", "amax", "amin", "aminmax", "any", "argmax", "argmin", "count_nonzero", "cummax", "cummin", "cumprod",
    "cumsum", "diff", "dist", "logcumsumexp", "logsumexp", "max", "mean", "min", "nanmean", "nansum", "norm", "prod",
    "std", "std_mean", "sum", "trace", "var", "var_mean",
]  # fmt: skip

# ---- helpers ----


def spread(g: Tensor, shape: Any, dim: Any, keepdim: bool) -> Any:
    """A reduced tensor expanded to the shape before the reduction."""
    if keepdim or dim is None or g.ndim == len(shape):
        return C.expand(g, shape)
    if isinstance(dim, int):
        return C.expand(C.unsqueeze(g, dim), shape)
    if len(dim) == 0:
        return C.expand(g, shape)
    kept = list(shape)
    for d in dim:
        kept[d] = 1
    return C.expand(C.reshape(g, kept), shape)


def count_of(shape: Any, dim: Any) -> int:
    """How many elements of a tensor of this shape each result is made of."""
    if dim is None or (not isinstance(dim, int) and len(dim) == 0):
        return prod_(shape)
    if not shape:
        return 1
    if isinstance(dim, int):
        return int(shape[dim])
    return prod_(shape[d] for d in dim)


def _dims(dim: Any) -> Any:
    return () if dim is None else dim


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
        return C.sum(input, _dims(dim), keepdim), vjp(spread, shape, dim, keepdim)
    y = C.sum(C.cast(input, dtype), _dims(dim), keepdim)
    return y if y.dtype is dtype else C.cast(y, dtype), vjp(spread, shape, dim, keepdim)


@method()
def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum of the elements that are not NaN.

    Examples:
        >>> tt.tensor([1.0, tt.nan, 2.0]).nansum()
        tensor(3.)
    """
    if not input.dtype.is_floating_point:
        return input.sum(dim, keepdim, dtype=dtype)
    return input.masked_fill(input.isnan(), 0).sum(dim, keepdim, dtype=dtype)


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
    return C.mean(x, _dims(dim), keepdim), vjp(_mean_backward, input.shape, dim, keepdim)


def _mean_backward(g: Tensor, shape: Any, dim: Any, keepdim: bool) -> Any:
    return spread(C.div(g, count_of(shape, dim)), shape, dim, keepdim)


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
    y = C.prod(x, _dims(dim), keepdim)
    return y, lambda g: C.mul(spread(g, x.shape, dim, keepdim), _product_of_others(x, y, dim, keepdim))


def _product_of_others(x: Any, y: Tensor, dim: int | None, keepdim: bool) -> Any:
    """For each element the product of the others along `dim`: a quotient where nothing is zero."""
    if x.ndim == 0:
        return x.new_ones(())
    if not C.any(C.eq(x, 0), (), False):
        return C.div(spread(y, x.shape, dim, keepdim), x)
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


def _variance_backward(g: Tensor, x: Any, dim: Any, keepdim: bool, correction: float) -> Any:
    """`g * 2 (x - mean) / (n - correction)`."""
    left = count_of(x.shape, dim) - correction
    g = spread(C.mul(g, 2 / left if left > 0 else inf), x.shape, dim, keepdim)
    return C.mul(g, C.sub(x, C.mean(x, _dims(dim), True)))


@primitive
def _var(x: Any, dim: Any, keepdim: bool, correction: float) -> Any:
    y = C.var(x, _dims(dim), keepdim, correction)[0]
    return y, vjp(_variance_backward, x, dim, keepdim, correction)


@primitive
def _std(x: Any, dim: Any, keepdim: bool, correction: float) -> Any:
    y = C.sqrt(C.var(x, _dims(dim), keepdim, correction)[0])

    def vjp(g: Tensor) -> Any:
        g = C.where(C.eq(y, 0), 0, C.div(g, C.mul(y, 2)))
        return _variance_backward(g, x, dim, keepdim, correction)

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
        return x.abs().amax(_dims(dim), keepdim)
    if ord == -inf:
        return x.abs().amin(_dims(dim), keepdim)
    if ord == 0:
        return (x != 0).to(x.dtype).sum(dim, keepdim) + (x * 0).sum(dim, keepdim)
    if count_of(x.shape, dim) <= 1:  # exactly, where powers and roots would round
        return x.abs().sum(dim, keepdim)
    return _norm_p(x, ord, dim, keepdim)


@primitive
def _norm2(x: Any, dim: Any, keepdim: bool) -> Any:
    y = C.norm2(x, _dims(dim), keepdim)

    def vjp(g: Tensor) -> Any:
        return C.mul(spread(C.where(C.eq(y, 0), 0, C.div(g, y)), x.shape, dim, keepdim), x)

    return y, vjp


@primitive
def _norm_p(x: Any, p: float, dim: Any, keepdim: bool) -> Any:
    size = C.abs(x)
    y = C.pow(C.sum(C.pow(size, p), _dims(dim), keepdim), 1 / p)

    def vjp(g: Tensor) -> Any:
        scale = C.where(C.eq(y, 0), 0, C.div(g, C.pow(y, p - 1)))
        slope = C.mul(C.sign(x), C.pow(C.abs(x), p - 1))
        if p < 1:
            slope = C.where(C.eq(x, 0), 0, slope)
        return C.mul(spread(scale, x.shape, dim, keepdim), slope)

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
        share = C.exp(C.sub(x, spread(y, x.shape, dim, keepdim)))
        return C.mul(spread(g, x.shape, dim, keepdim), share)

    return y, vjp


# ---- extremes ----

MaxResult = result_type("max", ValuesAndIndices)
MinResult = result_type("min", ValuesAndIndices)
AminmaxResult = result_type("aminmax", MinAndMax)
CummaxResult = result_type("cummax", ValuesAndIndices)
CumminResult = result_type("cummin", ValuesAndIndices)


@overload
def max(input: Tensor) -> Tensor: ...
@overload
def max(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...
@overload
def max(input: Tensor, dim: Tensor) -> Tensor: ...
@overload
def max(input: Tensor, *, other: Tensor) -> Tensor: ...
@method()
def max(input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """The largest element; or, along one dimension, `(values, indices)`; or, of two tensors, the larger elementwise.

    NaN counts as largest. Of equal elements the first is indexed; the gradient of the largest of all elements is shared
    between equals.

    Raises:
        IndexError: there is no such dimension, or nothing in it.

    Examples:
        >>> x = tt.tensor([[1, 3], [4, 2]])
        >>> x.max(), x.max(1).indices
        (tensor(4), tensor([1, 0]))
    """
    if isinstance(dim, Tensor):
        other = dim
    if other is not None:
        return input.maximum(other)
    if dim is None:
        return _extreme_of_all(input, "max")
    return MaxResult(max_dim(input, dim, keepdim))


@overload
def min(input: Tensor) -> Tensor: ...
@overload
def min(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...
@overload
def min(input: Tensor, dim: Tensor) -> Tensor: ...
@overload
def min(input: Tensor, *, other: Tensor) -> Tensor: ...
@method()
def min(input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """The smallest element, or, along one dimension, `(values, indices)`, or the smaller of two tensors; see `max`.

    Examples:
        >>> x = tt.tensor([[1, 3], [4, 2]])
        >>> x.min(), x.min(1).values
        (tensor(1), tensor([1, 2]))
    """
    if isinstance(dim, Tensor):
        other = dim
    if other is not None:
        return input.minimum(other)
    if dim is None:
        return _extreme_of_all(input, "min")
    return MinResult(min_dim(input, dim, keepdim))


def _extreme_of_all(x: Any, name: str) -> Any:
    if x.numel() == 0:
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
            "Specify the reduction dim with the 'dim' argument."
        )
    return amax(x) if name == "max" else amin(x)


@primitive
def max_dim(x: Any, dim: int, keepdim: bool) -> Any:
    """Values and indices of the largest elements along one dimension."""
    shape = x.shape
    y, index = C.max_dim(x, dim, keepdim)
    return (y, index), lambda g, _: put_back(g, index, dim, keepdim, shape)


@primitive
def min_dim(x: Any, dim: int, keepdim: bool) -> Any:
    """Values and indices of the smallest elements along one dimension."""
    shape = x.shape
    y, index = C.min_dim(x, dim, keepdim)
    return (y, index), lambda g, _: put_back(g, index, dim, keepdim, shape)


def put_back(g: Tensor, index: Any, dim: int, keepdim: bool, shape: Any) -> Any:
    """Zeros of `shape`, with g at the places `index` along `dim`."""
    if len(shape) == 0:
        return g
    if not keepdim:
        g, index = C.unsqueeze(g, dim), C.unsqueeze(index, dim)
    return C.gather_backward(g, index, dim, shape)


def _share(g: Tensor, x: Any, y: Tensor, dim: Any, keepdim: bool) -> Any:
    """The gradient of an extreme, in equal parts to the elements that have it."""
    y = spread(y, x.shape, dim, keepdim)
    has_it = C.logical_or(C.eq(x, y), C.logical_and(C.isnan(x), C.isnan(y)))
    part = C.div(g, C.sum(has_it, _dims(dim), keepdim))
    return C.mul(spread(part, x.shape, dim, keepdim), has_it)


@method()
@primitive
def amax(input: Tensor, dim: Any = (), keepdim: bool = False) -> Any:
    """The largest elements over dimensions; the gradient is shared between equals.

    Raises:
        IndexError: there is no such dimension, or nothing to compare.

    Examples:
        >>> tt.tensor([[1, 3], [4, 2]]).amax(1)
        tensor([3, 4])
    """
    y = C.amax(input, _dims(dim), keepdim)
    return y, vjp(_share, input, y, dim, keepdim)


@method()
@primitive
def amin(input: Tensor, dim: Any = (), keepdim: bool = False) -> Any:
    """The smallest elements over dimensions; the gradient is shared between equals.

    Examples:
        >>> tt.tensor([[1, 3], [4, 2]]).amin(1)
        tensor([1, 2])
    """
    y = C.amin(input, _dims(dim), keepdim)
    return y, vjp(_share, input, y, dim, keepdim)


@method()
def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> MinAndMax:
    """`(min, max)` of all elements, or along one dimension.

    Examples:
        >>> tt.tensor([3, 1, 2]).aminmax()
        torch.return_types.aminmax(
        min=tensor(1),
        max=tensor(3))
    """
    if dim is None and input.numel() == 0:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
        )
    return AminmaxResult((amin(input, _dims(dim), keepdim), amax(input, _dims(dim), keepdim)))


@method()
def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the largest element stands (the first of equals): in the flattened tensor, or along a dimension.

    Examples:
        >>> tt.tensor([[1, 3], [4, 2]]).argmax(1)
        tensor([1, 0])
    """
    return _arg(C.max_dim, "argmax", input, dim, keepdim)


@method()
def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Where the smallest element stands (the first of equals): in the flattened tensor, or along a dimension.

    Examples:
        >>> tt.tensor([[1, 3], [4, 2]]).argmin(1)
        tensor([0, 1])
    """
    return _arg(C.min_dim, "argmin", input, dim, keepdim)


def _arg(extreme: Any, name: str, input: Any, dim: int | None, keepdim: bool) -> Any:
    x = input.detach()
    if x.dtype is bool_:
        raise RuntimeError(f"{name}(): does not support bool input")
    if dim is not None:
        return extreme(x, dim, keepdim)[1]
    if x.numel() == 0:
        raise IndexError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
    y = extreme(x.reshape(-1), 0, False)[1]
    return y.reshape((1,) * x.ndim) if keepdim else y


@method()
def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether any element is not zero: of all, or along dimensions.

    Examples:
        >>> tt.tensor([[False, True], [False, False]]).any(1)
        tensor([ True, False])
    """
    return C.any(input.detach(), _dims(dim), keepdim)


@method()
def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether all elements are not zero: of all, or along dimensions.

    Examples:
        >>> tt.tensor([[False, True], [True, True]]).all(1)
        tensor([False,  True])
    """
    return C.all(input.detach(), _dims(dim), keepdim)


# ---- along one dimension ----


@method(inplace=True)
def cumsum(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """Sums of all elements up to each one along `dim`; of integers and booleans in int64.

    Examples:
        >>> tt.tensor([1, 2, 3]).cumsum(0)
        tensor([1, 3, 6])
    """
    return _cumsum(input, dim, False) if dtype is None else _cumsum(input.to(dtype), dim, False).to(dtype)


@primitive
def _cumsum(x: Any, dim: int, reverse: bool) -> Any:
    return C.cumsum(x, dim, reverse), lambda g: C.cumsum(g, dim, not reverse)


@method(inplace=True)
def cumprod(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """Products of all elements up to each one along `dim`; of integers and booleans in int64.

    Examples:
        >>> tt.tensor([1, 2, 3]).cumprod(0)
        tensor([1, 2, 6])
    """
    return _cumprod(input, dim, False) if dtype is None else _cumprod(input.to(dtype), dim, False).to(dtype)


@primitive
def _cumprod(x: Any, dim: int, reverse: bool) -> Any:
    y = C.cumprod(x, dim, reverse)
    return y, vjp(_cumprod_backward, x, y, dim, reverse)


def _cumprod_backward(g: Tensor, x: Any, y: Tensor, dim: int, reverse: bool) -> Any:
    if x.ndim == 0:
        return g
    if not C.any(C.eq(x, 0), (), False):
        return C.div(C.cumsum(C.mul(g, y), dim, not reverse), x)
    if reverse:
        return _cumprod_backward(g.flip(dim), x.flip(dim), y.flip(dim), dim, False).flip(dim)
    # With zeros, one element at a time: what is before it, times the running products of what follows, itself as 1.
    n = x.shape[dim]
    parts = []
    for k in range(n):
        others = C.cat(
            (x.narrow(dim, 0, k), x.narrow(dim, k, 1).detach() * 0 + 1, x.narrow(dim, k + 1, n - k - 1)), dim
        )
        later = C.mul(g, C.cumprod(others, dim, False)).narrow(dim, k, n - k)
        parts.append(C.sum(later, dim, True))
    return C.cat(parts, dim)


@method()
def diff(input: Tensor, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Tensor:
    """Differences of neighbours along `dim`, `n` times over; of bool, whether they differ.

    Args:
        input: one dimension or more.
        n: how often.
        dim: along which dimension.
        prepend: put in front first.
        append: put behind first.

    With n = 0 the result is the input alone, as in PyTorch.

    Raises:
        RuntimeError: the input is 0-d, n is negative, or `prepend` or `append` does not fit.

    Examples:
        >>> tt.diff(tt.tensor([1, 4, 9, 16]))
        tensor([3, 5, 7])
    """
    if input.ndim == 0:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    from .join import cat
    from .view import wrap_dim

    parts = [t for t in (prepend, input, append) if t is not None]
    if builtins.any(t.ndim != input.ndim for t in parts):
        raise RuntimeError("diff expects prepend or append to be the same dimension as input")
    if n == 0 and len(parts) == 1:
        return input.clone()
    dim = wrap_dim(dim, input.ndim)
    x = input if len(parts) == 1 else cat(parts, dim)
    if n == 0:
        return input.clone()
    for _ in range(builtins.min(n, x.shape[dim])):
        later, earlier = x.narrow(dim, 1, x.shape[dim] - 1), x.narrow(dim, 0, x.shape[dim] - 1)
        x = later.logical_xor(earlier) if x.dtype is bool_ else later - earlier
    return x


@method()
def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """`log(cumsum(exp(x)))` along `dim`, without overflow.

    Examples:
        >>> tt.tensor([0.0, 0.0, 0.0]).logcumsumexp(0)
        tensor([0.0000, 0.6931, 1.0986])
    """
    return _logcumsumexp(input, dim, False)


@primitive
def _logcumsumexp(x: Any, dim: int, reverse: bool) -> Any:
    y = C.logcumsumexp(x, dim, reverse)
    return y, vjp(logcumsumexp_backward, x, y, dim, reverse)


@primitive(joint=True)
def logcumsumexp_backward(g: Any, x: Any, y: Any, dim: int, reverse: bool) -> Any:
    """exp(x_i) times the sum over later j of g_j exp(-y_j): positive and negative g_j apart, in logarithms."""

    def part(g: Any) -> Any:
        return C.exp(C.add(x, C.logcumsumexp(C.sub(C.log(C.relu(g)), y), dim, not reverse)))

    def gradient(g: Any, x: Any) -> Any:
        e = (x - x.detach().amax(dim, True)).exp()
        return e * _cumsum(g / _cumsum(e, dim, reverse), dim, not reverse)

    return C.sub(part(g), part(C.neg(g))), lambda h: (*pull_back(gradient, (g, x), h), None)


@method()
def cummax(input: Tensor, dim: int) -> ValuesAndIndices:
    """`(values, indices)` of the largest element up to each one along `dim`.

    Examples:
        >>> tt.tensor([1, 3, 2, 4]).cummax(0).values
        tensor([1, 3, 3, 4])
    """
    return CummaxResult(_cummax(input, dim))


@method()
def cummin(input: Tensor, dim: int) -> ValuesAndIndices:
    """`(values, indices)` of the smallest element up to each one along `dim`.

    Examples:
        >>> tt.tensor([4, 2, 3, 1]).cummin(0).values
        tensor([4, 2, 2, 1])
    """
    return CumminResult(_cummin(input, dim))


@primitive
def _cummax(x: Any, dim: int) -> Any:
    shape = x.shape
    y, index = C.cummax(x, dim)
    return (y, index), lambda g, _: put_back(g, index, dim, True, shape)


@primitive
def _cummin(x: Any, dim: int) -> Any:
    shape = x.shape
    y, index = C.cummin(x, dim)
    return (y, index), lambda g, _: put_back(g, index, dim, True, shape)


# Raw ops in vjps run as these where gradients are themselves differentiated.
primitives.update(cumsum=_cumsum, cumprod=_cumprod, logcumsumexp=_logcumsumexp)
