"""The normal distribution of vectors."""

from __future__ import annotations

import math
from typing import Any

from ..ops.broadcast import broadcast_shapes
from ..ops.join import stack
from .distribution import Distribution
from .normal import standard_normal


def _cholesky(a: Any) -> Any:
    """The lower triangular L with L Lᵀ = a, column by column."""
    n = a.shape[-1]
    columns: list[Any] = []
    for j in range(n):
        column = a[..., j]
        for done in columns:
            column = column - done * done[..., j : j + 1]
        pivot = column[..., j : j + 1]
        if not bool((pivot > 0).all()):
            raise ValueError("MultivariateNormal: expected covariance_matrix to be positive definite")
        below = column / pivot.sqrt()
        columns.append(below * (below.new_ones(n).cumsum(0) > j))
    return stack(columns, -1)


def _solve(lower: Any, b: Any) -> Any:
    """X of L x = b, by forward substitution."""
    rows: list[Any] = []
    for i in range(lower.shape[-1]):
        known = sum(lower[..., i, j] * x for j, x in enumerate(rows))
        rows.append((b[..., i] - known) / lower[..., i, i])
    return stack(rows, -1)


class MultivariateNormal(Distribution):
    """The normal distribution of vectors of n numbers, which depend on each other.

    Args:
        loc: means, of shape (*batch, n).
        covariance_matrix: of shape (*batch, n, n), symmetric, positive definite; or
        precision_matrix: its inverse; or
        scale_tril: a lower triangular factor L of it, L Lᵀ.
        validate_args: see `Distribution`.

    Raises:
        ValueError: not exactly one of the three is given, or it is of another shape or kind.

    Examples:
        >>> d = tt.distributions.MultivariateNormal(tt.zeros(2), tt.eye(2))
        >>> d.log_prob(tt.zeros(2))
        tensor(-1.8379)
    """

    has_rsample = True

    def __init__(
        self,
        loc: Any,
        covariance_matrix: Any = None,
        precision_matrix: Any = None,
        scale_tril: Any = None,
        validate_args: bool | None = None,
    ) -> None:
        forms = {
            "covariance_matrix": covariance_matrix,
            "precision_matrix": precision_matrix,
            "scale_tril": scale_tril,
        }
        self._forms = {name: m for name, m in forms.items() if m is not None}
        given = list(self._forms.values())
        if loc.ndim < 1:
            raise ValueError("loc must be at least one-dimensional.")
        if len(given) != 1:
            raise ValueError("Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.")
        n = loc.shape[-1]
        if given[0].ndim < 2 or given[0].shape[-2:] != (n, n):
            raise ValueError(f"MultivariateNormal: expected a matrix of ({n}, {n}), got {tuple(given[0].shape)}")
        batch = broadcast_shapes(given[0].shape[:-2], loc.shape[:-1])
        super().__init__(batch, (n,), validate_args)
        self.loc = loc.expand(*batch, n)
        if precision_matrix is not None:
            flipped = _cholesky(precision_matrix.flip((-2, -1))).flip((-2, -1)).transpose(-2, -1)
            identity = loc.new_ones(n).diag_embed()
            factor = stack([_solve(flipped, identity[:, j]) for j in range(n)], -1)
        else:
            factor = scale_tril if covariance_matrix is None else _cholesky(covariance_matrix)
        self.scale_tril = factor.expand(*batch, n, n)

    def _given(self) -> dict[str, Any]:
        return {"loc": self.loc} | {name: m.expand(self.scale_tril.shape) for name, m in self._forms.items()}

    def rsample(self, sample_shape: Any = ()) -> Any:
        draws = standard_normal(self._extended_shape(sample_shape), self.loc.dtype)
        return self.loc + (self.scale_tril @ draws.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, value: Any) -> Any:
        distance = (_solve(self.scale_tril, value - self.loc) ** 2).sum(-1)
        return -0.5 * (self.event_shape[0] * math.log(2 * math.pi) + distance) - self._half_log_det()

    def entropy(self) -> Any:
        h = 0.5 * self.event_shape[0] * (1.0 + math.log(2 * math.pi)) + self._half_log_det()
        return h.expand(self.batch_shape)

    def _half_log_det(self) -> Any:
        return self.scale_tril.diagonal(dim1=-2, dim2=-1).log().sum(-1)

    @property
    def covariance_matrix(self) -> Any:
        """L Lᵀ."""
        return self.scale_tril @ self.scale_tril.transpose(-2, -1)

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.loc

    @property
    def variance(self) -> Any:
        """The variance of each number."""
        return (self.scale_tril**2).sum(-1)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.loc
