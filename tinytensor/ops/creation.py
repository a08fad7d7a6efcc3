"""New tensors: from data, constant, like others."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from .. import _C
from .._C import ops as C
from ..device import check_device, preserve_format
from ..tensor import Tensor, method

__all__ = [
    "as_tensor", "asarray", "empty", "empty_like", "empty_strided", "eye", "from_dlpack", "from_numpy", "full",
    "full_like", "ones", "ones_like", "scalar_tensor", "tensor", "zeros", "zeros_like",
]  # fmt: skip


def leaf(x: Any, requires_grad: bool) -> Any:
    """A new tensor as its caller wants it."""
    return x.requires_grad_() if requires_grad else x


def sizes_of(name: str, size: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Sizes given one by one, as one sequence, or as the keyword `size`."""
    if kwargs:
        if size or set(kwargs) != {"size"}:
            raise TypeError(
                f"{name}() got an unexpected keyword argument '{next(k for k in kwargs if k != 'size' or size)}'"
            )
        return kwargs["size"]
    if not size:
        raise TypeError(f'{name}() missing 1 required positional argument: "size"')
    return size[0] if len(size) == 1 and isinstance(size[0], tuple | list) else size


# ---- from data ----


def _from_array(data: Any, dtype: Any) -> Any:
    a = np.asarray(data)
    if a.dtype.name not in {"float64", "float32", "int64", "int32", "int16", "int8", "uint8", "bool"}:
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{a.dtype}. The only supported types are: float64, float32, int64, "
            "int32, int16, int8, uint8, and bool."
        )
    x = _C.from_buffer(np.ascontiguousarray(a).reshape(a.shape))
    return C.cast(x, x.dtype if dtype is None else dtype)


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False, pin_memory: bool = False
) -> Tensor:
    """A new tensor with a copy of the data.

    Args:
        data: a number, nested lists or tuples of numbers, a NumPy array, or a tensor.
        dtype: of the elements; by default what the data suggests: bool, int64, the default float dtype, or the array's.
        device: None or "cpu".
        requires_grad: whether it is a leaf that collects gradients.
        pin_memory: accepted for PyTorch's sake.

    Raises:
        ValueError: rows differ in length.
        TypeError: the data are not numbers.

    Examples:
        >>> tt.tensor([[1, 2], [3, 4]])
        tensor([[1, 2],
                [3, 4]])
    """
    check_device(device)
    if isinstance(data, Tensor):
        x = C.contiguous(data.detach()) if dtype is None else C.contiguous(data.detach().to(dtype))
    elif isinstance(data, np.ndarray | np.generic):
        x = _from_array(data, dtype)
    elif type(data) in (list, tuple) or isinstance(data, builtins.float | builtins.int):
        x = _C.from_sequence(data, dtype)
    elif hasattr(data, "__array__"):
        x = _from_array(data, dtype)
    else:
        x = _C.from_sequence(data, dtype)
    return leaf(x, requires_grad)


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """The data as a tensor: itself, or sharing a NumPy array's memory, where no conversion is needed.

    Examples:
        >>> a = np.zeros(2)
        >>> x = tt.as_tensor(a)
        >>> a[0] = 1
        >>> x
        tensor([1., 0.], dtype=torch.float64)
    """
    check_device(device)
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    if isinstance(data, np.ndarray):
        x = from_numpy(data)
        return x if dtype is None else x.to(dtype)
    return tensor(data, dtype=dtype)


asarray = as_tensor


