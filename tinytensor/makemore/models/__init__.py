"""The models of the lectures, one file each."""

from .mlp import MLP
from .model import Model

MODELS = {"mlp": MLP}

__all__ = ["MLP", "MODELS", "Model"]
