"""torch.distributions: draws, densities and moments are PyTorch's."""

import math
from typing import Any

import numpy as np
import pytest

import tinytensor as tt


def distributions(lib: Any) -> dict[str, tuple[Any, Any]]:
    """Distributions, each with a value."""
    d, t = lib.distributions, lib.tensor
    covariance = t([[2.0, 0.5], [0.5, 1.0]])
    unit = d.Normal(t([0.0]), t([1.0]))
    return {
        "categorical": (d.Categorical(t([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]])), t([1, 2])),
        "categorical of logits": (d.Categorical(logits=t([[0.1, 0.2, 0.7]])), t([1])),
        "normal": (d.Normal(t([0.0, 1.0, 2.0]), t([1.0, 2.0, 3.0])), t([0.5, 0.5, 0.5])),
        "normal of numbers": (d.Normal(0.0, 1.0), t(0.3)),
        "bernoulli": (d.Bernoulli(t([0.2, 0.7])), t([1.0, 0.0])),
        "bernoulli of logits": (d.Bernoulli(logits=t([0.2, 0.7])), t([1.0, 0.0])),
        "uniform": (d.Uniform(t([0.0, 1.0]), t([1.0, 5.0])), t([0.5, 2.0])),
        "multivariate normal": (d.MultivariateNormal(t([1.0, 2.0]), covariance), t([0.5, 2.0])),
        "of a precision": (d.MultivariateNormal(t([1.0, 2.0]), precision_matrix=covariance), t([0.5, 2.0])),
        "of a factor": (d.MultivariateNormal(lib.zeros(3, 2), scale_tril=t([[2.0, 0], [0.5, 1.0]])), t([0.5, 2.0])),
        "logistic": (
            d.TransformedDistribution(
                d.Uniform(t(0.0), t(1.0)), [d.SigmoidTransform().inv, d.AffineTransform(1.0, 2.0)]
            ),
            t(0.3),
        ),
        "logit-normal": (d.TransformedDistribution(unit, [d.SigmoidTransform()]), t([0.3])),
        "independent": (d.Independent(d.Normal(lib.zeros(2, 3), t([1.0, 2.0, 3.0])), 1), lib.ones(2, 3)),
        "of two dimensions": (d.Independent(d.Bernoulli(lib.full((2, 3), 0.3)), 2), lib.ones(2, 3)),
        "exponential": (d.Exponential(t([0.5, 3.0])), t([1.0, 2.0])),
        "laplace": (d.Laplace(t([0.0, 1.0]), t([1.0, 3.0])), t([-1.0, 2.0])),
        "cauchy": (d.Cauchy(t([0.0, 1.0]), t([1.0, 3.0])), t([-1.0, 2.0])),
        "half-cauchy": (d.HalfCauchy(t([1.0, 3.0])), t([1.0, 2.0])),
        "half-normal": (d.HalfNormal(t([1.0, 3.0])), t([1.0, 2.0])),
        "log-normal": (d.LogNormal(t([0.0, 1.0]), t([1.0, 0.5])), t([1.0, 2.0])),
        "gumbel": (d.Gumbel(t([0.0, 1.0]), t([1.0, 3.0])), t([-1.0, 2.0])),
        "weibull": (d.Weibull(t([1.0, 2.0]), t([1.5, 3.0])), t([1.0, 2.0])),
        "pareto": (d.Pareto(t([1.0, 2.0]), t([2.5, 3.0])), t([1.5, 2.5])),
        "gamma": (d.Gamma(t([0.1, 0.7, 1.0, 30.0]), t([1.0, 2.0, 3.0, 4.0])), t([0.3, 1.0, 2.0, 9.0])),
        "gamma of float64": (d.Gamma(t([0.1, 30.0], dtype=lib.float64), t(2.0, dtype=lib.float64)), t([0.3, 9.0])),
        "chi-squared": (d.Chi2(t([1.0, 7.0])), t([0.5, 5.0])),
        "inverse gamma": (d.InverseGamma(t([2.5, 7.0]), t([1.0, 2.0])), t([0.5, 5.0])),
        "student's t": (d.StudentT(t([1.0, 2.0, 5.0]), 1.0, t([1.0, 2.0, 3.0])), t([0.5, 5.0, -1.0])),
        "beta": (d.Beta(t([0.5, 2.0]), t([3.0, 1.5])), t([0.2, 0.7])),
        "beta of numbers": (d.Beta(2.0, 3.0), t(0.2)),
        "dirichlet": (d.Dirichlet(t([[1.0, 2.0, 3.0], [0.2, 0.3, 0.4]])), t([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])),
        "poisson": (d.Poisson(t([0.5, 3.0, 40.0])), t([0.0, 4.0, 35.0])),
        "geometric": (d.Geometric(t([0.2, 0.9])), t([3.0, 0.0])),
        "geometric of logits": (d.Geometric(logits=t([0.2, 0.9])), t([3.0, 0.0])),
        "binomial": (d.Binomial(5, t([0.0, 0.2, 0.7, 1.0])), t([0.0, 1.0, 3.0, 5.0])),
        "binomial of many": (d.Binomial(t(100.0), logits=t([-1.5, 0.1, 2.0])), t([20.0, 50.0, 90.0])),
        "negative binomial": (d.NegativeBinomial(t([2.0, 5.5]), t([0.3, 0.8])), t([1.0, 20.0])),
        "multinomial": (d.Multinomial(6, t([[0.2, 0.3, 0.5], [0.5, 0.25, 0.25]])), t([1.0, 2.0, 3.0])),
        "one-hot": (d.OneHotCategorical(t([[0.2, 0.3, 0.5], [0.5, 0.25, 0.25]])), t([[0.0, 1.0, 0.0]] * 2)),
        "straight-through": (d.OneHotCategoricalStraightThrough(logits=t([0.2, 0.3])), t([0.0, 1.0])),
        "relaxed bernoulli": (d.RelaxedBernoulli(t(0.7), t([0.2, 0.7])), t([0.3, 0.9])),
        "relaxed one-hot": (d.RelaxedOneHotCategorical(t(0.7), t([0.2, 0.3, 0.5])), t([0.2, 0.2, 0.6])),
        "mixture": (
            d.MixtureSameFamily(d.Categorical(lib.ones(2, 3)), d.Normal(t([-1.0, 0.0, 2.0]).expand(2, 3), 0.5)),
            t([0.0, 1.5]),
        ),
        "mixture of vectors": (
            d.MixtureSameFamily(
                d.Categorical(t([0.3, 0.7])), d.Independent(d.Normal(lib.zeros(2, 3), t([[1.0], [2.0]])), 1)
            ),
            t([0.0, 1.5, 1.0]),
        ),
        "of a composition": (
            d.TransformedDistribution(
                unit, d.ComposeTransform([d.SoftplusTransform(), d.PowerTransform(2.0), d.AffineTransform(1.0, 2.0)])
            ),
            t([3.0]),
        ),
        "others": (d.TransformedDistribution(unit, [d.TanhTransform(), d.ExpTransform()]), t([1.3])),
    }