def from_numpy(ndarray: Any) -> Tensor:
    """A tensor on the memory of a NumPy array: a write to one shows in the other.

    Raises:
        TypeError: not an array, or of a dtype that tinytensor does not have.
        ValueError: a stride is negative.

    Examples:
        >>> tt.from_numpy(np.arange(3))
        tensor([0, 1, 2])
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {builtins.type(ndarray).__name__})")
    return _C.from_buffer(ndarray)


def from_dlpack(ext_tensor: Any) -> Tensor:
    """A tensor on the memory of an object with `__dlpack__` (NumPy, PyTorch, JAX): a write to one shows in the other.

    Raises:
        BufferError: the memory cannot be shared.

    Examples:
        >>> tt.from_dlpack(np.arange(3.0))
        tensor([0., 1., 2.], dtype=torch.float64)
    """
    return _C.from_buffer(np.from_dlpack(ext_tensor))


def scalar_tensor(s: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """A 0-d tensor of one number, of the default float dtype unless told otherwise.

    Examples:
        >>> tt.scalar_tensor(3)
        tensor(3.)
    """
    return tensor(s, dtype=dtype or _C.get_default_dtype(), device=device, requires_grad=requires_grad)


# ---- constant ----


def full(
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor of the given sizes filled with a number; the dtype follows from the number unless given.

    Examples:
        >>> tt.full((2, 2), 7)
        tensor([[7, 7],
                [7, 7]])
    """
    check_device(device)
    if isinstance(fill_value, Tensor):
        fill_value = fill_value.item()
    if dtype is None:
        whole = _C.bool if isinstance(fill_value, bool) else _C.int64
        dtype = whole if isinstance(fill_value, builtins.int) else _C.get_default_dtype()
    return leaf(C.full(fill_value, size, dtype), requires_grad)


def zeros(
    *size: Any,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    **kwargs: Any,
) -> Tensor:
    """Zeros of the given sizes.

    Examples:
        >>> tt.zeros(2, 3)
        tensor([[0., 0., 0.],
                [0., 0., 0.]])
    """
    check_device(device)
    return leaf(C.full(0, sizes_of("zeros", size, kwargs), dtype or _C.get_default_dtype()), requires_grad)


def ones(
    *size: Any,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    **kwargs: Any,
) -> Tensor:
    """Ones of the given sizes.

    Examples:
        >>> tt.ones(2, 3, dtype=tt.int64)
        tensor([[1, 1, 1],
                [1, 1, 1]])
    """
    check_device(device)
    return leaf(C.full(1, sizes_of("ones", size, kwargs), dtype or _C.get_default_dtype()), requires_grad)


def empty(
    *size: Any,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    memory_format: Any = None,
    **kwargs: Any,
) -> Tensor:
    """Memory as it comes, of the given sizes.

    Examples:
        >>> tt.empty(2, 3).shape
        torch.Size([2, 3])
    """
    check_device(device)
    sizes, dtype = sizes_of("empty", size, kwargs), dtype or _C.get_default_dtype()
    if memory_format is not None and memory_format.order is not None:
        return leaf(_C.empty_strided(sizes, memory_format.strides(sizes), dtype), requires_grad)
    return leaf(_C.empty(sizes, dtype), requires_grad)


