"""Broadcasting: the common shape of several tensors, and tensors expanded to a shape without copying."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._C import ops as C
from ..tensor import Size, Tensor, method, primitive

__all__ = ["broadcast_shapes", "broadcast_tensors", "broadcast_to"]


def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that tensors of the given shapes broadcast to.

    Raises:
        RuntimeError: they do not.

    Examples:
        >>> tt.broadcast_shapes((3, 1), (4,))
        torch.Size([3, 4])
    """
    for s in shapes:
        if not isinstance(s, int | tuple | list):
            raise RuntimeError(f"Input shapes should be of type ints, a tuple of ints, or a list of ints, got {s!r}")
    shapes = tuple((s,) if isinstance(s, int) else tuple(s) for s in shapes)
    for shape in shapes:
        for size in shape:
            if not isinstance(size, int | np.integer):
                raise TypeError(f"broadcast_shapes(): sizes must be int, not {type(size).__name__}")
        if any(n < 0 for n in shape):
            raise RuntimeError(f"Trying to create tensor with negative dimension ({min(shape)})")
    return _common(shapes)


def _common(shapes: Any) -> Size:
    rank = max(map(len, shapes), default=0)
    result = [1] * rank
    for shape in shapes:
        for d, size in enumerate(shape, rank - len(shape)):
            if size == 1 or size == result[d]:
                continue
            if result[d] != 1:
                raise RuntimeError(
                    "Shape mismatch: objects cannot be broadcast to a single shape: "
                    + ", ".join(str(tuple(s)) for s in shapes)
                )
            result[d] = size
    return Size(result)


def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """The tensors expanded to their common shape.

    Examples:
        >>> tt.broadcast_tensors(tt.tensor([[1], [2]]), tt.tensor([3, 4]))
        (tensor([[1, 1],
                [2, 2]]), tensor([[3, 4],
                [3, 4]]))
    """
    if len(tensors) == 1 and isinstance(tensors[0], tuple | list):
        tensors = tuple(tensors[0])
    shape = _common([x.shape for x in tensors])
    return tuple([x.expand(shape) for x in tensors])


@method()
@primitive
def expand(input: Tensor, *sizes: Any) -> Any:
    """Repeats dimensions of size 1 without copying; -1 keeps a size, new dimensions come first.

    Examples:
        >>> tt.tensor([[1], [2]]).expand(2, 3)
        tensor([[1, 1, 1],
                [2, 2, 2]])
    """
    if not sizes:
        raise TypeError('expand() missing 1 required positional argument: "size"')
    return C.expand(input, sizes), lambda g: g  # the sum over repeats is the tape's business


@method()
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """`input.expand(other.shape)`.

    Examples:
        >>> tt.tensor([[1], [2]]).expand_as(tt.zeros(2, 3)).shape
        torch.Size([2, 3])
    """
    return input.expand(other.shape)


@method()
def broadcast_to(input: Tensor, size: Any) -> Tensor:
    """`input.expand(size)`.

    Examples:
        >>> tt.broadcast_to(tt.tensor([1, 2]), (2, 2))
        tensor([[1, 2],
                [1, 2]])
    """
    return input.expand(size)
