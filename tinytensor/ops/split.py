"""Parts of a tensor, which share its memory: split, chunk, unbind, diagonals, sliding windows."""

from __future__ import annotations

import itertools
from typing import Any

from .._C import ops as C
from .._C import vjp
from ..history import window_vjp
from ..tensor import Tensor, method, primitive
from .view import wrap_dim

__all__ = [
    "chunk", "diag", "diag_embed", "diagflat", "diagonal", "diagonal_scatter", "dsplit", "hsplit",
    "select_scatter", "slice_scatter", "split", "split_with_sizes", "tensor_split", "unbind", "vsplit",
]  # fmt: skip

# ---- along one dimension ----


@primitive(result=tuple[Tensor, ...])
def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> Any:
    """Neighbouring parts of the given sizes along `dim`.

    Raises:
        RuntimeError: the sizes do not add up to that of `dim`, or one is negative.

    Examples:
        >>> tt.split_with_sizes(tt.arange(5), [2, 3])
        (tensor([0, 1]), tensor([2, 3, 4]))
    """
    d = wrap_dim(dim, input.ndim)
    if not input.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    if sum(split_sizes) != input.shape[d] or (split_sizes and min(split_sizes) < 0):
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {input.shape[d]} (input tensor's size at dimension "
            f"{d}), but got split_sizes={list(split_sizes)}"
        )
    parts, start = [], 0
    for size in split_sizes:
        parts.append(C.slice(input, d, start, start + size, 1))
        start += size
    return tuple(parts), lambda *gs: C.cat(gs, d)


setattr(Tensor, "split_with_sizes", split_with_sizes)  # noqa: B010


