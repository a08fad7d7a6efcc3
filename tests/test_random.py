"""Random numbers are PyTorch's, draw by draw; what generators, in-place draws, dropout and nn.init promise."""

import json
import math
import pickle
import warnings

import numpy as np
import pytest
from draws import CASES, DEFAULT_ONLY, SEEDS, STORED, draw, stored

import tinytensor as tt
from tinytensor.nn import init

warnings.filterwarnings("ignore", message="nn.init|dropout2d|mean is more")

ANSWERS = json.loads(STORED.read_text())
NAMES = [*CASES, *DEFAULT_ONLY]


# ---- the same draws


def test_every_case_is_stored() -> None:
    assert sorted(ANSWERS) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_stored_draws(name: str) -> None:
    for seed, answer in zip(SEEDS, ANSWERS[name], strict=True):
        values, state = draw(tt, name, seed)
        mine = stored(values, state)
        if answer[0] == "float64" and not answer[2].startswith("sha256"):
            wanted = np.frombuffer(bytes.fromhex(answer[2])).reshape(answer[1])
            np.testing.assert_allclose(values, wanted, rtol=1e-14)
            mine[2] = answer[2]
        assert mine == answer


@pytest.mark.parametrize("name", NAMES)
def test_draws_of_pytorch(name: str) -> None:
    torch = pytest.importorskip("torch")
    for seed in (0, 1234):
        values, state = draw(tt, name, seed)
        wanted, wanted_state = draw(torch, name, seed)
        assert values.dtype == wanted.dtype and values.shape == wanted.shape
        np.testing.assert_array_equal(values, wanted)
        assert state == wanted_state


# ---- generators


@pytest.mark.parametrize("seed", [0, -1, 2**63 - 1, 2**64 - 1, -(2**63)])
def test_seeds(seed: int) -> None:
    g = tt.Generator()
    assert g.manual_seed(seed) is g
    assert g.initial_seed() == seed % 2**64


@pytest.mark.parametrize("seed", [2**64, -(2**63) - 1, 2**65])
def test_seed_out_of_range(seed: int) -> None:
    with pytest.raises(ValueError, match="seed"):
        tt.manual_seed(seed)


def test_manual_seed_returns_the_default_generator() -> None:
    assert tt.manual_seed(3) is tt.default_generator
    assert tt.initial_seed() == 3
    assert tt.seed() == tt.initial_seed()


def test_seeding_forgets_the_cached_normal() -> None:
    g = tt.Generator().manual_seed(7)
    first = tt.randn(3, generator=g)
    g.manual_seed(7)
    assert tt.equal(tt.randn(3, generator=g), first)


def test_state_round_trip() -> None:
    g = tt.Generator().manual_seed(5)
    tt.randn(3, generator=g)
    state, copy, pickled = g.get_state(), g.clone_state(), pickle.dumps(g)
    first = tt.randn(20, generator=g).tolist()
    g.set_state(state)
    for generator in (g, copy, pickle.loads(pickled)):
        assert tt.randn(20, generator=generator).tolist() == first


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (lambda: tt.zeros(10, dtype=tt.uint8), RuntimeError),
        (lambda: tt.zeros(5056, dtype=tt.uint8), RuntimeError),
        (lambda: tt.zeros(5056), TypeError),
        (lambda: b"", TypeError),
    ],
)
def test_foreign_states_are_refused(state, error) -> None:
    g = tt.Generator().manual_seed(1)
    with pytest.raises(error):
        g.set_state(state())
    assert tt.equal(tt.rand(2, generator=g), tt.rand(2, generator=tt.Generator().manual_seed(1)))


def test_fork_rng() -> None:
    tt.manual_seed(5)
    with tt.random.fork_rng():
        inside = tt.rand(3)
    assert tt.equal(tt.rand(3), inside)


def test_not_a_generator() -> None:
    with pytest.raises(TypeError, match="generator"):
        tt.rand(2, generator=3)


# ---- whole numbers


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "int32", "int16", "int8", "uint8"])
@pytest.mark.filterwarnings("ignore:.*out of bounds")
def test_integer_bounds_are_pytorch_s(dtype: str) -> None:
    torch = pytest.importorskip("torch")
    edges = [0, 1, 5, -3, 127, 255, 2**15, 2**24, 2**24 + 3, 2**25, 2**31 - 1, -(2**31), 2**40 + 1, 2**53 + 1, 2**62]
    for low in edges:
        for high in edges:
            outcomes = []
            for lib in (torch, tt):
                try:
                    g = lib.Generator().manual_seed(0)
                    outcomes.append(lib.randint(low, high, (5,), dtype=getattr(lib, dtype), generator=g).tolist())
                except RuntimeError:
                    outcomes.append("RuntimeError")
            assert outcomes[0] == outcomes[1], (low, high)


