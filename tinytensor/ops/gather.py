"""Reading and writing along one dimension, and by masks."""

from __future__ import annotations

from typing import Any, Literal, overload

from .._C import check_number, vjp
from .._C import ops as C
from ..tensor import Tensor, method, primitive, primitives
from .broadcast import broadcast_shapes
from .view import wrap_dim

__all__ = [
    "argwhere", "gather", "index_reduce", "masked_fill", "masked_scatter", "masked_select", "nonzero", "scatter",
    "scatter_add", "scatter_reduce", "take_along_dim",
]  # fmt: skip

# ---- along one dimension ----


@method()
@primitive
def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Any:
    """Elements of `input` along `dim`: `y[i, j] = input[index[i, j], j]` for `dim=0`; of the shape of `index`.

    Args:
        input: the tensor to read.
        dim: the dimension to which the indices refer.
        index: int64 or int32, with as many dimensions as `input` and no longer in any other than `dim`.
        sparse_grad: gradients are always dense.

    Raises:
        IndexError: an index is out of range.
        RuntimeError: the shape or dtype of `index` does not fit.

    Examples:
        >>> tt.tensor([[1, 2], [3, 4]]).gather(1, tt.tensor([[0, 0], [1, 0]]))
        tensor([[1, 1],
                [4, 3]])
    """
    sizes = input.shape
    return C.gather_along(input, index, dim), vjp(C.gather_backward, index, dim, sizes)


@primitive
def gather_backward(g: Any, index: Any, dim: int, sizes: Any) -> Any:
    """Zeros of the given sizes to which g is added where gather reads."""
    return C.gather_backward(g, index, dim, sizes), vjp(C.gather_along, index, dim)


primitives["gather_along"] = lambda x, index, dim: gather(x, dim, index)

ASSIGN, ADD, MULTIPLY, MAXIMUM, MINIMUM = range(5)


@primitive
def scatter_along(x: Any, index: Any, source: Any, dim: int, how: int) -> Any:
    """A copy of x with source assigned to, added to or multiplied with the elements that index names along dim."""
    y = C.scatter_along(x, index, source, dim, how)
    if how == ADD:
        return y, lambda g: g, None, vjp(_read_back, index, source, dim)
    if how == ASSIGN:
        return (
            y,
            vjp(C.scatter_along, index, 0, dim, ASSIGN),
            None,
            vjp(_read_back, index, source, dim),
        )
    return y


def _read_back(g: Any, index: Any, source: Any, dim: int) -> Any:
    """The gradient of a source, whose elements beyond the shape of index are not used."""
    read = C.gather_along(g, index, dim)
    if read.shape == source.shape:
        return read
    if not read.numel():  # of any number of dimensions
        return C.full(0, source.shape, g.dtype)
    if not source.ndim:  # a 0-d source counts as a vector of one
        return C.reshape(read, ())
    pad = [p for n, m in zip(source.shape[::-1], read.shape[::-1], strict=True) for p in (0, n - m)]
    return C.pad_constant(read, 0, pad)


_REDUCE = {None: ASSIGN, "add": ADD, "multiply": MULTIPLY}


@method(inplace=True)
def scatter(
    input: Tensor, dim: int, index: Tensor, src: Any = None, value: Any = None, *, reduce: str | None = None
) -> Tensor:
    """`input` with `src`, a tensor or number, written where `gather(dim, index)` reads.

    Args:
        input: the tensor to copy.
        dim: the dimension to which the indices refer.
        index: int64 or int32, no longer than `input` in any dimension but `dim`.
        src: a tensor as long as `index` at least, or a number.
        value: a number, in place of `src`.
        reduce: None to replace, or "add" or "multiply".

    Examples:
        >>> tt.zeros(2, 3).scatter(1, tt.tensor([[2], [0]]), 1.0)
        tensor([[0., 0., 1.],
                [1., 0., 0.]])
    """
    if reduce not in _REDUCE:
        raise RuntimeError("reduce argument must be either add or multiply.")
    return scatter_along(input, index, value if src is None else src, dim, _REDUCE[reduce])


