"""The Pareto distribution: sizes with a long tail."""

from __future__ import annotations

from typing import Any

from .distribution import broadcast_numbers
from .exponential import Exponential
from .transforms import AffineTransform, ExpTransform, TransformedDistribution


class Pareto(TransformedDistribution):
    """The Pareto distribution of type 1.

    Args:
        scale: the smallest values.
        alpha: shapes.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a scale or alpha is not positive.

    Examples:
        >>> tt.distributions.Pareto(1.0, 2.0).mean
        tensor(2.)
    """

    _shown = ("alpha", "scale")

    def __init__(self, scale: Any, alpha: Any, validate_args: bool | None = None) -> None:
        self.scale, self.alpha = broadcast_numbers(scale, alpha)
        transforms = [ExpTransform(), AffineTransform(0, self.scale)]
        super().__init__(Exponential(self.alpha, validate_args), transforms, validate_args)
        self._check("the parameter scale", self.scale, self.scale > 0, "positive")

    def entropy(self) -> Any:
        return (self.scale / self.alpha).log() + (1 + self.alpha.reciprocal())

    @property
    def mean(self) -> Any:
        """The mean of each distribution; infinite up to an alpha of one."""
        a = self.alpha.clamp(min=1)
        return a * self.scale / (a - 1)

    @property
    def variance(self) -> Any:
        """The variance of each distribution; infinite up to an alpha of two."""
        a = self.alpha.clamp(min=2)
        return self.scale.pow(2) * a / ((a - 1).pow(2) * (a - 2))

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.scale