def test_randint_forms() -> None:
    g = tt.Generator()
    wanted = tt.randint(0, 9, (4,), generator=g.manual_seed(1))
    for made in (
        tt.randint(9, (4,), generator=g.manual_seed(1)),
        tt.randint(9, size=(4,), generator=g.manual_seed(1)),
        tt.randint(high=9, size=(4,), generator=g.manual_seed(1)),
        tt.randint(low=0, high=9, size=(4,), generator=g.manual_seed(1)),
        tt.zeros(4, dtype=tt.int64).random_(9, generator=g.manual_seed(1)),
        tt.zeros(4, dtype=tt.int64).random_(0, 9, generator=g.manual_seed(1)),
        tt.zeros(4, dtype=tt.int64).random_(to=9, generator=g.manual_seed(1)),
    ):
        assert tt.equal(made, wanted)


# ---- errors


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: tt.rand(-1), RuntimeError),
        (lambda: tt.rand(), TypeError),
        (lambda: tt.rand(2, dtype=tt.int64), NotImplementedError),
        (lambda: tt.rand(2, colour="red"), TypeError),
        (lambda: tt.rand(2, device="cuda"), RuntimeError),
        (lambda: tt.randint(0, 0, (2,)), RuntimeError),
        (lambda: tt.randint(0, 300, (2,), dtype=tt.uint8), RuntimeError),
        (lambda: tt.randint(2.5, (2,)), TypeError),
        (lambda: tt.randint(3), TypeError),
        (lambda: tt.randperm(-1), RuntimeError),
        (lambda: tt.randperm(129, dtype=tt.int8), RuntimeError),
        (lambda: tt.normal(1.0, 2.0), TypeError),
        (lambda: tt.normal(0.0, tt.tensor([-1.0])), RuntimeError),
        (lambda: tt.zeros(2).uniform_(2, 1), RuntimeError),
        (lambda: tt.zeros(2).normal_(0, -1), RuntimeError),
        (lambda: tt.zeros(2).exponential_(0), RuntimeError),
        (lambda: tt.zeros(2).log_normal_(0, 0), RuntimeError),
        (lambda: tt.zeros(2).cauchy_(0, 0), RuntimeError),
        (lambda: tt.zeros(2).geometric_(0), RuntimeError),
        (lambda: tt.zeros(2).bernoulli_(1.5), RuntimeError),
        (lambda: tt.zeros(2).bernoulli_(tt.ones(3)), RuntimeError),
        (lambda: tt.bernoulli(tt.tensor([0.5, 2.0])), RuntimeError),
        (lambda: tt.bernoulli(tt.tensor([0, 1])), NotImplementedError),
        (lambda: tt.poisson(tt.tensor([-1.0])), RuntimeError),
        (lambda: tt.multinomial(tt.tensor([1, 2]), 1), RuntimeError),
        (lambda: tt.multinomial(tt.tensor([0.0, 0.0]), 1), RuntimeError),
        (lambda: tt.multinomial(tt.tensor([0.5, -1.0]), 1), RuntimeError),
        (lambda: tt.multinomial(tt.tensor([0.5, math.nan]), 3, replacement=True), RuntimeError),
        (lambda: tt.multinomial(tt.ones(2), 3), RuntimeError),
        (lambda: tt.multinomial(tt.ones(2), 0), RuntimeError),
        (lambda: tt.multinomial(tt.ones(1, 2, 3), 1), RuntimeError),
        (lambda: tt.nn.functional.dropout(tt.ones(2), 1.5), ValueError),
        (lambda: tt.nn.functional.dropout1d(tt.ones(2), 0.5), RuntimeError),
        (lambda: tt.ones(2, requires_grad=True).normal_(), RuntimeError),
    ],
)
def test_errors(call, error) -> None:
    with pytest.raises(error):
        call()


# ---- multinomial as in older versions


def test_older_multinomial_inverts_the_cumulative_distribution() -> None:
    weights = tt.tensor([0.1, 0.0, 0.4, 0.2, 0.3])
    cumulative = np.cumsum(weights.numpy() / weights.numpy().sum())
    uniforms = tt.rand(100, dtype=tt.float64, generator=tt.Generator().manual_seed(9)).numpy()
    g = tt.Generator().manual_seed(9)
    with tt.random.set_multinomial_algorithm("1.13"):
        drawn = [tt.multinomial(weights, 1, replacement=True, generator=g).item() for _ in range(100)]
    assert drawn == np.searchsorted(cumulative, uniforms).tolist()
    now = tt.multinomial(weights, 1, replacement=True, generator=tt.Generator().manual_seed(9))
    assert tt.equal(now, tt.multinomial(weights, 1, generator=tt.Generator().manual_seed(9)))


