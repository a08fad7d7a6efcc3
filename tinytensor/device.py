"""Devices and layouts, of which there is one each: code that names them runs, code that needs a GPU is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class device:
    """A place where tensors live: `device("cpu")`.

    Raises:
        RuntimeError: the name is no device, or one that tinytensor does not have.

    Examples:
        >>> tt.device("cpu")
        device(type='cpu')
    """

    __slots__ = ("index", "type")
    type: str
    index: int | None

    def __init__(self, type: Any = "cpu", index: int | None = None) -> None:
        if isinstance(type, device):
            type, index = type.type, type.index
        if not isinstance(type, str):
            raise RuntimeError(f"device: expected a name such as 'cpu', got {type!r}")
        name, _, number = type.partition(":")
        if number:
            if not number.isdigit():
                raise RuntimeError(f"Invalid device string: {type!r}")
            index = int(number)
        if name != "cpu":
            known = {"cuda", "mps", "xpu", "meta", "hip", "mtia", "xla", "vulkan", "hpu", "ipu"}
            what = "is not available: tinytensor runs on the CPU" if name in known else "is no device"
            raise RuntimeError(f"device {type!r} {what}")
        self.type, self.index = name, index

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type={self.type!r}{index})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __enter__(self) -> device:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class layout:
    """How elements lie in memory; there is only `strided`.

    Examples:
        >>> tt.zeros(2).layout
        torch.strided
    """

    def __repr__(self) -> str:
        return "torch.strided"


class memory_format:
    """The order of dimensions in memory.

    Examples:
        >>> tt.zeros(2, 3, 4, 4).contiguous(memory_format=tt.channels_last).stride()
        (48, 1, 12, 3)

    `order` names the dimensions from the one that changes slowest in memory to the fastest; None for row-major
    (`contiguous_format`) and for that of the tensor at hand (`preserve_format`).
    """

    __slots__ = ("name", "order")

    def __init__(self, name: str, order: tuple[int, ...] | None = None) -> None:
        self.name, self.order = name, order

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name

    def strides(self, sizes: Sequence[int]) -> tuple[int, ...]:
        """The strides of a dense tensor in this format.

        Raises:
            RuntimeError: the format is for another number of dimensions.
        """
        order = tuple(range(len(sizes))) if self.order is None else self.order
        if len(order) != len(sizes):
            raise RuntimeError(f"required rank {len(order)} tensor to use {self.name} format")
        strides, step = [1] * len(order), 1
        for d in reversed(order):
            strides[d], step = step, step * (sizes[d] if self.order else max(sizes[d], 1))
        return tuple(strides)

    def is_dense(self, sizes: Sequence[int], strides: Sequence[int]) -> bool:
        """Whether strides are those of this format, but for dimensions of size 1."""
        if self.order is not None and len(self.order) != len(sizes):
            return False
        wanted = self.strides(sizes)
        return all(n == 1 or a == b for n, a, b in zip(sizes, strides, wanted, strict=True))

    def is_followed(self, sizes: Sequence[int], strides: Sequence[int]) -> bool:
        """Whether dimensions lie in this order, gaps or not; only `order` can tell."""
        if self.order is None or len(self.order) != len(sizes) or strides[1] == 0 or 0 in sizes:
            return False
        reach = 0
        for d in reversed(self.order):
            if strides[d] < reach or (d == 0 and reach == strides[1]):
                return False
            reach = strides[d] * sizes[d]
        return True


cpu = device("cpu")
strided = layout()
contiguous_format = memory_format("contiguous_format")
preserve_format = memory_format("preserve_format")
channels_last = memory_format("channels_last", (0, 2, 3, 1))
channels_last_3d = memory_format("channels_last_3d", (0, 2, 3, 4, 1))


def suggested_format(sizes: Sequence[int], strides: Sequence[int]) -> memory_format:
    """The format that these strides follow."""
    for known in (channels_last, channels_last_3d):
        if known.is_followed(sizes, strides):
            return known
    return contiguous_format


def check_device(where: Any) -> None:
    """Raises RuntimeError for any device but the CPU; None is the CPU."""
    if where is not None:
        device(where)
