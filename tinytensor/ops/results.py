"""Results with several named parts, such as `(values, indices)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..tensor import Tensor


class ValuesAndIndices(NamedTuple):
    """Elements, and where they were."""

    values: Tensor
    indices: Tensor


class MinAndMax(NamedTuple):
    """The smallest and the largest elements."""

    min: Tensor
    max: Tensor


class HistogramAndEdges(NamedTuple):
    """Counts, and the edges of the bins."""

    hist: Tensor
    bin_edges: Tensor


class SignAndLog(NamedTuple):
    """The sign of a determinant and the logarithm of its magnitude."""

    sign: Tensor
    logabsdet: Tensor


class MantissaAndExponent(NamedTuple):
    """A number of [0.5, 1) in magnitude, and the power of two that it is multiplied with."""

    mantissa: Tensor
    exponent: Tensor


class QAndR(NamedTuple):
    """Orthogonal and upper triangular factors."""

    Q: Tensor
    R: Tensor


class Reflections(NamedTuple):
    """What LAPACK keeps of a QR factorisation: R above the vectors of the reflections, and their factors."""

    a: Tensor
    tau: Tensor


class UAndSAndV(NamedTuple):
    """Orthogonal factors, and the singular values between them, descending."""

    U: Tensor
    S: Tensor
    V: Tensor


def result_type(name: str, base: Any) -> Any:
    """A type of these parts that is made from a sequence, and printed under a name as PyTorch prints it."""

    class Result(base):  # type: ignore[misc]
        __slots__ = ()

        def __new__(cls, parts: Iterable[Any]) -> Any:
            return tuple.__new__(cls, parts)

        def __repr__(self) -> str:
            return (
                f"torch.return_types.{name}(\n"
                + ",\n".join(f"{field}={getattr(self, field)!r}" for field in base._fields)
                + ")"
            )

        def __reduce__(self) -> Any:
            return tuple, (tuple(self),)

    Result.__name__ = Result.__qualname__ = name
    return Result
