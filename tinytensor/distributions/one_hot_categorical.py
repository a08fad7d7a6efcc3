"""The categorical distribution of one-hot vectors."""

from __future__ import annotations

from typing import Any

from ..nn.functional import one_hot
from ..ops.creation import eye
from .categorical import Categorical, CategoricalBased


class OneHotCategorical(CategoricalBased):
    """A choice among K, as a vector of zeros and a one.

    Args:
        probs: weights of shape (*batch, K), not negative, scaled to sum to 1; or
        logits: their logarithms, up to a constant.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a weight is negative, or a value is not one-hot.

    Examples:
        >>> tt.distributions.OneHotCategorical(tt.tensor([1.0, 3.0])).mode
        tensor([0., 1.])
    """

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        super().__init__(Categorical(probs, logits, validate_args), validate_args)

    def sample(self, sample_shape: Any = ()) -> Any:
        return one_hot(self._categorical.sample(sample_shape), self.event_shape[0]).to(self.probs.dtype)

    def log_prob(self, value: Any) -> Any:
        self._check("the value", value, ((value == 0) | (value == 1)).all(-1) & (value.sum(-1) == 1), "one-hot")
        return self._categorical.log_prob(value.argmax(-1))

    def entropy(self) -> Any:
        return self._categorical.entropy()

    def enumerate_support(self, expand: bool = True) -> Any:
        """All values, along a new first dimension."""
        n = self.event_shape[0]
        values = eye(n, dtype=self.probs.dtype).reshape(n, *(1,) * len(self.batch_shape), n)
        return values.expand(n, *self.batch_shape, n) if expand else values

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.probs

    @property
    def variance(self) -> Any:
        """The variance of each element."""
        return self.probs * (1 - self.probs)

    @property
    def mode(self) -> Any:
        """The likeliest choice."""
        return one_hot(self.probs.argmax(-1), self.event_shape[0]).to(self.probs.dtype)


class OneHotCategoricalStraightThrough(OneHotCategorical):
    """As `OneHotCategorical`; the gradient of a draw is that of the probabilities.

    Args:
        probs: as there.
        logits: as there.
        validate_args: see `Distribution`.

    Examples:
        >>> p = tt.tensor([0.0, 1.0], requires_grad=True)
        >>> tt.distributions.OneHotCategoricalStraightThrough(p).rsample().detach()
        tensor([0., 1.])

    Source: Bengio et al., "Estimating or Propagating Gradients Through Stochastic Neurons", 2013.
    """

    has_rsample = True

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self.sample(sample_shape) + (self.probs - self.probs.detach())
