"""`out=`: results written into tensors that are there; and functions that work in place."""

from typing import Any

import pytest

import tinytensor as tt

CALLS = {
    "add": lambda lib, x, out: lib.add(x, 1, out=out[0]),
    "alpha": lambda lib, x, out: lib.add(x, x, alpha=2, out=out[0]),
    "exp": lambda lib, x, out: lib.exp(x, out=out[0]),
    "matmul": lambda lib, x, out: lib.matmul(x, x.T, out=out[0]),
    "sum": lambda lib, x, out: lib.sum(x, dim=1, out=out[0]),
    "cat": lambda lib, x, out: lib.cat([x, x], 0, out=out[0]),
    "stack": lambda lib, x, out: lib.stack([x, x], out=out[0]),
    "linalg.inv": lambda lib, x, out: lib.linalg.inv(x @ x.T, out=out[0]),
    "special.expit": lambda lib, x, out: lib.special.expit(x, out=out[0]),
    "max": lambda lib, x, out: lib.max(x, 1, out=tuple(out)),
    "topk": lambda lib, x, out: lib.topk(x, 2, out=tuple(out)),
    "sort": lambda lib, x, out: lib.sort(x, dim=0, out=tuple(out)),
    "none": lambda lib, x, out: lib.mul(x, 2, out=None),
}


@pytest.mark.parametrize("shape", [(0,), "same"], ids=["resized", "written"])
@pytest.mark.parametrize("name", CALLS)
def test_out_agrees_with_pytorch(name: str, shape: Any) -> None:
    torch = pytest.importorskip("torch")
    values = [[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]
    found = []
    for lib in (tt, torch):
        x = lib.tensor(values)
        pairs = {"max": (2,), "topk": (2, 2), "sort": (2, 3)}
        sizes = pairs.get(name) or tuple(CALLS[name](lib, x, [None]).shape)
        sizes = sizes if shape == "same" else shape
        out = [lib.full(sizes, 7.0), lib.full(sizes, 7, dtype=lib.int64)]
        result = CALLS[name](lib, x, out)
        assert name == "none" or (result[0] if isinstance(result, tuple) else result) is out[0]
        found.append((repr(result).replace("_out(", "("), repr(out)))
    assert found[0] == found[1]


def test_out_may_be_an_argument_and_of_a_wider_dtype() -> None:
    x = tt.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert tt.matmul(x, x, out=x) is x and x.tolist() == [[7.0, 10.0], [15.0, 22.0]]
    wide = tt.zeros(2, 2, dtype=tt.float64)
    assert tt.add(x, 0.5, out=wide).dtype is tt.float64 and wide[0, 0] == 7.5
    row = tt.zeros(2, 3)
    tt.exp(tt.zeros(3), out=row[1])
    assert row.tolist() == [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
    with tt.no_grad():
        leaf = tt.zeros(2, requires_grad=True)
        assert tt.add(tt.ones(2), 1, out=leaf) is leaf and leaf.tolist() == [2.0, 2.0]


def test_out_that_does_not_fit() -> None:
    x, at, none = tt.ones(3), tt.tensor([0, 1, 2]), tt.empty(0)
    for error, words, call in (
        (RuntimeError, "can't be cast", lambda: tt.exp(x, out=tt.zeros(3, dtype=tt.int64))),
        (RuntimeError, "dtype torch.float32, but got", lambda: tt.gather(x, 0, at, out=tt.zeros(3, dtype=tt.float64))),
        (RuntimeError, "single memory location", lambda: tt.cat([x[:1], x[1:]], out=x)),
        (RuntimeError, "single memory location", lambda: tt.cat([none, x], out=none)),
        (RuntimeError, "single memory location", lambda: tt.index_select(x, 0, at, out=tt.zeros(1).expand(3))),
        (RuntimeError, "automatic differentiation", lambda: tt.exp(x, out=tt.zeros(3, requires_grad=True))),
        (RuntimeError, "automatic differentiation", lambda: tt.add(tt.ones(3, requires_grad=True), 1, out=x)),
        (TypeError, "must be Tensor, not int", lambda: tt.exp(x, out=3)),
        (TypeError, "a tuple of 2 Tensors", lambda: tt.max(x, 0, out=(x,))),
        (TypeError, "unexpected keyword argument 'out'", lambda: tt.nn.functional.mse_loss(x, x, out=x)),
    ):
        with pytest.raises(error, match=words):
            call()
    with pytest.warns(UserWarning, match="was resized"):
        y = tt.zeros(2)
        tt.exp(x, out=y)
    assert y.shape == (3,)


def test_functions_in_place() -> None:
    x = tt.tensor([1.0, 4.0])
    assert tt.sqrt_(x) is x and x.tolist() == [1.0, 2.0]
    assert tt.clamp_(x, max=1.5).tolist() == [1.0, 1.5] and tt.fill_(x, 3).tolist() == [3.0, 3.0]
    torch = pytest.importorskip("torch")
    functions = {
        name for name in dir(torch) if name.endswith("_") and name[0] != "_" and callable(getattr(torch, name))
    }
    missing = sorted(name for name in functions if hasattr(tt.Tensor, name) and not hasattr(tt, name))
    assert missing == [] and all(hasattr(torch, name) for name in tt._IN_PLACE)
