"""Rows of tinytensor/ops/cholesky.py."""

from op_row import FLOATS, E, Row, S, T
from ops.linalg import BAD, EXACT


def positive(function):
    """The function of a positive-definite matrix made of x."""
    return lambda tt, x, **kwargs: function(tt.linalg, x @ x.mT + 2 * tt.eye(x.shape[-1], dtype=x.dtype), **kwargs)


INDEFINITE = T(values=[[1.0, 2.0], [2.0, 1.0]], grad=False)
BATCH = T(values=[[[4.0, 2.0], [2.0, 3.0]], [[0.0, 2.0], [2.0, 1.0]]], grad=False)
FACTORED = {"dtypes": FLOATS, "rtol": 1e-4, "atol": 1e-4}


def info(linalg, x, **kwargs):
    """Of a factor that there is none of, only where it ends."""
    return linalg.cholesky_ex(x, **kwargs).info


def factor_of(x):
    """A lower triangle with a diagonal that is not near zero."""
    return x.tril(-1) + x.diagonal(dim1=-2, dim2=-1).square().add(1).diag_embed()


ROWS = [
    Row("linalg.cholesky", [S(T(3, 3)), S(T(2, 4, 4)), S(T(3, 3), upper=True)],
        fn=positive(lambda linalg, x, **kw: linalg.cholesky(x, **kw)), **EXACT),
    Row("linalg.cholesky_ex", [S(T(3, 3)), S(T(2, 4, 4)), S(T(3, 3), upper=True), S(T(0, 0))],
        fn=positive(lambda linalg, x, **kw: tuple(linalg.cholesky_ex(x, **kw))), **EXACT),
    Row("linalg.cholesky_ex of indefinite matrices", [S(INDEFINITE), S(BATCH), S(T(values=[[1.0, 0.0], [0.0, 1.0]]))],
        fn=lambda tt, x, **kw: info(tt.linalg, x, **kw), grad=False, layouts=False,
        errors=[E(RuntimeError, "positive-definite", S(INDEFINITE, check_errors=True)), *BAD], **FACTORED),
    Row("cholesky_solve", [S(T(3, 2), T(3, 3)), S(T(2, 3, 1), T(3, 3)), S(T(3, 2), T(2, 3, 3)), S(T(3, 2), T(3, 3), True)],
        fn=lambda tt, b, x, *a: tt.cholesky_solve(b, factor_of(x).mT if a else factor_of(x), *a), method=False,
        errors=[E(RuntimeError, "at least 2", S(T(3), T(3, 3))), E(RuntimeError, "sizes", S(T(2, 2), T(3, 3)))], **FACTORED),
    Row("cholesky_inverse", [S(T(3, 3)), S(T(2, 3, 3)), S(T(3, 3), True)],
        fn=lambda tt, x, *a: tt.cholesky_inverse(factor_of(x).mT if a else factor_of(x), *a), method=False, **FACTORED),
]
