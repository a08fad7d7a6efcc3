"""Losses that want scores or distances apart by a margin, named and behaving as in `torch.nn.functional`."""

from __future__ import annotations

from typing import Any

from .. import _C
from ..tensor import Tensor
from .activation import logsigmoid
from .loss import code_of, kept_in, reduced
from .relu import relu

# ---- signs and distances ----


def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """`input` where the target is 1, `max(0, margin - input)` where it is -1; integers cut the margin.

    Shapes: input and target broadcast.

    Examples:
        >>> F.hinge_embedding_loss(tt.tensor([0.3, 0.3]), tt.tensor([1.0, -1.0]), reduction="none")
        tensor([0.3000, 0.7000])
    """
    code = code_of(size_average, reduce, reduction)
    _C.check_number(float(margin), input.dtype)
    apart = (input.new_full((), margin) - input).clamp(min=0).masked_fill(target == 1, 0)
    return reduced(apart + input.masked_fill(target == -1, 0), code)


def margin_ranking_loss(
    input1: Any,
    input2: Any,
    target: Tensor,
    margin: float = 0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """`max(0, margin - target (input1 - input2))`; the three shapes broadcast.

    Examples:
        >>> F.margin_ranking_loss(tt.tensor([1.0, 1.0]), tt.tensor([3.0, 0.0]), tt.ones(2), reduction="none")
        tensor([2., 0.])
    """
    code = code_of(size_average, reduce, reduction)
    if input1.ndim != input2.ndim or input1.ndim != target.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.shape}, input2: {input2.shape}, target: {target.shape} "
        )
    return reduced((-target * (input1 - input2) + float(margin)).clamp(min=0), code)


def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """`log(1 + exp(-target input))`; the target is broadcast to the input, whose dtype the loss has.

    Examples:
        >>> F.soft_margin_loss(tt.tensor([2.0, 2.0]), tt.tensor([1.0, -1.0]), reduction="none")
        tensor([0.1269, 2.1269])
    """
    code = code_of(size_average, reduce, reduction)
    product = -input * target
    if product.shape != input.shape:
        raise RuntimeError(
            f"soft_margin_loss: cannot broadcast a target of shape {list(target.shape)} to an input of shape "
            f"{list(input.shape)}"
        )
    return reduced(kept_in(input.dtype, product.exp().log1p()), code)


