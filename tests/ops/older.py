"""Rows of tinytensor/ops/older.py."""

from op_row import FLOATS, E, Row, S, T

CLOSE = {"dtypes": FLOATS, "rtol": 1e-3, "atol": 1e-4, "method": False}
SHAPES = [S(T(4, 3)), S(T(3, 4)), S(T(2, 3, 3))]

ROWS = [
    Row("qr", [*SHAPES[:1], *SHAPES[2:]], fn=lambda tt, x: tt.qr(x).Q @ tt.qr(x).R,
        errors=[E(RuntimeError, "dim", S(T(3)))], **CLOSE),
    Row("svd", SHAPES, fn=lambda tt, x: (lambda u, s, v: ((u * s.unsqueeze(-2)) @ v.mT, s))(*tt.svd(x)),
        errors=[E(RuntimeError, "dim", S(T(3)))], **CLOSE),
    Row("cholesky", [S(T(3, 3)), S(T(2, 3, 3)), S(T(3, 3), True)],
        fn=lambda tt, x, *a: tt.cholesky(x @ x.mT + 2 * tt.eye(3, dtype=x.dtype), *a), **CLOSE),
    Row("geqrf", [S(T(4, 3, grad=False)), S(T(3, 4, grad=False)), S(T(2, 3, 3, grad=False))], errors=[E(RuntimeError, "dim", S(T(3)))], covers=["reflections"],
        **CLOSE),
]
