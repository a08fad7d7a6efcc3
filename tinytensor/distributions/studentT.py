"""Student's t distribution."""

from __future__ import annotations

import math
from typing import Any

from .chi2 import Chi2
from .distribution import Distribution, broadcast_numbers
from .normal import standard_normal


class StudentT(Distribution):
    """Student's t distribution: a normal number over the root of the mean of `df` squares of others.

    Args:
        df: degrees of freedom.
        loc: where the middle is.
        scale: widths.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a number of degrees or a scale is not positive.

    Examples:
        >>> tt.distributions.StudentT(4.0).variance
        tensor(2.)
    """

    has_rsample = True
    _shown = ("df", "loc", "scale")

    def __init__(self, df: Any, loc: Any = 0.0, scale: Any = 1.0, validate_args: bool | None = None) -> None:
        self.df, self.loc, self.scale = broadcast_numbers(df, loc, scale)
        self._chi2 = Chi2(self.df, validate_args)
        super().__init__(self.df.shape, validate_args=validate_args)
        self._check("the parameter scale", self.scale, self.scale > 0, "positive")

    def rsample(self, sample_shape: Any = ()) -> Any:
        x = standard_normal(self._extended_shape(sample_shape), self.df.dtype)
        squares = self._chi2.rsample(sample_shape)
        return self.loc + self.scale * (x * (squares / self.df).rsqrt())

    def log_prob(self, value: Any) -> Any:
        df, y = self.df, (value - self.loc) / self.scale
        roots = self.scale.log() + 0.5 * df.log() + 0.5 * math.log(math.pi)
        norm = roots + (0.5 * df).lgamma() - (0.5 * (df + 1.0)).lgamma()
        return -0.5 * (df + 1.0) * (y**2.0 / df).log1p() - norm

    def entropy(self) -> Any:
        df, half, more = self.df, 0.5 * self.df, 0.5 * (self.df + 1)
        log_beta = half.lgamma() + math.lgamma(0.5) - more.lgamma()
        return self.scale.log() + more * (more.digamma() - half.digamma()) + 0.5 * df.log() + log_beta

    @property
    def mean(self) -> Any:
        """The mean of each distribution; NaN where there is none."""
        return self.loc.masked_fill(self.df <= 1, math.nan)

    @property
    def variance(self) -> Any:
        """The variance of each distribution; infinite up to two degrees of freedom, NaN up to one."""
        variance = self.scale.pow(2) * self.df / (self.df - 2)
        return variance.masked_fill(self.df <= 2, math.inf).masked_fill(self.df <= 1, math.nan)

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        return self.loc
