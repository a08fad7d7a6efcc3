"""Losses, named and behaving as in `torch.nn.functional`.

Common to all: `reduction` is "mean", "sum" or "none"; `size_average` and `reduce` are its old spelling.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

from .. import _C
from .._C import is_grad_enabled, vjp
from .._C import ops as C
from ..history import check_cast
from ..tensor import Tensor, primitive
from .activation import logsigmoid
from .creation import arange, broadcast_tensors
from .query import result_type
from .second import pull_back
from .softmax import log_softmax

# ---- reduction ----

_CODES = {"none": 0, "mean": 1, "sum": 2}


def _code(size_average: Any, reduce: Any, reduction: str) -> int:
    if size_average is not None or reduce is not None:
        if reduce is False:
            reduction = "none"
        else:
            reduction = "sum" if size_average is False else "mean"
    code = _CODES.get(reduction)
    if code is None:
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return code


def _reduced(loss: Any, code: int) -> Any:
    return loss if code == 0 else loss.mean() if code == 1 else loss.sum()


def _kept_in(dtype: Any, loss: Any) -> Any:
    """The loss in the dtype it is written in, if it may be."""
    if loss.dtype == dtype:
        return loss
    check_cast(loss.dtype, dtype)
    return loss.to(dtype)


def _difference(name: str, input: Any, target: Any) -> Any:
    """`input - target` in their common dtype, a floating point one; bool counts as 0 and 1."""
    if input.dtype == target.dtype and input.dtype.is_floating_point:
        return input - target
    dtype = result_type(input, target)
    if not dtype.is_floating_point:
        raise NotImplementedError(f"{name}: not implemented for {dtype}, only for floats")
    return input.to(dtype) - target.to(dtype)


# ---- classes ----


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Any = None,
    size_average: Any = None,
    ignore_index: int = -100,
    reduce: Any = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Minus the log of the softmax probability of the target class.

    Args:
        input: scores: (classes,), (rows, classes) or (rows, classes, d1, ...).
        target: class indices (a dimension fewer), or probabilities of the shape of `input`.
        weight: one for each class.
        size_average: see `reduction`.
        ignore_index: rows with this target count for nothing.
        reduce: see `reduction`.
        reduction: "mean" divides by the weights of the targets that count.
        label_smoothing: how much of each target is spread evenly over all classes.

    Raises:
        IndexError: a target is no class.
        ValueError: rows and targets differ in number.

    Examples:
        >>> tt.nn.functional.cross_entropy(tt.zeros(2, 4), tt.tensor([0, 3]))
        tensor(1.3863)
    """
    if size_average is not None or reduce is not None or reduction not in _CODES:
        code = _code(size_average, reduce, reduction)
    else:
        code = _CODES[reduction]
    ndim = input.ndim
    if target.ndim == 1 and ndim == 2 and label_smoothing == 0.0:
        return _cross_entropy(input, target, weight, ignore_index, code, 0.0)
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    if ndim == target.ndim and input.shape == target.shape:
        return _cross_entropy_of_probabilities(input, target, weight, code, label_smoothing)
    rows, targets = _rows(input, target)
    loss = _cross_entropy(rows, targets, weight, ignore_index, code, label_smoothing)
    return loss.reshape(target.shape) if code == 0 else loss


def _rows(input: Any, target: Any) -> Any:
    """Scores with their classes last, as (rows, classes), and the targets as (rows,)."""
    if input.ndim == 0:
        raise ValueError("Expected at least a 1-d input of class scores")
    if input.ndim == 1:
        if target.ndim > 1 or (target.ndim == 1 and target.shape[0] != 1):
            raise ValueError("Expected one target for a 1-d input of class scores")
        return input.unsqueeze(0), target.reshape(1)
    if input.shape[0] != target.shape[0] if target.ndim else True:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0]}) to match target batch_size "
            f"({target.shape[0] if target.ndim else 0})."
        )
    if (input.shape[0], *input.shape[2:]) != tuple(target.shape):
        raise RuntimeError(f"Expected target size {[input.shape[0], *input.shape[2:]]}, got {list(target.shape)}")
    if input.ndim == 2:
        return input, target
    if target.dtype.name == "uint8":
        raise RuntimeError(f"Expected target classes of dtype int64 for scores of {input.ndim} dimensions, got uint8")
    return input.movedim(1, -1).reshape(-1, input.shape[1]), target.reshape(-1)


