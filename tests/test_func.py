"""Functions of functions: vmap, jvp, Jacobians in any nesting, ensembles of modules."""

from typing import Any

import numpy as np
import pytest

import tinytensor as tt
from tinytensor.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, stack_module_state, vmap


def test_vmap_maps_any_dimensions() -> None:
    x = tt.arange(6.0).view(2, 3)
    assert vmap(tt.sum)(x).tolist() == [3, 12]
    assert vmap(tt.sum, in_dims=-1)(x).tolist() == [3, 5, 7]
    assert vmap(lambda a, b: a * b, in_dims=(0, None), out_dims=1)(x, 2.0).tolist() == [[0, 6], [2, 8], [4, 10]]
    nested = vmap(
        lambda d, pair: {"s": d["a"] + d["b"], "p": (pair[0] * 2, pair[1])},
        in_dims=({"a": 0, "b": None}, (1, 0)),
        out_dims={"s": 0, "p": (-1, 0)},
    )({"a": x, "b": tt.ones(3)}, (x.t(), x[:, 0]))
    assert nested["s"].tolist() == (x + 1).tolist() and nested["p"][0].tolist() == (2 * x.t()).tolist()
    assert nested["p"][1].tolist() == [0, 3]
    assert vmap(vmap(lambda a: a.exp().sum()))(x.view(2, 3, 1)).tolist() == x.exp().tolist()
    assert vmap(lambda a, k=None: a + k)(x, k=1).tolist() == (x + 1).tolist()
    assert vmap(lambda a: (a.sum(), "rest"), out_dims=(0, None))(x)[1] == "rest"
    assert tt.vmap is vmap
    vmap(lambda a: a.add_(1))(x)
    assert x.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_vmap_draws_as_it_is_told() -> None:
    def draw(x: Any) -> Any:
        return x + tt.rand(3)

    x = tt.zeros(2, 3)
    with pytest.raises(RuntimeError, match="randomness error mode"):
        vmap(draw)(x)
    tt.manual_seed(1)
    same = vmap(draw, randomness="same")(x)
    after = tt.rand(1)
    tt.manual_seed(1)
    expected = tt.rand(3)
    assert same.tolist() == [expected.tolist()] * 2 and after.tolist() == tt.rand(1).tolist()
    different = vmap(draw, randomness="different")(x)
    assert different[0].tolist() != different[1].tolist()
    with pytest.raises(RuntimeError, match="Only allowed values"):
        vmap(draw, randomness="none")


def test_vmap_refuses_what_does_not_fit() -> None:
    x = tt.ones(2, 3)
    for message, call in (
        ("at least one Tensor", lambda: vmap(tt.add, in_dims=(None, None))(x, x)),
        ("same size", lambda: vmap(tt.add)(x, tt.ones(3))),
        ("not compatible with the structure of the inputs", lambda: vmap(tt.add, in_dims=(0,))(x, x)),
        ("in_dim=2 for some input", lambda: vmap(tt.add, in_dims=(0, 2))(x, x)),
        ("non-Tensor arguments", lambda: vmap(tt.add)(x, 1.0)),
        ("int or a tuple", lambda: vmap(tt.add, in_dims=[0, 0])(x, x)),
        ("structure of the outputs", lambda: vmap(tt.sum, out_dims=(0, 0))(x)),
        ("must only return Tensors", lambda: vmap(lambda a: 1.0)(x)),
    ):
        with pytest.raises(ValueError, match=message):
            call()
    with pytest.raises(RuntimeError, match="size 0"):
        vmap(tt.sum)(tt.ones(0, 3))


def test_gradients_of_examples_and_through_vmap() -> None:
    w, x = tt.tensor([1.0, 2.0], requires_grad=True), tt.tensor([[1.0, 1.0], [0.0, 3.0], [2.0, -1.0]])
    each = vmap(grad(lambda w, x: (w * x).sum() ** 2), in_dims=(None, 0))(w.detach(), x)
    assert each.tolist() == (2 * (x @ w.detach()).unsqueeze(1) * x).tolist()
    (vmap(lambda x: (w * x).sum() ** 2)(x)).sum().backward()
    assert w.grad.tolist() == each.sum(0).tolist()
    assert grad(lambda w: vmap(lambda x: (w * x).sum() ** 2)(x).sum())(w.detach()).tolist() == each.sum(0).tolist()