def test_older_multinomial_keeps_its_draws() -> None:
    p = tt.tensor([0.1, 0.2, 0.3, 0.4])
    g = tt.Generator().manual_seed(2147483647)
    tt.random.set_multinomial_algorithm("1.13")  # without `with` it stays
    try:
        drawn = [tt.multinomial(p, 1, replacement=True, generator=g).item() for _ in range(20)]
        rows = tt.multinomial(tt.stack([p, p.flip(0)]), 1, replacement=True, generator=g)
    finally:
        tt.random.set_multinomial_algorithm("2.13")
    assert drawn == [3, 3, 3, 0, 0, 3, 3, 0, 3, 3, 3, 2, 3, 3, 3, 3, 3, 2, 2, 3]
    assert rows.tolist() == [[0], [1]]
    assert tt.multinomial(p, 6, replacement=True, generator=g).tolist() == [3, 2, 2, 3, 1, 2]  # the same in both


def test_unknown_multinomial_algorithm() -> None:
    with pytest.raises(ValueError, match="version"):
        tt.random.set_multinomial_algorithm("0.1")


# ---- gradients


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_dropout_passes_gradients_where_it_kept(p: float) -> None:
    tt.manual_seed(1)
    x = tt.ones(50, requires_grad=True)
    y = tt.nn.functional.dropout(x, p)
    y.sum().backward()
    assert tt.equal(x.grad, y.detach())


def test_dropout_in_place_and_in_evaluation() -> None:
    F = tt.nn.functional
    x = tt.ones(40)
    tt.manual_seed(1)
    wanted = F.dropout(x, 0.4)
    tt.manual_seed(1)
    y = x.clone()
    assert F.dropout(y, 0.4, inplace=True) is y
    assert tt.equal(y, wanted)
    assert F.dropout(x, 0.4, training=False) is x


def test_draws_pass_no_gradient() -> None:
    p = tt.full((4,), 0.5, requires_grad=True)
    (tt.bernoulli(p) * p).sum().backward()
    assert set(p.grad.tolist()) <= {0.0, 1.0}
    x = tt.ones(4, requires_grad=True) * 2
    x.uniform_()
    assert x.max() < 1


# ---- nn.init


def test_gains() -> None:
    assert init.calculate_gain("tanh") == 5 / 3
    assert init.calculate_gain("relu") == math.sqrt(2)
    assert init.calculate_gain("leaky_relu", 1) == 1
    with pytest.raises(ValueError, match="nonlinearity"):
        init.calculate_gain("softsign")
    with pytest.raises(ValueError, match="negative_slope"):
        init.calculate_gain("leaky_relu", True)


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (6, 2, 2)])
def test_orthogonal(shape: tuple[int, ...]) -> None:
    w = init.orthogonal_(tt.empty(*shape), gain=2.0).numpy().reshape(shape[0], -1) / 2
    product = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-6)


def test_orthogonal_is_close_to_pytorch_s() -> None:
    torch = pytest.importorskip("torch")
    for shape in ((3, 4), (64, 33), (8, 4, 3, 3)):
        tt.manual_seed(1)
        torch.manual_seed(1)
        mine, wanted = init.orthogonal_(tt.empty(*shape)), torch.nn.init.orthogonal_(torch.empty(*shape))
        np.testing.assert_allclose(mine.numpy(), wanted.numpy(), atol=2e-6)


def test_constant_fillings() -> None:
    assert init.eye_(tt.empty(2, 3)).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert init.constant_(tt.empty(2), 0.5).tolist() == [0.5, 0.5]
    w = init.dirac_(tt.empty(4, 2, 3), groups=2)
    assert w[:, :, 1].tolist() == [[1, 0], [0, 1], [1, 0], [0, 1]]
    assert w.sum() == 4


def test_init_does_not_record() -> None:
    w = tt.nn.Parameter(tt.empty(3, 4))
    assert init.normal_(w) is w
    assert w.is_leaf and w.requires_grad


@pytest.mark.parametrize(
    "call",
    [
        lambda: init.xavier_uniform_(tt.empty(3)),
        lambda: init.kaiming_normal_(tt.empty(3, 4), mode="fan"),
        lambda: init.orthogonal_(tt.empty(3)),
        lambda: init.sparse_(tt.empty(3), 0.5),
        lambda: init.eye_(tt.empty(3)),
        lambda: init.dirac_(tt.empty(3, 3)),
        lambda: init.dirac_(tt.empty(3, 3, 3), groups=2),
    ],
)
def test_init_errors(call) -> None:
    with pytest.raises(ValueError):
        call()
