"""The pictures of a training by name: how each is drawn, what it says, and which trainings have none such."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import findings, pictures
from .diagnosis import Diagnosis
from .errors import Problem
from .findings import Finding
from .pictures.expression import values_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Picture:
    """A kind of picture.

    Attributes:
        title: what it is called in the report.
        draw: makes it.
        judge: says what it shows.
        lacks: what the training lacks for it; empty if nothing.
    """

    title: str
    draw: Callable[[Diagnosis], Figure]
    judge: Callable[[Diagnosis], Finding]
    lacks: Callable[[Diagnosis], str] = lambda d: ""


def draw(kind: str, d: Diagnosis) -> Figure:
    """The picture of that kind; a Problem if the model has not what it shows."""
    picture = PICTURES[kind]
    lacking = picture.lacks(d)
    if lacking:
        raise Problem(f"no {kind} picture of {d.name}: it has no {lacking}")
    return picture.draw(d)


def _loss(d: Diagnosis) -> Figure:
    steps, losses, splits = d.losses
    return pictures.loss_curve(losses, steps, evaluations=splits, uniform=d.uniform)


def _activations(d: Diagnosis) -> Figure:
    return pictures.activation_histograms(d.start.activations, kinds=d.start.kinds)


def _gradients(d: Diagnosis) -> Figure:
    return pictures.gradient_histograms(d.start.gradients)


def _saturation(d: Diagnosis) -> Figure:
    """Of the layer that is flat most often."""
    layers = d.end.flattening.items()
    name, layer = max(layers, key=lambda one: pictures.saturated(one[1].activations, kind=one[1].kind).mean())
    return pictures.saturation_map(layer.activations, kind=layer.kind, layer=name)


def _boundary(d: Diagnosis) -> Figure:
    return pictures.decision_boundary(*d.scores, *d.run.examples["train"][:])


def _embeddings(d: Diagnosis) -> Figure:
    return pictures.embedding_chart(d.trained.model.embedding, d.run.vocabulary.itos)


def _no_parameters(d: Diagnosis) -> str:
    return "" if d.learns else "parameters: it only counts"


def _no_points(d: Diagnosis) -> str:
    return "" if d.moons else "points of a plane"


def _no_layers(d: Diagnosis) -> str:
    if d.moons:
        return "layers of tensors: each number is one of its own"
    return _no_parameters(d) or ("" if d.start.layers else "nonlinearity")


def _no_gradients(d: Diagnosis) -> str:
    return _no_layers(d) or ("" if d.start.gradients else "autograd graph: its backward is its own")


def _no_flat_layers(d: Diagnosis) -> str:
    return _no_layers(d) or ("" if d.start.flattening else "tanh, sigmoid or relu")


def _no_embedding(d: Diagnosis) -> str:
    table = d.run.model.embedding if d.learns else None
    return "" if table is not None and table.shape[1] >= 2 else "character embeddings"


def _no_attention(d: Diagnosis) -> str:
    return "" if d.attention[0] else "attention"


def _no_matrices(d: Diagnosis) -> str:
    return _no_parameters(d) or ("" if any(p.ndim >= 2 for p in d.run.model.parameters()) else "matrices")


def _no_words(d: Diagnosis) -> str:
    return "" if d.reads_words else "words"


def _no_graph(d: Diagnosis) -> str:
    if d.expression is None:
        return _no_parameters(d) or "autograd graph: its backward is its own"
    values = len(values_of(d.expression))
    return f"graph that fits a picture: {values} values" if values > LARGEST_GRAPH else ""


LARGEST_GRAPH = 120  # values that can still be followed

PICTURES = {
    "loss": Picture("Loss", _loss, findings.loss, _no_parameters),
    "lr": Picture(
        "Learning-rate sweep",
        lambda d: pictures.learning_rate_sweep(d.sweep.lrs, d.sweep.losses, d.sweep.smooth),
        findings.learning_rate,
        _no_parameters,
    ),
    "activations": Picture("Activations at the start", _activations, findings.activations, _no_layers),
    "gradients": Picture("Gradients at the start", _gradients, findings.gradients, _no_gradients),
    "saturation": Picture("Saturation at the end", _saturation, findings.saturation, _no_flat_layers),
    "updates": Picture("Update to data", lambda d: pictures.update_ratios(d.ratios), findings.updates, _no_matrices),
    "boundary": Picture("Decision boundary", _boundary, findings.boundary, _no_points),
    "embeddings": Picture("Character embeddings", _embeddings, findings.embeddings, _no_embedding),
    "attention": Picture(
        "Attention", lambda d: pictures.attention_maps(*d.attention), findings.attention, _no_attention
    ),
    "graph": Picture("Expression graph", lambda d: pictures.expression_graph(d.expression), findings.graph, _no_graph),
    "bigrams": Picture(
        "Bigrams of the training words",
        lambda d: pictures.bigram_chart(d.counts, d.run.vocabulary.itos),
        findings.bigrams,
        _no_words,
    ),
}
