"""Putting tensors together and moving their elements about: cat, stack, pad, flip, roll, repeat, triangles."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive, primitives
from .creation import arange, broadcast_tensors
from .view import wrap_dim
from .windows import check_elements

__all__ = [
    "atleast_1d", "atleast_2d", "atleast_3d", "block_diag", "cartesian_prod", "cat", "column_stack",
    "combinations", "concat", "concatenate", "dstack", "flip", "fliplr", "flipud", "hstack", "meshgrid",
    "repeat_interleave", "roll", "rot90", "row_stack", "stack", "tile", "tril", "tril_indices", "triu",
    "triu_indices", "vstack",
]  # fmt: skip

# ---- joining ----


@primitive(joint=True)
def cat(tensors: Any, dim: int = 0) -> Any:
    """Tensors one after the other along `dim`; their other sizes are equal, their dtypes promoted.

    Raises:
        RuntimeError: no tensors, a 0-d one, or sizes that differ.
        IndexError: there is no dimension `dim`.

    Examples:
        >>> tt.cat((tt.zeros(2), tt.ones(1)))
        tensor([0., 0., 1.])
    """
    y = C.cat(tensors, dim)
    d = dim % y.ndim
    shapes = [x.shape for x in tensors]

    def vjp(g: Any) -> Any:
        parts, start = [], 0
        for shape in shapes:
            if len(shape) != g.ndim:  # a vector without elements, which joins anything
                parts.append(C.full(0, shape, g.dtype))
                continue
            parts.append(C.slice(g, d, start, start + shape[d], 1))
            start += shape[d]
        return tuple(parts)

    return y, vjp


concat = concatenate = cat


@primitive(joint=True)
def stack(tensors: Any, dim: int = 0) -> Any:
    """Tensors of one shape as the slices of a new dimension.

    Examples:
        >>> tt.stack((tt.zeros(2), tt.ones(2)), dim=1)
        tensor([[0., 1.],
                [0., 1.]])
    """
    y = C.stack(tensors, dim)
    n, d = len(tensors), dim % y.ndim
    return y, lambda g: tuple(C.select(g, d, i) for i in range(n))


def _at_least(x: Any, ndim: int) -> Any:
    if not isinstance(x, Tensor):
        raise TypeError(f"atleast_{ndim}d(): expected Tensors, but got {type(x).__name__}")
    if ndim >= 1 and x.ndim == 0:
        x = x.reshape(1)
    if ndim >= 2 and x.ndim == 1:
        x = x.unsqueeze(0)
    return x.unsqueeze(-1) if ndim >= 3 and x.ndim == 2 else x


def _each_at_least(tensors: Any, ndim: int) -> Any:
    if len(tensors) == 1 and not isinstance(tensors[0], tuple | list):
        return _at_least(tensors[0], ndim)
    return tuple(_at_least(x, ndim) for x in (tensors[0] if len(tensors) == 1 else tensors))


def atleast_1d(*tensors: Any) -> Any:
    """The tensors with one dimension at least.

    Examples:
        >>> tt.atleast_1d(tt.tensor(3))
        tensor([3])
    """
    return _each_at_least(tensors, 1)


def atleast_2d(*tensors: Any) -> Any:
    """The tensors with two dimensions at least; a vector becomes a row.

    Examples:
        >>> tt.atleast_2d(tt.tensor([1, 2]))
        tensor([[1, 2]])
    """
    return _each_at_least(tensors, 2)


def atleast_3d(*tensors: Any) -> Any:
    """The tensors with three dimensions at least; a matrix gets a last one.

    Examples:
        >>> tt.atleast_3d(tt.zeros(2, 3)).shape
        torch.Size([2, 3, 1])
    """
    return _each_at_least(tensors, 3)


def _some(name: str, tensors: Any) -> Any:
    if not tensors:
        raise RuntimeError(f"{name} expects a non-empty TensorList")
    return tensors


def hstack(tensors: Any) -> Tensor:
    """Side by side: along the second dimension, the only one of vectors.

    Examples:
        >>> tt.hstack((tt.tensor([1, 2]), tt.tensor([3])))
        tensor([1, 2, 3])
    """
    parts = [_at_least(x, 1) for x in _some("hstack", tensors)]
    return cat(parts, 0 if parts[0].ndim == 1 else 1)


def vstack(tensors: Any) -> Tensor:
    """One above the other: along the first dimension, vectors as rows.

    Examples:
        >>> tt.vstack((tt.tensor([1, 2]), tt.tensor([3, 4])))
        tensor([[1, 2],
                [3, 4]])
    """
    return cat([_at_least(x, 2) for x in _some("vstack", tensors)], 0)


row_stack = vstack


def dstack(tensors: Any) -> Tensor:
    """Behind each other: along the third dimension.

    Examples:
        >>> tt.dstack((tt.tensor([1, 2]), tt.tensor([3, 4])))
        tensor([[[1, 3],
                 [2, 4]]])
    """
    return cat([_at_least(x, 3) for x in _some("dstack", tensors)], 2)


def column_stack(tensors: Any) -> Tensor:
    """Side by side, vectors as columns.

    Examples:
        >>> tt.column_stack((tt.tensor([1, 2]), tt.tensor([3, 4])))
        tensor([[1, 3],
                [2, 4]])
    """
    parts = _some("column_stack", tensors)
    return cat([x.reshape(x.numel(), 1) if x.ndim <= 1 else x for x in parts], 1)


def block_diag(*tensors: Any) -> Tensor:
    """The matrix with the given ones along its diagonal, zero elsewhere.

    Examples:
        >>> tt.block_diag(tt.tensor([[1, 2]]), tt.tensor([3]))
        tensor([[1, 2, 0],
                [0, 0, 3]])
    """
    if not tensors:
        return _C.empty((1, 0), _C.get_default_dtype())
    blocks = [_at_least(x, 2) for x in tensors]
    for i, x in enumerate(blocks):
        if x.ndim > 2:
            raise RuntimeError(
                f"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {i} has {x.ndim} dimensions"
            )
    dtype = _joint_dtype(tensors)
    width, start, rows = sum(x.shape[1] for x in blocks), 0, []
    for x in (block.to(dtype) for block in blocks):
        rows.append(constant_pad(x, 0, (start, width - start - x.shape[1])))
        start += x.shape[1]
    return cat(rows, 0)


def _joint_dtype(tensors: Any) -> Any:
    """The dtype of arithmetic on all the tensors: 0-d ones have no say unless they are of a higher kind."""
    alone = [x.dtype for x in tensors if not x.ndim]
    dtypes = [x.dtype for x in tensors if x.ndim]
    if not dtypes or not alone:
        return functools.reduce(_C.promote_types, dtypes or alone)
    many, one = functools.reduce(_C.promote_types, dtypes), functools.reduce(_C.promote_types, alone)
    return C.add(_C.empty((0,), many), _C.empty((), one)).dtype


def meshgrid(*tensors: Any, indexing: str = "ij") -> tuple[Tensor, ...]:
    """Vectors expanded to the grid of all their combinations; with "xy" the first two dimensions change places.

    Examples:
        >>> tt.meshgrid(tt.tensor([1, 2]), tt.tensor([3, 4]), indexing="ij")
        (tensor([[1, 1],
                [2, 2]]), tensor([[3, 4],
                [3, 4]]))
    """
    if len(tensors) == 1 and isinstance(tensors[0], tuple | list):
        tensors = tuple(tensors[0])
    if not tensors:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    for x in tensors:
        if x.ndim > 1:
            raise RuntimeError(f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {x.ndim}D")
        if x.dtype != tensors[0].dtype:
            raise RuntimeError("torch.meshgrid expects all tensors to have the same dtype")
    if indexing not in ("ij", "xy"):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    swap = indexing == "xy" and len(tensors) >= 2
    order = [tensors[1], tensors[0], *tensors[2:]] if swap else list(tensors)
    n = len(order)
    grid = broadcast_tensors(*(x.reshape((1,) * i + (-1,) + (1,) * (n - 1 - i)) for i, x in enumerate(order)))
    return (grid[1], grid[0], *grid[2:]) if swap else grid


def cartesian_prod(*tensors: Any) -> Tensor:
    """All combinations of the elements of vectors, one row each.

    Examples:
        >>> tt.cartesian_prod(tt.tensor([1, 2]), tt.tensor([3, 4]))
        tensor([[1, 3],
                [1, 4],
                [2, 3],
                [2, 4]])
    """
    for x in tensors:
        if x.ndim != 1:
            raise RuntimeError(f"Expect a 1D vector, but got shape {list(x.shape)}")
    return tensors[0] if len(tensors) == 1 else stack([g.reshape(-1) for g in meshgrid(*tensors)], 1)


def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All combinations of `r` elements of a vector, one row each.

    Examples:
        >>> tt.combinations(tt.tensor([1, 2, 3]))
        tensor([[1, 2],
                [1, 3],
                [2, 3]])
    """
    if input.ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(input.shape)}")
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if not r:
        return C.full(0, (0,), input.dtype)
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = list(choose(range(input.numel()), r))
    return input[_C.from_sequence(places, None) if places else C.full(0, (0, r), _C.int64)]


