"""The blank figure that every picture starts from, numbers in, and a file out. Matplotlib is imported here, when used."""

from __future__ import annotations

import importlib.util
import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import tinytensor as tt

from ..errors import Problem
from ..files import check_writable, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

INK = "#22272e"  # text and axes; the report puts the page's own text colour in its place
FAINT = "#8b949e"  # grids, raw curves: readable on white and on near-black
ACCENT = "#2f81f7"
WARNING = "#e5534b"
COLORS = (ACCENT, "#e8853a", "#3fa45b", WARNING, "#986ee2", "#b5835a", "#d65fa8", "#7f8c8d", "#a8a02c", "#26a9b5")
FORMATS = ("png", "svg")
SMALL, MEDIUM = 8.5, 10.0  # points

Numbers = Any  # what `numbers` takes: a tensor, an array, a list


def numbers(x: Numbers) -> np.ndarray[Any, Any]:
    """A tensor, an array or a list of numbers as a NumPy array."""
    return x.detach().numpy() if isinstance(x, tt.Tensor) else np.asarray(x)


def require_matplotlib() -> None:
    """A Problem if the package is missing: asked before the work, not after it."""
    if importlib.util.find_spec("matplotlib") is None:
        raise Problem("pictures need the package matplotlib, which comes with the extra: pip install '.[plots]'")


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of that many inches, which belongs to no window and no global state."""
    require_matplotlib()
    from .notebook import NotebookFigure

    return NotebookFigure(figsize=(width, height), layout="constrained", facecolor="none")


def plain_axes(figure: Figure, *position: Any, title: str = "", x: str = "", y: str = "") -> Axes:
    """Axes with two spines and quiet ticks."""
    axes = figure.add_subplot(*position)
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(color=FAINT, labelcolor=INK, labelsize=SMALL)
    axes.set_title(title, color=INK, fontsize=MEDIUM, loc="left")
    axes.set_xlabel(x, color=INK, fontsize=SMALL)
    axes.set_ylabel(y, color=INK, fontsize=SMALL)
    return axes


def grid(axes: Axes) -> None:
    """Faint lines behind what is drawn."""
    axes.grid(color=FAINT, alpha=0.25, linewidth=0.6)
    axes.set_axisbelow(True)


def thousands(axis: Axis) -> None:
    """Numbers along an axis as the text has them: 20,000."""
    axis.set_major_formatter("{x:,.10g}")


def legend_below(figure: Figure, columns: int = 4, **font: Any) -> None:
    """A frameless legend under the axes, where it hides nothing."""
    place: Any = "outside lower center"
    figure.legend(loc=place, frameon=False, labelcolor=INK, ncols=columns, prop={"size": SMALL} | font)


def render(figure: Figure, kind: str, salt: str = "", background: str = "white") -> bytes:
    """The figure as a PNG or SVG file, the same bytes for the same figure.

    Args:
        figure: what to render.
        kind: "png" or "svg". Text in an SVG stays text.
        salt: told apart by it, the ids of several SVGs can share a page.
        background: a colour, or "none".
    """
    import matplotlib as mpl

    buffer = io.BytesIO()
    metadata = {"Date": None} if kind == "svg" else {"Software": None}
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": f"tinytensor{salt}"}
    with mpl.rc_context(settings), warnings.catch_warnings():
        # A letter that no font on this machine has is drawn as a box.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(buffer, format=kind, dpi=150, facecolor=background, metadata=metadata)
    return buffer.getvalue()


def check_path(path: Path) -> None:
    """A Problem if no picture can be kept under that name: asked before the work, not after it."""
    if path.suffix[1:].lower() not in FORMATS:
        raise Problem(f"cannot write {path}: a picture ends in .png or .svg")
    check_writable(path)


def save(figure: Figure, path: Path | str) -> None:
    """Writes the figure as PNG or SVG, by the end of the name, whole or not at all."""
    path = Path(path)
    check_path(path)
    write_whole(path, render(figure, path.suffix[1:].lower()))


def write_whole(path: Path, data: bytes) -> None:
    """Replaces a file in one step; a Problem if that cannot be done."""
    try:
        write(path, data)
    except OSError as error:
        raise Problem(f"cannot write {path}: {error.strerror}") from None


def check_same_length(what: str, a: Sequence[Any] | np.ndarray[Any, Any], b: Sequence[Any], of: str) -> None:
    """A ValueError if there are not as many of one as of the other."""
    if len(a) != len(b):
        raise ValueError(f"{what}: got {len(a)} rows and {len(b)} {of}")
