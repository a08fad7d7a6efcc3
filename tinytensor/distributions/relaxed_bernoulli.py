"""A Bernoulli distribution made continuous, so that its draws can be differentiated."""

from __future__ import annotations

from typing import Any

from ..ops.creation import as_tensor
from ..ops.random import rand
from .distribution import broadcast_numbers, clamp_probs
from .odds import OddsDistribution
from .transforms import RelaxedDistribution, SigmoidTransform


class LogitRelaxedBernoulli(OddsDistribution):
    """The log-odds of what `RelaxedBernoulli` draws.

    Args:
        temperature: the lower, the nearer to 0 and 1.
        probs: probabilities of 1; or
        logits: their log-odds.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a probability is outside [0, 1].

    Examples:
        >>> d = tt.distributions.relaxed_bernoulli.LogitRelaxedBernoulli(tt.tensor(0.5), tt.tensor(0.25))
        >>> d.log_prob(tt.tensor(0.0))
        tensor(-2.3671)
    """

    has_rsample = True

    def __init__(
        self, temperature: Any, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        self.temperature = as_tensor(temperature)
        super().__init__(probs, logits, validate_args)

    def rsample(self, sample_shape: Any = ()) -> Any:
        shape = self._extended_shape(sample_shape)
        p = clamp_probs(self.probs.expand(shape))
        u = clamp_probs(rand(shape, dtype=p.dtype))
        return (u.log() - (-u).log1p() + p.log() - (-p).log1p()) / self.temperature

    def log_prob(self, value: Any) -> Any:
        logits, value = broadcast_numbers(self.logits, value)
        difference = logits - value * self.temperature
        return self.temperature.log() + difference - 2 * difference.exp().log1p()


class RelaxedBernoulli(RelaxedDistribution):
    """A number in (0, 1), near to 0 or 1 at a low temperature, whose draws can be differentiated.

    Args:
        temperature: the lower, the nearer to 0 and 1.
        probs: probabilities of 1; or
        logits: their log-odds.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a probability is outside [0, 1].

    Examples:
        >>> d = tt.distributions.RelaxedBernoulli(tt.tensor(0.5), tt.tensor([0.0, 1.0]))
        >>> d.sample().round()
        tensor([0., 1.])

    Source: Maddison et al., "The Concrete Distribution", 2017.
    """

    def __init__(
        self, temperature: Any, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        base = LogitRelaxedBernoulli(temperature, probs, logits, validate_args)
        super().__init__(base, SigmoidTransform(), validate_args)