# ---- padding ----


@primitive
def constant_pad(x: Any, value: Any, pad: Any) -> Any:
    """X with `value` around it: (before, after) of the last dimension, then of the one before it; negative cuts off."""
    back = tuple(-p for p in pad)
    return C.pad_constant(x, value, pad), vjp(C.pad_constant, 0, back)


primitives["pad_constant"] = constant_pad


def pad(input: Any, pad: Any, mode: str = "constant", value: Any = None) -> Tensor:
    """`input` with a border (`torch.nn.functional.pad`).

    Args:
        input: any tensor.
        pad: (before, after) of the last dimension, then of the one before it, and so on; negative numbers cut off.
        mode: "constant", or what the border repeats of the last two or three dimensions: "reflect" (mirrored at the
            edge), "replicate" (the edge), "circular" (the other side).
        value: of a constant border; 0 by default.

    Examples:
        >>> F.pad(tt.tensor([[1, 2, 3]]), (1, 2))
        tensor([[0, 1, 2, 3, 0, 0]])
        >>> F.pad(tt.tensor([[1.0, 2.0, 3.0]]), (2, 1), mode="reflect")
        tensor([[3., 2., 1., 2., 3., 2.]])
    """
    pad = tuple(pad)
    if mode == "constant":
        if value and max(pad, default=0) > 0:
            _C.check_number(float(value), input.dtype)
        return constant_pad(input, 0 if value is None else value, pad)
    if value is not None and value != 0:
        raise ValueError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if mode not in _BORDERS:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    n = len(pad) // 2
    if len(pad) % 2 or not n or input.ndim not in (n + 1, n + 2) or n > 3:
        raise NotImplementedError(
            f"Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now, got {input.ndim}D input and "
            f"padding of length {len(pad)}"
        )
    for k in range(n):
        before, after = pad[2 * k], pad[2 * k + 1]
        if before or after:
            input = _pad_border(input, input.ndim - 1 - k, before, after, mode)
    return input if any(pad) else input.clone()


