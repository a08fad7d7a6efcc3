"""Results with several named parts, such as `(values, indices)`."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from typing import Any


def result_type(name: str, *fields: str) -> Any:
    """A tuple type with named fields, made from a sequence and printed as PyTorch prints it."""
    base: Any = namedtuple(name, fields)  # type: ignore[misc]

    class Result(base):
        __slots__ = ()

        def __new__(cls, parts: Iterable[Any]) -> Any:
            return tuple.__new__(cls, parts)

        def __repr__(self) -> str:
            return (
                f"torch.return_types.{name}(\n"
                + ",\n".join(f"{field}={getattr(self, field)!r}" for field in fields)
                + ")"
            )

        def __reduce__(self) -> Any:
            return tuple, (tuple(self),)

    Result.__name__ = Result.__qualname__ = name
    return Result
