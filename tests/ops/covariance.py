"""Rows of tinytensor/ops/covariance.py."""

from op_row import FLOATS, E, I, Row, S, T

ROWS = [
    Row("cov",
        [S(T(3, 5)), S(T(5)), S(T(3, 5), correction=0), S(T(3, 5), fweights=I(5, below=4, low=1)),
         S(T(3, 5, dtype="float64"), aweights=T(5, low=0.1, high=2.0, dtype="float64")),
         S(T(3, 5, dtype="float64"), correction=2, fweights=I(5, below=4, low=1), aweights=T(5, low=0.1, high=2.0, dtype="float64"))],
        errors=[E(RuntimeError, "two or fewer", S(T(2, 3, 4))), E(RuntimeError, "bool", S(T(3, 4)), dtype="bool"),
                E(RuntimeError, "numel", S(T(3, 4), fweights=I(3, below=4))),
                E(RuntimeError, "floating", S(T(3, 4), aweights=I(4, below=4))),
                E(RuntimeError, "integral", S(T(3, 4), fweights=T(4))),
                E(RuntimeError, "one or fewer", S(T(3, 4), fweights=I(4, 1, below=4))),
                E(RuntimeError, "negative", S(T(3, 4), fweights=T(4, low=-3, high=-1, dtype="int64"))),
                E(RuntimeError, "sum to zero", S(T(3, 2), fweights=T(values=[0, 0], dtype="int64")))], rtol=1e-5, atol=1e-5),
    Row("corrcoef", [S(T(3, 5)), S(T(5))], dtypes=FLOATS, errors=[E(RuntimeError, "two or fewer", S(T(2, 3, 4)))],
        rtol=1e-5, atol=1e-5),
]  # fmt: skip
