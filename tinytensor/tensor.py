"""The tensor, the tape, backward: read this first.

A `Tensor` is memory with a shape (kept by the C++ core) and a place in a graph. The graph is made of nodes, one for each
recorded op; a node knows the functions that turn the gradient of its output into the gradients of its inputs (its vjps,
vector-Jacobian products) and where those inputs came from. An op is a `primitive`: it computes its result and says its
vjps. `backward` walks the nodes, latest first.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, Self, TypeVar, overload

import numpy as np

from . import _C, history
from ._C import ops as C

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")


class Size(_C.Sizes):
    """The sizes of a tensor's dimensions.

    Examples:
        >>> tt.zeros(2, 3).shape
        torch.Size([2, 3])
        >>> tt.Size([2, 3]).numel()
        6
    """

    __slots__ = ()

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        n = 1
        for size in self:
            n *= size
        return n

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"

    def __add__(self, other: Any) -> Size:
        return Size(tuple.__add__(self, tuple(other)))


# ---- how ops are made ----

primitives: dict[str, Any] = {}


@overload
def primitive(function: Callable[P, Any]) -> Callable[P, Tensor]: ...
@overload
def primitive(*, joint: bool = ..., raw: bool = ...) -> Callable[[Callable[P, Any]], Callable[P, Tensor]]: ...
@overload
def primitive(*, joint: bool = ..., result: type[R]) -> Callable[[Callable[P, Any]], Callable[P, R]]: ...
def primitive(function: Any = None, *, joint: bool = False, raw: bool = False, result: Any = None) -> Any:
    """Makes a differentiable op of a function that returns its result and its vjps.

    The function returns `(y, vjp of its first argument, vjp of its second, ...)`: each takes the gradient of `y` and
    gives that of the argument; None where there is none. With `joint=True` it returns `(y, vjp)`, and the one vjp gives
    a tuple with a gradient for each tensor among the arguments (lists of tensors count as their elements).
    `vjp(op, *saved)` is the function `g -> op(g, *saved)`, made and called faster than a lambda. The tensors it is given,
    or a lambda closes over, are saved for backward, no others; a write to them before backward is an error. A gradient
    that is larger than its input through broadcasting is summed, one of another dtype is cast.

    Raw ops (`tinytensor._C.ops`) in a vjp are recorded in turn when the gradient is itself to be differentiated: they
    run as the primitive of the same name.

    With `raw=True` the result for arguments by position is that of the raw op of the same name: where nothing is to be
    recorded, that one is called and the function is not.

    Type checkers take the op to return a tensor, or `result`, where that is given.
    """
    if function is None:
        return functools.partial(primitive, joint=joint, raw=raw, result=result)
    name = function.__name__.removeprefix("_")
    op = _C.Primitive(function, name, joint, raw)
    function.__annotations__["return"] = "Tensor" if result is None else result  # help() says what the op gives
    functools.update_wrapper(op, function)
    primitives[name] = op
    return op


def method(*names: str, inplace: bool | Callable[..., Any] | None = None, view: bool = False) -> Callable[[F], F]:
    """Makes a function also a method of Tensor, under its own name and the given ones.

    With `inplace=True` there is a method `name_` too, which writes the result into the tensor. `inplace=f` gives the
    direct form of that write for when nothing is recorded: `f(x, *args)` changes x. With `view=True` it makes x itself
    the view that the function returns.
    """

    def attach(function: F) -> F:
        own = function.__name__
        function = composite(function)
        for name in (own, *names):
            setattr(Tensor, name, operator(name, function) if name in _OPERATORS else function)
        if inplace or view:
            if view:
                op_ = history.in_place_view(f"{own}_", function)
            else:
                op_ = history.in_place(f"{own}_", function, inplace if callable(inplace) else None)
                if isinstance(function, _C.Primitive) and function.raw:
                    op_ = functools.update_wrapper(_C.Writing(op_, function), op_)
            setattr(Tensor, f"{own}_", op_)
            for name in names:
                if f"__i{name[2:]}" in _OPERATORS:
                    setattr(Tensor, f"__i{name[2:]}", operator(f"__i{name[2:]}", op_))
                elif not name.startswith("_"):
                    setattr(Tensor, f"{name}_", op_)
        return function

    return attach


def composite(function: Any) -> Any:
    """Makes an op of a function that calls others.

    It takes `axis` for `dim` and `keepdims` for `keepdim`, and an argument that is no tensor where one belongs is a
    TypeError that says which. A primitive is that by itself.
    """
    if not isinstance(function, FunctionType):
        return function
    return functools.update_wrapper(_C.Composite(function), function)


def make_composites(module: str, names: Iterable[str]) -> None:
    """Makes composite ops of the plain functions among the names of a module, where they are defined too."""
    namespace = vars(sys.modules[module])
    for name in names:
        function: Any = namespace[name]
        if isinstance(function, FunctionType):
            op = namespace[name] = composite(function)
            home = vars(sys.modules[op.__module__])
            if home.get(op.__name__) is function:
                home[op.__name__] = op


_OPERATORS = {
    f"__{kind}{op}__"
    for op in "add sub mul truediv floordiv mod pow and or xor lshift rshift matmul".split()
    for kind in ("", "r", "i")
}
"""The methods of binary operators."""


def operator(name: str, function: Any) -> Any:
    """An op as the method of an operator: where it does not take the other operand, that operand's class is asked."""
    return functools.update_wrapper(_C.Operator(name, function), function)


