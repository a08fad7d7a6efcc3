"""safetensors files, with the functions of `safetensors.torch`. Needs the package safetensors."""

from __future__ import annotations

import os
from typing import Any, NoReturn

from ._C import from_buffer
from .ops.creation import tensor
from .tensor import Tensor

try:
    import safetensors
    import safetensors.numpy
except ImportError as error:
    raise ImportError("tinytensor.safetensors needs the package safetensors: pip install safetensors") from error

__all__ = ["load", "load_file", "save", "save_file"]

_DTYPES = {"F64": "float64", "F32": "float32", "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8"}
_DTYPES |= {"U8": "uint8", "BOOL": "bool"}
_NAMES = {"F16": "float16", "BF16": "bfloat16"}


def save(tensors: dict[str, Tensor], metadata: dict[str, str] | None = None) -> bytes:
    """The bytes of a safetensors file of these tensors; each is stored whole, also where they share memory.

    Raises:
        ValueError: a value is not a tensor.

    Example:
        >>> from tinytensor import safetensors
        >>> safetensors.save({"w": tt.ones(2)})[8:62]
        b'{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    """
    return safetensors.numpy.save(_arrays(tensors), metadata)


def save_file(
    tensors: dict[str, Tensor], filename: str | os.PathLike[str], metadata: dict[str, str] | None = None
) -> None:
    """Writes tensors by name to a file that any safetensors library reads.

    Example:
        >>> import os, tempfile
        >>> from tinytensor import safetensors
        >>> path = os.path.join(tempfile.mkdtemp(), "linear.safetensors")
        >>> safetensors.save_file(nn.Linear(3, 2).state_dict(), path)
        >>> sorted(safetensors.load_file(path))
        ['bias', 'weight']
    """
    safetensors.numpy.save_file(_arrays(tensors), filename, metadata)


def load(data: bytes) -> dict[str, Tensor]:
    """The tensors of a safetensors file, by name.

    Raises:
        safetensors.SafetensorError: the data is truncated or foreign.
        NotImplementedError: a tensor has a dtype that tinytensor does not have.

    Example:
        >>> from tinytensor import safetensors
        >>> safetensors.load(safetensors.save({"w": tt.ones(2)}))
        {'w': tensor([1., 1.])}
    """
    tensors = {}
    for name, entry in safetensors.deserialize(data):  # type: ignore[no-untyped-call]
        dtype = _DTYPES.get(entry["dtype"]) or _refuse(name, entry["dtype"])
        tensors[name] = _tensor(bytearray(entry["data"]), dtype, entry["shape"])
    return tensors


def load_file(filename: str | os.PathLike[str], device: Any = "cpu") -> dict[str, Tensor]:
    """The tensors of a file, by name (see `load`)."""
    from .device import check_device

    check_device(device)
    with open(filename, "rb") as file:
        return load(file.read())


def _arrays(tensors: dict[str, Tensor]) -> dict[str, Any]:
    for name, value in tensors.items():
        if not isinstance(value, Tensor):
            raise ValueError(f"Key `{name}` is invalid, expected torch.Tensor but received {type(value)}")
    return {name: value.detach().contiguous().numpy() for name, value in tensors.items()}


def _tensor(memory: bytearray, dtype: str, shape: list[int]) -> Any:
    import numpy as np

    array = np.frombuffer(memory, np.dtype(dtype).newbyteorder("<")).astype(dtype, copy=False)
    return from_buffer(array).reshape(shape) if memory else tensor(array).reshape(shape)


def _refuse(name: str, dtype: str) -> NoReturn:
    raise NotImplementedError(
        f"safetensors: {name!r} is of dtype {_NAMES.get(dtype, dtype)}, which tinytensor does not have; convert it in "
        "PyTorch, for example by .float(), and save it again"
    )
