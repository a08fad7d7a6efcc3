"""Writing in place: what becomes of a tensor's history, of its base's when it is a view, and of other views.

A tensor that is written gets the history of what was written. A write into a view is a write into its base, of which
the view is then a window, like every other view of that base.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _C
from ._C import ops as C

if TYPE_CHECKING:
    from .tensor import Size, Tensor


def in_place(
    name: str, function: Callable[..., Any], direct: Callable[..., Any] | None, doc: str | None = None
) -> Callable[..., Tensor]:
    """The method that writes `function(x, ...)` into x."""

    def op_(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if _C.recording(name, self, args, kwargs) or direct is None:
            return _write_recorded(name, self, function, args, kwargs)
        direct(self, *args, **kwargs)
        return self

    if direct is not None:
        direct.__qualname__ = name  # which Python names where the arguments do not fit
    op_.__name__ = op_.__qualname__ = name
    op_.__doc__ = doc or f"In-place version of `{name[:-1]}`."
    op_.__wrapped__ = function  # type: ignore[attr-defined] # whose signature is that of the method
    return op_


def in_place_view(name: str, function: Callable[..., Any]) -> Callable[..., Tensor]:
    """The method that gives x the sizes, strides and history of its view `function(x, ...)`."""

    def op_(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if _C.recording(name, self, args, kwargs):
            refuse_leaf(self)
        y = function(_C.twin(self), *args, **kwargs)
        _C.set_window(self, y)
        _C.bump(self, name)
        if y.grad_fn is not None:
            _C.set_history(self, y.grad_fn, y.output_nr)
        return self

    op_.__name__ = op_.__qualname__ = name
    op_.__doc__ = f"In-place version of `{name[:-1]}`: the tensor itself becomes that view of its memory."
    op_.__wrapped__ = function  # type: ignore[attr-defined]
    return op_


def _write_recorded(
    name: str, x: Tensor, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Tensor:
    """Writes `function(x, ...)` into x, whose history goes on from what it was."""
    if _C.is_grad_enabled():
        refuse_leaf(x)
    before = _C.twin(x)
    y = function(before, *args, **kwargs)
    if y.dtype != x.dtype:
        check_cast(y.dtype, x.dtype)
        y = y.to(x.dtype)
    if y.shape != x.shape:
        raise RuntimeError(
            f"{name}: output with shape {list(x.shape)} doesn't match the broadcast shape {list(y.shape)}"
        )
    if y.requires_grad and sys.getrefcount(before) > 2:
        _C.unshare(before)  # a vjp needs the values that are about to be overwritten
    was_recorded = x.requires_grad
    C.copy(x.detach(), y.detach())  # which is the write that counts
    _C.bump(x, name, 0)
    if was_recorded and not y.requires_grad and _C.is_grad_enabled():
        # The tensor stays in the graph; what it was no longer matters.
        y = y.detach()
        _C.set_history(y, _C.make_node(name, lambda g: (C.mul(g, 0),), (before,), (y,)), 0)
    if y.requires_grad:
        _new_history(x, y)
    return x


def refuse_leaf(x: Tensor) -> None:
    """Raises RuntimeError where a write to x would make a leaf that requires grad a result."""
    base = x._base
    if base is not None and base.requires_grad and x.grad_fn is None:
        raise RuntimeError(
            "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Make both in the "
            "no_grad block, or both outside."
        )
    shared = base is not None and (base.requires_grad or x.is_leaf or sys.getrefcount(base) > 3)
    if base is not None and base.is_leaf and x.requires_grad and shared:  # else an op has reshaped what it gives
        raise RuntimeError("a view of a leaf Variable that requires grad is being used in an in-place operation.")
    if x.is_leaf and x.requires_grad:
        raise RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.")
    _refuse_one_of_many(x)


def _refuse_one_of_many(x: Tensor) -> None:
    """The views that one op returns share a node: a write to one cannot change the history of it alone."""
    node = x.grad_fn
    if node is not None and node.op in ("split_with_sizes", "unbind"):
        raise RuntimeError(
            f"Output {x.output_nr} of {node.name()} is a view and its base or another view of its base has been modified "
            "inplace. This view is the output of a function that returns multiple views. Such functions do not allow the "
            "output views to be modified inplace. You should replace the inplace operation by an out-of-place one."
        )


_CATEGORY = {"bool": 0, "uint8": 1, "int8": 1, "int16": 1, "int32": 1, "int64": 1, "float32": 2, "float64": 2}
_SCALAR_NAMES = {
    "bool": "Bool", "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int", "int64": "Long",
    "float32": "Float", "float64": "Double",
}  # fmt: skip


def check_cast(have: Any, want: Any) -> None:
    """Raises RuntimeError if values of dtype `have` may not be written into a tensor of dtype `want`."""
    if _CATEGORY[have.name] > _CATEGORY[want.name]:
        raise RuntimeError(
            f"result type {_SCALAR_NAMES[have.name]} can't be cast to the desired output type "
            f"{_SCALAR_NAMES[want.name]}"
        )


def _new_history(x: Tensor, y: Tensor) -> None:
    base = x._base
    if base is None:
        if y.grad_fn is None:
            _C.detach_(x)
        else:
            _C.set_history(x, y.grad_fn, y.output_nr, renewed=True)
        return
    # A write into a view is a write into its base: there the window holds y, elsewhere all is as before. Views of the
    # base, x among them, follow when they are next looked at (renew_view).
    before = _C.twin(base)
    window = x.shape, x.stride(), x.storage_offset()

    def vjp(g: Tensor) -> tuple[Tensor, Tensor]:
        whole = _laid_out_like(before_geometry, g)
        part = whole.as_strided(window[0], window[1], window[2] - before_geometry[2])
        inside = part.clone()
        part.zero_()
        return whole, inside

    before_geometry = base.shape, base.stride(), base.storage_offset()
    node = _C.make_node("copy_slices", vjp, (before, y), (base,))
    _C.set_history(base, node, 0, renewed=True)


def _laid_out_like(geometry: tuple[Any, Any, int], g: Tensor) -> Tensor:
    shape, strides, _ = geometry
    whole: Tensor = _C.empty_strided(shape, strides, g.dtype)
    return whole.copy_(g)


def renew_view(x: Tensor) -> None:
    """Gives a view whose base was written in place the history that follows: it is a window of the new base."""
    base = x._base
    _refuse_one_of_many(x)
    if base is not None and base.requires_grad:
        backward_ = window_vjp(base, x)
        node = _C.make_node("as_strided", lambda g: (backward_(g),), (base,), (x,))
        _C.set_history(x, node, 0)


def window_vjp(x: Tensor, y: Tensor, again: Callable[[Tensor], Tensor] | None = None) -> Callable[[Tensor], Tensor]:
    """The gradient of x from that of a window y on the same memory, whatever their strides.

    Where x is expanded, places in memory do not say which elements the window shows: then `again` shows the window of
    another tensor of the shape. Without it elements at one place share the gradient evenly.
    """
    whole, window = _geometry(x), _geometry(y)
    return lambda g: _from_window(g, whole, window, again)


Geometry = tuple["Size", tuple[int, ...], int]


def _geometry(x: Tensor) -> Geometry:
    return x.shape, x.stride(), x.storage_offset()


def _from_window(g: Tensor, whole: Geometry, window: Geometry, again: Callable[[Tensor], Tensor] | None) -> Tensor:
    shape, strides, offset = whole
    overlapping = _overlaps(shape, strides)
    if overlapping and again is not None:
        x = _C.empty(shape, g.dtype)
        return _from_window(g, _geometry(x), _geometry(again(x)), None)
    sizes, steps, start = window
    lowest = min(offset, start)

    def extent(shape: Size, strides: tuple[int, ...], offset: int) -> int:
        if 0 in shape:
            return 0
        return offset - lowest + 1 + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))

    size = max(extent(shape, strides, offset), extent(sizes, steps, start))
    flat = C.full(0, (size,), g.dtype)
    if _overlaps(sizes, steps):
        places = C.as_strided(_arange(size), sizes, steps, start - lowest).reshape(-1)
        flat = flat.index_add(0, places, g.reshape(-1))
    else:
        flat.as_strided(sizes, steps, start - lowest).copy_(g)
    if overlapping:
        places = C.as_strided(_arange(size), shape, strides, offset - lowest).reshape(-1)
        sharing = C.full(0, (size,), g.dtype).index_add(0, places, C.full(1, places.shape, g.dtype))
        flat = flat / sharing
    return flat.as_strided(shape, strides, offset - lowest).clone()  # type: ignore[no-any-return]


def _arange(n: int) -> Tensor:
    return _C.from_buffer(np.arange(n, dtype=np.int64))


def _overlaps(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether two indices may stand for one place: conservative, exact for the views of ordinary ops."""
    reach = 0
    for stride, size in sorted((s, n) for n, s in zip(shape, strides, strict=True) if n != 1):
        if stride <= reach:
            return True
        reach += stride * (size - 1)
    return False
