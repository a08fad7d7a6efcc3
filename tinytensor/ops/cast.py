"""Copies and conversions: clone, contiguous, to, float, copy_, fill_ and their like."""

from __future__ import annotations

from typing import Any, overload

from .. import _C
from .._C import ops as C
from .._C import vjp
from ..device import check_device, contiguous_format, device, memory_format, preserve_format, suggested_format
from ..history import in_place
from ..tensor import Tensor, method, primitive

__all__ = ["clone", "fill", "zero_"]  # the others are methods alone


def _dense(x: Tensor, dtype: Any, memory_format: memory_format | None) -> Any:
    """A copy without gaps: in the order of x's dimensions, or in that of a memory format."""
    if memory_format is None or memory_format is preserve_format:
        return C.cast(x, dtype)
    y = _C.empty_strided(x.shape, memory_format.strides(x.shape), dtype)
    C.copy(y, x)
    return y


@primitive
def cast(input: Tensor, dtype: Any, memory_format: memory_format | None = None) -> Any:
    """The elements converted to `dtype`, always a copy."""
    return _dense(input, dtype, memory_format), lambda g: g


@method()
@primitive
def clone(input: Tensor, *, memory_format: memory_format | None = None) -> Any:
    """A copy, dense, with the dimensions in the same order in memory, or in that of a memory format.

    Raises:
        RuntimeError: the format is for another number of dimensions.

    Examples:
        >>> x = tt.arange(3)
        >>> y = x.clone().fill_(7)
        >>> x, y
        (tensor([0, 1, 2]), tensor([7, 7, 7]))
    """
    return _dense(input, input.dtype, memory_format), lambda g: g


@primitive
def _contiguous(x: Tensor) -> Any:
    return C.contiguous(x), lambda g: g


@method()
def contiguous(input: Tensor, *, memory_format: memory_format = contiguous_format) -> Any:
    """The tensor itself if it lies in this format (row-major unless told otherwise), else a copy that does.

    Shapes: any, kept.

    Raises:
        RuntimeError: the format is for another number of dimensions, or is `preserve_format`.

    Examples:
        >>> tt.zeros(2, 3).t().contiguous().stride()
        (2, 1)
    """
    if memory_format is contiguous_format:
        return input if input._is_contiguous() else _contiguous(input)
    if memory_format is preserve_format:
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    return input if input.is_contiguous(memory_format) else clone(input, memory_format=memory_format)


