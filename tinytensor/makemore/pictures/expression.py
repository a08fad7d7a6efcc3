"""The expression graph: every value with its data and grad, and the ops that lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tinytensor as tt
from tinytensor.modes import watch_ops

from .canvas import ACCENT, FAINT, INK, new_figure
from .layout import lay_out

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LARGEST = 600  # values that a picture can hold
SYMBOLS = {"add": "+", "sub": "-", "rsub": "-", "mul": "*", "div": "/", "neg": "-", "pow": "**", "matmul": "@"}
HEIGHT, LETTER, PADDING = 0.27, 0.072, 0.16  # inches: a box, a letter in it, its two margins
CIRCLE = 0.36


@dataclass(eq=False)
class Node:
    """A value of an expression, the op that made it ("" for a leaf) and that op's inputs."""

    label: str
    data: str
    grad: str
    op: str = ""
    inputs: tuple[Node, ...] = ()


class Trace:
    """Remembers the ops of a block, so that the expression they make can be drawn.

    Example:
        >>> import tinytensor as tt
        >>> from tinytensor.makemore.pictures import Trace
        >>> a = tt.tensor(2.0, requires_grad=True)
        >>> with Trace() as trace:
        ...     L = (a * 3).tanh()
        >>> L.backward()
        >>> [(node.op, node.data, node.grad) for node in trace.expression(L, {"a": a}).inputs]
        [('mul', '6.0000', '0.0000')]
    """

    def __init__(self) -> None:
        self._made: dict[int, tuple[str, tuple[Any, ...], tt.Tensor]] = {}
        self._watching = watch_ops(self._remember)

    def __enter__(self) -> Trace:
        self._watching.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._watching.__exit__()

    def _remember(self, op: str, arguments: tuple[Any, ...], result: Any) -> None:
        results = result if isinstance(result, (list, tuple)) else [result]  # of unbind and chunk, several
        for made in results:
            if isinstance(made, tt.Tensor):
                if made.grad_fn is not None:
                    made.retain_grad()
                self._made[id(made)] = (op, arguments, made)  # keeps it alive, so that its id stays its own

    def expression(self, root: tt.Tensor, names: Mapping[str, tt.Tensor] | None = None) -> Node:
        """The graph behind a tensor made in the block; what was made elsewhere is a leaf."""
        labels = {id(x): name for name, x in (names or {}).items()}
        nodes: dict[int, Node] = {}

        def inputs(x: tt.Tensor) -> list[Any]:
            if id(x) not in self._made:
                return []
            op, arguments, _ = self._made[id(x)]
            return _operands(op, arguments)

        def node(x: Any) -> Node:
            if not isinstance(x, tt.Tensor):
                return Node("", f"{x:g}", "")
            op = self._made[id(x)][0] if id(x) in self._made else ""
            children = tuple(nodes.get(id(y)) or node(y) for y in inputs(x))
            return Node(labels.get(id(x), ""), _data(x), _grad(x), op, children)

        for x in _inputs_first(root, inputs):
            nodes[id(x)] = node(x)
        return nodes[id(root)]


def _operands(op: str, arguments: Iterable[Any]) -> list[Any]:
    """The tensors among an op's arguments and in its lists; of arithmetic the numbers as well."""
    found: list[Any] = []
    for x in arguments:
        if isinstance(x, (list, tuple)):
            found += [y for y in x if isinstance(y, tt.Tensor)]
        elif isinstance(x, tt.Tensor) or (op in SYMBOLS and isinstance(x, (int, float)) and not isinstance(x, bool)):
            found.append(x)
    return found


def _inputs_first(root: Any, inputs: Any) -> list[Any]:
    """All that root is made of, each after what it is made of; without recursion, for deep graphs."""
    done: dict[int, Any] = {}
    stack = [(root, False)]
    while stack:
        x, open_ = stack.pop()
        if id(x) in done:
            continue
        if open_:
            done[id(x)] = x
        else:
            stack.append((x, True))
            stack += [(y, False) for y in inputs(x) if not isinstance(y, (int, float)) and id(y) not in done]
    return list(done.values())


def _data(x: tt.Tensor) -> str:
    """The value of a single number, the shape of more."""
    if x.numel() == 1:
        return f"{x.item():.4f}" if x.is_floating_point() else str(x.item())
    return str(tuple(x.shape))


def _grad(x: tt.Tensor) -> str:
    if not x.requires_grad or (x.grad_fn is not None and not x.retains_grad) or x.grad is None:
        return ""
    return _data(x.grad)


def of_values(root: Any) -> Node:
    """The graph behind a micrograd `Value`: anything with `data`, `grad`, `_prev` and `_op`."""
    nodes: dict[int, Node] = {}
    for v in _inputs_first(root, lambda v: v._prev):
        children = tuple(nodes[id(child)] for child in v._prev)
        nodes[id(v)] = Node(getattr(v, "label", ""), f"{v.data:.4f}", f"{v.grad:.4f}", v._op, children)
    return nodes[id(root)]


