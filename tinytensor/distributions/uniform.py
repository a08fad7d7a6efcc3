"""The uniform distribution on an interval."""

from __future__ import annotations

from typing import Any

from ..ops.random import rand
from .distribution import Distribution, broadcast_numbers


class Uniform(Distribution):
    """The uniform distribution on [low, high).

    Args:
        low: lower ends.
        high: upper ends.
        validate_args: see `Distribution`.

    Raises:
        ValueError: an interval is empty, or a value lies outside.

    Examples:
        >>> tt.distributions.Uniform(0.0, 4.0).entropy()
        tensor(1.3863)
    """

    has_rsample = True
    _shown = ("low", "high")

    def __init__(self, low: Any, high: Any, validate_args: bool | None = None) -> None:
        self.low, self.high = broadcast_numbers(low, high)
        super().__init__(self.low.shape, validate_args=validate_args)
        if self._validate and not bool((self.low < self.high).all()):
            raise ValueError("Uniform is not defined when low>= high")

    def rsample(self, sample_shape: Any = ()) -> Any:
        draws = rand(self._extended_shape(sample_shape), dtype=self.low.dtype)
        return self.low + draws * (self.high - self.low)

    def log_prob(self, value: Any) -> Any:
        inside = (self.low <= value) & (value <= self.high)
        self._check("the value", value, inside, "within the support")
        density = (self.low.le(value) & self.high.gt(value)).type_as(self.low)
        return density.log() - (self.high - self.low).log()

    def cdf(self, value: Any) -> Any:
        return ((value - self.low) / (self.high - self.low)).clamp(min=0, max=1)

    def icdf(self, value: Any) -> Any:
        return value * (self.high - self.low) + self.low

    def entropy(self) -> Any:
        return (self.high - self.low).log()

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return (self.high + self.low) / 2

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return (self.high - self.low) ** 2 / 12

    @property
    def mode(self) -> Any:
        """NaN: no value is likelier than others."""
        return self.high * float("nan")
