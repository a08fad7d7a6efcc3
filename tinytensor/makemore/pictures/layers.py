"""What goes on inside the layers: histograms of activations and gradients, and the map of saturated units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .canvas import COLORS, INK, SMALL, WARNING, Numbers, grid, legend_below, new_figure, numbers, plain_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Kind = Literal["tanh", "sigmoid", "relu", "other"]
SATURATED = 0.97  # |activation| of a tanh above which the lectures' table calls it saturated
FLAT = 0.99  # ... and above which the map shows it white
BINS = 80


def saturated(values: Numbers, threshold: float = FLAT, kind: Kind = "tanh") -> np.ndarray[Any, Any]:
    """Where a nonlinearity is flat, so that next to no gradient comes through, as an array of booleans.

    Args:
        values: what came out of it.
        threshold: for a tanh, |h| above it; for a sigmoid, which is a tanh between 0 and 1, |2h - 1| above it.
        kind: a relu is flat where it is 0; of "other" ones nothing is known.
    """
    h = numbers(values)
    if kind == "tanh":
        return np.asarray(np.abs(h) > threshold)
    if kind == "sigmoid":
        return np.asarray(np.abs(2 * h - 1) > threshold)
    return np.asarray(h <= 0 if kind == "relu" else np.zeros(h.shape, dtype=bool))


@dataclass(frozen=True)
class LayerStatistics:
    """A line of the lectures' table."""

    name: str
    mean: float
    std: float
    saturation: float  # share of saturated values, from 0 to 1; nan where nothing is known


def layer_statistics(
    layers: Mapping[str, Numbers], threshold: float = SATURATED, kinds: Mapping[str, Kind] | None = None
) -> list[LayerStatistics]:
    """Mean, standard deviation and share of saturated values of each layer, a tanh unless `kinds` says otherwise."""
    table = []
    for name, values in layers.items():
        v = numbers(values).astype(np.float64)
        kind = (kinds or {}).get(name, "tanh")
        saturation = float("nan") if kind == "other" else float(saturated(v, threshold, kind).mean())
        table.append(LayerStatistics(name, float(v.mean()), float(v.std(ddof=1 if v.size > 1 else 0)), saturation))
    return table


def activation_histograms(
    layers: Mapping[str, Numbers], threshold: float = SATURATED, kinds: Mapping[str, Kind] | None = None
) -> Figure:
    """The distribution of the activations of each layer, with mean, standard deviation and saturation.

    Args:
        layers: activations by layer, of any shape.
        threshold: above which absolute value an activation is saturated.
        kinds: what nonlinearity a layer is, where it is no tanh.

    Raises:
        ValueError: no layer.
    """
    lines = [
        f"mean {s.mean:+.2f}  std {s.std:.2f}" + ("" if np.isnan(s.saturation) else f"  saturated {s.saturation:6.2%}")
        for s in layer_statistics(layers, threshold, kinds)
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
    axes.ticklabel_format(scilimits=(-3, 4), useMathText=True)
    axes.xaxis.get_offset_text().set(color=INK, fontsize=SMALL)
    axes.yaxis.get_offset_text().set(color=INK, fontsize=SMALL)
    pad = max(len(name) for name in layers)
    bounds = _bounds(layers)
    for i, ((name, values), line) in enumerate(zip(layers.items(), lines, strict=True)):
        v = numbers(values).astype(np.float64).ravel()
        density, edges = np.histogram(v, bins=BINS, range=bounds, density=True)
        middle = (edges[:-1] + edges[1:]) / 2
        style = "-" if i < len(COLORS) else "--"
        axes.plot(
            middle, density, style, color=COLORS[i % len(COLORS)], linewidth=1.3, label=wide(f"{name:{pad}}  {line}")
        )
    legend_below(figure, columns=1, family="monospace", size=SMALL - 0.5)
    return figure


def wide(text: str) -> str:
    """The text with spaces that an SVG keeps, for columns to stay in line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _bounds(layers: Mapping[str, Numbers]) -> tuple[float, float]:
    """The ends of an axis that shows nearly all values: a few far ones would squeeze the rest together."""
    low, high = np.inf, -np.inf
    for values in layers.values():
        v = numbers(values).astype(np.float64)
        least, some, most, largest = np.quantile(v, [0, 0.002, 0.998, 1])
        far = most - some
        low = min(low, least if some - least < far / 2 else some)
        high = max(high, largest if largest - most < far / 2 else most)
    margin = 0.03 * (high - low) or 0.5
    return float(low - margin), float(high + margin)


def dead_units(activations: Numbers, threshold: float = FLAT, kind: Kind = "tanh") -> np.ndarray[Any, Any]:
    """The indices of the units that are saturated for every example: no gradient reaches their weights.

    Args:
        activations: of shape (examples, units).
        threshold: see `saturated`.
        kind: the nonlinearity.
    """
    return np.flatnonzero(saturated(activations, threshold, kind).all(axis=0))


def saturation_map(
    activations: Numbers, threshold: float = FLAT, kind: Kind = "tanh", layer: str = "", rows: int = 256
) -> Figure:
    """Examples by hidden units, white where the unit is saturated; a dead unit is a white column, marked in red.

    Args:
        activations: of shape (examples, units).
        threshold: see `saturated`.
        kind: the nonlinearity.
        layer: its name, for the title.
        rows: of more examples so many are drawn, chosen at random; the numbers in the title are of all.

    Raises:
        ValueError: another number of dimensions.
    """
    h = numbers(activations)
    if h.ndim != 2:
        raise ValueError(f"saturation_map: expected activations of shape (examples, units), got {h.shape}")
    white, dead = saturated(h, threshold, kind), dead_units(h, threshold, kind)
    # At random, because every second row, say, may be of the same place of a word.
    drawn = white[np.sort(np.random.default_rng(0).permutation(len(white))[:rows])]
    figure = new_figure(6.4, min(max(1.2 + 6.0 * drawn.shape[0] / drawn.shape[1], 2.2), 6.4))
    test = {"tanh": f"|h| > {threshold:g}", "sigmoid": f"|2h - 1| > {threshold:g}", "relu": "h = 0"}.get(kind, "")
    title = f"{test} in white: {white.mean():.1%} of {h.shape[0]} x {h.shape[1]}; dead units: {len(dead)}"
    axes = plain_axes(figure, x="hidden unit", y="example")
    axes.set_title(f"{layer}: {title}" if layer else title, color=INK, fontsize=SMALL + 1, loc="left", pad=11)
    axes.imshow(drawn, cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
    if len(dead):
        above = axes.get_xaxis_transform()  # units along, the height of the axes up
        axes.plot(dead, [1.02] * len(dead), "v", color=WARNING, markersize=4, clip_on=False, transform=above)
    return figure
