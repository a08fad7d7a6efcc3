"""The beta distribution: a probability, drawn."""

from __future__ import annotations

from typing import Any

from ..ops.creation import tensor
from ..ops.join import stack
from ..tensor import Tensor
from .dirichlet import Dirichlet
from .distribution import Distribution, broadcast_numbers


class Beta(Distribution):
    """Probabilities of one of two choices.

    Args:
        concentration1: the concentration of the choice.
        concentration0: that of the other.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a concentration is not positive, or a value not in [0, 1].

    Examples:
        >>> tt.distributions.Beta(1.0, 3.0).mean
        tensor(0.2500)
    """

    has_rsample = True

    def __init__(self, concentration1: Any, concentration0: Any, validate_args: bool | None = None) -> None:
        if isinstance(concentration1, Tensor) or isinstance(concentration0, Tensor):
            both = stack(broadcast_numbers(concentration1, concentration0), -1)
        else:
            both = tensor([float(concentration1), float(concentration0)])
        self._dirichlet = Dirichlet(both, validate_args)
        super().__init__(self._dirichlet.batch_shape, validate_args=validate_args)

    @property
    def concentration1(self) -> Any:
        """The concentration of the choice."""
        return self._dirichlet.concentration[..., 0]

    @property
    def concentration0(self) -> Any:
        """The concentration of the other choice."""
        return self._dirichlet.concentration[..., 1]

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self._dirichlet.rsample(sample_shape).select(-1, 0)

    def log_prob(self, value: Any) -> Any:
        self._check("the value", value, (value >= 0) & (value <= 1), "in [0, 1]")
        return self._dirichlet.log_prob(stack([value, 1.0 - value], -1))

    def entropy(self) -> Any:
        return self._dirichlet.entropy()

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.concentration1 / (self.concentration1 + self.concentration0)

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        total = self.concentration1 + self.concentration0
        return self.concentration1 * self.concentration0 / (total.pow(2) * (total + 1))

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self._dirichlet.mode[..., 0]
