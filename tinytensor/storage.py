"""The memory that tensors are views of, as a flat sequence of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._C import ops as C
from .tensor import Tensor


class TypedStorage:
    """All elements of the memory that a tensor is a view of, in order: what `Tensor.storage()` gives."""

    def __init__(self, x: Tensor) -> None:
        self._flat = C.as_strided(x.detach(), (x._storage_bytes() // x.itemsize,), (1,), 0).detach()

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return self._flat.dtype

    def __len__(self) -> int:
        return int(self._flat.numel())

    def __getitem__(self, index: int) -> Any:
        return self._flat[index].item()

    def __setitem__(self, index: int, value: Any) -> None:
        self._flat[index] = value

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __repr__(self) -> str:
        numbers = "".join(f" {value}\n" for value in self)
        return f"{numbers}[torch.storage.TypedStorage(dtype={self.dtype}, device=cpu) of size {len(self)}]"

    def size(self) -> int:
        """The number of elements."""
        return len(self)

    def nbytes(self) -> int:
        """The number of bytes."""
        return len(self) * int(self._flat.itemsize)

    def data_ptr(self) -> int:
        """The address of the first element."""
        return int(self._flat.data_ptr())

    def tolist(self) -> list[Any]:
        """The elements as Python numbers."""
        return list(self._flat.tolist())


class UntypedStorage:
    """The same memory as bytes: what `Tensor.untyped_storage()` gives."""

    def __init__(self, x: Tensor) -> None:
        self._tensor = x.detach()

    def __len__(self) -> int:
        return self.nbytes()

    def size(self) -> int:
        """The number of bytes."""
        return self.nbytes()

    def nbytes(self) -> int:
        """The number of bytes."""
        return int(self._tensor._storage_bytes())

    def data_ptr(self) -> int:
        """The address of the first byte."""
        return int(self._tensor._storage_id())
