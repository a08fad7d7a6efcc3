"""Rows of tinytensor/ops/embedding.py."""

import numpy as np
from op_row import FLOATS, E, I, Row, S, T

TABLE = T(5, 3)
pairs, starts = I(7, below=5), T(values=[0, 2, 2, 5], dtype="int64")


def table_gradient(tt, index, table, **options):
    """What the table receives, where that is not the derivative of the rows read."""
    table = table.detach().clone().requires_grad_()
    tt.nn.functional.embedding(index, table, **options).square().sum().backward()
    return table.grad


ROWS = [
    Row("nn.functional.embedding", [S(I(2, 4, below=5), TABLE), S(I(below=5), TABLE), S(I(0, below=1), TABLE),
                                    S(I(6, below=5, dtype="int32"), TABLE)],
        dtypes=FLOATS, method=False,
        errors=[E(IndexError, "out of", S(T(values=[5], dtype="int64"), TABLE)),
                E(IndexError, "out of", S(T(values=[5], dtype="int64"), T(5, 0)), torch=False),  # a RuntimeError there
                E(IndexError, "out of", S(T(values=[-1], dtype="int64"), TABLE)),
                E(TypeError, "padding_idx", S(I(2, below=2), TABLE, float("nan"))),
                E(RuntimeError, "2-D", S(I(2, below=2), T(3))), E(RuntimeError, "indices", S(T(2), TABLE))],
        bench=[S(I(32, 8, below=27), T(27, 64))]),
    Row("embedding's rows of padding and by frequency", [
        S(I(6, below=5), TABLE, padding_idx=2), S(I(6, below=5), TABLE, padding_idx=-1),
        S(I(9, below=5), TABLE, scale_grad_by_freq=True), S(I(6, below=5), TABLE, max_norm=1.5),
    ], fn=table_gradient, grad=False, dtypes=FLOATS, method=False),
    Row("nn.functional.embedding_bag", [S(I(2, 3, below=5), TABLE), S(pairs, TABLE, starts),
                                        S(pairs, TABLE, starts, mode="sum"),
                                        S(pairs, TABLE, starts, mode="max"),
                                        S(pairs, TABLE, starts, mode="sum", per_sample_weights=T(7)),
                                        S(pairs, TABLE, starts, padding_idx=1),
                                        S(pairs, TABLE, T(values=[0, 3, 7], dtype="int64"), include_last_offset=True),
                                        S(I(7, below=5, dtype="int8"), TABLE, starts)],
        dtypes=FLOATS, gradgrad=False, method=False,
        errors=[E(ValueError, "mode", S(pairs, TABLE, starts, mode="min")), E(ValueError, "offsets", S(pairs, TABLE)),
                E(RuntimeError, "length", S(pairs, TABLE, T(values=[0, 8], dtype="int64"))),
                # PyTorch looks at that only now and then, and reads beyond the bag where it does not.
                E(RuntimeError, "decrease", S(pairs, TABLE, T(values=[0, 5, 3], dtype="int64")), torch=False),
                E(RuntimeError, "scalar types", S(pairs, TABLE, T(values=[0, 5], dtype="float32"))),
                E(RuntimeError, "float", S(pairs, T(5, 3, dtype="int64"), starts)),
                E(RuntimeError, "type", S(pairs, TABLE, starts, mode="sum", per_sample_weights=T(7, dtype="float64")))]),
    Row("nn.functional.one_hot", [S(I(2, 3, below=4)), S(I(4, below=3), 5), S(I(below=2)), S(I(0, below=1), 3)],
        dtypes=("int64",), grad=False, method=False, numpy=lambda x, n=-1: np.eye(x.max() + 1 if n < 0 and x.size else n,
                                                                                  dtype=np.int64)[x],
        errors=[E(RuntimeError, "non-negative", S(T(values=[-1], dtype="int64"))),
                E(RuntimeError, "smaller than num_classes", S(T(values=[3], dtype="int64"), 3)),
                E(RuntimeError, "infer", S(I(0, below=1)))]),
]
