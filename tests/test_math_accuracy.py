"""Elementary functions against higher precision: errors in units in the last place, the limits they are stated with."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinytensor as tt

Reference = Callable[[np.ndarray], np.ndarray]


def each(f: Callable[[float], float]) -> Reference:
    """A function of Python floats, of arrays."""
    return np.vectorize(f, otypes=[float])


def sigmoid(x: np.ndarray) -> np.ndarray:
    return np.where(
        x < 0, np.exp(np.minimum(x, 0)) / (1 + np.exp(np.minimum(x, 0))), 1 / (1 + np.exp(-np.maximum(x, 0)))
    )


# name: (reference in higher precision, largest error of floats, of doubles); the limits are those of math.h and trig.h.
FUNCTIONS: dict[str, tuple[Reference, float, float]] = {
    "exp": (np.exp, 1.0, 1.1),
    "exp2": (np.exp2, 1.1, 1.1),
    "expm1": (np.expm1, 1.5, 1.9),
    "log": (np.log, 1.0, 0.9),
    "log2": (np.log2, 1.1, 1.1),
    "log10": (np.log10, 1.1, 1.0),
    "log1p": (np.log1p, 1.6, 1.5),
    "tanh": (np.tanh, 1.9, 2.2),
    "sigmoid": (sigmoid, 1.7, 1.7),
    "erf": (each(math.erf), 1.7, 2.0),  # the double reference is itself good to one
    "sin": (np.sin, 1.6, 1.6),
    "cos": (np.cos, 1.6, 1.6),
    "tan": (np.tan, 1.3, 3.1),
    "asin": (np.arcsin, 1.4, 1.3),
    "acos": (np.arccos, 1.2, 1.2),
    "atan": (np.arctan, 1.4, 2.5),
    "sinh": (np.sinh, 1.6, 1.9),
    "cosh": (np.cosh, 1.5, 1.5),
    "asinh": (np.arcsinh, 1.5, 2.0),
    "acosh": (np.arccosh, 1.5, 2.0),
    "atanh": (np.arctanh, 1.8, 2.1),
    "erfc": (each(math.erfc), 0.51, 2.0),
    "sqrt": (np.sqrt, 0.51, 0.51),
}


# Without FMA some products are rounded once more.
SLACK = 1.0 if tt._C.config()["isa"] != "baseline" else 1.7


def errors(name: str, x: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """The errors of a function in units in the last place; infinite where a nan or an infinity is wrong."""
    y = getattr(tt, name)(tt.tensor(x)).numpy()
    with np.errstate(all="ignore"):
        rounded = reference.astype(x.dtype)
        spacing = np.spacing(np.abs(rounded)).astype(reference.dtype)
        ulps = np.abs(y.astype(reference.dtype) - reference) / spacing
    exact = (y == rounded) | (np.isnan(y) & np.isnan(rounded))
    return np.where(exact & ~np.isfinite(rounded), 0, np.where(np.isfinite(rounded) & np.isfinite(y), ulps, np.inf))


def worst(name: str, x: np.ndarray, higher: Any, limit: float) -> None:
    """Fails where the error is above the limit."""
    with np.errstate(all="ignore"):
        reference = FUNCTIONS[name][0](x.astype(higher))
    found = errors(name, x, reference)
    at = int(np.argmax(found))
    assert found[at] <= limit * SLACK, f"{name}({x[at]!r}): {found[at]:.2f} ulp, stated {limit}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_floats(name: str) -> None:
    """Every 4099th float: all exponents, both signs, nan, subnormals."""
    x = np.arange(0, 1 << 32, 4099, dtype=np.uint32).view(np.float32)
    worst(name, x, np.float64, FUNCTIONS[name][1])


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="long double is no wider than double here")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_doubles(name: str) -> None:
    rng = np.random.default_rng(0)
    n = 40000
    x = np.concatenate(
        [
            rng.integers(0, 1 << 64, n, dtype=np.uint64).view(np.float64),
            rng.uniform(-10, 10, n),
            rng.choice([-1, 1], n) * 2.0 ** rng.uniform(-30, 10, n),
        ]
    )
    worst(name, x, np.longdouble, FUNCTIONS[name][2])


def test_gelu_in_the_tails() -> None:
    """As far out as nothing is left of the normal distribution, and farther."""
    x = np.append(np.linspace(-20, 20, 4001), [-1e30, 1e30]).astype(np.float32)
    reference = x * each(math.erfc)(-x.astype(float) / math.sqrt(2)) / 2
    np.testing.assert_allclose(tt.nn.functional.gelu(tt.tensor(x)).numpy(), reference, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("name", "limit"), [("erfinv", 1.7), ("lgamma", 1.0), ("digamma", 0.51)])
def test_floats_against_doubles(name: str, limit: float) -> None:
    """Functions of which NumPy knows nothing; doubles go other ways, and are checked with the op's row."""
    x = np.arange(0, 1 << 32, 4099, dtype=np.uint32).view(np.float32)
    found = errors(name, x, getattr(tt, name)(tt.tensor(x).to(tt.float64)).numpy())
    at = int(np.argmax(found))
    assert found[at] <= limit * SLACK, f"{name}({x[at]!r}): {found[at]:.2f} ulp, stated {limit}"


