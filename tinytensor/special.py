"""Special functions, under SciPy's names."""

from .ops.activation import logit
from .ops.activation import sigmoid as expit
from .ops.binary import xlogy
from .ops.unary import digamma, erf, erfc, erfinv, exp2, expm1, log1p, round
from .ops.unary import digamma as psi
from .ops.unary import lgamma as gammaln

__all__ = [
    "digamma", "erf", "erfc", "erfinv", "exp2", "expit", "expm1", "gammaln", "log1p", "logit", "psi", "round", "xlogy",
]  # fmt: skip
