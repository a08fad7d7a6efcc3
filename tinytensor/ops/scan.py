"""Running results along one dimension: sums, products, extremes of all elements up to each one; differences."""

from __future__ import annotations

from typing import Any

from .._C import bool as bool_
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive, primitives
from .extreme import put_back
from .join import cat
from .results import ValuesAndIndices, result_type
from .second import pull_back
from .view import slice, wrap_dim

__all__ = ["cummax", "cummin", "cumprod", "cumsum", "diff", "logcumsumexp"]

# ---- sums and products ----


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
        e = (x - x.detach().amax(dim, True)).exp() if x.numel() else x
        return e * _cumsum(g / _cumsum(e, dim, reverse), dim, not reverse)

    return C.sub(part(g), part(C.neg(g))), lambda h: (*pull_back(gradient, (g, x), h), None)


# Raw ops in vjps run as these where gradients are themselves differentiated.
primitives.update(cumsum=_cumsum, cumprod=_cumprod, logcumsumexp=_logcumsumexp)


# ---- extremes ----

CummaxResult = result_type("cummax", ValuesAndIndices)
CumminResult = result_type("cummin", ValuesAndIndices)


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


# ---- differences ----


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
    parts = [t for t in (prepend, input, append) if t is not None]
    if any(t.ndim != input.ndim for t in parts):
        raise RuntimeError("diff expects prepend or append to be the same dimension as input")
    if n == 0 and len(parts) == 1:
        return input.clone()
    dim = wrap_dim(dim, input.ndim)
    x = input if len(parts) == 1 else cat(parts, dim)
    if n == 0:
        return input.clone()
    for _ in range(min(n, x.shape[dim])):
        later, earlier = slice(x, dim, 1, None), slice(x, dim, 0, -1)
        x = later.logical_xor(earlier) if x.dtype is bool_ else later - earlier
    return x
