"""Activations: elementwise nonlinearities, and softmax."""

from __future__ import annotations

from typing import Any

from ...ops.creation import empty
from ...tensor import Tensor
from .. import functional as F
from .. import init as initialise
from ..parameter import Parameter
from .attention import MultiheadAttention
from .module import Module


class _Activation(Module):
    """Shapes: any, kept."""

    def __init__(self, inplace: bool = False) -> None:
        """With `inplace` the input is overwritten."""
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""

    def _with_inplace(self, text: str) -> str:
        return text + ", inplace=True" if self.inplace else text


class ReLU(_Activation):
    """`max(x, 0)`. Elementwise.

    Examples:
        >>> tt.nn.ReLU()(tt.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.relu(input, inplace=self.inplace)


class SiLU(_Activation):
    """`x * sigmoid(x)`. Elementwise.

    Examples:
        >>> nn.SiLU()(tt.tensor([-1.0, 2.0]))
        tensor([-0.2689,  1.7616])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.silu(input, inplace=self.inplace)


class Mish(_Activation):
    """`x * tanh(softplus(x))`. Elementwise.

    Examples:
        >>> nn.Mish()(tt.tensor([-1.0, 2.0]))
        tensor([-0.3034,  1.9440])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.mish(input, inplace=self.inplace)


class SELU(_Activation):
    """ELU scaled such that mean 0 and variance 1 are a fixed point. Elementwise.

    Examples:
        >>> nn.SELU()(tt.tensor([-1.0, 2.0]))
        tensor([-1.1113,  2.1014])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.selu(input, self.inplace)


