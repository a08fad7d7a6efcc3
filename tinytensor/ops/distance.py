"""Distances, angles and norms of vectors."""

from __future__ import annotations

from typing import Any

from .._C import ops as C
from ..tensor import Tensor, primitive
from .broadcast import broadcast_shapes, broadcast_tensors
from .choice import maximum
from .query import result_type
from .rearrange import triu_indices

__all__ = ["cdist", "cosine_similarity", "pairwise_distance", "pdist"]


_COMPUTE_MODES = (
    None, "use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist",
)  # fmt: skip


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0, compute_mode: str | None = None) -> Tensor:
    """The p-norm of the difference of each row of `x1` and each row of `x2`.

    Args:
        x1: (..., P, D).
        x2: (..., R, D), whose leading dimensions are broadcast against those of `x1`.
        p: which norm; 0 counts the differences.
        compute_mode: taken for PyTorch's sake; the differences are always formed.

    Examples:
        >>> tt.cdist(tt.tensor([[0.0, 0.0], [3.0, 0.0]]), tt.tensor([[3.0, 4.0]]))
        tensor([[5.],
                [4.]])
    """
    for name, x in (("X1", x1), ("X2", x2)):
        if not x.dtype.is_floating_point:
            raise RuntimeError(f"cdist only supports floating-point dtypes, {name} got: {x.dtype}")
    if x1.ndim < 2 or x2.ndim < 2:
        raise RuntimeError(f"cdist only supports at least 2D tensors, X1 got: {x1.ndim}D, X2 got: {x2.ndim}D")
    if x1.shape[-1] != x2.shape[-1]:
        raise RuntimeError(f"X1 and X2 must have the same number of columns. X1: {x1.shape[-1]} X2: {x2.shape[-1]}")
    if x1.dtype != x2.dtype:
        raise RuntimeError(f"cdist: X1 and X2 must have one dtype, got {x1.dtype} and {x2.dtype}")
    if not p >= 0:  # nan included
        raise RuntimeError("cdist only supports non-negative p values")
    if compute_mode not in _COMPUTE_MODES:
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    if p != 2:
        return (x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(p, -1)
    if x1.shape[:-2] != x2.shape[:-2]:
        lead = broadcast_shapes(x1.shape[:-2], x2.shape[:-2])
        x1, x2 = x1.expand(*lead, *x1.shape[-2:]), x2.expand(*lead, *x2.shape[-2:])
    return _euclidean(x1, x2)


@primitive
def _euclidean(x1: Tensor, x2: Tensor) -> Any:
    y = C.cdist(x1, C.transpose(x2, -2, -1))
    return (
        y,
        lambda g: C.cdist_backward(g, y, x1, x2),
        lambda g: C.cdist_backward(C.transpose(g, -2, -1), C.transpose(y, -2, -1), x2, x1),
    )


@primitive(joint=True)
def cdist_backward(g: Tensor, y: Tensor, x: Tensor, other: Tensor) -> Any:
    """The gradient of the rows x of which y are the distances from the rows of `other`."""

    def vjp(h: Tensor) -> Any:
        away = x.unsqueeze(-2) - other.unsqueeze(-3)
        along, inverse = (h.unsqueeze(-2) * away).sum(-1), y.reciprocal().masked_fill(y == 0, 0)
        weight = g * inverse
        gx, gother = h * weight.sum(-1, keepdim=True), -(weight.mT @ h)
        return along * inverse, -weight * along * inverse, gx, gother

    return C.cdist_backward(g, y, x, other), vjp


def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """The p-norm of the difference of each pair of rows: (0, 1), (0, 2), ..., (1, 2), ...

    Shapes: (N, M) -> (N (N - 1) / 2).

    Raises:
        RuntimeError: the input is no matrix of a floating point dtype, or p is negative.

    Examples:
        >>> F.pdist(tt.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]))
        tensor([5.0000, 1.0000, 4.2426])
    """
    if input.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.ndim}D")
    if not input.dtype.is_floating_point:
        raise RuntimeError("pdist only supports floating-point dtypes")
    if not p >= 0:  # nan included
        raise RuntimeError("pdist only supports non-negative p values")
    first, second = triu_indices(input.shape[0], input.shape[0], 1)
    return (input[first] - input[second]).norm(p, -1)


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """The p-norm of `x1 - x2 + eps` over the last dimension.

    Args:
        x1: (..., D).
        x2: broadcast against `x1`.
        p: which norm.
        eps: keeps the gradient finite where both are equal.
        keepdim: keep the last dimension, of size 1.

    Examples:
        >>> F.pairwise_distance(tt.zeros(1, 2), tt.tensor([[3.0, 4.0]]))
        tensor([5.0000])
    """
    return (x1 - x2 + eps).norm(p, -1, keepdim)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors along `dim`; lengths count as at least `eps`.

    Shapes: two that broadcast -> the same without `dim`.

    Examples:
        >>> F.cosine_similarity(tt.tensor([[1.0, 0.0]]), tt.tensor([[1.0, 1.0]]))
        tensor([0.7071])
    """
    dtype = result_type(x1, x2)
    if not dtype.is_floating_point:
        raise RuntimeError(f"cosine_similarity: expected a common dtype of floating point, got {dtype}")
    x1, x2 = broadcast_tensors(*(x if x.dtype is dtype else x.to(dtype) for x in (x1, x2)))
    lengths = ((x1.norm(2, dim, True)), (x2.norm(2, dim, True)))
    first, second = (
        x / maximum(length, C.full(eps, (), length.dtype)) for x, length in zip((x1, x2), lengths, strict=True)
    )
    return (first * second).sum(dim)


def normalize(input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Any = None) -> Tensor:
    """The vectors along `dim` divided by their p-norms, which count as at least `eps`.

    Shapes: any, kept.

    Examples:
        >>> F.normalize(tt.tensor([[3.0, 4.0]]))
        tensor([[0.6000, 0.8000]])
    """
    y = input / input.norm(p, dim, True).clamp_min(eps).expand_as(input)
    return y if out is None else out.copy_(y)
