"""The normal distribution."""

from __future__ import annotations

import math
from typing import Any

from ..modes import no_grad
from ..ops.creation import ones, zeros
from ..ops.random import normal
from .distribution import Distribution, broadcast_numbers


def standard_normal(shape: Any, dtype: Any) -> Any:
    """Draws of mean 0 and standard deviation 1."""
    return normal(zeros(shape, dtype=dtype), ones(shape, dtype=dtype))


class Normal(Distribution):
    """The normal distribution.

    Args:
        loc: means.
        scale: standard deviations, positive.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a scale is not positive.

    Examples:
        >>> tt.distributions.Normal(0.0, 1.0).log_prob(tt.tensor(0.0))
        tensor(-0.9189)
    """

    has_rsample = True
    _shown = ("loc", "scale")

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_numbers(loc, scale)
        super().__init__(self.loc.shape, validate_args=validate_args)
        self._check("the parameter scale", self.scale, self.scale > 0, "positive")

    def sample(self, sample_shape: Any = ()) -> Any:
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return normal(self.loc.expand(shape), self.scale.expand(shape))

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self.loc + standard_normal(self._extended_shape(sample_shape), self.loc.dtype) * self.scale

    def log_prob(self, value: Any) -> Any:
        variance = self.scale**2
        return -((value - self.loc) ** 2) / (2 * variance) - self.scale.log() - math.log(math.sqrt(2 * math.pi))

    def cdf(self, value: Any) -> Any:
        return 0.5 * (1 + ((value - self.loc) * self.scale.reciprocal() / math.sqrt(2)).erf())

    def icdf(self, value: Any) -> Any:
        return self.loc + self.scale * (2 * value - 1).erfinv() * math.sqrt(2)

    def entropy(self) -> Any:
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.loc

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.scale**2

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.loc
