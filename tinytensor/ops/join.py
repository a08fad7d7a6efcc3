"""Putting tensors together, and padding them: cat, stack, grids and combinations, pad."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, primitive, primitives
from .broadcast import broadcast_tensors
from .image import resample
from .windows import check_elements

__all__ = [
    "atleast_1d", "atleast_2d", "atleast_3d", "block_diag", "cartesian_prod", "cat", "column_stack", "combinations",
    "concat", "concatenate", "dstack", "hstack", "meshgrid", "row_stack", "stack", "vstack",
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
    return resample(x, _C.from_buffer(places[:, None]), None, d)
