"""Questions about a tensor that need no kernel."""

from __future__ import annotations

import builtins
from typing import Any

from .._C import ops as C
from ..tensor import Tensor, method

__all__ = ["can_cast", "is_complex", "is_floating_point", "is_nonzero", "is_tensor", "numel", "result_type"]


def is_tensor(obj: Any) -> builtins.bool:
    """Whether the object is a Tensor.

    Examples:
        >>> tt.is_tensor(tt.zeros(2)), tt.is_tensor([0, 0])
        (True, False)
    """
    return isinstance(obj, Tensor)


@method()
def is_floating_point(input: Tensor) -> builtins.bool:
    """Whether the dtype is float32 or float64.

    Examples:
        >>> tt.tensor([1.0]).is_floating_point(), tt.tensor([1]).is_floating_point()
        (True, False)
    """
    return builtins.bool(input.dtype.is_floating_point)


@method()
def is_complex(input: Tensor) -> builtins.bool:
    """False: there are no complex dtypes.

    Examples:
        >>> tt.zeros(2).is_complex()
        False
    """
    return False


@method()
def is_nonzero(input: Tensor) -> builtins.bool:
    """Whether the one element is not zero.

    Raises:
        RuntimeError: there is not exactly one element.

    Examples:
        >>> tt.is_nonzero(tt.tensor([0.5]))
        True
    """
    return builtins.bool(input.item() != 0)


def numel(input: Tensor) -> builtins.int:
    """The number of elements.

    Examples:
        >>> tt.numel(tt.zeros(2, 3))
        6
    """
    return input.numel()


_ORDER = {"bool": 0, "uint8": 1, "int8": 1, "int16": 1, "int32": 1, "int64": 1, "float32": 2, "float64": 2}


def can_cast(from_: Any, to: Any) -> builtins.bool:
    """Whether a result of one dtype may be written to a tensor of another (bool < integer < float).

    Examples:
        >>> tt.can_cast(tt.int64, tt.float32), tt.can_cast(tt.float32, tt.int64)
        (True, False)
    """
    return _ORDER[from_.name] <= _ORDER[to.name]


def result_type(tensor1: Any, tensor2: Any) -> Any:
    """The dtype of arithmetic on two tensors or numbers.

    Examples:
        >>> tt.result_type(tt.tensor([1]), 1.5)
        torch.float32
    """
    # No elements, so that any two shapes go together; 0-d tensors stay what they are.
    empty = (C.as_strided(x, (0,), (1,), 0) if isinstance(x, Tensor) and x.ndim else x for x in (tensor1, tensor2))
    return C.add(*empty).dtype


@method()
def element_size(input: Tensor) -> builtins.int:
    """Bytes of one element.

    Examples:
        >>> tt.zeros(2).element_size()
        4
    """
    return input.itemsize


@method()
def dim(input: Tensor) -> builtins.int:
    """The number of dimensions.

    Examples:
        >>> tt.zeros(2, 3).dim()
        2
    """
    return input.ndim


@method()
def ndimension(input: Tensor) -> builtins.int:
    """The number of dimensions.

    Examples:
        >>> tt.zeros(2, 3).ndimension()
        2
    """
    return input.ndim


@method()
def is_signed(input: Tensor) -> builtins.bool:
    """Whether the dtype has negative values.

    Examples:
        >>> tt.zeros(2).is_signed()
        True
    """
    return builtins.bool(input.dtype.is_signed)


@method()
def is_same_size(input: Tensor, other: Tensor) -> builtins.bool:
    """Whether both have the same shape.

    Examples:
        >>> tt.zeros(2, 3).is_same_size(tt.zeros(3, 2))
        False
    """
    return builtins.bool(input.shape == other.shape)


@method()
def get_device(input: Tensor) -> builtins.int:
    """-1, which stands for the CPU.

    Examples:
        >>> tt.zeros(2).get_device()
        -1
    """
    return -1


@method()
def is_shared(input: Tensor) -> builtins.bool:
    """False: memory is not shared between processes.

    Examples:
        >>> tt.zeros(2).is_shared()
        False
    """
    return False


@method()
def is_pinned(input: Tensor) -> builtins.bool:
    """False: memory is not pinned.

    Examples:
        >>> tt.zeros(2).is_pinned()
        False
    """
    return False
