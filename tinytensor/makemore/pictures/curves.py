"""Curves over the steps of a training: the loss, the learning-rate sweep, the update-to-data ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .canvas import (
    ACCENT,
    COLORS,
    FAINT,
    INK,
    SMALL,
    WARNING,
    Numbers,
    grid,
    legend_below,
    new_figure,
    numbers,
    plain_axes,
    thousands,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 200  # of a smoothed curve
MANY = 5000  # points, from which a line is drawn as an image even in an SVG
HEALTHY_RATIO = -3.0  # log10 of update over data: the lectures' rule of thumb
MANY_LINES = 10  # of a chart, from which a legend names no more of them


def window_means(values: Numbers, window: int) -> np.ndarray[Any, Any]:
    """The mean of each run of `window` values; what is left over at the end makes a shorter run of its own."""
    v = numbers(values).astype(np.float64)
    starts = np.arange(0, len(v), window)
    return np.add.reduceat(v, starts) / np.diff([*starts, len(v)])


def loss_curve(
    losses: Numbers,
    steps: Numbers | None = None,
    window: int | None = None,
    evaluations: Mapping[str, Sequence[tuple[int, float]]] | None = None,
    uniform: float | None = None,
    log10: bool = True,
) -> Figure:
    """The loss over the steps: every one of them faintly, and the mean of each window of them.

    Args:
        losses: one number for each step, not its logarithm; or means of runs of steps, the last of which `steps` names.
        steps: numbers of the steps; counted from 1 if not given.
        window: how many losses make one point of the smooth curve; a 200th of all if not given.
        evaluations: losses of whole splits by name, such as {"dev": [(1000, 2.4), ...]}.
        uniform: the loss of guessing uniformly, drawn as a line.
        log10: show the logarithm of the losses, as the lectures do; an axis on the right has the losses themselves.
            A loss of 0 has no logarithm and is left out.

    Raises:
        ValueError: no losses, or not as many steps.
    """
    y = numbers(losses).astype(np.float64)
    x = np.arange(1, len(y) + 1) if steps is None else numbers(steps)
    if len(y) == 0 or len(x) != len(y):
        raise ValueError(f"loss_curve: got {len(y)} losses for {len(x)} steps")
    window = window or max(1, len(y) // POINTS)
    show = _log10 if log10 else np.asarray
    figure = new_figure(6.4, 3.9)
    axes = plain_axes(figure, title="loss", x="step", y="log10 of the loss" if log10 else "loss")
    grid(axes)
    thousands(axes.xaxis)
    apart = int(np.median(np.diff(x))) if len(x) > 1 else 1
    raw = "each step" if apart == 1 else f"mean of {apart:,} steps"
    if window > 1:
        axes.plot(x, show(y), color=FAINT, alpha=0.45, linewidth=0.5, label=raw, rasterized=len(y) > MANY, zorder=1)
    label = f"mean of {window * apart:,} steps" if window > 1 else raw
    smooth, centers = window_means(show(y), window), window_means(x, window)
    axes.plot(centers, smooth, color=ACCENT, linewidth=1.8, label=label, zorder=3)
    for color, (name, points) in zip(COLORS[1:], (evaluations or {}).items(), strict=False):
        at, values = zip(*points, strict=True)
        shown = show(np.array(values))
        if np.isfinite(shown).any():
            axes.plot(at, shown, "o-", color=color, markersize=3.5, linewidth=1, label=name, zorder=4)
    if uniform is not None:
        level = float(show(uniform))
        axes.plot([x[0], x[-1]], [level, level], "--", color=WARNING, linewidth=1, label="uniform guess")
    if log10:
        _label_with_losses(axes)
    legend_below(figure)
    return figure


def _log10(losses: Numbers) -> np.ndarray[Any, Any]:
    """The logarithm; nan, of which nothing is drawn, where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(losses)
    return np.where(np.isfinite(logs), logs, np.nan)


def _label_with_losses(axes: Axes) -> None:
    """An axis on the right that says which losses the logarithms on the left are of."""
    from matplotlib.ticker import FixedFormatter, FixedLocator

    low, high = axes.get_ylim()
    losses = _round_numbers(10**low, 10**high)
    right = axes.twinx()
    right.set_ylim(low, high)
    right.yaxis.set_major_locator(FixedLocator([float(np.log10(loss)) for loss in losses]))
    right.yaxis.set_major_formatter(FixedFormatter([f"{loss:g}" for loss in losses]))
    right.set_ylabel("loss", color=INK, fontsize=SMALL)
    right.spines[:].set_visible(False)
    right.tick_params(color=FAINT, labelcolor=INK, labelsize=SMALL)


