"""Functions of several tensors, under the name of PyTorch's module for them."""

from .nn import functional as F
from .ops import einsum, meshgrid, norm, split, tensordot, unique, unique_consecutive
from .ops.broadcast import broadcast_shapes, broadcast_tensors

__all__ = [
    "F", "broadcast_shapes", "broadcast_tensors", "einsum", "meshgrid", "norm", "split", "tensordot", "unique",
    "unique_consecutive",
]  # fmt: skip
