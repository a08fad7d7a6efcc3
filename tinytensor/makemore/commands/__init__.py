"""The commands, one file each: `add` describes the arguments of a command, `run` carries it out."""

from types import ModuleType

from . import diagnose, plot, sample, train

COMMANDS: dict[str, ModuleType] = {"train": train, "sample": sample, "plot": plot, "diagnose": diagnose}
