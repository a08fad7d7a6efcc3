"""The inverse gamma distribution."""

from __future__ import annotations

import math
from typing import Any

from .gamma import Gamma
from .transforms import PowerTransform, TransformedDistribution


class InverseGamma(TransformedDistribution):
    """One over what a gamma distribution draws.

    Args:
        concentration: its shapes.
        rate: its rates.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a concentration or rate is not positive.

    Examples:
        >>> tt.distributions.InverseGamma(3.0, 4.0).mean
        tensor(2.)
    """

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None) -> None:
        base = Gamma(concentration, rate, validate_args)
        super().__init__(base, PowerTransform(-base.rate.new_ones(())), validate_args)

    @property
    def concentration(self) -> Any:
        """The shapes of the gamma distribution."""
        return self.base_dist.concentration

    @property
    def rate(self) -> Any:
        """The rates of the gamma distribution."""
        return self.base_dist.rate

    def entropy(self) -> Any:
        a = self.concentration
        return a + self.rate.log() + a.lgamma() - (1 + a) * a.digamma()

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return (self.rate / (self.concentration - 1)).masked_fill(self.concentration <= 1, math.inf)

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        a = self.concentration
        return (self.rate.square() / ((a - 1).square() * (a - 2))).masked_fill(a <= 2, math.inf)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.rate / (self.concentration + 1)
