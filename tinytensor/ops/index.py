"""Reading and writing at chosen places: subscripts and index_*.

Two pairs of raw ops carry everything here, each the gradient of the other: `subscript` and `subscript_backward` for
integers and slices, which make views; `index` and `index_backward` for index tensors over any of the dimensions.
"""

from __future__ import annotations

from math import prod
from typing import Any

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..history import in_place
from ..tensor import Tensor, method, primitive
from .gather import fits, masked_fill, masked_take
from .view import select, wrap_dim

__all__ = [
    "index_add", "index_copy", "index_fill", "index_put", "index_select", "put", "take",
]  # fmt: skip

INTEGERS = "int64", "int32"
_ALL = slice(None)

# ---- subscripts ----


def _subscript(op: str) -> Any:
    """The primitive x[key], a view, of a key of integers, slices, None and Ellipsis; the op's name is its node's."""

    def view(x: Any, key: Any) -> Any:
        sizes = x.shape
        return C.subscript(x, key), vjp(C.subscript_backward, key, sizes)

    view.__name__ = op
    return primitive(view)


subscript = _subscript("subscript")
subscript_select, subscript_unsqueeze = _subscript("subscript_select"), _subscript("subscript_unsqueeze")


def _window(x: Any, key: Any) -> Any:
    """The view x[key], of whose node the name is that of the last part of the key, full slices aside."""
    last = next((part for part in reversed(key) if part != _ALL), _ALL)
    view = subscript_unsqueeze if last is None else subscript if type(last) is slice else subscript_select
    return view(x, key)


@primitive
def subscript_backward(g: Any, key: Any, sizes: Any) -> Any:
    """Zeros of the given sizes with g written at key."""
    return C.subscript_backward(g, key, sizes), vjp(C.subscript, key)


@primitive(raw=True)
def index(x: Any, indices: Any, dims: Any, wrap: bool) -> Any:
    """The elements of x at index tensors that stand for the dimensions `dims`; negative indices count if `wrap`."""
    sizes = x.shape
    return C.index(x, indices, dims, wrap), vjp(C.index_backward, indices, dims, wrap, sizes)


@primitive
def index_backward(g: Any, indices: Any, dims: Any, wrap: bool, sizes: Any) -> Any:
    """Zeros of the given sizes to which g is added at the index tensors, in their order."""
    return C.index_backward(g, indices, dims, wrap, sizes), vjp(C.index, indices, dims, wrap)


@primitive(raw=True)
def index_write(x: Any, value: Any, indices: Any, dims: Any, wrap: bool, accumulate: bool) -> Any:
    """A copy of x with value written, or added, at index tensors that stand for the dimensions `dims`."""
    y = C.index_write(x, value, indices, dims, wrap, accumulate)
    if accumulate:
        return y, lambda g: g, vjp(C.index, indices, dims, wrap)
    return (
        y,
        vjp(C.index_write, 0, indices, dims, wrap, False),
        vjp(C.index, indices, dims, wrap),
    )


_read = index
_write_ = in_place(
    "index_put_",
    index_write,
    lambda x, value, indices, dims, wrap, accumulate: C.index_write(x, value, indices, dims, wrap, accumulate, out=x),
)
_FIRST = (0,)


def _get(x: Any, key: Any) -> Any:
    """x[key], recorded."""
    if type(key) is int and x.ndim:
        return select(x, 0, key)
    if type(key) is Tensor and key.dtype is _C.bool and key.shape == x.shape and x.ndim:
        return masked_take(x, key, C.nonzero_count(key).item())
    basic, indices, dims, _ = _C.split_key(x, key)
    if basic is not None:
        x = _window(x, basic)
    return index(x, indices, dims, True) if indices else x


def _set(x: Any, key: Any, value: Any) -> None:
    """x[key] = value, recorded."""
    basic, indices, dims, by_mask = _C.split_key(x, key)
    window = x if basic is None else subscript(x, basic)
    if not isinstance(value, Tensor):
        if indices:
            _write_(window, value, indices, dims, True, False)
        else:
            window.fill_(value)
        return
    ndim = window.ndim - len(indices) + max((at.ndim for at in indices), default=0)
    while value.ndim > ndim and value.shape[0] == 1:
        value = value.squeeze(0)
    if by_mask and value.numel() == 1:
        fits(value.reshape(()), x)
    if indices:
        _write_(window, value.to(x.dtype) if value.numel() == 1 else value, indices, dims, True, False)
    else:
        window.copy_(value)


