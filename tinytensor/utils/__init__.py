"""Helpers around training: datasets and loaders in `utils.data`, hook handles in `utils.hooks`."""

from . import data, hooks

__all__ = ["data", "hooks"]
