"""How a classifier divides the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .canvas import COLORS, INK, Numbers, legend_below, new_figure, numbers, plain_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def decision_boundary(x1: Numbers, x2: Numbers, scores: Numbers, points: Numbers, labels: Numbers) -> Figure:
    """The plane in two colours, by the sign of the score, and the points in the colours they should lie on.

    Args:
        x1: coordinates (N,) of the columns of a grid.
        x2: coordinates (M,) of its rows.
        scores: what the classifier says of the grid's points, of shape (M, N).
        points: of shape (P, 2).
        labels: their P classes, positive or negative.

    Raises:
        ValueError: the sizes do not fit.
    """
    from matplotlib.colors import ListedColormap

    s, p, y = numbers(scores), numbers(points), numbers(labels)
    if s.shape != (len(x2), len(x1)):
        raise ValueError(f"decision_boundary: expected scores of shape ({len(x2)}, {len(x1)}), got {s.shape}")
    if p.shape != (len(y), 2):
        raise ValueError(f"decision_boundary: expected points of shape ({len(y)}, 2), got {p.shape}")
    figure = new_figure(6.4, 4.6)
    axes = plain_axes(figure, title="decision boundary", x="x1", y="x2")
    axes.set_aspect("equal")
    colors = ListedColormap([COLORS[1], COLORS[0]])
    largest = max(float(np.abs(s).max()), 1e-30)
    axes.contourf(numbers(x1), numbers(x2), s, levels=[-largest, 0, largest], cmap=colors, alpha=0.25)
    axes.contour(numbers(x1), numbers(x2), s, levels=[0], colors=[INK], linewidths=1)
    for side, color, name in ((y < 0, COLORS[1], "-1"), (y > 0, COLORS[0], "1")):
        axes.scatter(
            p[side, 0], p[side, 1], s=26, color=color, edgecolors="white", linewidths=0.5, label=name, zorder=3
        )
    legend_below(figure)
    return figure
