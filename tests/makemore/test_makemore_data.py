"""Word lists, vocabulary, split and examples."""

import hashlib
from pathlib import Path

import pytest

from tinytensor import makemore
from tinytensor.makemore.data import NAMES


def test_built_in_names() -> None:
    words = makemore.read_words()
    assert len(words) == 32469
    assert words[:5] == ["emma", "olivia", "ava", "isabella", "sophia"]
    assert words[18309:18312] == ["liam", "noah", "william"]
    assert set("".join(words)) == set("abcdefghijklmnopqrstuvwxyz")
    digest = hashlib.sha256(NAMES.read_bytes()).hexdigest()
    assert digest == "91691165b471c338ee35387260590f0fdc23fcb50509b9ccfe1c879c7ac39a1e"


@pytest.mark.parametrize(
    "data",
    [
        b"anna\nzo\xc3\xab\no'hara\n",
        b"anna\nzo\xc3\xab\no'hara",
        b"anna\r\nzo\xc3\xab\r\n\r\no'hara\r\n",
        b"\xef\xbb\xbf\n  anna\t\n\n \nzo\xc3\xab\no'hara\n\n",
    ],
    ids=["plain", "no last line end", "Windows", "byte order mark and blanks"],
)
def test_reads_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "words"
    path.write_bytes(data)
    assert makemore.read_words(path) == ["anna", "zoë", "o'hara"]


def test_vocabulary() -> None:
    vocabulary = makemore.Vocabulary.of(["ba.", "ëa"])
    assert vocabulary.characters == ".abë"
    assert len(vocabulary) == 5
    assert vocabulary.encode("ab.") == [2, 3, 1]  # a dot of the data is a character of its own, 0 is the edge
    assert vocabulary.decode([4, 2, 0]) == "ëa."
    with pytest.raises(makemore.Problem, match="'x' '!'"):
        vocabulary.encode("xa!x")


@pytest.mark.parametrize("count", [3, 4, 9, 10, 11, 100, 1001])
def test_split(count: int) -> None:
    words = [str(i) for i in range(count)]
    train, dev, test = makemore.split_words(words)
    assert sorted(train + dev + test, key=int) == words
    assert train and dev and test
    if count >= 10:
        assert (len(train), len(train) + len(dev)) == (int(0.8 * count), int(0.9 * count))
    assert makemore.split_words(words) == (train, dev, test)


def test_split_is_the_lectures() -> None:
    import random

    words = makemore.read_words()
    shuffled = words.copy()
    random.seed(42)
    random.shuffle(shuffled)
    train, dev, test = makemore.split_words(words)
    assert train + dev + test == shuffled


@pytest.mark.parametrize("block_size", [1, 2, 3, 8])
def test_examples_are_the_lectures(block_size: int) -> None:
    words = ["ava", "b", "anna", "a" * 20]
    vocabulary = makemore.Vocabulary.of(words)
    x, y = [], []
    for word in words:
        context = [0] * block_size
        for ix in [*vocabulary.encode(word), 0]:
            x.append(context)
            y.append(ix)
            context = [*context[1:], ix]
    xs, ys = makemore.build_dataset(words, vocabulary, block_size)
    assert xs.tolist() == x
    assert ys.tolist() == y
