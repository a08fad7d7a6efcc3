"""Views: other shapes on the same memory, and their gradients, which are views in turn."""

from __future__ import annotations

import builtins
import math
from typing import Any

from .._C import ops as C
from .._C import vjp
from ..history import window_vjp
from ..tensor import Tensor, method, primitive

__all__ = [
    "adjoint", "as_strided", "flatten", "moveaxis", "movedim", "narrow", "permute", "ravel", "reshape", "select",
    "squeeze", "swapaxes", "swapdims", "t", "transpose", "unflatten", "unsqueeze",
]  # fmt: skip

# ---- sizes ----


@method()
@primitive
def view(input: Tensor, *shape: Any) -> Any:
    """The same elements, in row-major order, under another shape; never a copy.

    Args:
        input: any tensor whose strides allow it.
        shape: sizes, one by one or as a sequence; one of them may be -1.

    Raises:
        RuntimeError: the number of elements differs, or the strides allow no view.

    Examples:
        >>> tt.arange(6).view(2, -1).shape
        torch.Size([2, 3])
    """
    if not shape:
        raise TypeError('view() missing 1 required positional argument: "shape"')
    before = input.shape
    return C.view(input, shape), vjp(C.reshape, before)


@method()
@primitive
def reshape(input: Tensor, *shape: Any) -> Any:
    """As `view`, but copies where the strides allow no view.

    Examples:
        >>> tt.arange(6).view(2, 3).t().reshape(6)
        tensor([0, 3, 1, 4, 2, 5])
    """
    if not shape:
        raise TypeError('reshape() missing 1 required positional argument: "shape"')
    before = input.shape
    return C.reshape(input, shape), vjp(C.reshape, before)


@method()
def view_as(input: Tensor, other: Tensor) -> Tensor:
    """`input.view(other.shape)`.

    Examples:
        >>> tt.arange(6).view_as(tt.zeros(2, 3))
        tensor([[0, 1, 2],
                [3, 4, 5]])
    """
    return input.view(other.shape)


@method()
def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """`input.reshape(other.shape)`.

    Examples:
        >>> tt.arange(6).reshape_as(tt.zeros(3, 2)).shape
        torch.Size([3, 2])
    """
    return input.reshape(other.shape)


@method(view=True)
@primitive
def squeeze(input: Tensor, dim: Any = None) -> Any:
    """Without its dimensions of size 1: all, or those of `dim` (an int, or several in a tuple) that have that size.

    Raises:
        IndexError: there is no such dimension.
        RuntimeError: a dimension is named twice.

    Examples:
        >>> tt.zeros(1, 3, 1).squeeze().shape, tt.zeros(1, 3, 1).squeeze(0).shape
        (torch.Size([3]), torch.Size([3, 1]))
    """
    before = input.shape
    return C.squeeze(input) if dim is None else C.squeeze(input, dim), vjp(C.reshape, before)


@method(view=True)
@primitive
def unsqueeze(input: Tensor, dim: int) -> Any:
    """With a new dimension of size 1 at `dim`.

    Examples:
        >>> tt.zeros(3).unsqueeze(1).shape
        torch.Size([3, 1])
    """
    before = input.shape
    return C.unsqueeze(input, dim), vjp(C.reshape, before)