class Hardsigmoid(_Activation):
    """`clamp(x / 6 + 1/2, 0, 1)`. Elementwise.

    Examples:
        >>> nn.Hardsigmoid()(tt.tensor([-1.0, 4.0]))
        tensor([0.3333, 1.0000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.hardsigmoid(input, self.inplace)

    def extra_repr(self) -> str:
        return ""


class Hardswish(_Activation):
    """`x * clamp(x / 6 + 1/2, 0, 1)`. Elementwise.

    Examples:
        >>> nn.Hardswish()(tt.tensor([-1.0, 4.0]))
        tensor([-0.3333,  4.0000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.hardswish(input, self.inplace)

    def extra_repr(self) -> str:
        return ""


class ELU(_Activation):
    """`x` above zero, `alpha * (exp(x) - 1)` below. Elementwise.

    Examples:
        >>> nn.ELU()(tt.tensor([-1.0, 2.0]))
        tensor([-0.6321,  2.0000])
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        """Saturate at `-alpha`."""
        super().__init__(inplace)
        self.alpha = alpha

    def forward(self, input: Tensor) -> Tensor:
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return self._with_inplace(f"alpha={self.alpha}")


class CELU(ELU):
    """`x` above zero, `alpha * (exp(x / alpha) - 1)` below. Elementwise.

    Examples:
        >>> nn.CELU(alpha=2.0)(tt.tensor([-1.0, 2.0]))
        tensor([-0.7869,  2.0000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.celu(input, self.alpha, self.inplace)


class LeakyReLU(_Activation):
    """`x` above zero, `negative_slope * x` below. Elementwise.

    Examples:
        >>> nn.LeakyReLU(0.1)(tt.tensor([-1.0, 2.0]))
        tensor([-0.1000,  2.0000])
    """

    def __init__(self, negative_slope: float = 1e-2, inplace: bool = False) -> None:
        """Let through `negative_slope` of what is negative."""
        super().__init__(inplace)
        self.negative_slope = negative_slope

    def forward(self, input: Tensor) -> Tensor:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return self._with_inplace(f"negative_slope={self.negative_slope}")


class RReLU(_Activation):
    """LeakyReLU whose slope is drawn for each element while training. Elementwise.

    Examples:
        >>> nn.RReLU().eval()(tt.tensor([-48.0, 2.0]))
        tensor([-11.,   2.])
    """

    def __init__(self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False) -> None:
        """Draw slopes between `lower` and `upper`; their mean is used in evaluation."""
        super().__init__(inplace)
        self.lower = lower
        self.upper = upper

    def forward(self, input: Tensor) -> Tensor:
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return self._with_inplace(f"lower={self.lower}, upper={self.upper}")


class Threshold(_Activation):
    """`x` above `threshold`, else `value`. Elementwise.

    Examples:
        >>> nn.Threshold(1.0, -5.0)(tt.tensor([0.3, 2.0]))
        tensor([-5.,  2.])
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        """Replace what is not above `threshold` by `value`."""
        super().__init__(inplace)
        self.threshold = threshold
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return self._with_inplace(f"threshold={self.threshold}, value={self.value}")


class Hardtanh(_Activation):
    """`clamp(x, min_val, max_val)`. Elementwise.

    Examples:
        >>> nn.Hardtanh()(tt.tensor([-3.0, 0.5]))
        tensor([-1.0000,  0.5000])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        """Clamp between `min_val` and `max_val`."""
        super().__init__(inplace)
        if max_val <= min_val:
            raise AssertionError(f"min_val ({min_val}) must be less than max_val ({max_val})")
        self.min_val = min_val
        self.max_val = max_val

    def forward(self, input: Tensor) -> Tensor:
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return self._with_inplace(f"min_val={self.min_val}, max_val={self.max_val}")


class ReLU6(Hardtanh):
    """`clamp(x, 0, 6)`. Elementwise.

    Examples:
        >>> nn.ReLU6()(tt.tensor([-1.0, 9.0]))
        tensor([0., 6.])
    """

    def __init__(self, inplace: bool = False) -> None:
        """With `inplace` the input is overwritten."""
        super().__init__(0.0, 6.0, inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class Sigmoid(Module):
    """`1 / (1 + exp(-x))`. Elementwise.

    Examples:
        >>> nn.Sigmoid()(tt.tensor([0.0, 2.0]))
        tensor([0.5000, 0.8808])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.sigmoid(input)


class Tanh(Module):
    """Hyperbolic tangent. Elementwise.

    Examples:
        >>> nn.Tanh()(tt.tensor([0.0, 1.0]))
        tensor([0.0000, 0.7616])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.tanh(input)


class LogSigmoid(Module):
    """`log(sigmoid(x))`, without overflow. Elementwise.

    Examples:
        >>> nn.LogSigmoid()(tt.tensor([0.0, -100.0]))
        tensor([  -0.6931, -100.0000])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.logsigmoid(input)


class Softsign(Module):
    """`x / (1 + abs(x))`. Elementwise.

    Examples:
        >>> nn.Softsign()(tt.tensor([-1.0, 3.0]))
        tensor([-0.5000,  0.7500])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.softsign(input)


class Tanhshrink(Module):
    """`x - tanh(x)`. Elementwise.

    Examples:
        >>> nn.Tanhshrink()(tt.tensor([-1.0, 2.0]))
        tensor([-0.2384,  1.0360])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.tanhshrink(input)


class GELU(Module):
    """`x` times the normal distribution's probability of less than x; `approximate="tanh"` is the older formula.

    Elementwise.

    Examples:
        >>> nn.GELU()(tt.tensor([-1.0, 1.0]))
        tensor([-0.1587,  0.8413])
    """

    def __init__(self, approximate: str = "none") -> None:
        """Choose the exact form or the approximation."""
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class GLU(Module):
    """The first half of dimension `dim` times the sigmoid of the second half.

    Shapes: (*, 2n, *) -> (*, n, *).

    Examples:
        >>> nn.GLU()(tt.tensor([1.0, 2.0, 0.0, 0.0]))
        tensor([0.5000, 1.0000])
    """

    def __init__(self, dim: int = -1) -> None:
        """Choose the dimension to halve."""
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Hardshrink(Module):
    """`x` where `abs(x) > lambd`, else 0. Elementwise.

    Examples:
        >>> nn.Hardshrink()(tt.tensor([0.3, -0.8]))
        tensor([ 0.0000, -0.8000])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        """Zero what is within `lambd` of zero."""
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return F.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return str(self.lambd)


class Softshrink(Hardshrink):
    """`x` moved by `lambd` towards 0, and 0 within. Elementwise.

    Examples:
        >>> nn.Softshrink()(tt.tensor([0.3, -0.75]))
        tensor([ 0.0000, -0.2500])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.softshrink(input, self.lambd)


class Softplus(Module):
    """`log(1 + exp(beta * x)) / beta`, and `x` where `beta * x` is above `threshold`. Elementwise.

    Examples:
        >>> nn.Softplus()(tt.tensor([0.0, 100.0]))
        tensor([  0.6931, 100.0000])
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        """Choose the sharpness `beta`."""
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Tensor) -> Tensor:
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class PReLU(Module):
    """LeakyReLU with a trained slope, one for all channels or one for each.

    Shapes: (N, C, *), kept.

    Examples:
        >>> nn.PReLU()(tt.tensor([-1.0, 2.0]))
        tensor([-0.2500,  2.0000], grad_fn=<PreluKernelBackward0>)
    """

    weight: Parameter

    def __init__(self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None) -> None:
        """Start with slope `init`."""
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(empty(num_parameters, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set all slopes back to `init`."""
        initialise.constant_(self.weight, self.init)

    def forward(self, input: Tensor) -> Tensor:
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class Softmax(Module):
    """Positive numbers that sum to 1 along `dim`: `exp(x) / sum(exp(x))`.

    Shapes: any, kept.

    Examples:
        >>> nn.Softmax(dim=1)(tt.tensor([[0.0, 0.0], [1.0, 3.0]]))
        tensor([[0.5000, 0.5000],
                [0.1192, 0.8808]])
    """

    def __init__(self, dim: int | None = None) -> None:
        """Choose the dimension."""
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return F.softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmin(Softmax):
    """Softmax of `-x`. Shapes: any, kept.

    Examples:
        >>> nn.Softmin(dim=0)(tt.tensor([0.0, 1.0]))
        tensor([0.7311, 0.2689])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.softmin(input, self.dim)


class LogSoftmax(Softmax):
    """The logarithm of softmax. Shapes: any, kept.

    Examples:
        >>> nn.LogSoftmax(dim=0)(tt.tensor([0.0, 0.0]))
        tensor([-0.6931, -0.6931])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.log_softmax(input, self.dim)


class Softmax2d(Module):
    """Softmax over the channels of (N, C, H, W) or (C, H, W), which are kept.

    Examples:
        >>> nn.Softmax2d()(tt.zeros(1, 4, 1, 1)).flatten()
        tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """

    def forward(self, input: Tensor) -> Tensor:
        if input.dim() not in (3, 4):
            raise ValueError(f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead")
        return F.softmax(input, -3)


__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "SELU",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "LogSigmoid",
    "LogSoftmax",
    "Mish",
    "MultiheadAttention",
    "PReLU",
    "RReLU",
    "ReLU",
    "ReLU6",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softmax2d",
    "Softmin",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "Threshold",
]
