"""Where the boxes of a directed acyclic graph go, left to right: by graphviz where it is installed, by our own hand else.

Ours is Sugiyama's way: layers by longest path, an order in each layer that follows the neighbours' mean (barycentre),
then heights that do the same without changing the order. Edges that skip layers get an invisible box in each.
"""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
GAP_ACROSS, GAP_ALONG = 0.12, 0.28  # inches between the boxes of a layer, and between layers
SWEEPS = 12


@dataclass
class Layout:
    """Centres of the boxes, and the cubic Bezier curve of each edge (3 k + 1 points), in inches, y upwards."""

    width: float
    height: float
    centers: list[Point]
    routes: list[list[Point]]


def lay_out(sizes: Sequence[Point], edges: Sequence[tuple[int, int]], graphviz: bool | None = None) -> Layout:
    """Places boxes of these sizes (width, height); an edge leads from box i to box j.

    Args:
        sizes: of the boxes, in inches.
        edges: pairs of numbers of boxes; must have no cycle.
        graphviz: whether to ask the program `dot`; None asks where it is installed.
    """
    if graphviz or (graphviz is None and shutil.which("dot")):
        return _by_graphviz(sizes, edges)
    return _by_layers(sizes, edges)


def _by_graphviz(sizes: Sequence[Point], edges: Sequence[tuple[int, int]]) -> Layout:
    lines = ["digraph { rankdir=LR nodesep=0.12 ranksep=0.25", 'node [shape=box fixedsize=true label=""]']
    lines += [f"{i} [width={w:.3f} height={h:.3f}]" for i, (w, h) in enumerate(sizes)]
    lines += [f"{a}:e -> {b}:w" for a, b in edges]
    source = "\n".join([*lines, "}"])
    plain = subprocess.run(["dot", "-Tplain"], input=source, capture_output=True, text=True, check=True).stdout
    width = height = 0.0
    centers: list[Point] = [(0.0, 0.0)] * len(sizes)
    drawn: dict[tuple[int, int], list[list[Point]]] = {}
    for line in plain.splitlines():
        kind, *rest = line.split()
        if kind == "graph":
            width, height = float(rest[1]), float(rest[2])
        elif kind == "node":
            centers[int(rest[0])] = float(rest[1]), float(rest[2])
        elif kind == "edge":
            at = [float(v) for v in rest[3 : 3 + 2 * int(rest[2])]]
            points = list(zip(at[::2], at[1::2], strict=True))
            drawn.setdefault((int(rest[0]), int(rest[1])), []).append(points)
    routes = []
    for edge in edges:  # dot may print them in another order
        points = drawn[edge].pop()
        w = sizes[edge[1]][0]
        points[-1] = (centers[edge[1]][0] - w / 2, points[-1][1])  # dot leaves room for its own arrow head
        routes.append(points)
    return Layout(width, height, centers, routes)


def _by_layers(sizes: Sequence[Point], edges: Sequence[tuple[int, int]]) -> Layout:
    layer = _layers(len(sizes), edges)
    boxes = list(sizes)
    chains = []  # the boxes that an edge passes, invisible ones between its ends
    for a, b in edges:
        chain = [a]
        for between in range(layer[a] + 1, layer[b]):
            chain.append(len(boxes))
            boxes.append((0.0, 0.1))
            layer.append(between)
        chains.append([*chain, b])
    links = [pair for chain in chains for pair in itertools.pairwise(chain)]
    order = _order(layer, links)
    y = _heights(order, boxes, links)

    left, x, across = 0.0, [0.0] * len(boxes), [0.0] * len(boxes)
    for members in order:
        widest = max(boxes[i][0] for i in members)
        for i in members:
            x[i], across[i] = left + widest / 2, widest
        left += widest + GAP_ALONG
    low = min((y[i] - boxes[i][1] / 2 for i in range(len(boxes))), default=0.0)
    high = max((y[i] + boxes[i][1] / 2 for i in range(len(boxes))), default=0.0)
    y = [v - low for v in y]
    routes = [_route(chain, boxes, across, x, y) for chain in chains]
    n = len(sizes)
    return Layout(left - GAP_ALONG, high - low, list(zip(x, y, strict=True))[:n], routes)


