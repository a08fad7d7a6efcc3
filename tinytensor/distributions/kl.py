"""The Kullback-Leibler divergence of two distributions, where it has a closed form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .bernoulli import Bernoulli
from .categorical import Categorical
from .distribution import Distribution
from .independent import Independent
from .multivariate_normal import MultivariateNormal, _solve
from .normal import Normal
from .uniform import Uniform

_FORMS: dict[tuple[type, type], Callable[[Any, Any], Any]] = {}


def register_kl(type_p: type, type_q: type) -> Callable[[Callable[[Any, Any], Any]], Callable[[Any, Any], Any]]:
    """Makes a function of (p, q) the divergence of these two kinds; a decorator.

    Examples:
        >>> class Point(tt.distributions.Distribution): ...
        >>> @tt.distributions.register_kl(Point, Point)
        ... def same(p, q):
        ...     return tt.tensor(0.0)
        >>> tt.distributions.kl_divergence(Point(), Point())
        tensor(0.)
    """

    def register(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        _FORMS[type_p, type_q] = function
        return function

    return register


def kl_divergence(p: Distribution, q: Distribution) -> Any:
    """The mean of log p - log q under p, for each distribution of the batch.

    Raises:
        NotImplementedError: there is no closed form for these two.

    Examples:
        >>> d = tt.distributions
        >>> d.kl_divergence(d.Normal(0.0, 1.0), d.Normal(1.0, 1.0))
        tensor(0.5000)
    """
    for (type_p, type_q), form in reversed(_FORMS.items()):
        if isinstance(p, type_p) and isinstance(q, type_q):
            return form(p, q)
    raise NotImplementedError(
        f"No KL(p || q) is implemented for p type {type(p).__name__} and q type {type(q).__name__}"
    )


@register_kl(Normal, Normal)
def _normal(p: Normal, q: Normal) -> Any:
    ratio = (p.scale / q.scale) ** 2
    return 0.5 * (ratio + ((p.loc - q.loc) / q.scale) ** 2 - 1 - ratio.log())


@register_kl(Bernoulli, Bernoulli)
def _bernoulli(p: Bernoulli, q: Bernoulli) -> Any:
    def term(a: Any, b: Any) -> Any:
        return (a * (a / b).log()).masked_fill(a == 0, 0.0)

    return term(p.probs, q.probs) + term(1 - p.probs, 1 - q.probs)


@register_kl(Categorical, Categorical)
def _categorical(p: Categorical, q: Categorical) -> Any:
    t = p.probs * (p.logits - q.logits)
    t = t.masked_fill((q.probs == 0).expand_as(t), float("inf"))
    return t.masked_fill((p.probs == 0).expand_as(t), 0.0).sum(-1)


@register_kl(Uniform, Uniform)
def _uniform(p: Uniform, q: Uniform) -> Any:
    result = ((q.high - q.low) / (p.high - p.low)).log()
    return result.masked_fill((q.low > p.low) | (q.high < p.high), float("inf"))


@register_kl(MultivariateNormal, MultivariateNormal)
def _multivariate_normal(p: MultivariateNormal, q: MultivariateNormal) -> Any:
    n = p.event_shape[0]
    spread = sum((_solve(q.scale_tril, p.scale_tril[..., j]) ** 2).sum(-1) for j in range(n))
    distance = (_solve(q.scale_tril, q.loc - p.loc) ** 2).sum(-1)
    return q._half_log_det() - p._half_log_det() + 0.5 * (spread + distance - n)


@register_kl(Independent, Independent)
def _independent(p: Independent, q: Independent) -> Any:
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise NotImplementedError("kl_divergence: the two Independent take different numbers of dimensions together")
    return p.sum_over_event(kl_divergence(p.base_dist, q.base_dist))