def measure(distribution: Any, what: str) -> Any:
    """A moment, an entropy, ...; None where there is no closed form."""
    try:
        found = getattr(distribution, what)
        return found() if callable(found) else found
    except NotImplementedError:
        return None


@pytest.mark.parametrize("name", list(distributions(tt)))
def test_distribution_agrees_with_pytorch(name: str) -> None:
    torch = pytest.importorskip("torch")
    (ours, value), (theirs, same_value) = distributions(tt)[name], distributions(torch)[name]
    assert tuple(theirs.batch_shape) == ours.batch_shape and tuple(theirs.event_shape) == ours.event_shape
    for shape in ((), (4,), (2, 9)):
        torch.manual_seed(1)
        tt.manual_seed(1)
        a, b = ours.sample(shape), theirs.sample(shape)
        assert a.shape == tuple(b.shape)
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-6, atol=1e-7)
        assert tt.rand(1).item() == torch.rand(1).item()
    pairs = [(ours.log_prob(value), theirs.log_prob(same_value))]
    larger = ours.expand((2, *ours.batch_shape)), theirs.expand((2, *theirs.batch_shape))
    assert larger[0].batch_shape == tuple(larger[1].batch_shape)
    torch.manual_seed(2)
    tt.manual_seed(2)
    pairs += [
        (larger[0].log_prob(value), larger[1].log_prob(same_value)),
        (larger[0].sample((3,)), larger[1].sample((3,))),
    ]
    assert repr(ours) == repr(theirs)
    for what in ("entropy", "perplexity", "mean", "variance", "stddev", "mode"):
        got, want = measure(ours, what), measure(theirs, what)
        if got is not None and want is not None:
            pairs.append((got, want))
        else:  # PyTorch calls the moments of a categorical distribution, which has none, NaN
            assert got is want or (got is None and want.isnan().all())
    for other, (q, _) in distributions(torch).items():
        if (
            type(q) is type(theirs)
            and tuple(q.event_shape) == tuple(theirs.event_shape)
            and "Transformed" not in repr(q)
        ):
            try:
                want = torch.distributions.kl_divergence(theirs, q)
            except (NotImplementedError, RuntimeError):
                continue
            pairs.append((tt.distributions.kl_divergence(ours, distributions(tt)[other][0]), want))
    for what in ("cdf", "icdf"):
        at = value.clip(0.01, 0.99) if what == "icdf" else value
        try:
            pairs.append((getattr(ours, what)(at), getattr(theirs, what)(torch.tensor(at.numpy()))))
        except NotImplementedError:
            continue
    for got, want in pairs:
        assert got.shape == tuple(want.shape)
        np.testing.assert_allclose(got.numpy(), want.numpy(), rtol=1e-4, atol=1e-6)


