"""Rows of tinytensor/ops/lowrank.py: the same draws each time, and only what the signs of vectors leave alone."""

from op_row import FLOATS, E, Row, S, T


def rebuilt(name):
    """The named function as the matrix it approximates and its singular values."""
    def call(tt, *args, **kwargs):
        tt.manual_seed(7)
        u, s, v = getattr(tt, name)(*args, **kwargs)
        return (u * s.unsqueeze(-2)) @ v.mT, s
    return call


APPROXIMATE = {"dtypes": FLOATS, "method": False, "rtol": 1e-4, "atol": 1e-4}

ROWS = [
    Row("svd_lowrank", [S(T(7, 5), 2), S(T(4, 6), 2, niter=1), S(T(2, 5, 4), 3, M=T(4)), S(T(3, 5), 2, 0, T(3, 5)), S(T(4, 3))],
        fn=rebuilt("svd_lowrank"),
        errors=[E(ValueError, "", S(T(3))), E(RuntimeError, "dtype", S(T(3, 4)), dtype="int64")], **APPROXIMATE),
    Row("pca_lowrank", [S(T(7, 4), 2), S(T(2, 4, 6), 3, niter=1), S(T(5, 3), 2, False), S(T(8, 7))],
        fn=rebuilt("pca_lowrank"),
        errors=[E(ValueError, "q", S(T(3, 4), 4)), E(ValueError, "niter", S(T(3, 4), niter=-1)),
                E(RuntimeError, "dtype", S(T(3, 4)), dtype="int64")], **APPROXIMATE),
]
