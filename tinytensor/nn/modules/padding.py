"""Layers that pad the borders of their input."""

from __future__ import annotations

from typing import Any

from ...tensor import Tensor
from .. import functional as F
from .module import Module


class _Pad(Module):
    """`padding` is one number, or one before and one after each dimension, the last dimension first."""

    _dims: int
    _mode: str

    def __init__(self, padding: Any) -> None:
        """Pad by `padding` on all sides, or by one number for each side."""
        super().__init__()
        self.padding = tuple(padding) if isinstance(padding, (tuple, list)) else (padding,) * (2 * self._dims)

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPad(_Pad):
    _mode = "constant"

    def __init__(self, padding: Any, value: float) -> None:
        """Pad with `value`."""
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPad):
    """Pads sequences with one value."""

    _dims = 1


class ConstantPad2d(_ConstantPad):
    """Pads images with one value."""

    _dims = 2


class ConstantPad3d(_ConstantPad):
    """Pads volumes with one value."""

    _dims = 3


class _ZeroPad(_ConstantPad):
    def __init__(self, padding: Any) -> None:
        """Pad with zeros."""
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad1d(_ZeroPad):
    """Pads sequences with zeros."""

    _dims = 1


class ZeroPad2d(_ZeroPad):
    """Pads images with zeros."""

    _dims = 2


class ZeroPad3d(_ZeroPad):
    """Pads volumes with zeros."""

    _dims = 3


class ReflectionPad1d(_Pad):
    """Pads sequences with their mirror image."""

    _dims, _mode = 1, "reflect"


class ReflectionPad2d(_Pad):
    """Pads images with their mirror image."""

    _dims, _mode = 2, "reflect"


class ReflectionPad3d(_Pad):
    """Pads volumes with their mirror image."""

    _dims, _mode = 3, "reflect"


class ReplicationPad1d(_Pad):
    """Pads sequences with their border."""

    _dims, _mode = 1, "replicate"


class ReplicationPad2d(_Pad):
    """Pads images with their border."""

    _dims, _mode = 2, "replicate"


class ReplicationPad3d(_Pad):
    """Pads volumes with their border."""

    _dims, _mode = 3, "replicate"


class CircularPad1d(_Pad):
    """Pads sequences with their other end."""

    _dims, _mode = 1, "circular"


class CircularPad2d(_Pad):
    """Pads images with their other side."""

    _dims, _mode = 2, "circular"


class CircularPad3d(_Pad):
    """Pads volumes with their other side."""

    _dims, _mode = 3, "circular"
