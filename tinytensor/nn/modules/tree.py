"""What a module consists of: parameters, buffers and child modules, and the walks over them.

They live in the instance's `__dict__` like any attribute, so reading `self.weight` costs what reading an attribute
costs; a module only remembers which of its names are parameters, buffers and modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import TYPE_CHECKING, Any, TypeVar

from ...tensor import Tensor
from ..parameter import Buffer, Parameter

T = TypeVar("T")


class Members(MutableMapping[str, T]):
    """The members of one kind as a mapping from name to value, which may be None."""

    __slots__ = ("_names", "_values")

    def __init__(self, values: dict[str, Any], names: dict[str, None]) -> None:
        """Look at those entries of `values` that `names` lists."""
        self._values = values
        self._names = names

    def __getitem__(self, name: str) -> T:
        if name not in self._names:
            raise KeyError(name)
        member: T = self._values[name]
        return member

    def __setitem__(self, name: str, value: T) -> None:
        self._names[name] = None
        self._values[name] = value

    def __delitem__(self, name: str) -> None:
        del self._names[name]
        del self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return repr(dict(self))


def typename(value: object) -> str:
    """The name of a value's type as error messages give it: `int`, `tinytensor.Tensor`."""
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _below(module: Tree, found: dict[int, Tree]) -> Iterable[Tree]:
    """All modules from `module` down in depth-first order, each once; a plain walk for what runs at every step."""
    own = module.__dict__
    for name in own["_module_names"]:
        child = own[name]
        if child is not None and id(child) not in found:
            found[id(child)] = child
            _below(child, found)
    return found.values()


