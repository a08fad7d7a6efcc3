"""Rows of tinytensor/ops/randint.py."""

from op_row import FLOATS, E, S, T, bool_, float32, int32, int64, uint8
from ops.random import drawn, fill

ROWS = [
    drawn("randint", [S(5, (3,)), S(-2, 9, (2, 3)), S(0, 2**40, (4,)), S(low=1, high=4, size=(20,)), S(9, ()),
                      S(7, (3,), dtype=int32), S(7, (3,), dtype=uint8), S(7, (3,), dtype=float32),
                      S(2, (5,), dtype=bool_)],
          grad=False,
          errors=[E(RuntimeError, "less than", S(0, 0, (2,))), E(RuntimeError, "bounds", S(300, (2,), dtype=uint8)),
                  E(TypeError, "int", S(2.5, (2,)))]),
    drawn("randperm", [S(0), S(1), S(20), S(9, dtype=int32), S(9, dtype=float32)], grad=False,
          errors=[E(RuntimeError, "negative", S(-1)), E(NotImplementedError, "bool", S(2, dtype=bool_))]),
    drawn("randint_like", [S(T(3, 4), 9), S(T(5), 2, 7), S(T(5), 2, 7, dtype=int64)], grad=False,
          dtypes=[*FLOATS, "int64", "int32", "int16", "int8", "uint8"]),
    fill("random_", S(), S(9), S(2, 9), dtypes=[*FLOATS, "int64", "int32", "uint8"],
         errors=[E(RuntimeError, "less than", S(T(2), 3, 3)), E(TypeError, "", S(T(2), 2.5))]),
]
