"""The distribution of numbers whose logarithms are normal."""

from __future__ import annotations

from typing import Any

from .normal import Normal
from .transforms import ExpTransform, TransformedDistribution


class LogNormal(TransformedDistribution):
    """E to the power of what a normal distribution draws.

    Args:
        loc: the means of the logarithms.
        scale: their standard deviations.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a scale is not positive.

    Examples:
        >>> tt.distributions.LogNormal(0.0, 1.0).mean
        tensor(1.6487)
    """

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        super().__init__(Normal(loc, scale, validate_args), ExpTransform(), validate_args)

    @property
    def loc(self) -> Any:
        """The means of the logarithms."""
        return self.base_dist.loc

    @property
    def scale(self) -> Any:
        """The standard deviations of the logarithms."""
        return self.base_dist.scale

    def entropy(self) -> Any:
        return self.base_dist.entropy() + self.loc

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return (self.loc + self.scale.pow(2) / 2).exp()

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        square = self.scale.pow(2)
        return square.expm1() * (2 * self.loc + square).exp()

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return (self.loc - self.scale.square()).exp()
