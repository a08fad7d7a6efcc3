"""`op(..., out=x)`: the result of any function of the package written into tensors that are there.

It is computed as always and copied, so that `out` may share memory with the arguments.
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
        RuntimeError: a tensor requires grad while ops are recorded, or `out` has a dtype that cannot hold the result.
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
        check_cast(value.dtype, target.dtype)
    for target, value in zip(targets, results, strict=True):
        _write(target, value)
    return out if isinstance(result, Tensor) else type(result)(targets)


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