def test_distributions_draw_and_differentiate() -> None:
    d = tt.distributions
    tt.manual_seed(0)
    assert d.Categorical(tt.tensor([0.0, 1.0, 0.0])).sample((3,)).tolist() == [1, 1, 1]
    assert d.Categorical(tt.tensor([0.2, 0.5, 0.3])).mode == 1
    loc = tt.zeros(2, requires_grad=True)
    d.Normal(loc, 1.0).rsample((5,)).sum().backward()
    assert loc.grad.tolist() == [5.0, 5.0] and not d.Normal(loc, 1.0).sample().requires_grad
    for wrong, message in (
        (lambda: d.Normal(0.0, -1.0), "scale to be positive"),
        (lambda: d.Bernoulli(1.5), r"in \[0, 1\]"),
        (lambda: d.Categorical(), "must be specified"),
        (lambda: d.Uniform(1.0, 0.0), "low>= high"),
        (lambda: d.Uniform(0.0, 1.0).log_prob(tt.tensor(2.0)), "within the support"),
        (lambda: d.Categorical(tt.ones(3)).log_prob(tt.tensor(3)), "a choice"),
        (lambda: d.Exponential(0.0), "rate to be positive"),
        (lambda: d.Gamma(1.0, 1.0).log_prob(tt.tensor(-1.0)), "not negative"),
        (lambda: d.Dirichlet(tt.tensor(1.0)), "at least one-dimensional"),
        (lambda: d.Dirichlet(tt.ones(2)).log_prob(tt.ones(2)), "probabilities"),
        (lambda: d.Poisson(1.0).log_prob(tt.tensor(0.5)), "whole number"),
        (lambda: d.Binomial(3, tt.tensor(0.5)).log_prob(tt.tensor(4.0)), "number of trials"),
        (lambda: d.Binomial(3), "must be specified"),
        (lambda: d.Multinomial(3, tt.ones(2)).log_prob(tt.ones(2)), "add up to 3"),
        (lambda: d.OneHotCategorical(tt.ones(2)).log_prob(tt.ones(2)), "one-hot"),
        (lambda: d.MixtureSameFamily(d.Normal(0.0, 1.0), d.Normal(0.0, 1.0)), "Categorical"),
        (lambda: d.MixtureSameFamily(d.Categorical(tt.ones(3)), d.Normal(tt.zeros(2), 1.0)), "does not equal"),
        (lambda: d.ExpTransform(cache_size=2), "cache_size"),
        (lambda: d.MultivariateNormal(tt.zeros(2), -tt.eye(2)), "positive definite"),
        (lambda: d.MultivariateNormal(tt.zeros(2), tt.eye(3)), r"expected a matrix of \(2, 2\)"),
    ):
        with pytest.raises(ValueError, match=message):
            wrong()
    with pytest.raises(ValueError, match="reinterpreted_batch_ndims"):
        d.Independent(d.Normal(0.0, 1.0), 1)
    with pytest.raises(NotImplementedError, match="p type Normal and q type Bernoulli"):
        d.kl_divergence(d.Normal(0.0, 1.0), d.Bernoulli(0.5))
    with pytest.raises(NotImplementedError, match="no entropy"):
        d.TransformedDistribution(d.Normal(0.0, 1.0), []).entropy()


