"""Parameters that are functions of others: `module.weight` is computed from what is trained, whenever it is read."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from ... import no_grad
from ...tensor import Tensor
from ..modules.container import ModuleDict, ModuleList
from ..modules.module import Module
from ..parameter import Parameter

__all__ = [
    "ParametrizationList",
    "cached",
    "is_parametrized",
    "register_parametrization",
    "remove_parametrizations",
]

_cache: dict[tuple[int, str], Tensor] | None = None  # of what was computed within `cached()`


@contextmanager
def cached() -> Iterator[None]:
    """Within it every parametrized tensor is computed once, however often it is read.

    Examples:
        >>> with nn.utils.parametrize.cached():
        ...     pass
    """
    global _cache
    outer, _cache = _cache, {} if _cache is None else _cache
    try:
        yield
    finally:
        _cache = outer


class ParametrizationList(ModuleList):
    """What a tensor is computed from, in `original` (or `original0`, `original1`, ...), and the functions that do it.

    Examples:
        >>> layer = nn.utils.parametrizations.weight_norm(nn.Linear(2, 1))
        >>> type(layer.parametrizations.weight).__name__
        'ParametrizationList'
    """

    def __init__(self, modules: Sequence[Module], original: Tensor, unsafe: bool = False) -> None:
        super().__init__(modules)
        self.unsafe = unsafe
        made: Any = original
        with no_grad():
            for module in reversed(self):
                with suppress(NotImplementedError):  # one that is missing is taken for the identity
                    made = module.right_inverse(made) if hasattr(module, "right_inverse") else made
        self.is_tensor = isinstance(made, Tensor)
        self.ntensors = 1 if self.is_tensor else len(made)
        if self.is_tensor:
            original.data = made.data
            self._keep("original", original)
        for i, part in enumerate(() if self.is_tensor else made):
            trained = isinstance(original, Parameter)
            self._keep(f"original{i}", Parameter(part.data, original.requires_grad) if trained else part)
        if not unsafe:
            self._check(original)

    def _keep(self, name: str, x: Tensor) -> None:
        if isinstance(x, Parameter):
            self.register_parameter(name, x)
        else:
            self.register_buffer(name, x)

    def _check(self, original: Tensor) -> None:
        with no_grad():
            made = self()
        if not isinstance(made, Tensor) or made.dtype != original.dtype or made.shape != original.shape:
            got = f"{made.dtype} of shape {tuple(made.shape)}" if isinstance(made, Tensor) else type(made).__name__
            raise ValueError(
                f"a parametrization must give a tensor as the one it stands for, {original.dtype} of shape "
                f"{tuple(original.shape)}, but gave {got}; unsafe=True allows it"
            )

    def originals(self) -> list[Tensor]:
        """The tensors it is computed from."""
        return [getattr(self, "original" if self.is_tensor else f"original{i}") for i in range(self.ntensors)]

    def right_inverse(self, value: Tensor) -> None:
        """Sets the originals so that `value` is what is computed.

        Raises:
            RuntimeError: a parametrization does not say how.
        """
        made: Any = value
        with no_grad():
            for module in reversed(self):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(f"parametrization {type(module).__name__} does not implement right_inverse.")
                made = module.right_inverse(made)
            for original, part in zip(self.originals(), [made] if self.is_tensor else made, strict=True):
                original.data = part.data.to(original.dtype)

    def forward(self) -> Tensor:
        """The tensor."""
        first, *rest = self
        x: Tensor = first(*self.originals())
        for module in rest:
            x = module(x)
        return x


def _property(name: str) -> property:
    def get(self: Any) -> Tensor:
        if _cache is None:
            computed: Tensor = self.parametrizations[name]()
            return computed
        key = id(self), name
        if key not in _cache:
            _cache[key] = self.parametrizations[name]()
        return _cache[key]

    def put(self: Any, value: Tensor) -> None:
        self.parametrizations[name].right_inverse(value)

    return property(get, put)


def _deepcopy(self: Any, memo: dict[int, Any]) -> Any:
    twin = memo[id(self)] = object.__new__(type(self))
    twin.__dict__ = copy.deepcopy(self.__dict__, memo)
    return twin


def _refuse_pickle(self: Any) -> Any:
    raise RuntimeError("parametrized modules are saved by their state_dict(); they cannot be pickled")


_MEMBERS = {"__deepcopy__": _deepcopy, "__getstate__": _refuse_pickle}


def register_parametrization(
    module: Module, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> Module:
    """Makes `module.NAME` the result of `parametrization(original)`; several are applied one after the other.

    The module becomes one of a class of its own, whose attribute NAME is a property. Assigning to it sets the originals by
    `parametrization.right_inverse`, where there is one.

    Args:
        module: the layer.
        tensor_name: of a parameter or buffer.
        parametrization: from the originals to the tensor.
        unsafe: allow another shape or dtype.

    Raises:
        ValueError: there is no such parameter or buffer, or what comes out does not fit it.

    Examples:
        >>> class Symmetric(nn.Module):
        ...     def forward(self, x):
        ...         return x.triu() + x.triu(1).mT
        >>> layer = nn.utils.parametrize.register_parametrization(nn.Linear(2, 2), "weight", Symmetric())
        >>> bool((layer.weight == layer.weight.mT).all())
        True
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        module.parametrizations[tensor_name].append(parametrization)
        return module
    if tensor_name not in dict(module.named_parameters(recurse=False)) | dict(module.named_buffers(recurse=False)):
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized element '{tensor_name}'"
        )
    original = getattr(module, tensor_name)
    listed = ParametrizationList([parametrization], original, unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        of = type(module)
        module.__class__ = type(f"Parametrized{of.__name__}", (of,), _MEMBERS | {"_parametrized": of})
        module.parametrizations = ModuleDict()
    setattr(type(module), tensor_name, _property(tensor_name))
    module.parametrizations[tensor_name] = listed
    return module


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether the module, or its tensor of that name, is parametrized.

    Examples:
        >>> nn.utils.parametrize.is_parametrized(nn.Linear(2, 2))
        False
    """
    listed = module.__dict__.get("parametrizations")
    return isinstance(listed, ModuleDict) and (len(listed) > 0 if tensor_name is None else tensor_name in listed)


def remove_parametrizations(module: Module, tensor_name: str, leave_parametrized: bool = True) -> Module:
    """Makes `module.NAME` a parameter (or buffer) again.

    Args:
        module: the layer.
        tensor_name: of the parametrized tensor.
        leave_parametrized: its value is what was computed last, not the original.

    Raises:
        ValueError: the tensor is not parametrized, or there are several originals, none of which is left.

    Examples:
        >>> layer = nn.utils.parametrizations.weight_norm(nn.Linear(2, 1))
        >>> type(nn.utils.parametrize.remove_parametrizations(layer, "weight")).__name__
        'Linear'
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    listed = module.parametrizations[tensor_name]
    if not leave_parametrized and not listed.is_tensor:
        raise ValueError("leave_parametrized=False is for parametrizations of one tensor")
    originals = listed.originals()
    kept = originals[0]
    with no_grad():
        value = listed() if leave_parametrized else kept
    if not listed.is_tensor and isinstance(kept, Parameter):
        kept = Parameter(value, kept.requires_grad)
    elif leave_parametrized:
        kept.data = value
    del module.parametrizations[tensor_name]
    delattr(type(module), tensor_name)
    if not len(module.parametrizations):
        del module.parametrizations
        module.__class__ = type(module)._parametrized  # type: ignore[attr-defined]
    if isinstance(kept, Parameter):
        module.register_parameter(tensor_name, kept)
    else:
        module.register_buffer(tensor_name, kept)
    return module
