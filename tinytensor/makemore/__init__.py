"""makemore: character-level language models that learn a list of words and make more like them.

From a notebook, what the command line does:

    from tinytensor import makemore, Generator

    words = makemore.read_words()
    vocabulary = makemore.Vocabulary.of(words)
    train, dev, test = (makemore.build_dataset(part, vocabulary, 3) for part in makemore.split_words(words))
    g = Generator().manual_seed(2147483647)
    model = makemore.MLP(len(vocabulary), block_size=3, n_embd=10, n_hidden=200, generator=g)
    losses = makemore.train(model, *train, makemore.Recipe(), g)
    print(makemore.split_loss(model, *dev), *makemore.sample_words(model, vocabulary))
"""

from .data import Vocabulary, build_dataset, read_words, split_words
from .errors import Problem
from .models import MLP, MODELS, Model
from .sampling import sample_word, sample_words
from .training import Recipe, split_loss, train

__all__ = [
    "MLP",
    "MODELS",
    "Model",
    "Problem",
    "Recipe",
    "Vocabulary",
    "build_dataset",
    "read_words",
    "sample_word",
    "sample_words",
    "split_loss",
    "split_words",
    "train",
]
