"""Normalisation: batch, layer, group, instance and RMS."""

from __future__ import annotations

from typing import Any

from .._C import ops as C
from ..tensor import Tensor, primitive
from .join import pad
from .second import pull_back

__all__ = ["group_norm", "layer_norm", "rms_norm"]  # the others are in nn.functional

# ---- over all but the channels ----


def batch_norm(
    input: Tensor,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """`(x - mean) / sqrt(var + eps) * weight + bias` for each channel (dimension 1).

    Args:
        input: (rows, channels) or (rows, channels, ...).
        running_mean: moved towards the mean of the batch in training, used as the mean otherwise; None in training.
        running_var: the same for the (unbiased) variance.
        weight: one for each channel.
        bias: one for each channel.
        training: normalise by the statistics of the batch.
        momentum: how far running statistics move.
        eps: added to the variance.

    Raises:
        IndexError: the input has no dimension of channels.
        ValueError: one value a channel in training has no variance; `eps` is negative, or zero in training.
        RuntimeError: statistics, weights or biases do not fit the channels.

    Examples:
        >>> x = tt.tensor([[1.0, 10.0], [3.0, 30.0]])
        >>> F.batch_norm(x, None, None, training=True)
        tensor([[-1.0000, -1.0000],
                [ 1.0000,  1.0000]])
    """
    if eps < 0 or (training and eps == 0):
        raise ValueError(
            f"batch_norm eps must be {'positive during training' if training else 'non-negative'}, got {eps}"
        )
    if input.ndim < 2 and input.numel():
        raise IndexError(f"batch_norm: expected at least 2 dimensions, (rows, channels), got shape {list(input.shape)}")
    for running in (running_mean, running_var):
        if running is not None and running.ndim != 1 and input.numel():
            raise RuntimeError(f"batch_norm: running statistics must have 1 dimension, got shape {list(running.shape)}")
    if not training:
        if running_mean is None or running_var is None:
            raise RuntimeError("Expected running_mean and running_var to be defined when training=False")
        return _batch_norm_eval(input, running_mean, running_var, weight, bias, eps)
    shape = input.shape
    count = shape[0] * shape[2:].numel()
    if count == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {shape}")
    return _batch_norm(input, weight, bias, running_mean, running_var, count, momentum, eps)


@primitive(joint=True)
def _batch_norm(
    x: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, count: int, momentum: float, eps: float
) -> Any:
    y, mean, var, rstd = C.batch_norm(x, weight, bias, eps)
    if running_mean is not None:
        C.batch_norm_update(running_mean, running_var, mean, var, momentum, count)
    given = _given(weight, bias, running_mean, running_var)
    return y, lambda g: _of_given(given, C.batch_norm_backward(g, x, mean, rstd, weight, True))


@primitive(joint=True)
def _batch_norm_eval(x: Any, mean: Any, var: Any, weight: Any, bias: Any, eps: float) -> Any:
    y, rstd = C.batch_norm_eval(x, mean, var, weight, bias, eps)
    has_weight, has_bias = weight is not None, bias is not None

    def vjp(g: Any) -> Any:
        gx, gw, gb = C.batch_norm_backward(g, x, mean, rstd, weight, False)
        return (gx, None, None, *((gw,) if has_weight else ()), *((gb,) if has_bias else ()))

    return y, vjp


def _given(*tensors: Any) -> tuple[bool, ...]:
    return tuple(t is not None for t in tensors)


def _of_given(given: tuple[bool, ...], gradients: Any) -> tuple[Any, ...]:
    """The gradient of x, then those of the other tensors that were given (statistics have none)."""
    gx, *rest = gradients
    rest += [None] * (len(given) - len(rest))
    return (gx, *(g for g, there in zip(rest, given, strict=True) if there))


@primitive(joint=True)
def batch_norm_backward(g: Any, x: Any, mean: Any, rstd: Any, weight: Any, training: bool) -> Any:
    """The gradients of x, weight and bias."""
    dims = (0, *range(2, x.ndim))
    channels = (1, -1) + (1,) * (x.ndim - 2)

    def gradient(g: Any, x: Any, weight: Any) -> Any:
        w = 1 if weight is None else weight.reshape(channels)
        if not training:
            v = (x - mean.reshape(channels)) * rstd.reshape(channels)
            return g * w * rstd.reshape(channels), (g * v).sum(dims), g.sum(dims)
        v, scale = _normalized(x, dims, rstd.reshape(channels))
        gx = w * scale * (g - g.mean(dims, True) - v * (g * v).mean(dims, True))
        return gx, (g * v).sum(dims), g.sum(dims)

    y = C.batch_norm_backward(g, x, mean, rstd, weight, training)

    def vjp(*h: Any) -> Any:
        hg, hx, hw = pull_back(gradient, (g, x, weight), h)
        return (hg, hx, None, None) if weight is None else (hg, hx, None, None, hw)

    return y, vjp


def _normalized(x: Any, dims: Any, rstd: Any) -> tuple[Any, Any]:
    """X normalised over dims, and 1 / sqrt(var + eps) as a function of x; eps is what explains the known rstd."""
    d = x - x.mean(dims, True)
    var = d.square().mean(dims, True)
    scale = (var + (rstd.pow(-2) - var).detach()).rsqrt()
    return d * scale, scale


def instance_norm(
    input: Tensor,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """`batch_norm` of every row on its own; running statistics move towards the mean over rows.

    Shapes: (N, C, *), kept.

    Raises:
        ValueError: one value a channel has no variance.

    Examples:
        >>> F.instance_norm(tt.tensor([[[1.0, 3.0], [10.0, 30.0]]]))
        tensor([[[-1.0000,  1.0000],
                 [-1.0000,  1.0000]]])
    """
    if not use_input_stats:
        return batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    shape = input.shape
    if len(shape) < 3 or shape[2:].numel() == 1:
        raise ValueError(f"Expected more than 1 spatial element when training, got input size {shape}")
    rows, channels = shape[0], shape[1]

    def repeated(t: Any) -> Any:
        return None if t is None else t.repeat(rows)

    means, variances = repeated(running_mean), repeated(running_var)
    flat = input.reshape(1, rows * channels, *shape[2:])
    y = batch_norm(flat, means, variances, repeated(weight), repeated(bias), True, momentum, eps)
    for running, moved in ((running_mean, means), (running_var, variances)):
        if running is not None:
            running.copy_(moved.reshape(rows, channels).mean(0))
    return y.reshape(shape)


# ---- over the last dimensions ----


def _check_shape(input: Any, normalized_shape: Any, name: str, **given: Any) -> int:
    shape = tuple(normalized_shape)
    if not shape:
        raise RuntimeError(f"{name}: expected normalized_shape to have at least one dimension")
    for what, t in given.items():
        if t is not None and tuple(t.shape) != shape:
            raise RuntimeError(
                f"Expected {what} to be of same shape as normalized_shape, but got {what} of shape {list(t.shape)} and "
                f"normalized_shape = {list(shape)}"
            )
    if tuple(input.shape[-len(shape) :]) != shape or input.ndim < len(shape):
        raise RuntimeError(
            f"Given normalized_shape={list(shape)}, expected input with shape [*, {', '.join(map(str, shape))}], but got "
            f"input of size{list(input.shape)}"
        )
    n = 1
    for size in shape:
        n *= size
    return n


def layer_norm(input: Tensor, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Tensor:
    """`(x - mean) / sqrt(var + eps) * weight + bias` over the last dimensions, whose sizes are `normalized_shape`.

    Shapes: (*, normalized_shape), kept.

    Raises:
        RuntimeError: the shapes of input, weight or bias do not end in `normalized_shape`.

    Examples:
        >>> F.layer_norm(tt.tensor([[1.0, 2.0, 3.0]]), (3,))
        tensor([[-1.2247,  0.0000,  1.2247]])
    """
    n = _check_shape(input, normalized_shape, "layer_norm", weight=weight, bias=bias)
    return _layer_norm(input, weight, bias, n, eps)


@primitive(joint=True)
def _layer_norm(x: Any, weight: Any, bias: Any, n: int, eps: float) -> Any:
    y, mean, rstd = C.layer_norm(x, weight, bias, n, eps)
    given = _given(weight, bias)
    shape = weight.shape if weight is not None else () if bias is None else bias.shape

    def vjp(g: Any) -> Any:
        gx, gw, gb = C.layer_norm_backward(g, x, mean, rstd, weight, n)
        if len(shape) > 1:
            gw, gb = C.reshape(gw, shape), C.reshape(gb, shape)
        return _of_given(given, (gx, gw, gb))

    return y, vjp


@primitive(joint=True)
def layer_norm_backward(g: Any, x: Any, mean: Any, rstd: Any, weight: Any, n: int) -> Any:
    """The gradients of x, weight and bias."""

    def gradient(g: Any, x: Any, weight: Any) -> Any:
        g, rows = g.reshape(-1, n), x.reshape(-1, n)
        v, scale = _normalized(rows, 1, rstd.unsqueeze(1))
        u = g if weight is None else g * weight.reshape(n)
        gx = scale * (u - u.mean(1, True) - v * (u * v).mean(1, True))
        return gx.reshape(x.shape), (g * v).sum(0), g.sum(0)

    y = C.layer_norm_backward(g, x, mean, rstd, weight, n)

    def vjp(*h: Any) -> Any:
        hg, hx, hw = pull_back(gradient, (g, x, weight), h)
        return (hg, hx, None, None) if weight is None else (hg, hx, None, None, hw)

    return y, vjp


def rms_norm(input: Tensor, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Tensor:
    """`x / sqrt(mean(x^2) + eps) * weight` over the last dimensions, whose sizes are `normalized_shape`.

    Args:
        input: of a floating point dtype.
        normalized_shape: sizes of the last dimensions.
        weight: of that shape, converted to the dtype of the input.
        eps: the precision of the dtype if None.

    Examples:
        >>> F.rms_norm(tt.tensor([[3.0, 4.0]]), (2,))
        tensor([[0.8485, 1.1314]])
    """
    n = _check_shape(input, normalized_shape, "rms_norm", weight=weight)
    if weight is not None and weight.dtype != input.dtype:
        weight = weight.to(input.dtype)
    if eps is None:
        eps = 2.0**-23 if input.itemsize == 4 else 2.0**-52
    return _rms_norm(input, weight, n, eps)


@primitive(joint=True)
def _rms_norm(x: Any, weight: Any, n: int, eps: float) -> Any:
    y, rstd = C.rms_norm(x, weight, n, eps)
    shape = None if weight is None else weight.shape

    def vjp(g: Any) -> Any:
        gx, gw = C.rms_norm_backward(g, x, rstd, weight, n)
        return (gx,) if shape is None else (gx, C.reshape(gw, shape))

    return y, vjp


@primitive(joint=True)
def rms_norm_backward(g: Any, x: Any, rstd: Any, weight: Any, n: int) -> Any:
    """The gradients of x and weight."""

    def gradient(g: Any, x: Any, weight: Any) -> Any:
        g, rows = g.reshape(-1, n), x.reshape(-1, n)
        square = rows.square().mean(1, True)
        scale = (square + (rstd.unsqueeze(1).pow(-2) - square).detach()).rsqrt()
        v = rows * scale
        u = g if weight is None else g * weight.reshape(n)
        return (scale * (u - v * (u * v).mean(1, True))).reshape(x.shape), (g * v).sum(0)

    y = C.rms_norm_backward(g, x, rstd, weight, n)

    def vjp(*h: Any) -> Any:
        hg, hx, hw = pull_back(gradient, (g, x, weight), h)
        return (hg, hx, None) if weight is None else (hg, hx, None, hw)

    return y, vjp


# ---- over groups ----


def group_norm(input: Tensor, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Tensor:
    """Normalises groups of channels (dimension 1), each row on its own; then weight and bias of each channel.

    Shapes: (N, C, *), kept.

    Raises:
        RuntimeError: the channels cannot be split into `num_groups` groups.

    Examples:
        >>> F.group_norm(tt.tensor([[1.0, 3.0, 10.0, 30.0]]), 2)
        tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
    """
    shape = input.shape
    if len(shape) < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {len(shape)}")
    channels = shape[1]
    if num_groups <= 0 or channels % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(shape)} and num_groups={num_groups}"
        )
    for what, t in (("weight", weight), ("bias", bias)):
        if t is not None and t.dtype != input.dtype:
            raise RuntimeError(f"mixed dtype: group_norm expects {what} of the input's {input.dtype}, got {t.dtype}")
        if t is not None and tuple(t.shape) != (channels,):
            raise RuntimeError(
                f"Expected {what} to be a vector of size equal to the number of channels in input, but got {what} of "
                f"shape {list(t.shape)} and input of shape {list(shape)}"
            )
    return _group_norm(input, weight, bias, shape[0] * num_groups, eps) if input.numel() else input.clone()


@primitive(joint=True)
def _group_norm(x: Any, weight: Any, bias: Any, rows: int, eps: float) -> Any:
    n = x.numel() // rows
    y, mean, rstd = C.layer_norm(C.reshape(x, (rows, n)), None, None, n, eps)
    y = C.reshape(y, x.shape)
    channels = (-1,) + (1,) * (x.ndim - 2)
    if weight is not None and bias is not None:
        y = C.addcmul(C.reshape(bias, channels), y, C.reshape(weight, channels), 1)
    elif weight is not None:
        y = C.mul(y, C.reshape(weight, channels))
    elif bias is not None:
        y = C.add(y, C.reshape(bias, channels))
    given = _given(weight, bias)
    return y, lambda g: _of_given(given, group_norm_backward(g, x, mean, rstd, weight))


@primitive(joint=True)
def group_norm_backward(g: Any, x: Any, mean: Any, rstd: Any, weight: Any) -> Any:
    """The gradients of x, weight and bias."""
    rows = rstd.shape[0]
    dims, channels = (0, *range(2, x.ndim)), (-1,) + (1,) * (x.ndim - 2)

    def scaled(g: Any, weight: Any) -> Any:
        return (g if weight is None else g * weight.reshape(channels)).reshape(rows, -1)

    def of_channels(g: Any, v: Any) -> Any:
        return (g * v.reshape(g.shape)).sum(dims), g.sum(dims)

    def gradient(g: Any, x: Any, weight: Any) -> Any:
        v, scale = _normalized(x.reshape(rows, -1), 1, rstd.unsqueeze(1))
        u = scaled(g, weight)
        gx = scale * (u - u.mean(1, True) - v * (u * v).mean(1, True))
        return gx.reshape(x.shape), *of_channels(g, v)

    # Of each channel the sums of g and of g (x - mean): all that the means over a group are made of.
    batch, width = x.shape[0], x.shape[1] * x.shape[0] // rows
    gs, xs, means, scale = g.reshape(rows, width, -1), x.reshape(rows, width, -1), mean.view(-1, 1, 1), rstd.view(-1, 1)
    sums, products = gs.sum(2), C.scaled_deviation(gs, xs, means).sum(2)
    w = 1 if weight is None else weight.reshape(-1, width).repeat(batch, 1)
    count = xs.shape[1] * xs.shape[2]
    shift = (-scale * (sums * w).sum(1, True) / count).unsqueeze(2)
    slope = (-(scale**3) * (products * w).sum(1, True) / count).unsqueeze(2)
    gx = C.addcmul(shift, gs, (scale * w).expand(rows, width).unsqueeze(2), 1) + C.scaled_deviation(slope, xs, means)
    y = gx.reshape(x.shape), (products * scale).reshape(batch, -1).sum(0), sums.reshape(batch, -1).sum(0)

    def vjp(*h: Any) -> Any:
        hg, hx, hw = pull_back(gradient, (g, x, weight), h)
        return (hg, hx, None, None) if weight is None else (hg, hx, None, None, hw)

    return y, vjp


def local_response_norm(input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """`x / (k + alpha * mean of x^2 over size neighbouring channels)^beta`.

    Shapes: (N, C, *), kept.

    Examples:
        >>> F.local_response_norm(tt.ones(1, 2, 1), size=2, alpha=1.0)
        tensor([[[0.7378],
                 [0.5946]]])
    """
    if input.ndim < 3:
        raise ValueError(f"Expected 3D or higher dimensionality input (got {input.ndim} dimensions)")
    if input.numel() == 0:
        return input
    if size < 1:
        raise RuntimeError(f"local_response_norm: size should be greater than zero, but got {size}")
    squares = pad(input.square().movedim(1, -1), (size // 2, (size - 1) // 2)).unfold(-1, size, 1)
    if input.dtype.is_floating_point:
        squares = squares.mean(-1).movedim(-1, 1)
    else:  # the mean of whole numbers is cut to one, as in the pooling layers
        squares = squares.sum(-1).div(size, rounding_mode="trunc").movedim(-1, 1)
    return input / (squares * alpha + k).pow(beta)
