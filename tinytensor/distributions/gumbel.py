"""The Gumbel distribution: the largest of many."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ops.creation import full_like, ones_like
from .distribution import broadcast_numbers, precision, smallest_normal
from .transforms import AffineTransform, ExpTransform, TransformedDistribution
from .uniform import Uniform


class Gumbel(TransformedDistribution):
    """The Gumbel distribution: `loc - scale * log(-log(u))` of a uniform u.

    Args:
        loc: the likeliest values.
        scale: widths.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a scale is not positive.

    Examples:
        >>> tt.distributions.Gumbel(0.0, 1.0).mean
        tensor(0.5772)
    """

    _shown = ("loc", "scale")

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_numbers(loc, scale)
        low, high = full_like(self.loc, smallest_normal(self.loc)), full_like(self.loc, 1 - precision(self.loc))
        log = ExpTransform().inv
        twice = [log, AffineTransform(0, -ones_like(self.scale)), log, AffineTransform(self.loc, -self.scale)]
        super().__init__(Uniform(low, high, validate_args), twice, validate_args)
        self._check("the parameter scale", self.scale, self.scale > 0, "positive")

    def log_prob(self, value: Any) -> Any:
        y = (self.loc - value) / self.scale
        return (y - y.exp()) - self.scale.log()

    def entropy(self) -> Any:
        return self.scale.log() + (1 + np.euler_gamma)

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.loc + self.scale * np.euler_gamma

    @property
    def stddev(self) -> Any:
        """The standard deviation of each distribution."""
        return (math.pi / math.sqrt(6)) * self.scale

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.stddev.pow(2)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.loc
