"""What the positive halves of symmetric distributions share."""

from __future__ import annotations

import math
from typing import Any

from ..ops.creation import zeros_like
from .distribution import Distribution
from .transforms import AbsTransform, TransformedDistribution


class FoldedDistribution(TransformedDistribution):
    """The size of what a distribution draws that is symmetric around 0 and has a `scale`."""

    def __init__(self, whole: Distribution, validate_args: bool | None) -> None:
        super().__init__(whole, AbsTransform(), validate_args)

    @property
    def scale(self) -> Any:
        """The scale of the whole."""
        return self.base_dist.scale

    def log_prob(self, value: Any) -> Any:
        self._check("the value", value, value >= 0, "not negative")
        return (self.base_dist.log_prob(value) + math.log(2)).masked_fill(value < 0, -math.inf)

    def cdf(self, value: Any) -> Any:
        return 2 * self.base_dist.cdf(value) - 1

    def icdf(self, value: Any) -> Any:
        return self.base_dist.icdf((value + 1) / 2)

    def entropy(self) -> Any:
        return self.base_dist.entropy() - math.log(2)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return zeros_like(self.scale)
