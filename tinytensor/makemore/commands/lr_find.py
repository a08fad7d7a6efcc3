"""makemore lr-find: which learning rate suits a model."""

import argparse
import json
from pathlib import Path

from ..data import NAMES
from ..errors import Problem
from ..files import check_writable
from ..options import SEED, add_data, add_model, add_recipe, add_settings, given, number
from ..progress import Progress

HELP = "Raise the learning rate from step to step and tell where the loss is lowest."
STEPS = 1000


def add(sub: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_model(sub, default="mlp")
    add_data(sub)
    sub.add_argument("--lowest", type=number(1e-38, 1e38), default=1e-3, metavar="LR", help="of the first step")
    sub.add_argument("--highest", type=number(1e-38, 1e38), default=1.0, metavar="LR", help="of the last step")
    sub.add_argument("--out", type=Path, metavar="FILE", help="keep the sweep there: a JSON object a step")
    sub.add_argument("--seed", type=SEED, metavar="N", default=2147483647, help="of weights and minibatches")
    add_recipe(sub, STEPS, without=("lr", "schedule", "decay_at"))
    add_settings(sub)


def run(options: argparse.Namespace) -> None:
    """Sweeps."""
    from ..run import Run
    from ..sweep import lr_find

    if options.lowest >= options.highest:
        raise Problem(f"--lowest {options.lowest:g} is not below --highest {options.highest:g}")
    if options.out is not None:
        check_writable(options.out)
    it = Run(options.model, options.data or NAMES, options.seed, **{"steps": STEPS} | given(options))
    if it.trainer.optimizer is None:
        raise Problem(f"{options.model} has no learning rate: it counts")
    with Progress(it.description.recipe.steps) as progress:
        sweep = lr_find(it, options.lowest, options.highest, progress)
    if not sweep.losses:
        raise Problem(f"the loss was no number from the first step: try a --lowest below {options.lowest:g}")
    if options.out is not None:
        rows = zip(sweep.lrs, sweep.losses, sweep.smooth, strict=True)
        lines = [json.dumps({"lr": lr, "loss": loss, "smooth": smooth}) + "\n" for lr, loss, smooth in rows]
        try:
            options.out.write_text("".join(lines))
        except OSError as error:
            raise Problem(f"cannot write {options.out}: {error.strerror}") from None
    print("lr            loss, smoothed")
    for i in range(0, len(sweep.lrs), max(1, len(sweep.lrs) // 20)):
        print(f"{sweep.lrs[i]:<12.3g}  {sweep.smooth[i]:.4f}")
    print(f"lowest at     {sweep.best:.3g}")
