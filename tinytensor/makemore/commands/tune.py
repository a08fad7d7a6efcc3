"""makemore tune: a grid of settings, judged by the loss of dev."""

import argparse
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..data import NAMES
from ..errors import Problem
from ..files import check_writable
from ..models import settings_of
from ..options import RECIPE, SEED, SETTINGS, add_data, add_model, add_recipe, add_settings, given, parse_setting, whole
from ..progress import Lines

if TYPE_CHECKING:
    from ..tuning import Trial

HELP = "Train a model with every combination of some settings and rank them by the loss of dev."


def add(sub: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_model(sub, default="mlp")
    sub.add_argument(
        "--grid",
        nargs="+",
        required=True,
        metavar="NAME=A,B,...",
        help="e.g. smoothing=0.1,1,10 or lr=0.1,0.3 n_embd=2,10",
    )
    add_data(sub)
    processes = os.cpu_count() or 1
    sub.add_argument("--processes", type=whole(1), default=processes, metavar="N", help="trainings at a time")
    sub.add_argument("--out", type=Path, metavar="FILE", help="keep the trials there: a JSON object each")
    sub.add_argument("--seed", type=SEED, metavar="N", default=2147483647, help="of weights and minibatches")
    add_recipe(sub)
    add_settings(sub)


def run(options: argparse.Namespace) -> None:
    """Tunes."""
    from ..tuning import tune

    grid: dict[str, list[Any]] = {}
    for text in options.grid:
        name, values = axis(text, options.model)
        if name in grid:
            raise Problem(f"--grid {text}: {name} stands there twice; write {name}=A,B")
        grid[name] = values
    if options.out is not None:
        check_writable(options.out)
    count = math.prod(map(len, grid.values()))
    trials = []
    data = options.data or NAMES
    with Lines(count, "trainings") as tell:
        for trial in tune(options.model, grid, data, options.seed, options.processes, **given(options)):
            trials.append(trial)
            point = "  ".join(f"{name} {value}" for name, value in trial.options.items())
            tell(f"{len(trials):{len(str(count))}}/{count}  dev {shown(trial.dev_loss)}  {point}")
    trials.sort(key=lambda trial: trial.dev_loss)
    if options.out is not None:
        try:
            options.out.write_text("".join(json.dumps(vars(trial)) + "\n" for trial in trials))
        except OSError as error:
            raise Problem(f"cannot write {options.out}: {error.strerror}") from None
    print()
    for line in table(list(grid), trials):
        print(line)


def table(names: list[str], trials: "list[Trial]") -> Iterator[str]:
    """A line for each trial, under one that says what stands in them."""
    widths = [max(len(name), *(len(str(trial.options[name])) for trial in trials)) for name in names]
    head = "  ".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True))
    yield f"{head}   train     dev  seconds"
    for trial in trials:
        point = "  ".join(f"{trial.options[name]!s:>{width}}" for name, width in zip(names, widths, strict=True))
        yield f"{point}  {shown(trial.train_loss)}  {shown(trial.dev_loss)}  {trial.seconds:7.1f}"


def shown(loss: float) -> str:
    """A loss in six characters; those of a training that flew off are only so large."""
    return f"{loss:.4f}" if loss < 10 else f"{loss:6.3g}" if loss < 1e3 else f"{loss:6.0e}"


def axis(text: str, model: str) -> tuple[str, list[Any]]:
    """A name and its values, of "name=a,b,c"."""
    name, _, values = text.partition("=")
    name = name.strip().lstrip("-").replace("-", "_")
    known = [*settings_of(model), *RECIPE]
    if (name not in SETTINGS and name not in RECIPE) or name not in known:
        raise Problem(f"--grid {text}: {model} has no setting {name!r} (it has: {', '.join(known)})")
    if not values:
        raise Problem(f"--grid {text}: it needs values, as in {name}=A,B")
    return name, [parse_setting(name, value.strip()) for value in values.split(",")]
