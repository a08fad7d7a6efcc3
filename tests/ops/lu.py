"""Rows of tinytensor/ops/lu.py."""

from op_row import FLOATS, E, Row, S, T

SHAPES = [S(T(3, 3)), S(T(4, 2)), S(T(2, 4)), S(T(2, 1, 3, 3)), S(T(0, 3)), S(T(2, 0, 0)), S(T(values=[[1.0, 2.0], [3.0, 4.0]]))]
SINGULAR = T(values=[[1.0, 2.0], [2.0, 4.0]], grad=False)
PACKED = [T(3, 3), T(values=[2, 3, 3], dtype="int32")]
BAD = [E(RuntimeError, "2 or more dimensions", S(T(3))), E(NotImplementedError, "not implemented for", S(T(2, 2)), dtype="int64"),
       E(RuntimeError, "without pivoting", S(T(2, 2), pivot=False))]
EXACT = {"dtypes": FLOATS, "method": False, "rtol": 1e-4, "atol": 1e-4}

ROWS = [
    Row("lu", [*SHAPES, S(SINGULAR, get_infos=True)], errors=BAD, dtypes=FLOATS, grad=False, rtol=1e-4, atol=1e-4),
    Row("linalg.lu_factor", SHAPES, errors=[*BAD, E(RuntimeError, "is zero", S(SINGULAR))], **EXACT),
    Row("linalg.lu_factor_ex", [*SHAPES, S(SINGULAR), S(T(2, 3, 3), check_errors=True)],
        errors=[*BAD, E(RuntimeError, "is zero|singular|info", S(SINGULAR, check_errors=True))], **(EXACT | {"grad": False})),
    Row("linalg.lu", SHAPES, errors=BAD, covers=["lu_factors", "lu_permutation"], **EXACT),
    Row("lu_unpack", [S(*PACKED), S(T(3, 3, grad=False), PACKED[1], unpack_data=False), S(*PACKED, True, False), S(T(2, 2, 3), T(2, 2, low=1, high=2, dtype="int32")),
                      S(T(4, 2), T(values=[3, 4], dtype="int32"))],
        errors=[E(RuntimeError, "int32", S(T(2, 2), T(values=[1, 2], dtype="int64"))),
                E(RuntimeError, "between 1 and", S(T(2, 2), T(values=[1, 3], dtype="int32"))),
                E(RuntimeError, "2 or more", S(T(2), T(values=[1], dtype="int32"))),
                # there it reads beyond the end
                E(RuntimeError, "not those of", S(T(3, 3), T(values=[1], dtype="int32")), torch=False)], **EXACT),
    Row("linalg.lu_solve", [S(*PACKED, T(3, 2)), S(*PACKED, T(2, 3), left=False), S(*PACKED, T(3, 1), adjoint=True),
                            S(T(2, 3, 3), T(2, 3, low=3, high=3, dtype="int32"), T(3, 2))],
        errors=[E(RuntimeError, "int32", S(T(2, 2), T(values=[1, 2], dtype="int64"), T(2, 1))),
                E(RuntimeError, "shapes|sizes|size", S(*PACKED, T(2, 2)))], covers=["lu_of_system"], **EXACT),
    Row("lu_solve", [S(T(3, 2), *PACKED)], dtypes=FLOATS, rtol=1e-4, atol=1e-4),
]
