"""The multinomial distribution: how often each choice is drawn."""

from __future__ import annotations

import math
from typing import Any

from ..ops.creation import ones_like, tensor
from .binomial import Binomial
from .categorical import Categorical, CategoricalBased
from .distribution import broadcast_numbers


class Multinomial(CategoricalBased):
    """How often each of K choices comes in `total_count` draws.

    Args:
        total_count: how many draws, an integer.
        probs: weights of shape (*batch, K), not negative, scaled to sum to 1; or
        logits: their logarithms, up to a constant.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or a weight is negative, or values are no counts that add up.
        NotImplementedError: the number of draws is no integer.

    Examples:
        >>> tt.distributions.Multinomial(4, tt.tensor([1.0, 3.0])).mean
        tensor([1., 3.])
    """

    def __init__(
        self, total_count: int = 1, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count = total_count
        super().__init__(Categorical(probs, logits, validate_args), validate_args)

    def sample(self, sample_shape: Any = ()) -> Any:
        draws = self._categorical.sample((self.total_count, *sample_shape)).movedim(0, -1)
        counts = draws.new_zeros(self._extended_shape(sample_shape))
        return counts.scatter_add_(-1, draws, ones_like(draws)).to(self.probs.dtype)

    def log_prob(self, value: Any) -> Any:
        counts = ((value >= 0) & (value % 1 == 0)).all(-1) & (value.sum(-1) == self.total_count)
        self._check("the value", value, counts, f"counts that add up to {self.total_count}")
        logits, value = broadcast_numbers(self.logits, value)
        logits = logits.masked_fill((value == 0) & (logits == -math.inf), 0)
        return (value.sum(-1) + 1).lgamma() - (value + 1).lgamma().sum(-1) + (logits * value).sum(-1)

    def entropy(self) -> Any:
        n = tensor(self.total_count)
        counts = Binomial(self.total_count, self.probs)
        support = counts.enumerate_support(False)[1:]
        repeated = (counts.log_prob(support).exp() * (support + 1).lgamma()).sum([0, -1])
        return n * self._categorical.entropy() - (n + 1).lgamma() + repeated

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.probs * self.total_count

    @property
    def variance(self) -> Any:
        """The variance of each count."""
        return self.total_count * self.probs * (1 - self.probs)
