"""Invertible functions of what is drawn, and the distributions that come of them."""

from __future__ import annotations

import math
from typing import Any

from ..modes import no_grad
from ..nn.functional import softplus
from ..ops.creation import as_tensor
from ..tensor import Tensor
from .distribution import Distribution, precision, smallest_normal


class Transform:
    """An invertible function, elementwise; `inv` is the inverse.

    A kind of one's own has the methods `_call`, `_inverse` and `log_abs_det_jacobian`.

    Args:
        cache_size: 1 keeps the last argument and value, so that the inverse of a value is the argument itself.

    Raises:
        ValueError: `cache_size` is neither 0 nor 1.

    Examples:
        >>> t = tt.distributions.SigmoidTransform()
        >>> t.inv(t(tt.tensor(0.5)))
        tensor(0.5000)
    """

    def __init__(self, cache_size: int = 0) -> None:
        if cache_size not in (0, 1):
            raise ValueError("cache_size must be 0 or 1")
        self._cache_size = cache_size
        self._last: tuple[Any, Any] = (None, None)

    def __call__(self, x: Any) -> Any:
        """The function."""
        if self._cache_size and x is self._last[0]:
            return self._last[1]
        y = self._call(x)
        if self._cache_size:
            self._last = x, y
        return y

    def invert(self, y: Any) -> Any:
        """What the function is y of."""
        if self._cache_size and y is self._last[1]:
            return self._last[0]
        x = self._inverse(y)
        if self._cache_size:
            self._last = x, y
        return x

    def _call(self, x: Any) -> Any:
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

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Transform) or type(other) is not type(self):
            return False
        return all(_same(value, vars(other)[name]) for name, value in vars(self).items() if name != "_last")

    def __hash__(self) -> int:
        return hash(type(self))


def _same(a: Any, b: Any) -> bool:
    return bool((a == b).all()) if isinstance(a, Tensor) and isinstance(b, Tensor) else bool(a == b)


class _Inverse(Transform):
    def __init__(self, transform: Transform) -> None:
        super().__init__()
        self._transform = transform

    def _call(self, x: Any) -> Any:
        return self._transform.invert(x)

    def _inverse(self, y: Any) -> Any:
        return self._transform(y)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return -self._transform.log_abs_det_jacobian(y, x)

    @property
    def inv(self) -> Transform:
        return self._transform


class ComposeTransform(Transform):
    """Several functions, applied in order.

    Args:
        parts: the functions.
        cache_size: see `Transform`.

    Examples:
        >>> d = tt.distributions
        >>> d.ComposeTransform([d.ExpTransform(), d.AffineTransform(1.0, 2.0)])(tt.tensor(0.0))
        tensor(3.)
    """

    def __init__(self, parts: Any, cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.parts = list(parts)

    def _call(self, x: Any) -> Any:
        for part in self.parts:
            x = part(x)
        return x

    def _inverse(self, y: Any) -> Any:
        for part in reversed(self.parts):
            y = part.inv(y)
        return y

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        total: Any = 0.0
        for part in self.parts:
            value = part(x)
            total = total + part.log_abs_det_jacobian(x, value)
            x = value
        return total


class SigmoidTransform(Transform):
    """y = 1 / (1 + exp(-x)).

    Examples:
        >>> tt.distributions.SigmoidTransform()(tt.tensor(0.0))
        tensor(0.5000)
    """

    def _call(self, x: Any) -> Any:
        return x.sigmoid().clamp(min=smallest_normal(x), max=1.0 - precision(x))

    def _inverse(self, y: Any) -> Any:
        y = y.clamp(min=smallest_normal(y), max=1.0 - precision(y))
        return y.log() - (-y).log1p()

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return -softplus(-x) - softplus(x)


class ExpTransform(Transform):
    """y = exp(x).

    Examples:
        >>> tt.distributions.ExpTransform()(tt.tensor(0.0))
        tensor(1.)
    """

    def _call(self, x: Any) -> Any:
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

    def _call(self, x: Any) -> Any:
        return x.tanh()

    def _inverse(self, y: Any) -> Any:
        return y.atanh()

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return 2.0 * (math.log(2.0) - x - softplus(-2.0 * x))


class AbsTransform(Transform):
    """y = |x|; the inverse is the positive one of two.

    Examples:
        >>> tt.distributions.AbsTransform()(tt.tensor(-1.0))
        tensor(1.)
    """

    def _call(self, x: Any) -> Any:
        return x.abs()

    def _inverse(self, y: Any) -> Any:
        return y


class PowerTransform(Transform):
    """y = x to a power, for positive x.

    Args:
        exponent: the power.
        cache_size: see `Transform`.

    Examples:
        >>> tt.distributions.PowerTransform(2.0)(tt.tensor(3.0))
        tensor(9.)
    """

    def __init__(self, exponent: Any, cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.exponent = as_tensor(exponent)

    def _call(self, x: Any) -> Any:
        return x.pow(self.exponent)

    def _inverse(self, y: Any) -> Any:
        return y.pow(1 / self.exponent)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return (self.exponent * y / x).abs().log()


class SoftplusTransform(Transform):
    """y = log(1 + exp(x)).

    Examples:
        >>> tt.distributions.SoftplusTransform()(tt.tensor(0.0))
        tensor(0.6931)
    """

    def _call(self, x: Any) -> Any:
        return softplus(x)

    def _inverse(self, y: Any) -> Any:
        return (-y).expm1().neg().log() + y

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        return -softplus(-x)


class AffineTransform(Transform):
    """y = loc + scale * x.

    Examples:
        >>> tt.distributions.AffineTransform(1.0, 2.0)(tt.tensor(3.0))
        tensor(7.)
    """

    def __init__(self, loc: Any, scale: Any, event_dim: int = 0, cache_size: int = 0) -> None:
        super().__init__(cache_size)
        self.loc, self.scale = loc, scale

    def _call(self, x: Any) -> Any:
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
        self.base_dist: Any = base_distribution
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


class RelaxedDistribution(TransformedDistribution):
    """What the relaxed distributions share: the parameters of what is transformed are theirs."""

    @property
    def temperature(self) -> Any:
        """The lower, the nearer are draws to what is relaxed."""
        return self.base_dist.temperature

    @property
    def probs(self) -> Any:
        """The probabilities."""
        return self.base_dist.probs

    @property
    def logits(self) -> Any:
        """Their log-odds, or their logarithms."""
        return self.base_dist.logits
