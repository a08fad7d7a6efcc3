"""The gamma distribution."""

from __future__ import annotations

from typing import Any

from ..ops.binary import xlogy
from ..ops.creation import as_tensor
from ..ops.standard_gamma import standard_gamma
from .distribution import Distribution, broadcast_numbers, smallest_normal


class Gamma(Distribution):
    """The gamma distribution.

    Args:
        concentration: shapes.
        rate: one over the scales.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a concentration or rate is not positive, or a value negative.

    Examples:
        >>> tt.distributions.Gamma(2.0, 4.0).mean
        tensor(0.5000)
    """

    has_rsample = True
    _shown: tuple[str, ...] = ("concentration", "rate")

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None) -> None:
        self.concentration, self.rate = broadcast_numbers(concentration, rate)
        super().__init__(self.rate.shape, validate_args=validate_args)
        self._check("the parameter concentration", self.concentration, self.concentration > 0, "positive")
        self._check("the parameter rate", self.rate, self.rate > 0, "positive")

    def rsample(self, sample_shape: Any = ()) -> Any:
        shape = self._extended_shape(sample_shape)
        value = standard_gamma(self.concentration.expand(shape)) / self.rate.expand(shape)
        value.detach().clamp_(min=smallest_normal(value))  # the gradient is that of what was drawn
        return value

    def log_prob(self, value: Any) -> Any:
        value = as_tensor(value, dtype=self.rate.dtype)
        self._check("the value", value, value >= 0, "not negative")
        powers = xlogy(self.concentration, self.rate) + xlogy(self.concentration - 1, value)
        return powers - self.rate * value - self.concentration.lgamma()

    def entropy(self) -> Any:
        a = self.concentration
        return a - self.rate.log() + a.lgamma() + (1.0 - a) * a.digamma()

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.concentration / self.rate

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.concentration / self.rate.pow(2)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return ((self.concentration - 1) / self.rate).clamp(min=0)
