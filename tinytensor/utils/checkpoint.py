"""Checkpointing of activations: what a part of a model saves for backward is dropped, and computed again when needed.

T. Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016. The graph of the part stays, without what its
nodes saved. When backward comes to the first of them, the function runs again; each node takes what it dropped from its
twin, the node made at the same place the second time.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import TYPE_CHECKING, Any

from .. import _C
from ..missing import names_of as _names_of
from ..modes import enable_grad, is_grad_enabled, no_grad
from ..nn.modules.container import Sequential
from ..random import get_rng_state, set_rng_state
from ..tensor import Tensor

__all__ = ["CheckpointError", "checkpoint", "checkpoint_sequential", "noop_context_fn"]

Contexts = tuple[AbstractContextManager[Any], AbstractContextManager[Any]]


class CheckpointError(RuntimeError):
    """The second run of a function was not like the first."""


def noop_context_fn() -> Contexts:
    """Two contexts that change nothing."""
    return nullcontext(), nullcontext()


def _tensors(values: Any) -> Iterator[Tensor]:
    """All tensors within lists, tuples and dicts."""
    if isinstance(values, Tensor):
        yield values
    elif isinstance(values, dict):
        yield from _tensors(list(values.values()))
    elif isinstance(values, list | tuple):
        for value in values:
            yield from _tensors(value)


def _nodes(results: Any, first: int) -> list[Any]:
    """The nodes behind the results that were made since number `first`, in the order in which they were."""
    found = {}
    stack = [x.grad_fn for x in _tensors(results)]
    while stack:
        node = stack.pop()
        if isinstance(node, _C.Node) and node.number >= first and node.number not in found:
            found[node.number] = node
            stack += [target for target, _, _ in node.edges]
    return [found[number] for number in sorted(found)]


class _Part:
    """One call of a function, which can be made again."""

    def __init__(self, function: Callable[[], Any], given: Any, random: bool, contexts: Contexts) -> None:
        self.function = function
        self.given = [(x, x._version) for x in _tensors(given) if not x.is_inference()]
        self.generator = get_rng_state() if random else None
        self.first, self.second = contexts
        self.ops: list[str] = []
        self.twins: dict[int, Any] = {}

    def run(self) -> Any:
        number = _C.next_node_number()
        with self.first:
            results = self.function()
        nodes = _nodes(results, number)
        for i, node in enumerate(nodes):
            node.forget(functools.partial(self.twin, i))
        self.ops = [node.op for node in nodes]
        return results

    def twin(self, i: int) -> Any:
        """The node made at place i the second time; each is handed out once."""
        if i not in self.twins:
            self.twins = dict(enumerate(self._run_again()))
        return self.twins.pop(i)

    def _run_again(self) -> list[Any]:
        if any(x._version != version for x, version in self.given):
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an inplace operation: an "
                "argument of torch.utils.checkpoint"
            )
        with ExitStack() as stack:
            stack.enter_context(enable_grad())
            if self.generator is not None:
                stack.callback(set_rng_state, get_rng_state())
                set_rng_state(self.generator)
            stack.enter_context(self.second)
            number = _C.next_node_number()
            nodes = _nodes(self.function(), number)
        if [node.op for node in nodes] != self.ops:
            raise CheckpointError(
                "torch.utils.checkpoint: other operations were recorded during the recomputation than during the "
                f"original forward: {[node.op for node in nodes]} instead of {self.ops}"
            )
        return nodes


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], Contexts] = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """`function(*args, **kwargs)`, of which nothing is saved for backward but the arguments.

    Backward runs the function again when it comes to it: less memory, for the time of one more forward. The function
    has to do the same both times.

    Args:
        function: a module, or any function of tensors.
        args: its arguments.
        use_reentrant: as in PyTorch, True when left out, with a warning. True: nothing is recorded unless one of `args`
            requires grad; no `kwargs`, `context_fn` and `debug`.
        context_fn: gives two contexts, for the first run and for the second.
        determinism_check: accepted for PyTorch's sake: that both runs record the same operations is always checked.
        debug: accepted for PyTorch's sake.
        early_stop: accepted for PyTorch's sake: the function always runs to its end.
        preserve_rng_state: whether the second run draws the random numbers of the first.
        kwargs: arguments of the function by name.

    Raises:
        CheckpointError: from backward, where the second run recorded other operations than the first.
        ValueError: `use_reentrant` forbids other arguments; there is no such `determinism_check`.

    Examples:
        >>> layer, x = nn.Linear(2, 2), tt.ones(1, 2)
        >>> y = tt.utils.checkpoint.checkpoint(layer, x, use_reentrant=False)
        >>> y.sum().backward()
        >>> layer.weight.grad
        tensor([[1., 1.],
                [1., 1.]])
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly; it is taken as True.",
            stacklevel=2,
        )
        use_reentrant = True
    if use_reentrant:
        if kwargs:
            raise ValueError(f"Unexpected keyword arguments: {','.join(kwargs)}")
        if context_fn is not noop_context_fn or debug:
            raise ValueError("Passing `context_fn` or `debug` is only supported when use_reentrant=False.")
        if is_grad_enabled() and not any(isinstance(x, Tensor) and x.requires_grad for x in args):
            warnings.warn("None of the inputs have requires_grad=True. Gradients will be None", stacklevel=2)
            with no_grad():
                return function(*args)
    if determinism_check not in ("default", "none"):
        raise ValueError(f"determinism_check should be one of ['default', 'none'], but got {determinism_check}")
    contexts = context_fn()
    if not is_grad_enabled():
        with contexts[0]:
            return function(*args, **kwargs)
    return _Part(functools.partial(function, *args, **kwargs), args, preserve_rng_state, contexts).run()


def checkpoint_sequential(
    functions: Sequential | Sequence[Callable[[Any], Any]],
    segments: int,
    input: Any,
    use_reentrant: bool | None = None,
    *,
    preserve_rng_state: bool = True,
) -> Any:
    """The functions one after the other, in as many segments of which all but the last are checkpoints.

    Examples:
        >>> model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
        >>> x = tt.ones(1, 2, requires_grad=True)
        >>> tt.utils.checkpoint.checkpoint_sequential(model, 3, x, use_reentrant=False).shape
        torch.Size([1, 1])
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed explicitly; it "
            "is taken as True.",
            stacklevel=2,
        )
        use_reentrant = True
    every: list[Any] = list(functions.children()) if isinstance(functions, Sequential) else list(functions)

    def run(part: Sequence[Any], x: Any) -> Any:
        for function in part:
            x = function(x)
        return x

    size, end = len(every) // segments, 0
    for start in range(0, size * (segments - 1), size):
        end = start + size
        part = functools.partial(run, every[start:end])
        input = checkpoint(part, input, use_reentrant=use_reentrant, preserve_rng_state=preserve_rng_state)
    return run(every[end:], input)


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
