"""A training, looked at from inside: activations, gradients, attention, and how large the updates are.

A `Diagnosis` measures only what it is asked for, and each thing once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import tinytensor as tt

from .data import NAMES
from .errors import Problem
from .glimpse import Array, Glimpse, look
from .models import WordModel
from .models.micrograd import Micrograd
from .pictures.expression import Node, Trace

if TYPE_CHECKING:
    from .run import Run
    from .sweep import Sweep

Watch = Callable[[int, float], None]
Progress = Callable[[str, int], AbstractContextManager[Watch]]

STEPS = 1000  # watched from the beginning of the training
LOWEST, HIGHEST = 1e-2, 400.0  # learning rates of the sweep, in those of the recipe
WINDOWS, WORDS = 256, 64  # examples looked at
GRID = 40  # points along each side of the plane that a classifier is asked about
TOKENS = 14  # characters of the word whose attention is shown, at most


class Diagnosis:
    """What can be known of a training: of its beginning, which is repeated, and of its model at the end.

    Example:
        diagnosis = Diagnosis(Run.load(Path("runs/mlp")))
        pictures.saturation_map(next(iter(diagnosis.end.layers.values())).activations)
    """

    def __init__(self, run: Run, steps: int = STEPS, progress: Progress = lambda what, steps: nullcontext(_silent)):
        """Of a run.

        Args:
            run: one that was trained, or a fresh one, which is then trained for `steps` steps when its end is asked for.
            steps: how many of the first steps are watched.
            progress: makes, of what is done and in how many steps, a context, whose value is called after each of them
                with its number, from 1, and its loss.
        """
        self.run = run
        self.name = run.description.model
        self.steps = min(steps, run.description.recipe.steps)
        self.trained_before = run.trainer.step > 0
        self._progress = progress
        self._fresh = again(run) if self.trained_before else run
        self._draws = tt.get_rng_state()  # of the fresh run's minibatches, whatever else is drawn meanwhile

    @property
    def trained(self) -> Run:
        """The run with the model at its end."""
        if not self.trained_before and self.learns:
            _ = self.beginning
        elif self.run.trainer.step == 0:
            self.run.train()  # counting takes one step
        return self.run

    @property
    def learns(self) -> bool:
        """Whether the model has parameters; one that counts has none."""
        return self.run.trainer.optimizer is not None

    @cached_property
    def start(self) -> Glimpse:
        """The fresh model, on some examples."""
        self._refuse_counts()
        return look(self._fresh.model, *self._examples)

    @cached_property
    def beginning(self) -> dict[str, list[float]]:
        """log10 of std(update) / std(data) of each matrix over the first steps, and under "loss" the losses."""
        _ = self.start  # before the steps change the model
        with tt.random.fork_rng(), self._progress("the first steps", self.steps) as watch:
            tt.set_rng_state(self._draws)
            return self._train(watch)

    def _train(self, watch: Watch) -> dict[str, list[float]]:
        """The watched steps."""
        trainer = self._fresh.trainer
        matrices = {name: p for name, p in trainer.model.named_parameters() if p.ndim >= 2}
        curves: dict[str, list[float]] = {name: [] for name in matrices}
        losses = []
        for step in range(1, self.steps + 1):
            before = {name: p.detach().numpy().copy() for name, p in matrices.items()}
            losses.append(trainer.update())
            if not math.isfinite(losses[-1]):
                raise Problem(f"the loss became {losses[-1]} at step {step}: try a smaller learning rate")
            for name, p in matrices.items():
                curves[name].append(_log_ratio(before[name], p.detach().numpy()))
            watch(step, losses[-1])
        trainer.model.calibrate(trainer.examples)
        return curves | {"loss": losses}

    @cached_property
    def ratios(self) -> dict[str, list[float]]:
        """The ratios of `beginning`."""
        return {name: values for name, values in self.beginning.items() if name != "loss"}

    @cached_property
    def losses(self) -> tuple[Array, Array, dict[str, list[tuple[int, float]]]]:
        """Steps, losses, and the losses of whole splits: of the run's metrics, or of the first steps."""
        rows = self.trained.metrics.rows
        if not rows:
            watched = self.beginning["loss"]
            return np.arange(1, len(watched) + 1), np.array(watched), {}
        splits = {
            split: [(int(row["step"]), row[f"{split}_loss"]) for row in rows if f"{split}_loss" in row]
            for split in ("train", "dev")
        }
        steps, losses = (np.array([row[key] for row in rows]) for key in ("step", "loss"))
        return steps, losses, {split: points for split, points in splits.items() if points}

    @cached_property
    def end(self) -> Glimpse:
        """The trained model, on the same examples."""
        self._refuse_counts()
        return look(self.trained.model, *self._examples)

    @cached_property
    def attention(self) -> tuple[dict[str, Array], list[str]]:
        """The trained model's attention over one word: weights (heads, T, T) by layer, and the characters."""
        if not self.learns or not isinstance(self.run.model, WordModel):
            return {}, []
        word = max((w[:TOKENS] for w in self.run.words["dev"][:50]), key=len)
        vocabulary = self.run.vocabulary
        ids = [0, *vocabulary.encode(word)][: self.run.model.block_size]
        seen = look(self.trained.model, tt.tensor([ids]), tt.tensor([[*ids[1:], 0]])).attention
        maps = {name: w[0] for name, w in seen.items() if w.ndim == 4 and w.shape[2:] == (len(ids), len(ids))}
        return maps, [vocabulary.itos[i] for i in ids]

    @cached_property
    def expression(self) -> Node | None:
        """The computation of the fresh model's loss on as few examples as it takes; None where autograd sees nothing.

        Of micrograd, whose loss is far too large for a picture, it is the output of the first neuron: "out".
        """
        if not self.learns:
            return None
        with tt.random.fork_rng():
            model = again(self.run).model
        x, y = self._fresh.trainer.examples[: model.least_batch]
        names = dict(model.named_parameters())
        with Trace() as trace:
            if isinstance(model, Micrograd):
                neuron = model.layers.get_submodule("0.neurons.0")
                x1, x2 = (tt.tensor(value, requires_grad=True) for value in x[0].tolist())
                w1, w2 = neuron.get_submodule("w").parameters()
                root = neuron([x1, x2])
                names = {"x1": x1, "x2": x2, "w1": w1, "w2": w2, "b": neuron.get_parameter("b"), "out": root}
            else:
                root = model.loss(x, y)
                names |= {"x": x, "y": y, "loss": root}
        if not root.requires_grad:
            return None
        root.backward()
        return trace.expression(root, names)

    @property
    def moons(self) -> bool:
        """Whether it tells points of the plane apart."""
        return isinstance(self.run.model, Micrograd)

    @cached_property
    def scores(self) -> tuple[Array, Array, Array]:
        """What the trained model makes of a grid of points around the two moons: x1 (N,), x2 (M,), scores (M, N)."""
        points, _ = self.run.examples["train"][:]
        low, high = points.numpy().min(axis=0) - 0.5, points.numpy().max(axis=0) + 0.5
        x1, x2 = (np.linspace(low[i], high[i], GRID, dtype=np.float32) for i in range(2))
        grid = np.stack(np.meshgrid(x1, x2), axis=-1)
        model = self.trained.model
        with tt.no_grad():
            scores = model(tt.from_numpy(grid.reshape(-1, 2))).numpy()
        return x1, x2, scores.reshape(GRID, GRID)

    @property
    def reads_words(self) -> bool:
        """Whether its loss is that of a language model."""
        return bool(self.run.model.makes_words)

    @property
    def uniform(self) -> float | None:
        """The loss of guessing uniformly, -log(1 / V), of a language model."""
        return math.log(len(self.run.vocabulary)) if self.reads_words else None

    @cached_property
    def sweep(self) -> Sweep:
        """A training in which the learning rate grows, far below the recipe's at first and far above it at last."""
        from .sweep import lr_find

        lr = self.run.description.recipe.lr
        with tt.random.fork_rng(), self._progress("the learning-rate sweep", self.steps) as watch:
            sweep = lr_find(again(self.run, steps=self.steps), lr * LOWEST, lr * HIGHEST, watch)
        if not sweep.losses:
            raise Problem(f"the loss was no number from the first step, at a learning rate of {lr * LOWEST:g}")
        return sweep

    @cached_property
    def counts(self) -> Array:
        """How often each character follows each other one in the training words, (V, V)."""
        return bigram_counts(self.run)

    @cached_property
    def _examples(self) -> tuple[tt.Tensor, tt.Tensor]:
        examples = self._fresh.trainer.examples
        count = WORDS if isinstance(self._fresh.model, WordModel) else WINDOWS
        return examples[tt.randint(0, len(examples), (count,), generator=tt.Generator().manual_seed(0))]

    def _refuse_counts(self) -> None:
        if not self.learns:
            raise Problem(f"{self.name} only counts: it has neither activations nor gradients")


def _silent(step: int, loss: float) -> None:
    """Where nobody waits for news."""


def again(run: Run, **changes: Any) -> Run:
    """The same training, or one that differs in some settings, from its beginning."""
    from .run import Run

    d = run.description
    return Run(d.model, Path(d.data) if d.data else NAMES, d.seed, **(dict(d.settings) | asdict(d.recipe) | changes))


def _log_ratio(before: Array, after: Array) -> float:
    """log10 of std(after - before) / std(before); -inf where nothing moved, inf where nothing finite is left."""
    if not np.isfinite(after).all():
        return math.inf
    moved, size = float(np.std(after - before, dtype=np.float64)), float(np.std(before, dtype=np.float64))
    return math.log10(moved / size) if moved > 0 and size > 0 else -math.inf


def bigram_counts(run: Run) -> Array:
    """How often each character follows each other one in the training words, (V, V)."""
    size = len(run.vocabulary)
    ids = np.array([i for word in run.words["train"] for i in (*run.vocabulary.encode(word), 0)])
    pairs = np.concatenate(([0], ids))[:-1] * size + ids
    return np.bincount(pairs, minlength=size * size).reshape(size, size)