EXACT = {
    "exp": [(0.0, 1.0), (-0.0, 1.0), (math.inf, math.inf), (-math.inf, 0.0), (1e30, math.inf), (-1e30, 0.0)],
    "expm1": [(0.0, 0.0), (-0.0, -0.0), (math.inf, math.inf), (-math.inf, -1.0), (1e-40, 1e-40), (-1e30, -1.0)],
    "log": [(1.0, 0.0), (0.0, -math.inf), (-0.0, -math.inf), (-1.0, math.nan), (math.inf, math.inf)],
    "log2": [(1.0, 0.0), (8.0, 3.0), (0.0, -math.inf), (-1.0, math.nan), (math.inf, math.inf)],
    "log1p": [(0.0, 0.0), (-0.0, -0.0), (-1.0, -math.inf), (-2.0, math.nan), (math.inf, math.inf), (1e-40, 1e-40)],
    "tanh": [(0.0, 0.0), (-0.0, -0.0), (math.inf, 1.0), (-math.inf, -1.0), (50.0, 1.0), (1e-40, 1e-40)],
    "sigmoid": [(0.0, 0.5), (math.inf, 1.0), (-math.inf, 0.0), (-1e30, 0.0)],
    "erf": [(0.0, 0.0), (-0.0, -0.0), (math.inf, 1.0), (-math.inf, -1.0)],
    "sin": [(0.0, 0.0), (-0.0, -0.0), (math.inf, math.nan), (-math.inf, math.nan), (1e-40, 1e-40)],
    "cos": [(0.0, 1.0), (-0.0, 1.0), (math.inf, math.nan)],
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", EXACT)
def test_special_values(name: str, dtype: Any) -> None:
    given, expected = np.array([*EXACT[name], (math.nan, math.nan)], dtype).T
    got = getattr(tt, name)(tt.tensor(np.ascontiguousarray(given))).numpy()
    np.testing.assert_array_equal(got, expected)
    zero = expected == 0
    np.testing.assert_array_equal(np.signbit(got[zero]), np.signbit(expected[zero]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_bits_do_not_depend_on_the_place(name: str) -> None:
    x = tt.tensor(np.linspace(0.01, 3, 67, dtype=np.float32))
    f = getattr(tt, name)
    whole = f(x).numpy()
    strided = f(tt.tensor(np.repeat(x.numpy(), 3)).as_strided((67,), (3,))).numpy()
    for i in range(67):
        alone = f(tt.tensor(x.numpy()[i : i + 1])).numpy()[0]
        np.testing.assert_array_equal([alone, strided[i]], [whole[i], whole[i]])


def test_float_powers() -> None:
    rng = np.random.default_rng(1)
    x = (2.0 ** rng.uniform(-20, 20, 100000)).astype(np.float32)
    y = rng.uniform(-6, 6, 100000).astype(np.float32)
    reference = x.astype(np.float64) ** y.astype(np.float64)
    got = tt.pow(tt.tensor(x), tt.tensor(y)).numpy()
    normal = (reference > 1e-37) & (reference < 3e38)
    ulps = np.abs(got[normal] - reference[normal]) / np.spacing(reference[normal].astype(np.float32))
    assert ulps.max() <= 0.52


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_powers_of_special_values(dtype: Any) -> None:
    values = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -3.0, 2.5, -2.5, math.inf, -math.inf, math.nan]
    x, y = np.meshgrid(np.array(values, dtype), np.array(values, dtype))
    with np.errstate(all="ignore"):
        expected = np.power(x, y)
    got = tt.pow(tt.tensor(x), tt.tensor(y)).numpy()
    np.testing.assert_allclose(got, expected, rtol=1e-6)
    np.testing.assert_array_equal(np.signbit(got[~np.isnan(got)]), np.signbit(expected[~np.isnan(got)]))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_linspace_is_rounded_once(dtype: str) -> None:
    torch = pytest.importorskip("torch")
    for start, end, steps in ((0, 1, 7), (-1, 1, 100), (0.1, 0.7, 1001), (5, -3.3, 30), (2, 2, 4), (-1e6, 1e-3, 257)):
        expected = torch.linspace(start, end, steps, dtype=getattr(torch, dtype)).numpy()
        assert np.array_equal(tt.linspace(start, end, steps, dtype=getattr(tt, dtype)).numpy(), expected)
