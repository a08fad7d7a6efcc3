"""What distributions share that are given by a probability, or by its log-odds."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from .distribution import Distribution, broadcast_numbers, logits_to_probs, probs_to_logits


class OddsDistribution(Distribution):
    """A batch of distributions of a probability each.

    Args:
        probs: the probabilities; or
        logits: their log-odds.
        validate_args: see `Distribution`.
        others: further parameters, which are broadcast with it; they are left in `others`, of its dtype.

    Raises:
        ValueError: both or none are given, or a probability is outside [0, 1].
    """

    _shown: tuple[str, ...] = ("probs", "logits")

    def __init__(self, probs: Any, logits: Any, validate_args: bool | None, others: tuple[Any, ...] = ()) -> None:
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        given, *rest = broadcast_numbers(logits if probs is None else probs, *others)
        self.others = tuple(x.to(given.dtype) for x in rest)
        super().__init__(given.shape, validate_args=validate_args)
        if probs is None:
            self.logits = given
        else:
            self.probs = given
            self._check("the parameter probs", given, (given >= 0) & (given <= 1), "in [0, 1]")

    @cached_property
    def probs(self) -> Any:
        """The probabilities."""
        return logits_to_probs(self.logits, binary=True)

    @cached_property
    def logits(self) -> Any:
        """Their log-odds."""
        return probs_to_logits(self.probs, binary=True)

    @property
    def param_shape(self) -> Any:
        """The shape of probs, or of logits."""
        return self.batch_shape
