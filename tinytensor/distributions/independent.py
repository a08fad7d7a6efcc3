"""Independent distributions taken together as one of vectors, or of larger arrays."""

from __future__ import annotations

from typing import Any

from .distribution import Distribution


class Independent(Distribution):
    """The last dimensions of a batch as one event: their log-probabilities are added.

    Args:
        base_distribution: the batch.
        reinterpreted_batch_ndims: how many of its dimensions, from the last, become part of the event.
        validate_args: see `Distribution`.

    Raises:
        ValueError: the batch has fewer dimensions.

    Examples:
        >>> d = tt.distributions
        >>> d.Independent(d.Normal(tt.zeros(3), 1.0), 1).log_prob(tt.zeros(3))
        tensor(-2.7568)
    """

    def __init__(
        self, base_distribution: Distribution, reinterpreted_batch_ndims: int, validate_args: bool | None = None
    ) -> None:
        shape = base_distribution.batch_shape
        if reinterpreted_batch_ndims > len(shape):
            raise ValueError(
                "Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), "
                f"actual {reinterpreted_batch_ndims} vs {len(shape)}"
            )
        n = len(shape) - reinterpreted_batch_ndims
        super().__init__(shape[:n], shape[n:] + base_distribution.event_shape, validate_args)
        self.base_dist = base_distribution
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        self.has_rsample = base_distribution.has_rsample

    def sample(self, sample_shape: Any = ()) -> Any:
        return self.base_dist.sample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self.base_dist.rsample(sample_shape)

    def log_prob(self, value: Any) -> Any:
        return self.sum_over_event(self.base_dist.log_prob(value))

    def entropy(self) -> Any:
        return self.sum_over_event(self.base_dist.entropy())

    def sum_over_event(self, x: Any) -> Any:
        """The sum over the dimensions that became part of the event."""
        n = self.reinterpreted_batch_ndims
        return x.flatten(-n).sum(-1) if n else x

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.base_dist.mean

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        return self.base_dist.variance

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.base_dist.mode

    def __repr__(self) -> str:
        return f"Independent({self.base_dist}, {self.reinterpreted_batch_ndims})"
