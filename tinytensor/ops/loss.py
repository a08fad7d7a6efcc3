"""Losses of differences, and what all losses share; named and behaving as in `torch.nn.functional`.

Common to all: `reduction` is "mean", "sum" or "none"; `size_average` and `reduce` are its old spelling.
"""

from __future__ import annotations

import warnings
from typing import Any

from .._C import ops as C
from ..history import check_cast
from ..tensor import Tensor, primitive
from .broadcast import broadcast_tensors
from .query import result_type

# ---- reduction ----

CODES = {"none": 0, "mean": 1, "sum": 2}


def code_of(size_average: Any, reduce: Any, reduction: str) -> int:
    """The number that stands for a reduction, in either spelling."""
    if size_average is not None or reduce is not None:
        if reduce is False:
            reduction = "none"
        else:
            reduction = "sum" if size_average is False else "mean"
    code = CODES.get(reduction)
    if code is None:
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return code


def reduced(loss: Any, code: int) -> Any:
    """The losses of all elements as the reduction wants them."""
    return loss if code == 0 else loss.mean() if code == 1 else loss.sum()


def kept_in(dtype: Any, loss: Any) -> Any:
    """The loss in the dtype it is written in, if it may be."""
    if loss.dtype == dtype:
        return loss
    check_cast(loss.dtype, dtype)
    return loss.to(dtype)


# ---- differences ----


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
        return reduced(loss, code)
    loss = loss * weight
    return loss if code == 0 else loss.sum() if code == 2 else loss.sum() / weight.sum()


def _as_floats(name: str, input: Any, target: Any) -> tuple[Any, Any]:
    """Input and target in their common dtype, a floating point one; bool counts as 0 and 1."""
    if input.dtype == target.dtype and input.dtype.is_floating_point:
        return input, target
    dtype = result_type(input, target)
    if not dtype.is_floating_point:
        raise NotImplementedError(f"{name}: not implemented for {dtype}, only for floats")
    return input.to(dtype), target.to(dtype)


@primitive(raw=True)
def huber(input: Tensor, target: Tensor, delta: float) -> Any:
    """Half the squared difference up to `delta`, linear above."""

    def slope(g: Tensor) -> Any:
        return C.mul(g, C.hardtanh(C.sub(input, target), -delta, delta))

    return C.huber(input, target, delta), slope, lambda g: C.neg(slope(g))


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
    code = code_of(size_average, reduce, reduction)
    input, target = _same_size(input, target, weight, "mse_loss")
    input, target = _as_floats("mse_loss", input, target)
    return _weighted((input - target).square(), weight, code)


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
    code = code_of(size_average, reduce, reduction)
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
    code = code_of(size_average, reduce, reduction)
    input, target = _same_size(input, target, None, "smooth_l1_loss")
    if not beta >= 0:  # nan included
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return reduced((input - target).abs(), code)
    loss = huber(*_as_floats("smooth_l1_loss", input, target), float(beta))
    return reduced(loss if beta == 1 else loss / beta, code)


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
    code = code_of(None, None, reduction)
    input, target = _same_size(input, target, weight, "huber_loss")
    if not delta > 0:  # nan included
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    loss = huber(*_as_floats("huber_loss", input, target), float(delta))
    return _weighted(kept_in(input.dtype, loss), weight, code)
