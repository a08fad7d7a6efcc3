"""Moving the elements of a tensor about, repeating them, and leaving a triangle of them."""

from __future__ import annotations

from typing import Any

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive, primitives
from .ranges import arange
from .view import wrap_dim

__all__ = [
    "flip", "fliplr", "flipud", "repeat_interleave", "roll", "rot90", "tile", "tril", "tril_indices", "triu",
    "triu_indices",
]  # fmt: skip

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
