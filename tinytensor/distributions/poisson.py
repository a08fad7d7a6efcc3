"""The Poisson distribution: how many events happen."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..ops.binary import xlogy
from ..ops.random import poisson
from .distribution import Distribution, broadcast_numbers


class Poisson(Distribution):
    """The Poisson distribution.

    Args:
        rate: how many events there are on average.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a rate is negative, or a value is no count.

    Examples:
        >>> tt.distributions.Poisson(3.0).log_prob(tt.tensor(0.0))
        tensor(-3.)
    """

    _shown = ("rate",)

    def __init__(self, rate: Any, validate_args: bool | None = None) -> None:
        [self.rate] = broadcast_numbers(rate)
        super().__init__(self.rate.shape, validate_args=validate_args)
        self._check("the parameter rate", self.rate, self.rate >= 0, "not negative")

    def sample(self, sample_shape: Any = ()) -> Any:
        with no_grad():
            return poisson(self.rate.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        self._check("the value", value, (value >= 0) & (value % 1 == 0), "a whole number, not negative")
        rate, value = broadcast_numbers(self.rate, value)
        return xlogy(value, rate) - rate - (value + 1).lgamma()

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.rate

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.rate

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.rate.floor()
