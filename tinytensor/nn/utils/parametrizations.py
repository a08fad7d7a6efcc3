"""Parametrizations of weights: by direction and length, by the largest singular value, and as orthogonal matrices."""

from __future__ import annotations

from typing import Any

from ...linalg import householder_product, matrix_exp, qr, solve
from ...modes import no_grad
from ...ops.compare import allclose
from ...ops.creation import eye
from ...ops.join import cat
from ...ops.older import geqrf
from ...ops.random import randn
from ...tensor import Tensor
from ..functional import normalize
from ..modules.module import Module
from . import directions
from .parametrize import register_parametrization

__all__ = ["orthogonal", "spectral_norm", "weight_norm"]


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


class _Orthogonal(Module):
    base: Tensor | None

    def __init__(self, shape: Any, orthogonal_map: str, use_trivialization: bool) -> None:
        super().__init__()
        self.shape, self.orthogonal_map, self.use_trivialization = shape, orthogonal_map, use_trivialization
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, x: Tensor) -> Tensor:
        wide = x.shape[-2] < x.shape[-1]
        x = x.mT if wide else x
        q = self._reflected(x) if self.orthogonal_map == "householder" else self._rotated(x)
        if self.use_trivialization and self.base is not None:
            q = self.base @ q
        return q.mT if wide else q

    def _reflected(self, x: Tensor) -> Tensor:
        """The product of the reflections of the columns, with the signs on the diagonal."""
        vectors = x.tril(-1)
        q = householder_product(vectors, 2.0 / (1.0 + (vectors * vectors).sum(-2)))
        return q * x.diagonal(dim1=-2, dim2=-1).int().unsqueeze(-2)

    def _rotated(self, x: Tensor) -> Tensor:
        """The first columns of what the map makes of the skew-symmetric matrix with this lower triangle."""
        n, k = x.shape[-2:]
        x = x.tril()
        if n > k:
            x = cat((x, x.new_zeros((*x.shape[:-1], n - k))), -1)
        skew = x - x.mT
        if self.orthogonal_map == "matrix_exp":
            return matrix_exp(skew)[..., :k]
        unit = eye(n, dtype=x.dtype)
        return solve(unit - skew / 2, unit + skew / 2)[..., :k]

    def right_inverse(self, value: Tensor) -> Tensor:
        if value.shape != self.shape:
            raise ValueError(
                f"Expected a matrix or batch of matrices of shape {self.shape}. Got a tensor of shape {value.shape}."
            )
        with no_grad():
            wide = value.shape[-2] < value.shape[-1]
            q = value.detach().mT if wide else value.detach()
            if not self.use_trivialization:
                return self._reflections_of(q, wide)
            n, k = q.shape[-2:]
            if n > k:
                q = cat((q, randn(*q.shape[:-1], n - k, dtype=q.dtype)), -1)
            self.base = _orthogonalized(q)
            diagonal = -eye(*value.shape[-2:], dtype=value.dtype)
            return diagonal.expand(value.shape).clone()

    def _reflections_of(self, q: Tensor, wide: bool) -> Tensor:
        if self.orthogonal_map != "householder":
            raise NotImplementedError(
                "It is not possible to assign to the matrix exponential or the Cayley parametrizations when "
                "use_trivialization=False."
            )
        a, tau = geqrf(q)
        diagonal = a.diagonal(dim1=-2, dim2=-1).sign()
        a = a.diagonal_scatter(diagonal.where(tau != 0, -diagonal), 0, -2, -1)
        return a.mT if wide else a


def _orthogonalized(q: Tensor) -> Tensor:
    """The matrix itself where it is orthogonal; else the factor Q whose R has a positive diagonal."""
    n = q.shape[-1]
    error = n * (2.0**-23 if q.dtype.itemsize == 4 else 2.0**-52) * 10
    if allclose(q.mT @ q, eye(n, dtype=q.dtype).expand(q.shape), rtol=0.0, atol=error):
        return q.clone()
    factor, r = qr(q)
    return factor * r.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2)


def orthogonal(
    module: Module, name: str = "weight", orthogonal_map: str | None = None, *, use_trivialization: bool = True
) -> Module:
    """Makes a weight an orthogonal matrix, or the first columns or rows of one, and keeps it so while it is trained.

    Args:
        module: the layer.
        name: of the weight, a matrix or several.
        orthogonal_map: "matrix_exp" and "cayley" make it of a skew-symmetric matrix, "householder" of reflections;
            by default the first for square matrices, the last for others.
        use_trivialization: keep a matrix that what is trained turns, the weight of the beginning.

    Raises:
        ValueError: there is no such weight or map, or the weight is no matrix.
        NotImplementedError: a weight is assigned to "matrix_exp" or "cayley" without trivialization.

    Examples:
        >>> Q = nn.utils.parametrizations.orthogonal(nn.Linear(3, 3)).weight
        >>> tt.allclose(Q @ Q.T, tt.eye(3), atol=1e-5)
        True

    Source: Lezcano-Casado, "Trivializations for Gradient-Based Optimization on Manifolds", 2019.
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    if weight.ndim < 2:
        raise ValueError(f"Expected a matrix or batch of matrices. Got a tensor of {weight.ndim} dimensions.")
    if orthogonal_map is None:
        orthogonal_map = "matrix_exp" if weight.shape[-2] == weight.shape[-1] else "householder"
    if orthogonal_map not in ("matrix_exp", "cayley", "householder"):
        raise ValueError(
            f'orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: {orthogonal_map}'
        )
    part = _Orthogonal(weight.shape, orthogonal_map, use_trivialization)
    return register_parametrization(module, name, part, unsafe=True)