REPARAMETRIZED = {
    "gamma": lambda d, a, b: d.Gamma(a, b),
    "chi-squared": lambda d, a, b: d.Chi2(a),
    "inverse gamma": lambda d, a, b: d.InverseGamma(a, b),
    "student's t": lambda d, a, b: d.StudentT(a, b),
    "beta": lambda d, a, b: d.Beta(a, b),
    "dirichlet": lambda d, a, b: d.Dirichlet(a.reshape(-1, 3)),
    "laplace": lambda d, a, b: d.Laplace(a, b),
    "exponential": lambda d, a, b: d.Exponential(a),
    "gumbel": lambda d, a, b: d.Gumbel(a, b),
    "weibull": lambda d, a, b: d.Weibull(a, b),
    "relaxed one-hot": lambda d, a, b: d.RelaxedOneHotCategorical(0.5, logits=a),
    "straight-through": lambda d, a, b: d.OneHotCategoricalStraightThrough(logits=a),
}
CONCENTRATIONS = [0.02, 0.3, 0.9, 1.0, 1.7, 5.0, 12.0, 80.0, 900.0]


@pytest.mark.parametrize("name", REPARAMETRIZED)
def test_draws_differentiate_as_in_pytorch(name: str) -> None:
    torch = pytest.importorskip("torch")
    grads = []
    for lib in (tt, torch):
        a = lib.tensor(CONCENTRATIONS, requires_grad=True)
        b = lib.tensor(CONCENTRATIONS[::-1], requires_grad=True)
        lib.manual_seed(3)
        draws = REPARAMETRIZED[name](lib.distributions, a, b).rsample((4,))
        weights = lib.linspace(0.5, 1.0, draws.numel()).reshape(draws.shape)
        (draws.log() if name.startswith(("gamma", "inverse")) else draws).mul(weights).sum().backward()
        grads.append([None if x.grad is None else x.grad.numpy() for x in (a, b)])
    for got, want in zip(*grads, strict=True):
        if want is None:
            assert got is None or not got.any()
        else:  # PyTorch's derivatives of the gamma and beta distributions are fits, good to three digits
            np.testing.assert_allclose(got, want, rtol=5e-3, atol=1e-4)


def test_gamma_draws_follow_their_quantile() -> None:
    """The gradient of a draw, held against differences of the quantile, which sums of the density find."""
    for a in (0.4, 2.0, 30.0):
        concentration = tt.tensor(a, dtype=tt.float64, requires_grad=True)
        tt.manual_seed(1)
        z = tt.distributions.Gamma(concentration, 1.0).rsample()
        z.backward()
        t = np.linspace(0, 1, 400_001)[1:] ** 4 * z.item()  # fine near zero, where the density may have a pole

        def area(shape: float, t: np.ndarray = t) -> float:
            """Up to z, the area under the density, by the trapezoidal rule in the logarithm of t."""
            log_density = shape * np.log(t) - t - math.lgamma(shape)
            heights, at = np.exp(log_density), np.log(t)
            return float(((heights[1:] + heights[:-1]) * np.diff(at)).sum() / 2)

        density = math.exp((a - 1) * math.log(z.item()) - z.item() - math.lgamma(a))
        want = -(area(a + 1e-4) - area(a - 1e-4)) / 2e-4 / density
        assert abs(concentration.grad.item() - want) < 1e-3 * abs(want)


def test_a_cached_transform_gives_back_what_went_in() -> None:
    x = tt.tensor([0.1, 20.0])  # whose tanh is 1
    tanh = tt.distributions.TanhTransform(cache_size=1)
    assert tanh.inv(tanh(x)) is x and tt.distributions.TanhTransform().inv(tanh(x))[1].isinf()
    assert (
        tt.distributions.TransformedDistribution(tt.distributions.Normal(x, 1.0), tanh)
        .log_prob(tanh(x))
        .isfinite()
        .all()
    )


def test_values_of_finite_distributions() -> None:
    d = tt.distributions
    assert d.Categorical(tt.ones(2, 3)).enumerate_support().tolist() == [[0, 0], [1, 1], [2, 2]]
    assert d.Bernoulli(tt.tensor([0.5])).enumerate_support(expand=False).tolist() == [[0.0], [1.0]]
    assert d.OneHotCategorical(tt.ones(2)).enumerate_support().tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert d.Binomial(2, tt.tensor(0.5)).enumerate_support().tolist() == [0.0, 1.0, 2.0]
    with pytest.raises(NotImplementedError, match="Inhomogeneous"):
        d.Binomial(tt.tensor([2.0, 3.0]), tt.tensor(0.5)).entropy()
    gradient = tt.ones(3, requires_grad=True)
    draws = d.Gamma(gradient, 1.0).rsample().sum()
    with pytest.raises(RuntimeError, match="again"):
        tt.autograd.grad(draws, gradient, create_graph=True)
