"""The base class of all layers and models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ...modes import no_grad
from ...tensor import Tensor
from ..parameter import Parameter
from .hooks import (
    register_module_forward_hook,
    register_module_forward_pre_hook,
    register_module_full_backward_hook,
    register_module_full_backward_pre_hook,
)
from .state import Stored

Self = TypeVar("Self", bound="Module")


class Module(Stored):
    """A part of a model: it has parameters and children, and computes `forward` when it is called.

    Assigning a Parameter, a Module or a Buffer to an attribute makes it a member. What members there are and how to
    walk over them is in `tree.py`, calling and hooks in `hooks.py`, saving and loading in `state.py`.

    Examples:
        >>> class Twice(tt.nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.fc = tt.nn.Linear(3, 3)
        ...
        ...     def forward(self, x):
        ...         return self.fc(self.fc(x))
        >>> Twice()
        Twice(
          (fc): Linear(in_features=3, out_features=3, bias=True)
        )
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start without members; a subclass calls it before it assigns any."""
        name = type(self).__name__
        if kwargs:
            raise TypeError(f"{name}.__init__() got an unexpected keyword argument '{next(iter(kwargs))}'")
        if args:
            raise TypeError(f"{name}.__init__() takes 1 positional argument but {len(args) + 1} were given")
        super().__init__()

    def train(self: Self, mode: bool = True) -> Self:
        """Switch this module and all below to training (or, with False, evaluation): dropout, batch norm."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self: Self) -> Self:
        """The same as `train(False)`."""
        return self.train(False)

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Train all parameters, or freeze them."""
        for param in self.parameters():
            param.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or fill them with zeros."""
        for param in self.parameters():
            if set_to_none:
                param.grad = None
            elif param.grad is not None:
                param.grad = param.grad.detach()
                param.grad.zero_()

    def apply(self: Self, fn: Callable[[Module], Any]) -> Self:
        """Call `fn` on every module below, then on this one; often to initialise weights."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def _apply(self: Self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Replace the values of all parameters (and their gradients) and all buffers by `fn` of them."""
        if recurse:
            for module in self.children():
                module._apply(fn)
        for param in self._parameters.values():
            if param is None:
                continue
            with no_grad():
                param.data = fn(param.data)
                if param.grad is not None:
                    param.grad = fn(param.grad)
        self._replace_tensors("_buffer_names", fn)
        return self

    def to(self: Self, *args: Any, **kwargs: Any) -> Self:
        """Convert floating parameters and buffers to a dtype; the only device is the CPU.

        Takes `(device)`, `(dtype)`, `(device, dtype)` or a tensor to be alike, as keywords too.
        """
        dtype = kwargs.get("dtype")
        for arg in (*args, kwargs.get("tensor")):
            if isinstance(arg, Tensor):
                dtype = arg.dtype
            elif hasattr(arg, "is_floating_point"):
                dtype = arg
        if dtype is not None and not dtype.is_floating_point:
            raise TypeError(
                f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype}"
            )
        kwargs.pop("dtype", None)
        kwargs.pop("tensor", None)
        others = [arg for arg in args if not isinstance(arg, (Tensor, bool)) and arg is not dtype]
        for device in (*others, kwargs.get("device")):
            if device is not None and str(device).partition(":")[0] != "cpu":
                raise RuntimeError(f"Module.to: tinytensor computes on the CPU, there is no device '{device}'")
        return self._apply(lambda t: t.to(dtype) if dtype is not None and t.is_floating_point() else t)

    def type(self: Self, dst_type: Any) -> Self:
        """Convert all parameters and buffers to a dtype."""
        return self._apply(lambda t: t.type(dst_type))

    def float(self: Self) -> Self:
        """Convert floating parameters and buffers to float32."""
        return self._apply(lambda t: t.float() if t.is_floating_point() else t)

    def double(self: Self) -> Self:
        """Convert floating parameters and buffers to float64."""
        return self._apply(lambda t: t.double() if t.is_floating_point() else t)

    def half(self: Self) -> Self:
        """Refused: there is no float16 here."""
        raise RuntimeError("Module.half: tinytensor computes in float32 and float64, there is no float16")

    def bfloat16(self: Self) -> Self:
        """Refused: there is no bfloat16 here."""
        raise RuntimeError("Module.bfloat16: tinytensor computes in float32 and float64, there is no bfloat16")

    def cpu(self: Self) -> Self:
        """Everything is on the CPU already."""
        return self

    def cuda(self: Self, device: Any = None) -> Self:
        """Refused: there is no GPU here."""
        raise RuntimeError("Module.cuda: tinytensor computes on the CPU only; leave the call out or use .to('cpu')")

    def share_memory(self: Self) -> Self:
        """Nothing to do: work is not spread over processes."""
        return self

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Accepted; the module runs as it is."""

    def _get_name(self) -> str:
        return type(self).__name__

    def extra_repr(self) -> str:
        """What the representation says besides the children: the arguments of a layer."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        children = [f"({name}): {_indented(repr(module))}" for name, module in self._modules.items()]
        if not children and len(lines) <= 1:
            return f"{self._get_name()}({extra})"
        return f"{self._get_name()}(\n  " + "\n  ".join(lines + children) + "\n)"


def _indented(text: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *("  " + line if line.strip() else "" for line in rest)])


__all__ = [
    "Module",
    "Parameter",
    "register_module_forward_hook",
    "register_module_forward_pre_hook",
    "register_module_full_backward_hook",
    "register_module_full_backward_pre_hook",
]