_C.register_subscripts(_get, _set)


@method(inplace=True)
def index_put(input: Tensor, indices: Any, values: Any, accumulate: bool = False) -> Tensor:
    """`input` with `values` written, or added, where `input[indices]` reads.

    Repeated places are added to one after the other; without `accumulate` the last one stays.

    Raises:
        IndexError: an index is out of range, or the index tensors do not broadcast together.
        RuntimeError: `values` does not broadcast to `input[indices]`, or has another dtype.

    Examples:
        >>> tt.zeros(3).index_put((tt.tensor([0, 2]),), tt.tensor([1.0, 2.0]))
        tensor([1., 0., 2.])
    """
    if len(indices) > input.ndim:
        raise IndexError(f"too many indices for tensor of dimension {input.ndim} (got {len(indices)})")
    if len(indices) == 1 and not accumulate and values.numel() == 1 and _is_mask_of(indices[0], input):
        mask = indices[0].reshape(indices[0].shape + (1,) * (input.ndim - indices[0].ndim))
        return masked_fill(input, mask, values.reshape(()))  # of any dtype
    key = tuple(slice(None) if i is None else i for i in indices)
    basic, at, dims, _ = _C.split_key(input, key)
    if basic is not None:  # 0-d index tensors: as vectors of one they stay index tensors
        return index_put(input, [i if i is None else i.reshape(1) for i in indices], values, accumulate)
    return index_write(input, values, at, dims, True, accumulate)


def _is_mask_of(index: Any, x: Tensor) -> bool:
    """Whether it is a mask, or bytes in its place, of the leading dimensions of x."""
    is_mask = isinstance(index, Tensor) and index.dtype in (_C.bool, _C.uint8)
    return is_mask and index.shape == x.shape[: index.ndim]


# ---- a vector of indices for one dimension ----


def _vector(name: str, index: Any) -> Any:
    if index.ndim > 1:
        raise IndexError(f"{name}(): Index is supposed to be a vector, but got dim: {index.ndim}")
    if index.dtype.name not in INTEGERS:
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index, got {index.dtype}")
    return index if index.ndim else index.reshape(1)


def _check_range(at: Any, size: int) -> None:
    """What the kernel would say of the indices into this size, had it an element to read."""
    if not size:
        raise RuntimeError("index_select(): the dimension that is indexed has size 0")
    low, high = int(C.amin(at, (0,), False)), int(C.amax(at, (0,), False))
    if low < 0 or high >= size:
        raise RuntimeError(f"index_select(): index {low if low < 0 else high} is out of bounds for size {size}")


@method()
@primitive
def index_select(input: Tensor, dim: int, index: Tensor) -> Any:
    """The slices of `input` along `dim` that the vector `index` names, in its order.

    Examples:
        >>> tt.index_select(tt.eye(3), 0, tt.tensor([2, 2]))
        tensor([[0., 0., 1.],
                [0., 0., 1.]])
    """
    sizes = input.shape
    at = _vector("index_select", index)
    dims = (wrap_dim(dim, input.ndim),)
    if len(sizes) > 1 and not prod(sizes) and at.numel():
        _check_range(at, sizes[dims[0]])
    if not sizes:
        return C.reshape(C.index(C.reshape(input, 1), (at,), dims, False), ()), lambda g: g
    return C.index(input, (at,), dims, False), lambda g: C.index_backward(g, (at,), dims, False, sizes)


def _along(name: str, input: Any, dim: int, index: Any, source: Any, most: int = 0) -> Any:
    """The index as a vector and the dimension counted from the front, once source is seen to fit.

    Into a 0-d tensor goes a source of at most `most` dimensions.
    """
    at, d = _vector(name, index), wrap_dim(dim, input.ndim)
    if source.dtype != input.dtype:
        raise RuntimeError(
            f"{name}(): self and source expected to have the same dtype, but got {input.dtype} and {source.dtype}"
        )
    expected = tuple(at.numel() if k == d else n for k, n in enumerate(input.shape))
    if tuple(source.shape) != expected if input.ndim else source.ndim > most or source.numel() != at.numel():
        raise RuntimeError(
            f"{name}(): source of shape {tuple(source.shape)} for {at.numel()} indices along dimension {d} of a tensor "
            f"of shape {tuple(input.shape)}"
        )
    return at, d


