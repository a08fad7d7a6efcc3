"""Losses that are logarithms of probabilities, named and behaving as in `torch.nn.functional`."""

from __future__ import annotations

import math
from typing import Any

from .. import _C
from .._C import is_grad_enabled, vjp
from .._C import ops as C
from ..history import check_cast
from ..tensor import Tensor, primitive
from .activation import logsigmoid
from .loss import CODES, code_of, kept_in, reduced
from .ranges import arange
from .second import pull_back
from .softmax import log_softmax

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
    if size_average is not None or reduce is not None or reduction not in CODES:
        code = code_of(size_average, reduce, reduction)
    else:
        code = CODES[reduction]
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
    code = code_of(size_average, reduce, reduction)
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
    code = code_of(size_average, reduce, reduction)
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
    return reduced(loss if weight is None else loss.mul_(weight), code)


@primitive
def _binary_cross_entropy(p: Any, target: Any) -> Any:
    for what, x in (("input", p), ("target", target)):
        if not C.all(C.logical_and(C.ge(x, 0), C.le(x, 1)), (), False):
            raise RuntimeError(f"all elements of {what} should be between 0 and 1")

    high, low = C.clamp(C.log(p), -100.0, math.inf), C.clamp(C.log1p(C.neg(p)), -100.0, math.inf)
    y = C.sub(C.mul(C.sub(target, 1), low), C.mul(target, high))
    return (
        y,
        lambda g: C.div(C.mul(g, C.sub(p, target)), C.clamp(C.mul(C.sub(1, p), p), 1e-12, math.inf)),
        lambda g: C.mul(g, C.sub(C.log(C.sub(1, p)), C.log(p))),  # not held back, as in PyTorch
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
    code = code_of(size_average, reduce, reduction)
    if input.shape != target.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as input size ({input.shape})")
    # log(sigmoid(-x)) = log(sigmoid(x)) - x
    positive = logsigmoid(input)
    if pos_weight is not None:
        positive.mul_((pos_weight - 1) * target + 1)
    loss = kept_in(target.dtype, (1 - target) * input - positive)
    return reduced(loss if weight is None else loss.mul_(weight), code)


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
    code = 2 if batch else code_of(size_average, reduce, reduction)
    if log_target:
        loss = target.exp() * (target - input)
    else:
        loss = target.xlogy(target) - target * input
    total = reduced(loss, code)
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
    code = code_of(None, None, reduction)
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
    return reduced(loss + 0.5 * math.log(2 * math.pi) if full else loss, code)


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
    code = code_of(size_average, reduce, reduction)
    loss = input.exp() - target * input if log_input else input - target * input.add(eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        loss = loss + stirling.masked_fill(target <= 1, 0)
    return reduced(loss, code)
