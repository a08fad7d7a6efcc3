"""How often each character follows each other one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .canvas import Numbers, new_figure, numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CELL = 0.46  # inches: two lines of small text
LARGEST_LABELLED = 64  # characters; more of them leave no room for text in a cell


def bigram_chart(counts: Numbers, characters: Sequence[str]) -> Figure:
    """The chart of all bigrams: rows are first characters, columns second ones; a cell shows the pair and its count.

    Args:
        counts: of shape (V, V).
        characters: V strings, the first of which stands for the edge of a word.

    Raises:
        ValueError: the counts are not a square of that size.
    """
    n = numbers(counts)
    size = len(characters)
    if n.shape != (size, size):
        raise ValueError(f"bigram_chart: expected counts of shape ({size}, {size}), got {n.shape}")
    inches = CELL * min(size, LARGEST_LABELLED)
    figure = new_figure(max(inches, 2), max(inches, 2))
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    largest = max(float(n.max()), 1.0)
    axes.imshow(n, cmap="Blues", vmin=0, vmax=largest)
    if size > LARGEST_LABELLED:
        return figure
    for i, first in enumerate(characters):
        for j, second in enumerate(characters):
            color = "white" if n[i, j] > 0.55 * largest else "#1b2733"
            axes.text(j, i - 0.08, first + second, ha="center", va="bottom", color=color, fontsize=8)
            axes.text(j, i + 0.08, short(float(n[i, j])), ha="center", va="top", color=color, fontsize=7)
    return figure


def short(count: float) -> str:
    """A count in at most five characters."""
    if count != int(count):
        return f"{count:.3f}"
    for unit, name in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if count >= unit:
            scale = 1e3 if name == "k" else unit
            return f"{count / scale:.3g}{name}" if count / scale < 100 else f"{count / scale:.0f}{name}"
    return f"{count:.0f}"
