"""What a training's pictures say: for each, what healthy looks like, and what this training shows, from its numbers.

The bounds are the lectures' rules of thumb. A finding that is not healthy says what usually helps.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .diagnosis import Diagnosis
from .glimpse import Array
from .models.micrograd import Micrograd
from .pictures.curves import HEALTHY_RATIO, two_digits
from .pictures.embeddings import principal_components
from .pictures.expression import values_of
from .pictures.layers import FLAT, dead_units, layer_statistics, saturated

Verdict = Literal["healthy", "worth a look", "unhealthy", "for information"]
ORDER: tuple[Verdict, ...] = ("for information", "healthy", "worth a look", "unhealthy")
STARTS_NEAR, STARTS_FAR = 0.15, 0.5  # of the initial loss from that of a uniform guess
LEAST_FALL = 0.2  # of the loss
OVERFIT = 0.1  # dev loss above train loss
FEW = 30  # steps of a sweep, below which it says nothing of a learning rate
TOO_HIGH, TOO_LOW = 2.0, 0.02  # of the learning rate, in those of the best of the sweep
LEAST_STD, MOST_STD = 0.3, 0.9  # of the activations of a tanh
SOME_SATURATED, MUCH_SATURATED = 0.1, 0.25
EVEN, UNEVEN = 3.0, 10.0  # largest std of the gradients over the smallest, across layers
NEAR_RATIO, FAR_RATIO = 0.7, 1.3  # of log10(update / data) from -3


@dataclass(frozen=True)
class Finding:
    """A verdict and two sentences."""

    verdict: Verdict
    healthy: str
    here: str


def worst(verdicts: list[Verdict]) -> Verdict:
    """The gravest of them."""
    return max(verdicts, key=ORDER.index, default="for information")


def graded(value: float, fair: float, poor: float) -> Verdict:
    """How a number that should be small is judged."""
    return "healthy" if value <= fair else "worth a look" if value <= poor else "unhealthy"


def loss(d: Diagnosis) -> Finding:
    """The initial loss against log(1/V), the way it fell, and train against dev."""
    healthy = "The loss falls, fast at first, and flattens out, with train and dev close together."
    if d.uniform is not None:
        healthy = f"The first loss is near -log(1/{len(d.run.vocabulary)}) = {d.uniform:.2f}, that of a uniform guess; "
        healthy += "then it falls, fast at first, and flattens out without a hockey stick, with train and dev together."
    _, losses, splits = d.losses
    verdicts: list[Verdict] = []
    here = ""
    if d.uniform is not None:
        excess = d.start.loss - d.uniform
        verdicts.append(graded(abs(excess), STARTS_NEAR, STARTS_FAR))
        here = f"It starts at {d.start.loss:.2f}, {abs(excess):.2f} {'above' if excess >= 0 else 'below'} the uniform guess"
        if excess > STARTS_NEAR:
            here += " (the fresh model is confident and wrong: make the weights of its last layer smaller)"
        here += "; "
    last = float(np.mean(losses[-max(1, len(losses) // 20) :]))
    here += f"the last twentieth of the steps has a mean loss of {last:.3f}"
    here += " with the penalty" if "penalty" in d.run.description.settings else ""
    if last > d.start.loss - LEAST_FALL:
        verdicts.append("unhealthy")
        here += ", hardly less: train longer, or with another learning rate"
    else:
        verdicts.append("healthy")
    if "train" in splits and "dev" in splits:
        train, dev = splits["train"][-1][1], splits["dev"][-1][1]
        verdicts.append(graded(dev - train, OVERFIT, 3 * OVERFIT))
        here += f"; train {train:.3f}, dev {dev:.3f}"
        here += " (it learns the training words by heart)" if dev - train > OVERFIT else ""
    return Finding(worst(verdicts), healthy, _sentence(here))


def activations(d: Diagnosis) -> Finding:
    """Spread and saturation of the fresh model's nonlinearities."""
    healthy = "At the start the layers look alike, neither shrinking to 0 nor growing from one to the next"
    table = layer_statistics(d.start.activations, kinds=d.start.kinds)
    verdicts: list[Verdict] = []
    tanh = [s for s in table if d.start.layers[s.name].kind == "tanh"]
    healthy += "; a tanh has a standard deviation around 0.65 and few values at -1 and 1." if tanh else "."
    for s in tanh:
        verdicts.append(graded(s.saturation, SOME_SATURATED, MUCH_SATURATED))
        verdicts.append("healthy" if LEAST_STD <= s.std <= MOST_STD else "worth a look")
    stds = [s.std for s in table]
    here = f"{len(table)} layers with standard deviations {_span(stds, '.2f')}"
    if len(table) == 1:
        here = f"One layer, {table[0].name}, with a standard deviation of {stds[0]:.2f}"
    if tanh:
        most = max(tanh, key=lambda s: s.saturation)
        which = f"; the most saturated tanh, {most.name}, has" if len(table) > 1 else " and"
        here += f"{which} {most.saturation:.1%} of its values beyond 0.97"
        if most.saturation > SOME_SATURATED:
            here += ": less gradient comes through there; smaller weights or a normalisation before it would help"
        elif min(s.std for s in tanh) < LEAST_STD:
            here += " (the activations shrink: the gain of the weights is too small)"
    return Finding(worst(verdicts), healthy, _sentence(here))


