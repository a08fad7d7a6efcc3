"""Rows of tinytensor/ops/split.py (unbind, diagonal and unfold stand with the views)."""

import numpy as np
from op_row import E, Row, S, T

A, B3 = T(3, 4), T(2, 3, 4)
borders = T(values=[1, 3], dtype="int64")

ROWS = [
    Row("split", [S(A, 2), S(A, 3, 1), S(A, [1, 3], -1), S(A, 5), S(T(0, 3), 2), S(T(5), (5,))],
        errors=[E(RuntimeError, "split_size", S(A, -1)), E(RuntimeError, "sum exactly", S(A, [1, 1])),
                E(RuntimeError, "1-dim", S(T(), 1)), E(IndexError, "dim", S(A, 1, 2))]),
    Row("split_with_sizes", [S(A, [1, 2]), S(A, (0, 4), 1)], errors=[E(RuntimeError, "sum exactly", S(A, [1, 1]))]),
    Row("chunk", [S(A, 2), S(A, 3, -1), S(A, 7), S(T(0, 3), 2)],
        errors=[E(RuntimeError, "greater than 0", S(A, 0)), E(RuntimeError, "1-dim", S(T(), 1))]),
    Row("tensor_split", [S(A, 2), S(A, 3, 1), S(A, (1, 2), 1), S(A, [0, 5]), S(A, borders, 1), S(T(5), 7)],
        numpy=lambda x, n, dim=0: np.array_split(x, n, dim), errors=[
            E(RuntimeError, "sections", S(A, 0)),
            # PyTorch: RuntimeError, which says that a std::vector cannot be that large.
            E(MemoryError, "", S(A, 2**40), torch=False)]),
    Row("hsplit", [S(A, 2), S(A, [1]), S(T(4), 2)], numpy=np.hsplit, errors=[E(RuntimeError, "divisible", S(A, 3))]),
    Row("vsplit", [S(A, 3), S(A, [1])], numpy=np.vsplit, errors=[E(RuntimeError, "2 dim", S(T(3), 1))]),
    Row("dsplit", [S(B3, 2), S(B3, [1])], numpy=np.dsplit, errors=[E(RuntimeError, "3 dim", S(A, 1))]),
    Row("diag", [S(T(3)), S(T(3), 1), S(A), S(A, -1), S(T(0)), S(A, diagonal=9)],
        numpy=lambda x, diagonal=0: np.diag(x, diagonal), errors=[E(RuntimeError, "1D or 2D", S(B3))]),
    Row("diagflat", [S(T(3)), S(A), S(T(2), 1)], numpy=lambda x, offset=0: np.diagflat(x, offset)),
    Row("diag_embed", [S(T(3)), S(A), S(A, 1), S(A, offset=-2), S(A, 0, 0, 2), S(T(0))],
        errors=[E(RuntimeError, "identical", S(A, 0, 1, 1)), E(IndexError, "dim", S(A, 0, 3, 1))]),
    Row("select_scatter", [S(A, T(4), 0, 1), S(A, T(3), -1, -1)], errors=[E(RuntimeError, "size", S(A, T(3), 0, 1))]),
    Row("slice_scatter", [S(A, T(2, 4), 0, 1), S(A, T(3, 2), 1, 0, 4, 2), S(A, A)],
        errors=[E(RuntimeError, "size", S(A, T(3, 4), 0, 1))]),
    Row("diagonal_scatter", [S(A, T(3)), S(A, T(3), 1), S(B3, T(4, 2), 0, 0, 1)],
        errors=[E(RuntimeError, "size", S(A, T(2)))]),
    Row("Tensor.fill_diagonal_", [S(T(3, 3), 5), S(T(2, 4), 1), S(T(7, 3), 2), S(T(7, 3), 2, True), S(T(3, 3, 3), 1), S(T(8, 3), 2, wrap=True)],
        method=False,
        errors=[E(RuntimeError, "larger than 1", S(T(3), 1)), E(RuntimeError, "equal length", S(T(2, 3, 3), 1))]),
]