# Which element of the n along a dimension the places of the padded one show.
_BORDERS: dict[str, Callable[[Any, int], Any]] = {
    "reflect": lambda i, n: n - 1 - np.abs(n - 1 - np.abs(i)),
    "replicate": lambda i, n: np.clip(i, 0, n - 1),
    "circular": lambda i, n: i % n,
}


def _pad_border(x: Any, d: int, before: int, after: int, mode: str) -> Any:
    n = x.shape[d]
    if n + before + after < 0 or (mode == "replicate" and n + before + after == 0) or n == 0:
        raise RuntimeError(
            f"The input size {n}, plus negative padding {before} and {after}, resulted in a negative output size"
        )
    if mode == "reflect" and max(before, after) >= n:
        raise RuntimeError(
            "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding "
            f"({before}, {after}) at dimension {d} of input {list(x.shape)}"
        )
    if mode == "circular":
        if min(before, after) < 0:  # what is left after the cut goes round
            x = x.narrow(d, max(-before, 0), n + min(before, 0) + min(after, 0))
            n, before, after = x.shape[d], max(before, 0), max(after, 0)
        if max(before, after) > n:
            raise RuntimeError("Padding value causes wrapping around more than once.")
    check_elements("pad", (*x.shape[:d], n + before + after, *x.shape[d + 1 :]))
    places = _BORDERS[mode](np.arange(-before, n + after), n)
    return x.index_select(d, _C.from_buffer(places))


# ---- moving ----


def _ints(first: Any, more: Any) -> Any:
    """Ints given one by one, or as one sequence."""
    return tuple(first) if isinstance(first, tuple | list) else (first, *more)


@method()
def flip(input: Tensor, dims: Any, *more: int) -> Tensor:
    """The elements in reverse order along the given dimensions.

    Examples:
        >>> tt.tensor([[1, 2], [3, 4]]).flip(0)
        tensor([[3, 4],
                [1, 2]])
    """
    wrapped = tuple(wrap_dim(d, input.ndim) for d in _ints(dims, more))
    for d in wrapped:
        if wrapped.count(d) > 1:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return flipped(input, wrapped if input.ndim else ())


