"""The chi-squared distribution: a sum of squares of normal numbers."""

from __future__ import annotations

from typing import Any

from .gamma import Gamma


class Chi2(Gamma):
    """The distribution of the sum of the squares of `df` standard normal numbers.

    Args:
        df: degrees of freedom.
        validate_args: see `Distribution`.

    Raises:
        ValueError: a number of degrees is not positive, or a value negative.

    Examples:
        >>> tt.distributions.Chi2(3.0).mean
        tensor(3.)
    """

    _shown: tuple[str, ...] = ()

    def __init__(self, df: Any, validate_args: bool | None = None) -> None:
        super().__init__(0.5 * df, 0.5, validate_args)

    @property
    def df(self) -> Any:
        """Degrees of freedom."""
        return self.concentration * 2
