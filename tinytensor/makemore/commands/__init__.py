"""The commands, one file each: `add` describes the arguments of a command, `run` carries it out."""

from types import ModuleType

from . import sample, train

COMMANDS: dict[str, ModuleType] = {"train": train, "sample": sample}
