"""The table's own test: a mistake planted into a correct package is found by the check it belongs to."""

import importlib
import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from op_checks import CHECKS, COUNT
from op_engine import Engine
from op_row import E, Row, S, T, unary

tt = importlib.import_module(os.environ.get("OP_TABLE_ENGINE", "tinytensor"))


class Package:
    """The package with some names replaced."""

    def __init__(self, **replaced: Any) -> None:
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(tt, name)


def wrong_gradient(x: Any) -> Any:
    class Wrong(tt.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return tt.tanh(x)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * 1.01

    return Wrong.apply(x)


def forgets_strides(x: Any) -> Any:
    return tt.tanh(x) if x.is_contiguous() else tt.tanh(x) * 0


def overwrites(x: Any) -> Any:
    y = tt.tanh(x)
    if not x.requires_grad and x.numel():
        x.zero_()
    return y


def detaches(x: Any) -> Any:
    return tt.tanh(x).detach()


def kills_nan(x: Any) -> Any:
    return tt.where(tt.isnan(x), tt.zeros_like(x), tt.tanh(x))


PLANTED: dict[str, tuple[str, Callable[..., Any]]] = {
    "slightly wrong values": ("values", lambda x: tt.tanh(x) * 1.0001),
    "wrong shape": ("values", lambda x: tt.tanh(x).reshape(-1)),
    "wrong dtype": ("values", lambda x: tt.tanh(x).double()),
    "overwritten argument": ("values", overwrites),
    "wrong gradient": ("gradients", wrong_gradient),
    "no gradient": ("gradients", detaches),
    "integers keep their dtype": ("dtypes", lambda x: tt.tanh(x).to(x.dtype)),
    "strides ignored": ("layouts", forgets_strides),
    "nan lost": ("special", kills_nan),
    "no error": ("errors", lambda x, *ignored: tt.tanh(x)),
    "wrong method": ("forms", lambda x: tt.tanh(x) * 2),
}
ROW = Row("tanh", unary(), numpy=np.tanh, special=True, errors=[E(TypeError, "", S(T(3), 1))])


@pytest.fixture(autouse=True)
def uncounted() -> Iterator[None]:
    """The checks made here are not checks of the package."""
    before = COUNT.copy()
    yield
    COUNT.clear()
    COUNT.update(before)


THEIRS = Engine(tt)  # the package itself serves as the reference, so that PyTorch is not needed


@pytest.mark.parametrize("category", CHECKS)
def test_correct_package_passes(category: str) -> None:
    CHECKS[category](ROW, Engine(tt), THEIRS)


@pytest.mark.parametrize("defect", PLANTED)
def test_planted_defect_is_found(defect: str) -> None:
    category, broken = PLANTED[defect]
    with pytest.raises(AssertionError, match="failed"):
        CHECKS[category](ROW, Engine(Package(tanh=broken)), THEIRS)


def test_missing_op_is_found() -> None:
    with pytest.raises(AssertionError, match="missing"):
        CHECKS["values"](Row("tanhh", unary()), Engine(tt), None)


def test_package_without_reference_is_checked_by_numpy() -> None:
    package = SimpleNamespace(**{n: getattr(tt, n) for n in ("tensor", "Tensor", "dtype")}, tanh=tt.sinh)
    with pytest.raises(AssertionError, match="NumPy"):
        CHECKS["values"](ROW, Engine(package), None)
