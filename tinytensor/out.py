"""`op(..., out=x)`: the result of any function of the package written into tensors that are there.

It is computed as always and copied, so that `out` may share memory with the arguments where PyTorch allows it.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterator
from typing import Any

from . import _C
from ._C import ops as C
from .history import check_cast
from .modes import no_grad
from .tensor import Tensor


def call_into(op: Any, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any) -> Any:
    """Calls an op that knows nothing of `out`, and writes what it gives into `out`, a tensor or as many as it gives.

    Raises:
        RuntimeError: a tensor requires grad while ops are recorded, `out` has a dtype that cannot hold the result, or
            (`cat`, `gather` and their like) it shares memory with an argument.
        TypeError: the op is not one of those that take `out`, or `out` is not as many tensors as it gives.
    """
    if not _takes_out(op):
        raise TypeError(f"{op.__name__}() got an unexpected keyword argument 'out'")
    if out is None:
        return op(*args, **kwargs)
    targets = (out,) if isinstance(out, Tensor) else out
    if not isinstance(targets, tuple | list) or not all(isinstance(x, Tensor) for x in targets):
        raise TypeError(f"{op.__name__}(): argument 'out' must be Tensor, not {type(out).__name__}")
    if _C.is_grad_enabled() and any(x.requires_grad for x in _tensors((*args, *kwargs.values(), targets))):
        raise RuntimeError(
            f"{op.__name__}(): functions with out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )
    result = op(*args, **kwargs)
    results = (result,) if isinstance(result, Tensor) else tuple(result)
    if len(results) != len(targets):
        raise TypeError(f"{op.__name__}(): argument 'out' must be a tuple of {len(results)} Tensors")
    for target, value in zip(targets, results, strict=True):
        if op.__name__ in _EXACT and target.dtype is not value.dtype:
            raise RuntimeError(f"Expected out tensor to have dtype {value.dtype}, but got {target.dtype} instead")
        check_cast(value.dtype, target.dtype)
        if op.__name__ in _APART:
            _check_apart(target, _tensors((*args, *kwargs.values())))
    for target, value in zip(targets, results, strict=True):
        _write(target, value)
    return out if isinstance(result, Tensor) else type(result)(targets)


# Ops that do not convert what they give.
_EXACT = {
    "gather", "index_select", "masked_select", "take", "take_along_dim", "matmul", "mm", "bmm", "mv", "sort", "tril",
    "triu", "where",
}  # fmt: skip

# Ops that PyTorch lets write as they read: there `out` must not be an argument's memory.
_APART = {"gather", "index_select", "masked_select", "take", "cat", "concat", "concatenate", "stack"}


def _check_apart(target: Tensor, inputs: Iterator[Tensor]) -> None:
    if any(n > 1 and step == 0 for n, step in zip(target.shape, target.stride(), strict=True)):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation."
        )
    begin, end = _extent(target)
    for x in inputs:
        first, last = _extent(x)
        if x is target or (first < end and begin < last):
            raise RuntimeError(
                "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single "
                "memory location. Please clone() the tensor before performing the operation."
            )


def _extent(x: Tensor) -> tuple[int, int]:
    """The bytes that a tensor without gaps takes; of others, as PyTorch has it, none is known."""
    span = 1 + sum((n - 1) * step for n, step in zip(x.shape, x.stride(), strict=True))
    return (x.data_ptr(), x.data_ptr() + x.nbytes) if span == x.numel() else (0, 0)


@functools.cache
def _takes_out(op: Any) -> bool:
    """Whether the op is a function of the package, of `linalg` or of `special`: those of `nn` and `Tensor` do not."""
    import tinytensor as tt

    return any(op is found for module in (tt, tt.linalg, tt.special) for found in vars(module).values())


def _tensors(values: Any) -> Iterator[Tensor]:
    for x in values:
        if isinstance(x, Tensor):
            yield x
        elif isinstance(x, tuple | list):
            yield from _tensors(x)


def _write(target: Tensor, value: Tensor) -> None:
    if target.shape != value.shape:
        if target.numel():
            warnings.warn(
                f"An output with one or more elements was resized since it had shape {list(target.shape)}, which does "
                f"not match the required output shape {list(value.shape)}. This behavior is deprecated.",
                stacklevel=4,
            )
        target.data = C.full(0, value.shape, target.dtype)
    with no_grad():
        target.copy_(value.detach())
