"""What programs set before they start: deterministic algorithms, the device, precision, compilation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .device import check_device, device
from .device import cpu as _cpu

__all__ = [
    "are_deterministic_algorithms_enabled",
    "compile",
    "get_default_device",
    "get_float32_matmul_precision",
    "set_default_device",
    "set_float32_matmul_precision",
    "use_deterministic_algorithms",
]


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Accepted: all algorithms are deterministic, whatever is set.

    Examples:
        >>> tt.use_deterministic_algorithms(True)
    """


def are_deterministic_algorithms_enabled() -> bool:
    """True: all algorithms are deterministic.

    Examples:
        >>> tt.are_deterministic_algorithms_enabled()
        True
    """
    return True


def get_default_device() -> device:
    """The CPU.

    Examples:
        >>> tt.get_default_device()
        device(type='cpu')
    """
    return _cpu


def set_default_device(device: Any) -> None:
    """Accepts the CPU.

    Raises:
        RuntimeError: another device is named.

    Examples:
        >>> tt.set_default_device("cpu")
    """
    check_device(device)


_PRECISIONS = ("highest", "high", "medium")
_precision = "highest"


def set_float32_matmul_precision(precision: str) -> None:
    """Accepted: products of float32 are computed in float32, whatever is set.

    Raises:
        RuntimeError: the name is none of "highest", "high", "medium".

    Examples:
        >>> tt.set_float32_matmul_precision("high")
    """
    global _precision
    if precision not in _PRECISIONS:
        raise RuntimeError(f"set_float32_matmul_precision: expected one of {_PRECISIONS}, got {precision!r}")
    _precision = precision


def get_float32_matmul_precision() -> str:
    """What was set.

    Examples:
        >>> tt.get_float32_matmul_precision() in ("highest", "high", "medium")
        True
    """
    return _precision


def compile(model: Any = None, **options: Any) -> Any:
    """The function or module itself: it runs as it is. With options alone, a decorator that does the same.

    Examples:
        >>> tt.compile(tt.tanh) is tt.tanh
        True
    """

    def unchanged(model: Callable[..., Any]) -> Callable[..., Any]:
        return model

    return unchanged if model is None else model
