"""Max pooling over windows at random distances."""

from __future__ import annotations

from typing import Any

from ...ops.windows import per_dim
from ...tensor import Tensor
from .. import functional as F
from .module import Module


class _FractionalMaxPoolNd(Module):
    _dims: int

    def __init__(
        self,
        kernel_size: Any,
        output_size: Any = None,
        output_ratio: Any = None,
        return_indices: bool = False,
        _random_samples: Tensor | None = None,
    ) -> None:
        """Windows of `kernel_size`, `output_size` of them or `output_ratio` of the input's sizes."""
        super().__init__()
        name = type(self).__name__
        self.kernel_size = per_dim("kernel_size", kernel_size, self._dims)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        self.output_size = None if output_size is None else per_dim("output_size", output_size, self._dims)
        ratios = output_ratio if isinstance(output_ratio, (tuple, list)) else (output_ratio,) * self._dims
        self.output_ratio = None if output_ratio is None else tuple(ratios)
        if (output_size is None) == (output_ratio is None):
            if output_size is None:
                raise ValueError(f"{name} requires specifying either an output size, or a pooling ratio")
            raise ValueError("only one of output_size and output_ratio may be specified")
        if self.output_ratio is not None and not all(0 < ratio < 1 for ratio in self.output_ratio):
            raise ValueError(f"output_ratio must be between 0 and 1 (got {output_ratio})")

    def forward(self, input: Tensor) -> Any:
        pool = F.fractional_max_pool2d if self._dims == 2 else F.fractional_max_pool3d
        return pool(
            input, self.kernel_size, self.output_size, self.output_ratio, self.return_indices, self._random_samples
        )


class FractionalMaxPool2d(_FractionalMaxPoolNd):
    """The largest element of each of so many windows at random distances: (N, C, H, W) -> (N, C, H', W').

    Examples:
        >>> nn.FractionalMaxPool2d(2, output_ratio=0.7)(tt.zeros(1, 2, 10, 10)).shape
        torch.Size([1, 2, 7, 7])
    """

    _dims = 2


class FractionalMaxPool3d(_FractionalMaxPoolNd):
    """The largest element of each of so many windows at random distances: (N, C, D, H, W) -> (N, C, D', H', W').

    Examples:
        >>> nn.FractionalMaxPool3d(2, output_size=3)(tt.zeros(1, 2, 5, 6, 7)).shape
        torch.Size([1, 2, 3, 3, 3])
    """

    _dims = 3
