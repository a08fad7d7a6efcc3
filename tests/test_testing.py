"""assert_close and make_tensor: the words of the errors are PyTorch's, and agree with it where it is installed."""

import re
from typing import Any

import numpy as np
import pytest

import tinytensor as tt

NAN, INF = float("nan"), float("inf")

# (actual, expected, options, what the error begins with; None if they are close), written for any package.
CASES: list[tuple[str, str, dict[str, Any], str | None]] = [
    ("t([1., 2., 3.])", "t([1., 2., 3.000001])", {}, None),
    ("t([1., 2., 3.])", "t([1., 2., 3.5])", {}, "Tensor-likes are not close!\n\nMismatched elements: 1 / 3 (33.3%)"),
    ("t([[1., 2.], [4., 5.]])", "t([[1., 2.], [0., 7.]])", {}, "Tensor-likes are not close!"),
    ("t([1, 2, 3])", "t([1, 2, 4])", {}, "Tensor-likes are not equal!"),
    ("t([1, 2, 3])", "t([1, 2, 4])", {"rtol": 0, "atol": 2}, None),
    ("t([True, False])", "t([True, True])", {}, "Tensor-likes are not equal!"),
    ("t([1, 2, 3])", "t([1., 2, 3])", {}, "The values for attribute 'dtype' do not match"),
    ("t([1, 2, 3])", "t([1., 2, 3])", {"check_dtype": False}, None),
    ("t([1, 2, 3])", "t([[1, 2, 3]])", {}, "The values for attribute 'shape' do not match"),
    ("t(1.)", "t(2.)", {}, "Scalars are not close!\n\nExpected 2.0 but got 1.0."),
    ("1.0", "2.0", {}, "Scalars are not close!"),
    ("1", "2", {}, "Scalars are not equal!"),
    ("1", "1.0", {}, "The (d)types do not match"),
    ("True", "False", {}, "Booleans mismatch: True is not False"),
    ("NAN", "NAN", {"equal_nan": True}, None),
    ("t([NAN, 1.])", "t([NAN, 1.])", {}, "Tensor-likes are not close!"),
    ("t([NAN, INF])", "t([NAN, INF])", {"equal_nan": True}, None),
    ("t([INF])", "t([-INF])", {}, "Tensor-likes are not close!"),
    ("[t([1.]), 2.0]", "[t([1.]), 3.0]", {}, "Scalars are not close!"),
    ("[1.0]", "[1.0, 2.0]", {}, "The length of the sequences mismatch: 1 != 2"),
    ("{'a': [t([5.])]}", "{'a': [t([6.])]}", {}, "Tensor-likes are not close!"),
    ("{'a': 1.0}", "{'b': 1.0}", {}, "The keys of the mappings do not match"),
    ("None", "None", {}, None),
    ("None", "t([1.])", {}, "None mismatch"),
    ("np.array([1.0])", "np.array([2.0])", {}, "Tensor-likes are not close!"),
    ("t([1.])", "t([2.])", {"msg": "boo"}, "boo"),
    ("t([1.])", "t([2.])", {"msg": lambda text: "see: " + text}, "see: Tensor-likes"),
    ("t([200], dtype=package.uint8)", "t([100], dtype=package.uint8)", {}, "Tensor-likes are not equal!"),
    ("package.zeros(0, 3)", "package.zeros(0, 3)", {}, None),
]


def outcome(package: Any, actual: str, expected: str, options: dict[str, Any]) -> str | None:
    names = {"t": package.tensor, "package": package, "np": np, "NAN": NAN, "INF": INF}
    try:
        package.testing.assert_close(eval(actual, names), eval(expected, names), **options)
    except AssertionError as error:
        return str(error)
    return None


@pytest.mark.parametrize(("actual", "expected", "options", "begins"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_assert_close(actual: str, expected: str, options: dict[str, Any], begins: str | None) -> None:
    ours = outcome(tt, actual, expected, options)
    assert (ours is None) if begins is None else (ours is not None and ours.startswith(begins))
    try:
        import torch
    except ImportError:
        return
    assert ours == outcome(torch, actual, expected, options)


@pytest.mark.parametrize("pair", [("a", "a"), ([1.0], 1.0), (object(), object())], ids=["text", "list", "object"])
def test_what_cannot_be_compared_is_a_type_error(pair: tuple[Any, Any]) -> None:
    with pytest.raises(TypeError, match="No comparison pair"):
        tt.testing.assert_close(*pair)


def test_one_tolerance_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="Both 'rtol' and 'atol'"):
        tt.testing.assert_close(1.0, 1.0, rtol=0.1)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "uint8", "bool"])
def test_make_tensor(dtype: str) -> None:
    make = tt.testing.make_tensor
    kind = getattr(tt, dtype)
    x = make(50, 4, dtype=kind, device="cpu", low=None if dtype == "bool" else 1, high=None if dtype == "bool" else 5)
    assert x.shape == (50, 4) and x.dtype == kind
    if dtype != "bool":
        assert x.min().item() >= 1 and x.max().item() < 5
        assert (make((3, 4), dtype=kind, device="cpu", exclude_zero=True) != 0).all()
    assert not make(3, 4, dtype=kind, device="cpu", noncontiguous=True).is_contiguous()
    with pytest.raises(ValueError, match=re.compile("low|high", re.IGNORECASE)):
        make(2, dtype=kind, device="cpu", low=5, high=1)
    if dtype.startswith("float"):
        assert make(2, dtype=kind, device="cpu", requires_grad=True).requires_grad
    else:
        with pytest.raises(ValueError, match="grad"):
            make(2, dtype=kind, device="cpu", requires_grad=True)
