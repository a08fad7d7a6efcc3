"""The Bernoulli distribution: 0 or 1."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..nn.functional import binary_cross_entropy_with_logits
from ..ops.random import bernoulli
from ..ops.ranges import arange
from .distribution import broadcast_numbers
from .odds import OddsDistribution


class Bernoulli(OddsDistribution):
    """1 with some probability, else 0.

    Args:
        probs: probabilities of 1; or
        logits: their log-odds.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a probability is outside [0, 1], or a value is neither 0 nor 1.

    Examples:
        >>> tt.distributions.Bernoulli(tt.tensor(0.25)).log_prob(tt.tensor(1.0)).exp()
        tensor(0.2500)
    """

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        super().__init__(probs, logits, validate_args)

    def enumerate_support(self, expand: bool = True) -> Any:
        """Both values, along a new first dimension."""
        values = arange(2, dtype=self.probs.dtype).reshape(-1, *(1,) * len(self.batch_shape))
        return values.expand(-1, *self.batch_shape) if expand else values

    def sample(self, sample_shape: Any = ()) -> Any:
        with no_grad():
            return bernoulli(self.probs.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        self._check("the value", value, (value == 0) | (value == 1), "0 or 1")
        logits, value = broadcast_numbers(self.logits, value)
        return -binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self) -> Any:
        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.probs

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.probs * (1 - self.probs)

    @property
    def mode(self) -> Any:
        """The likelier value; NaN where both are equally likely."""
        return (self.probs >= 0.5).to(self.probs.dtype).masked_fill(self.probs == 0.5, float("nan"))
