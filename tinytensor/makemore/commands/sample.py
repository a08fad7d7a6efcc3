"""makemore sample: prints words made by a trained model."""

import argparse
from pathlib import Path

from ..options import SEED, number, whole
from ..sampling import SEED as DEFAULT_SEED
from ..sampling import sample_words

HELP = "Print new words from a trained model."


def add(sub: argparse.ArgumentParser) -> None:
    """Its arguments."""
    sub.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="directory that `makemore train` wrote")
    sub.add_argument("--count", type=whole(0), default=20, metavar="N", help="how many words")
    sub.add_argument("--prefix", default="", metavar="TEXT", help="how every word begins")
    sub.add_argument(
        "--temperature", type=number(0.01, 100), default=1.0, metavar="T", help="below 1: likelier characters"
    )
    sub.add_argument("--top-k", type=whole(1), metavar="K", help="only the K likeliest characters can come")
    sub.add_argument("--seed", type=SEED, default=DEFAULT_SEED, metavar="N", help="of the draws")


def run(options: argparse.Namespace) -> None:
    """Samples."""
    from .. import checkpoint

    kept = checkpoint.load(options.checkpoint)
    draws = (options.count, options.seed, options.prefix, options.temperature, options.top_k)
    for word in sample_words(kept.model, kept.vocabulary, *draws):
        print(word)
