"""Convolution and its transpose, as products of matrices with windows of the input."""

from __future__ import annotations

from math import prod
from typing import Any

from .._C import float32, vjp
from .._C import ops as C
from ..tensor import Tensor, primitive
from .matmul import linear, matmul
from .windows import Sizes, check_elements, overlap_add, per_dim, taken, window_count, windows

__all__ = [
    "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
]  # fmt: skip


# ---- the three forms of one sum ----
#
# sum(y[n, o, i] * w[o, c, k] * x[n, c, i * stride - before + k * dilation]) is linear in y, w and x. Its gradient with
# respect to each is one of these three ops, whose own gradients are the other two.


@primitive(raw=True)
def conv(
    x: Tensor, w: Tensor, bias: Tensor | None, stride: Sizes, before: Sizes, dilation: Sizes, count: Sizes, groups: int
) -> Any:
    """Windows of x (N, in, *spatial) times w (out, in / groups, *kernel): (N, out, *count)."""
    spatial, kernel, dims = x.shape[2:], w.shape[2:], (0, *range(2, x.ndim))
    return (
        C.conv(x, w, bias, stride, before, dilation, count, groups),
        vjp(C.conv_transpose, w, stride, before, dilation, spatial, groups),
        vjp(C.conv_weight, x, stride, before, dilation, kernel, groups),
        vjp(C.sum, dims, False),
    )


@primitive(raw=True)
def conv_transpose(
    g: Tensor, w: Tensor, stride: Sizes, before: Sizes, dilation: Sizes, spatial: Sizes, groups: int
) -> Any:
    """Each element of g (N, out, *count) times w (out, in / groups, *kernel), added up: (N, in, *spatial)."""
    count, kernel = g.shape[2:], w.shape[2:]
    return (
        C.conv_transpose(g, w, stride, before, dilation, spatial, groups),
        vjp(C.conv, w, None, stride, before, dilation, count, groups),
        lambda h: C.conv_weight(g, h, stride, before, dilation, kernel, groups),
    )


@primitive(raw=True)
def conv_weight(g: Tensor, x: Tensor, stride: Sizes, before: Sizes, dilation: Sizes, kernel: Sizes, groups: int) -> Any:
    """Each element of g (N, out, *count) times its window of x (N, in, *spatial): (out, in / groups, *kernel)."""
    count, spatial = g.shape[2:], x.shape[2:]
    return (
        C.conv_weight(g, x, stride, before, dilation, kernel, groups),
        lambda h: C.conv(x, h, None, stride, before, dilation, count, groups),
        lambda h: C.conv_transpose(g, h, stride, before, dilation, spatial, groups),
    )


# ---- what users call ----


def _batched(
    name: str, input: Tensor, weight: Tensor, bias: Tensor | None, n: int, groups: int, transposed: bool
) -> Tensor:
    """The input with a batch dimension, once its shape is seen to be right."""
    for argument, given in (("input", input), ("weight", weight), ("bias", bias)):
        if not isinstance(given, Tensor) and (given is not None or argument != "bias"):
            raise TypeError(f"{name}: argument '{argument}' must be Tensor, not {type(given).__name__}")
    rank = input.ndim
    if rank not in (n + 1, n + 2):
        raise RuntimeError(
            f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {name}, but got input of size: "
            f"{list(input.shape)}"
        )
    if weight.ndim != n + 2:
        raise RuntimeError(f"{name}: expected a weight of {n + 2} dimensions, got shape {list(weight.shape)}")
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    outputs, channels = weight.shape[0], weight.shape[1] * groups
    if transposed:
        channels, outputs = weight.shape[0], weight.shape[1] * groups
    if input.shape[-n - 1] != channels:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {list(weight.shape)}, expected input{list(input.shape)} to have "
            f"{channels} channels, but got {input.shape[-n - 1]} channels instead"
        )
    if 0 in input.shape[-n:] and (rank == n + 1 or input.shape[0]) and channels:
        raise RuntimeError(
            f"{name}: only batch and channels may be without elements, but got an input of shape {list(input.shape)}"
        )
    if input.dtype != weight.dtype:
        raise RuntimeError(f"Input type ({input.dtype}) and weight type ({weight.dtype}) should be the same")
    if 0 in weight.shape[2:]:
        raise RuntimeError(f"kernel size should be greater than zero, but got {list(weight.shape[2:])}")
    if bias is not None and tuple(bias.shape) != (outputs,):
        raise RuntimeError(
            f"Given weight of size {list(weight.shape)}, expected bias to be 1-dimensional with {outputs} elements, but "
            f"got bias of size {list(bias.shape)} instead"
        )
    return input if rank == n + 2 else input.unsqueeze(0)


