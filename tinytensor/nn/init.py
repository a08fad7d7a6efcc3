"""Initial values of parameters, filled in place: the schemes of Xavier Glorot, Kaiming He and others.

Every function takes a tensor, overwrites it without recording, and returns it. Those that draw take a `generator`.
"""

import math
import warnings
from typing import TYPE_CHECKING, Any, Literal

from .._C import ops as C
from ..autograd import no_grad
from ..missing import names_of as _names_of
from ..ops.randint import randperm
from ..random import Generator
from ..tensor import Tensor

Nonlinearity = Literal[
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "selu",
]

_GAINS: dict[str, float] = {
    "linear": 1,
    "conv1d": 1,
    "conv2d": 1,
    "conv3d": 1,
    "conv_transpose1d": 1,
    "conv_transpose2d": 1,
    "conv_transpose3d": 1,
    "sigmoid": 1,
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "selu": 3 / 4,
}


def calculate_gain(nonlinearity: Nonlinearity, param: float | None = None) -> float:
    """The factor by which weights should grow to keep the variance of what passes through a nonlinearity.

    Args:
        nonlinearity: its name, as in `nn.functional`, or a linear layer's.
        param: the negative slope of "leaky_relu"; 0.01 if not given.

    Examples:
        >>> tt.nn.init.calculate_gain("tanh")
        1.6666666666666667
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, int | float):
            raise ValueError(f"negative_slope {slope} not a valid number")
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity not in _GAINS:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    return _GAINS[nonlinearity]


# ---- constants


def constant_(tensor: Tensor, val: float) -> Any:
    """Fills a tensor of any shape with `val`.

    Examples:
        >>> tt.nn.init.constant_(tt.empty(2), 0.5)
        tensor([0.5000, 0.5000])
    """
    with no_grad():
        return tensor.fill_(val)


def ones_(tensor: Tensor) -> Any:
    """Fills a tensor of any shape with ones.

    Examples:
        >>> nn.init.ones_(tt.empty(2))
        tensor([1., 1.])
    """
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Any:
    """Fills a tensor of any shape with zeros.

    Examples:
        >>> nn.init.zeros_(tt.empty(2))
        tensor([0., 0.])
    """
    return constant_(tensor, 0.0)


def eye_(tensor: Tensor) -> Any:
    """Makes a matrix the identity, as far as its sides allow.

    Examples:
        >>> tt.nn.init.eye_(tt.empty(2, 3))
        tensor([[1., 0., 0.],
                [0., 1., 0.]])
    """
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    with no_grad():
        tensor.zero_()
        tensor.diagonal().fill_(1)
    return tensor


def dirac_(tensor: Tensor, groups: int = 1) -> Any:
    """Makes the weight of a convolution, of 3 to 5 dimensions, pass its input channels on as they are.

    Args:
        tensor: (channels out, channels in, *kernel).
        groups: each of so many equal blocks of output channels passes on the input channels on its own.

    Examples:
        >>> nn.init.dirac_(tt.empty(2, 2, 3))[1]
        tensor([[0., 0., 0.],
                [0., 1., 0.]])
    """
    if tensor.dim() not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    if tensor.size(0) % groups != 0:
        raise ValueError("dim 0 must be divisible by groups")
    per_group = tensor.size(0) // groups
    center = tuple(size // 2 for size in tensor.shape[2:])
    with no_grad():
        tensor.zero_()
        for start in range(0, tensor.size(0), max(per_group, 1)):
            for channel in range(min(per_group, tensor.size(1))):
                tensor[(start + channel, channel, *center)] = 1
    return tensor


# ---- plain distributions


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None) -> Any:
    """Fills a tensor of any shape with draws from the uniform distribution on [a, b).

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> nn.init.uniform_(tt.empty(3), -0.1, 0.1)
        tensor([ 0.0765,  0.0830, -0.0234])
    """
    with no_grad():
        return tensor.uniform_(a, b, generator=generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None) -> Any:
    """Fills a tensor of any shape with draws from the normal distribution of the given mean and standard deviation.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> nn.init.normal_(tt.empty(3), std=0.02)
        tensor([0.0067, 0.0026, 0.0047])
    """
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> Any:
    """Fills with draws from the normal distribution, drawn anew until all lie in [a, b].

    Args:
        tensor: of any shape.
        mean: of the normal distribution before it is cut.
        std: its standard deviation.
        a: the least value.
        b: the greatest value.
        generator: where the draws come from.

    Raises:
        RuntimeError: [a, b] is so wide, and so far out in a tail, that hardly any draw would be kept.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> nn.init.trunc_normal_(tt.empty(3))
        tensor([0.3367, 0.1288, 0.2345])
    """
    if not a - 2 * std <= mean <= b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            stacklevel=2,
        )
    inside = _normal_cdf((b - mean) / std) - _normal_cdf((a - mean) / std)
    with no_grad():
        if inside > 0.3:
            _redraw_normals(tensor, mean, std, a, b, generator)
        else:
            if _acceptance(mean, std, a, b) < _RARE:
                raise RuntimeError(
                    f"trunc_normal_: of {1 / _RARE:,.0f} draws from [{a}, {b}] fewer than one would be kept "
                    f"with mean={mean} and std={std}"
                )
            _reject_uniforms(tensor, mean, std, a, b, generator)
    return tensor


_RARE = 1e-5  # drawing would take minutes, or for ever


def _acceptance(mean: float, std: float, a: float, b: float) -> float:
    """About how large a part of the uniforms on [a, b) is kept: that where the density is near its highest."""
    width, distance = abs(b - a) / abs(std), abs(max(a, min(mean, b)) - mean) / abs(std)
    near = math.sqrt(2 * math.pi) / (1 + distance)
    return near / width if width > near else 1.0


def _normal_cdf(x: float) -> float:
    return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0


def _redraw_normals(tensor: Tensor, mean: float, std: float, a: float, b: float, generator: Generator | None) -> None:
    low, high = (tensor.new_tensor(bound).item() for bound in (a, b))
    tensor.normal_(mean, std, generator=generator)
    while True:
        outside = (tensor < low) | (tensor > high)
        if not outside.any():
            return
        fresh = _like(tensor).normal_(mean, std, generator=generator)
        tensor.copy_(fresh.where(outside, tensor))


def _reject_uniforms(tensor: Tensor, mean: float, std: float, a: float, b: float, generator: Generator | None) -> None:
    """For bounds far out in a tail: uniforms on [a, b), kept with a probability in proportion to the density."""
    log_peak = -0.5 * ((max(a, min(mean, b)) - mean) / std) ** 2

    def rejected(candidates: Tensor) -> Any:
        log_density = candidates.sub(mean).div_(std).pow_(2).mul_(-0.5).sub_(log_peak)
        return _like(tensor).uniform_(generator=generator).log_().gt(log_density)

    tensor.uniform_(a, b, generator=generator)
    pending = rejected(tensor)
    while pending.any():
        candidates = _like(tensor).uniform_(a, b, generator=generator)
        tensor.copy_(candidates.where(pending, tensor))
        pending = pending & rejected(candidates)


def _like(tensor: Tensor) -> Any:
    return tensor.detach().clone()


# ---- scaled by the number of connections


def _fans(tensor: Tensor) -> tuple[int, int]:
    """How many inputs an output of this weight sees, and how many outputs an input reaches."""
    if tensor.dim() < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    receptive_field = math.prod(tensor.shape[2:])
    return tensor.size(1) * receptive_field, tensor.size(0) * receptive_field


_calculate_fan_in_and_fan_out = _fans  # PyTorch's name, which programs use


def _fan(tensor: Tensor, mode: str) -> int:
    modes = ["fan_in", "fan_out"]
    if mode.lower() not in modes:
        raise ValueError(f"Mode {mode.lower()} not supported, please use one of {modes}")
    return _fans(tensor)[modes.index(mode.lower())]


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Any:
    """Fills with uniforms of the standard deviation gain * sqrt(2 / (fan_in + fan_out)) (Glorot and Bengio 2010).

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> nn.init.xavier_uniform_(tt.empty(1, 3), gain=nn.init.calculate_gain("tanh"))
        tensor([[ 1.5606,  1.6942, -0.4782]])
    """
    bound = math.sqrt(3.0) * (gain * math.sqrt(2.0 / float(sum(_fans(tensor)))))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Any:
    """Fills with normals of the standard deviation gain * sqrt(2 / (fan_in + fan_out)) (Glorot and Bengio 2010).

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> nn.init.xavier_normal_(tt.empty(1, 3))
        tensor([[0.2381, 0.0911, 0.1658]])
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / float(sum(_fans(tensor)))), generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    generator: Generator | None = None,
) -> Any:
    """Fills with uniforms of the standard deviation gain / sqrt(fan) (He and others 2015).

    Args:
        tensor: a weight that is used transposed, as `Linear` does: (outputs, inputs, *kernel).
        a: the negative slope behind this layer, for "leaky_relu".
        mode: "fan_in" keeps the variance of the activations, "fan_out" that of the gradients.
        nonlinearity: what stands behind this layer.
        generator: where the draws come from.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> nn.init.kaiming_uniform_(tt.empty(1, 3))
        tensor([[ 1.0812,  1.1738, -0.3313]])
    """
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    fan = _fan(tensor, mode)
    bound = math.sqrt(3.0) * (calculate_gain(nonlinearity, a) / math.sqrt(fan))
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    generator: Generator | None = None,
) -> Any:
    """Fills with normals of the standard deviation gain / sqrt(fan) (He and others 2015).

    The arguments are those of `kaiming_uniform_`.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> nn.init.kaiming_normal_(tt.empty(1, 3), nonlinearity="tanh")
        tensor([[0.3240, 0.1239, 0.2256]])
    """
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    fan = _fan(tensor, mode)
    return normal_(tensor, 0.0, calculate_gain(nonlinearity, a) / math.sqrt(fan), generator)