class Tree:
    """A node of the tree of modules."""

    training: bool
    _parameter_names: dict[str, None]
    _buffer_names: dict[str, None]
    _module_names: dict[str, None]
    _non_persistent_buffers_set: set[str]

    def __init__(self) -> None:
        """Start without members."""
        own = self.__dict__
        own["training"] = True
        own["_parameter_names"] = {}
        own["_buffer_names"] = {}
        own["_module_names"] = {}
        own["_non_persistent_buffers_set"] = set()

    @property
    def _parameters(self) -> Members[Parameter | None]:
        return Members(self.__dict__, self._parameter_names)

    @property
    def _buffers(self) -> Members[Tensor | None]:
        return Members(self.__dict__, self._buffer_names)

    @property
    def _modules(self) -> Members[Any]:
        return Members(self.__dict__, self._module_names)

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter, or None to say that a parameter of this name may come."""
        self._check_name("parameter", name, self._parameter_names)
        if param is not None:
            if not isinstance(param, Parameter):
                raise TypeError(
                    f"cannot assign '{typename(param)}' object to parameter '{name}' "
                    "(torch.nn.Parameter or None required)"
                )
            if param.grad_fn is not None:
                raise ValueError(
                    f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be created explicitly. "
                    f"To express '{name}' as a function of another Tensor, compute the value in the forward() method."
                )
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a tensor that belongs to the module's state without being trained, such as a running mean.

        Buffers move and are saved with the module; with `persistent=False` they stay out of its `state_dict`.
        """
        self._check_name("buffer", name, self._buffer_names)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{typename(tensor)}' object to buffer '{name}' (torch Tensor or None required)"
            )
        self._buffers[name] = tensor
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name: str, module: Any) -> None:
        """Add a child module (or None), reachable as the attribute `name`."""
        if module is not None and not isinstance(module, Tree):
            raise TypeError(f"{typename(module)} is not a Module subclass")
        self._check_name("module", name, self._module_names)
        self._modules[name] = module

    def register_module(self, name: str, module: Any) -> None:
        """Alias of `add_module`."""
        self.add_module(name, module)

    def _check_name(self, kind: str, name: str, own: dict[str, None]) -> None:
        if "_parameter_names" not in self.__dict__:
            raise AttributeError(f"cannot assign {kind} before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"{kind} name should be a string. Got {typename(name)}")
        got = f", got: {name}" if kind == "module" else ""
        if "." in name:
            raise KeyError(f'{kind} name can\'t contain "."{got}')
        if name == "":
            raise KeyError(f'{kind} name can\'t be empty string ""')
        if name not in own and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")

    if TYPE_CHECKING:  # buffers, parameters and children can be registered under any name

        def __getattr__(self, name: str) -> Any: ...

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Parameter):
            self._make_room("parameters", name, "_parameter_names")
            self.register_parameter(name, value)
        elif isinstance(value, Tree):
            self._make_room("module", name, "_module_names")
            self._modules[name] = value
        elif isinstance(value, Buffer):
            self._make_room("buffer", name, "_buffer_names")
            self.register_buffer(name, value, value.persistent)
        else:
            if value is not None and "_parameter_names" in self.__dict__:
                self._check_kind(name, value)
            object.__setattr__(self, name, value)

    def _make_room(self, what: str, name: str, kind: str) -> None:
        """Forget an attribute `name` of any other kind, so that a member can take its place."""
        own = self.__dict__
        if kind not in own:
            raise AttributeError(f"cannot assign {what} before Module.__init__() call")
        if name in own and name not in own[kind]:
            delattr(self, name)

    def _check_kind(self, name: str, value: Any) -> None:
        """A name that stands for a parameter or module takes nothing else; a buffer takes any tensor."""
        if name in self._parameter_names:
            expected, kind = "torch.nn.Parameter or None", "parameter"
        elif name in self._module_names:
            expected, kind = "torch.nn.Module or None", "child module"
        elif name in self._buffer_names and not isinstance(value, Tensor):
            expected, kind = "torch.nn.Buffer, torch.Tensor or None", "buffer"
        else:
            return
        raise TypeError(f"cannot assign '{typename(value)}' as {kind} '{name}' ({expected} expected)")

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        for names in (self._parameter_names, self._buffer_names, self._module_names):
            names.pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    def __dir__(self) -> list[str]:
        return sorted(key for key in object.__dir__(self) if not key[0].isdigit())

    def named_modules(
        self, memo: set[Any] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Any]]:
        """All modules from this one down, each once, with dotted names: `("", self)`, `("0", ...)`, `("0.fc", ...)`."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(memo, f"{prefix}.{name}" if prefix else name, remove_duplicate)

    def modules(self, remove_duplicate: bool = True) -> Iterator[Any]:
        """All modules from this one down, each once."""
        for _, module in self.named_modules(remove_duplicate=remove_duplicate):
            yield module

    def named_children(self) -> Iterator[tuple[str, Any]]:
        """The modules directly below this one, with their names."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Any]:
        """The modules directly below this one."""
        for _, module in self.named_children():
            yield module

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """Parameters with dotted names, each once: `("0.weight", ...)`.

        Example:
            >>> import tinytensor as tt
            >>> [name for name, _ in tt.nn.Sequential(tt.nn.Linear(2, 3)).named_parameters()]
            ['0.weight', '0.bias']
        """
        return self._named_members("_parameter_names", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once; only this module's own with `recurse=False`."""
        found: dict[int, Parameter] = {}
        for module in _below(self, {id(self): self}) if recurse else (self,):
            own = module.__dict__
            for name in own["_parameter_names"]:
                param = own[name]
                if param is not None:
                    found[id(param)] = param
        return iter(found.values())

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """Buffers with dotted names, each once."""
        return self._named_members("_buffer_names", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """All buffers, each once; only this module's own with `recurse=False`."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def _named_members(
        self, kind: str, prefix: str, recurse: bool, remove_duplicate: bool
    ) -> Iterator[tuple[str, Any]]:
        seen = set()
        owners = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for path, module in owners:
            own = module.__dict__
            for name in own[kind]:
                member = own[name]
                if member is None or (remove_duplicate and id(member) in seen):
                    continue
                seen.add(id(member))
                yield f"{path}.{name}" if path else name, member

    def get_submodule(self, target: str) -> Any:
        """The module with the dotted name `target`; "" is this one."""
        module: Any = self
        for name in target.split(".") if target else []:
            if not hasattr(module, name):
                raise AttributeError(f"{type(module).__name__} has no attribute `{name}`")
            module = getattr(module, name)
            if not isinstance(module, Tree):
                raise AttributeError(f"`{name}` is not an nn.Module")
        return module

    def set_submodule(self, target: str, module: Any, strict: bool = False) -> None:
        """Put `module` at the dotted name `target`; with `strict` the name must exist."""
        if target == "":
            raise ValueError("Cannot set the submodule without a target name!")
        if not isinstance(module, Tree):
            raise ValueError(f"`module` is not an nn.Module, found {type(module)}")
        path, _, name = target.rpartition(".")
        parent = self.get_submodule(path)
        if strict and not hasattr(parent, name):
            raise AttributeError(f"{type(parent).__name__} has no attribute `{name}`")
        if hasattr(parent, name) and not isinstance(getattr(parent, name), Tree):
            raise AttributeError(f"`{name}` is not an nn.Module")
        setattr(parent, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter with the dotted name `target`."""
        param = self._get_member(target)
        if not isinstance(param, Parameter):
            raise AttributeError(f"`{target.rpartition('.')[2]}` is not an nn.Parameter")
        return param

    def get_buffer(self, target: str) -> Tensor:
        """The buffer with the dotted name `target`."""
        path, _, name = target.rpartition(".")
        buffer: Tensor = self._get_member(target)
        if name not in self.get_submodule(path)._buffer_names:
            raise AttributeError(f"`{name}` is not a buffer")
        return buffer

    def _get_member(self, target: str) -> Any:
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(f"{type(module).__name__} has no attribute `{name}`")
        return getattr(module, name)

    def _replace_tensors(self, kind: str, fn: Callable[[Tensor], Tensor]) -> None:
        own = self.__dict__
        for name in own[kind]:
            if own[name] is not None:
                own[name] = fn(own[name])