def empty_strided(
    size: Any,
    stride: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Memory as it comes, with the given strides in elements.

    Examples:
        >>> tt.empty_strided((2, 3), (1, 2)).stride()
        (1, 2)
    """
    check_device(device)
    return leaf(_C.empty_strided(size, stride, dtype or _C.get_default_dtype()), requires_grad)


def empty_like(
    input: Tensor,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Memory as it comes, with the sizes and dtype of `input`, and its order of dimensions if it is dense.

    Examples:
        >>> tt.empty_like(tt.zeros(2, 3, dtype=tt.int32)).dtype
        torch.int32
    """
    check_device(device)
    dtype = dtype or input.dtype
    shape = input.shape
    if memory_format is not None and memory_format is not preserve_format:
        return leaf(_C.empty_strided(shape, memory_format.strides(shape), dtype), requires_grad)
    y = _C.empty(shape, dtype)
    if not input._is_contiguous():
        strides = input.stride()
        dense, extent = list(strides), 1
        for d in sorted((d for d in range(input.ndim) if shape[d] != 1), key=lambda d: (strides[d], -d)):
            dense[d] = extent
            extent *= shape[d]
        if 0 not in shape and all(strides[d] or shape[d] == 1 for d in range(input.ndim)):
            y = _C.empty_strided(shape, dense, dtype)
    return leaf(y, requires_grad)


def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """A tensor with the sizes and dtype of `input`, filled with a number.

    Examples:
        >>> tt.full_like(tt.zeros(3), 0.5)
        tensor([0.5000, 0.5000, 0.5000])
    """
    y = empty_like(input, dtype=dtype, device=device, memory_format=memory_format)
    C.copy(y, fill_value)
    return leaf(y, requires_grad)


def zeros_like(
    input: Tensor,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Zeros with the sizes and dtype of `input`.

    Examples:
        >>> tt.zeros_like(tt.tensor([1, 2]))
        tensor([0, 0])
    """
    y = empty_like(input, dtype=dtype, device=device, memory_format=memory_format)
    C.copy(y, 0)
    return leaf(y, requires_grad)


def ones_like(
    input: Tensor,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Ones with the sizes and dtype of `input`.

    Examples:
        >>> tt.ones_like(tt.tensor([[0.5, 2.0]]))
        tensor([[1., 1.]])
    """
    y = empty_like(input, dtype=dtype, device=device, memory_format=memory_format)
    C.copy(y, 1)
    return leaf(y, requires_grad)


def eye(
    n: int,
    m: int | None = None,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The n x m matrix (n x n without m) with ones on the diagonal.

    Examples:
        >>> tt.eye(2, 3)
        tensor([[1., 0., 0.],
                [0., 1., 0.]])
    """
    check_device(device)
    m = n if m is None else m
    for name, size in (("n", n), ("m", m)):
        if size < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {size}")
    x = C.full(0, (n, m), dtype or _C.get_default_dtype())
    if n and m:
        C.copy(C.as_strided(x, (builtins.min(n, m),), (m + 1,), 0), 1)
    return leaf(x, requires_grad)


# ---- methods that make tensors of the same dtype ----


@method()
def new_tensor(input: Tensor, data: Any, *, dtype: Any = None, **kwargs: Any) -> Tensor:
    """`tensor(data)` of this tensor's dtype.

    Examples:
        >>> tt.zeros(2, dtype=tt.float64).new_tensor([1, 2])
        tensor([1., 2.], dtype=torch.float64)
    """
    return tensor(data, dtype=dtype or input.dtype, **kwargs)


@method()
def new_full(input: Tensor, size: Any, fill_value: Any, *, dtype: Any = None, **kwargs: Any) -> Tensor:
    """`full(size, fill_value)` of this tensor's dtype.

    Examples:
        >>> tt.zeros(2).new_full((3,), 7.0)
        tensor([7., 7., 7.])
    """
    return full(size, fill_value, dtype=dtype or input.dtype, **kwargs)


@method()
def new_zeros(input: Tensor, *size: Any, dtype: Any = None, **kwargs: Any) -> Tensor:
    """`zeros(size)` of this tensor's dtype.

    Examples:
        >>> tt.ones(2, dtype=tt.int64).new_zeros(3)
        tensor([0, 0, 0])
    """
    return zeros(*size, dtype=dtype or input.dtype, **kwargs)


@method()
def new_ones(input: Tensor, *size: Any, dtype: Any = None, **kwargs: Any) -> Tensor:
    """`ones(size)` of this tensor's dtype.

    Examples:
        >>> tt.zeros(2, dtype=tt.int64).new_ones(3)
        tensor([1, 1, 1])
    """
    return ones(*size, dtype=dtype or input.dtype, **kwargs)


@method()
def new_empty(input: Tensor, *size: Any, dtype: Any = None, **kwargs: Any) -> Tensor:
    """`empty(size)` of this tensor's dtype.

    Examples:
        >>> tt.zeros(2).new_empty(3, 4).shape
        torch.Size([3, 4])
    """
    return empty(*size, dtype=dtype or input.dtype, **kwargs)
