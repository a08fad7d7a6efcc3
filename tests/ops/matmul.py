"""Rows of tinytensor/ops/matmul.py."""

import numpy as np
from op_row import ALL, E, Row, S, T, each

SHAPES = [((3, 4), (4, 5)), ((4,), (4,)), ((3, 4), (4,)), ((4,), (4, 5)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (4,)),
          ((4,), (2, 4, 3)), ((2, 1, 3, 4), (3, 4, 2)), ((3, 4), (2, 4, 5)), ((2, 3, 4), (2, 4, 1)), ((3, 0), (0, 2)),
          ((0, 3), (3, 2)), ((0, 2, 3), (3, 2)), ((2, 0, 3, 4), (4, 5)), ((17, 33), (33, 29)), ((1, 1), (1, 1)),
          ((1, 37), (37, 1)), ((70,), (70,)), ((1, 40), (40, 19))]
MLP = [((32, 30), (30, 200)), ((32, 200), (200, 27)), ((128, 16, 16), (128, 16, 16)), ((512, 512), (512, 512))]
BETA = [{}, {"beta": 2}, {"alpha": 3}, {"beta": 0, "alpha": 2}, {"beta": 2, "alpha": 3}]


def linear(tt, *args):
    return tt.nn.functional.linear(*args)


def scaled(*shapes):
    """Calls of `beta * input + alpha * product`, with inputs that broadcast."""
    return [S(*(T(*s) for s in shapes), **kw) for kw in BETA] + [S(T(1), *(T(*s) for s in shapes[1:]))]


SIZES = "inner|sizes|shape|mat1|dimension"