@primitive
def flipped(x: Any, dims: Any) -> Any:
    """X in reverse order along `dims`."""
    return C.flip(x, dims), vjp(C.flip, dims)


primitives["flip"] = flipped


@method()
def fliplr(input: Tensor) -> Tensor:
    """Columns in reverse order.

    Examples:
        >>> tt.fliplr(tt.tensor([[1, 2], [3, 4]]))
        tensor([[2, 1],
                [4, 3]])
    """
    if input.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flipped(input, (1,))


@method()
def flipud(input: Tensor) -> Tensor:
    """Rows in reverse order.

    Examples:
        >>> tt.flipud(tt.tensor([[1, 2], [3, 4]]))
        tensor([[3, 4],
                [1, 2]])
    """
    if input.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return flipped(input, (0,))


@method()
def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    """Elements moved by `shifts` along `dims`, those pushed out re-entering; without `dims` as one long vector.

    Examples:
        >>> tt.roll(tt.arange(5), 2)
        tensor([3, 4, 0, 1, 2])
    """
    shifts = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    if dims is None or (not isinstance(dims, int) and len(dims) == 0):
        if len(shifts) != 1:
            raise RuntimeError(f"shifts and dimensions must align. shifts: {len(shifts)}, dims:0")
        return rolled(input.reshape(-1), shifts, (0,)).reshape(input.shape)
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    if len(shifts) != len(dims):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(dims)}")
    total: dict[int, int] = {}
    for shift, d in zip(shifts, (wrap_dim(d, input.ndim) for d in dims), strict=True):
        total[d] = total.get(d, 0) + shift
    if not input.ndim:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return rolled(input, tuple(total.values()), tuple(total))


@primitive
def rolled(x: Any, shifts: Any, dims: Any) -> Any:
    """X moved by `shifts` along distinct `dims`."""
    within = tuple(s % x.shape[d] if x.shape[d] else 0 for s, d in zip(shifts, dims, strict=True))
    back = tuple(-s for s in shifts)
    return C.roll(x, within, dims), vjp(rolled, back, dims)


primitives["roll"] = rolled


@method()
def rot90(input: Tensor, k: int = 1, dims: Any = (0, 1)) -> Tensor:
    """Turned by `k` quarters in the plane of two dimensions, from the first towards the second.

    Examples:
        >>> tt.rot90(tt.tensor([[1, 2], [3, 4]]))
        tensor([[2, 4],
                [1, 3]])
    """
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if input.ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {input.ndim}")
    a, b = (wrap_dim(d, input.ndim) for d in dims)
    if a == b:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}")
    k %= 4
    if k == 0:
        return input.clone()
    if k == 2:
        return flipped(input, (a, b))
    return flipped(input.transpose(a, b), (a,) if k == 1 else (b,))


# ---- repeating ----


@primitive
def repeated(x: Any, times: Any) -> Any:
    """X side by side `times` along each dimension."""
    lead = (1,) * (len(times) - x.ndim)
    sizes = x.shape

    def vjp(g: Any) -> Any:
        if 0 in times or 0 in sizes:
            return C.full(0, sizes, g.dtype)
        for d, (t, n) in enumerate(zip(times, lead + tuple(sizes), strict=True)):
            if t != 1:  # this dimension is (t, n): the gradient sums over the repeats
                g = C.reshape(g, (*g.shape[:d], t, n, *g.shape[d + 1 :])).sum(d)
        return C.reshape(g, sizes)

    return C.repeat(x, times), vjp


primitives["repeat"] = repeated


@method()
def repeat(input: Tensor, repeats: Any, *more: int) -> Tensor:
    """The tensor side by side, so many times along each dimension; new dimensions come first.

    Examples:
        >>> tt.tensor([1, 2]).repeat(2, 2)
        tensor([[1, 2, 1, 2],
                [1, 2, 1, 2]])
    """
    return repeated(input, _ints(repeats, more))


@method()
def tile(input: Tensor, dims: Any, *more: int) -> Tensor:
    """As `repeat`; dimensions that `dims` lacks in front are not repeated.

    Examples:
        >>> tt.tile(tt.tensor([1, 2]), (2,))
        tensor([1, 2, 1, 2])
    """
    times = _ints(dims, more)
    return repeated(input, (1,) * (input.ndim - len(times)) + times)


