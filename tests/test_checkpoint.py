"""Checkpoints: the gradients of the function itself, of random draws too, and what is saved is given back."""

import importlib
import warnings
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinytensor as tt
from tinytensor.utils.checkpoint import CheckpointError, checkpoint, checkpoint_sequential


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def model(lib: Any) -> Any:
    lib.manual_seed(0)
    nn = lib.nn
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, 8), nn.LayerNorm(8), nn.Linear(8, 3))


def gradients(lib: Any, run: Any) -> list[Any]:
    """Of x and all parameters, after run(checkpoint module, model, scale, x); and the next random number."""
    module = importlib.import_module("torch.utils.checkpoint" if lib is not tt else "tinytensor.utils.checkpoint")
    m, scale = model(lib), lib.nn.Parameter(lib.ones(3))
    lib.manual_seed(1)
    x = lib.randn(5, 4).requires_grad_()
    (run(module, m, scale, x) ** 2).sum().backward()
    return [g.grad.numpy() for g in (x, scale, *m.parameters()) if g.grad is not None] + [lib.rand(1).numpy()]


def nested(c: Any, m: Any, scale: Any, x: Any, **how: Any) -> Any:
    return c.checkpoint(lambda x: c.checkpoint(m, x, **how) * scale, x * 1, **how)


RUNS = {
    "plain": lambda c, m, scale, x, **how: c.checkpoint(lambda x: m(x) * scale, x, **how),
    "in segments": lambda c, m, scale, x, **how: c.checkpoint_sequential(m, 3, x, **how),
    "nested": nested,
    "drawing anew": lambda c, m, scale, x, **how: c.checkpoint(m[0], x, preserve_rng_state=False, **how),
}


@pytest.mark.parametrize("reentrant", [True, False])
@pytest.mark.parametrize("name", RUNS)
def test_gradients_are_those_of_pytorch(name: str, reentrant: bool) -> None:
    torch = pytest.importorskip("torch")

    def run(*args: Any) -> Any:
        return RUNS[name](*args, use_reentrant=reentrant)

    for mine, theirs in zip(gradients(tt, run), gradients(torch, run), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5)


def test_arguments_by_name_structures_and_second_derivatives() -> None:
    x, factor = tt.tensor([1.0, 2.0], requires_grad=True), tt.tensor(3.0, requires_grad=True)
    y, rest = checkpoint(lambda x, *, by: (x**3 * by, {"sum": [x.sum()]}), x, by=factor, use_reentrant=False)
    (g,) = tt.autograd.grad((y.sum() + rest["sum"][0]), x, create_graph=True)
    assert g.tolist() == [10, 37]
    assert [v.tolist() for v in tt.autograd.grad(g.sum(), [x, factor])] == [[18, 36], 15]


def test_what_the_function_made_is_freed_and_made_again() -> None:
    made: list[Any] = []

    def function(x: Any) -> Any:
        inner = x.exp()
        made.append(weakref.ref(inner))
        return inner.tanh().sum()

    x = tt.tensor([1.0, 2.0], requires_grad=True)
    y = checkpoint(function, x, use_reentrant=False)
    assert len(made) == 1 and made[0]() is None
    y.backward()
    assert len(made) == 2
    twin = x.detach().requires_grad_()
    twin.exp().tanh().sum().backward()
    assert x.grad.tolist() == twin.grad.tolist()


def test_nothing_runs_again_without_gradients() -> None:
    calls: list[int] = []

    def function(x: Any) -> Any:
        calls.append(1)
        return x * 2

    with tt.no_grad():
        assert not checkpoint(function, tt.ones(2, requires_grad=True), use_reentrant=False).requires_grad
    with pytest.warns(UserWarning, match="None of the inputs"):
        assert not checkpoint(function, tt.ones(2), use_reentrant=True).requires_grad
    assert len(calls) == 2


def test_another_second_run_is_an_error() -> None:
    ops = iter([tt.exp, tt.sin, tt.exp, lambda x: x.exp().sum()])
    for again in range(2):
        y = checkpoint(lambda x: next(ops)(x), tt.ones(2, requires_grad=True), use_reentrant=False).sum()
        with pytest.raises(CheckpointError, match=["sin.*instead of.*exp", "sum.*instead of"][again]):
            y.backward()
    sizes = iter([2, 3])
    y = checkpoint(lambda x: x.expand(next(sizes), 2).exp(), tt.ones(2, requires_grad=True), use_reentrant=False).sum()
    with pytest.raises(RuntimeError, match="exp: computed again"):
        y.backward()


def test_arguments_that_are_refused() -> None:
    x = tt.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="Unexpected keyword arguments: by"):
        checkpoint(tt.exp, x, use_reentrant=True, by=2)
    with pytest.raises(ValueError, match="determinism_check"):
        checkpoint(tt.exp, x, use_reentrant=False, determinism_check="some")
    with pytest.warns(UserWarning, match="use_reentrant"):
        checkpoint_sequential([tt.exp], 1, x)


def test_an_argument_that_was_written_is_an_error() -> None:
    x = tt.ones(3, requires_grad=True)
    y = checkpoint(tt.sin, x, use_reentrant=False)
    with tt.no_grad():
        x.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()
