"""Rows of tinytensor/ops/linalg.py and tinytensor/linalg.py."""

import numpy as np
from op_row import FLOATS, E, Row, S, T

SQUARE = [S(T(3, 3)), S(T(1, 1)), S(T(2, 4, 4)), S(T(0, 0)), S(T(0, 3, 3))]
TALL_AND_WIDE = [S(T(3, 3)), S(T(4, 3)), S(T(3, 4)), S(T(2, 2, 3))]
BAD = [E(RuntimeError, "square", S(T(3, 4))), E(RuntimeError, "at least 2 dimensions", S(T(3))),
       E(RuntimeError, "floating point", S(T(3, 3)), dtype="int64")]
SINGULAR = E(RuntimeError, "singular", S(T(values=[[1.0, 2.0], [2.0, 4.0]])))
EXACT = {"dtypes": FLOATS, "method": False, "rtol": 1e-4, "atol": 1e-4}


ROWS = [
    Row("linalg.det", SQUARE, numpy=np.linalg.det, errors=BAD,
        aliases=["det"], **EXACT),
    Row("linalg.slogdet", SQUARE[:3], aliases=["slogdet"], errors=BAD, **EXACT),
    Row("logdet", [S(T(3, 3)), S(T(values=[[1.0, 0.0], [0.0, -1.0]]))], dtypes=FLOATS, rtol=1e-4, atol=1e-4),
    Row("linalg.inv", SQUARE, numpy=np.linalg.inv, errors=[*BAD, SINGULAR], aliases=["inverse"], **EXACT),
    Row("linalg.inv_ex", SQUARE, fn=lambda tt, x: tuple(tt.linalg.inv_ex(x)), errors=BAD, **EXACT),
    Row("linalg.inv_ex of singular matrices",
        [S(T(values=[[1.0, 2.0], [2.0, 4.0]], grad=False)), S(T(values=[[[1.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, 1.0]]], grad=False))],
        fn=lambda tt, x, **kw: tt.linalg.inv_ex(x, **kw).info, errors=[E(RuntimeError, "singular", S(T(values=[[1.0, 2.0], [2.0, 4.0]]), check_errors=True))],
        **(EXACT | {"grad": False})),
    Row("linalg.solve_ex", [S(T(3, 3), T(3)), S(T(3, 3), T(3, 2)), S(T(2, 3, 3), T(2, 3)), S(T(3, 3), T(2, 3), left=False)],
        fn=lambda tt, a, b, **kw: tuple(tt.linalg.solve_ex(a, b, **kw)),
        errors=[E(RuntimeError, "singular", S(T(values=[[1.0, 2.0], [2.0, 4.0]]), T(2), check_errors=True))], **EXACT),
    Row("linalg.diagonal", [S(T(3, 4)), S(T(2, 3, 4), offset=1), S(T(2, 3, 4), dim1=0, dim2=1)], method=False),
    Row("linalg.tensorsolve", [S(T(2, 3, 6), T(2, 3)), S(T(2, 6, 3), T(2, 3), dims=(1,)), S(T(6, 6), T(6))],
        errors=[E(RuntimeError, "requirement", S(T(2, 3, 4), T(2, 3)))], **EXACT),
    Row("linalg.tensorinv", [S(T(2, 3, 6)), S(T(6, 3, 2), ind=1)],
        errors=[E(RuntimeError, "positive", S(T(2, 2), ind=0)), E(RuntimeError, "requirement", S(T(2, 3, 4)))], **EXACT),
    Row("linalg.solve", [S(T(3, 3), T(3)), S(T(3, 3), T(3, 2)), S(T(2, 3, 3), T(2, 3)), S(T(2, 1, 3, 3), T(4, 3, 2)),
                         S(T(3, 3), T(2, 3), left=False)],
        errors=[E(RuntimeError, "shapes|sizes|size", S(T(3, 3), T(4, 2))),
                E(RuntimeError, "singular", S(T(values=[[1.0, 2.0], [2.0, 4.0]]), T(2)))], **EXACT),
    Row("linalg.pinv", [*TALL_AND_WIDE, S(T(4, 3), rtol=0.1), S(T(2, 0, 3), hermitian=True)],
        errors=[E(RuntimeError, "square", S(T(3, 4), hermitian=True))], **EXACT),
    Row("pinverse", [*TALL_AND_WIDE, S(T(4, 3), 1e-6)], dtypes=FLOATS, rtol=1e-4, atol=1e-4),
    Row("linalg.lstsq", [S(T(4, 3), T(4, 2)), S(T(3, 3), T(3, 1)), S(T(2, 4, 2), T(2, 4))],
        fn=lambda tt, a, b: tt.linalg.lstsq(a, b).solution, **EXACT,
        errors=[E(RuntimeError, "dim", S(T(3, 3), T(4, 3, 1)))]),
    Row("linalg.matrix_norm",
        [S(T(3, 4), ord) for ord in ("fro", "nuc", 2, -2, 1, -1, np.inf, -np.inf)]
        + [S(T(2, 3, 4), "nuc", (0, 2), True), S(T(2, 3, 4), 1, (-1, 0)), S(T(2, 3, 4), dim=(1, 2), keepdim=True)],
        errors=[E(RuntimeError, "at least 2", S(T(3))), E(RuntimeError, "different", S(T(3, 3), dim=(0, 0)))], **EXACT),
    Row("linalg.matrix_rank",
        [*TALL_AND_WIDE, S(T(3, 3), 0.5), S(T(3, 3), atol=0.5), S(T(2, 3, 3), rtol=0.3), S(T(0, 3)),
         S(T(values=[[1.0, 2.0], [2.0, 4.0]])), S(T(values=[[1.0, 2.0], [2.0, 1.0]]), hermitian=True)],
        grad=False, errors=[E(RuntimeError, "at least 2", S(T(3)))], **EXACT),
    Row("linalg.cond", [S(T(3, 3), p) for p in (None, 2, -2)] + [S(T(2, 4, 3)), S(T(2, 0, 3))]
        # PyTorch writes into the inverse that its own gradient needs.
        + [S(T(3, 3, grad=False), p) for p in (1, np.inf, "fro", "nuc")]
        + [S(T(values=[[[1.0, 2.0], [2.0, 4.0]], [[1.0, 0.0], [0.0, 2.0]]], grad=False), p) for p in (1, -np.inf, "fro")],
        errors=[E(RuntimeError, "at least 2", S(T(3)))], **EXACT),
    Row("linalg.norm", [S(T(5)), S(T(3, 4)), S(T(5), 3), S(T(3, 4), "nuc"), S(T(3, 4), 1), S(T(2, 3, 4), 2, (0, 1)),
                        S(T(2, 3, 4), np.inf, 1), S(T(2, 3, 4))],
        errors=[E(RuntimeError, "1D or 2D", S(T(2, 3, 4), 2))], **EXACT),
    Row("linalg.vector_norm", [S(T(5)), S(T(3, 4), 1), S(T(3, 4), 3, 1), S(T(3, 4), np.inf, dim=0, keepdim=True)], **EXACT),
    Row("linalg.cross", [S(T(3), T(3)), S(T(4, 3), T(4, 3)), S(T(4, 3), T(1, 3)), S(T(3, 2), T(3, 2), dim=0)],
        method=False, errors=[E(RuntimeError, "length 3", S(T(4), T(4))), E(RuntimeError, "number of dim", S(T(3), T(2, 3)))]),
]
