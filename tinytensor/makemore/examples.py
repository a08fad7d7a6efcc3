"""What models learn from, made of words: windows of characters, or whole words."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

import tinytensor as tt

from .data import Vocabulary, build_dataset

Choice = tt.Tensor | slice


class Examples(Protocol):
    """Inputs with answers: `x, y = examples[ix]` is the minibatch of the examples numbered ix."""

    def __len__(self) -> int: ...

    def __getitem__(self, ix: Choice) -> tuple[tt.Tensor, tt.Tensor]: ...


class Windows:
    """Every character of every word with the `block_size` characters before it: x (B, block_size), y (B,)."""

    def __init__(self, words: Sequence[str], vocabulary: Vocabulary, block_size: int):
        self.x, self.y = build_dataset(words, vocabulary, block_size)

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, ix: Choice) -> tuple[tt.Tensor, tt.Tensor]:
        return self.x[ix], self.y[ix]


class WholeWords:
    """Every word as one example: for "ava" x is `. a v a` and y is `a v a .`, both (B, T).

    T is what the longest word of the minibatch needs; behind the end of shorter ones x is 0 and y is -1, which the
    loss ignores.
    """

    def __init__(self, words: Sequence[str], vocabulary: Vocabulary):
        self.lengths = np.array([len(word) + 1 for word in words])
        self._starts = np.concatenate(([0], np.cumsum(self.lengths)[:-1]))
        ids = [i for word in words for i in (0, *vocabulary.encode(word))]
        # Zeros behind the last word, so that every word has as many characters behind it as the longest needs.
        self._ids = np.array([*ids, *([0] * int(self.lengths.max(initial=0) + 1))], dtype=np.int64)

    def __len__(self) -> int:
        return len(self.lengths)

    def __getitem__(self, ix: Choice) -> tuple[tt.Tensor, tt.Tensor]:
        chosen = ix if isinstance(ix, slice) else ix.numpy()
        lengths = self.lengths[chosen][:, None]
        at = np.arange(lengths.max())
        places = self._starts[chosen][:, None] + at
        x = np.where(at < lengths, self._ids[places], 0)
        y = np.where(at < lengths, self._ids[places + 1], -1)
        return tt.from_numpy(x), tt.from_numpy(y)
