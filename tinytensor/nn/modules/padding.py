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
        given = isinstance(padding, (tuple, list))
        self.padding: tuple[int, ...] = tuple(padding) if given else (padding,) * (2 * self._dims)

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
    """Pads sequences (*, L) with one value.

    Examples:
        >>> nn.ConstantPad1d((1, 2), 7)(tt.tensor([[1, 2, 3]]))
        tensor([[7, 1, 2, 3, 7, 7]])
    """

    _dims = 1


class ConstantPad2d(_ConstantPad):
    """Pads images (*, H, W) with one value.

    Examples:
        >>> nn.ConstantPad2d(1, 7)(tt.tensor([[[1, 2]]]))
        tensor([[[7, 7, 7, 7],
                 [7, 1, 2, 7],
                 [7, 7, 7, 7]]])
    """

    _dims = 2


class ConstantPad3d(_ConstantPad):
    """Pads volumes (*, D, H, W) with one value.

    Examples:
        >>> nn.ConstantPad3d(1, 7)(tt.zeros(1, 2, 3, 4)).shape
        torch.Size([1, 4, 5, 6])
    """

    _dims = 3


class _ZeroPad(_ConstantPad):
    def __init__(self, padding: Any) -> None:
        """Pad with zeros."""
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad1d(_ZeroPad):
    """Pads sequences (*, L) with zeros.

    Examples:
        >>> nn.ZeroPad1d((1, 2))(tt.tensor([[1, 2, 3]]))
        tensor([[0, 1, 2, 3, 0, 0]])
    """

    _dims = 1


class ZeroPad2d(_ZeroPad):
    """Pads images (*, H, W) with zeros.

    Examples:
        >>> nn.ZeroPad2d(1)(tt.tensor([[[1, 2]]]))
        tensor([[[0, 0, 0, 0],
                 [0, 1, 2, 0],
                 [0, 0, 0, 0]]])
    """

    _dims = 2


class ZeroPad3d(_ZeroPad):
    """Pads volumes (*, D, H, W) with zeros.

    Examples:
        >>> nn.ZeroPad3d(1)(tt.zeros(1, 2, 3, 4)).shape
        torch.Size([1, 4, 5, 6])
    """

    _dims = 3


class ReflectionPad1d(_Pad):
    """Pads sequences (N, C, L) or (C, L) with their mirror image.

    Examples:
        >>> nn.ReflectionPad1d(2)(tt.tensor([[1.0, 2.0, 3.0]]))
        tensor([[3., 2., 1., 2., 3., 2., 1.]])
    """

    _dims, _mode = 1, "reflect"


class ReflectionPad2d(_Pad):
    """Pads images (N, C, H, W) or (C, H, W) with their mirror image.

    Examples:
        >>> nn.ReflectionPad2d((1, 1, 0, 0))(tt.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
        tensor([[[2., 1., 2., 1.],
                 [4., 3., 4., 3.]]])
    """

    _dims, _mode = 2, "reflect"


class ReflectionPad3d(_Pad):
    """Pads volumes (N, C, D, H, W) or (C, D, H, W) with their mirror image.

    Examples:
        >>> nn.ReflectionPad3d(1)(tt.zeros(1, 2, 3, 4)).shape
        torch.Size([1, 4, 5, 6])
    """

    _dims, _mode = 3, "reflect"


class ReplicationPad1d(_Pad):
    """Pads sequences (N, C, L) or (C, L) with their border.

    Examples:
        >>> nn.ReplicationPad1d(2)(tt.tensor([[1.0, 2.0, 3.0]]))
        tensor([[1., 1., 1., 2., 3., 3., 3.]])
    """

    _dims, _mode = 1, "replicate"


class ReplicationPad2d(_Pad):
    """Pads images (N, C, H, W) or (C, H, W) with their border.

    Examples:
        >>> nn.ReplicationPad2d((1, 1, 0, 0))(tt.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
        tensor([[[1., 1., 2., 2.],
                 [3., 3., 4., 4.]]])
    """

    _dims, _mode = 2, "replicate"


class ReplicationPad3d(_Pad):
    """Pads volumes (N, C, D, H, W) or (C, D, H, W) with their border.

    Examples:
        >>> nn.ReplicationPad3d(1)(tt.zeros(1, 2, 3, 4)).shape
        torch.Size([1, 4, 5, 6])
    """

    _dims, _mode = 3, "replicate"


class CircularPad1d(_Pad):
    """Pads sequences (N, C, L) or (C, L) with their other end.

    Examples:
        >>> nn.CircularPad1d(2)(tt.tensor([[1.0, 2.0, 3.0]]))
        tensor([[2., 3., 1., 2., 3., 1., 2.]])
    """

    _dims, _mode = 1, "circular"


class CircularPad2d(_Pad):
    """Pads images (N, C, H, W) or (C, H, W) with their other side.

    Examples:
        >>> nn.CircularPad2d((1, 1, 0, 0))(tt.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
        tensor([[[2., 1., 2., 1.],
                 [4., 3., 4., 3.]]])
    """

    _dims, _mode = 2, "circular"


class CircularPad3d(_Pad):
    """Pads volumes (N, C, D, H, W) or (C, D, H, W) with their other side.

    Examples:
        >>> nn.CircularPad3d(1)(tt.zeros(1, 2, 3, 4)).shape
        torch.Size([1, 4, 5, 6])
    """

    _dims, _mode = 3, "circular"
