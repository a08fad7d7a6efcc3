"""makemore eval: how good a trained model is, and on which words it is worst."""

import argparse
import math
from pathlib import Path

import numpy as np

from ..errors import Problem
from ..evaluation import word_losses
from ..options import whole

HELP = "Tell a trained model's losses, and the words it finds least likely."


def add(sub: argparse.ArgumentParser) -> None:
    """Its arguments."""
    sub.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="directory that `makemore train` wrote")
    sub.add_argument("--data", type=Path, metavar="FILE", help="the word list it was trained on, where that has moved")
    sub.add_argument("--words", nargs="+", metavar="WORD", help="tell the likelihood of these words instead")
    sub.add_argument(
        "--worst", type=whole(0), default=10, metavar="N", help="how many of the least likely words of dev"
    )


def run(options: argparse.Namespace) -> None:
    """Evaluates."""
    from .. import checkpoint
    from ..run import Run

    if options.words:
        kept = checkpoint.load(options.checkpoint)
        if not kept.model.makes_words:
            raise Problem(f"{kept.description.model} reads no words")
        words = [word for word in options.words if word]
        if not words:
            raise Problem("--words needs a word that is not empty")
        table(words, word_losses(kept.model, words, kept.vocabulary))
        return
    it = Run.load(options.checkpoint, options.data)
    print(f"model    {it.description.model}, {it.trainer.step:,} of {it.description.recipe.steps:,} steps")
    print("split        loss  perplexity  NLL of a word")
    for split, words in it.words.items():
        loss = it.loss(split)
        tokens = sum(len(word) + 1 for word in words)
        if it.model.makes_words:
            print(f"{split:5} {loss:11.4f} {math.exp(loss):11.4f} {loss * tokens / len(words):14.4f}")
        else:
            print(f"{split:5} {loss:11.4f} {'-':>11} {'-':>14}")
        if summary := it.model.summary(it.examples[split]):
            print(f"      {summary}")
    if it.model.makes_words and options.worst:
        losses = word_losses(it.model, it.words["dev"], it.vocabulary)
        worst = np.argsort(-losses, kind="stable")[: options.worst]
        print("\nleast likely in dev")
        table([it.words["dev"][i] for i in worst], losses[worst])


def table(words: list[str], losses: np.ndarray) -> None:
    """Each word with its negative log likelihood, whole and by character."""
    width = max(map(len, words), default=0)
    print(f"{'word':{width}}      NLL  NLL of a character")
    for word, loss in zip(words, losses, strict=True):
        print(f"{word:{width}} {loss:8.3f} {loss / (len(word) + 1):19.3f}")
