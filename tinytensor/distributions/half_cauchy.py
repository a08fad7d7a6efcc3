"""The positive half of a Cauchy distribution."""

from __future__ import annotations

import math
from typing import Any

from ..ops.creation import full_like
from .cauchy import Cauchy
from .folded import FoldedDistribution


class HalfCauchy(FoldedDistribution):
    """The size of what a Cauchy distribution around 0 draws.

    Args:
        scale: its scale.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a scale is not positive, or a value negative.

    Examples:
        >>> tt.distributions.HalfCauchy(1.0).cdf(tt.tensor(1.0))
        tensor(0.5000)
    """

    def __init__(self, scale: Any, validate_args: bool | None = None) -> None:
        super().__init__(Cauchy(0, scale, validate_args), validate_args)

    @property
    def mean(self) -> Any:
        """Infinite."""
        return full_like(self.scale, math.inf)

    @property
    def variance(self) -> Any:
        """Infinite."""
        return self.base_dist.variance
