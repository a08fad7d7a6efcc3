"""Rows of tinytensor/ops/gather.py."""

import numpy as np
from op_row import FLOATS, INTS, B, E, I, Row, S, T

A, B3 = T(3, 4), T(2, 3, 4)
ONCE = T(values=[[2, 0, 1, 0], [0, 1, 2, 2]], dtype="int64")
TWICE = T(values=[[0, 0, 1, 2], [0, 2, 1, 2]], dtype="int64")

scatters = [S(A, 0, TWICE, T(2, 4)), S(A, 1, I(3, 6, below=4), T(3, 6)),
            S(B3, -1, I(2, 2, 3, below=4), T(2, 3, 3, grad=False)), S(T(5), 0, I(7, below=5), T(8, grad=False)),
            S(T(), 0, I(below=1), T()), S(A, 0, I(0, 4, below=1), T(0, 4))]
bad_shapes = [E(RuntimeError, "index|dimension|size", S(A, 0, I(2, 2, 2, below=2), B3)),
              E(RuntimeError, "index|size", S(A, 0, I(2, 5, below=2), T(2, 5))),
              E(IndexError, "dim", S(A, 2, TWICE, A))]


def reduced(how, **options):
    """The samples of scatter_reduce; to PyTorch extremes have no gradient where the source is larger than the index."""
    fit = how in ("amax", "amin")
    calls = [S(*s.args[:3], T(*s.args[2].shape)) if fit and s.args[2].values is None else s for s in scatters]
    return [S(*s.args, how, **options) for s in calls] + [S(*scatters[0].args, how, include_self=False)]


ROWS = [
    Row("gather", [S(A, 0, ONCE), S(A, 1, I(3, 6, below=4)), S(B3, -1, I(2, 2, 3, below=4)), S(T(5), 0, I(2, below=5)),
                   S(A, 0, I(2, 4, below=3, dtype="int32")), S(T(), 0, I(below=1)), S(A, 0, I(0, 4, below=1))],
        errors=[E(RuntimeError, "int", S(A, 0, T(2, 4))), *[
            E(e.type, e.words, S(*e.call.args[:3])) for e in bad_shapes],
            E(RuntimeError, "out of bounds", S(A, 0, T(values=[[3]], dtype="int64")))],
        covers=["gather_along", "gather_backward"]),
    Row("scatter", [S(A, 0, T(values=[[2, 0, 1, 0]], dtype="int64"), T(2, 4, grad=False)), S(A, 0, TWICE, 2.5),
                    S(A, 0, TWICE, value=3),
                    S(A, 0, I(0, 4, below=1), T(0, 4)), S(A, 0, I(0, 4, below=1), T()), S(T(), 0, I(below=1), T()),
                    S(T(), 0, I(1, below=1), T())],
        errors=[*bad_shapes, E(RuntimeError, "dtype", S(A, 0, TWICE, T(2, 4, dtype="int64"))),
                E(RuntimeError, "out of bounds", S(A, 0, T(values=[[3]], dtype="int64"), A))],
        covers=["scatter_along"]),
    Row("scatter_add", scatters, errors=[
        *bad_shapes, E(RuntimeError, "no larger", S(T(5), 0, I(7, below=5), T())),
        E(RuntimeError, "no larger", S(T(5), 0, I(below=5), T(0)))]),
    Row("scatter_reduce", [s for how in ("sum", "mean", "amax", "amin") for s in reduced(how)], gradgrad=False,
        dtypes=(*FLOATS, *INTS), errors=[E(RuntimeError, "reduce", S(A, 0, TWICE, T(2, 4), "median"))]),
    Row("take_along_dim", [S(A, I(3, 2, below=4), 1), S(A, I(1, 4, below=3), 0), S(A, I(5, below=12))],
        numpy=lambda x, i, dim=None: np.take_along_axis(x, i, dim),
        errors=[E(RuntimeError, "number of dimensions", S(A, I(2, below=3), 0)), E(RuntimeError, "long", S(A, A, 0))]),
    Row("masked_fill", [S(A, B(3, 4), 1), S(A, B(4), T()), S(A, B(3, 1), 2), S(T(4), B(3, 4), 1), S(T(), B(), 1),
                        S(T(0, 3), B(0, 3), 1)],
        inplace=True, numpy=lambda x, m, v: np.where(m, np.asarray(v).astype(x.dtype), x),
        errors=[E(RuntimeError, "bool", S(A, T(3, 4, dtype="uint8"), 1)), E(RuntimeError, "0-dim", S(A, B(3, 4), T(4))),
                E(RuntimeError, "size|broadcast", S(A, B(3), 1)),
                E(RuntimeError, "overflow", S(A, B(4), T(values=300, dtype="int64")), dtype="uint8")]),
    Row("masked_select", [S(A, B(3, 4)), S(A, B(4)), S(T(4), B(3, 1)), S(T(), B()), S(T(0, 3), B(0, 3))],
        numpy=lambda x, m: np.broadcast_arrays(x, m)[0][np.broadcast_arrays(x, m)[1]],
        errors=[E(RuntimeError, "bool", S(A, T(3, 4, dtype="uint8")))],
        covers=["masked_take"]),
    Row("masked_scatter", [S(A, B(3, 4), T(12)), S(A, B(4), T(4, 4)), S(T(0, 3), B(0, 3), T(0))],
        errors=[E(RuntimeError, "bool", S(A, T(3, 4, dtype="uint8"), A)),
                E(RuntimeError, "dtype", S(A, B(3, 4), T(12, dtype="int64")))]),
    Row("nonzero", [S(A), S(T(2, 2, 3, low=0, high=1)), S(T()), S(T(0, 3)), S(A, as_tuple=True), S(T(), as_tuple=True)],
        grad=False, covers=["nonzero_count"]),
    Row("argwhere", [S(A), S(T(values=[0, 1, 0, 2])), S(T()), S(T(0, 3))], grad=False),
    Row("index_reduce",
        [S(T(3, 4), dim, I(5, below=3), T(5, 4) if dim == 0 else T(3, 5), how, include_self=own)
         for dim in (0, 1) for how in ("prod", "mean", "amax", "amin") for own in (True, False)],
        dtypes=FLOATS, gradgrad=False, inplace=True,
        errors=[E(RuntimeError, "reduce", S(T(3, 4), 0, I(2, below=3), T(2, 4), "sum")),
                E(IndexError, "vector", S(T(3, 4), 0, I(2, 1, below=3), T(2, 4), "prod")),
                E(RuntimeError, "int64", S(T(3, 4), 0, T(2), T(2, 4), "prod")),
                E(RuntimeError, "dtype", S(T(3, 4), 0, I(2, below=3), T(2, 4, dtype="float64"), "prod")),
                E(RuntimeError, "fit|size|shape", S(T(3, 4), 0, I(2, below=3), T(2, 3), "prod"))]),
]
