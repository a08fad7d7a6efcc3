"""PyTorch's old constructors by dtype: `FloatTensor`, `LongTensor`, ...; also what `isinstance` and `type` take."""

from __future__ import annotations

from typing import Any

from . import _C
from .device import check_device
from .ops.creation import empty, tensor
from .tensor import Size, Tensor

__all__ = [
    "BoolTensor", "ByteTensor", "CharTensor", "DoubleTensor", "FloatTensor", "IntTensor", "LongTensor", "ShortTensor",
    "TensorType", "set_default_tensor_type",
]  # fmt: skip


def filled(dtype: Any, data: tuple[Any, ...], device: Any = None) -> Tensor:
    """A tensor of the given sizes, its values unset, or of the given numbers."""
    check_device(device)
    if not data:
        return empty(0, dtype=dtype)
    if isinstance(data[0], Tensor) and len(data) == 1:
        if data[0].dtype is not dtype:
            raise TypeError(f"expected a tensor of {dtype} (got {data[0].dtype}); convert it with .to()")
        return data[0].detach()
    if isinstance(data[0], Size) or all(isinstance(size, int) and not isinstance(size, bool) for size in data):
        return empty(*data, dtype=dtype)
    if len(data) > 1 or isinstance(data[0], int | float):
        raise TypeError(
            f"new(): expected sizes or a sequence of numbers, got {', '.join(type(x).__name__ for x in data)}"
        )
    return tensor(data[0], dtype=dtype)


class _OfDtype(type):
    """The class of a class of tensors: those of one dtype."""

    dtype: Any

    def __call__(cls, *data: Any, device: Any = None) -> Any:
        return filled(cls.dtype, data, device)

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, Tensor) and value.dtype is cls.dtype


class FloatTensor(metaclass=_OfDtype):
    """Tensors of float32.

    Examples:
        >>> tt.FloatTensor([1, 2]), isinstance(tt.ones(2), tt.FloatTensor)
        (tensor([1., 2.]), True)
    """

    dtype = _C.float32


class DoubleTensor(metaclass=_OfDtype):
    """Tensors of float64.

    Examples:
        >>> tt.DoubleTensor(2, 3).shape
        torch.Size([2, 3])
    """

    dtype = _C.float64


class LongTensor(metaclass=_OfDtype):
    """Tensors of int64.

    Examples:
        >>> tt.LongTensor([[1], [2]])
        tensor([[1],
                [2]])
    """

    dtype = _C.int64


class IntTensor(metaclass=_OfDtype):
    """Tensors of int32.

    Examples:
        >>> tt.IntTensor([1, 2])
        tensor([1, 2], dtype=torch.int32)
    """

    dtype = _C.int32


class ShortTensor(metaclass=_OfDtype):
    """Tensors of int16.

    Examples:
        >>> tt.ShortTensor([1, 2])
        tensor([1, 2], dtype=torch.int16)
    """

    dtype = _C.int16


class CharTensor(metaclass=_OfDtype):
    """Tensors of int8.

    Examples:
        >>> tt.CharTensor([1, 2])
        tensor([1, 2], dtype=torch.int8)
    """

    dtype = _C.int8


class ByteTensor(metaclass=_OfDtype):
    """Tensors of uint8.

    Examples:
        >>> tt.ByteTensor([1, 2])
        tensor([1, 2], dtype=torch.uint8)
    """

    dtype = _C.uint8


class BoolTensor(metaclass=_OfDtype):
    """Tensors of bool.

    Examples:
        >>> tt.BoolTensor([1, 0])
        tensor([ True, False])
    """

    dtype = _C.bool


TensorType = Tensor  # annotations of old programs name it


def set_default_tensor_type(t: Any) -> None:
    """Sets the dtype of floats where none is given, by a class such as `DoubleTensor` or its name.

    Examples:
        >>> tt.set_default_tensor_type(tt.DoubleTensor)
        >>> tt.get_default_dtype()
        torch.float64
    """
    if isinstance(t, str):
        t = globals().get(t.removeprefix("torch."), t)
    _C.set_default_dtype(getattr(t, "dtype", t))
