"""Rows of a table chosen by integers: embedding, embedding_bag, one_hot."""

from __future__ import annotations

from numbers import Integral
from typing import Any

from .. import _C
from .._C import ops as C
from ..tensor import Tensor, primitive
from .ranges import arange

_FIRST = (0,)


def _check(name: str, input: Any, weight: Any, padding_idx: int | None) -> int | None:
    """The padding index counted from the front, once table and indices are seen to be right."""
    if weight.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    if input.dtype.name not in ("int64", "int32"):
        raise RuntimeError(
            f"Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
            f"{input.dtype} instead (while checking arguments for {name})"
        )
    if padding_idx is None:
        return None
    if not isinstance(padding_idx, Integral) or isinstance(padding_idx, bool):
        raise TypeError(f"{name}(): argument 'padding_idx' must be int, not {type(padding_idx).__name__}")
    n = weight.shape[0]
    if not -n <= padding_idx < n:
        kind = AssertionError if name == "embedding" else RuntimeError
        raise kind(f"{name}: Padding_idx must be within num_embeddings")
    return int(padding_idx % n)


def _renormalize(weight: Any, input: Any, max_norm: float, norm_type: float) -> None:
    """Scales the rows that are looked up, in place, down to max_norm."""
    table = weight.detach()
    used = input.unique()
    rows = table[used]
    norms = rows.norm(norm_type, 1, True)
    table[used] = rows * C.masked_fill(max_norm / (norms + 1e-7), (norms > max_norm).logical_not(), 1)


@primitive
def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Any:
    """The rows of `weight` that `input` names: of shape `input.shape + (columns,)`.

    Args:
        input: int64 or int32 indices of any shape.
        weight: the table, a matrix.
        padding_idx: a row that receives no gradient.
        max_norm: rows that are looked up are first scaled down, in place, to this norm.
        norm_type: which norm that is.
        scale_grad_by_freq: divides the gradient of a row by how often it was looked up.
        sparse: gradients are always dense.

    Raises:
        IndexError: an index is out of range.

    Examples:
        >>> C = tt.tensor([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]])
        >>> F.embedding(tt.tensor([2, 0]), C)
        tensor([[2.0000, 2.5000],
                [0.0000, 0.5000]])
    """
    padding = _check("embedding", input, weight, padding_idx)
    if max_norm is not None:
        _renormalize(weight, input, max_norm, norm_type)
    sizes, at = weight.shape, (input,)
    if not sizes[1]:
        C.index(arange(sizes[0]), at, _FIRST, False)  # indices count where there are no columns to read, too

    def vjp(g: Any) -> Any:
        if padding is not None:
            g = C.masked_fill(g, (input == padding).unsqueeze(-1), 0)
        if scale_grad_by_freq:
            flat = C.reshape(input, -1)
            counts = C.index(C.bincount(flat, None, sizes[0]), (flat,), _FIRST, False)
            g = g / C.reshape(counts, (*input.shape, 1))
        return C.index_backward(g, at, _FIRST, False, sizes)

    return C.index(weight, at, _FIRST, False), None, vjp


