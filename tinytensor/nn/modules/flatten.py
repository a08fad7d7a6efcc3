"""Merging and splitting dimensions."""

from __future__ import annotations

from typing import Any

from ...tensor import Tensor
from .module import Module


class Flatten(Module):
    """Merges the dimensions `start_dim` to `end_dim`; by default all but the first.

    Shapes: (N, *) -> (N, prod(*)).

    Examples:
        >>> tt.nn.Flatten()(tt.zeros(4, 3, 10)).shape
        torch.Size([4, 30])
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        """Choose the dimensions to merge."""
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Tensor) -> Tensor:
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Splits dimension `dim` into `unflattened_size`.

    Examples:
        >>> tt.nn.Unflatten(1, (3, 10))(tt.zeros(4, 30)).shape
        torch.Size([4, 3, 10])
    """

    def __init__(self, dim: int, unflattened_size: Any) -> None:
        """Choose the dimension and its new sizes."""
        super().__init__()
        if not isinstance(dim, int):
            raise TypeError("invalid argument type for dim parameter: " + type(dim).__name__)
        if not isinstance(unflattened_size, (tuple, list)):
            raise TypeError(f"unflattened_size must be tuple of ints, but found type {type(unflattened_size).__name__}")
        for place, size in enumerate(unflattened_size):
            if not isinstance(size, int):
                raise TypeError(
                    "unflattened_size must be tuple of ints, "
                    f"but found element of type {type(size).__name__} at pos {place}"
                )
        self.dim = dim
        self.unflattened_size: Any = unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
