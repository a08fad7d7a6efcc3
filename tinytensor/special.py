"""Special functions, under SciPy's names."""

from typing import TYPE_CHECKING

from .missing import names_of as _names_of
from .ops.activation import logit
from .ops.activation import sigmoid as expit
from .ops.binary import xlogy
from .ops.reduce import logsumexp
from .ops.softmax import log_softmax, softmax
from .ops.unary import digamma, erf, erfc, erfinv, exp2, expm1, log1p, round
from .ops.unary import digamma as psi
from .ops.unary import lgamma as gammaln

__all__ = [
    "digamma", "erf", "erfc", "erfinv", "exp2", "expit", "expm1", "gammaln", "log1p", "log_softmax", "logit",
    "logsumexp", "psi", "round", "softmax", "xlogy",
]  # fmt: skip

if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