def _write_along(input: Any, source: Any, at: Any, d: int, accumulate: bool) -> Any:
    if input.ndim:
        return index_write(input, source, (at,), (d,), False, accumulate)
    return index_write(input.reshape(1), source.reshape(-1), (at,), (0,), False, accumulate).reshape(())


@method(inplace=True)
def index_add(input: Tensor, dim: int, index: Tensor, source: Any, *, alpha: Any = 1) -> Tensor:
    """`input` with `alpha * source` added to the slices along `dim` that `index` names, one after the other.

    Examples:
        >>> tt.zeros(3).index_add(0, tt.tensor([0, 2, 2]), tt.ones(3))
        tensor([1., 0., 2.])
    """
    at, d = _along("index_add", input, dim, index, source)
    if alpha != 1:
        _C.check_number(alpha, input.dtype)
        source = source * input.new_full((), alpha)
    return _write_along(input, source, at, d, True)


@method(inplace=True)
def index_copy(input: Tensor, dim: int, index: Tensor, source: Any) -> Tensor:
    """`input` with the slices along `dim` that `index` names replaced by those of `source`.

    Examples:
        >>> tt.zeros(3).index_copy(0, tt.tensor([2, 0]), tt.tensor([1.0, 2.0]))
        tensor([2., 0., 1.])
    """
    if index.dtype.name != "int64":
        raise RuntimeError(f"index_copy(): Expected a long tensor for index, but got {index.dtype}")
    if not source.ndim and input.ndim == 1:
        source = source.reshape(1)
    at, d = _along("index_copy", input, dim, index, source, most=1)
    return _write_along(input, source, at, d, False)


@method(inplace=True)
def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """`input` with `value` in the slices along `dim` that `index` names.

    Examples:
        >>> tt.zeros(2, 3).index_fill(1, tt.tensor([0, 2]), 1)
        tensor([[1., 0., 1.],
                [1., 0., 1.]])
    """
    if index.dtype.name != "int64":
        raise IndexError(f"index_fill(): Expected dtype int64 for index, got {index.dtype}")
    at, d = _vector("index_fill", index), wrap_dim(dim, input.ndim)
    if isinstance(value, Tensor):
        if value.ndim:
            raise RuntimeError(
                f"index_fill_ only supports a 0-dimensional value tensor, but got {value.ndim} dimension(s)."
            )
        value = fits(value, input).to(input.dtype)
        at = at.where(at >= 0, at + (input.shape[d] if input.ndim else 1)).unique()  # its gradient counts a place once
    if input.ndim:
        return index_write(input, value, (at,), (d,), True, False)
    return index_write(input.reshape(1), value, (at,), (0,), True, False).reshape(())


# ---- as if flat ----


@method()
def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements of `input`, read as one long vector, at `index`; of the shape of `index`.

    Examples:
        >>> tt.tensor([[4, 3], [2, 1]]).take(tt.tensor([0, 3]))
        tensor([4, 1])
    """
    if index.dtype.name != "int64":
        raise RuntimeError(f"take(): Expected a long tensor for index, but got {index.dtype}")
    return _read(input.reshape(-1), (index,), _FIRST, True)


@method(inplace=True)
def put(input: Tensor, index: Tensor, source: Any, accumulate: bool = False) -> Tensor:
    """`input` with `source` written, or added, at `index` of its elements read as one long vector.

    Examples:
        >>> tt.zeros(2, 2).put(tt.tensor([1, 2]), tt.tensor([5.0, 6.0]))
        tensor([[0., 5.],
                [6., 0.]])
    """
    if index.dtype.name != "int64":
        raise RuntimeError(f"put_(): Expected a long tensor for index, but got {index.dtype}")
    if index.numel() != source.numel():
        raise IndexError(
            f"put_(): Expected source and index to have the same number of elements, but got "
            f"{source.numel()} and {index.numel()}"
        )
    flat = index_write(input.reshape(-1), source.reshape(-1), (index.reshape(-1),), _FIRST, True, accumulate)
    return flat.reshape(input.shape)