def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Binary cross-entropy of scores, averaged over classes (the last dimension).

    Shapes: input and target (*, C); with `reduction="none"` the result is (*).

    Examples:
        >>> F.multilabel_soft_margin_loss(tt.tensor([[2.0, -1.0]]), tt.tensor([[1.0, 0.0]]))
        tensor(0.2201)
    """
    code = code_of(size_average, reduce, reduction)
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return reduced(loss.sum(input.ndim - 1) / input.shape[-1], code)


def cosine_embedding_loss(
    input1: Any,
    input2: Any,
    target: Tensor,
    margin: float = 0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """1 minus the cosine where the target is 1, `max(0, cosine - margin)` where it is -1.

    Shapes: inputs (N, D) or (D,), target (N,) or ().

    Examples:
        >>> F.cosine_embedding_loss(tt.tensor([[1.0, 0.0]]), tt.tensor([[1.0, 1.0]]), tt.tensor([1]))
        tensor(0.2929)
    """
    code = code_of(size_average, reduce, reduction)
    if target.ndim > 1 or not input1.ndim == input2.ndim == target.ndim + 1:
        raise RuntimeError(
            f"cosine_embedding_loss: {target.ndim}-D target tensor expects {target.ndim + 1}-D input tensors, but found "
            f"inputs with sizes {list(input1.shape)} and {list(input2.shape)}."
        )
    eps = 1e-12
    dots, squares1, squares2 = (input1 * input2).sum(-1), input1.square().sum(-1) + eps, input2.square().sum(-1) + eps
    cosine = dots / (squares1 * squares2).sqrt()
    together = (1 - cosine).masked_fill(target != 1, 0)
    apart = (cosine - margin).clamp(min=0).masked_fill(target != -1, 0)
    return reduced(together + apart, code)


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """`max(0, d(anchor, positive) - d(anchor, negative) + margin)` with d the p-norm of the difference.

    Shapes: (N, D) or (D,) each.

    Examples:
        >>> F.triplet_margin_loss(tt.zeros(1, 2), tt.tensor([[3.0, 4.0]]), tt.tensor([[0.0, 2.0]]))
        tensor(4.0000)
    """
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    code = code_of(size_average, reduce, reduction)

    def distance(a: Any, b: Any) -> Any:
        return (a - b + eps).norm(p, -1)

    return reduced(_triplet(distance, anchor, positive, negative, margin, swap), code)


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Any = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """`triplet_margin_loss` with a distance of one's own (default: Euclidean).

    Examples:
        >>> distance = nn.PairwiseDistance(p=1)
        >>> anchor, positive, negative = tt.zeros(1, 2), tt.tensor([[3.0, 4.0]]), tt.tensor([[0.0, 2.0]])
        >>> F.triplet_margin_with_distance_loss(anchor, positive, negative, distance_function=distance)
        tensor(6.0000)
    """
    code = code_of(None, None, reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    distance = distance_function or (lambda a, b: (a - b + 1e-6).norm(2, -1))
    return reduced(_triplet(distance, anchor, positive, negative, margin, swap), code)


def _triplet(distance: Any, anchor: Any, positive: Any, negative: Any, margin: float, swap: bool) -> Any:
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {anchor.ndim}D, positive {positive.ndim}D, and negative {negative.ndim}D inputs"
        )
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    return (margin + near - far).clamp(min=0)


# ---- classes ----


def _check_classes(name: str, target: Any) -> None:
    if target.dtype.name != "int64" and target.numel():
        raise RuntimeError(f"{name}: expected target classes of dtype int64, got {target.dtype.name}")


def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over the other classes of `max(0, margin - x[target] + x[class])^p`, by weight of the target.

    Shapes: input (N, C) or (C,), target (N,) or ().

    Examples:
        >>> F.multi_margin_loss(tt.tensor([[0.1, 0.2, 0.4]]), tt.tensor([2]))
        tensor(0.5000)
    """
    code = code_of(size_average, reduce, reduction)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if input.ndim not in (1, 2) or 0 in input.shape[input.ndim - 1 :]:
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {input.shape}"
        )
    rows, targets = (input, target) if input.ndim == 2 else (input.unsqueeze(0), target.reshape(-1))
    if targets.ndim != 1 or targets.shape[0] != rows.shape[0]:
        raise RuntimeError(f"inconsistent target size, expected {rows.shape[0]} but got {list(target.shape)}")
    _check_classes("multi_margin_loss", targets)
    at = targets.unsqueeze(1)
    loss = relu(margin - rows.gather(1, at) + rows)  # whose slope at 0 is 0
    if p == 2:
        loss = loss.square()
    if weight is not None:
        if weight.shape != (rows.shape[1],):
            raise RuntimeError(f"inconsistent weight size, expected {rows.shape[1]} but got {list(weight.shape)}")
        if weight.dtype != rows.dtype:
            raise RuntimeError(f"multi_margin_loss: expected a weight of dtype {rows.dtype} but got {weight.dtype}")
        loss = loss * weight[targets].unsqueeze(1)
    loss = loss.scatter(1, at, 0.0).sum(1) / rows.shape[1]
    return reduced(loss if input.ndim == 2 or code else loss.reshape(()), code)


def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Margins of 1 between every target class (listed first, up to a -1) and every class that is none, averaged.

    Shapes: input and target (N, C) or (C,).

    Examples:
        >>> F.multilabel_margin_loss(tt.tensor([[0.1, 0.2, 0.4]]), tt.tensor([[2, 0, -1]]))
        tensor(0.6333)
    """
    code = code_of(size_average, reduce, reduction)
    if input.ndim not in (1, 2) or input.shape != target.shape:
        raise RuntimeError(f"inconsistent target size: {list(target.shape)} for input of size {list(input.shape)}")
    rows, targets = (input, target) if input.ndim == 2 else (input.unsqueeze(0), target.unsqueeze(0))
    _check_classes("multilabel_margin_loss", targets)
    listed = (targets >= 0).long().cumprod(1).bool()
    index = targets.masked_fill(~listed, 0)
    wanted = rows.new_zeros(rows.shape).scatter_add(1, index, listed.to(rows.dtype)) > 0
    gaps = relu(1 - rows.gather(1, index).unsqueeze(2) + rows.unsqueeze(1))
    counts = listed.unsqueeze(2) & ~wanted.unsqueeze(1)
    loss = gaps.masked_fill(~counts, 0).sum((1, 2)) / rows.shape[1]
    return reduced(loss if input.ndim == 2 or code else loss.reshape(()), code)
