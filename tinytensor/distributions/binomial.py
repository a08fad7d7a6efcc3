"""The binomial distribution: how many of several trials succeed."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..ops.random import binomial
from ..ops.ranges import arange
from .odds import OddsDistribution


class Binomial(OddsDistribution):
    """How many of `total_count` trials succeed.

    Args:
        total_count: how many trials there are.
        probs: probabilities of success; or
        logits: their log-odds.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a parameter or a value is out of range.
        NotImplementedError: the entropy of different numbers of trials is asked for.

    Examples:
        >>> tt.distributions.Binomial(4, tt.tensor(0.5)).log_prob(tt.tensor(2.0)).exp()
        tensor(0.3750)
    """

    _shown = ("total_count", "probs", "logits")

    def __init__(
        self, total_count: Any = 1, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        super().__init__(probs, logits, validate_args, (total_count,))
        [self.total_count] = self.others
        whole = (self.total_count >= 0) & (self.total_count % 1 == 0)
        self._check("the parameter total_count", self.total_count, whole, "a whole number, not negative")

    def sample(self, sample_shape: Any = ()) -> Any:
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return binomial(self.total_count.expand(shape), self.probs.expand(shape))

    def log_prob(self, value: Any) -> Any:
        n, logits = self.total_count, self.logits
        self._check("the value", value, (value >= 0) & (value <= n) & (value % 1 == 0), "a number of trials")
        choices = (n + 1).lgamma() - (value + 1).lgamma() - (n - value + 1).lgamma()
        return value * logits + choices - n * (logits.clamp(min=0) + (-logits.abs()).exp().log1p())

    def enumerate_support(self, expand: bool = True) -> Any:
        """All values, along a new first dimension."""
        n = int(self.total_count.max())
        if int(self.total_count.min()) != n:
            raise NotImplementedError("Inhomogeneous total count not supported by `enumerate_support`.")
        values = arange(1 + n, dtype=self.total_count.dtype).reshape(-1, *(1,) * len(self.batch_shape))
        return values.expand(-1, *self.batch_shape) if expand else values

    def entropy(self) -> Any:
        log_prob = self.log_prob(self.enumerate_support(False))
        return -(log_prob.exp() * log_prob).sum(0)

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.total_count * self.probs

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.total_count * self.probs * (1 - self.probs)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return ((self.total_count + 1) * self.probs).floor().clamp(max=self.total_count)