def test_jvp_and_jacobians() -> None:
    def f(x: Any, y: Any) -> Any:
        return {"product": x * y.sum(), "y": y**3}

    x, y = tt.tensor([1.0, 2.0]), tt.tensor([3.0])
    value, product = jvp(f, (x, y), (tt.tensor([1.0, 0.0]), tt.tensor([2.0])))
    assert value["product"].tolist() == [3, 6] and product["product"].tolist() == [5, 4]
    assert product["y"].tolist() == [54] and not product["y"].requires_grad
    of_x, of_y = jacrev(f, argnums=(0, 1))(x, y)["product"]
    assert of_x.tolist() == [[3, 0], [0, 3]] and of_y.tolist() == [[1], [2]]
    jacobian, aux = jacfwd(lambda x: (x**2, {"x": x}), has_aux=True)(x)
    assert jacobian.tolist() == [[2, 0], [0, 4]] and not aux["x"].requires_grad
    assert grad(lambda x: jvp(lambda z: z**3, (x,), (tt.ones(2),))[1].sum())(x).tolist() == [6, 12]
    assert jvp(lambda x: (x.relu(), x), (x - 1.5,), (x,), has_aux=True)[1].tolist() == [0, 2]
    with pytest.raises(RuntimeError, match="tuples"):
        jvp(tt.sin, x, x)
    with pytest.raises(RuntimeError, match="same structure"):
        jvp(tt.sin, (x,), (y,))


def test_ensembles() -> None:
    tt.manual_seed(0)
    models = [tt.nn.Sequential(tt.nn.Linear(2, 3), tt.nn.BatchNorm1d(3)).eval() for _ in range(3)]
    parameters, buffers = stack_module_state(models)
    assert parameters["0.weight"].shape == (3, 3, 2) and parameters["0.weight"].is_leaf
    assert parameters["0.weight"].requires_grad and buffers["1.running_var"].shape == (3, 3)
    x = tt.randn(4, 2)
    together = vmap(lambda p, b, x: functional_call(models[0], (p, b), x), in_dims=(0, 0, None))(parameters, buffers, x)
    assert np.array_equal(together.detach().numpy(), tt.stack([model(x) for model in models]).detach().numpy())
    for wrong in ([], [tt.nn.Tanh(), tt.nn.ReLU()]):
        with pytest.raises(RuntimeError, match="stack_module_state: Expected"):
            stack_module_state(wrong)


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")  # of PyTorch about itself
def test_transforms_equal_pytorch() -> None:
    torch = pytest.importorskip("torch")

    def answers(t: Any) -> list[Any]:
        x, y = t.arange(4.0).view(2, 2) / 3, t.tensor([0.5, -1.0])
        f = t.func

        def g(x: Any, y: Any) -> Any:
            return (t.tanh(x @ y) * y).sum()

        return [
            f.vmap(f.jacrev(g, argnums=(0, 1)), in_dims=(None, 0))(x, t.stack([y, 2 * y])),
            f.hessian(g, argnums=1)(x, y),
            f.vmap(f.hessian(lambda z: (z.sin() * y).prod()))(x),
            f.jvp(g, (x, y), (x + 1, y)),
            f.jacfwd(f.jacrev(lambda z: z.exp().cumsum(0)))(y),
            f.vmap(f.vmap(t.outer, in_dims=(None, 0)), in_dims=(0, None), out_dims=2)(x, x),
        ]

    for ours, theirs in zip(answers(tt), answers(torch), strict=True):
        for a, b in zip(tt.func._leaves(_plain(ours)), _tensors(theirs), strict=True):
            assert a.shape == tuple(b.shape)
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, atol=1e-6)
    assert hessian(lambda z: (z**3).sum())(tt.ones(1)).item() == 6


def _plain(tree: Any) -> list[Any]:
    return [tree] if isinstance(tree, tt.Tensor) else list(tree)


def _tensors(tree: Any) -> list[Any]:
    return [leaf for item in tree for leaf in _tensors(item)] if isinstance(tree, list | tuple) else [tree]
