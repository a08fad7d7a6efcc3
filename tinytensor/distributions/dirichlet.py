"""The Dirichlet distribution: probabilities of several choices, drawn."""

from __future__ import annotations

from typing import Any

from ..nn.functional import one_hot
from ..ops.binary import xlogy
from ..ops.standard_gamma import standard_dirichlet
from ..tensor import Tensor
from .distribution import Distribution


class Dirichlet(Distribution):
    """Probabilities of K choices.

    Args:
        concentration: (*batch, K); the larger, the nearer the draws are to their mean.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a concentration is not positive or has no dimension, or a value is no list of probabilities.

    Examples:
        >>> tt.distributions.Dirichlet(tt.tensor([1.0, 3.0])).mean
        tensor([0.2500, 0.7500])
    """

    has_rsample = True
    _shown = ("concentration",)

    def __init__(self, concentration: Tensor, validate_args: bool | None = None) -> None:
        if concentration.ndim < 1:
            raise ValueError("`concentration` parameter must be at least one-dimensional.")
        self.concentration: Any = concentration
        super().__init__(concentration.shape[:-1], concentration.shape[-1:], validate_args)
        self._check("the parameter concentration", concentration, concentration > 0, "positive")

    def rsample(self, sample_shape: Any = ()) -> Any:
        return standard_dirichlet(self.concentration.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        a = self.concentration
        self._check("the value", value, (value >= 0).all(-1) & ((value.sum(-1) - 1).abs() < 1e-6), "probabilities")
        return xlogy(a - 1.0, value).sum(-1) + a.sum(-1).lgamma() - a.lgamma().sum(-1)

    def entropy(self) -> Any:
        a, total = self.concentration, self.concentration.sum(-1)
        spread = (a.shape[-1] - total) * total.digamma() + ((a - 1.0) * a.digamma()).sum(-1)
        return a.lgamma().sum(-1) - total.lgamma() - spread

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        return self.concentration / self.concentration.sum(-1, True)

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        a, total = self.concentration, self.concentration.sum(-1, True)
        return a * (total - a) / (total.pow(2) * (total + 1))

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution; a corner where all concentrations are below one."""
        above = (self.concentration - 1).clamp(min=0.0)
        mode = above / above.sum(-1, True)
        corner = one_hot(mode.argmax(-1), mode.shape[-1]).to(mode.dtype)
        return corner.where((self.concentration < 1).all(-1, keepdim=True), mode)
