"""The Bernoulli distribution: 0 or 1."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ..modes import no_grad
from ..nn.functional import binary_cross_entropy_with_logits
from ..ops.random import bernoulli
from .distribution import Distribution, broadcast_numbers, logits_to_probs, probs_to_logits


class Bernoulli(Distribution):
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

    _shown = ("probs", "logits")

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        [given] = broadcast_numbers(logits if probs is None else probs)
        super().__init__(given.shape, validate_args=validate_args)
        if probs is None:
            self.logits = given
        else:
            self.probs = given
            self._check("the parameter probs", given, (given >= 0) & (given <= 1), "in [0, 1]")

    @cached_property
    def probs(self) -> Any:
        """Probabilities of 1."""
        return logits_to_probs(self.logits, binary=True)

    @cached_property
    def logits(self) -> Any:
        """Log-odds of 1."""
        return probs_to_logits(self.probs, binary=True)

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
