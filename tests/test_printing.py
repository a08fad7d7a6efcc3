"""Printing: stored examples of PyTorch's text, random tensors against PyTorch itself where it is installed."""

import pathlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinytensor as tt

EXAMPLES = [
    example.split("\n", 1)
    for example in (pathlib.Path(__file__).parent / "printed.txt").read_text().removeprefix(">>> ").split("\n>>> ")
]
OPTIONS: list[dict[str, Any]] = [
    {"precision": 2},
    {"precision": 8, "linewidth": 120},
    {"sci_mode": True},
    {"sci_mode": False},
    {"threshold": 5, "edgeitems": 1},
    {"threshold": 3, "edgeitems": 0},
    {"profile": "short"},
    {"linewidth": 20},
    {},
]


@pytest.fixture(autouse=True)
def default_options() -> Iterator[None]:
    tt.set_printoptions(profile="default")
    yield
    tt.set_printoptions(profile="default")


@pytest.mark.parametrize(("expression", "text"), EXAMPLES, ids=[e for e, _ in EXAMPLES])
def test_example(expression: str, text: str) -> None:
    value = eval(expression, {"tt": tt})
    assert repr(value) == text.rstrip("\n")
    assert str(value) == repr(value)


def random_array(rng: np.random.Generator) -> np.ndarray:
    shape = tuple(rng.choice([0, 1, 2, 3, 7, 8, 40], size=rng.choice([0, 1, 1, 2, 2, 3])))
    scale = 10 ** rng.uniform(-8, 12)
    kind = rng.integers(6)
    if kind == 0:
        return rng.standard_normal(shape).astype(rng.choice(["float32", "float64"]))
    if kind == 1:
        return np.asarray(rng.standard_normal(shape) * scale, dtype="float32")
    if kind == 2:
        return np.round(np.asarray(rng.standard_normal(shape) * scale)).astype("float64")
    if kind == 3:
        return rng.choice([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, 2.5, 1e-5, 1e9], shape).astype("float32")
    if kind == 4:
        return rng.integers(-9 if scale < 1 else -int(scale), 100, shape)
    return rng.integers(0, 2, shape).astype(rng.choice(["bool", "uint8", "int32"]))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_random_tensors_print_as_in_torch(options: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    try:
        torch.set_printoptions(**options)
        tt.set_printoptions(**options)
        for _ in range(150):
            a = np.array(random_array(rng))
            assert repr(tt.tensor(a)) == repr(torch.tensor(a))
    finally:
        torch.set_printoptions(profile="default")


def test_grad_fn_names() -> None:
    x = tt.tensor([[0.5, 0.25]], requires_grad=True)
    names = {
        "AddBackward0": x + 1,
        "MulBackward0": x * x,
        "TanhBackward0": x.tanh(),
        "Log1PBackward0": x.log1p(),
        "SumBackward0": x.sum(),
        "SumBackward1": x.sum(0),
        "MeanBackward0": x.mean(),
        "MeanBackward1": x.mean(0),
        "MmBackward0": x @ x.T,
        "NllLossBackward0": tt.nn.functional.cross_entropy(x, tt.tensor([1])),
        "NativeGroupNormBackward0": tt.nn.functional.group_norm(x, 1, tt.ones(2)),
        "SelectBackward0": x[0],
        "SliceBackward0": x[:1],
        "ViewBackward0": x.view(-1),
        "TBackward0": x.t(),
        "PermuteBackward0": x.T,
        "UnsqueezeBackward0": x.unsqueeze(0),
        "CatBackward0": tt.cat([x, x]),
        "StackBackward0": tt.stack([x, x]),
        "IndexBackward0": x[tt.tensor([0])],
        "ExpBackward0": x.exp(),
        "ConvolutionBackward0": tt.nn.functional.conv1d(x.view(1, 1, 2), tt.ones(1, 1, 1)),
        "LogBackward0": x.log(),
        "NegBackward0": -x,
        "PowBackward0": x**2,
        "DivBackward0": x / 2,
        "SubBackward0": x - 1,
        "SoftmaxBackward0": x.softmax(1),
        "LogSoftmaxBackward0": x.log_softmax(1),
        "MaxBackward0": x.max(1).values,
        "CloneBackward0": x.clone(),
        "EmbeddingBackward0": tt.nn.functional.embedding(tt.tensor([0]), x),
    }
    for name, y in names.items():
        assert repr(y).endswith(f"grad_fn=<{name}>)"), (name, repr(y))
    for key, op in (((0, 1), "Select"), ((..., 0), "Select"), ((0, slice(1)), "Slice"), ((0, ...), "Select"),
                    (None, "Unsqueeze"), ((slice(1), None), "Unsqueeze"), (slice(None, None, 2), "Slice")):  # fmt: skip
        assert x[key].grad_fn.name() == f"{op}Backward0", key
        assert y.grad_fn.name() == name


def test_format() -> None:
    assert f"{tt.tensor(1.23456):.3f}" == "1.235"
    assert f"{tt.tensor(7):5d}" == "    7"
    assert f"{tt.tensor(True)}" == "True"
    assert f"{tt.tensor([1, 2])}" == "tensor([1, 2])"
    with pytest.raises(TypeError, match=r"unsupported format string passed to Tensor\.__format__"):
        format(tt.tensor([1.0]), ".2f")


def test_parameter() -> None:
    text = repr(tt.nn.Parameter(tt.zeros(2)))
    assert text == "Parameter containing:\ntensor([0., 0.], requires_grad=True)"


def test_default_dtype_goes_unnamed() -> None:
    tt.set_default_dtype(tt.float64)
    try:
        assert repr(tt.zeros(1)) == "tensor([0.])"
        assert repr(tt.zeros(1, dtype=tt.float32)).startswith("tensor([0.], dtype=")
    finally:
        tt.set_default_dtype(tt.float32)


def test_unknown_profile_is_refused() -> None:
    if tt.__name__ == "torch":
        pytest.skip("PyTorch ignores it")
    with pytest.raises(ValueError, match="profile"):
        tt.set_printoptions(profile="nice")
