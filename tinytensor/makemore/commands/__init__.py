"""The commands, one file each: `add` describes the arguments of a command, `run` carries it out."""

from types import ModuleType

from . import compare, diagnose, eval, lr_find, plot, sample, train, tune

COMMANDS: dict[str, ModuleType] = {
    "train": train,
    "sample": sample,
    "eval": eval,
    "lr-find": lr_find,
    "tune": tune,
    "compare": compare,
    "plot": plot,
    "diagnose": diagnose,
}
