"""Lazy layers: after the first batch they are those of PyTorch that were told all sizes, draw by draw."""

import copy
import io
import pickle
from typing import Any

import numpy as np
import pytest

import tinytensor as tt
from tinytensor import nn

LAYERS = [
    ("LazyLinear", (4,), {}, (2, 3)),
    ("LazyLinear", (4, False), {}, (2, 5, 3)),
    *((f"LazyConv{n}d", (4, 2), {"padding": 1}, (2, 6, *(5,) * n)) for n in (1, 2, 3)),
    ("LazyConv2d", (4, 3), {"groups": 2, "bias": False}, (6, 5, 5)),
    *((f"LazyConvTranspose{n}d", (4, 2), {"stride": 2, "groups": 2}, (2, 6, *(3,) * n)) for n in (1, 2, 3)),
    *((f"LazyBatchNorm{n}d", (), {}, (3, 4, *(2,) * n)) for n in (1, 2, 3)),
    ("LazyBatchNorm1d", (), {"affine": False, "momentum": None}, (3, 4)),
    *(
        (f"LazyInstanceNorm{n}d", (), {"affine": True, "track_running_stats": True}, (3, 4, *(2,) * n))
        for n in (1, 2, 3)
    ),
]


@pytest.mark.parametrize(("name", "args", "kwargs", "shape"), LAYERS)
def test_first_batch_gives_sizes(name: str, args: Any, kwargs: Any, shape: Any) -> None:
    torch = pytest.importorskip("torch")
    results = []
    for lib in (torch, tt):
        lib.manual_seed(3)
        layer = getattr(lib.nn, name)(*args, **kwargs)
        text = repr(layer)
        assert layer.has_uninitialized_params() == bool(list(layer.parameters()) or "running_mean" in layer._buffers)
        y = layer(lib.arange(float(np.prod(shape))).reshape(shape).sin())
        assert type(layer) is getattr(lib.nn, name.replace("Lazy", "")) and not layer._forward_pre_hooks
        results.append((text, repr(layer), y.detach().numpy(), [v.numpy() for v in layer.state_dict().values()]))
    theirs, mine = results
    assert mine[:2] == theirs[:2]
    np.testing.assert_allclose(mine[2], theirs[2], rtol=1e-5, atol=1e-5)
    for a, b in zip(mine[3], theirs[3], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)


def test_parameters_are_the_same_objects_before_and_after() -> None:
    model = nn.Sequential(nn.LazyLinear(4), nn.ReLU(), nn.LazyBatchNorm1d(), nn.LazyLinear(1)).double()
    optimizer = tt.optim.SGD(model.parameters(), lr=0.1)
    before = list(model.parameters())
    model(tt.ones(5, 3, dtype=tt.float64)).sum().backward()
    assert all(a is b for a, b in zip(before, model.parameters(), strict=True))
    assert {(type(a), a.dtype) for a in before} == {(nn.Parameter, tt.float64)}
    bias = model[3].bias.item()
    optimizer.step()
    assert model[3].bias.item() == pytest.approx(bias - 0.5)


def test_states_give_sizes_and_can_be_missing() -> None:
    layer = nn.LazyLinear(3)
    layer.load_state_dict(nn.LazyLinear(3).state_dict())
    assert layer.has_uninitialized_params()
    full = nn.Linear(7, 3)
    layer.load_state_dict(full.state_dict())
    assert layer.weight.shape == (3, 7) and tt.equal(layer(tt.ones(1, 7)), full(tt.ones(1, 7)))
    assert type(layer) is nn.Linear and layer.in_features == 7
    with pytest.raises(RuntimeError, match="load_state_dict"):
        full.load_state_dict(nn.LazyLinear(3).state_dict())


def test_copies_are_lazy_too() -> None:
    layer = nn.LazyConv1d(2, 3)
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert twin(tt.ones(1, 4, 5)).shape == (1, 2, 3) and type(twin) is nn.Conv1d
    assert layer.has_uninitialized_params()
    file = io.BytesIO()
    tt.save(layer(tt.ones(1, 4, 5)).detach(), file)


def test_use_before_the_first_batch_is_refused() -> None:
    layer = nn.LazyLinear(3)
    assert repr(layer.weight) == "<UninitializedParameter>" and nn.parameter.is_lazy(layer.weight)
    with pytest.raises(RuntimeError, match="shape of an uninitialized"):
        _ = layer.weight.shape
    for use in (lambda x: x + 1, lambda x: x.sum(), lambda x: x.numel(), lambda x: x[0]):
        with pytest.raises(ValueError, match="uninitialized parameter"):
            use(layer.weight)
    with pytest.raises(RuntimeError, match="LazyConv2d"):
        nn.LazyConv2d(4, 3)(tt.ones(2))
    with pytest.raises(ValueError, match="divisible"):
        nn.LazyConv2d(6, 3, groups=3)(tt.ones(1, 2, 5, 5))


def test_the_mixin_makes_layers_of_ones_own() -> None:
    class Scale(nn.modules.lazy.LazyModuleMixin):
        def __init__(self) -> None:
            super().__init__()
            self.factor = nn.UninitializedParameter()

        def initialize_parameters(self, x: Any, *, by: float) -> None:
            self.factor.materialize(x.shape[1:])
            nn.init.constant_(self.factor, by)

        def forward(self, x: Any, *, by: float) -> Any:
            return x * self.factor

    scale = Scale()
    assert scale(tt.ones(1, 2), by=3).tolist() == [[3, 3]] and scale(tt.ones(1, 2), by=5).tolist() == [[3, 3]]
    with pytest.raises(NotImplementedError, match="initialize_parameters"):
        nn.modules.lazy.LazyModuleMixin()(1)