@method()
def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Neighbouring parts along `dim`, of one size (the last may be smaller) or of the sizes in a list.

    Examples:
        >>> tt.arange(5).split(2)
        (tensor([0, 1]), tensor([2, 3]), tensor([4]))
        >>> tt.arange(5).split([1, 4])
        (tensor([0]), tensor([1, 2, 3, 4]))
    """
    if isinstance(split_size_or_sections, tuple | list):
        return split_with_sizes(tensor, split_size_or_sections, dim)
    if not tensor.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    length, size = tensor.shape[wrap_dim(dim, tensor.ndim)], int(split_size_or_sections)
    if size < 0 or (size == 0 and length):
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={size}")
    return split_with_sizes(tensor, _parts(length, size), dim)


def _parts(length: int, size: int) -> list[int]:
    """Sizes of neighbouring parts of one size, of which the last may be smaller."""
    count = max(-(-length // size), 1) if size else 1
    return [size] * (count - 1) + [length - size * (count - 1)]


@method()
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` neighbouring parts of one size along `dim`; the last may be smaller.

    Examples:
        >>> tt.arange(5).chunk(2)
        (tensor([0, 1, 2]), tensor([3, 4]))
    """
    if not input.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    length = input.shape[wrap_dim(dim, input.ndim)]
    return split_with_sizes(input, _parts(length, -(-length // chunks)) if length else [0] * chunks, dim)


@method()
def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Parts along `dim`: so many of nearly one size, or cut before each of the given indices.

    Examples:
        >>> tt.arange(5).tensor_split(3)
        (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    """
    if not input.ndim:
        raise RuntimeError("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims")
    if isinstance(indices_or_sections, Tensor):
        if indices_or_sections.dtype.name != "int64" or indices_or_sections.ndim > 1:
            raise RuntimeError(
                "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or one-dimensional long tensor"
            )
        indices_or_sections = indices_or_sections.tolist()
    length = input.shape[wrap_dim(dim, input.ndim)]
    if isinstance(indices_or_sections, int):
        n = indices_or_sections
        if n <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {n}")
        larger = length % n
        sizes = [length // n + 1] * larger + [length // n] * (n - larger)
        parts: tuple[Tensor, ...] = split_with_sizes(input, sizes, dim)
        return parts
    pairs = itertools.pairwise([0, *indices_or_sections, length])
    return tuple(_part(input, dim, start, stop) for start, stop in pairs)


def _part(x: Any, dim: int, start: int, stop: int) -> Any:
    return x[(slice(None),) * wrap_dim(dim, x.ndim) + (slice(start, stop),)]


def _split_at(name: str, input: Any, indices_or_sections: Any, dim: int, least: int) -> Any:
    if input.ndim < least:
        raise RuntimeError(
            f"torch.{name} requires a tensor with at least {least} dimension{'s' * (least > 1)}, but got a tensor with "
            f"{input.ndim} dimensions!"
        )
    if isinstance(indices_or_sections, int) and (indices_or_sections <= 0 or input.shape[dim] % indices_or_sections):
        raise RuntimeError(
            f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension {input.shape[dim]} is "
            f"not divisible by the split_size {indices_or_sections}!"
        )
    return tensor_split(input, indices_or_sections, dim)


@method()
def hsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Parts along the columns (the only dimension of a vector).

    Examples:
        >>> tt.hsplit(tt.tensor([[1, 2], [3, 4]]), 2)
        (tensor([[1],
                [3]]), tensor([[2],
                [4]]))
    """
    return _split_at("hsplit", input, indices_or_sections, 0 if input.ndim == 1 else 1, 1)


@method()
def vsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Parts along the rows.

    Examples:
        >>> tt.vsplit(tt.tensor([[1, 2], [3, 4]]), 2)
        (tensor([[1, 2]]), tensor([[3, 4]]))
    """
    return _split_at("vsplit", input, indices_or_sections, 0, 2)


@method()
def dsplit(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
    """Parts along the third dimension.

    Examples:
        >>> [part.shape for part in tt.dsplit(tt.zeros(2, 3, 4), 2)]
        [torch.Size([2, 3, 2]), torch.Size([2, 3, 2])]
    """
    return _split_at("dsplit", input, indices_or_sections, 2, 3)


@method()
@primitive(result=tuple[Tensor, ...])
def unbind(input: Tensor, dim: int = 0) -> Any:
    """The slices along `dim`, which goes away.

    Examples:
        >>> tt.tensor([[1, 2], [3, 4]]).unbind()
        (tensor([1, 2]), tensor([3, 4]))
    """
    d = wrap_dim(dim, input.ndim)
    if not input.ndim:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return tuple(C.select(input, d, i) for i in range(input.shape[d])), lambda *gs: C.stack(gs, d)


# ---- diagonals and windows ----


@method()
@primitive
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The view of a diagonal of dimensions `dim1` and `dim2`, as the last one; `offset` > 0 is above the main diagonal.

    Examples:
        >>> tt.tensor([[1, 2], [3, 4]]).diagonal()
        tensor([1, 4])
    """
    shape = input.shape
    return C.diagonal(input, offset, dim1, dim2), vjp(diagonal_backward, shape, offset, dim1, dim2)


@primitive
def diagonal_backward(grad: Tensor, shape: Any, offset: int, dim1: int, dim2: int) -> Any:
    """Zeros of `shape` with `grad` on the diagonal."""
    y = C.full(0, shape, grad.dtype)
    C.copy(C.diagonal(y, offset, dim1, dim2), grad)
    return y, vjp(C.diagonal, offset, dim1, dim2)


@method()
@primitive
def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Matrices that are zero but for the diagonal, which the last dimension of `input` gives.

    Examples:
        >>> tt.diag_embed(tt.tensor([1, 2]))
        tensor([[1, 0],
                [0, 2]])
    """
    n, size = input.ndim + 1, abs(offset)
    d1, d2 = wrap_dim(dim1, n), wrap_dim(dim2, n)
    if d1 == d2:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    if not input.ndim:
        raise RuntimeError("diag_embed: expected a tensor with at least 1 dimension")
    sizes = list(input.shape[:-1])
    for d in sorted((d1, d2)):
        sizes.insert(d, input.shape[-1] + size)
    y = C.full(0, sizes, input.dtype)
    C.copy(C.diagonal(y, offset, d1, d2), input)
    return y, vjp(C.diagonal, offset, d1, d2)


@method()
def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """The matrix with this diagonal for a vector; the diagonal of a matrix, copied.

    Examples:
        >>> tt.diag(tt.tensor([1, 2]))
        tensor([[1, 0],
                [0, 2]])
        >>> tt.diag(tt.tensor([[1, 2], [3, 4]]))
        tensor([1, 4])
    """
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    if input.ndim != 2:
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    return input.diagonal(diagonal).clone()


@method()
def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """The matrix whose diagonal is `input`, read as one vector.

    Examples:
        >>> tt.diagflat(tt.tensor([[1], [2]]))
        tensor([[1, 0],
                [0, 2]])
    """
    return diag_embed(input.reshape(-1), offset)


@method()
@primitive
def unfold(input: Tensor, dimension: int, size: int, step: int) -> Any:
    """All windows of `size` elements along a dimension, `step` apart, as a new last dimension.

    Examples:
        >>> tt.arange(5).unfold(0, 3, 1)
        tensor([[0, 1, 2],
                [1, 2, 3],
                [2, 3, 4]])
    """
    y = C.unfold(input, dimension, size, step)
    return y, window_vjp(input, y, lambda x: C.unfold(x, dimension, size, step))


# ---- a part replaced ----


def _replaced(name: str, input: Any, src: Any, part: Any, again: Any) -> Any:
    """A copy of `input` in which src is written to the view that `part` takes of it, and the vjps of this op, `again`."""
    y = C.cast(input, input.dtype)
    window = part(y)
    shape = window.shape
    if shape != src.shape:
        raise RuntimeError(
            f"{name}: expected src to have a size equal to the slice of self. src size = {list(src.shape)}, slice size = "
            f"{list(shape)}"
        )
    C.copy(window, src)
    return y, lambda g: again(g, C.full(0, shape, g.dtype)), part


@method()
@primitive
def select_scatter(input: Tensor, src: Any, dim: int, index: int) -> Any:
    """`input` with `src` as its slice at `index` of `dim`.

    Examples:
        >>> tt.zeros(2, 2).select_scatter(tt.ones(2), 0, 1)
        tensor([[0., 0.],
                [1., 1.]])
    """
    return _replaced(
        "select_scatter",
        input,
        src,
        lambda x: C.select(x, dim, index),
        lambda x, part: select_scatter(x, part, dim, index),
    )


@method()
@primitive
def slice_scatter(
    input: Tensor, src: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Any:
    """`input` with `src` as its slice `start:end:step` of `dim`.

    Examples:
        >>> tt.zeros(4).slice_scatter(tt.ones(2), start=1, end=3)
        tensor([0., 1., 1., 0.])
    """
    return _replaced(
        "slice_scatter", input, src,
        lambda x: C.slice(x, dim, start, end, step), lambda x, part: slice_scatter(x, part, dim, start, end, step),
    )  # fmt: skip


@method()
@primitive
def diagonal_scatter(input: Tensor, src: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """`input` with `src`, shaped as the diagonal, as its diagonal.

    Examples:
        >>> tt.zeros(2, 2).diagonal_scatter(tt.ones(2))
        tensor([[1., 0.],
                [0., 1.]])
    """
    return _replaced(
        "diagonal_scatter", input, src,
        lambda x: C.diagonal(x, offset, dim1, dim2), lambda x, part: diagonal_scatter(x, part, offset, dim1, dim2),
    )  # fmt: skip


@method()
def fill_diagonal_(input: Tensor, fill_value: Any, wrap: bool = False) -> Tensor:
    """Writes a number on the diagonal, in place.

    Args:
        input: a matrix, or more dimensions of one size.
        fill_value: the number.
        wrap: the diagonal of a tall matrix begins anew below its end, one row after another left out.

    Raises:
        RuntimeError: fewer than two dimensions, or more of different sizes.

    Examples:
        >>> tt.zeros(3, 3).fill_diagonal_(5)
        tensor([[5., 0., 0.],
                [0., 5., 0.],
                [0., 0., 5.]])
    """
    if input.ndim < 2:
        raise RuntimeError("dimensions must larger than 1")
    if input.ndim > 2 and len(set(input.shape)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    step = sum(input.stride())
    input.as_strided((min(input.shape),), (step,)).fill_(fill_value)
    rows, columns = input.shape[:2]
    if wrap and input.ndim == 2 and rows > columns + 1:
        count = -(-input.numel() // (columns + 1)) - columns
        below = input.storage_offset() + input.stride(0) * (columns + 1)
        input.as_strided((count,), (step,), below).fill_(fill_value)
    return input
