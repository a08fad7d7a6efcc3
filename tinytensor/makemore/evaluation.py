"""How good a model is: the loss of a whole split, and of each word."""

from collections.abc import Iterator, Sequence

import numpy as np

import tinytensor as tt

from .data import Vocabulary
from .errors import Problem
from .examples import Examples
from .models import Model

ROWS = 4096  # a few thousand characters at a time keep the activations in the caches


def split_loss(model: Model, examples: Examples) -> float:
    """Mean negative log likelihood of all characters."""
    total = 0.0
    count = 0
    for losses in _losses(model, examples):
        total += float(losses.sum(dtype=np.float64))
        count += losses.size
    return total / count


def word_losses(model: Model, words: Sequence[str], vocabulary: Vocabulary) -> np.ndarray:
    """The negative log likelihood of each word: the sum over its characters and its end."""
    longest = model.longest
    if longest is not None and (too_long := next((word for word in words if len(word) > longest), None)):
        raise Problem(f"{too_long!r} has {len(too_long)} characters: at most {longest} are possible")
    losses = np.concatenate(list(_losses(model, model.examples(words, vocabulary))))
    ends = np.cumsum([len(word) + 1 for word in words])
    sums: np.ndarray = np.add.reduceat(losses.astype(np.float64), [0, *ends[:-1]])
    return sums


def _losses(model: Model, examples: Examples) -> Iterator[np.ndarray]:
    rows = max(1, ROWS // examples[:1][0][0].numel()) if len(examples) else 1
    training = model.training
    model.eval()
    with tt.no_grad():
        for start in range(0, len(examples), rows):
            yield model.token_losses(*examples[start : start + rows]).numpy()
    model.train(training)
