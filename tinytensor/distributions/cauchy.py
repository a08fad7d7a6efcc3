"""The Cauchy distribution, which has no mean."""

from __future__ import annotations

import math
from typing import Any

from ..ops.creation import empty, full_like
from .distribution import Distribution, broadcast_numbers


class Cauchy(Distribution):
    """The Cauchy distribution.

    Args:
        loc: medians.
        scale: half the widths at half the height.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a scale is not positive.

    Examples:
        >>> tt.distributions.Cauchy(0.0, 1.0).cdf(tt.tensor(1.0))
        tensor(0.7500)
    """

    has_rsample = True
    _shown = ("loc", "scale")

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_numbers(loc, scale)
        super().__init__(self.loc.shape, validate_args=validate_args)
        self._check("the parameter scale", self.scale, self.scale > 0, "positive")

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self.loc + empty(self._extended_shape(sample_shape), dtype=self.loc.dtype).cauchy_() * self.scale

    def log_prob(self, value: Any) -> Any:
        return -math.log(math.pi) - self.scale.log() - (((value - self.loc) / self.scale) ** 2).log1p()

    def cdf(self, value: Any) -> Any:
        return ((value - self.loc) / self.scale).atan() / math.pi + 0.5

    def icdf(self, value: Any) -> Any:
        return (math.pi * (value - 0.5)).tan() * self.scale + self.loc

    def entropy(self) -> Any:
        return math.log(4 * math.pi) + self.scale.log()

    @property
    def mean(self) -> Any:
        """NaN: there is none."""
        return full_like(self.loc, math.nan)

    @property
    def variance(self) -> Any:
        """Infinite."""
        return full_like(self.loc, math.inf)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.loc
