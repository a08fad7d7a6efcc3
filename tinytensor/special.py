"""Special functions, under SciPy's names."""

import math
from typing import TYPE_CHECKING, Any

from .missing import names_of as _names_of
from .ops.activation import logit
from .ops.activation import sigmoid as expit
from .ops.binary import xlogy
from .ops.creation import as_tensor
from .ops.elementary import sinc
from .ops.polygamma import mvlgamma as multigammaln
from .ops.polygamma import polygamma
from .ops.reduce import logsumexp
from .ops.softmax import log_softmax, softmax
from .ops.unary import digamma, erf, erfc, erfinv, exp2, expm1, log1p, round
from .ops.unary import digamma as psi
from .ops.unary import lgamma as gammaln
from .tensor import Tensor
from .tensor import make_composites as _make_composites

__all__ = [
    "digamma", "entr", "erf", "erfc", "erfinv", "exp2", "expit", "expm1", "gammaln", "log1p", "log_softmax",
    "logit", "logsumexp", "multigammaln", "ndtr", "polygamma", "psi", "round", "sinc", "softmax", "xlog1py",
    "xlogy",
]  # fmt: skip


def entr(input: Tensor) -> Tensor:
    """`-x log(x)`; 0 at 0, -inf below. Elementwise.

    Examples:
        >>> tt.special.entr(tt.tensor([0.0, 0.5, 1.0]))
        tensor([0.0000, 0.3466, -0.0000])
    """
    y: Tensor = (-xlogy(input, input)).masked_fill(input == 0, 0.0).masked_fill(input < 0, -math.inf)
    return y


def xlog1py(input: Any, other: Any) -> Tensor:
    """`input * log1p(other)`, 0 where input is 0 (unless other is nan). Elementwise, with broadcasting.

    Examples:
        >>> tt.special.xlog1py(tt.tensor([0.0, 2.0]), tt.tensor([-1.0, 1.0]))
        tensor([0.0000, 1.3863])
    """
    if not isinstance(other, Tensor):
        logarithm = math.log1p(other) if other > -1 else -math.inf if other == -1 else math.nan
        y: Tensor = input * logarithm
        return y if math.isnan(other) else y.masked_fill(input == 0, 0.0)
    zero = ~other.isnan() & as_tensor(input == 0)
    y = (input * other.masked_fill(zero, 0).log1p()).masked_fill(zero, 0.0)
    return y


def ndtr(input: Tensor) -> Tensor:
    """The area under the standard normal density up to x. Elementwise.

    Examples:
        >>> tt.special.ndtr(tt.tensor([-1.0, 0.0, 1.0]))
        tensor([0.1587, 0.5000, 0.8413])
    """
    y: Tensor = erfc(input * -math.sqrt(0.5)) / 2
    return y


_make_composites(__name__, ["entr", "ndtr", "xlog1py"])

if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