def gradients(d: Diagnosis) -> Finding:
    """Whether the gradients of the fresh model shrink or grow from layer to layer."""
    healthy = (
        "The gradients of all layers have about the same spread: they neither vanish nor explode on their way back."
    )
    stds = {name: float(g.std()) for name, g in d.start.gradients.items()}
    if len(stds) == 1:
        (name, std), *_ = stds.items()
        verdict: Verdict = "healthy" if std > 0 else "unhealthy"
        return Finding(
            verdict, healthy, f"One layer, {name}, with a standard deviation of {std:.1e}: nothing to compare."
        )
    low, high = min(stds, key=lambda n: stds[n]), max(stds, key=lambda n: stds[n])
    ratio = stds[high] / stds[low] if stds[low] else math.inf
    here = f"Across {len(stds)} layers the standard deviation runs from {stds[low]:.1e} ({low}) to {stds[high]:.1e} ({high})"
    here += f", a factor of {ratio:.1f}"
    verdict = graded(ratio, EVEN, UNEVEN)
    if verdict != "healthy":
        backwards = list(stds).index(low) < list(stds).index(high)
        here += f": they {'shrink' if backwards else 'grow'} on the way back to the first layer"
    return Finding(verdict, healthy, _sentence(here))


def saturation(d: Diagnosis) -> Finding:
    """Flat and dead units of the trained model."""
    healthy = "Mostly black, with no white column: a unit that is flat for every example (dead) learns nothing more."
    dead = units = 0
    shares = {}
    for name, layer in d.end.flattening.items():
        dead += len(dead_units(layer.activations, FLAT, layer.kind))
        units += layer.activations.shape[1]
        shares[name] = float(saturated(layer.activations, FLAT, layer.kind).mean())
    most = max(shares, key=lambda name: shares[name])
    here = f"{dead} of {units} units are dead" if dead else f"None of {units} units is dead"
    here += f"; {shares[most]:.1%} of the values"
    here += f" of {most} are flat, the most of all layers" if len(shares) > 1 and shares[most] else " are flat"
    verdict = worst([graded(dead / units, 0.0, 0.05), graded(shares[most], 0.3, 0.6)])
    if any(layer.kind == "relu" for layer in d.end.layers.values()):
        verdict = graded(dead / units, 0.0, 0.2)  # half of a relu's values are flat, and should be
    return Finding(verdict, healthy, _sentence(here))


def learning_rate(d: Diagnosis) -> Finding:
    """The recipe's learning rate against that where the loss of the sweep is least."""
    healthy = (
        "The loss stays, falls, is least, and flies off as the rate grows; a good rate lies in the valley, at most "
    )
    healthy += "where the loss is least, and not by orders of magnitude below it."
    lr, best = d.run.description.recipe.lr, d.sweep.best
    here = f"The loss is least ({min(d.sweep.smooth):.2f}) at {two_digits(best)}"
    here += " (where the sweep ends)" if best == d.sweep.lrs[-1] else ""
    here += f"; the training uses {lr:g}"
    if len(d.sweep.lrs) < FEW:
        return Finding(
            "for information", healthy, _sentence(f"{here}; a sweep of {len(d.sweep.lrs)} steps tells little")
        )
    if lr > TOO_HIGH * best:
        return Finding("worth a look", healthy, _sentence(f"{here}, which is beyond the valley: lower it"))
    if lr < TOO_LOW * best:
        return Finding("worth a look", healthy, _sentence(f"{here}, far below: a higher one may learn faster"))
    return Finding("healthy", healthy, _sentence(f"{here}, which is in the valley"))