def _round_numbers(low: float, high: float, most: int = 9) -> list[float]:
    """Numbers of one or two digits between two bounds, in the finest steps that leave no more than `most`."""
    decades = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    for digits in (
        range(10, 100),
        range(10, 100, 2),
        range(10, 100, 5),
        range(10, 100, 10),
        (10, 20, 50),
        (10, 30),
        (10,),
    ):
        found = [float(f"{digit}e{decade - 1}") for decade in decades for digit in digits]
        found = [number for number in found if low <= number <= high]
        if len(found) <= most:
            break
    return found


def two_digits(x: float) -> str:
    """A number rounded to two digits that count, without an exponent where it is not tiny: 200, 0.037."""
    return f"{float(f'{x:.2g}'):g}"


def learning_rate_sweep(rates: Numbers, losses: Numbers, smooth: Numbers | None = None) -> Figure:
    """The loss of minibatches while the learning rate grows exponentially; where it is least, the rate is marked.

    Args:
        rates: learning rates, ascending.
        losses: the loss of the step made with each; losses that are not finite are left out.
        smooth: the losses, smoothed; if not given, the mean of each 40th of all is shown.

    Raises:
        ValueError: not as many losses as rates, or not a finite one among them.
    """
    x, y = numbers(rates).astype(np.float64), numbers(losses).astype(np.float64)
    if len(x) != len(y):
        raise ValueError(f"learning_rate_sweep: got {len(x)} rates and {len(y)} losses")
    finite = np.isfinite(y)
    if not finite.any():
        raise ValueError("learning_rate_sweep: no loss is finite")
    if smooth is None:
        window = max(1, len(x) // 40)
        at, means = 10 ** window_means(np.log10(x[finite]), window), window_means(y[finite], window)
    else:
        at, means = x, numbers(smooth).astype(np.float64)
    x, y = x[finite], y[finite]
    best = at[means.argmin()]
    figure = new_figure(6.4, 3.9)
    axes = plain_axes(figure, title="learning-rate sweep", x="learning rate", y="loss of the step")
    grid(axes)
    axes.set_xscale("log")
    axes.plot(x, y, color=FAINT, alpha=0.5, linewidth=0.6, label="each step", rasterized=len(y) > MANY)
    axes.plot(at, means, color=ACCENT, linewidth=1.8, label="smoothed")
    axes.axvline(best, color=WARNING, linewidth=1, linestyle="--", label=f"least at {two_digits(best)}")
    # A loss that explodes would flatten all that is of interest.
    low, high = y.min(), means[0]
    axes.set_ylim(low - 0.1 * (high - low) - 1e-3, high + 0.6 * (high - low) + 1e-3)
    legend_below(figure)
    return figure


def update_ratios(ratios: Mapping[str, Numbers], steps: Numbers | None = None) -> Figure:
    """For each parameter, how large its updates are next to its values, as log10 of the ratio of standard deviations.

    Around -3 is healthy: a parameter far above changes too fast, one far below hardly learns.

    Args:
        ratios: log10 of std(update) / std(data), over the steps, by parameter.
        steps: numbers of the steps; counted from 1 if not given.

    Raises:
        ValueError: no parameter.
    """
    if not ratios:
        raise ValueError("update_ratios: no parameter")
    figure = new_figure(6.4, 3.8)
    axes = plain_axes(figure, title="update to data", x="step", y="log10 of std(update) / std(data)")
    grid(axes)
    thousands(axes.xaxis)
    many = len(ratios) > MANY_LINES
    for i, (name, values) in enumerate(ratios.items()):
        y = numbers(values).astype(np.float64)
        y = np.where(np.isfinite(y), y, np.nan)  # a parameter that did not move has no logarithm
        x = np.arange(1, len(y) + 1) if steps is None else numbers(steps)
        style: dict[str, Any] = {"color": ACCENT, "alpha": 0.35} if many else {"color": COLORS[i], "alpha": 0.85}
        axes.plot(x, y, linewidth=0.9, label=None if many else name, rasterized=len(y) > MANY, **style)
    axes.axhline(HEALTHY_RATIO, color=INK, linewidth=1.4, label="-3")
    if many:
        axes.plot([], [], color=ACCENT, alpha=0.6, label=f"{len(ratios)} parameters")
    legend_below(figure)
    return figure
