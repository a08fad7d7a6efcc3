"""The Laplace distribution: exponential on both sides."""

from __future__ import annotations

from typing import Any

from ..ops.creation import empty
from .distribution import Distribution, broadcast_numbers, precision


class Laplace(Distribution):
    """The Laplace distribution.

    Args:
        loc: means.
        scale: the mean distances from them.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a scale is not positive.

    Examples:
        >>> tt.distributions.Laplace(0.0, 1.0).log_prob(tt.tensor(0.0))
        tensor(-0.6931)
    """

    has_rsample = True
    _shown = ("loc", "scale")

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_numbers(loc, scale)
        super().__init__(self.loc.shape, validate_args=validate_args)
        self._check("the parameter scale", self.scale, self.scale > 0, "positive")

    def rsample(self, sample_shape: Any = ()) -> Any:
        u = empty(self._extended_shape(sample_shape), dtype=self.loc.dtype).uniform_(precision(self.loc) - 1, 1)
        return self.loc - self.scale * u.sign() * (-u.abs()).log1p()

    def log_prob(self, value: Any) -> Any:
        return -(2 * self.scale).log() - (value - self.loc).abs() / self.scale

    def cdf(self, value: Any) -> Any:
        distance = value - self.loc
        return 0.5 - 0.5 * distance.sign() * (-distance.abs() / self.scale).expm1()

    def icdf(self, value: Any) -> Any:
        beyond = value - 0.5
        return self.loc - self.scale * beyond.sign() * (-2 * beyond.abs()).log1p()

    def entropy(self) -> Any:
        return 1 + (2 * self.scale).log()

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.loc

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return 2 * self.scale.pow(2)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.loc
