"""Tensors that a module registers when they are assigned to it."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor


class Parameter(Tensor):
    """A tensor that is trained: it requires grad, and a module lists it among its `parameters()`.

    Shares memory with `data`.

    Examples:
        >>> tt.nn.Parameter(tt.zeros(2))
        Parameter containing:
        tensor([0., 0.], requires_grad=True)
    """

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Parameter:
        """Wrap `data`; the parameter is a leaf, whatever `data` was made from."""
        param: Parameter = super().__new__(cls) if data is None else super().__new__(cls, data)
        param.requires_grad_(requires_grad)
        return param

    def __repr__(self) -> str:  # type: ignore[override]
        return "Parameter containing:\n" + super().__repr__()

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        """A copy without the gradient."""
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.detach().clone(), self.requires_grad)
        copy: Parameter = memo[id(self)]
        return copy


class Buffer(Tensor):
    """A tensor that belongs to a module's state without being trained; see `Module.register_buffer`.

    Examples:
        >>> nn.Buffer(tt.zeros(2)).requires_grad
        False
    """

    persistent: bool

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Buffer:
        """Wrap `data`; with `persistent=False` it stays out of the module's `state_dict`."""
        buffer: Buffer = super().__new__(cls) if data is None else super().__new__(cls, data)
        buffer.persistent = persistent
        return buffer
