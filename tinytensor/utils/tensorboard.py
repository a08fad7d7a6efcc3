"""TensorBoard's log files, written by the package tensorboardX."""

from __future__ import annotations

import functools
from typing import Any

from ..tensor import Tensor

try:
    import tensorboardX
except ImportError as error:
    raise ImportError("torch.utils.tensorboard needs the package tensorboardX: pip install tensorboardX") from error

__all__ = ["SummaryWriter"]


def _plain(value: Any) -> Any:
    """Tensors become NumPy arrays, also in dictionaries and lists."""
    if isinstance(value, Tensor):
        return value.detach().numpy()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


class SummaryWriter(tensorboardX.SummaryWriter):  # type: ignore[misc]
    """tensorboardX's writer, which is given NumPy arrays for tensors."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if not name.startswith("add_"):
            return value

        @functools.wraps(value)
        def add(*args: Any, **kwargs: Any) -> Any:
            return value(*[_plain(item) for item in args], **{key: _plain(item) for key, item in kwargs.items()})

        return add
