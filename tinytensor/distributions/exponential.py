"""The exponential distribution: waiting times."""

from __future__ import annotations

from typing import Any

from ..ops.creation import empty, zeros_like
from .distribution import Distribution, broadcast_numbers


class Exponential(Distribution):
    """The exponential distribution.

    Args:
        rate: how many events there are in a unit of time, on average.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a rate is not positive, or a value negative.

    Examples:
        >>> tt.distributions.Exponential(2.0).mean
        tensor(0.5000)
    """

    has_rsample = True
    _shown = ("rate",)

    def __init__(self, rate: Any, validate_args: bool | None = None) -> None:
        [self.rate] = broadcast_numbers(rate)
        super().__init__(self.rate.shape, validate_args=validate_args)
        self._check("the parameter rate", self.rate, self.rate > 0, "positive")

    def rsample(self, sample_shape: Any = ()) -> Any:
        return empty(self._extended_shape(sample_shape), dtype=self.rate.dtype).exponential_() / self.rate

    def log_prob(self, value: Any) -> Any:
        self._check("the value", value, value >= 0, "not negative")
        return self.rate.log() - self.rate * value

    def cdf(self, value: Any) -> Any:
        self._check("the value", value, value >= 0, "not negative")
        return 1 - (-self.rate * value).exp()

    def icdf(self, value: Any) -> Any:
        return -(-value).log1p() / self.rate

    def entropy(self) -> Any:
        return 1.0 - self.rate.log()

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.rate.reciprocal()

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.rate.pow(-2)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return zeros_like(self.rate)