@method(inplace=True)
def scatter_add(input: Tensor, dim: int, index: Tensor, src: Any) -> Tensor:
    """`input` with `src` added where `gather(dim, index)` reads, element after element.

    Examples:
        >>> tt.zeros(3).scatter_add(0, tt.tensor([0, 2, 2]), tt.tensor([1.0, 2.0, 3.0]))
        tensor([1., 0., 5.])
    """
    return scatter_along(input, index, src, dim, ADD)


_HOW = {"sum": ADD, "prod": MULTIPLY, "mean": ADD, "amax": MAXIMUM, "amin": MINIMUM}


@method(inplace=True)
def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Any, reduce: str, *, include_self: bool = True
) -> Tensor:
    """`input` with the elements of `src` that go to one place reduced: by "sum", "prod", "mean", "amax" or "amin".

    `include_self` tells whether the element of `input` in that place takes part.

    Examples:
        >>> tt.zeros(2).scatter_reduce(0, tt.tensor([0, 1, 1]), tt.tensor([1.0, 2.0, 3.0]), "amax")
        tensor([1., 3.])
    """
    if reduce not in _HOW:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}.")
    if isinstance(src, Tensor) and src.ndim == index.ndim and src.shape != index.shape:
        src = src[tuple(map(slice, index.shape))]  # the rest is not used
    return _scatter_reduce(input, dim, index, src, reduce, include_self)


@primitive
def _scatter_reduce(input: Any, dim: int, index: Any, src: Any, reduce: str, include_self: bool) -> Any:
    start = input if include_self else C.scatter_along(input, index, _neutral(reduce, input.dtype), dim, ASSIGN)
    y = C.scatter_along(start, index, src, dim, _HOW[reduce])
    if reduce == "mean":
        counts = _counts(input, dim, index, src, include_self)
        y = y / counts if y.dtype.is_floating_point else y.div(counts, rounding_mode="floor").to(y.dtype)

    if reduce == "sum":
        return y, vjp(_of_self, dim, index, include_self), None, None, lambda g: g.gather(dim, index)
    if reduce == "mean":
        return (
            y,
            lambda g: _of_self(g / counts, dim, index, include_self),
            None,
            None,
            lambda g: (g / counts).gather(dim, index),
        )
    if reduce == "prod":
        return (
            y,
            lambda g: _of_self(_prod_of_self(g, input, dim, index, src, include_self), dim, index, include_self),
            None,
            None,
            vjp(_prod_of_src, input, dim, index, src, y, include_self),
        )
    return (
        y,
        lambda g: _of_self(_extreme_of_self(g, input, dim, index, src, y), dim, index, include_self),
        None,
        None,
        vjp(_extreme_of_src, input, dim, index, src, y),
    )


def _of_self(g: Any, dim: int, index: Any, include_self: bool) -> Any:
    return g if include_self else g.scatter(dim, index, 0)


def _extreme_of_self(g: Any, x: Any, dim: int, index: Any, src: Any, y: Any) -> Any:
    """Equal extremes share the gradient."""
    mine = (x == y).to(g.dtype)
    theirs = (src == y.gather(dim, index)).to(g.dtype)
    return mine * g / mine.scatter_add(dim, index, theirs)


def _extreme_of_src(g: Any, x: Any, dim: int, index: Any, src: Any, y: Any) -> Any:
    mine = (x == y).to(g.dtype)
    theirs = (src == y.gather(dim, index)).to(g.dtype)
    return theirs * (g / mine.scatter_add(dim, index, theirs)).gather(dim, index)


def _neutral(reduce: str, dtype: Any) -> Any:
    if reduce in ("sum", "mean", "prod"):
        return int(reduce == "prod")
    if dtype.is_floating_point:
        return float("-inf") if reduce == "amax" else float("inf")
    if dtype.name == "bool":
        return reduce == "amin"
    bits = 8 * dtype.itemsize - (dtype.name != "uint8")
    lowest = 0 if dtype.name == "uint8" else -(2**bits)
    return lowest if reduce == "amax" else 2**bits - 1


def _counts(input: Any, dim: int, index: Any, src: Any, include_self: bool) -> Any:
    """How many elements each mean is taken over; 1 where there are none."""
    ones = C.full(1, index.shape, input.dtype)
    counts = C.scatter_along(C.full(int(include_self), input.shape, input.dtype), index, ones, dim, ADD)
    return C.masked_fill(counts, counts == 0, 1)


