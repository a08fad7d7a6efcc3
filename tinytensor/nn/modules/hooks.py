"""Calling a module: hooks around `forward`, and around the gradient that flows through it."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from ...autograd import Function
from ...modes import is_grad_enabled
from ...tensor import RemovableHandle, Tensor
from .tree import Tree

P = ParamSpec("P")
R = TypeVar("R", covariant=True)
Hooks = OrderedDict[int, Callable[..., Any]]

# Hooks on every module, by kind.
_global_hooks: dict[str, Hooks] = {
    kind: OrderedDict() for kind in ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")
}
_global_options: dict[str, set[int]] = {"with_kwargs": set(), "always_call": set()}
_any_global = False


class _Forward(Protocol[P, R]):
    def forward(self, *args: P.args, **kwargs: P.kwargs) -> R: ...


class Hooked(Tree):
    """A callable node: `module(x)` is `module.forward(x)` between its hooks."""

    _hooked: bool
    _forward_pre_hooks: Hooks
    _forward_hooks: Hooks
    _backward_pre_hooks: Hooks
    _backward_hooks: Hooks
    _with_kwargs: set[int]
    _always_call: set[int]

    def __init__(self) -> None:
        """Start without hooks."""
        super().__init__()
        own = self.__dict__
        own["_hooked"] = False  # whether any hook was ever registered here: calls are short until then
        own["_forward_pre_hooks"] = OrderedDict()
        own["_forward_hooks"] = OrderedDict()
        own["_backward_pre_hooks"] = OrderedDict()
        own["_backward_hooks"] = OrderedDict()
        own["_with_kwargs"] = set()
        own["_always_call"] = set()

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; every subclass defines it."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    if TYPE_CHECKING:  # a module takes and gives what its own `forward` does

        def __call__(self: _Forward[P, R], *args: P.args, **kwargs: P.kwargs) -> R: ...

    else:

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            if self._hooked or _any_global:
                return self._call_between_hooks(args, kwargs)
            return self.forward(*args, **kwargs)

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args)` before `forward`; what it returns, unless None, replaces the arguments.

        With `with_kwargs` it is called as `hook(module, args, kwargs)` and returns both.
        """
        return self._register("_forward_pre_hooks", hook, prepend, with_kwargs=with_kwargs)

    def register_forward_hook(
        self,
        hook: Callable[..., Any],
        *,
        prepend: bool = False,
        with_kwargs: bool = False,
        always_call: bool = False,
    ) -> RemovableHandle:
        """Call `hook(module, args, output)` after `forward`; what it returns, unless None, replaces the output.

        With `with_kwargs` it is called as `hook(module, args, kwargs, output)`; with `always_call` also when
        `forward` raises.

        Example:
            >>> import tinytensor as tt
            >>> layer = tt.nn.Linear(2, 3)
            >>> handle = layer.register_forward_hook(lambda module, args, output: print(output.shape))
            >>> _ = layer(tt.zeros(4, 2))
            torch.Size([4, 3])
            >>> handle.remove()
        """
        return self._register("_forward_hooks", hook, prepend, with_kwargs=with_kwargs, always_call=always_call)

    def register_full_backward_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_output)` when the gradient reaches the outputs; it may return another gradient."""
        return self._register("_backward_pre_hooks", hook, prepend)

    def register_full_backward_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when the gradients of the inputs are known.

        Both are tuples; arguments that are no tensors have None. What it returns, unless None, replaces `grad_input`.
        """
        return self._register("_backward_hooks", hook, prepend)

    def register_backward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """The older name of `register_full_backward_hook`."""
        return self.register_full_backward_hook(hook)

    def _register(self, kind: str, hook: Callable[..., Any], prepend: bool, **options: bool) -> RemovableHandle:
        hooks: Hooks = self.__dict__[kind]
        handle = RemovableHandle(hooks)
        hooks[handle.id] = hook
        if prepend:
            hooks.move_to_end(handle.id, last=False)
        for option, wanted in options.items():
            if wanted:
                self.__dict__["_" + option].add(handle.id)
        self._hooked = True
        return handle

    def _all(self, kind: str) -> list[tuple[int, Callable[..., Any]]]:
        return [*_global_hooks[kind].items(), *self.__dict__[kind].items()]

    def _wants(self, option: str, hook_id: int) -> bool:
        return hook_id in self.__dict__["_" + option] or hook_id in _global_options[option]

    def _call_between_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        called: set[int] = set()
        output = None
        try:
            args, kwargs = self._run_pre_hooks(args, kwargs)
            gradient = self._gradient_hooks()
            if gradient is not None:
                args = gradient.tap_inputs(args)
            output = self.forward(*args, **kwargs)
            for hook_id, hook in self._all("_forward_hooks"):
                called.add(hook_id)
                output = self._run_forward_hook(hook_id, hook, args, kwargs, output)
            return output if gradient is None else gradient.tap_outputs(output)
        except Exception:
            for hook_id, hook in self._all("_forward_hooks"):
                if hook_id not in called and self._wants("always_call", hook_id):
                    try:
                        output = self._run_forward_hook(hook_id, hook, args, kwargs, output)
                    except Exception as error:
                        warnings.warn(
                            "module forward hook with ``always_call=True`` raised an exception that was silenced "
                            f"as another error was raised in forward: {error}",
                            stacklevel=3,
                        )
            raise

    def _run_pre_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        for hook_id, hook in self._all("_forward_pre_hooks"):
            if not self._wants("with_kwargs", hook_id):
                result = hook(self, args)
                if result is not None:
                    args = result if isinstance(result, tuple) else (result,)
                continue
            result = hook(self, args, kwargs)
            if result is not None:
                if not (isinstance(result, tuple) and len(result) == 2):
                    raise RuntimeError(
                        f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {result}."
                    )
                args, kwargs = result
        return args, kwargs

    def _run_forward_hook(
        self, hook_id: int, hook: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
    ) -> Any:
        if self._wants("with_kwargs", hook_id):
            result = hook(self, args, kwargs, output)
        else:
            result = hook(self, args, output)
        return output if result is None else result

    def _gradient_hooks(self) -> GradientHooks | None:
        pre = [hook for _, hook in self._all("_backward_pre_hooks")]
        full = [hook for _, hook in self._all("_backward_hooks")]
        return GradientHooks(self, pre, full) if pre or full else None


class GradientHooks:
    """The backward hooks of one call: identities before and behind `forward` see the gradients pass."""

    def __init__(self, module: Hooked, pre: list[Callable[..., Any]], full: list[Callable[..., Any]]) -> None:
        """Prepare to call the hooks `pre` at the outputs and `full` at the inputs."""
        self.module = module
        self.pre = pre
        self.full = full
        self.grad_output: tuple[Any, ...] | None = None
        self.inputs_need_grad = False
        self.n_inputs = 0

    def tap_inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, led through an identity whose gradient calls the full hooks."""
        self.n_inputs = len(args)
        self.inputs_need_grad = _any_needs_grad(args)
        return _tap(args, self._at_inputs) if self.inputs_need_grad else args

    def tap_outputs(self, output: Any) -> Any:
        """The outputs, led through an identity whose gradient calls the pre-hooks."""
        if not isinstance(output, (Tensor, tuple)):
            warnings.warn(
                "For backward hooks to be called, module output should be a Tensor or a tuple of Tensors "
                f"but received {type(output)}",
                stacklevel=4,
            )
        outputs = output if isinstance(output, tuple) else (output,)
        if not _any_needs_grad(outputs):
            return output
        tapped = _tap(outputs, self._at_outputs)
        if not isinstance(output, tuple):
            return tapped[0]
        return tapped if type(output) is tuple else type(output)(*tapped)

    def _at_outputs(self, grads: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self.pre:
            result = hook(self.module, grads)
            if result is None:
                continue
            result = result if isinstance(result, tuple) else (result,)
            if len(result) != len(grads):
                raise RuntimeError(
                    "Backward pre hook returned an invalid number of grad_output, "
                    f"got {len(result)}, but expected {len(grads)}"
                )
            grads = result
        if self.inputs_need_grad:
            self.grad_output = grads
        else:
            self._call_without_inputs(grads)
        return grads

    def _call_without_inputs(self, grads: tuple[Any, ...]) -> None:
        if self.full:
            warnings.warn(
                "Full backward hook is firing when gradients are computed with respect to module outputs "
                "since no inputs require gradients.",
                stacklevel=6,
            )
        for hook in self.full:
            result = hook(self.module, (None,) * self.n_inputs, grads)
            if result is not None and any(grad is not None for grad in result):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always return None "
                    "or None for all gradients."
                )

    def _at_inputs(self, grads: tuple[Any, ...]) -> tuple[Any, ...]:
        if self.grad_output is None:  # the gradient came by another way than the module's outputs
            return grads
        for hook in self.full:
            result = hook(self.module, grads, self.grad_output)
            if result is None:
                continue
            result = result if isinstance(result, tuple) else (result,)
            if len(result) != len(grads):
                raise RuntimeError(
                    "Backward hook returned an invalid number of grad_input, "
                    f"got {len(result)}, but expected {len(grads)}"
                )
            grads = result
        self.grad_output = None
        return grads


def _any_needs_grad(values: Sequence[Any]) -> bool:
    return is_grad_enabled() and any(isinstance(value, Tensor) and value.requires_grad for value in values)


class _Tap(Function):
    """Identity on tensors that shows their gradients to a callback, which returns those to go on with."""

    @staticmethod
    def forward(ctx: Any, callback: Callable[..., Any], *tensors: Tensor) -> Any:
        ctx.callback = callback
        ctx.set_materialize_grads(False)
        return tuple(tensor.view_as(tensor) for tensor in tensors)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        return None, *ctx.callback(grads)


def _tap(values: Sequence[Any], callback: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> tuple[Any, ...]:
    """Lead the tensors among `values` through a _Tap; the callback sees None for the others."""
    places = [i for i, value in enumerate(values) if isinstance(value, Tensor)]

    def spread(grads: tuple[Any, ...]) -> tuple[Any, ...]:
        full: list[Any] = [None] * len(values)
        for place, grad in zip(places, grads, strict=True):
            full[place] = grad
        result = callback(tuple(full))
        return tuple(result[place] for place in places)

    tapped = _Tap.apply(spread, *(values[place] for place in places))
    out = list(values)
    for place, tensor in zip(places, tapped, strict=True):
        out[place] = tensor
    return tuple(out)


def _register_global(kind: str, hook: Callable[..., Any], **options: bool) -> RemovableHandle:
    global _any_global
    handle = RemovableHandle(_global_hooks[kind])
    _global_hooks[kind][handle.id] = hook
    for option, wanted in options.items():
        if wanted:
            _global_options[option].add(handle.id)
    _any_global = True
    return handle


def register_module_forward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, args)` before the `forward` of every module; see `Module.register_forward_pre_hook`."""
    return _register_global("_forward_pre_hooks", hook)


def register_module_forward_hook(
    hook: Callable[..., Any], *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Call `hook(module, args, output)` after the `forward` of every module; see `Module.register_forward_hook`."""
    return _register_global("_forward_hooks", hook, with_kwargs=with_kwargs, always_call=always_call)


def register_module_full_backward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_output)` for every module; see `Module.register_full_backward_pre_hook`."""
    return _register_global("_backward_pre_hooks", hook)


def register_module_full_backward_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` for every module; see `Module.register_full_backward_hook`."""
    return _register_global("_backward_hooks", hook)
