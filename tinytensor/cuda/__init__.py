"""What programs ask of `torch.cuda` before they settle for the CPU. There is no GPU here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..missing import names_of as _names_of
from ..tensor import unsupported
from . import amp


def is_available() -> bool:
    """False: there is no GPU here.

    Examples:
        >>> tt.cuda.is_available()
        False
    """
    return False


def device_count() -> int:
    """0: there is no GPU here.

    Examples:
        >>> tt.cuda.device_count()
        0
    """
    return 0


def manual_seed(seed: int) -> None:
    """Does nothing: there is no generator to seed.

    Examples:
        >>> tt.cuda.manual_seed(42)
    """


def manual_seed_all(seed: int) -> None:
    """Does nothing: there is no generator to seed.

    Examples:
        >>> tt.cuda.manual_seed_all(42)
    """


def synchronize(device: object = None) -> None:
    """Does nothing: work on the CPU is done when a call returns.

    Examples:
        >>> tt.cuda.synchronize()
    """


def empty_cache() -> None:
    """Does nothing: there is no GPU memory.

    Examples:
        >>> tt.cuda.empty_cache()
    """


def current_device() -> int:
    """Refused.

    Raises:
        NotImplementedError: always.
    """
    unsupported("torch.cuda.current_device: there is no GPU, and it")


def set_device(device: object) -> None:
    """Refused.

    Raises:
        NotImplementedError: always.
    """
    unsupported("torch.cuda.set_device: there is no GPU, and it")


def get_device_name(device: object = None) -> str:
    """Refused.

    Raises:
        NotImplementedError: always.
    """
    unsupported("torch.cuda.get_device_name: there is no GPU, and it")


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """False: there is no GPU here, and no bfloat16.

    Examples:
        >>> tt.cuda.is_bf16_supported()
        False
    """
    return False


def is_initialized() -> bool:
    """False: there is no GPU here.

    Examples:
        >>> tt.cuda.is_initialized()
        False
    """
    return False


def memory_allocated(device: object = None) -> int:
    """0: there is no GPU memory.

    Examples:
        >>> tt.cuda.memory_allocated()
        0
    """
    return 0


def max_memory_allocated(device: object = None) -> int:
    """0: there is no GPU memory.

    Examples:
        >>> tt.cuda.max_memory_allocated()
        0
    """
    return 0


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
