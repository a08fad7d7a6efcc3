"""Parametrizations of weights: by direction and length, and by the largest singular value."""

from __future__ import annotations

from typing import Any

from ... import no_grad
from ...tensor import Tensor
from ..functional import normalize
from ..modules.module import Module
from . import directions
from .parametrize import register_parametrization

__all__ = ["spectral_norm", "weight_norm"]


class _WeightNorm(Module):
    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Tensor:
        return weight_v * (weight_g / directions.lengths(weight_v, self.dim))

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        return directions.lengths(weight, self.dim), weight


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Trains lengths and directions of a weight apart: `w = g v / |v|`, g and v being `original0` and `original1`.

    Args:
        module: the layer.
        name: of the weight.
        dim: along which there is a length for each index; None for one length of all.

    Examples:
        >>> layer = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2))
        >>> layer.parametrizations.weight.original0.shape
        torch.Size([2, 1])

    Source: Salimans and Kingma, "Weight Normalization", 2016.
    """
    return register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


class _SpectralNorm(Module):
    _u: Tensor
    _v: Tensor

    def __init__(self, weight: Tensor, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        super().__init__()
        if not -weight.ndim <= dim < weight.ndim:
            raise IndexError(
                f"Dimension out of range (expected to be in [{-weight.ndim}, {weight.ndim - 1}], got {dim})"
            )
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.dim, self.eps, self.n_power_iterations = dim % weight.ndim, eps, n_power_iterations
        if weight.ndim > 1:
            matrix = directions.front_matrix(weight.detach(), self.dim)
            u, v = directions.random_directions(matrix, eps)
            self.register_buffer("_u", u)
            self.register_buffer("_v", v)
            self._iterate(matrix, 15)

    def _iterate(self, matrix: Tensor, times: int) -> None:
        """The power method, which leads to the directions of the largest singular value."""
        with no_grad():
            for _ in range(times):
                self._u.copy_(normalize(matrix.detach() @ self._v, dim=0, eps=self.eps))
                self._v.copy_(normalize(matrix.detach().mT @ self._u, dim=0, eps=self.eps))

    def forward(self, weight: Tensor) -> Tensor:
        if weight.ndim == 1:
            return normalize(weight, dim=0, eps=self.eps)
        matrix = directions.front_matrix(weight, self.dim)
        if self.training:
            self._iterate(matrix, self.n_power_iterations)
        return weight / self._u.clone().dot(matrix @ self._v.clone())

    def right_inverse(self, value: Tensor) -> Tensor:
        return value


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: Any = None
) -> Module:
    """Divides a weight by its largest singular value, which a step of the power method follows in each training pass.

    Args:
        module: the layer.
        name: of the weight.
        n_power_iterations: steps of the power method in a pass.
        eps: keeps divisors from being zero.
        dim: of the outputs; 1 for transposed convolutions, else 0, if None.

    Examples:
        >>> layer = nn.utils.parametrizations.spectral_norm(nn.Linear(3, 2), n_power_iterations=20)
        >>> tt.allclose(tt.linalg.matrix_norm(layer.weight, 2), tt.tensor(1.0))
        True

    Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018.
    """
    dim = directions.output_dim(module) if dim is None else dim
    return register_parametrization(module, name, _SpectralNorm(getattr(module, name), n_power_iterations, dim, eps))
