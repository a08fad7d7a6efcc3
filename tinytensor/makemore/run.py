"""A run: one training from the word list to the finished model, that can be kept, continued and looked at."""

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import tinytensor as tt

from . import checkpoint
from .checkpoint import Checkpoint, Description
from .data import NAMES, Vocabulary, read_words, split_words
from .errors import Problem
from .evaluation import split_loss
from .metrics import Metrics, Row, read_metrics
from .models import MODELS, complete
from .recipe import Recipe
from .sampling import sample_words
from .training import Trainer

SEED = 2147483647
RECIPE = {f.name for f in fields(Recipe)}
METRICS = "metrics.jsonl"
ROWS = 1000  # about how many rows of metrics a training leaves
Watch = Callable[[int, float], None]


class Run:
    """One training of one model on one word list.

        run = Run("mlp", n_hidden=100, steps=20_000)
        run.train()
        print(run.loss("dev"), *run.sample(10, prefix="ma"))

    Attributes:
        description: which training it is.
        vocabulary: its characters.
        words: the word list, split: `words["train"]`, `words["dev"]`, `words["test"]`.
        examples: what the model makes of each split.
        model: the model.
        trainer: its training, step by step.
        metrics: `metrics.rows` are the numbers it told: step, loss (mean since the last row), lr, seconds, and at
            each tenth dev_loss.
        seconds: how long it has trained.
    """

    def __init__(self, model: str = "mlp", data: Path = NAMES, seed: int = SEED, **options: Any):
        """A training from its beginning.

        Args:
            model: its name in MODELS.
            data: UTF-8 text, one word a line.
            seed: of the weights and the minibatches.
            options: settings of the model and of its recipe, where they are not to be the lecture's.
        """
        if model not in MODELS:
            raise Problem(f"there is no model {model!r} (there are: {', '.join(MODELS)})")
        words = read_words(data)
        settings = complete(model, {k: v for k, v in options.items() if k not in RECIPE}, words)
        recipe = replace(MODELS[model].recipe, **{k: v for k, v in options.items() if k in RECIPE})
        path = None if data == NAMES else str(data)
        characters = Vocabulary.of(words).characters
        description = Description(model, settings, recipe, seed, characters, path, _digest(words))
        least = MODELS[model].least_batch
        if 0 < recipe.batch_size < least:
            raise Problem(f"{model} needs a batch_size of at least {least}; it is {recipe.batch_size}")
        tt.manual_seed(seed)
        try:
            fresh = description.build()
        except (ValueError, TypeError, RuntimeError) as error:
            raise Problem(" ".join(str(error).split())) from None
        self._set_up(description, words, fresh)

    def __repr__(self) -> str:
        d = self.description
        return f"Run({d.model!r}, {self.trainer.step:,} of {d.recipe.steps:,} steps)"

    def _set_up(self, description: Description, words: list[str], model: Any) -> None:
        self.description = description
        self.vocabulary = Vocabulary(description.characters)
        self.words = dict(zip(("train", "dev", "test"), split_words(words), strict=True))
        self.model = model
        self.examples = model.splits(self.words, self.vocabulary)
        self.trainer = Trainer(model, self.examples["train"], description.recipe)
        self.metrics = Metrics()
        self.seconds = 0.0
        self._out: Path | None = None

    @classmethod
    def load(cls, directory: Path, data: Path | None = None) -> "Run":
        """The run kept in a directory, where it stood when it was last saved; `data` where its word list lies now."""
        kept = checkpoint.load(directory)
        description = kept.description
        words = read_words(data or Path(description.data or NAMES))
        if _digest(words) != description.words:
            raise Problem(
                f"the words of {data or description.data or 'the built-in list'} are not those of {directory}"
            )
        run = cls.__new__(cls)
        run._set_up(description, words, kept.model)
        try:
            run.trainer.load_state(kept.state)
        except (ValueError, TypeError, RuntimeError, KeyError) as error:
            raise Problem(f"{directory} is damaged: {' '.join(str(error).split())}") from None
        rows = read_metrics(directory / METRICS)
        run.metrics = Metrics(row for row in rows if row["step"] <= run.trainer.step)
        run.seconds = run.metrics.rows[-1]["seconds"] if run.metrics.rows else 0.0
        return run

    def keep_in(self, directory: Path, tensorboard: bool = False) -> None:
        """From now on checkpoints and metrics go to the directory, in place of what is there."""
        checkpoint.prepare(directory)
        self._out = directory
        self.metrics.keep_in(directory / METRICS, tensorboard)
        self.save()

    def save(self) -> None:
        """Writes a checkpoint, where the run is kept in a directory."""
        if self._out is not None:
            checkpoint.save(Checkpoint(self.description, self.model, self.trainer.state()), self._out)

    def train(self, watch: Watch = lambda step, loss: None, save_every: int | None = None) -> None:
        """Makes the steps that are left.

        Args:
            watch: called after every step with its number, from 1, and its loss.
            save_every: after so many steps the run is saved, with the next row of metrics; by default a twentieth.
        """
        trainer, steps = self.trainer, self.description.recipe.steps
        save_every = save_every or max(1, steps // 20)
        saved = trainer.step
        start = time.perf_counter() - self.seconds
        losses: list[float] = []
        for loss in trainer:
            losses.append(loss)
            watch(trainer.step, loss)
            if trainer.step % max(1, steps // ROWS) and trainer.step not in (1, steps):
                continue
            row = self._row(sum(losses) / len(losses))
            losses.clear()
            if trainer.step == steps:
                row |= self._conclude()
            self.seconds = round(time.perf_counter() - start, 3)
            self.metrics.add(row | {"seconds": self.seconds})
            if trainer.step - saved >= save_every or trainer.step == steps:
                self.save()
                saved = trainer.step
        self.metrics.close()

    def _row(self, loss: float) -> Row:
        if not math.isfinite(loss):
            raise Problem(f"the loss became {loss}: try a smaller learning rate than {self.description.recipe.lr}")
        step, steps = self.trainer.step, self.description.recipe.steps
        row: Row = {"step": step, "loss": loss, "lr": self.trainer.lr}
        if step < steps and step % max(1, steps // 10) == 0:
            self.model.calibrate(self.trainer.examples)
            row["dev_loss"] = self.loss("dev")
        return row

    def _conclude(self) -> Row:
        self.model.calibrate(self.trainer.examples)
        results = {"train_loss": self.loss("train"), "dev_loss": self.loss("dev")}
        self.description = replace(self.description, results=results)
        return results

    def loss(self, split: str) -> float:
        """The mean negative log likelihood of a character of "train", "dev" or "test"."""
        return split_loss(self.model, self.examples[split])

    def sample(self, count: int = 20, **options: Any) -> Iterator[str]:
        """Words of the model's making; the options are those of `sample_words`."""
        return sample_words(self.model, self.vocabulary, count, **options)


def _digest(words: list[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
