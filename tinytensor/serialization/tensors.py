"""What tensors are in a pickle: PyTorch's names for storages, dtypes and the functions that rebuild tensors of them."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NoReturn

from .. import _C
from .._C import ops as C
from ..device import device
from ..nn.parameter import Parameter
from ..tensor import Size, Tensor

DTYPES = {
    "DoubleStorage": _C.float64,
    "FloatStorage": _C.float32,
    "LongStorage": _C.int64,
    "IntStorage": _C.int32,
    "ShortStorage": _C.int16,
    "CharStorage": _C.int8,
    "ByteStorage": _C.uint8,
    "BoolStorage": _C.bool,
    "UntypedStorage": _C.uint8,
}
"""The dtype of a storage by the name of its class."""

MISSING_DTYPES = {
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
    "QInt8Storage": "qint8",
    "QInt32Storage": "qint32",
    "QUInt8Storage": "quint8",
    "QUInt4x2Storage": "quint4x2",
    "QUInt2x4Storage": "quint2x4",
}


def refuse_dtype(name: str) -> NoReturn:
    """Refuses a dtype that tinytensor does not have, naming it.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError(
        f"torch.load: the file holds a tensor of dtype {name}, which tinytensor does not have; convert it in PyTorch, "
        "for example by .float(), and save it again"
    )


class StorageType:
    """Stands for a storage class of PyTorch, such as `torch.FloatStorage`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


STORAGE_TYPES = {name: StorageType(name) for name in (*DTYPES, *MISSING_DTYPES)}


class Storage:
    """The memory of one or more tensors, as a flat tensor, and its number in the file."""

    __slots__ = ("flat", "key")

    def __init__(self, flat: Tensor, key: str) -> None:
        self.flat, self.key = flat, key

    @classmethod
    def of(cls, x: Tensor, key: str) -> Storage:
        """The whole memory that `x` is a view of."""
        count = x._storage_bytes() // x.itemsize
        return cls(C.as_strided(x.detach(), (count,), (1,), 0).detach(), key)

    @property
    def kind(self) -> StorageType:
        """Its class in PyTorch."""
        return _STORAGE_OF[self.flat.dtype]


_STORAGE_OF = {dtype: STORAGE_TYPES[name] for name, dtype in reversed(DTYPES.items())}


# ---- PyTorch's functions, under PyTorch's names ----


def _rebuild_tensor_v2(
    storage: Storage,
    storage_offset: int,
    size: tuple[int, ...],
    stride: tuple[int, ...],
    requires_grad: bool,
    backward_hooks: Any,
    metadata: Any = None,
) -> Tensor:
    if not isinstance(storage, Storage):
        raise TypeError(f"a tensor's memory is a {type(storage).__name__}")
    last = storage_offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    if min((*size, *stride, storage_offset, 0)) < 0 or (0 not in size and last >= storage.flat.numel()):
        raise RuntimeError(
            f"a tensor of sizes {tuple(size)}, strides {tuple(stride)} and offset {storage_offset} does not lie in its "
            f"storage of {storage.flat.numel()} elements"
        )
    x: Tensor = C.as_strided(storage.flat, size, stride, storage_offset).detach()
    return x.requires_grad_() if requires_grad else x


def _rebuild_tensor(storage: Storage, storage_offset: int, size: Any, stride: Any) -> Tensor:
    return _rebuild_tensor_v2(storage, storage_offset, size, stride, False, None)


def _rebuild_tensor_v3(
    storage: Any, storage_offset: int, size: Any, stride: Any, requires_grad: bool, hooks: Any, dtype: Any, *rest: Any
) -> Tensor:
    """PyTorch's way with dtypes that have no storage class of their own; tinytensor has none of these dtypes."""
    refuse_dtype(str(dtype).removeprefix("torch."))


def _rebuild_parameter(data: Tensor, requires_grad: bool, backward_hooks: Any) -> Parameter:
    return Parameter(data, requires_grad)


def _rebuild_parameter_with_state(data: Tensor, requires_grad: bool, hooks: Any, state: Any) -> Parameter:
    parameter = Parameter(data, requires_grad)
    parameter.__dict__.update(_attributes(state))
    return parameter


def _rebuild_from_type_v2(function: Any, kind: Any, args: Any, state: Any) -> Tensor:
    x: Tensor = function(*args)
    x.__dict__.update(_attributes(state))
    return x


def _attributes(state: Any) -> dict[str, Any]:
    """Attributes a program has set on a tensor; PyTorch pickles a pair when there are slots too."""
    return (state[0] if isinstance(state, tuple) else state) or {}


REBUILD = (
    _rebuild_tensor,
    _rebuild_tensor_v2,
    _rebuild_tensor_v3,
    _rebuild_parameter,
    _rebuild_parameter_with_state,
)

TORCH_NAMES: dict[Any, tuple[str, str]] = {
    **{dtype: ("torch", dtype.name) for dtype in DTYPES.values()},
    **{kind: ("torch", name) for name, kind in STORAGE_TYPES.items()},
    **{function: ("torch._utils", function.__name__) for function in REBUILD},
    _rebuild_from_type_v2: ("torch._tensor", "_rebuild_from_type_v2"),
    Tensor: ("torch", "Tensor"),
    Parameter: ("torch.nn.parameter", "Parameter"),
    Size: ("torch", "Size"),
    device: ("torch", "device"),
    OrderedDict: ("collections", "OrderedDict"),
}
"""What a pickle of tensors names, and PyTorch's name of it: written on saving, found by it on loading."""


def reduce_tensor(x: Tensor, storage: Storage) -> tuple[Any, ...]:
    """How PyTorch pickles a tensor: a call of one of the functions above."""
    if isinstance(x, Parameter):
        rest: tuple[Any, ...] = (x.detach(), x.requires_grad, OrderedDict())
        return (_rebuild_parameter_with_state, (*rest, dict(x.__dict__))) if x.__dict__ else (_rebuild_parameter, rest)
    place = (storage, x.storage_offset(), tuple(x.shape), tuple(x.stride()))
    args: tuple[Any, ...] = (*place, x.requires_grad, OrderedDict())
    if x.__dict__:
        return _rebuild_from_type_v2, (_rebuild_tensor_v2, Tensor, args, dict(x.__dict__))
    return _rebuild_tensor_v2, args
