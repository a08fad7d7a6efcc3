"""The graph behind a tensor, for programs that walk it: nodes, and the ends where gradients of leaves add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from .. import _C
from ..missing import names_of as _names_of
from ..tensor import Tensor

__all__ = ["AccumulateGrad", "Node"]

Node = _C.Node


class AccumulateGrad:
    """The end of a graph: what arrives here is added to the `.grad` of the leaf `variable`.

    Examples:
        >>> x = tt.ones(2, requires_grad=True)
        >>> end, output = (x * 2).grad_fn.next_functions[0]
        >>> end.name(), end.variable is x
        ('torch::autograd::AccumulateGrad', True)
    """

    variable: Tensor
    next_functions: tuple[Any, ...] = ()

    def __new__(cls, variable: Tensor) -> AccumulateGrad:
        """The end of that leaf, which is one object while somebody holds it."""
        end = _ends.get(id(variable))
        if end is None:
            end = _ends[id(variable)] = super().__new__(cls)
            end.variable = variable
        return end

    def name(self) -> str:
        """The name in the graph."""
        return "torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"


_ends: WeakValueDictionary[int, AccumulateGrad] = WeakValueDictionary()


def next_functions(node: Node) -> tuple[tuple[Any, int], ...]:
    """Where the gradients of a node's inputs go: (node, output of it) for each, (None, 0) for one that needs none."""
    ends: list[tuple[Any, int]] = [(None, 0)] * node.slots
    for target, output, slot in node.edges:
        ends[slot] = (AccumulateGrad(target) if isinstance(target, Tensor) else _C.named(target), output)
    if node.name() == "AddmmBackward0" and node.op == "linear":  # addmm(bias, input, weight.T)
        ends = [ends[2], ends[0], ends[1]]
    return tuple(ends)


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
