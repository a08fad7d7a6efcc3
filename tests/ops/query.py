"""Rows of tinytensor/ops/query.py."""

from op_row import E, Row, S, T, each, float32, float64, int64, uint8

A = T(3, 4)

ROWS = [
    *each("is_tensor is_floating_point is_complex numel", [S(A), S(T()), S(T(0, 3))], numpy=None),
    Row("is_nonzero", [S(T()), S(T(1)), S(T(1, 1))], errors=[E(RuntimeError, "ambiguous|element|Boolean", S(A))]),
    *each("Tensor.element_size Tensor.dim Tensor.ndimension Tensor.is_signed Tensor.get_device Tensor.is_shared"
          " Tensor.is_pinned Tensor.nelement", [S(A), S(T())], numpy=None),
    Row("Tensor.is_same_size", [S(A, T(3, 4)), S(A, T(4, 3))]),
    Row("can_cast", [S(float32, int64), S(int64, float32), S(uint8, float64), S(int64, uint8)]),
    Row("result_type", [S(A, T(2)), S(A, T(2, dtype="float64")), S(A, 2), S(A, 2.5), S(T(2, dtype="int64"), 1.5),
                        S(T(2, dtype="int32"), T(dtype="int64"))]),
    Row("promote_types", [S(float32, int64), S(uint8, int64), S(float32, float64)]),
]