def updates(d: Diagnosis) -> Finding:
    """Whether each matrix is updated by about a thousandth of its size."""
    healthy = (
        "All curves settle near -3: each step changes a matrix by about a thousandth of its size. Above, it learns too "
    )
    healthy += "fast and jitters; below, too slowly. A last layer that starts small may start high."
    settled = {name: float(np.median(values[len(values) // 2 :])) for name, values in d.ratios.items()}
    off = {name: value - HEALTHY_RATIO for name, value in settled.items()}
    falling = [name for name, value in off.items() if value > NEAR_RATIO and _falls(d.ratios[name])]
    verdict = worst([graded(abs(value), NEAR_RATIO, FAR_RATIO) for name, value in off.items() if name not in falling])
    medians = list(settled.values())
    here = f"In the second half of {d.steps:,} steps "
    here += f"the medians run {_span(medians, '.2f')}" if len(medians) > 1 else f"the median is {medians[0]:.2f}"
    high = [name for name, value in off.items() if value > NEAR_RATIO and name not in falling]
    low = [name for name, value in off.items() if value < -NEAR_RATIO]
    here += f"; too high: {_names(high, settled)} (lower the learning rate)" if high else ""
    here += f"; too low: {_names(low, settled)} (raise the learning rate, or train longer)" if low else ""
    here += f"; high, but still falling: {_names(falling, settled)}" if falling else ""
    verdict = worst([verdict, "worth a look"]) if falling else verdict
    here += (
        ""
        if high or low or falling
        else f": all {len(settled)} within {NEAR_RATIO} of -3"
        if len(settled) > 1
        else ": near -3"
    )
    return Finding(verdict, healthy, _sentence(here))


def embeddings(d: Diagnosis) -> Finding:
    """Whether the characters have moved to their like."""
    healthy = (
        "Characters that are used alike lie together, vowels above all, and rare ones and the dot lie apart; a fresh "
    )
    healthy += "model's cloud has no such order."
    table = d.trained.model.embedding
    assert table is not None
    e = table.detach().numpy()
    characters = d.run.vocabulary.itos
    here = f"{len(e)} characters in {e.shape[1]} dimensions"
    if e.shape[1] > 2:
        here += f", of whose variance the picture shows {principal_components(e)[1].sum():.0%}"
    plain = [unicodedata.normalize("NFD", character.lower())[0] for character in characters]  # without its accents
    vowels = [i for i, letter in enumerate(plain) if letter in "aeiouæøœ"]
    others = [i for i, letter in enumerate(plain) if letter in "bcdfghjklmnpqrstvwxyzß"]
    if len(vowels) < 3 or len(others) < 3:
        return Finding("for information", healthy, _sentence(here))
    among, between = _distance(e[vowels], e[vowels]), _distance(e[vowels], e[others])
    together = among < 0.93 * between
    here += f"; in all {e.shape[1]} the vowels are on average {among:.2f} from each other, {between:.2f} from the consonants"
    here += ": they lie together" if together else ": they do not lie together (yet)"
    return Finding("healthy" if together else "worth a look", healthy, _sentence(here))


def attention(d: Diagnosis) -> Finding:
    """How far the heads are from looking everywhere alike."""
    healthy = (
        "Heads differ: some look at the character itself or the one before, some further back or at the start; a head "
    )
    healthy += "that spreads evenly over all it may see has not learned what to look for."
    maps, tokens = d.attention
    focus = {f"{name}, head {i + 1}": _evenness(head) for name, w in maps.items() for i, head in enumerate(w)}
    even = [name for name, value in focus.items() if value > 0.95]
    sharpest = min(focus, key=lambda name: focus[name])
    here = f"Over {''.join(tokens)!r} the entropy of {len(focus)} heads is {_span(list(focus.values()), '.0%')} of that of "
    here += f"an even spread; the sharpest is {sharpest}"
    here += f"; {len(even)} of them spread evenly" if even else "; none of them spreads evenly"
    verdict: Verdict = "healthy" if len(even) <= len(focus) // 4 else "worth a look"
    return Finding(verdict, healthy, _sentence(here))


def graph(d: Diagnosis) -> Finding:
    """How large the expression is, and whether a gradient reaches every leaf that should have one."""
    assert d.expression is not None
    values = values_of(d.expression)
    reached = {node.label: node.grad for node in values if node.label and not node.op}
    ops = sum(bool(node.op) for node in values)
    here = f"{len(values)} values, {ops} ops"
    if d.expression.label != "loss":
        healthy = "Where relu lets a value through, every weight has a gradient; where it gives 0, none has."
        through = float(d.expression.data) > 0
        here = f"The first neuron of the fresh model, on one point: {here}; relu {'lets' if through else 'does not let'} it"
        return Finding("for information", healthy, _sentence(f"{here} through"))
    healthy = "Every parameter has a gradient: from the loss, on the right, a way leads back to it."
    without = [name for name, _ in d.run.model.named_parameters() if not reached.get(name)]
    least = d.run.model.least_batch
    here = f"{'One example on its' if least == 1 else f'{least} examples on their'} way to the loss: {here}"
    here += f"; no gradient reaches {', '.join(without)}" if without else "; all parameters have a gradient"
    return Finding("worth a look" if without else "healthy", healthy, _sentence(here))


def boundary(d: Diagnosis) -> Finding:
    """The share of the points that lie on their side."""
    healthy = (
        "The line follows the gap between the moons, and nearly all points lie on their side of it, of dev as well."
    )
    model = d.trained.model
    assert isinstance(model, Micrograd)
    train, dev = (model.accuracy(d.run.examples[split]) for split in ("train", "dev"))
    here = f"Of the points of train {train:.1%} lie on their side, of dev {dev:.1%}"
    return Finding(graded(1 - min(train, dev), 0.02, 0.1), healthy, _sentence(here))


def bigrams(d: Diagnosis) -> Finding:
    """The likeliest pair, and the loss that counts alone reach."""
    healthy = "Counts are far from even: that is what there is to learn; a model worth its steps gets below their loss."
    n = d.counts
    first, second = np.unravel_index(n.argmax(), n.shape)
    itos = d.run.vocabulary.itos
    joint = n / n.sum()
    seen = joint > 0
    given = (n / np.maximum(n.sum(axis=1, keepdims=True), 1))[seen]
    entropy = float(-(joint[seen] * np.log(given)).sum())
    here = f"{int(n.sum()):,} bigrams of the training words, {1 - seen.mean():.0%} of the cells empty; the most frequent is "
    here += f"{itos[first]}{itos[second]} ({int(n.max()):,}); counting alone reaches a training loss of {entropy:.3f}"
    return Finding("for information", healthy, _sentence(here))


def _falls(ratios: list[float]) -> bool:
    """Whether the curve goes down from its first tenth to its second half."""
    first, second = ratios[: max(1, len(ratios) // 10)], ratios[len(ratios) // 2 :]
    return float(np.median(second)) < float(np.median(first)) - 0.2


def _distance(a: Array, b: Array) -> float:
    """The mean distance of different points."""
    distances = np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1))
    return float(distances[distances > 0].mean())


def _evenness(head: Array) -> float:
    """The mean entropy of the rows (but the first) over that of an even spread over what each may see."""
    rows = range(1, len(head))
    entropies = [-(w[w > 0] * np.log(w[w > 0])).sum() / math.log(t + 1) for t in rows if (w := head[t]).any()]
    return float(np.mean(entropies)) if entropies else 1.0


def _span(values: list[float], form: str) -> str:
    low, high = min(values), max(values)
    return f"of {low:{form}}" if len(values) == 1 else f"from {low:{form}} to {high:{form}}"


def _names(names: list[str], values: dict[str, float]) -> str:
    shown = [f"{name} ({values[name]:.2f})" for name in names[:4]]
    return ", ".join(shown) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
