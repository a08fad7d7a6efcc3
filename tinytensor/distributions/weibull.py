"""The Weibull distribution: waiting times whose rate grows or falls."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops.creation import ones_like
from .distribution import broadcast_numbers
from .exponential import Exponential
from .transforms import AffineTransform, PowerTransform, TransformedDistribution


class Weibull(TransformedDistribution):
    """The Weibull distribution.

    Args:
        scale: widths.
        concentration: shapes.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a scale or concentration is not positive.

    Examples:
        >>> tt.distributions.Weibull(2.0, 1.0).mean
        tensor(2.)
    """

    _shown = ("scale", "concentration")

    def __init__(self, scale: Any, concentration: Any, validate_args: bool | None = None) -> None:
        self.scale, self.concentration = broadcast_numbers(scale, concentration)
        self.concentration_reciprocal = self.concentration.reciprocal()
        transforms = [PowerTransform(self.concentration_reciprocal), AffineTransform(0, self.scale)]
        super().__init__(Exponential(ones_like(self.scale), validate_args), transforms, validate_args)
        self._check("the parameter scale", self.scale, self.scale > 0, "positive")
        self._check("the parameter concentration", self.concentration, self.concentration > 0, "positive")

    def entropy(self) -> Any:
        r = self.concentration_reciprocal
        return np.euler_gamma * (1 - r) + (self.scale * r).log() + 1

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.scale * (1 + self.concentration_reciprocal).lgamma().exp()

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        r = self.concentration_reciprocal
        return self.scale.pow(2) * ((1 + 2 * r).lgamma().exp() - (2 * (1 + r).lgamma()).exp())

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.scale * ((self.concentration - 1) / self.concentration) ** self.concentration.reciprocal()
