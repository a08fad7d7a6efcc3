"""The geometric distribution: failures before the first success."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..nn.functional import binary_cross_entropy_with_logits
from ..ops.creation import empty, zeros_like
from .distribution import broadcast_numbers, smallest_normal
from .odds import OddsDistribution


class Geometric(OddsDistribution):
    """How many trials fail before one succeeds; `Tensor.geometric_` counts that one too.

    Args:
        probs: probabilities of success, in (0, 1]; or
        logits: their log-odds.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a probability is outside (0, 1], or a value is no count.

    Examples:
        >>> tt.distributions.Geometric(0.25).mean
        tensor(3.)
    """

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        super().__init__(probs, logits, validate_args)
        if probs is not None:
            self._check("the parameter probs", self.probs, self.probs > 0, "in (0, 1]")

    def sample(self, sample_shape: Any = ()) -> Any:
        probs = self.probs.detach()
        u = empty(self._extended_shape(sample_shape), dtype=probs.dtype).uniform_(smallest_normal(probs), 1)
        with no_grad():
            return (u.log() / (-probs).log1p()).floor()

    def log_prob(self, value: Any) -> Any:
        self._check("the value", value, (value >= 0) & (value % 1 == 0), "a whole number, not negative")
        value, probs = broadcast_numbers(value, self.probs)
        failing = probs.masked_fill((probs == 1) & (value == 0), 0)
        return value * (-failing).log1p() + self.probs.log()

    def entropy(self) -> Any:
        return binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none") / self.probs

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return 1.0 / self.probs - 1.0

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return (1.0 / self.probs - 1.0) / self.probs

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return zeros_like(self.probs)
