"""Helpers around training: datasets and loaders in `utils.data`, recomputation in `utils.checkpoint`, hook handles."""

from typing import TYPE_CHECKING

from ..missing import names_of as _names_of
from . import checkpoint, data, hooks

__all__ = ["checkpoint", "data", "hooks"]

if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
