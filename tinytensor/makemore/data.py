"""Words in, tensors out: the word list, its characters as integers, the split, and the examples of a model."""

import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import tinytensor as tt

from .errors import Problem

NAMES = Path(__file__).with_name("names.txt")


def read_words(path: Path = NAMES) -> list[str]:
    """The words of a UTF-8 text file, one a line. Blank lines and white space around a word do not count."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise Problem(f"{path} is not UTF-8 text: byte {error.start} is 0x{error.object[error.start]:02x}") from None
    if "\0" in text:
        raise Problem(f"{path} is not a text file: it holds a zero byte")
    words = [word for line in text.split("\n") if (word := line.strip())]
    if not words:
        raise Problem(f"{path} holds no words" + ("" if text else ": the file is empty"))
    return words


class Vocabulary:
    """Characters as integers: `stoi` one way, `itos` back. 0 is the edge of a word, shown as a dot."""

    def __init__(self, characters: Iterable[str]):
        self.characters = "".join(characters)
        self.itos = [".", *self.characters]
        self.stoi = {character: i for i, character in enumerate(self.characters, start=1)}

    @classmethod
    def of(cls, words: Iterable[str]) -> "Vocabulary":
        """The characters that occur in the words, sorted."""
        return cls(sorted(set("".join(words))))

    def __len__(self) -> int:
        return len(self.itos)

    def encode(self, word: str) -> list[int]:
        """The integers of a word; a Problem names the characters that are not in the vocabulary."""
        try:
            return [self.stoi[character] for character in word]
        except KeyError:
            unknown = " ".join(repr(character) for character in dict.fromkeys(word) if character not in self.stoi)
            raise Problem(f"{word!r} has characters the model never saw: {unknown}") from None

    def decode(self, ids: Iterable[int]) -> str:
        """The word of some integers."""
        return "".join(self.itos[i] for i in ids)


def split_words(words: list[str], seed: int = 42) -> tuple[list[str], list[str], list[str]]:
    """Shuffles a copy of the words and cuts it into 80% for training, 10% for dev, 10% for test."""
    if len(words) < 3:
        raise Problem(f"{len(words)} words cannot be split into train, dev and test: at least 3 are needed")
    words = words.copy()
    random.Random(seed).shuffle(words)
    # The bounds matter for fewer than ten words only: every part keeps at least one.
    n2 = min(int(0.9 * len(words)), len(words) - 1)
    n1 = min(int(0.8 * len(words)), n2 - 1)
    return words[:n1], words[n1:n2], words[n2:]


def build_dataset(words: Iterable[str], vocabulary: Vocabulary, block_size: int) -> tuple[tt.Tensor, tt.Tensor]:
    """Every character of every word, and its end, with the block_size characters before it.

    Returns:
        X of shape (N, block_size) and Y of shape (N,): for "ava" and three characters of context, the rows
        `... a`, `..a v`, `.av a`, `ava .`.
    """
    edge = [0] * block_size
    ids = list(edge)
    for word in words:
        ids += vocabulary.encode(word) + edge
    windows = np.lib.stride_tricks.sliding_window_view(np.array(ids, dtype=np.int64), block_size + 1)
    # A dot after a dot lies between two words and is nobody's end.
    windows = windows[(windows[:, -1] != 0) | (windows[:, -2] != 0)]
    return tt.from_numpy(windows[:, :-1].copy()), tt.from_numpy(windows[:, -1].copy())
