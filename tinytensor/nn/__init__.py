"""Layers, losses and the functions behind them, named and behaving as in PyTorch."""

from typing import TYPE_CHECKING

from ..missing import names_of as _names_of
from . import functional, init, modules, parallel, utils
from .modules import *
from .parallel import DataParallel
from .parameter import Buffer, Parameter, UninitializedBuffer, UninitializedParameter

__all__ = [
    "Buffer",
    "DataParallel",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "functional",
    "init",
    "modules",
    "parallel",
    "utils",
]
__all__ += modules.__all__

if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
