"""Connectionist temporal classification: the loss of sequences whose alignment with their targets is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import _C
from .._C import ops as C
from ..tensor import Tensor, primitive
from .choice import where
from .loss import CODES, code_of, reduced

__all__: list[str] = []


@primitive
def _ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor,
    target_lengths: Tensor,
    blank: int,
    states: int,
    zero: bool,
) -> Any:
    """The negative log likelihood of each target of a batch, and that of each state at each step; `zero` for backward."""
    y, alpha = C.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, states)
    return (y, alpha), lambda g, _: C.ctc_loss_backward(
        g, log_probs, targets, input_lengths, target_lengths, y, alpha, blank, zero
    )


@primitive
def _ctc_loss_backward(g: Tensor, *saved: Any) -> Any:
    def refuse(_: Tensor) -> Any:
        raise RuntimeError("ctc_loss: the derivative of its gradient is not implemented")

    return C.ctc_loss_backward(g, *saved), refuse, refuse


def _lengths(name: str, lengths: Any, count: int, most: int | None) -> list[int]:
    """The lengths of a batch as numbers, each in range."""
    if isinstance(lengths, Tensor):
        if lengths.dtype.is_floating_point or lengths.dtype is _C.bool:
            raise RuntimeError(f"{name} must be integral")
        lengths = lengths.reshape(-1).tolist()
    if len(lengths) != count:
        raise RuntimeError(f"{name} must be of size batch_size, {count}, got {len(lengths)}")
    for length in lengths:
        if length < 0:
            raise RuntimeError(f"Expected {name} to have value at least 0, but got value {length}")
        if most is not None and length > most:
            raise RuntimeError(f"Expected {name} to have value at most {most}, but got value {length}")
    return list(lengths)


def _check_targets(targets: Tensor, lengths: list[int]) -> None:
    if targets.ndim == 1 and targets.numel() != sum(lengths):
        raise RuntimeError(
            f"Expected targets of {sum(lengths)} elements, the sum of target_lengths, but got {targets.numel()}"
        )
    if targets.ndim == 2 and (targets.shape[0] != len(lengths) or targets.shape[1] < max(lengths)):
        raise RuntimeError(
            f"Expected targets of shape ({len(lengths)}, {max(lengths)} or more), but got {tuple(targets.shape)}"
        )


def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | Sequence[int],
    target_lengths: Tensor | Sequence[int],
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """How unlikely the targets are, over all alignments of their classes with the steps of the input.

    A. Graves et al., "Connectionist Temporal Classification: Labelling Unsegmented Sequence Data with Recurrent Neural
    Networks", 2006.

    Shapes: log_probs (T, N, C) or (T, C); targets (N, S), or of all one behind the other -> (), or (N) with "none".

    Args:
        log_probs: logarithms of probabilities, as `log_softmax` gives them: the gradient counts on that.
        targets: classes in [0, C) of an integer dtype, none of them the blank.
        input_lengths: how many steps of each sequence count.
        target_lengths: how many classes each target has.
        blank: the class that stands between others and says nothing.
        reduction: "mean" of the losses, each divided by the length of its target, "sum" or "none".
        zero_infinity: whether targets that no alignment spells, as they are too long, have loss and gradient 0.

    Raises:
        IndexError: a class of a target is out of range.
        RuntimeError: sizes or lengths do not fit each other.
        NotImplementedError: log_probs are not of a floating point dtype.

    Examples:
        >>> log_probs = tt.full((4, 1, 3), 1 / 3).log()
        >>> F.ctc_loss(log_probs, tt.tensor([[1, 2]]), [4], [2])
        tensor(0.8432)
    """
    code = code_of(None, None, reduction)
    single = log_probs.ndim == 2
    batch = log_probs.unsqueeze(1) if single else log_probs
    if batch.ndim != 3:
        raise RuntimeError(f"ctc_loss: expected log_probs of shape (T, N, C) or (T, C), got {tuple(log_probs.shape)}")
    if not batch.numel():
        raise RuntimeError("log_probs tensor must not be empty")
    if not 0 <= blank < batch.shape[2]:
        raise RuntimeError(f"blank must be in label range, [0, {batch.shape[2]}), got {blank}")
    inputs = _lengths("input_lengths", input_lengths, batch.shape[1], batch.shape[0])
    spelled = _lengths("target_lengths", target_lengths, batch.shape[1], None)
    _check_targets(targets, spelled)
    lengths = _C.from_sequence(spelled, _C.int64)
    steps = _C.from_sequence(inputs, _C.int64)
    y = _ctc_loss(batch, targets, steps, lengths, blank, 2 * max(spelled) + 1, zero_infinity)[0]
    if zero_infinity:
        y = where(y == float("inf"), 0.0, y)
    if code == CODES["mean"]:
        return (y / lengths.clamp(min=1)).mean()
    return reduced(y.squeeze(0) if single else y, code)
