"""Mixtures of distributions of one kind."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from .categorical import Categorical
from .distribution import Distribution


class MixtureSameFamily(Distribution):
    """A mixture: which component draws is itself drawn.

    Args:
        mixture_distribution: a `Categorical` over the K components.
        component_distribution: the components, the last dimension of its batch.
        validate_args: see `Distribution`.

    Raises:
        ValueError: one of the two is something else, or their batches or numbers of components do not fit.

    Examples:
        >>> d = tt.distributions
        >>> two = d.MixtureSameFamily(d.Categorical(tt.ones(2)), d.Normal(tt.tensor([-1.0, 1.0]), 0.5))
        >>> two.mean, two.variance
        (tensor(0.), tensor(1.2500))
    """

    def __init__(
        self, mixture_distribution: Any, component_distribution: Any, validate_args: bool | None = None
    ) -> None:
        if not isinstance(mixture_distribution, Categorical):
            raise ValueError(" The Mixture distribution needs to be an instance of torch.distributions.Categorical")
        if not isinstance(component_distribution, Distribution):
            raise ValueError("The Component distribution need to be an instance of torch.distributions.Distribution")
        batch, components = mixture_distribution.batch_shape, component_distribution.batch_shape
        for ours, theirs in zip(reversed(batch), reversed(components[:-1]), strict=False):
            if ours != 1 and theirs != 1 and ours != theirs:
                raise ValueError(
                    f"`mixture_distribution.batch_shape` ({tuple(batch)}) is not compatible with "
                    f"`component_distribution.batch_shape`({tuple(components)})"
                )
        if mixture_distribution.param_shape[-1] != components[-1]:
            raise ValueError(
                f"`mixture_distribution component` ({mixture_distribution.param_shape[-1]}) does not equal "
                f"`component_distribution.batch_shape[-1]` ({components[-1]})"
            )
        super().__init__(components[:-1], component_distribution.event_shape, validate_args)
        self.mixture_distribution = mixture_distribution
        self.component_distribution = component_distribution
        self._events = len(self.event_shape)

    def sample(self, sample_shape: Any = ()) -> Any:
        at = -1 - self._events
        with no_grad():
            chosen = self.mixture_distribution.sample(sample_shape)
            drawn = self.component_distribution.sample(sample_shape)
            chosen = chosen.reshape(*chosen.shape, *(1,) * (1 + self._events))
            sizes = (*drawn.shape[:at], 1, *self.event_shape)
            return drawn.gather(drawn.ndim + at, chosen.expand(sizes)).squeeze(at)

    def log_prob(self, value: Any) -> Any:
        each = self.component_distribution.log_prob(value.unsqueeze(-1 - self._events))
        return (each + self.mixture_distribution.logits.log_softmax(-1)).logsumexp(-1)

    def cdf(self, value: Any) -> Any:
        each = self.component_distribution.cdf(value.unsqueeze(-1 - self._events))
        return (each * self.mixture_distribution.probs).sum(-1)

    def _weights(self) -> Any:
        probs = self.mixture_distribution.probs
        return probs.reshape(*probs.shape, *(1,) * self._events)

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return (self._weights() * self.component_distribution.mean).sum(-1 - self._events)

    @property
    def variance(self) -> Any:
        """The variance of each distribution: that within the components, and that of their means."""
        at = -1 - self._events
        within = (self._weights() * self.component_distribution.variance).sum(at)
        distances = self.component_distribution.mean - self.mean.unsqueeze(at)
        return within + (self._weights() * distances.pow(2.0)).sum(at)

    def __repr__(self) -> str:
        return f"MixtureSameFamily(\n  {self.mixture_distribution},\n  {self.component_distribution})"
