"""What all distributions share: batches of them, and events, which are what one draw gives."""

from __future__ import annotations

from copy import copy
from typing import Any

from .._C import get_default_dtype
from ..modes import no_grad
from ..ops.broadcast import broadcast_tensors
from ..ops.creation import tensor
from ..tensor import Size, Tensor


class Distribution:
    """A batch of distributions.

    Args:
        batch_shape: how many distributions of one kind.
        event_shape: the shape of one draw from one of them.
        validate_args: whether parameters and values are checked, which they are unless this is False.

    Examples:
        >>> tt.distributions.Normal(tt.zeros(3), 1.0).batch_shape
        torch.Size([3])
    """

    has_rsample = False
    _shown: tuple[str, ...] = ()  # the parameters that `repr` names, where they were given

    def __init__(self, batch_shape: Any = (), event_shape: Any = (), validate_args: bool | None = None) -> None:
        self.batch_shape, self.event_shape = Size(batch_shape), Size(event_shape)
        self._validate = validate_args is not False

    def expand(self, batch_shape: Any) -> Any:
        """The same distributions as a larger batch: parameters are repeated, not copied."""
        new, n = copy(self), len(self.batch_shape)
        for name, part in self.__dict__.items():
            if isinstance(part, Distribution):
                new.__dict__[name] = part.expand((*batch_shape, *part.batch_shape[n:]))
            elif isinstance(part, Tensor) and name != "temperature":
                new.__dict__[name] = part.expand(*batch_shape, *part.shape[n:])
        new.batch_shape = Size(batch_shape)
        return new

    def sample(self, sample_shape: Any = ()) -> Any:
        """Draws of shape (*sample_shape, *batch_shape, *event_shape), without a gradient."""
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Draws with gradients with respect to the parameters."""
        raise NotImplementedError(f"{type(self).__name__} has no draws that can be differentiated")

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the density, or of the probability, at `value`."""
        raise NotImplementedError(f"{type(self).__name__} has no log_prob")

    def cdf(self, value: Any) -> Any:
        """The probability of values up to this one."""
        raise NotImplementedError(f"{type(self).__name__} has no cdf in closed form")

    def icdf(self, value: Any) -> Any:
        """The value up to which there is this probability."""
        raise NotImplementedError(f"{type(self).__name__} has no icdf in closed form")

    def entropy(self) -> Any:
        """The entropy of each distribution of the batch."""
        raise NotImplementedError(f"{type(self).__name__} has no entropy in closed form")

    @property
    def mean(self) -> Any:
        """The mean of each distribution."""
        raise NotImplementedError(f"{type(self).__name__} has no mean in closed form")

    @property
    def variance(self) -> Any:
        """The variance of each distribution."""
        raise NotImplementedError(f"{type(self).__name__} has no variance in closed form")

    @property
    def mode(self) -> Any:
        """The likeliest event of each distribution."""
        raise NotImplementedError(f"{type(self).__name__} has no mode in closed form")

    def perplexity(self) -> Any:
        """E to the entropy: as many equally likely choices are as uncertain."""
        return self.entropy().exp()

    @property
    def stddev(self) -> Any:
        """The standard deviation of each distribution."""
        return self.variance.sqrt()

    def __repr__(self) -> str:
        shown = [f"{name}: {x if x.numel() == 1 else x.size()}" for name, x in self._given().items()]
        return f"{type(self).__name__}({', '.join(shown)})"

    def _given(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in self._shown if name in self.__dict__}

    def _extended_shape(self, sample_shape: Any) -> Size:
        return Size((*sample_shape, *self.batch_shape, *self.event_shape))

    def _check(self, what: str, value: Tensor, valid: Tensor, rule: str) -> None:
        if self._validate and not bool(valid.all()):
            raise ValueError(f"{type(self).__name__}: expected {what} to be {rule}, but found invalid values:\n{value}")


def broadcast_numbers(*values: Any) -> tuple[Any, ...]:
    """Numbers and tensors as tensors of one shape; numbers take the dtype of the tensors."""
    dtype = next((v.dtype for v in values if isinstance(v, Tensor)), get_default_dtype())
    return tuple(broadcast_tensors(*[v if isinstance(v, Tensor) else tensor(v, dtype=dtype) for v in values]))


def precision(x: Any) -> float:
    """The distance from 1 to the next number of the dtype of x."""
    return 2.0**-23 if x.dtype.itemsize == 4 else 2.0**-52


def smallest_normal(x: Any) -> float:
    """The smallest positive number of the dtype of x that has all of its digits."""
    return 2.0**-126 if x.dtype.itemsize == 4 else 2.0**-1022


def clamp_probs(probs: Any) -> Any:
    """Probabilities that are neither 0 nor 1."""
    return probs.clamp(min=precision(probs), max=1 - precision(probs))


def logits_to_probs(logits: Any, binary: bool) -> Any:
    """Probabilities of logits."""
    return logits.sigmoid() if binary else logits.softmax(-1)


def probs_to_logits(probs: Any, binary: bool) -> Any:
    """Logits of probabilities, which stay finite at 0 and 1."""
    clamped = clamp_probs(probs)
    return clamped.log() - (-clamped).log1p() if binary else clamped.log()