# ---- the tensor ----


if TYPE_CHECKING:
    from ._methods import Methods  # those that ops attach; tools/methods.py writes them down
else:
    Methods = _C.TensorBase


class Tensor(Methods):
    """An array with a place in a graph of ops. Made by `tensor`, `zeros`, `randn`, ... and by ops.

    Examples:
        >>> x = tt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        >>> (x @ x.T).sum().backward()
        >>> x.grad
        tensor([[ 8., 12.],
                [ 8., 12.]])
    """

    __slots__ = ()
    __array_priority__: int = 1000  # NumPy arrays leave mixed arithmetic to us

    def __new__(cls, *data: Any, device: Any = None) -> Self:
        """Of a tensor: the same memory; of numbers or of sizes, as PyTorch's old constructors take them: float32."""
        if data and not isinstance(data[0], _C.TensorBase):
            from .legacy import filled

            data = (filled(_C.get_default_dtype(), data, device),)
        return super().__new__(cls, *data)

    @property
    def device(self) -> Any:
        """Where the memory is: always the CPU.

        Examples:
            >>> tt.zeros(2).device
            device(type='cpu')
        """
        from .device import cpu

        return cpu

    is_cpu: bool = True
    is_cuda: bool = False
    is_mps: bool = False
    is_xpu: bool = False
    is_sparse: bool = False
    is_sparse_csr: bool = False
    is_mkldnn: bool = False
    is_quantized: bool = False
    is_nested: bool = False
    is_meta: bool = False

    @property
    def layout(self) -> Any:
        """Always strided.

        Examples:
            >>> tt.zeros(2).layout
            torch.strided
        """
        from .device import strided

        return strided

    def is_contiguous(self, memory_format: Any = None) -> bool:
        """Whether elements lie in row-major order without gaps, or in that of another format.

        Examples:
            >>> tt.zeros(2, 3).is_contiguous(), tt.zeros(2, 3).T.is_contiguous()
            (True, False)
        """
        if memory_format is None or memory_format.order is None:
            return bool(self._is_contiguous())
        return bool(memory_format.is_dense(self.shape, self.stride()))

    # -- autograd --

    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
    ) -> None:
        """Adds the gradient of this tensor with respect to every leaf it depends on to that leaf's `.grad`.

        Args:
            gradient: gradient of the final result with respect to this tensor, of its shape; may be left out for one
                element.
            retain_graph: keep what was saved, so that backward can run again; defaults to `create_graph`.
            create_graph: record the backward pass, for higher derivatives.
            inputs: only these tensors collect gradients.

        Raises:
            RuntimeError: this tensor has more than one element and no gradient was given, or does not require grad, or
                the graph was freed by an earlier backward, or a saved tensor was overwritten.

        Examples:
            >>> x = tt.tensor([1.0, 2.0], requires_grad=True)
            >>> (x**2).sum().backward()
            >>> x.grad
            tensor([2., 4.])
        """
        backward((self,), (gradient,), retain_graph, create_graph, inputs)

    def retain_grad(self) -> None:
        """Makes `backward` keep the gradient of this non-leaf in `.grad`.

        Examples:
            >>> x = tt.tensor([1.0, 2.0], requires_grad=True)
            >>> y = x * 3
            >>> y.retain_grad()
            >>> (y**2).sum().backward()
            >>> y.grad
            tensor([ 6., 12.])
        """
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        if self.grad_fn is not None and not self.retains_grad:
            self.grad_fn.retain(self)

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
        """Calls `hook(grad)` when the gradient of this tensor is known; what it returns, if not None, replaces it.

        Examples:
            >>> x = tt.tensor([1.0, 2.0], requires_grad=True)
            >>> handle = x.register_hook(lambda grad: grad * 10)
            >>> x.sum().backward()
            >>> x.grad
            tensor([10., 10.])
        """
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        if self.grad_fn is not None:
            return RemovableHandle(self.grad_fn.hooks, (self.output_nr, hook))
        return self._leaf_hook(0, hook)

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], None]) -> RemovableHandle:
        """Calls `hook(tensor)` each time backward has added to this leaf's `.grad`.

        Examples:
            >>> x = tt.ones(2, requires_grad=True)
            >>> handle = x.register_post_accumulate_grad_hook(lambda tensor: print(tensor.grad))
            >>> x.sum().backward()
            tensor([1., 1.])
        """
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        if not self.is_leaf:
            raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
        return self._leaf_hook(1, hook)

    def _leaf_hook(self, kind: int, hook: Callable[[Tensor], Any]) -> RemovableHandle:
        if self._backward_hooks is None:
            self._backward_hooks = {}
        return RemovableHandle(self._backward_hooks, (kind, hook))

    def detach_(self) -> Tensor:
        """Takes this tensor out of the graph; it becomes a leaf that requires no gradient.

        Examples:
            >>> y = tt.ones(2, requires_grad=True) * 2
            >>> y.detach_()
            tensor([2., 2.])
        """
        if self._base is not None:
            raise RuntimeError("Can't detach views in-place. Use detach() instead.")
        _C.detach_(self)
        return self

    def is_inference(self) -> bool:
        """Whether the tensor was made in inference mode.

        Examples:
            >>> tt.zeros(2).is_inference()
            False
        """
        return bool(self._inference)

    # -- to Python and NumPy --

    def storage(self) -> Any:
        """The memory this is a view of, as a flat sequence of numbers.

        Examples:
            >>> tt.tensor([[1, 2], [3, 4]]).t()[1].storage().tolist()
            [1, 2, 3, 4]
        """
        from .storage import TypedStorage

        return TypedStorage(self)

    def untyped_storage(self) -> Any:
        """The memory this is a view of, as bytes.

        Examples:
            >>> tt.zeros(4)[:2].untyped_storage().nbytes()
            16
        """
        from .storage import UntypedStorage

        return UntypedStorage(self)

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers; a number for a 0-d tensor.

        Examples:
            >>> tt.tensor([[1, 2], [3, 4]]).tolist()
            [[1, 2], [3, 4]]
        """
        return _C.to_list(self)

    def numpy(self, *, force: bool = False) -> np.ndarray[Any, Any]:
        """An array on the same memory.

        Raises:
            RuntimeError: the tensor requires grad, is not in `no_grad`, and `force` is False.

        Examples:
            >>> tt.tensor([1, 2]).numpy()
            array([1, 2])
        """
        if self.requires_grad and not force and _C.is_grad_enabled():
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        return np.asarray(memoryview(self.detach()))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        a = self.numpy()
        if dtype is not None and a.dtype != dtype:
            if copy is False:
                raise ValueError("a copy is needed to convert the dtype")
            return a.astype(dtype)
        return a.copy() if copy else a

    def __dlpack__(self, **kwargs: Any) -> Any:
        if self.requires_grad:
            raise RuntimeError("Can't export tensors that require gradient, use tensor.detach()")
        return self.numpy().__dlpack__(**kwargs)

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0  # the CPU

    def __iter__(self) -> Iterator[Tensor]:
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __reversed__(self) -> Tensor:
        return self.flip(0) if self.ndim else self

    def __contains__(self, element: Any) -> bool:
        if isinstance(element, Tensor | int | float):
            return bool((self == element).any())
        raise RuntimeError(f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}.")

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        from .printing import tensor_repr

        return tensor_repr(self)

    def __format__(self, spec: str) -> str:
        if self.ndim == 0 and type(self) is Tensor:
            return format(self.item(), spec)
        return object.__format__(self, spec)

    def __dir__(self) -> list[str]:
        from .missing import Method

        return sorted({name for name in super().__dir__() if not isinstance(vars(Tensor).get(name), Method)})

    # -- copies --

    def __copy__(self) -> Any:
        copy = type(self)._rebuild(self.detach(), self.requires_grad)
        copy.__dict__.update(self.__dict__)
        return copy

    def __deepcopy__(self, memo: dict[Any, Any]) -> Any:
        if id(self) in memo:
            return memo[id(self)]
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment."
                " If you were attempting to deepcopy a module, this may be because of a tensor attribute that is not a"
                " leaf; detach() it first."
            )
        copy = type(self)._rebuild(self._copy_of_storage(memo), self.requires_grad)
        memo[id(self)] = copy
        if self.grad is not None:
            copy.grad = self.grad.__deepcopy__(memo)
        for name, value in self.__dict__.items():
            setattr(copy, name, value)
        return copy

    def _copy_of_storage(self, memo: dict[Any, Any]) -> Tensor:
        """A tensor of the same strides on a copy of the storage; tensors that share memory go on sharing it."""
        key = ("storage", self._storage_id())
        if key not in memo:
            extent = 1 + sum((n - 1) * s for n, s in zip(self.shape, self.stride(), strict=True)) if self.numel() else 0
            end = max(extent + self.storage_offset(), 0)
            flat = C.as_strided(self.detach(), (end,), (1,), 0) if end else self.detach().reshape(-1)
            memo[key] = C.contiguous(flat)
        whole = memo[key]
        end = self.storage_offset() + 1 + sum((n - 1) * s for n, s in zip(self.shape, self.stride(), strict=True))
        if self.numel() and (whole.numel() < end or whole.dtype != self.dtype):
            return C.contiguous(self.detach())  # type: ignore[no-any-return]
        return C.as_strided(whole, self.shape, self.stride(), self.storage_offset()).detach()  # type: ignore[no-any-return]

    @classmethod
    def _rebuild(cls, data: Tensor, requires_grad: bool) -> Any:
        x = cls(data) if cls is not Tensor else data
        x.requires_grad_(requires_grad)
        return x

    def __reduce_ex__(self, protocol: Any) -> Any:
        if not self.is_leaf:
            raise RuntimeError("only leaf tensors can be pickled: detach() it first")
        state = dict(self.__dict__) or None
        return _unpickle, (type(self), self.detach().numpy().copy(), self.requires_grad), state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def _unpickle(cls: type[Tensor], array: np.ndarray[Any, Any], requires_grad: bool) -> Any:
    return cls._rebuild(_C.from_buffer(array), requires_grad)


class RemovableHandle:
    """What registering a hook gives: `remove()` takes the hook away; also a context manager."""

    next_id: int = 0

    def __init__(self, hooks: dict[int, Any], entry: Any = None) -> None:
        self.hooks: dict[int, Any] = hooks
        self.id: int = RemovableHandle.next_id
        RemovableHandle.next_id += 1
        if entry is not None:
            hooks[self.id] = entry

    def remove(self) -> None:
        """Takes the hook away."""
        self.hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


# ---- backward ----


def backward(
    tensors: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
    retain_graph: bool | None,
    create_graph: bool,
    inputs: Tensor | Sequence[Tensor] | None,
) -> None:
    """Runs backward from several roots into the `.grad` of leaves (see `Tensor.backward`)."""
    queue = _C.Queue(create_graph)
    wanted = (inputs,) if isinstance(inputs, Tensor) else inputs
    if wanted is not None and len(wanted) == 0:
        raise RuntimeError("'inputs' argument to backward cannot be empty.")
    if wanted is not None:
        gradients = [_first_gradient(root, gradient) for root, gradient in zip(tensors, gradients, strict=True)]
    for x in wanted or ():
        x.retain_grad()
        queue.capture(x)
    _propagate(queue, tensors, gradients, retain_graph, create_graph, accumulate=wanted is None)
    for x, g in zip(wanted or (), queue.results(), strict=True):
        if g is None or not x.is_leaf:  # results keep their gradients
            continue
        if create_graph:
            x.grad = g if x.grad is None else x.grad + g
        elif x.grad is None:
            x.grad = g.clone()
        else:
            C.add(x.grad, g, out=x.grad)
        for kind, hook in list((x._backward_hooks or {}).values()):
            if kind == 1:
                hook(x)


def _propagate(
    queue: Any,
    roots: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
    retain_graph: bool | None,
    create_graph: bool,
    accumulate: bool,
) -> None:
    if retain_graph is None:
        retain_graph = create_graph
    if not accumulate:
        queue.restrict(roots)
    for root, gradient in zip(roots, gradients, strict=True):
        queue.add(root, _first_gradient(root, gradient))
    before = _C.set_grad_enabled(create_graph)
    try:
        queue.run(retain_graph)
        queue.finish()
    finally:
        _C.set_grad_enabled(before)


def _first_gradient(root: Tensor, gradient: Tensor | None) -> Tensor:
    if not root.requires_grad:
        raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
    if gradient is None:
        if root.numel() != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        return C.full(1, root.shape, root.dtype)  # type: ignore[no-any-return]
    if not isinstance(gradient, Tensor):
        raise TypeError(f"gradients can be either Tensors or None, but got {type(gradient).__name__}")
    if gradient.shape != root.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[0] has a shape of {gradient.shape} and "
            f"output[0] has a shape of {root.shape}."
        )
    return gradient


def unsupported(what: str) -> NoReturn:
    """Refuses what a CPU engine of eight dtypes does not have."""
    raise NotImplementedError(f"{what} is not supported by tinytensor")


_C.register(Tensor, Size, primitives, history.renew_view)