def _layers(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The length of the longest path to each box; what nothing leads to moves next to where it is used."""
    into: list[list[int]] = [[] for _ in range(count)]
    out: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        into[b].append(a)
        out[a].append(b)
    layer = [0] * count
    waiting = [len(sources) for sources in into]
    ready = [i for i in range(count) if not waiting[i]]
    for i in ready:
        for j in out[i]:
            layer[j] = max(layer[j], layer[i] + 1)
            waiting[j] -= 1
            if not waiting[j]:
                ready.append(j)
    if len(ready) < count:
        raise ValueError("lay_out: the graph has a cycle")
    for i in range(count):
        if not into[i] and out[i]:
            layer[i] = min(layer[j] for j in out[i]) - 1
    return layer


def _order(layer: list[int], links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The boxes of each layer from bottom to top, with few crossings."""
    order: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for i, at in enumerate(layer):
        order[at].append(i)
    into, out = _neighbours(len(layer), links)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        near = into if forward else out
        place = {i: k / len(members) for members in order for k, i in enumerate(members)}
        for members in order if forward else reversed(order):
            means = {i: sum(place[j] for j in near[i]) / len(near[i]) if near[i] else place[i] for i in members}
            members.sort(key=lambda i: means[i])
            place |= {i: k / len(members) for k, i in enumerate(members)}
    return order


def _heights(order: list[list[int]], boxes: Sequence[Point], links: Sequence[tuple[int, int]]) -> list[float]:
    """Centres across the layers: near the neighbours' mean, in order, with a gap."""
    into, out = _neighbours(len(boxes), links)
    y = [0.0] * len(boxes)
    for members in order:
        _spread(members, y, boxes)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        near = into if forward else out
        for members in order if forward else reversed(order):
            for i in members:
                y[i] = sum(y[j] for j in near[i]) / len(near[i]) if near[i] else y[i]
            _spread(members, y, boxes)
    return y


def _spread(members: list[int], y: list[float], boxes: Sequence[Point]) -> None:
    """Moves the boxes of a layer apart, as little as keeps their order: those that touch share the way."""
    groups: list[tuple[float, float, list[int]]] = []  # centre, height, members
    for i in members:
        group = (y[i], boxes[i][1] + GAP_ACROSS, [i])
        while groups and groups[-1][0] + groups[-1][1] / 2 > group[0] - group[1] / 2 - 1e-9:
            center, height, others = groups.pop()
            wanted = (center * len(others) + group[0] * len(group[2])) / (len(others) + len(group[2]))
            group = (wanted, height + group[1], others + group[2])
        groups.append(group)
    for center, height, inside in groups:
        at = center - height / 2
        for i in inside:
            y[i] = at + (boxes[i][1] + GAP_ACROSS) / 2
            at += boxes[i][1] + GAP_ACROSS


def _neighbours(count: int, links: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[list[int]]]:
    into: list[list[int]] = [[] for _ in range(count)]
    out: list[list[int]] = [[] for _ in range(count)]
    for a, b in links:
        into[b].append(a)
        out[a].append(b)
    return into, out


def _route(
    chain: list[int], boxes: Sequence[Point], across: Sequence[float], x: list[float], y: list[float]
) -> list[Point]:
    """A smooth curve from the right side of the first box to the left side of the last, through the invisible ones.

    It bends between the layers, whose widths are in `across`: within one it goes straight on, and meets no box.
    """
    first, last = chain[0], chain[-1]
    stops = [(x[first] + boxes[first][0] / 2, y[first]), (x[first] + across[first] / 2, y[first])]
    for i in chain[1:-1]:
        stops += [(x[i] - across[i] / 2, y[i]), (x[i] + across[i] / 2, y[i])]
    stops += [(x[last] - across[last] / 2, y[last]), (x[last] - boxes[last][0] / 2, y[last])]
    route = [stops[0]]
    for (x0, y0), (x1, y1) in itertools.pairwise(stop for stop, _ in itertools.groupby(stops)):
        bend = (x1 - x0) / 2
        route += [(x0 + bend, y0), (x1 - bend, y1), (x1, y1)]
    return route