def _prod_of_self(g: Any, x: Any, dim: int, index: Any, src: Any, include_self: bool) -> Any:
    nonzero_x = x.masked_fill(x == 0, 1)
    return g * _scatter_reduce(nonzero_x, dim, index, src, "prod", include_self) / nonzero_x


def _prod_of_src(g: Any, x: Any, dim: int, index: Any, src: Any, y: Any, include_self: bool) -> Any:
    """Where one factor is zero, only it has a gradient: the product of the others."""
    zero = src == 0
    zeros = C.full(0, x.shape, x.dtype).scatter_add(dim, index, zero.to(x.dtype)).gather(dim, index)
    single = zero & (zeros == 1)
    others = _scatter_reduce(x, dim, index, src.masked_fill(single, 1), "prod", include_self)
    at_single = (g * others).gather(dim, index)
    elsewhere = (g * y).gather(dim, index) / src.masked_fill(zero, 1)
    return at_single.where(single, elsewhere)


@method(inplace=True)
def index_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """`scatter_reduce` of whole slices along `dim`: those of `source` go to the places that `index`, a vector, names.

    Args:
        input: where they go.
        dim: along which dimension.
        index: of the size of `source` along `dim`.
        source: of the shape of `input` but for `dim`.
        reduce: "prod", "mean", "amax" or "amin".
        include_self: whether what `input` has in such a place takes part.

    Raises:
        RuntimeError: there is no such reduction, or shapes or dtypes do not fit.

    Examples:
        >>> tt.ones(2, 2).index_reduce(0, tt.tensor([1, 1]), tt.tensor([[2.0, 3.0], [4.0, 5.0]]), "prod")
        tensor([[ 1.,  1.],
                [ 8., 15.]])
    """
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise RuntimeError(f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {reduce}.")
    if index.ndim > 1:
        raise IndexError("index_reduce(): Index is supposed to be a vector")
    if index.dtype.name not in ("int64", "int32"):
        raise RuntimeError("index_reduce(): Expected dtype int32/int64 for index")
    if source.dtype is not input.dtype:
        raise RuntimeError("index_reduce(): self and source expected to have the same dtype")
    d = wrap_dim(dim, input.ndim)
    shape = (*input.shape[:d], index.numel(), *input.shape[d + 1 :]) if input.ndim else source.shape
    if source.shape != shape or (not input.ndim and index.numel() != source.numel()):
        raise RuntimeError(
            f"index_reduce(): shapes do not fit: self {tuple(input.shape)}, index {tuple(index.shape)}, "
            f"source {tuple(source.shape)}, dim {dim}"
        )
    at = index.long().reshape(-1, *(1,) * (input.ndim - 1 - d)).expand(shape) if input.ndim else index.reshape(shape)
    return _scatter_reduce(input, d, at, source, reduce, include_self)


@method()
def take_along_dim(input: Tensor, indices: Any, dim: int | None = None) -> Tensor:
    """`gather` with `input` and `indices` broadcast to each other but for `dim`; over all elements without `dim`.

    Examples:
        >>> x = tt.tensor([[30, 10, 20]])
        >>> x.take_along_dim(x.argsort(1), 1)
        tensor([[10, 20, 30]])
    """
    if dim is None:
        return gather(input.reshape(-1), 0, indices.reshape(-1))
    if input.ndim != indices.ndim:
        raise RuntimeError(
            f"torch.take_along_dim(): input and indices should have the same number of dimensions, but got {input.ndim} "
            f"dimensions for input, and {indices.ndim} dimensions for indices"
        )
    if indices.dtype.name != "int64":
        raise RuntimeError(f"torch.take_along_dim(): dtype of indices should be Long but got {indices.dtype}")
    d = wrap_dim(dim, input.ndim)
    if input.ndim:
        indices = indices.where(indices >= 0, indices + input.shape[d])
    shapes = [(*t.shape[:d], 1, *t.shape[d + 1 :]) for t in (input, indices)]
    if shapes[0] != shapes[1]:
        before, after = (sizes := broadcast_shapes(*shapes))[:d], sizes[d + 1 :]
        input = input.expand(*before, input.shape[d], *after)
        indices = indices.expand(*before, indices.shape[d], *after)
    return gather(input, d, indices)


# ---- by masks ----


def fits(value: Any, input: Tensor) -> Any:
    """The value to fill with; where it is a 0-d tensor of another dtype, `input` must be able to hold it.

    Raises:
        RuntimeError: it cannot.
    """
    if isinstance(value, Tensor) and value.ndim == 0 and value.dtype is not input.dtype:
        check_number(value.item(), input.dtype)
    return value


@method(inplace=lambda x, mask, value: C.masked_fill(x, mask, fits(value, x), out=x))
@primitive
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Any:
    """`input`, with `value` where `mask` is true.

    Raises:
        RuntimeError: `mask` is not bool, or `value` is a tensor with dimensions.

    Examples:
        >>> tt.zeros(3).masked_fill(tt.tensor([True, False, True]), 5)
        tensor([5., 0., 5.])
    """
    if not isinstance(mask, Tensor):
        raise TypeError(f"masked_fill(): argument 'mask' (position 2) must be Tensor, not {type(mask).__name__}")
    return (
        C.masked_fill(input, mask, fits(value, input)),
        vjp(C.masked_fill, mask, 0),
        None,
        lambda g: C.masked_fill(g, mask.logical_not(), 0),
    )


@primitive
def masked_take(x: Any, mask: Any, count: int) -> Any:
    """The `count` elements of x where mask, of the same shape, is true."""
    sizes, dtype = x.shape, x.dtype
    return C.masked_take(x, mask, count), lambda g: C.masked_scatter(C.full(0, sizes, dtype), mask, g)


@method()
def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements of `input` where `mask` is true, as a vector; the two are broadcast to each other.

    Examples:
        >>> x = tt.arange(4)
        >>> x.masked_select(x > 1)
        tensor([2, 3])
    """
    if mask.dtype.name != "bool":
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    if input.shape != mask.shape:
        sizes = broadcast_shapes(input.shape, mask.shape)
        input, mask = input.expand(sizes), mask.expand(sizes)
    return masked_take(input, mask, C.nonzero_count(mask).item())


@primitive
def scatter_masked(x: Any, mask: Any, source: Any) -> Any:
    """x, with the elements where mask is true taken from source, one after the other."""

    def of_source(g: Any) -> Any:
        used = C.masked_take(g, mask, C.nonzero_count(mask).item())
        return C.reshape(C.pad_constant(used, 0, (0, source.numel() - used.numel())), source.shape)

    return C.masked_scatter(x, mask, source), vjp(C.masked_fill, mask, 0), None, of_source


primitives["masked_scatter"] = scatter_masked


@method(inplace=True)
def masked_scatter(input: Tensor, mask: Tensor, source: Any) -> Tensor:
    """`input`, with the elements where `mask` is true taken from `source`, one after the other.

    Examples:
        >>> tt.zeros(3).masked_scatter(tt.tensor([True, False, True]), tt.tensor([1.0, 2.0]))
        tensor([1., 0., 2.])
    """
    if input.shape != mask.shape:
        sizes = broadcast_shapes(input.shape, mask.shape)
        input, mask = input.expand(sizes), mask.expand(sizes)
    return scatter_masked(input, mask, source)


@overload
def nonzero(input: Tensor, *, as_tuple: Literal[False] = False) -> Tensor: ...
@overload
def nonzero(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...
@method()
def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The indices of all elements that are not zero, one row each; or one vector a dimension, to index with.

    Examples:
        >>> tt.tensor([[0, 3], [5, 0]]).nonzero()
        tensor([[0, 1],
                [1, 0]])
    """
    if as_tuple and not input.ndim:
        input = input.reshape(1)
    at = C.nonzero(input, C.nonzero_count(input).item())
    return tuple(C.contiguous(C.select(at, 1, d)) for d in range(input.ndim)) if as_tuple else at


@method()
def argwhere(input: Tensor) -> Tensor:
    """The indices of all elements that are not zero, one row each.

    Examples:
        >>> tt.argwhere(tt.tensor([0, 3, 5]))
        tensor([[1],
                [2]])
    """
    return nonzero(input)
