"""A one-hot categorical distribution made continuous, so that its draws can be differentiated."""

from __future__ import annotations

from typing import Any

from ..ops.creation import as_tensor, full_like
from ..ops.random import rand
from .categorical import Categorical, CategoricalBased
from .distribution import broadcast_numbers, clamp_probs
from .transforms import ExpTransform, RelaxedDistribution


class ExpRelaxedCategorical(CategoricalBased):
    """The logarithms of what `RelaxedOneHotCategorical` draws.

    Args:
        temperature: the lower, the nearer to one-hot vectors.
        probs: weights of shape (*batch, K), not negative, scaled to sum to 1; or
        logits: their logarithms, up to a constant.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a weight is negative.

    Examples:
        >>> d = tt.distributions.relaxed_categorical.ExpRelaxedCategorical(tt.tensor(1.0), tt.ones(2))
        >>> d.log_prob(tt.tensor([0.5, 0.5]).log())
        tensor(-1.3863)
    """

    has_rsample = True

    def __init__(
        self, temperature: Any, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        self.temperature = as_tensor(temperature)
        super().__init__(Categorical(probs, logits, validate_args), validate_args)

    def rsample(self, sample_shape: Any = ()) -> Any:
        u = clamp_probs(rand(self._extended_shape(sample_shape), dtype=self.logits.dtype))
        scores = (self.logits - (-u.log()).log()) / self.temperature
        return scores - scores.logsumexp(-1, keepdim=True)

    def log_prob(self, value: Any) -> Any:
        count = self.event_shape[0]
        logits, value = broadcast_numbers(self.logits, value)
        scale = full_like(self.temperature, float(count)).lgamma() + self.temperature.log() * (count - 1)
        score = logits - value * self.temperature
        return (score - score.logsumexp(-1, keepdim=True)).sum(-1) + scale


class RelaxedOneHotCategorical(RelaxedDistribution):
    """Probabilities of K choices, near to a one-hot vector at a low temperature, whose draws can be differentiated.

    Args:
        temperature: the lower, the nearer to one-hot vectors.
        probs: weights of shape (*batch, K), not negative, scaled to sum to 1; or
        logits: their logarithms, up to a constant.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a weight is negative.

    Examples:
        >>> d = tt.distributions.RelaxedOneHotCategorical(tt.tensor(0.1), tt.tensor([0.0, 1.0]))
        >>> d.sample().round()
        tensor([0., 1.])

    Source: Jang et al., "Categorical Reparameterization with Gumbel-Softmax", 2017.
    """

    def __init__(
        self, temperature: Any, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        base = ExpRelaxedCategorical(temperature, probs, logits, validate_args)
        super().__init__(base, ExpTransform(), validate_args)
