"""Rows of tinytensor/ops/standard_gamma.py: draws are PyTorch's; test_distributions.py compares gradients."""

from op_row import FLOATS, E, Row, S, T


def drawn(name, private):
    """The seeded op, which is private in PyTorch and nowhere in ours."""

    def call(package, x):
        package.manual_seed(5)
        if package.__name__ == "torch":
            return getattr(package, private)(x)
        from tinytensor.ops import standard_gamma

        return getattr(standard_gamma, name)(x)

    return call


SHAPES = [S(T(3, 4, low=0.05, high=4, grad=False)), S(T(low=0.5, grad=False)), S(T(0, 3, grad=False)), S(T(37, low=5, high=500, grad=False)),
          S(T(values=[0.001, 1.0, 1e4], grad=False))]
OPTIONS = {"dtypes": FLOATS, "grad": False, "method": False, "inplace": False, "layouts": False}

ROWS = [
    Row("standard_gamma", [*SHAPES, S(T(values=[0.0, 1.0], grad=False))], fn=drawn("standard_gamma", "_standard_gamma"), **OPTIONS,
        errors=[E(NotImplementedError, "not implemented", S(T(3)), dtype="int64")]),
    Row("standard_dirichlet", [SHAPES[0], SHAPES[3], SHAPES[4]], fn=drawn("standard_dirichlet", "_sample_dirichlet"), **OPTIONS),
]
