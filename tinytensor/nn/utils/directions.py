"""Weights as lengths and directions."""

from __future__ import annotations

from ... import no_grad
from ...linalg import vector_norm
from ...tensor import Tensor
from ..functional import normalize
from ..modules.conv import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from ..modules.module import Module


def lengths(v: Tensor, dim: int | None) -> Tensor:
    """The lengths of all that lies along the other dimensions; dim None: one length of all."""
    if dim is None or dim == -1:
        return v.norm()
    return vector_norm(v, 2, [d for d in range(v.ndim) if d != dim % v.ndim], True)


def front_matrix(weight: Tensor, dim: int) -> Tensor:
    """The weight as a matrix whose rows are the indices of one dimension."""
    return weight.movedim(dim, 0).flatten(1)


def output_dim(module: Module) -> int:
    """Where a layer's weight has its outputs."""
    return 1 if isinstance(module, ConvTranspose1d | ConvTranspose2d | ConvTranspose3d) else 0


def random_directions(matrix: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """A direction among the rows and one among the columns."""
    with no_grad():
        rows, columns = matrix.shape
        u = normalize(matrix.new_empty(rows).normal_(0, 1), dim=0, eps=eps)
        return u, normalize(matrix.new_empty(columns).normal_(0, 1), dim=0, eps=eps)
