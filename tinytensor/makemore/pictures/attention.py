"""Which characters each character looks back at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .canvas import FAINT, INK, MEDIUM, SMALL, Numbers, new_figure, numbers, plain_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def attention_maps(layers: Mapping[str, Numbers], tokens: Sequence[str]) -> Figure:
    """One map for each head, a row of them for each layer: how much each character (down) attends to each (along).

    Brightness is the square root of the weight, so that small ones can be told apart.

    Args:
        layers: attention weights by layer, of shape (heads, T, T), rows summing to one.
        tokens: the T characters.

    Raises:
        ValueError: no layer, or weights of another shape.
    """
    from matplotlib.colors import PowerNorm

    maps = {name: numbers(weights) for name, weights in layers.items()}
    if not maps:
        raise ValueError("attention_maps: no layer")
    length = len(tokens)
    for name, w in maps.items():
        if w.ndim != 3 or w.shape[1:] != (length, length):
            raise ValueError(f"attention_maps: {name}: expected (heads, {length}, {length}), got {w.shape}")
    heads = max(len(w) for w in maps.values())
    side = max(1.7, 0.17 * length)
    figure = new_figure(side * heads + 0.5, (side + 0.25) * len(maps) + 0.2)
    for row, (name, w) in enumerate(maps.items()):
        for head, weights in enumerate(w):
            axes = plain_axes(figure, len(maps), heads, row * heads + head + 1)
            axes.set_title(f"head {head + 1}", color=INK, fontsize=MEDIUM - 1.5)
            axes.set_ylabel("" if head else name, color=INK, fontsize=MEDIUM - 1.5)
            axes.imshow(weights, cmap="magma", norm=PowerNorm(0.5, 0, 1), interpolation="nearest")
            axes.spines[:].set_visible(False)
            axes.set_xticks(range(length), tokens, fontsize=SMALL - 1)
            axes.set_yticks(range(length), tokens, fontsize=SMALL - 1)
            axes.tick_params(length=0, labelcolor=INK, color=FAINT)
    return figure
