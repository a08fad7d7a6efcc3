"""Rows of tinytensor/ops/einsum.py."""

import numpy as np
from op_row import FLOATS, INTS, E, Row, S, T

EQUATIONS = [("ij,jk->ik", (3, 4), (4, 5)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("i,i->", (4,), (4,)),
             ("i,j->ij", (3,), (4,)), ("ij->ji", (3, 4)), ("ij->", (3, 4)), ("ij->j", (3, 4)), ("ii->", (3, 3)),
             ("ii->i", (3, 3)), ("iij->ji", (3, 3, 2)), ("ij,ij->ij", (3, 4), (3, 4)), ("ij,jk", (3, 4), (4, 5)),
             ("ba,cb", (3, 4), (5, 3)), ("...ij,...jk->...ik", (2, 3, 4), (4, 5)), ("...i->...", (2, 3, 4)),
             ("...ij,j...->i...", (2, 3, 4), (4, 2)), ("ij,j,jk->ik", (3, 4), (4,), (4, 5)),
             ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)), ("ij,kl->", (2, 3), (3, 2)), ("ij,jk->ik", (3, 1), (4, 5)),
             (" i j , j -> i ", (3, 4), (4,)), ("ij,jk->ik", (3, 0), (0, 2)), (",i->i", (), (3,)),
             ("ai,bi,ci->abc", (2, 3), (4, 3), (2, 3)), ("ii", (3, 3)), ("iij,jk", (3, 3, 2), (2, 4))]

ROWS = [
    Row("einsum", [S(e, *(T(*s) for s in shapes)) for e, *shapes in EQUATIONS]
        + [S(T(3, 4), [0, 1], T(4, 5), [1, 2], [0, 2]), S(T(3, 4), [0, 1]), S(T(2, 3, 4), [..., 0], T(4), [0], [...]),
           S("ij,jk->ik", [T(3, 4), T(4, 5)])],
        errors=[E(RuntimeError, "size", S("ij,jk->ik", T(3, 4), T(5, 6))),
                E(RuntimeError, "subscript", S("i1->i", T(3, 4))),
                E(RuntimeError, "operands", S("ij,jk->ik", T(3, 4))),
                E(RuntimeError, "repeated", S("ii->i", T(3, 4))),
                E(RuntimeError, "dimensions", S("ijk->i", T(3, 4))),
                E(RuntimeError, "does not appear", S("ij->k", T(3, 4))),
                E(RuntimeError, "more than once", S("ij->ii", T(3, 4)))]),
    Row("tensordot", [S(T(3, 4), T(4, 5), 1), S(T(2, 3, 4), T(3, 4, 2)), S(T(3), T(4), 0),
                      S(T(3, 4), T(4, 3), ([1, 0], [0, 1])), S(T(3, 4, 2), T(4, 3), dims=([1], [0])),
                      S(T(3, 4), T(4, 3), dims=([-1], [0])), S(T(3, 0), T(0, 2), 1)],
        numpy=lambda a, b, dims=2: np.tensordot(a, b, dims), dtypes=(*FLOATS, *INTS),
        errors=[E(RuntimeError, "contracted", S(T(3, 4), T(3, 4), 1)), E(RuntimeError, "dims", S(T(3), T(3), 2)),
                E(RuntimeError, "same length", S(T(3, 4), T(4, 3), ([1, 0], [0]))),
                E(RuntimeError, "dims to be", S(T(3, 4), T(4, 3), 1.0))]),
    Row("inner", [S(T(4), T(4)), S(T(2, 4), T(3, 4)), S(T(2, 3, 4), T(4)), S(T(), T(3)), S(T(0), T(0))], numpy=np.inner,
        errors=[E(RuntimeError, "last dimension", S(T(3, 4), T(3, 5)))]),
    Row("kron", [S(T(2, 3), T(4, 1)), S(T(3), T(2, 2)), S(T(), T(3)), S(T(2, 0), T(3, 3)), S(T(2, 1, 2), T(2, 3))],
        numpy=np.kron),
]
