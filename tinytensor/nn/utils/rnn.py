"""Sequences of different lengths in one batch: padded, or packed without the padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ... import _C
from ...missing import names_of as _names_of
from ...ops.creation import as_tensor, full
from ...ops.join import cat
from ...ops.ranges import arange
from ...tensor import Tensor


class PackedSequence(NamedTuple):
    """All elements of a batch of sequences, time by time, longest sequence first.

    `batch_sizes[t]` sequences are still running at time t. Made by `pack_padded_sequence` and `pack_sequence`.

    Examples:
        >>> nn.utils.rnn.pack_sequence([tt.tensor([1, 2]), tt.tensor([3])])
        PackedSequence(data=tensor([1, 3, 2]), batch_sizes=tensor([2, 1]), sorted_indices=None, unsorted_indices=None)
    """

    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Any = None
    unsorted_indices: Any = None

    def to(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The same packing of the data in another dtype; see `Tensor.to`."""
        return self._replace(data=self.data.to(*args, **kwargs))

    def cpu(self) -> PackedSequence:
        """The packing itself, which is there already."""
        return self

    def float(self) -> PackedSequence:
        """The data in float32."""
        return self.to(_C.float32)

    def double(self) -> PackedSequence:
        """The data in float64."""
        return self.to(_C.float64)

    def long(self) -> PackedSequence:
        """The data in int64."""
        return self.to(_C.int64)

    @property
    def is_cuda(self) -> bool:
        """Whether the data is on a GPU, which it never is."""
        return False

    def to_padded(self, padding_value: Any = 0.0, total_length: int | None = None) -> tuple[Tensor, Tensor]:
        """As (time, batch, *) in sorted order, and the lengths."""
        sizes = self.batch_sizes.tolist()
        steps = []
        for part in self.data.split(sizes):
            missing = sizes[0] - part.size(0)
            if missing:
                filler = full((missing, *part.shape[1:]), padding_value, dtype=part.dtype)
                part = cat([part, filler], 0)
            steps.append(part.unsqueeze(0))
        if total_length is not None:
            blank = full((1, sizes[0], *self.data.shape[1:]), padding_value, dtype=self.data.dtype)
            steps += [blank] * (total_length - len(sizes))
        lengths = [sum(size > i for size in sizes) for i in range(sizes[0])]
        return cat(steps, 0), as_tensor(lengths)

    def with_padded(self, padded: Tensor) -> PackedSequence:
        """The same packing of other data, given as (time, batch, *)."""
        steps = zip(padded.unbind(0), self.batch_sizes.tolist(), strict=True)
        return self._replace(data=cat([step[:size] for step, size in steps], 0))


def pack_padded_sequence(
    input: Tensor, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Pack sequences (time, batch, *) of the given lengths; with `enforce_sorted` they must be sorted, longest first.

    Examples:
        >>> padded = tt.tensor([[1, 3], [2, 0]])
        >>> nn.utils.rnn.pack_padded_sequence(padded, [2, 1]).data
        tensor([1, 3, 2])
    """
    lengths = as_tensor(lengths, dtype=_C.int64)
    sorted_indices = unsorted_indices = None
    if not enforce_sorted:
        lengths, sorted_indices = lengths.sort(descending=True)
        unsorted_indices = invert_permutation(sorted_indices)
        input = input.index_select(0 if batch_first else 1, sorted_indices)
    if batch_first:
        input = input.transpose(0, 1)
    sizes = lengths.tolist()
    if len(sizes) != input.size(1):
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(sizes)} (batch_size={input.size(1)})"
        )
    if sizes and min(sizes) <= 0:
        raise RuntimeError("Length of all samples has to be greater than 0, but found an element that is <= 0")
    if sizes and max(sizes) > input.size(0):
        raise RuntimeError(f"Expected lengths of at most the input's {input.size(0)} times, but got {max(sizes)}")
    if sizes != sorted(sizes, reverse=True):
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you "
            "do not need ONNX exportability."
        )
    running = [sum(length > time for length in sizes) for time in range(sizes[0])]
    data = cat([input[time, :count] for time, count in enumerate(running)], 0)
    return PackedSequence(data, as_tensor(running), sorted_indices, unsorted_indices)


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0, total_length: int | None = None
) -> tuple[Tensor, Tensor]:
    """Back to padded sequences in their first order, and their lengths.

    Examples:
        >>> packed = nn.utils.rnn.pack_sequence([tt.tensor([1, 2]), tt.tensor([3])])
        >>> nn.utils.rnn.pad_packed_sequence(packed)
        (tensor([[1, 3],
                [2, 0]]), tensor([2, 1]))
    """
    longest = len(sequence.batch_sizes)
    if total_length is not None and total_length < longest:
        raise ValueError(
            "Expected total_length to be at least the length of the longest sequence in input, but got "
            f"total_length={total_length} and max sequence length being {longest}"
        )
    padded, lengths = sequence.to_padded(padding_value, total_length)
    if batch_first:
        padded = padded.transpose(0, 1)
    if sequence.unsorted_indices is not None:
        padded = padded.index_select(0 if batch_first else 1, sequence.unsorted_indices)
        lengths = lengths[sequence.unsorted_indices]
    return padded, lengths


def pad_sequence(
    sequences: Sequence[Tensor],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Sequences of different lengths as one tensor (time, batch, *), filled up with `padding_value`.

    Examples:
        >>> tt.nn.utils.rnn.pad_sequence([tt.tensor([1, 2]), tt.tensor([3])], batch_first=True)
        tensor([[1, 2],
                [3, 0]])
    """
    longest = max(sequence.size(0) for sequence in sequences)
    rows = []
    for sequence in sequences:
        filler = full((longest - sequence.size(0), *sequence.shape[1:]), padding_value, dtype=sequence.dtype)
        parts = [sequence, filler] if padding_side == "right" else [filler, sequence]
        rows.append(cat(parts, 0).unsqueeze(0 if batch_first else 1))
    return cat(rows, 0 if batch_first else 1)


def unpad_sequence(padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False) -> list[Tensor]:
    """The sequences of a padded batch without their padding.

    Examples:
        >>> nn.utils.rnn.unpad_sequence(tt.tensor([[1, 3], [2, 0]]), tt.tensor([2, 1]))
        [tensor([1, 2]), tensor([3])]
    """
    if not batch_first:
        padded_sequences = padded_sequences.transpose(0, 1)
    return [row[:length] for row, length in zip(padded_sequences.unbind(0), lengths.tolist(), strict=True)]


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """Pack a list of sequences.

    Examples:
        >>> nn.utils.rnn.pack_sequence([tt.tensor([1, 2]), tt.tensor([3])]).batch_sizes
        tensor([2, 1])
    """
    lengths = [sequence.size(0) for sequence in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The list of sequences again.

    Examples:
        >>> packed = nn.utils.rnn.pack_sequence([tt.tensor([1, 2]), tt.tensor([3])])
        >>> nn.utils.rnn.unpack_sequence(packed)
        [tensor([1, 2]), tensor([3])]
    """
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)


def invert_permutation(permutation: Any) -> Any:
    """The permutation that undoes another.

    Examples:
        >>> nn.utils.rnn.invert_permutation(tt.tensor([2, 0, 1]))
        tensor([1, 2, 0])
    """
    if permutation is None:
        return None
    inverse = arange(len(permutation))
    inverse[permutation] = arange(len(permutation))
    return inverse


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
