"""Weight and spectral norm as they were before parametrizations: a hook sets the weight before each forward pass.

The names in state dicts are `weight_g` and `weight_v`; `weight_orig`, `weight_u` and `weight_v`.
"""

from __future__ import annotations

from typing import Any

from ... import no_grad
from ...tensor import Tensor
from ..functional import normalize
from ..modules.module import Module
from ..parameter import Parameter
from .directions import front_matrix, lengths, output_dim, random_directions

__all__ = ["remove_spectral_norm", "remove_weight_norm", "spectral_norm", "weight_norm"]


class _Norm:
    """A forward pre-hook that sets a weight."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self.name, self.weight_of(module, module.training))

    def weight_of(self, module: Module, training: bool) -> Tensor:
        raise NotImplementedError

    def attach(self, module: Module) -> Module:
        for hook in module._forward_pre_hooks.values():
            if isinstance(hook, type(self)) and hook.name == self.name:
                raise RuntimeError(f"there is already a {type(self).__name__} hook on the parameter {self.name}")
        module.register_forward_pre_hook(self)
        return module


class WeightNorm(_Norm):
    """`w = g v / |v|`."""

    def __init__(self, name: str, dim: int | None) -> None:
        super().__init__(name)
        self.dim = dim

    def weight_of(self, module: Module, training: bool) -> Tensor:
        g, v = (getattr(module, f"{self.name}_{part}") for part in "gv")
        return v * (g / lengths(v, self.dim))


class SpectralNorm(_Norm):
    """`w = w_orig / sigma`."""

    def __init__(self, name: str, n_power_iterations: int, dim: int, eps: float) -> None:
        super().__init__(name)
        self.n_power_iterations, self.dim, self.eps = n_power_iterations, dim, eps

    def weight_of(self, module: Module, training: bool) -> Tensor:
        weight, u, v = (getattr(module, f"{self.name}_{part}") for part in ("orig", "u", "v"))
        matrix = front_matrix(weight, self.dim)
        if training:
            with no_grad():
                for _ in range(self.n_power_iterations):
                    v.copy_(normalize(matrix.detach().mT @ u, dim=0, eps=self.eps))
                    u.copy_(normalize(matrix.detach() @ v, dim=0, eps=self.eps))
            u, v = u.clone(), v.clone()
        return weight / u.dot(matrix @ v)


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """The older form of `parametrizations.weight_norm`.

    Examples:
        >>> list(nn.utils.weight_norm(nn.Linear(3, 2)).state_dict())
        ['bias', 'weight_g', 'weight_v']
    """
    norm = WeightNorm(name, dim)
    norm.attach(module)
    weight = getattr(module, name).detach()
    delattr(module, name)
    module.register_parameter(f"{name}_g", Parameter(lengths(weight, dim)))
    module.register_parameter(f"{name}_v", Parameter(weight))
    setattr(module, name, norm.weight_of(module, False))
    return module


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Module:
    """The older form of `parametrizations.spectral_norm`.

    Examples:
        >>> list(nn.utils.spectral_norm(nn.Linear(3, 2)).state_dict())
        ['bias', 'weight_orig', 'weight_u', 'weight_v']
    """
    if n_power_iterations <= 0:
        raise ValueError(f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}")
    norm = SpectralNorm(name, n_power_iterations, output_dim(module) if dim is None else dim, eps)
    norm.attach(module)
    weight = getattr(module, name)
    u, v = random_directions(front_matrix(weight.detach(), norm.dim), eps)
    delattr(module, name)
    module.register_parameter(f"{name}_orig", weight)
    setattr(module, name, weight.data)
    module.register_buffer(f"{name}_u", u)
    module.register_buffer(f"{name}_v", v)
    return module


def _removed(module: Module, name: str, kind: type[_Norm], parts: str) -> Module:
    found = [
        (key, hook) for key, hook in module._forward_pre_hooks.items() if isinstance(hook, kind) and hook.name == name
    ]
    if not found:
        raise ValueError(f"{kind.__name__} of '{name}' not found in {module}")
    ((key, hook),) = found
    with no_grad():
        weight = hook.weight_of(module, False)
    for part in (name, *(f"{name}_{part}" for part in parts.split())):
        delattr(module, part)
    del module._forward_pre_hooks[key]
    module.register_parameter(name, Parameter(weight.detach()))
    return module


def remove_weight_norm(module: Module, name: str = "weight") -> Module:
    """Makes a weight of `weight_norm` a plain parameter again.

    Examples:
        >>> list(nn.utils.remove_weight_norm(nn.utils.weight_norm(nn.Linear(3, 2))).state_dict())
        ['bias', 'weight']
    """
    return _removed(module, name, WeightNorm, "g v")


def remove_spectral_norm(module: Module, name: str = "weight") -> Module:
    """Makes a weight of `spectral_norm` a plain parameter again.

    Examples:
        >>> list(nn.utils.remove_spectral_norm(nn.utils.spectral_norm(nn.Linear(3, 2))).state_dict())
        ['bias', 'weight']
    """
    return _removed(module, name, SpectralNorm, "orig u v")
