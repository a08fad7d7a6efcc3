"""Samplers: in which order a loader goes through a data set.

Those that know their order as tensors of indices give them by `index_chunks`, so that a loader over tensors never
handles single numbers. Chunks are drawn only when they are needed: drawing changes the generator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

from ... import _C
from ...ops.creation import as_tensor, empty
from ...ops.randint import randint, randperm
from ...ops.random import multinomial
from ...ops.ranges import arange
from ...random import Generator
from ...tensor import Tensor

T = TypeVar("T", covariant=True)


class Sampler(Generic[T]):
    """Base class: `__iter__` gives indices (or lists of them), `__len__` how many.

    Examples:
        >>> class Backwards(tt.utils.data.Sampler):
        ...     def __iter__(self):
        ...         return iter([2, 1, 0])
        >>> [batch for batch in tt.utils.data.DataLoader("abc", sampler=Backwards(), batch_size=None)]
        ['c', 'b', 'a']
    """

    def __iter__(self) -> Iterator[T]:
        raise NotImplementedError


class _ByChunks(Sampler[int]):
    def index_chunks(self) -> Iterator[Tensor]:
        """The indices as tensors, one after the other."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[int]:
        for chunk in self.index_chunks():
            yield from chunk.tolist()


class SequentialSampler(_ByChunks):
    """0, 1, 2, ...

    Examples:
        >>> list(tt.utils.data.SequentialSampler("abc"))
        [0, 1, 2]
    """

    def __init__(self, data_source: Any) -> None:
        """Go through `data_source` in order."""
        self.data_source = data_source

    def index_chunks(self) -> Iterator[Tensor]:
        yield arange(len(self.data_source))

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(_ByChunks):
    """Random indices: each once, or with replacement.

    Without a generator one is made at each start, from a seed drawn from the global generator.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> list(tt.utils.data.RandomSampler(range(5)))
        [4, 1, 3, 2, 0]
    """

    def __init__(
        self, data_source: Any, replacement: bool = False, num_samples: int | None = None, generator: Any = None
    ) -> None:
        """Draw `num_samples` indices, by default as many as there are samples."""
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        if not isinstance(replacement, bool):
            raise TypeError(f"replacement should be a boolean value, but got replacement={replacement}")
        if not isinstance(self.num_samples, int) or self.num_samples <= 0:
            raise ValueError(f"num_samples should be a positive integer value, but got num_samples={self.num_samples}")

    @property
    def num_samples(self) -> int:
        """How many indices there are; the data set may grow."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def index_chunks(self) -> Iterator[Tensor]:
        n = len(self.data_source)
        generator = self.generator
        if generator is None:
            generator = Generator()
            generator.manual_seed(draw_seed(None))
        if self.replacement:
            for _ in range(self.num_samples // 32):
                yield randint(0, n, (32,), generator=generator)
            yield randint(0, n, (self.num_samples % 32,), generator=generator)
        else:
            for _ in range(self.num_samples // n):
                yield randperm(n, generator=generator)
            yield randperm(n, generator=generator)[: self.num_samples % n]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """The given indices in random order.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> list(tt.utils.data.SubsetRandomSampler([10, 20, 30]))
        [10, 30, 20]
    """

    def __init__(self, indices: Sequence[int], generator: Any = None) -> None:
        """Go through `indices`."""
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        for i in randperm(len(self.indices), generator=self.generator).tolist():
            yield self.indices[i]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(_ByChunks):
    """Random indices, each with a probability proportional to its weight.

    Examples:
        >>> list(tt.utils.data.WeightedRandomSampler([0.0, 0.3, 0.0], num_samples=3))
        [1, 1, 1]
    """

    def __init__(
        self, weights: Sequence[float], num_samples: int, replacement: bool = True, generator: Any = None
    ) -> None:
        """Draw `num_samples` indices by `weights`."""
        _check_count("num_samples", num_samples)
        if not isinstance(replacement, bool):
            raise ValueError(f"replacement should be a boolean value, but got replacement={replacement}")
        self.weights = as_tensor(weights, dtype=_C.float64)
        if self.weights.ndim != 1:
            raise ValueError(
                f"weights should be a 1d sequence but given weights have shape {tuple(self.weights.shape)}"
            )
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def index_chunks(self) -> Iterator[Tensor]:
        yield multinomial(self.weights, self.num_samples, self.replacement, generator=self.generator)

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Lists of `batch_size` indices of another sampler; the last may be shorter, or is left out with `drop_last`.

    Examples:
        >>> list(tt.utils.data.BatchSampler(tt.utils.data.SequentialSampler(range(5)), batch_size=2, drop_last=False))
        [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Any, batch_size: int, drop_last: bool) -> None:
        """Group the indices of `sampler`."""
        _check_count("batch_size", batch_size)
        if not isinstance(drop_last, bool):
            raise ValueError(f"drop_last should be a boolean value, but got drop_last={drop_last}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        indices = iter(self.sampler)
        while batch := list(islice(indices, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield batch

    def index_batches(self) -> Iterator[Tensor]:
        """The batches as tensors of indices."""
        if isinstance(self.sampler, _ByChunks):
            return self._cut_chunks(self.sampler.index_chunks())
        return (as_tensor(batch) for batch in self)

    def _cut_chunks(self, chunks: Iterable[Tensor]) -> Iterator[Tensor]:
        size = self.batch_size
        rest: list[int] = []
        for chunk in chunks:
            begin = 0
            if rest:  # a batch across the border of two chunks
                begin = min(size - len(rest), len(chunk))
                rest += chunk[:begin].tolist()
                if len(rest) < size:
                    continue
                yield as_tensor(rest)
            whole = begin + (len(chunk) - begin) // size * size
            for at in range(begin, whole, size):
                yield chunk[at : at + size]
            rest = chunk[whole:].tolist()
        if rest and not self.drop_last:
            yield as_tensor(rest)

    def __len__(self) -> int:
        if self.drop_last:
            return len(self.sampler) // self.batch_size
        return (len(self.sampler) + self.batch_size - 1) // self.batch_size


def draw_seed(generator: Any) -> int:
    """A 63-bit number from `generator` (or the global one)."""
    return int(empty((), dtype=_C.int64).random_(generator=generator).item())


def _check_count(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{name} should be a positive integer value, but got {name}={value}")
