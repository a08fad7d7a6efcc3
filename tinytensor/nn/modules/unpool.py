"""Layers that put back what max pooling took."""

from __future__ import annotations

from typing import Any

from ...ops.windows import per_dim
from ...tensor import Tensor
from .. import functional as F
from .module import Module


class _MaxUnpoolNd(Module):
    _dims: int

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        """Undo pooling over windows of `kernel_size`, by default side by side."""
        super().__init__()
        self.kernel_size = per_dim("kernel_size", kernel_size, self._dims)
        self.stride = self.kernel_size if stride is None else per_dim("stride", stride, self._dims)
        self.padding = per_dim("padding", padding, self._dims)

    def forward(self, input: Tensor, indices: Tensor, output_size: Any = None) -> Tensor:
        unpool = (F.max_unpool1d, F.max_unpool2d, F.max_unpool3d)[self._dims - 1]
        return unpool(input, indices, self.kernel_size, self.stride, self.padding, output_size)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpoolNd):
    """Puts what MaxPool1d took back in its place, zeros elsewhere: (N, C, L') -> (N, C, L).

    Examples:
        >>> y, places = nn.MaxPool1d(2, return_indices=True)(tt.tensor([[1.0, 3.0, 2.0, 5.0]]))
        >>> nn.MaxUnpool1d(2)(y, places)
        tensor([[0., 3., 0., 5.]])
    """

    _dims = 1


class MaxUnpool2d(_MaxUnpoolNd):
    """Puts what MaxPool2d took back in its place, zeros elsewhere: (N, C, H', W') -> (N, C, H, W).

    Examples:
        >>> nn.MaxUnpool2d(2)(tt.ones(1, 1, 1), tt.tensor([[[3]]]))
        tensor([[[0., 0.],
                 [0., 1.]]])
    """

    _dims = 2


class MaxUnpool3d(_MaxUnpoolNd):
    """Puts what MaxPool3d took back in its place, zeros elsewhere: (N, C, D', H', W') -> (N, C, D, H, W).

    Examples:
        >>> nn.MaxUnpool3d(2)(tt.ones(1, 1, 1, 1), tt.tensor([[[[3]]]])).shape
        torch.Size([1, 2, 2, 2])
    """

    _dims = 3