# ---- matrices


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Generator | None = None) -> Any:
    """Fills with a random matrix of orthonormal rows or columns, times `gain` (Saxe and others 2013).

    Args:
        tensor: of 2 or more dimensions; those behind the first are taken as one.
        gain: a factor.
        generator: where the draws come from.

    Examples:
        >>> w = nn.init.orthogonal_(tt.empty(2, 2))
        >>> tt.allclose(w @ w.T, tt.eye(2), atol=1e-6)
        True
    """
    if tensor.dim() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0:
        return tensor
    rows = tensor.size(0)
    columns = tensor.numel() // rows
    normals = tensor.new_empty((rows, columns)).normal_(0, 1, generator=generator)
    with no_grad():
        q, r = C.qr(normals.t() if rows < columns else normals)
        q.mul_(r.diagonal().sign())  # makes all orthogonal matrices equally likely
        tensor.copy_((q.t() if rows < columns else q).reshape(tensor.shape))
        return tensor.mul_(gain)


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> Any:
    """Fills a matrix with normals, but for zeros at random places of every column (Martens 2010).

    Args:
        tensor: a matrix.
        sparsity: the share of zeros in each column.
        std: the standard deviation of the rest.
        generator: where the normals come from; the places come from the default generator.

    Examples:
        >>> (nn.init.sparse_(tt.empty(4, 2), sparsity=0.5) == 0).sum(0)
        tensor([2, 2])
    """
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor.shape
    zeros = math.ceil(sparsity * rows)
    with no_grad():
        tensor.normal_(0, std, generator=generator)
        for column in range(columns):
            tensor[randperm(rows)[:zeros], column] = 0
    return tensor


def _deprecated(name: str) -> Any:
    current = globals()[name + "_"]

    def old(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(f"`nn.init.{name}` is now deprecated in favor of `nn.init.{name}_`.", FutureWarning, stacklevel=2)
        return current(*args, **kwargs)

    old.__name__ = name
    old.__doc__ = f"The old name of `{name}_`."
    return old


uniform = _deprecated("uniform")
normal = _deprecated("normal")
constant = _deprecated("constant")
eye = _deprecated("eye")
dirac = _deprecated("dirac")
xavier_uniform = _deprecated("xavier_uniform")
xavier_normal = _deprecated("xavier_normal")
kaiming_uniform = _deprecated("kaiming_uniform")
kaiming_normal = _deprecated("kaiming_normal")
orthogonal = _deprecated("orthogonal")
sparse = _deprecated("sparse")

if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
