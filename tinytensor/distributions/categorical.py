"""The categorical distribution: one of some numbered choices."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

from ..ops.broadcast import broadcast_tensors
from ..ops.random import multinomial
from ..ops.ranges import arange
from .distribution import Distribution, logits_to_probs, probs_to_logits


class Categorical(Distribution):
    """A choice among 0 ... K-1.

    Args:
        probs: weights of shape (*batch, K), not negative, scaled to sum to 1; or
        logits: their logarithms, up to a constant.
        validate_args: see `Distribution`.

    Raises:
        ValueError: both or none are given, or they have no dimension, or a weight is negative, or a value is no choice.

    Examples:
        >>> tt.distributions.Categorical(tt.tensor([1.0, 3.0])).log_prob(tt.tensor(1)).exp()
        tensor(0.7500)
    """

    _shown = ("probs", "logits")

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        given = logits if probs is None else probs
        if given.ndim < 1:
            raise ValueError(f"`{'logits' if probs is None else 'probs'}` parameter must be at least one-dimensional.")
        super().__init__(given.shape[:-1], validate_args=validate_args)
        if probs is None:
            self.logits = given - given.logsumexp(-1, keepdim=True)
        else:
            self._check("the parameter probs", probs, (probs >= 0) & (probs.sum(-1, keepdim=True) > 0), "weights")
            self.probs = probs / probs.sum(-1, keepdim=True)

    @cached_property
    def probs(self) -> Any:
        """The probability of each choice."""
        return logits_to_probs(self.logits, binary=False)

    @cached_property
    def logits(self) -> Any:
        """Its logarithm."""
        return probs_to_logits(self.probs, binary=False)

    @property
    def _count(self) -> int:
        return int(self.param_shape[-1])

    @property
    def param_shape(self) -> Any:
        """The shape of probs, or of logits."""
        own = self.__dict__
        return (own["probs"] if "probs" in own else own["logits"]).shape

    def enumerate_support(self, expand: bool = True) -> Any:
        """All choices, along a new first dimension."""
        values = arange(self._count).reshape(-1, *(1,) * len(self.batch_shape))
        return values.expand(-1, *self.batch_shape) if expand else values

    def sample(self, sample_shape: Any = ()) -> Any:
        rows = self.probs.detach().reshape(-1, self._count)
        draws = multinomial(rows, math.prod(sample_shape), True)
        return draws.T.reshape(self._extended_shape(sample_shape))

    def log_prob(self, value: Any) -> Any:
        self._check("the value", value, (value >= 0) & (value < self._count) & (value == value.floor()), "a choice")
        value, logits = broadcast_tensors(value.long().unsqueeze(-1), self.logits)
        return logits.gather(-1, value[..., :1]).squeeze(-1)

    def entropy(self) -> Any:
        smallest = -3.4028234663852886e38 if self.logits.dtype.itemsize == 4 else -1.7976931348623157e308
        return -(self.logits.clamp(min=smallest) * self.probs).sum(-1)

    @property
    def mode(self) -> Any:
        """The likeliest choice."""
        return self.probs.argmax(-1)


class CategoricalBased(Distribution):
    """What distributions share that draw from a categorical one, kept in `_categorical`, and have events of its size."""

    def __init__(self, categorical: Categorical, validate_args: bool | None) -> None:
        self._categorical = categorical
        super().__init__(categorical.batch_shape, categorical.param_shape[-1:], validate_args)

    @property
    def probs(self) -> Any:
        """The probability of each choice."""
        return self._categorical.probs

    @property
    def logits(self) -> Any:
        """Its logarithm."""
        return self._categorical.logits

    @property
    def param_shape(self) -> Any:
        """The shape of probs, or of logits."""
        return self._categorical.param_shape
