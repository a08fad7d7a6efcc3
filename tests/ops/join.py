"""Rows of tinytensor/ops/join.py."""

import numpy as np
from op_row import E, Row, S, T

A, B3 = T(3, 4), T(2, 3, 4)
nothing = T(0)


ROWS = [
    Row("cat", [S([A, T(2, 4)]), S([A, T(3, 1), A], 1), S((B3, B3), -2), S([T(3)]), S([nothing, A]),
                S([A, T(0, 4)], dim=0),
                S([A, T(3, 4, dtype="float64")]), S([T(2, dtype="int64"), T(2)])],
        aliases=["concat", "concatenate"],
        errors=[E(ValueError, "non-empty", S([])), E(TypeError, "Tensor", S([A, None])), E(RuntimeError, "zero-dimensional", S([T()])),
                E(RuntimeError, "size", S([A, T(3, 5)])), E(RuntimeError, "number of dimensions", S([A, B3])),
                E(IndexError, "dim", S([A], 2))]),
    Row("stack", [S([A, A]), S([A, A, A], 1), S((T(3), T(3)), -1), S([T(), T()]), S([T(0, 3)]),
                  S([T(2, dtype="int64"), T(2)])],
        errors=[E(RuntimeError, "non-empty", S([])), E(TypeError, "Tensor", S([None])), E(TypeError, "Tensor", S([T(), 2.0])),
                E(RuntimeError, "equal size", S([A, T(4, 3)])),
                E(IndexError, "dim", S([A], 3))]),
    Row("hstack", [S([T(3), T(2)]), S([A, T(3, 1)]), S([T(), T()])], numpy=np.hstack),
    Row("vstack", [S([T(3), T(3)]), S([A, T(4)]), S([T(), T()])], numpy=np.vstack, aliases=["row_stack"]),
    Row("dstack", [S([T(3), T(3)]), S([A, A])], numpy=np.dstack),
    Row("column_stack", [S([T(3), T(3)]), S([T(3), A])], numpy=np.column_stack),
    Row("block_diag", [S(A, T(2, 1), T(2)), S(T(), T(1, 2)), S(T(dtype="int32"), T(1, 2)),
                       S(T(dtype="float64"), T(1, 2)), S()], errors=[E(RuntimeError, "2 or fewer", S(B3))]),
    Row("meshgrid", [S(T(2), T(3)), S([T(2), T(3), T(1)], indexing="xy"), S(T(2), T(), indexing="xy")],
        fn=lambda tt, *xs, indexing="ij": tt.meshgrid(*xs, indexing=indexing),
        errors=[E(RuntimeError, "0D or 1D", S(A)), E(RuntimeError, "indexing", S(T(2), indexing="yx"))]),
    Row("cartesian_prod", [S(T(2), T(3)), S(T(3)), S(T(2), T(1), T(2))], errors=[E(RuntimeError, "1D", S(A))]),
    Row("combinations", [S(T(4)), S(T(3), 3), S(T(3), 2, True), S(T(2), 3), S(T(3), 0)],
        errors=[E(RuntimeError, "1D", S(A)), E(RuntimeError, "non-negative", S(T(3), -1))]),
    Row("nn.functional.pad", [
        S(A, (1, 2)), S(A, (1, 0, 2, 1), value=3.0), S(A, (-1, 1)), S(A, (-1, -1, -1, 0)), S(T(0, 3), (1, 1, 1, 1)),
        S(B3, (2, 1), "reflect"), S(B3, (2, 1), "replicate"), S(B3, (2, 1), "circular"), S(B3, (1, 1, 2, 0), "replicate"),
        S(T(1, 2, 3, 4), (1, 2, 2, 1), "reflect"), S(A, (0, 0)),
    ], errors=[E(RuntimeError, "padding", S(A, (1, 1, 1, 1, 1, 1))), E(RuntimeError, "negative", S(A, (-3, -2))),
               E(NotImplementedError, "", S(A, (1, 1), "wrap")), E(RuntimeError, "padding size", S(B3, (4, 0), "reflect")),
               E(RuntimeError, "out of range|negative", S(B3, (2**63 - 1, 0))),
               # there it shows memory that was never written
               E(RuntimeError, "more than once", S(B3, (-4, 1), "circular"), torch=False),
               E(RuntimeError, "without overflow", S(A, (1, 1), value=-1.0), dtype="uint8"),
               *(E(RuntimeError, "too many elements|too small|overflow", S(B3, (size, size - 1), "replicate"))
                 for size in (2**62, 2**63 - 4, 2**60))],
        covers=["pad_constant"], bench=[S(T(64, 128), (1, 1))]),
]
