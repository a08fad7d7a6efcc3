"""What goes on inside the layers: histograms of activations and gradients, and the map of saturated units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .canvas import COLORS, INK, SMALL, WARNING, Numbers, grid, new_figure, numbers, plain_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SATURATED = 0.97  # |activation| of a tanh above which the lectures' table calls it saturated
FLAT = 0.99  # ... and above which the map shows it white
BINS = 80
WIDEST = 400  # units of a map; more are shown as an image scaled down


@dataclass(frozen=True)
class LayerStatistics:
    """A line of the lectures' table."""

    name: str
    mean: float
    std: float
    saturation: float  # share of values beyond the threshold, from 0 to 1


def layer_statistics(layers: Mapping[str, Numbers], threshold: float = SATURATED) -> list[LayerStatistics]:
    """Mean, standard deviation and share of saturated values of each layer."""
    table = []
    for name, values in layers.items():
        v = numbers(values).astype(np.float64)
        saturation = float((np.abs(v) > threshold).mean())
        table.append(LayerStatistics(name, float(v.mean()), float(v.std(ddof=1)), saturation))
    return table


def activation_histograms(layers: Mapping[str, Numbers], threshold: float | None = SATURATED) -> Figure:
    """The distribution of the activations of each layer, with mean, standard deviation and saturation.

    Args:
        layers: activations by layer, of any shape.
        threshold: absolute value above which an activation is saturated; None leaves that column out.

    Raises:
        ValueError: no layer.
    """
    table = layer_statistics(layers, SATURATED if threshold is None else threshold)
    lines = [
        f"mean {s.mean:+.2f}  std {s.std:.2f}" + ("" if threshold is None else f"  saturated {s.saturation:6.2%}")
        for s in table
    ]
    return _histograms("activation_histograms", "activations", layers, lines)


def gradient_histograms(layers: Mapping[str, Numbers], title: str = "gradients of the activations") -> Figure:
    """The distribution of the gradients of each layer, with mean and standard deviation.

    Args:
        layers: gradients by layer (or parameter), of any shape.
        title: what they are gradients of.

    Raises:
        ValueError: no layer.
    """
    lines = [f"mean {s.mean:+.1e}  std {s.std:.1e}" for s in layer_statistics(layers)]
    return _histograms("gradient_histograms", title, layers, lines)


def _histograms(op: str, title: str, layers: Mapping[str, Numbers], lines: list[str]) -> Figure:
    if not layers:
        raise ValueError(f"{op}: no layer")
    figure = new_figure(6.4, 3.2 + 0.2 * len(layers))
    axes = plain_axes(figure, title=title, y="density")
    grid(axes)
    pad = max(len(name) for name in layers)
    spread = max(_spread(values) for values in layers.values())
    for i, ((name, values), line) in enumerate(zip(layers.items(), lines, strict=True)):
        v = numbers(values).astype(np.float64).ravel()
        density, edges = np.histogram(v, bins=BINS, range=(-spread, spread), density=True)
        middle = (edges[:-1] + edges[1:]) / 2
        style = "-" if i < len(COLORS) else "--"
        axes.plot(middle, density, style, color=COLORS[i % len(COLORS)], linewidth=1.3, label=f"{name:{pad}}  {line}")
    axes.legend(
        frameon=False,
        labelcolor=INK,
        prop={"family": "monospace", "size": SMALL - 0.5},
        loc="upper center",
        bbox_to_anchor=(0.5, -0.1),
    )
    return figure


def _spread(values: Numbers) -> float:
    """Half the width of an axis that shows nearly all values: a few far ones would squeeze the rest together."""
    v = np.abs(numbers(values).astype(np.float64)).ravel()
    if v.max() <= 1:
        far = float(v.max()) if np.quantile(v, 0.99) > 0.5 * v.max() else float(np.quantile(v, 0.999))
    else:
        far = float(np.quantile(v, 0.999))
    return 1.05 * far or 1.0


def dead_units(activations: Numbers, threshold: float = FLAT) -> np.ndarray[Any, Any]:
    """The indices of the units that are saturated for every example: no gradient reaches their weights.

    Args:
        activations: of shape (examples, units).
        threshold: absolute value above which a unit is saturated.
    """
    h = numbers(activations)
    return np.flatnonzero((np.abs(h) > threshold).all(axis=0))


def saturation_map(activations: Numbers, threshold: float = FLAT) -> Figure:
    """Examples by hidden units, white where the unit is saturated; a dead unit is a white column, marked in red.

    Args:
        activations: of shape (examples, units).
        threshold: absolute value above which a unit is saturated.

    Raises:
        ValueError: another number of dimensions.
    """
    h = numbers(activations)
    if h.ndim != 2:
        raise ValueError(f"saturation_map: expected activations of shape (examples, units), got {h.shape}")
    white = np.abs(h) > threshold
    dead = dead_units(h, threshold)
    figure = new_figure(6.4, min(max(1.2 + 6.0 * h.shape[0] / h.shape[1], 2.2), 6.4))
    title = f"|h| > {threshold:g} in white: {white.mean():.1%} of {h.shape[0]} x {h.shape[1]}, {len(dead)} dead units"
    axes = plain_axes(figure, title=title, x="hidden unit", y="example")
    axes.imshow(white, cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
    if len(dead):
        above = axes.get_xaxis_transform()  # units along, the height of the axes up
        axes.plot(dead, [1.02] * len(dead), "v", color=WARNING, markersize=4, clip_on=False, transform=above)
    return figure
