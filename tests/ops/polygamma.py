"""Rows of tinytensor/ops/polygamma.py and tinytensor/special.py."""

from op_row import E, Row, S, T, binary, unary

ROWS = [
    Row("polygamma", [S(n, T(3, 4, low=0.3, high=4)) for n in range(5)] + [S(2, T(values=[0.1, 30.0, 100.0])), S(1, T(0))],
        inplace=False, method=False, gradgrad=False, aliases=["special.polygamma"], rtol=1e-4, atol=1e-6,
        errors=[E(RuntimeError, "negative", S(-1, T(3)))]),
    Row("mvlgamma", [S(T(3, 4, low=1.6, high=5), p) for p in (1, 2, 4)], aliases=["special.multigammaln"],
        gradgrad=False, rtol=1e-4, atol=1e-5, errors=[E(RuntimeError, "greater than or equal to 1", S(T(3, low=1.0), 0))]),
    Row("special.entr", [*unary(0.1, 3), S(T(values=[-1.0, 0.0, 2.0], grad=False))], special=True, rtol=1e-5),
    Row("special.xlog1py", [*binary(0.1, 3), S(T(values=[0.0, 0.0, 2.0, 2.0], grad=False), T(values=[-1.0, float("nan"), 1.0, float("inf")], grad=False)), S(2.0, T(3, low=0.1))], rtol=1e-5),
    Row("special.ndtr", unary(), special=True, rtol=1e-5),
]
