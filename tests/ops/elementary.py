"""Rows of tinytensor/ops/elementary.py."""

from op_row import FLOATS, INTS, E, Row, S, T, binary, unary

STEPS = T(values=[-2.0, 0.0, 3.0, 1e-30])

NO_FRACTIONS = [E(NotImplementedError, "not implemented", S(T(3), T(3)), dtype=dtype) for dtype in ("float32", "bool")]

ROWS = [
    Row("float_power", [*binary(0.2, 3), S(T(3, low=0.1), 0.5), S(2.0, T(3))], method=False),
    Row("gcd", binary(-40, 40, numbers=False), dtypes=INTS, grad=False, promotes=True, errors=NO_FRACTIONS),
    Row("lcm", binary(-6, 6, numbers=False), dtypes=INTS, grad=False, errors=NO_FRACTIONS),
    Row("heaviside", [S(STEPS, T(4)), S(STEPS, T()), S(T(3, 4), T(4)), S(T(0, 3), T(3))], grad=False, special=True,
        errors=[E(RuntimeError, "different dtypes", S(T(3), T(3, dtype="float64")))]),
    Row("nextafter", [*binary(numbers=False), S(T(values=[1.0, 0.0, 2.0]), T(values=[2.0, -1.0, 2.0]))], dtypes=FLOATS, gradgrad=False,
        special=True, errors=[E(NotImplementedError, "not implemented", S(T(3), T(3)), dtype="int64")]),
    Row("frexp", [*unary(), S(T(values=[0.0, 1.0, -3.5, 1e-30]))], dtypes=FLOATS, gradgrad=False,
        errors=[E(RuntimeError, "floating-point", S(T(3)), dtype=dtype) for dtype in INTS[:2]]),
    Row("sinc", [*unary(), S(T(values=[0.0, 1e-5, 2e-3, 4e-3, -1.0], grad=False))], aliases=["special.sinc"], rtol=1e-5, atol=1e-6),
]
