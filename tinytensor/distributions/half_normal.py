"""The positive half of a normal distribution."""

from __future__ import annotations

import math
from typing import Any

from .folded import FoldedDistribution
from .normal import Normal


class HalfNormal(FoldedDistribution):
    """The size of what a normal distribution around 0 draws.

    Args:
        scale: its standard deviations.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a scale is not positive, or a value negative.

    Examples:
        >>> tt.distributions.HalfNormal(1.0).mean
        tensor(0.7979)
    """

    def __init__(self, scale: Any, validate_args: bool | None = None) -> None:
        super().__init__(Normal(0, scale, validate_args), validate_args)

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.scale * math.sqrt(2 / math.pi)

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.scale.pow(2) * (1 - 2 / math.pi)