def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Any = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """The sum, mean or greatest of the rows of `weight` over bags of indices; an empty bag gives zeros.

    Args:
        input: a matrix with one bag a row, or a vector of which `offsets` tells where bags begin.
        weight: the table, a matrix.
        offsets: the first index of each bag, for a vector.
        max_norm: as in `embedding`.
        norm_type: as in `embedding`.
        scale_grad_by_freq: as in `embedding`.
        mode: "sum", "mean" or "max".
        sparse: gradients are always dense.
        per_sample_weights: a factor for each index, with mode "sum".
        include_last_offset: the last offset is the end of the last bag.
        padding_idx: a row that is left out of every bag.

    Examples:
        >>> C = tt.tensor([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5]])
        >>> F.embedding_bag(tt.tensor([[0, 2], [1, 1]]), C)
        tensor([[1.0000, 1.5000],
                [1.0000, 1.5000]])
    """
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            f"embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' "
            f"(got mode='{mode}'). Please open a feature request on GitHub."
        )
    if per_sample_weights is not None and per_sample_weights.shape != input.shape:
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({list(per_sample_weights.shape)}) is not None, then it must have the "
            f"same shape as the input ({list(input.shape)})"
        )
    if not weight.dtype.is_floating_point:
        raise RuntimeError(f"embedding_bag: the table holds floats, got {weight.dtype}")
    if per_sample_weights is not None and per_sample_weights.dtype != weight.dtype:
        raise RuntimeError(
            f"embedding_bag: weight and per_sample_weights have the same type, got {weight.dtype} "
            f"and {per_sample_weights.dtype}"
        )
    if offsets is not None and offsets.dtype is not input.dtype:
        input = input.to(_C.promote_types(input.dtype, offsets.dtype))
    flat, bags, count = _bags(input, offsets, include_last_offset)
    padding = _check("embedding_bag", flat, weight, padding_idx)
    if max_norm is not None:
        _renormalize(weight, flat, max_norm, norm_type)
    weights = None if per_sample_weights is None else per_sample_weights.reshape(-1)
    if padding is not None:
        kept = (flat != padding).nonzero().reshape(-1)
        flat, bags = flat[kept], bags[kept]
        weights = None if weights is None else weights[kept]
    rows = embedding(flat, weight, scale_grad_by_freq=scale_grad_by_freq)
    zeros = C.full(0, (count, weight.shape[1]), weight.dtype)
    if mode == "max":
        places = bags.unsqueeze(1).expand(rows.shape)
        return zeros.scatter_reduce(0, places, rows, "amax", include_self=False)
    if weights is not None:
        rows = rows * weights.unsqueeze(1)
    sums = zeros.index_add(0, bags, rows)
    if mode == "sum":
        return sums
    return sums / C.bincount(bags, None, count).clamp(min=1).unsqueeze(1)


def _bags(input: Any, offsets: Any, include_last: bool) -> tuple[Any, Any, int]:
    """The indices as a vector, the bag of each, and how many bags there are."""
    if input.ndim == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length "
                f"sequences. However, found offsets of type {type(offsets)}"
            )
        n, length = input.shape
        return input.reshape(-1), arange(n).repeat_interleave(length), n
    if input.ndim != 1:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.ndim}")
    if offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    if offsets.ndim != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    starts = offsets.tolist()
    if include_last:
        starts, end = starts[:-1], starts[-1]
    else:
        end = input.numel()
    if starts and starts[0] != 0:
        raise RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, "
            f"got {starts[0]}"
        )
    last = max([*starts[-1:], end])
    if last > input.numel():
        raise RuntimeError(
            f"offsets[-1] can not be greater than input's length({input.numel()}) but got offsets[-1] of {last}"
        )
    if starts != sorted(starts) or starts[-1:] > [end]:
        raise RuntimeError(f"offsets must not decrease, but got {offsets.tolist()}")
    begins = _C.from_sequence(starts, _C.int64)
    bags = C.searchsorted(begins, arange(end), True) - 1
    return input[:end], bags, len(starts)


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Vectors of zeros with a one at the place that each integer names.

    Args:
        tensor: int64 class numbers of any shape.
        num_classes: length of the vectors; by default one more than the greatest class number.

    Raises:
        RuntimeError: a class number is negative or too great, or the dtype is not int64.

    Examples:
        >>> F.one_hot(tt.tensor([0, 2]), num_classes=3)
        tensor([[1, 0, 0],
                [0, 0, 1]])
    """
    if tensor.dtype.name != "int64":
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not tensor.numel():
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        return C.full(0, (*tensor.shape, num_classes), _C.int64)
    if tensor.min().item() < 0:
        raise RuntimeError("Class values must be non-negative.")
    greatest = int(tensor.max().item())
    if num_classes == -1:
        num_classes = greatest + 1
    elif num_classes < 1:
        raise RuntimeError("num_classes should be positive")
    elif num_classes <= greatest:
        raise RuntimeError("Class values must be smaller than num_classes.")
    return C.scatter_along(C.full(0, (*tensor.shape, num_classes), _C.int64), C.unsqueeze(tensor, -1), 1, -1, 0)