ROWS = [
    Row("matmul", [S(T(*a), T(*b)) for a, b in SHAPES], numpy=np.matmul, covers=["contract_rows", "__rmatmul__"],
        bench=[S(T(*a), T(*b)) for a, b in MLP],
        errors=[E(RuntimeError, r"cannot multiply \(32, 30\) by \(32, 30\): inner sizes differ", S(T(32, 30), T(32, 30))),
                E(RuntimeError, "at least one dimension", S(T(), T(3))),
                E(RuntimeError, "broadcast", S(T(2, 3, 4), T(3, 4, 5))),
                E(RuntimeError, "float32 and float64", S(T(3, 4), T(4, 5, dtype="float64"))),
                E(NotImplementedError, "bool", S(T(3, 4), T(4, 5)), dtype="bool")]),
    Row("Tensor.__rmatmul__", [S(T(4, 5), T(3, 4)), S(T(4), T(3, 4))]),
    Row("nn.functional.linear", [S(T(5, 3), T(2, 3)), S(T(5, 3), T(2, 3), T(2)), S(T(3), T(2, 3), T(2)), S(T(3), T(2, 3), T(1, 2)),
                                 S(T(2, 4, 3), T(5, 3), T(5)), S(T(4, 3), T(3)), S(T(0, 3), T(2, 3), T(2)),
                                 S(T(4, 0), T(2, 0), T(2)), S(T(9, 21), T(1, 21), T(1)), S(T(1, 21), T(19, 21), T(19))],
        fn=linear, covers=["linear"],
        errors=[E(RuntimeError, SIZES, S(T(4, 2), T(3, 5))), E(RuntimeError, "bias|size", S(T(4, 2), T(3, 2), T(4))),
                # there it is added to each row
                E(RuntimeError, "bias", S(T(2, 2), T(2, 2), T(2, 1)), torch=False)]),
    Row("mm", [S(T(3, 4), T(4, 5)), S(T(3, 0), T(0, 5)), S(T(0, 4), T(4, 5))], numpy=np.matmul,
        errors=[E(RuntimeError, "matrix", S(T(3), T(3, 4))), E(RuntimeError, SIZES, S(T(3, 4), T(3, 4)))]),
    Row("bmm", [S(T(2, 3, 4), T(2, 4, 5)), S(T(0, 3, 4), T(0, 4, 5)), S(T(2, 3, 0), T(2, 0, 5))], numpy=np.matmul,
        errors=[E(RuntimeError, "batch", S(T(3, 4), T(4, 5))),
                E(RuntimeError, "numbers of matrices", S(T(1, 3, 4), T(2, 4, 5)))]),
    Row("mv", [S(T(3, 4), T(4)), S(T(3, 0), T(0)), S(T(40, 9), T(9))], numpy=np.matmul,
        errors=[E(RuntimeError, "vector", S(T(3, 4), T(4, 1))), E(RuntimeError, SIZES, S(T(3, 4), T(3)))]),
    *each("dot vdot", [S(T(4), T(4)), S(T(0), T(0)), S(T(150), T(150))],
          errors=[E(RuntimeError, "vectors", S(T(3, 4), T(4))), E(RuntimeError, "sizes differ", S(T(3), T(4)))]),
    Row("outer", [S(T(3), T(4)), S(T(0), T(4)), S(T(1), T(1))], numpy=np.outer, aliases=["ger"],
        errors=[E(RuntimeError, "vector", S(T(3, 4), T(4)))]),
    Row("addmm", [*scaled((3, 5), (3, 4), (4, 5)), S(T(5), T(3, 4), T(4, 5)), S(T(3, 5), T(3, 0), T(0, 5))],
        errors=[E(RuntimeError, "expand", S(T(4, 5), T(3, 4), T(4, 5))),
                E(RuntimeError, SIZES, S(T(3, 5), T(3, 4), T(3, 5)))]),
    Row("addmv", scaled((3,), (3, 4), (4,)), errors=[E(RuntimeError, SIZES, S(T(3), T(3, 4), T(3)))]),
    Row("addr", [*scaled((3, 4), (3,), (4,)), S(T(3, 4, grad=False), T(3, dtype="int8"), T(4, dtype="int8"), beta=0),
                 S(T(dtype="uint8"), T(3, dtype="int8"), T(4, dtype="int8"))],
        errors=[E(RuntimeError, "vector", S(T(3, 4), T(3, 1), T(4))),
                E(RuntimeError, "beta", S(T(3, 4), T(3), T(4), beta=1.5), dtype="bool")]),
    Row("baddbmm", scaled((2, 3, 5), (2, 3, 4), (2, 4, 5)),
        errors=[E(RuntimeError, "numbers of matrices", S(T(2, 3, 5), T(2, 3, 4), T(3, 4, 5))),
                E(RuntimeError, "overflow", S(T(2, 3, 5), T(2, 3, 4), T(2, 4, 5), alpha=-1.5), dtype="uint8")]),
    Row("addbmm", scaled((3, 5), (2, 3, 4), (2, 4, 5))[:-1],
        errors=[E(RuntimeError, "numbers of matrices", S(T(3, 5), T(2, 3, 4), T(3, 4, 5)))]),
    Row("matrix_power", [S(T(3, 3), n) for n in (0, 1, 2, 5, -1, -2)] + [S(T(2, 3, 3), 3)], dtypes=("float32", "float64"),
        errors=[E(RuntimeError, "square", S(T(3, 4), 2))]),
    Row("linalg.multi_dot", [S([T(2, 3), T(3, 4)]), S([T(2, 3), T(3, 4), T(4, 1), T(1, 5)]), S([T(3), T(3, 4), T(4)]),
                             S([T(10, 2), T(2, 10), T(10, 2)])], covers=["chain_matmul"],
        errors=[E(RuntimeError, "at least 2", S([T(2, 3)])), E(RuntimeError, SIZES, S([T(2, 3), T(2, 3)]))]),
    Row("linalg.vecdot", [S(T(3, 4), T(3, 4)), S(T(3, 4), T(4)), S(T(3, 4), T(3, 1), dim=0)]),
    Row("linalg.vander", [S(T(4)), S(T(2, 3), N=2), S(T(3), N=5)], errors=[E(RuntimeError, "greater than 1", S(T(4), N=1))]),
    Row("cross", [S(T(3), T(3)), S(T(2, 3, 4), T(2, 3, 4)), S(T(4, 3), T(1, 3), dim=-1), S(T(3, 2), T(3, 2), 0)],
        dtypes=[d for d in ALL if d != "bool"],
        errors=[E(RuntimeError, "no dimension of size 3", S(T(4), T(4))),
                E(RuntimeError, "dtype|scalar type", S(T(3), T(3, dtype="float64"))),
                E(NotImplementedError, "not implemented for", S(T(3), T(3)), dtype="bool")]),
]
