"""makemore plot: one picture of a training, as PNG or SVG."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..data import NAMES
from ..diagnosis import STEPS, Diagnosis
from ..errors import Problem
from ..gallery import PICTURES, draw
from ..options import SEED, add_data, add_model, add_recipe, add_settings, given, whole
from ..progress import Progress

if TYPE_CHECKING:
    from ..run import Run

HELP = "Draw one picture of a training, as PNG or SVG."


def add(sub: argparse.ArgumentParser) -> None:
    """Its arguments."""
    sub.add_argument("kind", choices=list(PICTURES), metavar="KIND", help=f"one of {', '.join(PICTURES)}")
    sub.add_argument("--run", dest="directory", type=Path, metavar="DIR", help="directory that `makemore train` wrote")
    add_subject(sub)
    sub.add_argument("--out", type=Path, metavar="FILE", help="the picture, .png or .svg (default: KIND.png)")


def add_subject(sub: argparse.ArgumentParser) -> None:
    """The model that is looked at, where no run is: the arguments that `plot` and `diagnose` share."""
    add_model(sub, "instead of a run: a fresh model, trained while it is watched; one of")
    sub.add_argument(
        "--watch", type=whole(1), default=STEPS, metavar="N", help="of how many first steps the updates are measured"
    )
    sub.add_argument("--seed", type=SEED, metavar="N", help="of the fresh model (default: 2147483647)")
    add_data(sub)
    add_recipe(sub)
    add_settings(sub)


def run(options: argparse.Namespace) -> None:
    """Draws."""
    from ..pictures.canvas import check_path, save

    out = options.out or Path(f"{options.kind}.png")
    check_path(out)
    save(draw(options.kind, diagnosis_of(options)), out)
    print(f"written  {out}")


def diagnosis_of(options: argparse.Namespace) -> Diagnosis:
    """A diagnosis of what the options name, which shows how far it is when it has to train."""
    from ..pictures.canvas import require_matplotlib

    require_matplotlib()
    return Diagnosis(subject_of(options), options.watch, announced)


def announced(what: str, steps: int) -> Progress:
    """The progress of a part of the work, under its name."""
    print(f"watching {what}")
    return Progress(steps)


def subject_of(options: argparse.Namespace) -> "Run":
    """The run in the directory, or a fresh one."""
    from ..run import SEED as LECTURE
    from ..run import Run

    if options.directory is None and options.model is None:
        raise Problem("name what to look at: the directory of a run, or --model")
    if options.directory is None:
        seed = LECTURE if options.seed is None else options.seed
        return Run(options.model, options.data or NAMES, seed, **given(options))
    changes = [name for name in ("model", "seed") if getattr(options, name) is not None] + list(given(options))
    if changes:
        raise Problem(f"a run has its own {changes[0]}: --{changes[0].replace('_', '-')} goes without a directory")
    return Run.load(options.directory, options.data)
