"""Rows of tinytensor/ops/factor.py: only what is the same whichever signs LAPACK chooses."""

from op_row import E, Row, S, T
from ops.linalg import EXACT, TALL_AND_WIDE


def symmetric(function):
    """The function of `x + x^T`, so that differences stay among symmetric matrices."""
    return lambda tt, x, *args, **kwargs: function(tt.linalg, x + x.mT, *args, **kwargs)


def rebuilt(parts):
    """What the factors give when they are multiplied again, and their squares, which signs leave alone."""
    if len(parts) == 2:
        return parts[0] @ parts[1], parts[0] ** 2, parts[1] ** 2
    u, s, v = parts
    k = s.shape[-1]
    return (u[..., :k] * s.unsqueeze(-2)) @ v[..., :k, :], s, u[..., :k] ** 2, v[..., :k, :] ** 2


ROWS = [
    Row("linalg.solve_triangular",
        [S(T(3, 3), T(3, 2), upper=True), S(T(3, 3), T(3, 2), upper=False), S(T(2, 3, 3), T(2, 4, 3), upper=True, left=False),
         S(T(3, 3), T(3, 1), upper=False, unitriangular=True), S(T(2, 1, 0, 0), T(3, 0, 2), upper=True),
         S(T(values=[[0.0, 1.0], [2.0, 3.0]]), T(values=[[1.0], [2.0]]), upper=False)], **EXACT),
    Row("linalg.eigh", [S(T(3, 3)), S(T(2, 4, 4))],
        fn=symmetric(lambda linalg, x: (linalg.eigh(x)[0], linalg.eigh(x)[1] ** 2)), **EXACT),
    Row("linalg.eigvalsh", [S(T(3, 3)), S(T(2, 4, 4))], fn=symmetric(lambda linalg, x: linalg.eigvalsh(x)), **EXACT),
    Row("linalg.qr", [*TALL_AND_WIDE, S(T(3, 4), "complete")], fn=lambda tt, x, *a: rebuilt(tt.linalg.qr(x, *a)),
        errors=[E(RuntimeError, "mode", S(T(3, 3), "no_such_word"))], **EXACT),
    Row("linalg.svd", [*TALL_AND_WIDE, S(T(4, 3), full_matrices=False)],
        fn=lambda tt, x, **kw: rebuilt(tt.linalg.svd(x, **kw)), **EXACT),
    Row("linalg.svdvals", TALL_AND_WIDE, **EXACT),
    Row("linalg.householder_product", [S(T(4, 3), T(3)), S(T(3, 3), T(2)), S(T(2, 4, 2), T(2, 2))],
        errors=[E(RuntimeError, "greater than or equal", S(T(2, 3), T(2)))], **EXACT),
]
