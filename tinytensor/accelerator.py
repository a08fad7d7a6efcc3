"""What programs ask of `torch.accelerator`: there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from .missing import names_of as _names_of
from .tensor import unsupported as _unsupported


def is_available() -> bool:
    """False.

    Examples:
        >>> tt.accelerator.is_available()
        False
    """
    return False


def current_accelerator(check_available: bool = False) -> None:
    """None: there is no accelerator.

    Examples:
        >>> tt.accelerator.current_accelerator()
    """


def device_count() -> int:
    """0.

    Examples:
        >>> tt.accelerator.device_count()
        0
    """
    return 0


def synchronize(device: object = None) -> NoReturn:
    """Refused.

    Raises:
        NotImplementedError: always.
    """
    _unsupported("torch.accelerator.synchronize: there is no accelerator, and it")


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
