"""Draws of the gamma and Dirichlet distributions that can be differentiated.

The gradient of a draw is that of the value up to which there is the same probability: `-(dF / da) / p`, where F is the
cumulative distribution function and p the density (Figurnov et al., "Implicit Reparameterization Gradients", 2018).
The derivative of F is an integral of the density with a logarithm, over the tail on the draw's side of the middle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import _C
from .._C import ops as C
from ..random import Generator, state_of
from ..tensor import Tensor, primitive

# Nodes and weights for integrals from 0 to infinity of what falls as an exponential: y = exp(t - exp(-t)).
_T = np.arange(-4.0, 5.0, 0.125)
_NODES = np.exp(_T - np.exp(-_T))
_WEIGHTS = 0.125 * _NODES * (1 + np.exp(-_T))
_CHUNK = 1 << 14  # elements integrated at once


def _tail(slope: Any, curvature: Any, exponent: Callable[[Any], Any], factor: Callable[[Any], Any]) -> Any:
    """The integral of `exp(exponent(y)) factor(y)` over the tail, where the exponent falls as slope and curvature say."""
    side = np.where(slope < 0, 1.0, -1.0)
    steep = np.abs(slope)
    y = (2 * side / (steep + np.sqrt(steep * steep + 2 * curvature)))[..., None] * _NODES
    with np.errstate(all="ignore"):
        density = np.exp(exponent(y))
        values = np.where(density > 0, density * factor(y), 0.0)
    width = 2 * side / (steep + np.sqrt(steep * steep + 2 * curvature))
    return width * (values @ _WEIGHTS)


def _in_chunks(compute: Callable[..., Any], like: Tensor, *tensors: Tensor) -> Tensor:
    """What is computed of flat float64 arrays, some elements at a time, with the shape and dtype of `like`."""
    arrays = [x.detach().double().numpy().reshape(-1) for x in tensors]
    parts = [compute(*(a[i : i + _CHUNK] for a in arrays)) for i in range(0, arrays[0].size, _CHUNK)]
    whole = np.concatenate(parts) if parts else arrays[0]
    result: Tensor = _C.from_buffer(whole.reshape(like.shape)).to(like.dtype)
    return result


def _once(op: str) -> None:
    if _C.is_grad_enabled():
        raise RuntimeError(f"{op}: the gradient of a draw cannot be differentiated again")


@primitive
def standard_gamma(concentration: Tensor, generator: Generator | None = None) -> Any:
    """Draws of gamma distributions of scale one, with a gradient with respect to their concentrations.

    Args:
        concentration: not negative, float32 or float64.
        generator: where the draws come from; the default generator if not given.
    """
    z = C.standard_gamma(state_of(generator), concentration)

    def vjp(g: Tensor) -> Tensor:
        _once("standard_gamma")
        psi = C.digamma(concentration.detach().double())
        return g * _in_chunks(_gamma_slope, z, concentration, z, psi)

    return z, vjp


def _gamma_slope(a: Any, z: Any, psi: Any) -> Any:
    """Over t = z e^y: the density relative to that at z is z exp(a y - z (e^y - 1))."""
    a_, z_, offset = a[..., None], z[..., None], (np.log(z) - psi)[..., None]
    return z * _tail(a - z, z, lambda y: a_ * y - z_ * np.expm1(y), lambda y: offset + y)


@primitive
def standard_dirichlet(concentration: Tensor, generator: Generator | None = None) -> Any:
    """Draws of Dirichlet distributions, along the last dimension, with a gradient with respect to concentrations.

    Args:
        concentration: (*, K), positive, float32 or float64.
        generator: where the draws come from; the default generator if not given.
    """
    gammas = C.standard_gamma(state_of(generator), C.cast(concentration, _C.float64)).numpy()
    tiny, eps = (2.0**-126, 2.0**-24) if concentration.itemsize == 4 else (2.0**-1022, 2.0**-53)
    shares = (gammas / gammas.sum(-1, keepdims=True)).astype(concentration.dtype.name)
    x = _C.from_buffer(np.clip(shares, shares.dtype.type(tiny), shares.dtype.type(1 - eps)))

    def vjp(g: Tensor) -> Tensor:
        _once("standard_dirichlet")
        a = concentration.detach().double()
        total = a.sum(-1, True).expand(a.shape)
        offset = C.digamma(total) - C.digamma(a)
        slope = _in_chunks(_beta_slope, x, a, total, x, offset)
        return slope * (g - (x * g).sum(-1, True))

    return x, vjp


def _beta_slope(a: Any, total: Any, x: Any, offset: Any) -> Any:
    """Over t with the odds of x times e^y: the density relative to that at x is x (1 - x) e^(a y) / D^total."""
    a_, total_, x_ = a[..., None], total[..., None], x[..., None]
    shift = (np.log(x) + offset)[..., None]

    def log_d(y: Any) -> Any:
        return np.log1p(x_ * np.expm1(y))

    return x * _tail(
        a - total * x,
        total * x * (1 - x),
        lambda y: a_ * y - total_ * log_d(y),
        lambda y: shift + y - log_d(y),
    )
