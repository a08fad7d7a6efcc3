"""Training by several processes: there is one process here."""

from __future__ import annotations

from typing import Any, NoReturn

from .tensor import unsupported


def is_available() -> bool:
    """False: there is one process."""
    return False


def is_initialized() -> bool:
    """False: there is one process."""
    return False


def init_process_group(backend: str | None = None, **kwargs: Any) -> NoReturn:
    """Refused.

    Raises:
        NotImplementedError: always.
    """
    unsupported("torch.distributed.init_process_group: training by several processes")


def destroy_process_group(group: Any = None) -> NoReturn:
    """Refused: there is no group of processes.

    Raises:
        NotImplementedError: always.
    """
    unsupported("torch.distributed.destroy_process_group: training by several processes")
