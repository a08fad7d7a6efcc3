"""Covariances and correlations of variables."""

from __future__ import annotations

import warnings
from typing import Any

from .._C import bool as bool_
from ..tensor import Tensor, method
from .matmul import mm

__all__ = ["corrcoef", "cov"]


@method()
def cov(input: Tensor, *, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Tensor:
    """The covariances of variables, one a row; of a vector, its variance.

    Args:
        input: (variables, observations), or the observations of one variable.
        correction: what the number of observations is lessened by.
        fweights: how often each observation counts, integers.
        aweights: how much each observation counts.

    Returns:
        (variables, variables), or a number where there is one variable.

    Raises:
        RuntimeError: the input is bool or has more than two dimensions; weights are negative, or not one for each
            observation.

    Examples:
        >>> tt.cov(tt.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
        tensor([[ 1., -1.],
                [-1.,  1.]])
    """
    if input.ndim > 2:
        raise RuntimeError(
            f"cov(): expected input to have two or fewer dimensions but got an input with {input.ndim} dimensions"
        )
    if input.dtype is bool_:
        raise RuntimeError("cov(): bool dtype is not supported for input")
    x = input if input.ndim == 2 else input.reshape(1, -1)
    weights = _weights(x.shape[1], fweights, aweights)
    total: Any = x.shape[1] if weights is None else weights.sum()
    if weights is not None and not total.is_nonzero():
        raise RuntimeError("cov(): weights sum to zero, can't be normalized")
    mean = (x if weights is None else x * weights).sum(1, keepdim=True) / total
    if correction == 0 or aweights is None:
        freedom = total - correction
    else:
        freedom = total - correction * (weights * aweights).sum() / total
    if bool(freedom <= 0):
        warnings.warn("cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of "
                      "observations.", stacklevel=2)  # fmt: skip
        freedom = freedom * 0 if isinstance(freedom, Tensor) else 0
    x = x - mean
    return (mm(x, (x if weights is None else x * weights).mT) / freedom).squeeze()


def _weights(count: int, fweights: Any, aweights: Any) -> Any:
    """What each observation counts; None where all count once."""
    for name, w, kinds in (("fweights", fweights, "integral"), ("aweights", aweights, "floating point")):
        if w is None:
            continue
        if w.ndim > 1:
            raise RuntimeError(f"cov(): expected {name} to have one or fewer dimensions but got {w.ndim} dimensions")
        if w.dtype.is_floating_point != (kinds == "floating point") or w.dtype is bool_:
            raise RuntimeError(f"cov(): expected {name} to have {kinds} dtype but got {name} with {w.dtype}")
        if w.numel() != count:
            raise RuntimeError(
                f"cov(): expected {name} to have the same numel as there are observations in the input but got "
                f"{w.numel()} != {count}"
            )
        if count and bool(w.min() < 0):
            raise RuntimeError(f"cov(): {name} cannot be negative")
    if fweights is None or aweights is None:
        return aweights if fweights is None else fweights
    return fweights * aweights


@method()
def corrcoef(input: Tensor) -> Tensor:
    """The correlation coefficients (Pearson) of variables, one a row; of a vector 1.

    Shapes: (variables, observations) -> (variables, variables).

    Raises:
        RuntimeError: the input is bool or has more than two dimensions.

    Examples:
        >>> tt.corrcoef(tt.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
        tensor([[ 1., -1.],
                [-1.,  1.]])
    """
    if input.ndim > 2:
        raise RuntimeError(
            f"corrcoef(): expected input to have two or fewer dimensions but got an input with {input.ndim} dimensions"
        )
    c = cov(input)
    if c.ndim == 0:
        return c / c
    deviations = c.diagonal().sqrt()
    return (c / deviations.unsqueeze(1) / deviations).clip(-1, 1)
