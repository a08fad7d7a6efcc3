"""Where the model puts each character."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .canvas import ACCENT, Numbers, check_same_length, grid, new_figure, numbers, plain_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def principal_components(x: Numbers, count: int = 2) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The rows of x (N, D) along the `count` directions in which they vary most, and the share of variance of each.

    By the singular value decomposition of the centred rows.
    """
    rows = numbers(x).astype(np.float64)
    centred = rows - rows.mean(axis=0)
    u, s, vt = np.linalg.svd(centred, full_matrices=False)
    # A singular vector is as good as its negative: the largest component of each is made positive.
    signs = np.sign(vt[np.arange(len(vt)), np.abs(vt).argmax(axis=1)])
    share = s**2 / max(float((s**2).sum()), np.finfo(np.float64).tiny)
    return (u * s * signs)[:, :count], share[:count]


def embedding_chart(embedding: Numbers, characters: Sequence[str], project: bool = True) -> Figure:
    """The characters as points of the plane, each marked with its letter.

    Args:
        embedding: of shape (V, D), D at least 2.
        characters: V strings.
        project: with more than two dimensions, show the two principal components; otherwise the first two dimensions.

    Raises:
        ValueError: the sizes do not fit.
    """
    e = numbers(embedding)
    if e.ndim != 2 or e.shape[1] < 2:
        raise ValueError(f"embedding_chart: expected an embedding of shape (V, at least 2), got {e.shape}")
    check_same_length("embedding_chart", e, characters, "characters")
    x, y, title = "dimension 0", "dimension 1", "character embeddings"
    points = e[:, :2]
    if project and e.shape[1] > 2:
        points, share = principal_components(e)
        x, y = (f"component {i + 1} ({100 * s:.0f}% of the variance)" for i, s in enumerate(share))
        title += f", {e.shape[1]} dimensions projected on two"
    figure = new_figure(6.4, 6.0)
    axes = plain_axes(figure, title=title, x=x, y=y)
    grid(axes)
    axes.scatter(points[:, 0], points[:, 1], s=170, color=ACCENT, alpha=0.9, linewidths=0)
    for (px, py), character in zip(points, characters, strict=True):
        axes.text(px, py, character, ha="center", va="center", color="white", fontsize=9.5)
    axes.margins(0.08)
    return figure
