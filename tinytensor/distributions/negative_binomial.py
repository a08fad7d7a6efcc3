"""The negative binomial distribution: successes before a number of failures."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..nn.functional import logsigmoid
from ..ops.random import poisson
from .gamma import Gamma
from .odds import OddsDistribution


class NegativeBinomial(OddsDistribution):
    """How many trials succeed before `total_count` have failed.

    Args:
        total_count: how many failures end it; any number that is not negative.
        probs: probabilities of success, in [0, 1); or
        logits: their log-odds.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a parameter or a value is out of range.

    Examples:
        >>> tt.distributions.NegativeBinomial(3, tt.tensor(0.5)).mean
        tensor(3.)
    """

    _shown = ("total_count", "probs", "logits")

    def __init__(
        self, total_count: Any, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        super().__init__(probs, logits, validate_args, (total_count,))
        [self.total_count] = self.others
        self._check("the parameter total_count", self.total_count, self.total_count >= 0, "not negative")
        if probs is not None:
            self._check("the parameter probs", self.probs, self.probs < 1, "in [0, 1)")

    def sample(self, sample_shape: Any = ()) -> Any:
        with no_grad():
            return poisson(Gamma(self.total_count, (-self.logits).exp(), False).sample(sample_shape))

    def log_prob(self, value: Any) -> Any:
        self._check("the value", value, (value >= 0) & (value % 1 == 0), "a whole number, not negative")
        n = self.total_count
        weights = n * logsigmoid(-self.logits) + value * logsigmoid(self.logits)
        choices = (1.0 + value).lgamma() + n.lgamma() - (n + value).lgamma()
        return weights - choices.masked_fill(n + value == 0.0, 0.0)

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.total_count * self.logits.exp()

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.mean / (-self.logits).sigmoid()

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0.0)
