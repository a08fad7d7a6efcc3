"""Tensors that a module registers when they are assigned to it."""

from __future__ import annotations

from typing import Any, NoReturn

from ..ops.creation import empty
from ..tensor import Tensor


def _checked(name: str, data: Any) -> tuple[Any, ...]:
    """What `Tensor` takes; a number or list would be sizes or values there."""
    if data is not None and not isinstance(data, Tensor):
        raise AttributeError(f"nn.{name}: expected a Tensor, not {type(data).__name__}")
    return () if data is None else (data,)


class Parameter(Tensor):
    """A tensor that is trained: it requires grad, and a module lists it among its `parameters()`.

    Shares memory with `data`.

    Examples:
        >>> tt.nn.Parameter(tt.zeros(2))
        Parameter containing:
        tensor([0., 0.], requires_grad=True)
    """

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Parameter:
        """Wrap `data`; the parameter is a leaf, whatever `data` was made from."""
        param: Parameter = super().__new__(cls, *_checked("Parameter", data))
        param.requires_grad_(requires_grad)
        return param

    def __repr__(self) -> str:  # type: ignore[override]
        return "Parameter containing:\n" + super().__repr__()

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        """A copy without the gradient."""
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.detach().clone(), self.requires_grad)
        copy: Parameter = memo[id(self)]
        return copy


class Buffer(Tensor):
    """A tensor that belongs to a module's state without being trained; see `Module.register_buffer`.

    Examples:
        >>> nn.Buffer(tt.zeros(2)).requires_grad
        False
    """

    persistent: bool

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Buffer:
        """Wrap `data`; with `persistent=False` it stays out of the module's `state_dict`."""
        buffer: Buffer = super().__new__(cls, *_checked("Buffer", data))
        buffer.persistent = persistent
        return buffer


# ---- before their sizes are known ----

_KEPT = frozenset(
    """
    __class__ __deepcopy__ __delattr__ __dir__ __format__ __getattribute__ __hash__ __init__ __init_subclass__ __new__
    __reduce__ __reduce_ex__ __repr__ __setattr__ __setstate__ __sizeof__ __str__ __subclasshook__ _leaf_hook _rebuild
    detach is_complex is_floating_point register_hook register_post_accumulate_grad_hook requires_grad_
    """.split()
)
"""What a tensor without sizes can do; conversions of the dtype besides."""
_CONVERSIONS = ("bfloat16", "cpu", "double", "float", "half", "int", "long", "to", "type")


def is_lazy(param: Any) -> bool:
    """Whether the sizes of a parameter or buffer are not known yet."""
    return isinstance(param, _Uninitialized)


class _Uninitialized(Tensor):
    """Without elements, and an error whenever it is used, until `materialize` gives it sizes and its real class."""

    cls_to_become: type[Tensor]

    def materialize(self, shape: Any, device: Any = None, dtype: Any = None) -> None:
        """Make it a tensor of this shape, whose values are still to be set."""
        self.data = empty(shape, device=device, dtype=dtype or self.dtype)
        self.__class__ = self.cls_to_become  # type: ignore[assignment]

    @property
    def shape(self) -> Any:
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in "
            "`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` "
            "to initialize the parameters before accessing their attributes."
        )

    def detach(self) -> Any:
        return self

    def __repr__(self) -> str:  # type: ignore[override]
        return f"<{type(self).__name__}>"

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return memo.setdefault(id(self), type(self)(self.requires_grad, None, self.dtype))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (self.requires_grad, None, self.dtype)


def _refusal(name: str) -> Any:
    def refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValueError(
            f"Attempted to use an uninitialized parameter in {name}: call the module's `forward` with a batch first"
        )

    return refuse


def _conversion(name: str) -> Any:
    def convert(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.data = getattr(self.data, name)(*args, **kwargs)
        return self

    return convert


for _name in dir(_Uninitialized):
    if _name in _CONVERSIONS:
        setattr(_Uninitialized, _name, _conversion(_name))
    elif _name not in _KEPT and _name not in vars(_Uninitialized) and callable(getattr(Tensor, _name, None)):
        setattr(_Uninitialized, _name, _refusal(_name))


class UninitializedParameter(_Uninitialized, Parameter):
    """A parameter whose sizes are not known yet; a lazy module gives it some.

    Examples:
        >>> param = nn.UninitializedParameter()
        >>> param.materialize((2, 3))
        >>> type(param).__name__, param.shape
        ('Parameter', torch.Size([2, 3]))
    """

    cls_to_become = Parameter

    def __new__(cls, requires_grad: bool = True, device: Any = None, dtype: Any = None) -> UninitializedParameter:
        """Of a dtype, and of sizes to be told."""
        return super().__new__(cls, empty(0, device=device, dtype=dtype), requires_grad)  # type: ignore[return-value]


class UninitializedBuffer(_Uninitialized):
    """A buffer whose sizes are not known yet; a lazy module gives it some.

    Examples:
        >>> nn.UninitializedBuffer()
        <UninitializedBuffer>
    """

    cls_to_become = Tensor

    def __new__(cls, requires_grad: bool = False, device: Any = None, dtype: Any = None) -> UninitializedBuffer:
        """Of a dtype, and of sizes to be told."""
        return super().__new__(cls, empty(0, device=device, dtype=dtype)).requires_grad_(requires_grad)