def _check_steps(stride: Sizes, dilation: Sizes) -> None:
    if min(stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(dilation) <= 0:
        raise RuntimeError("dilation should be greater than zero")


def _casts_bias(x: Tensor, weight: Tensor, groups: int) -> bool:
    """Whether a bias of another dtype is taken where PyTorch's choice of kernel by size decides."""
    if x.dtype is not float32:
        return True
    large = weight.ndim > 3 and min(weight.shape[-2:]) > 3
    return groups == 1 and not large and x.shape[0] <= 1 and prod(x.shape[:4]) <= 20480


def _check_bias(x: Tensor, bias: Tensor, taken: bool) -> None:
    if bias.dtype != x.dtype and not taken:
        raise RuntimeError(f"Input type ({x.dtype}) and bias type ({bias.dtype}) should be the same")


def _finish(y: Tensor, bias: Tensor | None, n: int, was_batched: bool) -> Tensor:
    if bias is not None:
        y = y + bias.to(y.dtype).reshape(-1, *(1,) * n)
    return y if was_batched else y.squeeze(0)


def _borders(padding: Any, kernel: Any, stride: Any, dilation: Any, n: int) -> list[tuple[int, int]]:
    """What to pad before and after each dimension."""
    if padding == "valid":
        return [(0, 0)] * n
    if padding == "same":
        if any(step != 1 for step in stride):
            raise RuntimeError("padding='same' is not supported for strided convolutions")
        totals = [dilation[d] * (kernel[d] - 1) for d in range(n)]
        return [(total // 2, total - total // 2) for total in totals]
    if isinstance(padding, str):
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    amounts = per_dim("padding", padding, n)
    if min(amounts) < 0:
        raise RuntimeError("negative padding is not supported")
    return [(amount, amount) for amount in amounts]


def _conv(
    name: str,
    n: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
) -> Tensor:
    x = _batched(name, input, weight, bias, n, groups, transposed=False)
    if bias is not None:
        _check_bias(x, bias, isinstance(padding, str) and _casts_bias(x, weight, groups))
    kernel, out_channels = weight.shape[2:], weight.shape[0]
    stride, dilation = per_dim("stride", stride, n), per_dim("dilation", dilation, n)
    _check_steps(stride, dilation)
    if out_channels < groups or out_channels % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of size "
            f"{list(weight.shape)} instead"
        )
    borders = _borders(padding, kernel, stride, dilation, n)
    padded = [x.shape[2 + d] + sum(borders[d]) for d in range(n)]
    count = [window_count(padded[d], kernel[d], stride[d], dilation[d]) for d in range(n)]
    if min(count) <= 0:
        raise RuntimeError(
            f"Calculated padded input size per channel: ({' x '.join(map(str, padded))}). "
            f"Kernel size: ({' x '.join(map(str, kernel))}). Kernel size can't be greater than actual input size"
        )
    if max(padded) >= 2**60:
        raise RuntimeError(f"{name}: a padded input of size {padded} is too large")
    check_elements(name, (x.shape[0], out_channels, *count))
    stride, dilation = taken(stride, count), taken(dilation, kernel)
    before = [first for first, _ in borders]
    if x.dtype.is_floating_point:
        bias = bias if bias is None or bias.dtype is x.dtype else bias.to(x.dtype)
        if groups == 1 and padded == list(kernel) == list(x.shape[2:]):  # a single window: all of the input
            y = linear(x.flatten(1), weight.flatten(1), bias).reshape(x.shape[0], out_channels, *count)
            return y if input.ndim == n + 2 else y.squeeze(0)
        y = conv(x, weight, bias, stride, before, dilation, count, groups)
        return y if input.ndim == n + 2 else y.squeeze(0)
    cols = windows(x, stride, before, dilation, kernel, count)
    rows = weight.shape[1] * prod(kernel)
    cols = cols.reshape(x.shape[0], groups, rows, prod(count))
    y = weight.reshape(groups, out_channels // groups, rows) @ cols
    return _finish(y.reshape(x.shape[0], out_channels, *count), bias, n, input.ndim == n + 2)


def _conv_transpose(
    name: str,
    n: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
) -> Tensor:
    x = _batched(name, input, weight, bias, n, groups, transposed=True)
    if bias is not None:
        fits = x.dtype.is_floating_point or not bias.dtype.is_floating_point
        _check_bias(x, bias, n < 3 and fits and _casts_bias(x, weight, groups))
    kernel, out_channels = weight.shape[2:], weight.shape[1] * groups
    stride, dilation = per_dim("stride", stride, n), per_dim("dilation", dilation, n)
    padding, extra = per_dim("padding", padding, n), per_dim("output_padding", output_padding, n)
    if min(extra) < 0:
        raise RuntimeError(f"{name}: negative output_padding is not supported, got {extra}")
    _check_steps(stride, dilation)
    if min(padding) < 0:
        raise RuntimeError("negative padding is not supported")
    if weight.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of size "
            f"{list(weight.shape)} instead"
        )
    if any(extra[d] >= max(stride[d], dilation[d]) for d in range(n)):
        raise RuntimeError(
            "output padding must be smaller than either stride or dilation, but got output_padding: "
            f"{list(extra)} stride: {list(stride)} dilation: {list(dilation)}"
        )
    batch, channels, *count = x.shape
    spatial = [(count[d] - 1) * stride[d] + dilation[d] * (kernel[d] - 1) + 1 + extra[d] for d in range(n)]
    inner = [spatial[d] - 2 * padding[d] for d in range(n)]
    if min(inner) <= 0:
        raise RuntimeError(
            f"Given input size per channel: ({' x '.join(map(str, count))}). Calculated output size per channel: "
            f"({' x '.join(map(str, inner))}). Output size is too small"
        )
    check_elements(name, (batch, out_channels, *spatial))
    stride, dilation = taken(stride, count), taken(dilation, kernel)
    alone = prod(count) == 1 and inner == list(kernel) and not any(padding)
    if x.dtype.is_floating_point and groups == 1 and alone:  # no two filters meet
        y = matmul(x.flatten(1), weight.flatten(1)).reshape(batch, out_channels, *kernel)
        return _finish(y, bias, n, input.ndim == n + 2)
    if x.dtype.is_floating_point:
        y = conv_transpose(x, weight, stride, padding, dilation, inner, groups)
        return _finish(y, bias, n, input.ndim == n + 2)
    rows = out_channels // groups * prod(kernel)
    cols = weight.reshape(groups, channels // groups, rows).mT @ x.reshape(
        batch, groups, channels // groups, prod(count)
    )
    y = overlap_add(cols.reshape(batch, out_channels, *kernel, *count), stride, padding, dilation, inner)
    return _finish(y, bias, n, input.ndim == n + 2)


def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """Slides filters (out, in / groups, k) over sequences (N, in, L): `y[n, o, t] = sum(weight[o] * window t)`.

    Args:
        input: (N, in, L) or (in, L).
        weight: (out, in / groups, k).
        bias: (out,), optional.
        stride: distance of the windows.
        padding: zeros on both sides; or "valid" for none, "same" for an output as long as the input.
        dilation: distance of the elements in a window.
        groups: channels fall into this many groups that do not see each other.

    Raises:
        RuntimeError: the channels do not fit, or the kernel is larger than the padded input.

    Examples:
        >>> F.conv1d(tt.arange(4.0).view(1, 1, 4), tt.ones(1, 1, 2))
        tensor([[[1., 3., 5.]]])
    """
    return _conv("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """Slides filters (out, in / groups, kH, kW) over images (N, in, H, W) or (in, H, W); arguments as for conv1d.

    Examples:
        >>> F.conv2d(tt.zeros(2, 3, 9, 9), tt.zeros(5, 3, 3, 3), stride=2).shape
        torch.Size([2, 5, 4, 4])
    """
    return _conv("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    """Slides filters over volumes (N, in, D, H, W) or (in, D, H, W); arguments as for conv1d.

    Examples:
        >>> F.conv3d(tt.zeros(2, 3, 6, 6, 6), tt.zeros(5, 3, 3, 3, 3)).shape
        torch.Size([2, 5, 4, 4, 4])
    """
    return _conv("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """The transpose of conv1d: every element of (N, in, L) adds its multiple of a filter (in, out / groups, k).

    Args:
        input: (N, in, L) or (in, L).
        weight: (in, out / groups, k).
        bias: (out,), optional.
        stride: distance of the filters in the output.
        padding: cut off from both ends of the output.
        output_padding: added at the end of the output.
        groups: channels fall into this many groups that do not see each other.
        dilation: distance of the elements of a filter.

    Examples:
        >>> F.conv_transpose1d(tt.tensor([[[1.0, 2.0]]]), tt.ones(1, 1, 3), stride=2)
        tensor([[[1., 1., 3., 2., 2.]]])
    """
    return _conv_transpose(
        "conv_transpose1d", 1, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """The transpose of conv2d over images (N, in, H, W) or (in, H, W); arguments as for conv_transpose1d.

    Examples:
        >>> F.conv_transpose2d(tt.zeros(2, 3, 4, 4), tt.zeros(3, 5, 2, 2), stride=2).shape
        torch.Size([2, 5, 8, 8])
    """
    return _conv_transpose(
        "conv_transpose2d", 2, input, weight, bias, stride, padding, output_padding, groups, dilation
    )


def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Tensor:
    """The transpose of conv3d over volumes (N, in, D, H, W) or (in, D, H, W); arguments as for conv_transpose1d.

    Examples:
        >>> F.conv_transpose3d(tt.zeros(2, 3, 4, 4, 4), tt.zeros(3, 5, 2, 2, 2)).shape
        torch.Size([2, 5, 5, 5, 5])
    """
    return _conv_transpose(
        "conv_transpose3d", 3, input, weight, bias, stride, padding, output_padding, groups, dilation
    )
