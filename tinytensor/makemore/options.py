"""Arguments that several commands share, and the types of arguments."""

import argparse
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, get_args

from .data import NAMES
from .errors import Problem
from .models import MODELS, settings_of
from .models.bigram import CountModel
from .models.mlp_bn import Statistics
from .recipe import Method, Schedule

SETTINGS = {
    "block_size": "characters of context; in models of whole words: the longest word and its end",
    "n_embd": "numbers that stand for a character",
    "n_hidden": "units of a hidden layer",
    "n_head": "heads of attention",
    "n_layer": "layers of a deep model",
    "dropout": "share of what a block adds that is left out in training",
    "smoothing": "added to every count",
    "penalty": "what the squares of the parameters count in the loss: the mean of them, in micrograd the sum",
    "one_hot": "multiply by one-hot vectors instead of picking rows",
    "statistics": "of batch normalisation after training: followed while it ran, or measured when it is over",
    "direct": "connect the embeddings to the logits, past the hidden layer",
}


class Help(argparse.ArgumentDefaultsHelpFormatter):
    """Shows the defaults that say something."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if action.default in (None, "", False, NAMES):
            return action.help
        return super()._get_help_string(action)


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """An argument type: an integer within bounds."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if value < least or (most is not None and value > most):
            bounds = f"at least {least}" if most is None else f"between {least} and {most}"
            raise argparse.ArgumentTypeError(f"{value} is not {bounds}")
        return value

    return parse


def number(least: float, most: float) -> Callable[[str], float]:
    """An argument type: a number within bounds."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if not least <= value <= most:  # catches nan as well
            raise argparse.ArgumentTypeError(f"{text} is not between {least:g} and {most:g}")
        return value

    return parse


SEED = whole(0, 2**63 - 1)

RECIPE: dict[str, tuple[str, dict[str, Any]]] = {
    "steps": ("minibatches to train on", {"type": whole(1), "metavar": "N"}),
    "batch_size": ("examples in a minibatch; 0: all of them, in every step", {"type": whole(0), "metavar": "N"}),
    "lr": ("learning rate", {"type": number(1e-38, 1e38)}),
    "schedule": ("what becomes of the learning rate: by the end of all but constant it is a tenth", {}),
    "decay_at": (
        "the share of the steps after which schedule `step` takes a tenth",
        {"type": number(0, 1), "metavar": "SHARE"},
    ),
    "optimizer": ("how gradients move parameters", {}),
    "weight_decay": ("of the optimizer", {"type": number(0, 1e38), "metavar": "X"}),
}
RECIPE["schedule"][1]["choices"] = get_args(Schedule)
RECIPE["optimizer"][1]["choices"] = get_args(Method)


def add_data(sub: argparse.ArgumentParser) -> None:
    """The option --data."""
    sub.add_argument("--data", type=Path, metavar="FILE", help="UTF-8 text, one word a line (default: built-in names)")


def add_model(sub: argparse.ArgumentParser, text: str = "which one", **details: Any) -> None:
    """The option --model."""
    sub.add_argument("--model", choices=list(MODELS), metavar="MODEL", help=f"{text}: {', '.join(MODELS)}", **details)


def add_recipe(sub: argparse.ArgumentParser, steps: int | None = None, without: Collection[str] = ()) -> None:
    """How to train; what is not given is the model's own.

    Args:
        sub: the command.
        steps: how many a training has in this command, whatever the model.
        without: what the command sets itself.
    """
    group = sub.add_argument_group("recipe", "Each model has its own; those that count have none.")
    learning = {model: MODELS[model].recipe for model in MODELS if not issubclass(MODELS[model], CountModel)}
    for name, (text, details) in RECIPE.items():
        own = {model: getattr(recipe, name) for model, recipe in learning.items()}
        if name == "decay_at":
            own = {model: value for model, value in own.items() if learning[model].schedule == "step"}
        defaults = f"default: {steps}" if name == "steps" and steps else by_model(own)
        if name not in without:
            group.add_argument(flag(name), help=f"{text} ({defaults})", **details)


def add_settings(sub: argparse.ArgumentParser) -> None:
    """The settings of all models; which a model has, is found out when it is made."""
    group = sub.add_argument_group(
        "settings of the models", "In parentheses the models that have one, and its default."
    )
    for name, text in SETTINGS.items():
        defaults = {model: settings_of(model)[name] for model in MODELS if name in settings_of(model)}
        shown = {model: value or "as needed" for model, value in defaults.items()} if name == "block_size" else defaults
        group.add_argument(flag(name), help=f"{text} ({by_model(shown)})", **_details(next(iter(defaults.values()))))


def by_model(values: Mapping[str, object]) -> str:
    """Values and the models that have them: "mlp, manual: 3; wavenet: 8"; of what is off, the models only."""
    models: dict[object, list[str]] = {}
    for model, value in values.items():
        models.setdefault(value, []).append(model)
    shown = {value: f"{value:g}" if isinstance(value, float) else str(value) for value in models}
    return "; ".join(
        ", ".join(names) + ("" if value is False else f": {shown[value]}") for value, names in models.items()
    )


def flag(name: str) -> str:
    """The option of a setting: `--n-hidden` of n_hidden."""
    return "--" + name.replace("_", "-")


def _details(default: object) -> dict[str, Any]:
    if isinstance(default, bool):
        return {"action": argparse.BooleanOptionalAction, "default": None}
    if isinstance(default, int):
        return {"type": whole(1), "metavar": "N"}
    if isinstance(default, float):
        return {"type": number(0, 1e38), "metavar": "X"}
    return {"choices": get_args(Statistics)}


def parse_setting(name: str, text: str) -> Any:
    """The value of a setting, as its option would read it."""
    single = argparse.ArgumentParser(prog="", add_help=False, exit_on_error=False)
    add_recipe(single)
    add_settings(single)
    action = next(action for action in single._actions if action.dest == name)
    if isinstance(action, argparse.BooleanOptionalAction):
        if text.lower() not in ("true", "false"):
            raise Problem(f"{name} is true or false, not {text!r}")
        return text.lower() == "true"
    try:
        return getattr(single.parse_args([f"{flag(name)}={text}"]), name)
    except argparse.ArgumentError as error:
        raise Problem(f"{name}: {error.message}") from None


def given(options: argparse.Namespace) -> dict[str, Any]:
    """The settings and the parts of the recipe that stand on the command line."""
    names = [*SETTINGS, *RECIPE]
    return {name: value for name in names if (value := getattr(options, name, None)) is not None}