@method()
def to(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """Converts to a dtype: `to(dtype)`, `to(device)`, `to(device, dtype)`, `to(other)`; itself if nothing changes.

    Args:
        input: any tensor.
        args: a dtype, a device ("cpu" alone) and a dtype, or a tensor whose dtype to take; then non_blocking, copy.
        kwargs: dtype, device, other, non_blocking, copy, memory_format.

    Raises:
        RuntimeError: the device is not the CPU, or the memory format is for another number of dimensions.

    Examples:
        >>> tt.tensor([1.5, -1.5]).to(tt.int64)
        tensor([ 1, -1])
        >>> tt.tensor([1, 2]).to("cpu", tt.float64)
        tensor([1., 2.], dtype=torch.float64)
    """
    dtype, copy = kwargs.pop("dtype", None), kwargs.pop("copy", False)
    check_device(kwargs.pop("device", None))
    other = kwargs.pop("other", None)
    kwargs.pop("non_blocking", None)
    wanted = kwargs.pop("memory_format", None)
    if kwargs:
        raise TypeError(f"to() got an unexpected keyword argument '{next(iter(kwargs))}'")
    rest = list(args)
    if rest and isinstance(rest[0], Tensor):
        other = rest.pop(0)
    elif rest and (rest[0] is None or isinstance(rest[0], str | device)):
        check_device(rest.pop(0))
    if rest and (isinstance(rest[0], _C.dtype) or rest[0] in _PYTHON_TYPES):
        dtype = rest.pop(0)
    if len(rest) > 1:
        copy = rest[1]
    if rest and rest[0] is not None and not isinstance(rest[0], bool):
        raise TypeError(f"to() received an invalid argument: {rest[0]!r}")
    if other is not None:
        dtype = other.dtype
    elif dtype is None:
        dtype = input.dtype
    if not isinstance(dtype, _C.dtype):
        dtype = _PYTHON_TYPES[dtype]
    return _converted(input, dtype, copy, wanted)


def _converted(input: Tensor, dtype: Any, copy: bool, wanted: memory_format | None) -> Any:
    if dtype == input.dtype and not copy:
        if wanted is None or wanted is preserve_format:
            return input
        if wanted is suggested_format(input.shape, input.stride()):
            return input
    return cast(input, dtype, wanted)


_PYTHON_TYPES = {float: _C.float64, int: _C.int64, bool: _C.bool}


def _conversion(name: str, dtype: Any) -> None:
    def convert(input: Tensor, *, memory_format: memory_format | None = None) -> Tensor:
        return _converted(input, dtype, False, memory_format)

    convert.__name__ = convert.__qualname__ = name
    convert.__doc__ = (
        f"`input.to({dtype})`. Elementwise.\n\nExamples:\n    >>> tt.tensor([1, 0]).{name}().dtype\n    {dtype}"
    )
    method()(convert)


for _name, _dtype in {
    "float": _C.float32,
    "double": _C.float64,
    "long": _C.int64,
    "int": _C.int32,
    "short": _C.int16,
    "char": _C.int8,
    "byte": _C.uint8,
    "bool": _C.bool,
}.items():
    _conversion(_name, _dtype)


@method()
def cpu(input: Tensor, *, memory_format: memory_format | None = None) -> Tensor:
    """The tensor itself, in this memory format: it is on the CPU.

    Examples:
        >>> x = tt.zeros(2)
        >>> x.cpu() is x
        True
    """
    return _converted(input, input.dtype, False, memory_format)


@method()
def cuda(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """Refused: there is no GPU here."""
    raise RuntimeError("cuda: tinytensor runs on the CPU; leave out .cuda() or use .to('cpu')")


@method()
def type_as(input: Tensor, other: Tensor) -> Tensor:
    """`input.to(other.dtype)`.

    Examples:
        >>> tt.tensor([1.5]).type_as(tt.tensor([1]))
        tensor([1])
    """
    return input.to(other.dtype)


_TYPE_NAMES = {
    "float32": "FloatTensor", "float64": "DoubleTensor", "int64": "LongTensor", "int32": "IntTensor",
    "int16": "ShortTensor", "int8": "CharTensor", "uint8": "ByteTensor", "bool": "BoolTensor",
}  # fmt: skip


@overload
def type(input: Tensor) -> str: ...
@overload
def type(input: Tensor, dtype: Any, non_blocking: bool = False) -> Tensor: ...
@method()
def type(input: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """Without a dtype the name of the tensor's type, such as "torch.FloatTensor"; with one, the converted tensor.

    Examples:
        >>> tt.tensor([1.5]).type()
        'torch.FloatTensor'
        >>> tt.tensor([1.5]).type(tt.int32)
        tensor([1], dtype=torch.int32)
    """
    if dtype is None:
        return f"torch.{_TYPE_NAMES[input.dtype.name]}"
    if isinstance(dtype, str):
        names = {v: k for k, v in _TYPE_NAMES.items()}
        name = dtype.rsplit(".", 1)[-1]
        if name not in names:
            raise ValueError(f"invalid type: {dtype!r}")
        dtype = getattr(_C, names[name])
    return input.to(getattr(dtype, "dtype", dtype))  # a class such as torch.LongTensor has one


# ---- writing ----


def _check_fill(value: Any) -> None:
    if isinstance(value, Tensor) and value.ndim > 0:
        raise RuntimeError(f"fill_ only supports 0-dimension value tensor but got tensor with {value.ndim} dimensions.")


@primitive
def _copied(input: Tensor, src: Any, non_blocking: bool = False) -> Any:
    y = C.cast(input, input.dtype)
    C.copy(y, src)
    return y, vjp(C.mul, 0), lambda g: g


def _write(input: Tensor, src: Any, non_blocking: bool = False) -> None:
    """Takes the elements of `src`, which broadcasts, converted to the tensor's dtype; in place.

    Examples:
        >>> tt.zeros(2, 2).copy_(tt.tensor([1, 2]))
        tensor([[1., 2.],
                [1., 2.]])
    """
    C.copy(input, src)


def _write_value(input: Tensor, value: Any) -> None:
    """Sets every element to `value`, a number or a 0-d tensor; in place.

    Examples:
        >>> tt.zeros(2).fill_(7)
        tensor([7., 7.])
    """
    _check_fill(value)
    C.copy(input, value)


def fill(input: Tensor, value: Any) -> Tensor:
    """A copy of the tensor with every element set to `value`, a number or a 0-d tensor.

    Examples:
        >>> tt.fill(tt.zeros(2), 3)
        tensor([3., 3.])
    """
    _check_fill(value)
    return _copied(input, value)


def _write_zeros(input: Tensor) -> None:
    """Sets every element to zero; in place.

    Examples:
        >>> tt.ones(2).zero_()
        tensor([0., 0.])
    """
    C.copy(input, 0)


def _zeros(input: Tensor) -> Tensor:
    return fill(input, 0)


setattr(Tensor, "copy_", in_place("copy_", _copied, _write, _write.__doc__))  # noqa: B010
setattr(Tensor, "fill_", in_place("fill_", fill, _write_value, _write_value.__doc__))  # noqa: B010
zero_ = in_place("zero_", _zeros, _write_zeros, _write_zeros.__doc__)
setattr(Tensor, "zero_", zero_)  # noqa: B010
