"""Modules on several devices; there is one."""

from __future__ import annotations

from typing import Any

from ..tensor import unsupported
from .modules.module import Module

__all__ = ["DataParallel", "DistributedDataParallel"]


class DataParallel(Module):
    """Runs the module as it is, which is what PyTorch's does without a GPU; the parameters are `module.*`.

    Examples:
        >>> list(nn.DataParallel(nn.Linear(2, 1)).state_dict())
        ['module.weight', 'module.bias']
    """

    def __init__(self, module: Module, device_ids: Any = None, output_device: Any = None, dim: int = 0) -> None:
        super().__init__()
        self.module = module

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        return self.module(*inputs, **kwargs)


class DistributedDataParallel(Module):
    """Refused.

    Raises:
        NotImplementedError: always.
    """

    def __init__(self, module: Module, device_ids: Any = None, **kwargs: Any) -> None:
        unsupported("nn.parallel.DistributedDataParallel: training by several processes")
