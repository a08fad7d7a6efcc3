"""The models of the lectures, one file each, and the registry that knows them by name."""

import inspect
from collections.abc import Mapping, Sequence

from ..errors import Problem
from .bigram import Bigram, BigramCount
from .bow import BoW
from .gru import GRU
from .lstm import LSTM
from .manual import Manual
from .micrograd import Micrograd
from .mlp import MLP
from .mlp_bn import MLPBN
from .model import Model, WordModel
from .rnn import RNN
from .transformer import Transformer
from .trigram import Trigram, TrigramCount
from .wavenet import WaveNet

MODELS: dict[str, type[Model]] = {
    "bigram-count": BigramCount,
    "bigram": Bigram,
    "trigram-count": TrigramCount,
    "trigram": Trigram,
    "mlp": MLP,
    "mlp-bn": MLPBN,
    "manual": Manual,
    "wavenet": WaveNet,
    "bow": BoW,
    "rnn": RNN,
    "gru": GRU,
    "lstm": LSTM,
    "transformer": Transformer,
    "micrograd": Micrograd,
}

Setting = int | float | bool | str
Settings = dict[str, Setting]


def settings_of(name: str) -> Settings:
    """The settings of a model with their defaults."""
    arguments = inspect.signature(MODELS[name]).parameters.values()
    return {p.name: p.default for p in arguments if p.default is not p.empty}


def complete(name: str, given: Mapping[str, Setting], words: Sequence[str]) -> Settings:
    """All settings of a model: those given, defaults for the others, and a block as long as the words need."""
    settings = settings_of(name)
    for key in given:
        if key not in settings:
            raise Problem(f"{name} has no setting {key} (it has: {', '.join(settings) or 'none'})")
    settings |= given
    if issubclass(MODELS[name], WordModel):
        needed = max(map(len, words), default=0) + 1
        block_size = settings["block_size"] or needed
        if int(block_size) < needed:
            raise Problem(f"{name} needs a block_size of {needed}, for the longest word; it is {block_size}")
        settings["block_size"] = block_size
    return settings


def build(name: str, vocab_size: int, settings: Mapping[str, Setting]) -> Model:
    """A fresh model; its weights are drawn from the default generator."""
    return MODELS[name](vocab_size, **settings)


__all__ = ["MLP", "MODELS", "Model", "Setting", "Settings", "WordModel", "build", "complete", "settings_of"]
