"""makemore: character-level language models that learn a list of words and make more like them.

From a notebook, what the command line does:

    from tinytensor import makemore

    run = makemore.Run("mlp", n_hidden=100, steps=20_000)
    run.train()
    print(run.loss("dev"), *run.sample(10, prefix="ma"))

and its pictures, of plain tensors or of a whole training (with Matplotlib there):

    from tinytensor.makemore import pictures
    from tinytensor.makemore.diagnosis import Diagnosis

    pictures.loss_curve([row["loss"] for row in run.metrics.rows])
    pictures.update_ratios(Diagnosis(run).ratios)

`run.train()` is silent; the lines of the command line are those of `progress.Progress`:

    with Progress(20_000) as progress:
        run.train(progress)

Every number it told on the way is in `run.metrics.rows`; `run.keep_in(Path("runs/mine"))` before it trains keeps the run,
and `makemore.Run.load(Path("runs/mine"))` goes on with it. Step by step, with the gradients at hand:

    for loss in makemore.Run("mlp-bn").trainer:
        ...

`run.py` is where to start reading; `models/` has the systems of the lectures, one file each, and in `models/model.py`
what a model is asked for. `recipe.py` says how to train, `training.py` does it, `evaluation.py` and `sampling.py` use
what comes out, `checkpoint.py` and `metrics.py` keep it.
"""

from typing import TYPE_CHECKING, Any

from .data import Vocabulary, build_dataset, read_words, split_words
from .errors import Problem
from .evaluation import split_loss, word_losses
from .models import MLP, MODELS, Model
from .recipe import Recipe
from .sampling import sample_word, sample_words
from .training import Trainer

if TYPE_CHECKING:
    from .run import Run


def __getattr__(name: str) -> Any:
    if name == "Run":  # when first asked for: it needs safetensors, which the rest does without
        from .run import Run

        return Run
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "MLP",
    "MODELS",
    "Model",
    "Problem",
    "Recipe",
    "Run",
    "Trainer",
    "Vocabulary",
    "build_dataset",
    "read_words",
    "sample_word",
    "sample_words",
    "split_loss",
    "split_words",
    "word_losses",
]
