"""Rows of tinytensor/ops/creation.py."""

import numpy as np
from op_row import E, Row, S, T, bool_, each, float32, float64, int32, int64

SIZES = [S(3), S(2, 3), S((2, 3)), S(0), S(()), S(2, 0, dtype=int64), S(2, dtype=float64), S((2,), dtype=bool_)]
LIKES = [S(T(3, 4)), S(T()), S(T(0, 3)), S(T(3), dtype=float64), S(T(3), dtype=int32)]


ROWS = [
    *each("zeros ones", SIZES, grad=False, numpy=None,
          errors=[E(RuntimeError, "negative", S(-1)), E(TypeError, "", S(1.5)), E(TypeError, "size", S())]),
    Row("empty", SIZES, random=True, errors=[E(RuntimeError, "negative", S(-1))]),
    *each("zeros_like ones_like", LIKES, grad=False, numpy=None),
    Row("empty_like", LIKES, random=True),
    Row("full", [S((2, 3), 1.5), S((2,), 3), S((), True), S((0, 2), 1.0), S((2,), 1, dtype=float32),
                 S([2, 2], 2.5, dtype=int64)],
        errors=[E(RuntimeError, "negative", S((-1,), 1.0))]),
    Row("full_like", [S(T(3, 4), 2), S(T(), 1.5), S(T(0, 3), 1), S(T(3), 1, dtype=float64)], grad=False),
    Row("Tensor.new_zeros", [S(T(2), 3), S(T(2), (2, 3)), S(T(), (2,), dtype=int64)], grad=False,
        errors=[E(TypeError, "size", S(T(2)))]),
    Row("Tensor.new_ones", [S(T(2), 3), S(T(2), (2, 3)), S(T(), (2,), dtype=int64)], grad=False),
    Row("Tensor.new_full", [S(T(2), (3,), 2.0), S(T(2), (2, 3), 7, dtype=int64)], grad=False),
    Row("Tensor.new_empty", [S(T(2), 3), S(T(2), (2, 3))], random=True),
    Row("Tensor.new_tensor", [S(T(2), [1, 2]), S(T(2), [1.5, 2]), S(T(2), 3)], grad=False),
    Row("eye", [S(3), S(2, 4), S(4, 2), S(0), S(3, dtype=int64)], errors=[E(RuntimeError, "greater|negative", S(-1))]),
    Row("tensor", [S([1, 2, 3]), S([[1.5, 2], [3, 4]]), S(2.5), S(True), S([]), S([1, 2], dtype=float64),
                   S([0.0, 1.5], dtype=bool_)],
        errors=[E(ValueError, "length|sequence", S([[1, 2], [3]]))]),
    Row("as_tensor", [S([1, 2, 3]), S(T(3)), S(T(3), dtype=float64), S(2.5)]),
    Row("scalar_tensor", [S(2.5), S(2), S(2, dtype=int64)]),
    Row("from_numpy", [S(np.arange(3)), S(np.eye(2)), S(np.ones((), np.int8))], errors=[E(TypeError, "", S([1]))]),
    Row("from_dlpack", [S(np.arange(3)), S(np.eye(2)), S(T(3, grad=False))]),
    Row("empty_strided", [S((2, 3), (3, 1)), S((2, 3), (1, 2)), S((), ())], random=True),
    Row("asarray", [S([1, 2]), S(np.arange(3))]),
]
