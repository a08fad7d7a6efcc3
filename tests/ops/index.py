"""Rows of tinytensor/ops/index.py."""

import numpy as np
from op_row import B, E, I, Row, S, T

A, B3, X4 = T(3, 4), T(2, 3, 4), T(2, 3, 4, 5)
all_, i3, i33 = slice(None), I(3, below=3, low=-3), I(2, 2, below=3)
TWICE = T(values=[0, 2, 0], dtype="int64")


ROWS = [
    Row("Tensor.__getitem__", [
        S(A, 1), S(A, -1), S(A, (2, 3)), S(A, slice(1, None)), S(A, (slice(None, None, 2), slice(1, -1))),
        S(A, (Ellipsis, 0)), S(A, None), S(A, (0, None, Ellipsis)), S(A, (Ellipsis, 0, Ellipsis)), S(A, ()), S(T(), Ellipsis), S(T(), None),
        S(A, slice(5, 9)), S(T(0, 3), slice(0, 1)),
        S(A, i3), S(A, (all_, i3)), S(A, (i3, TWICE)), S(B3, (0, i33)), S(B3, (I(2, 2, below=2), i33)),
        S(B3, (I(3, below=2), all_, I(3, below=4))), S(X4, (all_, I(2, below=3), I(2, 1, below=4))),
        S(X4, (I(2, below=2), slice(1, 3), None, I(2, below=4))), S(X4, (0, all_, I(2, below=4))),
        S(A, B(3)), S(A, B(3, 4)), S(B3, (all_, B(3, 4))), S(A, (B(3), 0)), S(A, True), S(A, (False, 1)),
        S(A, [0, 2]), S(A, ([0, 1], [1, 3])), S(A, [True, False, True]), S(A, []), S(A, range(2)),
        S(A, I(0, below=1)), S(A, T(values=1, dtype="int64")),
        S(A, I(2, below=3, dtype="int32")), S(T(5, 3), I(2, 3, below=5)),
    ], method=False, errors=[
        E(IndexError, "index 3 is out of bounds for dimension 0 with size 3", S(A, 3)),
        E(IndexError, "index -5 is out of bounds for dimension 1 with size 4", S(A, (0, -5))),
        E(IndexError, "index 7 is out of bounds", S(A, T(values=[0, 7], dtype="int64"))),
        E(IndexError, "too many indices", S(A, (0, 0, 0))),
        E(IndexError, "second ellipsis|size 0", S(A, (Ellipsis, Ellipsis, 0))),
        E(IndexError, "0-dim", S(T(), 0)), E(IndexError, "mask", S(T(), B(0))),
        E(ValueError, "step must be greater than zero", S(A, slice(None, None, -1))),
        E(IndexError, "shape of the mask", S(A, B(4))),
        E(IndexError, "could not be broadcast", S(A, (I(2, below=3), I(3, below=4)))),
        E(IndexError, "must be long, int, byte or bool", S(A, T(2))),
        E(IndexError, "size 0", S(T(0, 0), (all_, [0, 0]))),
        E(IndexError, "must be long, int, byte or bool", S(A, I(2, below=3, dtype="int8"))),
        E(IndexError, "only integers, slices", S(A, 1.5)),
        E(TypeError, "slice indices must be integers", S(A, slice(0, 1.5))),
    ], covers=["subscript", "subscript_backward", "as_strided_backward", "index", "index_backward"],
        bench=[S(T(27, 10), I(32, 3, below=27)), S(T(200000, 3), I(32, below=200000))]),
    Row("Tensor.__setitem__", [
        S(A, 1, 2), S(A, (2, 3), 1.5), S(A, (2, 3), T()), S(A, slice(1, None), T(4)), S(A, (all_, 0), T(3)),
        S(A, Ellipsis, T(1, 3, 4)), S(A, (slice(None, None, 2), slice(1, 3)), T(2, 1)), S(T(), (), 3),
        S(A, I(2, below=3), 0), S(A, T(values=[2, 0], dtype="int64"), T(2, 4)),
        S(A, (T(values=[2, 0], dtype="int64"), 1), T(2)),
        S(A, B(3, 4), 1), S(A, B(3), T(4)), S(A, (all_, B(4)), T(3, 1)), S(A, [0, 2], T(1, 4)), S(A, True, 4),
        S(A, I(0, below=1), 3), S(T(0, 3), slice(None), 1), S(B3, (0, T(values=[1, 2], dtype="int64")), T(2, 4)),
    ], method=False, errors=[
        E(RuntimeError, "", S(A, 0, T(3))), E(IndexError, "out of bounds", S(A, 3, 0)),
        E(IndexError, "out of bounds", S(A, T(values=[0, 7], dtype="int64"), 1)),
        E(TypeError, "can't assign", S(A, 0, "a")),
        *(E(RuntimeError, "overflow", S(A, key, T(values=300.5, dtype="float64")), dtype="uint8")
          for key in ([True, False, True], (all_, B(4)), (0, B(4)), B(3))),
        E(RuntimeError, "shape mismatch", S(A, (0, T(values=[0, 1], dtype="int64")), T(3))),
    ], covers=["index_write"]),
    Row("index_put", [
        S(A, (I(2, below=3),), T(2, 4), True), S(A, (TWICE, T(values=[1, 3, 1], dtype="int64")), T(3), True),
        S(A, (T(values=[2, 0], dtype="int64"),), T(4)),
        S(A, (B(3, 4),), T(), True), S(A, (I(0, below=1),), T(1)), S(A, (B(3),), T(1, dtype="float32", grad=False)),
    ], errors=[E(RuntimeError, "bool", S(A, (T(3, dtype="uint8"),), T(1))),
               E(IndexError, "too many indices", S(A, (TWICE, TWICE, TWICE), T())),
               E(IndexError, "out of bounds", S(A, (T(values=[3], dtype="int64"),), T(4))),
               E(RuntimeError, "shape mismatch", S(A, (TWICE,), T(5)))]),
    Row("index_select", [
        S(A, 0, TWICE), S(A, -1, I(5, below=4)), S(A, 1, I(below=4)), S(B3, 1, I(2, below=3, dtype="int32")),
        S(T(5), 0, I(0, below=1)), S(T(), 0, T(values=[0], dtype="int64")),
    ], numpy=lambda x, d, i: np.take(np.atleast_1d(x), i.reshape(-1), d).reshape(x.shape and [
        i.size if k == d % x.ndim else n for k, n in enumerate(x.shape)]),
        errors=[E(IndexError, "vector", S(A, 0, I(2, 2, below=3))), E(IndexError, "dim", S(A, 2, TWICE)),
                E(RuntimeError, "int", S(A, 0, T(2))),
                E(IndexError, "out of", S(A, 0, T(values=[3], dtype="int64"))),
                E(IndexError, "range|out of bounds", S(T(0), 0, I(2, below=1))),
                E(RuntimeError, "out of", S(T(3, 0), 0, I(2, low=5, below=6))),
                E(RuntimeError, "dim", S(T(0, 3), 0, I(2, below=1)))]),
    Row("index_add", [S(A, 0, TWICE, T(3, 4)), S(A, -1, I(2, below=4), T(3, 2), alpha=3), S(T(5), 0, I(7, below=5), T(7)),
                      S(A, 0, I(0, below=1), T(0, 4)), S(A, 0, TWICE, A, alpha=2.9)],
        errors=[E(RuntimeError, "shape|size", S(A, 0, TWICE, T(3, 5))), E(IndexError, "dim", S(A, 2, TWICE, A)),
                E(RuntimeError, "shape", S(T(), 0, I(0, below=1), T(0, 4)))]),
    Row("index_copy", [S(A, 0, T(values=[2, 0], dtype="int64"), T(2, 4)), S(A, 1, T(values=[3], dtype="int64"), T(3, 1))],
        errors=[E(IndexError, "dim", S(A, 2, TWICE, A)), E(RuntimeError, "long", S(A, 0, I(2, below=3, dtype="int32"), A))]),
    Row("index_fill", [S(A, 0, TWICE, 5), S(A, 1, T(values=[3], dtype="int64"), T()), S(T(5), 0, I(0, below=1), 1)],
        errors=[E(IndexError, "dim", S(A, 2, TWICE, 1)), E(RuntimeError, "0-dim", S(A, 0, TWICE, T(2))),
                E(IndexError, "int64", S(A, 0, I(2, below=3, dtype="int32"), 1)),
                E(RuntimeError, "overflow", S(A, 0, TWICE, T(values=float("nan"), dtype="float64")), dtype="int8")]),
    Row("take", [S(A, I(2, 3, below=12, low=-12)), S(A, I(below=12)), S(T(), I(2, below=1)), S(A, I(0, below=1))],
        numpy=lambda x, i: np.take(x, i, mode="wrap"),
        errors=[E(IndexError, "out of", S(A, T(values=[12], dtype="int64"))), E(RuntimeError, "long", S(A, T(2)))]),
    Row("put", [S(A, T(values=[0, 5, -1], dtype="int64"), T(3)), S(A, T(values=[[1, 1]], dtype="int64"), T(2), True)],
        fn=lambda tt, x, *a: x.put(*a),
        errors=[E(IndexError, "same number|elements", S(A, TWICE, T(2)))]),
]