@primitive
def _cross_entropy(x: Any, target: Any, weight: Any, ignore: int, code: int, smoothing: float) -> Any:
    loss, e, sums, total = C.cross_entropy(x, target, weight, ignore, code, smoothing)
    version = x._version

    def scores() -> Any:  # not saved: only second derivatives need them
        if is_grad_enabled() and x._version != version:
            raise RuntimeError("cross_entropy: its input was written in place: it cannot be differentiated twice")
        return x

    def vjp(g: Any) -> Any:
        return C.cross_entropy_backward(g, scores(), e, sums, target, weight, total, ignore, code, smoothing)

    return loss, vjp


@primitive(joint=True)
def cross_entropy_backward(
    g: Any,
    x: Any,
    e: Any,
    sums: Any,
    target: Tensor,
    weight: Any,
    total: Any,
    ignore: int,
    code: int,
    smoothing: float,
) -> Any:
    """The gradient of cross-entropy for the scores x, whose softmax e / sums is at hand."""

    def gradient(g: Any, x: Any) -> Any:
        n = x.shape[1]
        counts = (target != ignore).unsqueeze(1)
        hit = C.mul(C.eq(arange(n), target.unsqueeze(1)), counts)
        weights = x.detach()[:1] * 0 + 1 if weight is None else weight.unsqueeze(0)
        q = (hit * (1 - smoothing) + smoothing / n * counts) * weights
        if code == 1:
            g = g / total
        if code == 0:
            g = g.unsqueeze(1)
        return g * (x.softmax(1) * q.sum(1, True) - q)

    y = C.cross_entropy_backward(g, x, e, sums, target, weight, total, ignore, code, smoothing)
    return y, lambda h: (*pull_back(gradient, (g, x), h), None, None, None, None, None)


