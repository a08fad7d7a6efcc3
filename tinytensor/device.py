"""Devices and layouts, of which there is one each: code that names them runs, code that needs a GPU is refused."""

from __future__ import annotations

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
        >>> tt.contiguous_format
        torch.contiguous_format
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"


cpu = device("cpu")
strided = layout()
contiguous_format = memory_format("contiguous_format")
preserve_format = memory_format("preserve_format")


def check_device(where: Any) -> None:
    """Raises RuntimeError for any device but the CPU; None is the CPU."""
    if where is not None:
        device(where)