@method()
def repeat_interleave(
    input: Any, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each slice along `dim` (each element without `dim`) so many times in a row.

    Given one tensor of counts alone: index i as often as the count at i says.

    Examples:
        >>> tt.tensor([5, 7]).repeat_interleave(2)
        tensor([5, 5, 7, 7])
        >>> tt.repeat_interleave(tt.tensor([2, 0, 1]))
        tensor([0, 0, 2])
    """
    if repeats is None:
        if input.ndim != 1:
            raise RuntimeError(f"repeat_interleave only accept 1D vector as repeat, got {input.ndim} dimensions")
        return repeat_interleave(arange(input.numel()), input, 0)
    if dim is None:
        input, dim = input.reshape(-1), 0
    d = wrap_dim(dim, input.ndim)
    if isinstance(repeats, Tensor) and repeats.numel() == 1:
        repeats = repeats.item()
    if isinstance(repeats, int):
        if repeats < 0:
            raise RuntimeError("Repeats must be non-negative")
        if not input.ndim:
            return input.expand(repeats).clone()
        n = input.shape[d]
        spread = input.unsqueeze(d + 1).expand(*input.shape[: d + 1], repeats, *input.shape[d + 1 :])
        return spread.clone().reshape(*input.shape[:d], n * repeats, *input.shape[d + 1 :])
    if not isinstance(repeats, Tensor):
        raise TypeError(f"repeat_interleave: repeats must be an int or a Tensor, not {type(repeats).__name__}")
    if repeats.ndim > 1 or (input.ndim and repeats.numel() != input.shape[d]):
        raise RuntimeError("repeats must have the same size as input along dim")
    if repeats.dtype.name not in ("int64", "int32"):
        raise RuntimeError("repeats has to be Long or Int tensor")
    counts = repeats.tolist()
    if min(counts, default=0) < 0:
        raise RuntimeError("repeats can not be negative")
    places = [i for i, count in enumerate(counts) for _ in range(count)]
    if output_size is not None and output_size != len(places):
        raise RuntimeError(f"allocated size does not match required size: {output_size} and {len(places)}")
    return input.index_select(d, _C.from_sequence(places, None) if places else C.full(0, (0,), repeats.dtype))


# ---- triangles ----


@method(inplace=True)
@primitive
def tril(input: Tensor, diagonal: int = 0) -> Any:
    """The lower triangles of matrices, zero above `diagonal` (0 is the main one, positive ones lie above it).

    Examples:
        >>> tt.ones(2, 2).tril()
        tensor([[1., 0.],
                [1., 1.]])
    """
    return C.tril(input, diagonal), vjp(C.tril, diagonal)


@method(inplace=True)
@primitive
def triu(input: Tensor, diagonal: int = 0) -> Any:
    """The upper triangles of matrices, zero below `diagonal`.

    Examples:
        >>> tt.ones(2, 2).triu(1)
        tensor([[0., 1.],
                [0., 0.]])
    """
    return C.triu(input, diagonal), vjp(C.triu, diagonal)


def _triangle_indices(row: int, col: int, offset: int, keep: Any, dtype: Any) -> Any:
    if row < 0 or col < 0:
        raise RuntimeError(f"{'row' if row < 0 else 'col'} must be non-negative, got {row if row < 0 else col}")
    if keep is C.tril:  # beyond this column, or row, there is nothing to look at
        col = max(min(col, row + offset), 0)
    else:
        row = max(min(row, col - offset), 0)
        col = col if row else 0
    inside = keep(C.full(1, (row, col), _C.bool), offset)
    at = C.contiguous(C.transpose(C.nonzero(inside, C.nonzero_count(inside).item()), 0, 1))
    return at if dtype is None else at.to(dtype)


def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None, layout: Any = None
) -> Tensor:
    """Rows and columns of the elements of the lower triangle of a row x col matrix, as a matrix of two rows.

    Examples:
        >>> tt.tril_indices(2, 2)
        tensor([[0, 1, 1],
                [0, 0, 1]])
    """
    return _triangle_indices(row, col, offset, C.tril, dtype)


def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None, layout: Any = None
) -> Tensor:
    """Rows and columns of the elements of the upper triangle of a row x col matrix, as a matrix of two rows.

    Examples:
        >>> tt.triu_indices(2, 2)
        tensor([[0, 0, 1],
                [0, 1, 1]])
    """
    return _triangle_indices(row, col, offset, C.triu, dtype)
