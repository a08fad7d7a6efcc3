"""Layers, losses and the functions behind them, named and behaving as in PyTorch."""

from . import functional, init, modules, utils
from .modules import *
from .modules import __all__ as _layers
from .parameter import Buffer, Parameter

__all__ = [*_layers, "Buffer", "Parameter", "functional", "init", "modules", "utils"]
