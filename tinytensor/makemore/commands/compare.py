"""makemore compare: all models in one table."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..data import NAMES
from ..errors import Problem
from ..models import MODELS
from ..models.bigram import CountModel
from ..options import SEED, add_data, add_recipe, given
from ..progress import Progress, per_second

if TYPE_CHECKING:
    from ..run import Run

HELP = "Train all models, or go on where that was left, and print them in one table."
HEAD = "model          parameters   train     dev    test  seconds   steps/s"


def add(sub: argparse.ArgumentParser) -> None:
    """Its arguments."""
    which = f"which ones (default: all, {', '.join(MODELS)})"
    sub.add_argument("--models", nargs="+", choices=list(MODELS), metavar="MODEL", help=which)
    add_data(sub)
    sub.add_argument("--out", type=Path, default=Path("runs"), metavar="DIR", help="the runs are kept in DIR/MODEL")
    sub.add_argument("--seed", type=SEED, metavar="N", default=2147483647, help="of weights and minibatches")
    add_recipe(sub)


def run(options: argparse.Namespace) -> None:
    """Compares. A run that is kept already is not made again."""
    rows = []
    for name in options.models or MODELS:
        it = open_run(name, options)
        left = it.description.recipe.steps - it.trainer.step
        if left:
            print(f"{name}: {left:,} step{'s' if left > 1 else ''}", flush=True)
            it.keep_in(options.out / name)
            with Progress(it.description.recipe.steps, it.trainer.step) as progress:
                it.train(progress)
        rows.append(row(it))
    print("\n" + HEAD)
    print("\n".join(rows))
    if "micrograd" in (options.models or MODELS):
        print("micrograd tells points apart: its losses are hinge losses, and compare with no other")


def open_run(name: str, options: argparse.Namespace) -> "Run":
    """The run kept in DIR/MODEL, or else a fresh one."""
    from ..run import Run

    recipe = {} if issubclass(MODELS[name], CountModel) else given(options)
    fresh = Run(name, options.data or NAMES, options.seed, **recipe)
    directory = options.out / name
    if not (directory / "config.json").exists():
        return fresh
    kept = Run.load(directory, options.data)
    if kept.description.plan != fresh.description.plan:
        raise Problem(f"{directory} holds another run, with other words, settings or seed: give another --out")
    return kept


def row(it: "Run") -> str:
    """The line of a run."""
    results, parameters = it.description.results, sum(p.numel() for p in it.model.parameters())
    rate = per_second(it.description.recipe.steps, it.seconds).split()[0]
    losses = f"{results['train_loss']:.4f}  {results['dev_loss']:.4f}  {it.loss('test'):.4f}"
    return f"{it.description.model:14} {parameters:10,}  {losses} {it.seconds:8.1f} {rate:>9}"
