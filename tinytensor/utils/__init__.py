"""Helpers around training: datasets and loaders in `utils.data`, hook handles in `utils.hooks`."""

from typing import TYPE_CHECKING

from ..missing import names_of as _names_of
from . import data, hooks

__all__ = ["data", "hooks"]

if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