def _cross_entropy_of_probabilities(input: Any, target: Any, weight: Any, code: int, smoothing: float) -> Any:
    if not target.dtype.is_floating_point:
        raise RuntimeError(f"Expected floating point type for target with class probabilities, got {target.dtype}")
    dim = 0 if input.ndim == 1 else 1
    n = input.shape[dim]
    if smoothing > 0:
        target = target * (1 - smoothing) + smoothing / n
    loss = log_softmax(input, dim) * target
    if weight is not None:
        loss = loss * weight.reshape((1,) * dim + (n,) + (1,) * (input.ndim - dim - 1))
    if code == 0:
        return -loss.sum(dim)
    total = -loss.sum()
    return total if code == 2 else total / (input.numel() // n if n else 0)


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Any = None,
    size_average: Any = None,
    ignore_index: int = -100,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-probability of the target class; arguments and errors as in `cross_entropy`.

    Examples:
        >>> F.nll_loss(tt.tensor([[0.5, 0.5], [0.2, 0.8]]).log(), tt.tensor([0, 1]))
        tensor(0.4581)
    """
    code = _code(size_average, reduce, reduction)
    rows, targets = _rows(input, target)
    loss = _nll_loss(rows, targets, weight, ignore_index, code)
    return loss.reshape(target.shape) if code == 0 else loss


@primitive
def _nll_loss(x: Any, target: Any, weight: Any, ignore: int, code: int) -> Any:
    loss, total = C.nll_loss(x, target, weight, ignore, code)
    classes = x.shape[1]
    return loss, vjp(C.nll_loss_backward, target, weight, total, ignore, code, classes)


@primitive
def nll_loss_backward(g: Any, target: Tensor, weight: Any, total: Any, ignore: int, code: int, classes: int) -> Any:
    """The gradient of `nll_loss`, which is linear in its input."""
    gx = C.nll_loss_backward(g, target, weight, total, ignore, code, classes)
    return gx, vjp(_nll_loss, target, weight, ignore, code)


# ---- distances ----


def _same_size(input: Any, target: Any, weight: Any, name: str) -> Any:
    """Input and target in one shape, so that a 0-d one too has its say in the dtype of the result."""
    if input.shape != target.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}). This will likely "
            f"lead to incorrect results due to broadcasting. Please ensure they have the same size.",
            stacklevel=3,
        )
    if weight is not None and weight.shape != input.shape:
        raise ValueError(f"{name}: input and weight must have the same size")
    return (input, target) if input.shape == target.shape else broadcast_tensors(input, target)


def _weighted(loss: Any, weight: Any, code: int) -> Any:
    """The mean is a weighted one where weights are given."""
    if weight is None:
        return _reduced(loss, code)
    loss = loss * weight
    return loss if code == 0 else loss.sum() if code == 2 else loss.sum() / weight.sum()


def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Tensor:
    """The squared difference. Input and target broadcast; a 0-d result unless `reduction="none"`.

    Examples:
        >>> F.mse_loss(tt.tensor([1.0, 2.0]), tt.tensor([1.0, 4.0]))
        tensor(2.)
    """
    code = _code(size_average, reduce, reduction)
    input, target = _same_size(input, target, weight, "mse_loss")
    return _weighted(_difference("mse_loss", input, target).square(), weight, code)


def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Tensor:
    """The absolute difference. Shapes as in `mse_loss`.

    Examples:
        >>> F.l1_loss(tt.tensor([1.0, 2.0]), tt.tensor([1.0, 4.0]))
        tensor(1.)
    """
    code = _code(size_average, reduce, reduction)
    input, target = _same_size(input, target, weight, "l1_loss")
    return _weighted((input - target).abs(), weight, code)


def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """The absolute difference less beta / 2, below `beta` its square divided by 2 beta.

    Shapes as in `mse_loss`.

    Examples:
        >>> F.smooth_l1_loss(tt.tensor([0.0, 2.0]), tt.tensor([0.5, 4.0]), reduction="none")
        tensor([0.1250, 1.5000])
    """
    code = _code(size_average, reduce, reduction)
    input, target = _same_size(input, target, None, "smooth_l1_loss")
    if not beta >= 0:  # nan included
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return _reduced((input - target).abs(), code)
    size = _difference("smooth_l1_loss", input, target).abs()
    return _reduced((size.square() * (0.5 / beta)).where(size < beta, size - 0.5 * beta), code)


def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Any = None,
) -> Tensor:
    """Half the squared difference up to `delta`, linear above. Shapes as in `mse_loss`.

    Examples:
        >>> F.huber_loss(tt.tensor([0.0, 2.0]), tt.tensor([0.5, 5.0]), reduction="none", delta=2.0)
        tensor([0.1250, 4.0000])
    """
    code = _code(None, None, reduction)
    input, target = _same_size(input, target, weight, "huber_loss")
    if not delta > 0:  # nan included
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    size = _difference("huber_loss", input, target).abs()
    loss = (size.square() * 0.5).where(size <= delta, delta * (size - 0.5 * delta))
    return _weighted(_kept_in(input.dtype, loss), weight, code)


# ---- probabilities ----


def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """`-t log(p) - (1 - t) log(1 - p)`, logarithms being no less than -100.

    Shapes: input and target (*), weight broadcast; a 0-d result unless `reduction="none"`.

    Raises:
        ValueError: input and target differ in size.
        RuntimeError: a probability is not in [0, 1].

    Examples:
        >>> F.binary_cross_entropy(tt.tensor([0.9, 0.2]), tt.tensor([1.0, 0.0]))
        tensor(0.1643)
    """
    code = _code(size_average, reduce, reduction)
    if input.shape != target.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}) is deprecated. "
            "Please ensure they have the same size."
        )
    if not input.dtype.is_floating_point or target.dtype != input.dtype:
        raise RuntimeError(
            f"binary_cross_entropy: found dtypes {input.dtype} and {target.dtype}, expected equal floats"
        )
    loss = _binary_cross_entropy(input, target)
    return _reduced(loss if weight is None else loss.mul_(weight), code)


@primitive
def _binary_cross_entropy(p: Any, target: Any) -> Any:
    for what, x in (("input", p), ("target", target)):
        if not C.all(C.logical_and(C.ge(x, 0), C.le(x, 1)), (), False):
            raise RuntimeError(f"all elements of {what} should be between 0 and 1")

    def logs() -> Any:
        return C.clamp(C.log(p), -100.0, math.inf), C.clamp(C.log1p(C.neg(p)), -100.0, math.inf)

    high, low = logs()
    y = C.sub(C.mul(C.sub(target, 1), low), C.mul(target, high))
    return (
        y,
        lambda g: C.div(C.mul(g, C.sub(p, target)), C.clamp(C.mul(C.sub(1, p), p), 1e-12, math.inf)),
        lambda g: C.neg(C.mul(g, C.sub(*logs()))),
    )


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Any = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Tensor:
    """`binary_cross_entropy(sigmoid(input), target)`, accurate for all inputs; `pos_weight` scales the positive part.

    Shapes: input and target (*), weight broadcast; a 0-d result unless `reduction="none"`.

    Raises:
        ValueError: input and target differ in size.

    Examples:
        >>> F.binary_cross_entropy_with_logits(tt.tensor([2.0, -1.0]), tt.tensor([1.0, 0.0]))
        tensor(0.2201)
    """
    code = _code(size_average, reduce, reduction)
    if input.shape != target.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as input size ({input.shape})")
    # log(sigmoid(-x)) = log(sigmoid(x)) - x
    positive = logsigmoid(input)
    if pos_weight is not None:
        positive.mul_((pos_weight - 1) * target + 1)
    loss = _kept_in(target.dtype, (1 - target) * input - positive)
    return _reduced(loss if weight is None else loss.mul_(weight), code)


def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """`t (log(t) - input)`: the divergence of log-probabilities `input` from `target`; "batchmean" sums and divides.

    Shapes: input and target of one shape; a 0-d result unless `reduction="none"`.

    Examples:
        >>> F.kl_div(tt.tensor([[0.5, 0.5]]).log(), tt.tensor([[0.9, 0.1]]), reduction="batchmean")
        tensor(0.3681)
    """
    if not (input.dtype.is_floating_point and target.dtype.is_floating_point):
        raise RuntimeError("kl_div: Integral inputs not supported.")
    batch = reduction == "batchmean"
    code = 2 if batch else _code(size_average, reduce, reduction)
    if log_target:
        loss = target.exp() * (target - input)
    else:
        loss = target.xlogy(target) - target * input
    total = _reduced(loss, code)
    return total / input.shape[0] if batch and input.ndim else total


def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Any,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-density of `target` under normal distributions of means `input` and variances `var`.

    Shapes: input and target of one shape, `var` the same, or with a last dimension of 1, or without it.

    Examples:
        >>> F.gaussian_nll_loss(tt.tensor([1.0]), tt.tensor([3.0]), tt.tensor([4.0]))
        tensor(1.1931)
    """
    code = _code(None, None, reduction)
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = input.new_full(input.shape, var)
    elif var.lt(0).any():
        raise ValueError("var has negative entry/entries")
    if var.shape != input.shape:
        if input.shape[:-1] == var.shape:
            var = var.unsqueeze(-1)
        elif not (input.shape[:-1] == var.shape[:-1] and var.shape[-1] == 1) and not _broadcasts_once(input, var):
            raise ValueError("var is of incorrect size")
    check_cast(_C.float32, var.dtype)
    var = var + (var.detach().clamp(min=eps) - var.detach())  # the gradient passes as if nothing were clamped
    loss = 0.5 * (var.log() + (input - target).square() / var)
    return _reduced(loss + 0.5 * math.log(2 * math.pi) if full else loss, code)


def _broadcasts_once(input: Any, var: Any) -> bool:
    pairs = list(zip(input.shape, var.shape, strict=False))
    return input.ndim == var.ndim and sum(y == 1 for x, y in pairs if x != y) == 1 == sum(x != y for x, y in pairs)


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: Any = None,
    eps: float = 1e-8,
    reduce: Any = None,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-probability of counts `target` under rates exp(input), or input; `full` adds Stirling's term.

    Shapes: input and target broadcast.

    Examples:
        >>> F.poisson_nll_loss(tt.tensor([0.0, 1.0]), tt.tensor([1.0, 3.0]))
        tensor(0.3591)
    """
    code = _code(size_average, reduce, reduction)
    loss = input.exp() - target * input if log_input else input - target * input.add(eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        loss = loss + stirling.masked_fill(target <= 1, 0)
    return _reduced(loss, code)


# ---- margins ----


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
    code = _code(size_average, reduce, reduction)
    _C.check_number(float(margin), input.dtype)
    apart = (input.new_full((), margin) - input).clamp(min=0).masked_fill(target == 1, 0)
    return _reduced(apart + input.masked_fill(target == -1, 0), code)


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
    code = _code(size_average, reduce, reduction)
    if input1.ndim != input2.ndim or input1.ndim != target.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.shape}, input2: {input2.shape}, target: {target.shape} "
        )
    return _reduced((-target * (input1 - input2) + float(margin)).clamp(min=0), code)


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
    code = _code(size_average, reduce, reduction)
    product = -input * target
    if product.shape != input.shape:
        raise RuntimeError(
            f"soft_margin_loss: cannot broadcast a target of shape {list(target.shape)} to an input of shape "
            f"{list(input.shape)}"
        )
    return _reduced(_kept_in(input.dtype, product.exp().log1p()), code)


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
    code = _code(size_average, reduce, reduction)
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return _reduced(loss.sum(input.ndim - 1) / input.shape[-1], code)


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
    code = _code(size_average, reduce, reduction)
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
    return _reduced(together + apart, code)


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
    code = _code(size_average, reduce, reduction)

    def distance(a: Any, b: Any) -> Any:
        return (a - b + eps).norm(p, -1)

    return _reduced(_triplet(distance, anchor, positive, negative, margin, swap), code)


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
    code = _code(None, None, reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    distance = distance_function or (lambda a, b: (a - b + 1e-6).norm(2, -1))
    return _reduced(_triplet(distance, anchor, positive, negative, margin, swap), code)


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
    code = _code(size_average, reduce, reduction)
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
    loss = (margin - rows.gather(1, at) + rows).clamp(min=0)
    if p == 2:
        loss = loss.square()
    if weight is not None:
        if weight.shape != (rows.shape[1],):
            raise RuntimeError(f"inconsistent weight size, expected {rows.shape[1]} but got {list(weight.shape)}")
        if weight.dtype != rows.dtype:
            raise RuntimeError(f"multi_margin_loss: expected a weight of dtype {rows.dtype} but got {weight.dtype}")
        loss = loss * weight[targets].unsqueeze(1)
    loss = loss.scatter(1, at, 0.0).sum(1) / rows.shape[1]
    return _reduced(loss if input.ndim == 2 or code else loss.reshape(()), code)


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
    code = _code(size_average, reduce, reduction)
    if input.ndim not in (1, 2) or input.shape != target.shape:
        raise RuntimeError(f"inconsistent target size: {list(target.shape)} for input of size {list(input.shape)}")
    rows, targets = (input, target) if input.ndim == 2 else (input.unsqueeze(0), target.unsqueeze(0))
    _check_classes("multilabel_margin_loss", targets)
    listed = (targets >= 0).long().cumprod(1).bool()
    index = targets.masked_fill(~listed, 0)
    wanted = rows.new_zeros(rows.shape).scatter_add(1, index, listed.to(rows.dtype)) > 0
    gaps = (1 - rows.gather(1, index).unsqueeze(2) + rows.unsqueeze(1)).clamp(min=0)
    counts = listed.unsqueeze(2) & ~wanted.unsqueeze(1)
    loss = gaps.masked_fill(~counts, 0).sum((1, 2)) / rows.shape[1]
    return _reduced(loss if input.ndim == 2 or code else loss.reshape(()), code)
