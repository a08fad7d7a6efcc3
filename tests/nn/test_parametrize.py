"""Parametrized weights: weight norm, spectral norm, functions of one's own."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import tinytensor as tt
from tinytensor import nn
from tinytensor.nn.utils import parametrizations, parametrize

KINDS = {
    "weight_norm": lambda torch: torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(4, 3)),
    "weight_norm of all": lambda torch: torch.nn.utils.parametrizations.weight_norm(torch.nn.Conv1d(2, 3, 2), dim=None),
    "spectral_norm": lambda torch: torch.nn.utils.parametrizations.spectral_norm(torch.nn.Conv2d(2, 3, 2)),
    "spectral_norm transposed": lambda torch: torch.nn.utils.parametrizations.spectral_norm(
        torch.nn.ConvTranspose1d(2, 3, 2), n_power_iterations=3
    ),
    "orthogonal": lambda torch: torch.nn.utils.parametrizations.orthogonal(torch.nn.Linear(4, 4)),
    "orthogonal rows": lambda torch: torch.nn.utils.parametrizations.orthogonal(torch.nn.Linear(4, 3)),
    "orthogonal columns": lambda torch: torch.nn.utils.parametrizations.orthogonal(
        torch.nn.Linear(4, 6), orthogonal_map="cayley"
    ),
    "orthogonal reflections": lambda torch: torch.nn.utils.parametrizations.orthogonal(
        torch.nn.Linear(4, 6), use_trivialization=False
    ),
    "older weight_norm": lambda torch: torch.nn.utils.weight_norm(torch.nn.Linear(4, 3), dim=1),
    "older spectral_norm": lambda torch: torch.nn.utils.spectral_norm(torch.nn.Linear(4, 3)),
}
SHAPES = {nn.Linear: (5, 4), nn.Conv1d: (5, 2, 6), nn.Conv2d: (5, 2, 4, 4), nn.ConvTranspose1d: (5, 2, 6)}


def trained(torch: Any, make: Any) -> tuple[Any, list[float], dict[str, np.ndarray]]:
    """Three steps of training: the module, its losses, its state dict."""
    torch.manual_seed(3)
    module = make(torch)
    shape = next(s for kind, s in SHAPES.items() if isinstance(module, getattr(torch.nn, kind.__name__)))
    x = torch.randn(*shape)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    losses = []
    for _ in range(3):
        loss = (module(x) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    module.eval()
    losses.append((module(x) ** 2).mean().item())
    return module, losses, {k: v.numpy() for k, v in module.state_dict().items()}


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_training_is_that_of_pytorch(kind: str) -> None:
    torch = pytest.importorskip("torch")
    ours, our_losses, our_state = trained(tt, KINDS[kind])
    theirs, losses, state = trained(torch, KINDS[kind])
    assert np.allclose(our_losses, losses, rtol=1e-5)
    assert list(our_state) == list(state)
    for name, values in state.items():
        assert np.allclose(our_state[name], values, rtol=1e-4, atol=1e-6), name
    assert repr(ours) == repr(theirs)


class Symmetric(nn.Module):
    def forward(self, x: Any) -> Any:
        return x.triu() + x.triu(1).mT

    def right_inverse(self, a: Any) -> Any:
        return a.triu()


class Doubled(nn.Module):
    def forward(self, x: Any) -> Any:
        return 2 * x


def test_functions_of_ones_own() -> None:
    layer = nn.Linear(3, 3)
    before = layer.weight.detach().clone()
    parametrize.register_parametrization(layer, "weight", Symmetric())
    parametrize.register_parametrization(layer, "weight", Doubled())
    assert type(layer).__name__ == "ParametrizedLinear" and isinstance(layer, nn.Linear)
    assert tt.equal(layer.weight, 2 * (before.triu() + before.triu(1).mT))
    assert [n for n, _ in layer.named_parameters()] == ["bias", "parametrizations.weight.original"]
    layer(tt.ones(1, 3)).sum().backward()
    assert layer.parametrizations.weight.original.grad.tolist() == [[2, 4, 4], [0, 2, 4], [0, 0, 2]]
    with pytest.raises(RuntimeError, match="Doubled does not implement right_inverse"):
        layer.weight = before
    twin = copy.deepcopy(layer)
    twin.parametrizations.weight.original.data.zero_()
    assert (twin.weight == 0).all() and (layer.weight != 0).any()
    with pytest.raises(RuntimeError, match="state_dict"):
        pickle.dumps(layer)
    weight = layer.weight.detach()
    parametrize.remove_parametrizations(layer, "weight")
    assert type(layer) is nn.Linear and tt.equal(layer.weight, weight) and isinstance(layer.weight, nn.Parameter)


def test_assignment_and_caching() -> None:
    layer = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Symmetric())
    layer.weight = tt.tensor([[1.0, 2.0], [2.0, 3.0]])
    assert layer.weight.tolist() == [[1, 2], [2, 3]] and layer.parametrizations.weight.original[1, 0] == 0
    assert layer.weight is not layer.weight
    with parametrize.cached():
        assert layer.weight is layer.weight
    parametrize.remove_parametrizations(layer, "weight", leave_parametrized=False)
    assert layer.weight.tolist() == [[1, 2], [0, 3]]


def test_what_does_not_fit_is_refused() -> None:
    layer = nn.Linear(2, 3)
    with pytest.raises(ValueError, match="'wieght'"):
        parametrize.register_parametrization(layer, "wieght", Symmetric())
    with pytest.raises(ValueError, match=r"shape \(3, 2\), but gave torch.float32 of shape \(2, 3\)"):
        parametrize.register_parametrization(layer, "weight", Transposed())
    assert type(layer) is nn.Linear and layer.weight.shape == (3, 2)
    with pytest.raises(ValueError, match="does not have a parametrization on weight"):
        parametrize.remove_parametrizations(layer, "weight")
    with pytest.raises(ValueError, match="positive"):
        parametrizations.spectral_norm(layer, n_power_iterations=0)
    once = nn.utils.spectral_norm(layer)
    with pytest.raises(RuntimeError, match="already"):
        nn.utils.spectral_norm(once)
    with pytest.raises(ValueError, match="WeightNorm of 'weight' not found"):
        nn.utils.remove_weight_norm(once)


class Transposed(nn.Module):
    def forward(self, x: Any) -> Any:
        return x.mT


def test_orthogonal_weights() -> None:
    for shape in ((4, 4), (3, 5), (5, 3)):
        for kind in ("matrix_exp", "cayley", "householder"):
            layer = parametrizations.orthogonal(nn.Linear(*shape), orthogonal_map=kind)
            optimizer = tt.optim.SGD(layer.parameters(), lr=0.5)
            layer(tt.ones(2, shape[0])).pow(2).sum().backward()
            optimizer.step()
            w = layer.weight if shape[0] <= shape[1] else layer.weight.T
            assert tt.allclose(w.T @ w, tt.eye(w.shape[1]), atol=1e-5)
            with pytest.raises(ValueError, match="Expected a matrix or batch of matrices of shape"):
                layer.weight = tt.ones(2, 2)
    rotation = tt.tensor([[0.0, 1.0], [-1.0, 0.0]])
    layer = parametrizations.orthogonal(nn.Linear(2, 2))
    layer.weight = rotation
    assert tt.allclose(layer.weight, rotation)
    with pytest.raises(NotImplementedError, match="use_trivialization"):
        free = parametrizations.orthogonal(nn.Linear(2, 2), use_trivialization=False)
        free.weight = rotation
    with pytest.raises(ValueError, match="no parameter or buffer"):
        parametrizations.orthogonal(nn.Linear(2, 2), "nothing")
    with pytest.raises(ValueError, match="1 dimensions"):
        parametrizations.orthogonal(nn.Linear(2, 2), "bias")
    with pytest.raises(ValueError, match="orthogonal_map has to be"):
        parametrizations.orthogonal(nn.Linear(2, 2), orthogonal_map="givens")
