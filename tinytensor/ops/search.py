"""Search among sorted values, and counting: bucketize, isin, histograms."""

from __future__ import annotations

import math
from typing import Any

from .. import _C
from .._C import ops as C
from ..modes import is_grad_enabled
from ..tensor import Tensor, method
from .ranges import linspace
from .results import HistogramAndEdges, result_type

__all__ = ["bincount", "bucketize", "histc", "histogram", "isin", "searchsorted", "unravel_index"]

Histogram = result_type("histogram", HistogramAndEdges)

# ---- searching ----


def searchsorted(
    sorted_sequence: Any,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Any = None,
) -> Tensor:
    """Where each value of `input` would be inserted to keep each row of `sorted_sequence` in order.

    Args:
        sorted_sequence: a sorted vector for all values, or one row for each row of values.
        input: a tensor, or a number.
        out_int32: whether the indices are int32.
        right: whether a value goes behind the elements that equal it.
        side: "left" or "right", another way to say it.
        sorter: indices that sort a sequence which is not sorted.

    Examples:
        >>> tt.searchsorted(tt.tensor([1, 3, 5]), tt.tensor([0, 3, 9]))
        tensor([0, 1, 3])
    """
    if side not in (None, "left", "right"):
        raise RuntimeError(f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}")
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True"
        )
    if sorter is not None:
        if sorter.shape != sorted_sequence.shape:
            raise RuntimeError(
                f"torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor "
                f"{list(sorted_sequence.shape)} and got sorter tensor {list(sorter.shape)}"
            )
        if sorter.dtype.name != "int64":
            raise RuntimeError(
                f"torch.searchsorted(): sorter must be a tensor of long dtype but got dtype {sorter.dtype}"
            )
        sorted_sequence = sorted_sequence.gather(-1, sorter)
    places = C.searchsorted(sorted_sequence, input, right or side == "right")
    return places.to(_C.int32) if out_int32 else places


def bucketize(input: Tensor, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Tensor:
    """The bucket between sorted `boundaries` (a vector) that each value falls into, as indices shaped as `input`.

    Examples:
        >>> tt.bucketize(tt.tensor([0, 3, 9]), tt.tensor([1, 3, 5]))
        tensor([0, 1, 3])
    """
    if boundaries.ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries.ndim})")
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def isin(elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False) -> Tensor:
    """Whether each element occurs among `test_elements`; with `invert` whether it does not.

    Examples:
        >>> tt.isin(tt.tensor([1, 2, 3]), tt.tensor([1, 3]))
        tensor([ True, False,  True])
    """
    if not isinstance(elements, Tensor):
        elements = _C.from_sequence(elements, None)
    tests = test_elements if isinstance(test_elements, Tensor) else _C.from_sequence(test_elements, None)
    if _C.bool in (elements.dtype, tests.dtype):
        raise RuntimeError("Unsupported input type encountered for isin(): Bool")
    if not tests.numel():
        return C.full(invert, elements.shape, _C.bool)
    ordered = C.sort(C.reshape(tests, -1), 0, False)[0]
    places = C.clamp(C.searchsorted(ordered, elements, False), 0, ordered.numel() - 1)
    same = C.ne if invert else C.eq
    return same(C.index(ordered, (places,), (0,), False), elements)


def unravel_index(indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """The coordinates, one tensor for each dimension of `shape`, of positions in the flattened tensor.

    Positions beyond the last element count on from the first.

    Raises:
        TypeError: the indices are not of an integral dtype.
        ValueError: a size is negative.

    Examples:
        >>> tt.unravel_index(tt.tensor([1, 5]), (2, 3))
        (tensor([0, 1]), tensor([1, 2]))
    """
    if indices.dtype.is_floating_point or indices.dtype is _C.bool:
        raise TypeError(f"expected 'indices' to be integer dtype, but got {indices.dtype}")
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    if any(size < 0 for size in sizes):
        raise ValueError(f"'shape' cannot have negative values, but got {sizes}")
    indices = indices.long()
    strides = [math.prod(sizes[d + 1 :]) for d in range(len(sizes))]
    return tuple(indices.div(stride, rounding_mode="floor") % size for stride, size in zip(strides, sizes, strict=True))


# ---- counting ----


@method()
def bincount(input: Tensor, weights: Any = None, minlength: int = 0) -> Tensor:
    """How often each of 0, 1, 2, ... occurs in a vector of integers, or the sum of the weights where it does.

    Examples:
        >>> tt.bincount(tt.tensor([0, 2, 2]))
        tensor([1, 0, 2])
    """
    if input.ndim != 1 or (input.numel() and input.dtype.is_floating_point):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if weights is not None and weights.shape != input.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    bins = minlength
    if input.numel():
        if input.min().item() < 0:
            raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
        bins = max(bins, int(input.max().item()) + 1)
    return C.bincount(input, weights, bins)


def _range(name: str, x: Any, low: Any, high: Any, margin: float) -> tuple[float, float]:
    """The range of the bins: that of the elements where none is given, `margin` around the only value."""
    if low > high:
        raise RuntimeError(f"{name}: max must be larger than min")
    if low == high and x.numel():
        low, high = x.min().item(), x.max().item()
    if low == high:
        low, high = low - margin, high + margin
    if not abs(low) < float("inf") or not abs(high) < float("inf"):
        raise RuntimeError(f"{name}: range of [{low}, {high}] is not finite")
    return low, high


@method()
def histc(input: Tensor, bins: int = 100, min: float = 0, max: float = 0) -> Tensor:
    """How many elements fall into each of `bins` equal bins from `min` to `max` (by default those of the elements).

    Examples:
        >>> tt.histc(tt.tensor([0.0, 1.0, 1.5, 3.0]), bins=3)
        tensor([1., 2., 1.])
    """
    if bins <= 0:
        raise RuntimeError("bins must be > 0")
    low, high = _range("torch.histc", input.detach(), min, max, 1)
    return C.histc(input.detach(), bins, low, high)


@method()
def histogram(
    input: Tensor, bins: Any = 100, *, range: Any = None, weight: Any = None, density: bool = False
) -> HistogramAndEdges:
    """Counts (or sums of weights) in bins, a number of equal ones or between given edges; and the edges.

    Shapes: any -> (bins,) and (bins + 1,).

    With `density` divided by the total and by the width of the bins.

    Examples:
        >>> tt.histogram(tt.tensor([0.0, 1.0, 1.5, 3.0]), 3).hist
        tensor([1., 2., 1.])
    """
    if input.requires_grad and is_grad_enabled():
        raise RuntimeError("derivative for aten::histogram is not implemented")
    x = input.detach().reshape(-1)
    if not x.dtype.is_floating_point:
        raise NotImplementedError(f"histogram is not implemented for {x.dtype}")
    if isinstance(bins, Tensor):
        edges = bins
    else:
        span = range or (0, int(not x.numel()))
        low, high = _range("torch.histogram", x, span[0], span[1], 0.5)
        edges = linspace(low, high, bins + 1, dtype=x.dtype)
    n = edges.numel() - 1
    inside = (x >= edges[0]) & (x <= edges[-1])
    places = (C.searchsorted(edges, x, True) - 1).clamp(max=n - 1)
    amounts = C.full(1, x.shape, x.dtype) if weight is None else weight.reshape(-1)
    hist = C.bincount(places[inside], amounts[inside], n).to(x.dtype)
    if density:
        hist = hist / (hist.sum() * (edges[1:] - edges[:-1]))
    return Histogram((hist, edges))