def expression_graph(
    root: Any,
    trace: Trace | None = None,
    names: Mapping[str, tt.Tensor] | None = None,
    graphviz: bool | None = None,
) -> Figure:
    """Draws an expression: a box for each value with its name, data and grad, a circle for each op.

    Args:
        root: a tensor, a micrograd `Value`, or a `Node`.
        trace: for a tensor, the `Trace` under which it was made.
        names: what tensors are called.
        graphviz: whether the program `dot` places the boxes; None: where it is installed.

    Raises:
        TypeError: a tensor without its trace, or something else.
        ValueError: too large an expression for a picture.
    """
    if isinstance(root, tt.Tensor):
        if trace is None:
            raise TypeError("expression_graph: a tensor needs the Trace under which it was made")
        root = trace.expression(root, names)
    elif not isinstance(root, Node):
        if not all(hasattr(root, name) for name in ("data", "grad", "_prev", "_op")):
            raise TypeError(f"expression_graph: expected a tensor, a Value or a Node, got {type(root).__name__}")
        root = of_values(root)
    nodes = values_of(root)
    if len(nodes) > LARGEST:
        raise ValueError(f"expression_graph: {len(nodes)} values do not fit a picture: at most {LARGEST} do")
    return _draw(nodes, graphviz)


def values_of(root: Node) -> list[Node]:
    """All values of an expression, each after those it is made of."""
    return _inputs_first(root, lambda node: node.inputs)


def _cells(node: Node) -> list[str]:
    grad = [f"grad {node.grad}"] if node.grad else []
    return [*([node.label] if node.label else []), f"data {node.data}" if node.op or grad else node.data, *grad]


def _draw(nodes: list[Node], graphviz: bool | None) -> Figure:
    sizes: list[tuple[float, float]] = []
    edges: list[tuple[int, int]] = []
    box, circle = {}, {}
    for node in nodes:
        box[id(node)] = len(sizes)
        sizes.append((sum(_width(cell) for cell in _cells(node)), HEIGHT))
        if node.op:
            circle[id(node)] = len(sizes)
            sizes.append((max(CIRCLE, _width(_symbol(node.op))), CIRCLE))
            edges.append((circle[id(node)], box[id(node)]))
    edges += [(box[id(child)], circle[id(node)]) for node in nodes for child in node.inputs]
    layout = lay_out(sizes, edges, graphviz)

    margin = 0.08
    figure = new_figure(layout.width + 2 * margin, layout.height + 2 * margin)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(-margin, layout.width + margin)
    axes.set_ylim(-margin, layout.height + margin)
    for route in layout.routes:
        _draw_edge(axes, route)
    for node in nodes:
        _draw_value(axes, node, layout.centers[box[id(node)]])
        if node.op:
            x, y = layout.centers[circle[id(node)]]
            _draw_op(axes, _symbol(node.op), x, y)
    return figure


def _symbol(op: str) -> str:
    return SYMBOLS.get(op, op)


def _width(text: str) -> float:
    return LETTER * len(text) + PADDING


def _draw_edge(axes: Any, route: list[tuple[float, float]]) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    codes = [Path.MOVETO, *[Path.CURVE4] * (len(route) - 1)]
    style: Any = {"arrowstyle": "-|>,head_length=3,head_width=1.6", "shrinkA": 0, "shrinkB": 0}
    axes.add_patch(FancyArrowPatch(path=Path(route, codes), color=FAINT, linewidth=0.9, **style))


def _draw_value(axes: Any, node: Node, center: tuple[float, float]) -> None:
    """A box of cells, as the lectures draw it: name, data, grad."""
    from matplotlib.patches import Rectangle

    cells = _cells(node)
    x, y = center[0] - sum(map(_width, cells)) / 2, center[1]
    for cell in cells:
        style: Any = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.8}
        axes.add_patch(Rectangle((x, y - HEIGHT / 2), _width(cell), HEIGHT, **style))
        bold = "bold" if cell == node.label else "normal"
        text: Any = {
            "ha": "center",
            "va": "center",
            "color": INK,
            "fontsize": 8,
            "family": "monospace",
            "fontweight": bold,
        }
        axes.text(x + _width(cell) / 2, y, cell, **text)
        x += _width(cell)


def _draw_op(axes: Any, symbol: str, x: float, y: float) -> None:
    from matplotlib.patches import Ellipse

    width = max(CIRCLE, _width(symbol))
    axes.add_patch(Ellipse((x, y), width, CIRCLE, facecolor="none", edgecolor=ACCENT, linewidth=1.2))
    axes.text(x, y, symbol, ha="center", va="center", color=INK, fontsize=8, family="monospace")
