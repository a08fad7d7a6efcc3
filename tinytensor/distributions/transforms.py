"""Invertible functions of what is drawn, and the distributions that come of them."""

from __future__ import annotations

import math
from typing import Any

from ..modes import no_grad
from ..nn.functional import softplus
from ..tensor import Tensor
from .distribution import Distribution


class Transform:
    """An invertible function, elementwise; `inv` is the inverse.

    Examples:
        >>> t = tt.distributions.SigmoidTransform()
        >>> t.inv(t(tt.tensor(0.5)))
        tensor(0.5000)
    """

    def __call__(self, x: Any) -> Any:
        """The function."""
        raise NotImplementedError

    def _inverse(self, y: Any) -> Any:
        raise NotImplementedError

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        """The logarithm of the size of the derivative at x, where the function is y."""
        raise NotImplementedError

    @property
    def inv(self) -> Transform:
        """The inverse function."""
        return _Inverse(self)


class _Inverse(Transform):
    def __init__(self, transform: Transform) -> None:
        self._transform = transform

    def __call__(self, x: Any) -> Any:
        return self._transform._inverse(x)

    def _inverse(self, y: Any) -> Any:
        return self._transform(y)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return -self._transform.log_abs_det_jacobian(y, x)

    @property
    def inv(self) -> Transform:
        return self._transform


class SigmoidTransform(Transform):
    """y = 1 / (1 + exp(-x)).

    Examples:
        >>> tt.distributions.SigmoidTransform()(tt.tensor(0.0))
        tensor(0.5000)
    """

    def __call__(self, x: Any) -> Any:
        tiny, eps = (1.1754943508222875e-38, 2.0**-23) if x.dtype.itemsize == 4 else (2.0**-1022, 2.0**-52)
        return x.sigmoid().clamp(min=tiny, max=1.0 - eps)

    def _inverse(self, y: Any) -> Any:
        tiny, eps = (1.1754943508222875e-38, 2.0**-23) if y.dtype.itemsize == 4 else (2.0**-1022, 2.0**-52)
        y = y.clamp(min=tiny, max=1.0 - eps)
        return y.log() - (-y).log1p()

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return -softplus(-x) - softplus(x)


class ExpTransform(Transform):
    """y = exp(x).

    Examples:
        >>> tt.distributions.ExpTransform()(tt.tensor(0.0))
        tensor(1.)
    """

    def __call__(self, x: Any) -> Any:
        return x.exp()

    def _inverse(self, y: Any) -> Any:
        return y.log()

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return x


class TanhTransform(Transform):
    """y = tanh(x).

    Examples:
        >>> tt.distributions.TanhTransform()(tt.tensor(0.0))
        tensor(0.)
    """

    def __call__(self, x: Any) -> Any:
        return x.tanh()

    def _inverse(self, y: Any) -> Any:
        return y.atanh()

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return 2.0 * (math.log(2.0) - x - softplus(-2.0 * x))


class AffineTransform(Transform):
    """y = loc + scale * x.

    Examples:
        >>> tt.distributions.AffineTransform(1.0, 2.0)(tt.tensor(3.0))
        tensor(7.)
    """

    def __init__(self, loc: Any, scale: Any) -> None:
        self.loc, self.scale = loc, scale

    def __call__(self, x: Any) -> Any:
        return self.loc + self.scale * x

    def _inverse(self, y: Any) -> Any:
        return (y - self.loc) / self.scale

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        if isinstance(self.scale, Tensor):
            return self.scale.abs().log().expand(x.shape)
        return x.new_full(x.shape, math.log(abs(self.scale)))


class TransformedDistribution(Distribution):
    """The distribution of a function of what another draws.

    Args:
        base_distribution: what is drawn first.
        transforms: one function or several, applied in order.
        validate_args: see `Distribution`.

    Examples:
        >>> base = tt.distributions.Uniform(0.0, 1.0)
        >>> logistic = tt.distributions.TransformedDistribution(base, tt.distributions.SigmoidTransform().inv)
        >>> logistic.log_prob(tt.tensor(0.0))
        tensor(-1.3863)
    """

    def __init__(self, base_distribution: Distribution, transforms: Any, validate_args: bool | None = None) -> None:
        self.base_dist = base_distribution
        self.transforms = [transforms] if isinstance(transforms, Transform) else list(transforms)
        if not all(isinstance(transform, Transform) for transform in self.transforms):
            raise ValueError(f"transforms must be a Transform or a list of Transforms, but was {transforms}")
        super().__init__(base_distribution.batch_shape, base_distribution.event_shape, validate_args)
        self.has_rsample = base_distribution.has_rsample

    def sample(self, sample_shape: Any = ()) -> Any:
        with no_grad():
            return self._transformed(self.base_dist.sample(sample_shape))

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self._transformed(self.base_dist.rsample(sample_shape))

    def _transformed(self, x: Any) -> Any:
        for transform in self.transforms:
            x = transform(x)
        return x

    def log_prob(self, value: Any) -> Any:
        events = len(self.event_shape)
        log_prob: Any = 0.0
        for transform in reversed(self.transforms):
            x = transform.inv(value)
            change = transform.log_abs_det_jacobian(x, value)
            log_prob = log_prob - (change.flatten(-events).sum(-1) if events else change)
            value = x
        return log_prob + self.base_dist.log_prob(value)
