"""Statistics of sorted values: median, mode, quantiles."""

from __future__ import annotations

from typing import Any, overload

from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive
from .creation import tensor
from .extreme import put_back, share
from .results import ValuesAndIndices, result_type
from .view import wrap_dim

__all__ = ["median", "mode", "nanmedian", "nanquantile", "quantile"]

Median = result_type("median", ValuesAndIndices)
Nanmedian = result_type("nanmedian", ValuesAndIndices)
Mode = result_type("mode", ValuesAndIndices)


@overload
def median(input: Tensor) -> Tensor: ...
@overload
def median(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...
@method()
def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The lower of the middle values: of all elements, or `(values, indices)` along one dimension; NaN if one is NaN.

    The gradient of the median of all elements is shared between equals.

    Examples:
        >>> tt.tensor([3.0, 1.0, 2.0, 4.0]).median()
        tensor(2.)
    """
    if dim is None:
        return _of_all(input, False)
    return Median(_median(input, dim, keepdim, False))


@overload
def nanmedian(input: Tensor) -> Tensor: ...
@overload
def nanmedian(input: Tensor, dim: int, keepdim: bool = False) -> ValuesAndIndices: ...
@method()
def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The median of the elements that are not NaN.

    Examples:
        >>> tt.tensor([3.0, tt.nan, 1.0]).nanmedian()
        tensor(1.)
    """
    if dim is None:
        return _of_all(input, True)
    return Nanmedian(_median(input, dim, keepdim, True))


@primitive(raw=True)
def _median(input: Tensor, dim: int, keepdim: bool, ignore_nan: bool) -> Any:
    shape = input.shape
    values, indices = C.median(input, dim, keepdim, ignore_nan)
    return (values, indices), lambda g, _: put_back(g, indices, dim, keepdim, shape)


def _of_all(input: Any, ignore_nan: bool) -> Any:
    if input.numel() == 0:
        return input.new_full((), float("nan") if input.dtype.is_floating_point else 0)
    return _middle(input, ignore_nan)


@primitive
def _middle(input: Tensor, ignore_nan: bool) -> Any:
    y = C.median(C.reshape(input, -1), 0, False, ignore_nan)[0]
    return y, vjp(share, input, y, (), False)


@primitive(raw=True)
def _mode(input: Tensor, dim: int, keepdim: bool) -> Any:
    shape = input.shape
    values, indices = C.mode(input, dim, keepdim)
    return (values, indices), lambda g, _: put_back(g, indices, dim, keepdim, shape)


@method()
def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> ValuesAndIndices:
    """`(values, indices)` of the most frequent element along one dimension, the smallest of several.

    Examples:
        >>> tt.tensor([[2, 3, 3], [1, 1, 0]]).mode(1).values
        tensor([3, 1])
    """
    return Mode(_mode(input, dim, keepdim))


@method()
def quantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """The value below which the share `q` of the elements lies: of all, or along one dimension; NaN if one is NaN.

    Args:
        input: float32 or float64.
        q: in [0, 1]: a number, or a vector, which becomes the first dimension of the result.
        dim: None for all elements.
        keepdim: leave the dimension with size 1.
        interpolation: between two elements "linear", or "lower", "higher", "nearest", "midpoint".

    Raises:
        RuntimeError: the dtype is not floating, nothing is left to choose from, or q is not in [0, 1].
        ValueError: the interpolation is none of these.

    Examples:
        >>> tt.tensor([1.0, 2.0, 3.0, 4.0]).quantile(0.5)
        tensor(2.5000)
        >>> tt.quantile(tt.arange(5.0), tt.tensor([0.25, 0.75]))
        tensor([1., 3.])
    """
    return _quantile("quantile", input, q, dim, keepdim, interpolation, False)


@method()
def nanquantile(
    input: Tensor, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """`quantile` of the elements that are not NaN.

    Examples:
        >>> tt.tensor([1.0, tt.nan, 3.0]).nanquantile(0.5)
        tensor(2.)
    """
    return _quantile("nanquantile", input, q, dim, keepdim, interpolation, True)


def _quantile(name: str, x: Any, q: Any, dim: int | None, keepdim: bool, interpolation: str, ignore_nan: bool) -> Any:
    if not x.dtype.is_floating_point:
        raise RuntimeError(f"{name}() input tensor must be either float or double dtype")
    if interpolation not in ("linear", "lower", "higher", "midpoint", "nearest"):
        raise RuntimeError(
            f"{name}() interpolation must be one of linear, lower, higher, midpoint or nearest, but got {interpolation}"
        )
    if not isinstance(q, Tensor):
        if not 0 <= q <= 1:
            raise RuntimeError(f"{name}() q must be in the range [0, 1] but got {q}")
        q = tensor(float(q), dtype=x.dtype)
    if q.ndim > 1:
        raise RuntimeError(f"{name}() q must be a scalar or 1D tensor")
    if q.dtype != x.dtype:
        raise RuntimeError(f"{name}() q tensor must be same dtype as the input tensor")
    if not bool(((q >= 0) & (q <= 1)).all()):
        raise RuntimeError(f"{name}() q values must be in the range [0, 1]")
    if x.numel() == 0:
        raise RuntimeError(f"{name}() input tensor must be non-empty")
    ndim = x.ndim
    if dim is None:
        d, rows = 0, x.reshape(-1)
    else:
        d = wrap_dim(dim, ndim)
        rows = x.unsqueeze(0).transpose(0, -1).squeeze(-1) if ndim == 0 else x.movedim(d, -1)
    rows = rows.reshape(1) if rows.ndim == 0 else rows
    result = _interpolated(rows.sort(-1).values, q.reshape(-1), interpolation, ignore_nan)
    if keepdim and ndim:
        shape = [1] * ndim if dim is None else list(x.shape)
        shape[d] = 1
        result = result.reshape(*shape, result.shape[-1])
    return result.movedim(-1, 0) if q.ndim else result.squeeze(-1)


def _interpolated(values: Any, q: Any, interpolation: str, ignore_nan: bool) -> Any:
    """Sorted rows, NaN last, at the quantiles q: one more column for each."""
    n = values.shape[-1]
    if ignore_nan:
        counts = n - values.detach().isnan().sum(-1, True)
        rank = (q * (counts - 1).to(q.dtype)).clamp(min=0)
    else:
        rank = (q * (n - 1)).expand(*values.shape[:-1], q.shape[0])
        rank = rank.masked_fill(values.detach().narrow(-1, n - 1, 1).isnan(), n - 1)
    if interpolation == "nearest":
        rank = rank.round()
    below = rank.detach().ceil() if interpolation == "higher" else rank.detach().floor()
    low = values.gather(-1, below.long())
    if interpolation not in ("linear", "midpoint"):
        return low
    high = values.gather(-1, rank.detach().ceil().long())
    return low.lerp(high, (rank - below) if interpolation == "linear" else below * 0 + 0.5)