@method()
@primitive
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Dimensions `start_dim` to `end_dim` as one.

    Raises:
        RuntimeError: start_dim comes after end_dim.

    Examples:
        >>> tt.zeros(2, 3, 4).flatten(1).shape
        torch.Size([2, 12])
    """
    before = input.shape
    return C.flatten(input, start_dim, end_dim), vjp(C.reshape, before)


@method()
def ravel(input: Tensor) -> Tensor:
    """All elements as one dimension.

    Examples:
        >>> tt.tensor([[1, 2], [3, 4]]).ravel()
        tensor([1, 2, 3, 4])
    """
    return input.contiguous().view(-1)


@method()
def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """Dimension `dim` cut into `sizes`, one of which may be -1.

    Examples:
        >>> tt.zeros(4, 6).unflatten(1, (2, -1)).shape
        torch.Size([4, 2, 3])
    """
    d = wrap_dim(dim, input.ndim)
    n, given = input.shape[d], tuple(sizes)
    if not given:
        raise RuntimeError("unflatten: sizes must be non-empty")
    sizes = given
    if given.count(-1) == 1 and (known := -math.prod(given)):
        # It follows from this dimension alone: others may be without elements.
        sizes = tuple(n // known if size == -1 else size for size in given)
    if -1 not in sizes and math.prod(sizes) != n:
        raise RuntimeError(
            f"unflatten: Provided sizes {list(given)} don't multiply up to the size of dim {d} ({n}) in the input tensor"
        )
    return input.view(*input.shape[:d], *sizes, *input.shape[d + 1 :])


# ---- order of dimensions ----


@method()
@primitive
def permute(input: Tensor, *dims: Any) -> Any:
    """Dimensions in another order.

    Examples:
        >>> tt.zeros(2, 3, 4).permute(2, 0, 1).shape
        torch.Size([4, 2, 3])
    """
    if not dims:
        raise TypeError('permute() missing 1 required positional argument: "dims"')
    order = dims[0] if len(dims) == 1 and isinstance(dims[0], tuple | list) else dims
    y = C.permute(input, order)
    inverse = [0] * len(order)
    for i, d in enumerate(order):
        inverse[d] = i  # negative dimensions count from the end here too
    return y, vjp(C.permute, inverse)


@method("swapaxes", "swapdims", view=True)
@primitive
def transpose(input: Tensor, dim0: int, dim1: int) -> Any:
    """Two dimensions swapped.

    Examples:
        >>> tt.zeros(2, 3).transpose(0, 1).shape
        torch.Size([3, 2])
    """
    return C.transpose(input, dim0, dim1), vjp(C.transpose, dim0, dim1)


swapaxes = swapdims = transpose


@method(view=True)
@primitive
def t(input: Tensor) -> Any:
    """The transpose of a matrix; vectors and 0-d tensors as they are.

    Examples:
        >>> tt.tensor([[1, 2], [3, 4]]).t()
        tensor([[1, 3],
                [2, 4]])
    """
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")
    d = 1 if input.ndim == 2 else 0
    return C.transpose(input, 0, d), vjp(C.transpose, 0, d)


@method()
def adjoint(input: Tensor) -> Tensor:
    """The last two dimensions swapped: the conjugate transpose of real matrices.

    Examples:
        >>> tt.zeros(5, 2, 3).adjoint().shape
        torch.Size([5, 3, 2])
    """
    return _matrix_transpose(input)


@primitive
def _reversed(x: Tensor) -> Any:
    """The view with its dimensions in reverse order.

    Examples:
        >>> tt.zeros(2, 3).T.shape
        torch.Size([3, 2])
    """
    if x.ndim == 2:
        return C.transpose(x, 0, 1), vjp(C.transpose, 0, 1)
    order = tuple(range(x.ndim - 1, -1, -1))
    return C.permute(x, order), vjp(C.permute, order)


def _matrix_transpose(x: Tensor) -> Tensor:
    """The view with its last two dimensions swapped: (*, m, n) -> (*, n, m), the transpose of real matrices.

    A 0-d tensor is its own transpose.

    Examples:
        >>> tt.zeros(5, 2, 3).mT.shape
        torch.Size([5, 3, 2])
    """
    if x.ndim == 0:
        return x
    if x.ndim == 1:
        raise RuntimeError("tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor.")
    return transpose(x, -2, -1)


setattr(Tensor, "T", property(_reversed))  # noqa: B010
setattr(Tensor, "mT", property(_matrix_transpose))  # noqa: B010
setattr(Tensor, "H", property(t))  # noqa: B010
setattr(Tensor, "mH", property(_matrix_transpose))  # noqa: B010


@method("moveaxis")
@primitive
def movedim(input: Tensor, source: Any, destination: Any) -> Any:
    """Moves dimensions `source` to the places `destination`; the others keep their order.

    Examples:
        >>> tt.zeros(2, 3, 4).movedim(0, 2).shape
        torch.Size([3, 4, 2])
    """
    return C.movedim(input, source, destination), vjp(C.movedim, destination, source)


moveaxis = movedim


# ---- windows ----


@method()
@primitive
def as_strided(input: Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Any:
    """The tensor's memory under any sizes and strides (in elements).

    Raises:
        RuntimeError: the window reaches outside the memory.

    Examples:
        >>> tt.arange(5).as_strided((3, 2), (1, 1))
        tensor([[0, 1],
                [1, 2],
                [2, 3]])
    """
    y = C.as_strided(input, size, stride, storage_offset)
    return y, window_vjp(input, y)


@method()
@primitive
def select(input: Tensor, dim: int, index: int) -> Any:
    """The slice at `index` of dimension `dim`, which goes away.

    Examples:
        >>> tt.tensor([[1, 2], [3, 4]]).select(1, 0)
        tensor([1, 3])
    """
    shape = input.shape
    return C.select(input, dim, index), vjp(select_backward, shape, dim, index)


@primitive
def select_backward(grad: Tensor, shape: Any, dim: int, index: int) -> Any:
    """Zeros of `shape` with `grad` at `index` of `dim`."""
    y = C.full(0, shape, grad.dtype)
    C.copy(C.select(y, dim, index), grad)
    return y, vjp(C.select, dim, index)


@primitive
def slice(input: Tensor, dim: int, start: int | None, end: int | None, step: int = 1) -> Any:
    """Indices `start` to `end`, every `step`-th, of dimension `dim`."""
    shape = input.shape
    return C.slice(input, dim, start, end, step), vjp(slice_backward, shape, dim, start, end, step)


@primitive
def slice_backward(grad: Tensor, shape: Any, dim: int, start: int | None, end: int | None, step: int) -> Any:
    """Zeros of `shape` with `grad` in the slice."""
    y = C.full(0, shape, grad.dtype)
    C.copy(C.slice(y, dim, start, end, step), grad)
    return y, vjp(C.slice, dim, start, end, step)


@method()
def narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    """Indices `start` to `start + length` of dimension `dim`.

    Examples:
        >>> tt.arange(5).narrow(0, 1, 3)
        tensor([1, 2, 3])
    """
    if isinstance(start, Tensor) and (start.ndim or start.dtype.is_floating_point or start.dtype.name == "bool"):
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    start = int(start)
    if input.ndim == 0:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    n = input.shape[wrap_dim(dim, input.ndim)]
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -n <= start <= n:
        raise IndexError(f"start out of range (expected to be in range of [{-n}, {n}], but got {start})")
    start += n if start < 0 else 0
    if start + length > n:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
    return slice(input, dim, start, start + length, 1)


# ---- helpers ----


def wrap_dim(dim: int, ndim: int) -> int:
    """A dimension counted from the front.

    Raises:
        IndexError: there is no such dimension.
    """
    n = builtins.max(ndim, 1)
    if not -n <= dim < n:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})")
    return dim % n
