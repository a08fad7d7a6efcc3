"""Mixed precision, which needs dtypes of 16 bits: switched off where PyTorch without a GPU switches it off, else refused."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from . import _C
from .tensor import unsupported

__all__ = ["GradScaler", "autocast"]

F = TypeVar("F", bound=Callable[..., Any])


class autocast:
    """Computes as always within the block; a context manager or decorator.

    For "cuda" it warns and does nothing, as PyTorch does on a machine without a GPU. For "cpu" PyTorch would compute
    in bfloat16, which is refused here.

    Args:
        device_type: "cuda" or "cpu".
        dtype: of the computation; on the CPU PyTorch knows bfloat16 and float16, and ignores others.
        enabled: False computes as always, without a warning.
        cache_enabled: ignored.

    Raises:
        NotImplementedError: 16 bits are asked for on the CPU.

    Examples:
        >>> with tt.amp.autocast("cpu", enabled=False):
        ...     tt.ones(2) * 2
        tensor([2., 2.])
    """

    def __init__(
        self, device_type: str, dtype: Any = None, enabled: bool = True, cache_enabled: bool | None = None
    ) -> None:
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        if enabled and device_type == "cpu":
            if dtype in (None, _C.bfloat16, _C.float16):
                unsupported(f"autocast on the CPU computes in {dtype or _C.bfloat16}, which")
            warnings.warn(
                f"In CPU autocast, but the target dtype is not supported. Disabling autocast: {dtype}", stacklevel=2
            )
        elif enabled:
            warnings.warn(
                f"User provided device_type of {device_type!r}, but it is not available. Disabling", stacklevel=2
            )

    def __enter__(self) -> autocast:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __call__(self, function: F) -> F:
        """The function, which computes as always."""

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        return wrapped  # type: ignore[return-value]


class GradScaler:
    """Scales nothing: gradients of float32 need no scaling; every method passes through.

    For "cuda" it warns that it is disabled, as PyTorch does on a machine without a GPU.

    Raises:
        NotImplementedError: it is to scale on the CPU.

    Examples:
        >>> scaler = tt.amp.GradScaler(enabled=False)
        >>> scaler.scale(tt.ones(2))
        tensor([1., 1.])
    """

    def __init__(
        self,
        device: str = "cuda",
        init_scale: float = 65536.0,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        if enabled and device == "cpu":
            unsupported("GradScaler on the CPU is for computations in 16 bits, which tinytensor does not do; scaling")
        if enabled:
            warnings.warn("torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.", stacklevel=2)

    def scale(self, outputs: Any) -> Any:
        """The outputs themselves."""
        return outputs

    def unscale_(self, optimizer: Any) -> None:
        """Does nothing."""

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """The optimizer's step."""
        return optimizer.step(*args, **kwargs)

    def update(self, new_scale: Any = None) -> None:
        """Does nothing."""

    def get_scale(self) -> float:
        """1."""
        return 1.0

    def is_enabled(self) -> bool:
        """False."""
        return False

    def state_dict(self) -> dict[str, Any]:
        """An empty dictionary."""
        return {}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Takes what a disabled scaler saved, and ignores it."""
