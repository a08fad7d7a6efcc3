"""makemore train: trains a model, tells its losses, keeps it and prints some words of its making."""

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from ..data import NAMES
from ..errors import Problem
from ..models.manual import Manual
from ..options import SEED, add_data, add_model, add_recipe, add_settings, given, whole
from ..progress import Progress, per_second

if TYPE_CHECKING:
    from ..run import Run

HELP = "Train a model on a list of words, print its losses and 20 new words."


def add(sub: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_model(sub, "which one, mlp if not given")
    add_data(sub)
    sub.add_argument("--out", type=Path, metavar="DIR", help="where the run is kept (default: runs/MODEL)")
    sub.add_argument("--resume", action="store_true", help="go on with the run kept in --out, as if it never stopped")
    sub.add_argument("--save-every", type=whole(1), metavar="N", help="steps between checkpoints (default: a 20th)")
    sub.add_argument("--tensorboard", action="store_true", help="also log to DIR/tensorboard; needs tensorboardX")
    sub.add_argument("--check", action="store_true", help="only compare manual's gradients with autograd's")
    sub.add_argument("--seed", type=SEED, metavar="N", help="of weights and minibatches (default: 2147483647)")
    add_recipe(sub)
    add_settings(sub)


def run(options: argparse.Namespace) -> None:
    """Trains."""
    from ..run import SEED as LECTURE
    from ..run import Run  # needs safetensors, which the engine itself does without

    out = options.out or Path("runs") / (options.model or "mlp")
    if options.resume:
        it = Run.load(out, options.data)
        refuse_changes(it, options, out)
    else:
        seed = LECTURE if options.seed is None else options.seed
        it = Run(options.model or "mlp", options.data or NAMES, seed, **given(options))
    describe(it)
    if options.check:
        check(it)
        return
    it.keep_in(out, options.tensorboard)
    first, steps = it.trainer.step, it.description.recipe.steps
    if first:
        print(f"resumed  after step {first:,}")
    try:
        with Progress(steps, first) as progress:
            it.train(progress, options.save_every)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"makemore train --out {shlex.quote(str(out))} --resume goes on") from None
    made = steps - first
    print(f"trained  {made:,} steps in {progress.seconds:.1f} s, {per_second(made, progress.seconds)}")
    results = it.description.results
    print(f"loss     train {results['train_loss']:.4f}, dev {results['dev_loss']:.4f}")
    for split in ("train", "dev"):
        if summary := it.model.summary(it.examples[split]):
            print(f"{split:8} {summary}")
    print(f"kept in  {out}\n")
    if it.model.makes_words:
        for word in it.sample():
            print(word)


def check(it: "Run") -> None:
    """Prints the gradients of the first minibatch by hand beside autograd's, as the fourth lecture does."""
    if not isinstance(it.model, Manual):
        raise Problem(f"--check: {it.description.model} has no backward pass written by hand, manual has")
    comparisons = it.model.check(*it.trainer.minibatch())
    print(*comparisons, sep="\n")
    worst = max(comparisons, key=lambda each: each.maxdiff)
    if not worst.maxdiff <= 1e-7:
        raise Problem(f"the gradient of {worst.name} is {worst.maxdiff} from that of autograd")


def describe(it: "Run") -> None:
    """Two lines: of the data and of the model."""
    sizes = " + ".join(f"{len(part):,}" for part in it.examples.values())
    words = f"{sum(map(len, it.words.values())):,} words, {len(it.vocabulary)} characters, "
    print(f"data     {words if it.model.makes_words else ''}{sizes} examples (train + dev + test)")
    print(f"model    {it.description.model}, {sum(p.numel() for p in it.model.parameters()):,} parameters", flush=True)


def refuse_changes(it: "Run", options: argparse.Namespace, out: Path) -> None:
    """A run that goes on cannot become another one."""
    kept = it.description
    has = {"model": kept.model, "seed": kept.seed} | dict(kept.settings) | vars(kept.recipe)
    wanted = {name: getattr(options, name) for name in ("model", "seed")} | given(options)
    for name, value in wanted.items():
        if value is not None and name not in has:
            raise Problem(f"{out} holds a run of {kept.model}, which has no setting {name}")
        if value is not None and has[name] != value:
            raise Problem(f"{out} holds a run with {name} {has[name]}, not {value}")
