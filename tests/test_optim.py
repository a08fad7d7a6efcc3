"""Optimizers and learning rate schedules."""

import copy
import importlib
import math
import pickle
import warnings
from typing import Any

import numpy as np
import pytest

import tinytensor as tt
from tinytensor import nn, optim

CASES = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.1, "weight_decay": 0.02, "maximize": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("Adam", {"lr": 0.1}),
    ("Adam", {"lr": 0.1, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.1, "amsgrad": True, "maximize": True}),
    ("Adam", {"lr": 0.1, "betas": (0.3, 0.6)}),
    ("AdamW", {"lr": 0.1}),
    ("AdamW", {"lr": 0.1, "amsgrad": True}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.1}),
    ("RMSprop", {"lr": 0.1}),
    ("RMSprop", {"lr": 0.1, "momentum": 0.9, "centered": True, "weight_decay": 0.1}),
    ("Adadelta", {}),
    ("Adamax", {"lr": 0.1}),
    ("NAdam", {"lr": 0.1, "weight_decay": 0.1}),
    ("NAdam", {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("RAdam", {"lr": 0.1}),
    ("RAdam", {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("Rprop", {"lr": 0.1}),
    ("ASGD", {"lr": 0.1, "t0": 3}),
    ("Adafactor", {}),
    (
        "Adafactor",
        {"lr": 0.1, "beta2_decay": -0.5, "eps": (1e-3, 1e-2), "d": 2.0, "weight_decay": 0.1, "maximize": True},
    ),
]


def train(library, name, kwargs, dtype, steps=12):
    """Steps with made-up gradients: of several shapes, one of them strided, one without a gradient at first."""
    rng = np.random.RandomState(1)
    shapes = [(3, 4), (70,), (1,), (5, 33), (2, 0)]
    if name == "Adafactor":  # PyTorch divides by the number of elements
        shapes.pop()
    params = [library.tensor(rng.randn(*shape).astype(dtype)) for shape in shapes]
    params[3] = params[3].t().contiguous().t()
    for param in params:
        param.requires_grad_()
    optimizer = getattr(library.optim, name)([{"params": params[:3]}, {"params": params[3:], "lr": 0.02}], **kwargs)
    history = []
    for step in range(steps):
        for i, param in enumerate(params):
            grad = library.tensor(rng.randn(*param.shape).astype(dtype))
            param.grad = None if (i, step) == (1, 0) else grad
        optimizer.step()
        history.append([param.detach().numpy().copy() for param in params])
    return history, optimizer


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}{case[1]}")
def test_steps_equal_pytorch(case, dtype):
    torch = pytest.importorskip("torch")
    expected, theirs = train(torch, *case, dtype)
    got, ours = train(tt, *case, dtype)
    for a, b in zip(expected, got, strict=True):
        for x, y in zip(a, b, strict=True):
            if case[0] == "SGD":
                np.testing.assert_array_equal(y, x)
            np.testing.assert_allclose(y, x, rtol=1e-5 if dtype == "float32" else 1e-13, atol=1e-6)
    assert repr(ours) == repr(theirs)
    a, b = theirs.state_dict(), ours.state_dict()
    assert a["param_groups"] == b["param_groups"]
    for number, state in a["state"].items():
        assert sorted(state) == sorted(b["state"][number])
        for name, value in state.items():
            if value is not None:
                np.testing.assert_allclose(b["state"][number][name].numpy(), value.numpy(), rtol=1e-4, atol=1e-6)
                assert str(b["state"][number][name].dtype) == str(value.dtype)


@pytest.mark.parametrize("kwargs", [{}, {"nesterov": False, "adjust_lr_fn": "match_rms_adamw", "weight_decay": 0.0}])
def test_muon_moves_by_directions_alone(kwargs):
    """PyTorch rounds to bfloat16 on the way: its matrices are ours to two digits or so."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(3)
    start, gradients = rng.standard_normal((6, 4)), rng.standard_normal((5, 6, 4))
    ends = []
    for library in (torch, tt):
        weight = library.tensor(start, dtype=library.float32, requires_grad=True)
        optimizer = library.optim.Muon([weight], lr=0.1, **kwargs)
        for gradient in gradients:
            weight.grad = library.tensor(gradient, dtype=library.float32)
            optimizer.step()
        ends.append((weight.detach().numpy(), optimizer))
    (theirs, a), (ours, b) = ends
    assert np.abs(ours - theirs).max() < 0.04 * np.abs(theirs - start).max()
    assert repr(a) == repr(b) and a.state_dict()["param_groups"] == b.state_dict()["param_groups"]
    np.testing.assert_allclose(
        b.state[b.param_groups[0]["params"][0]]["momentum_buffer"].numpy(),
        a.state[a.param_groups[0]["params"][0]]["momentum_buffer"].numpy(),
        rtol=1e-6,
    )


def test_muon_makes_steps_nearly_orthogonal():
    weight = tt.zeros(8, 5, requires_grad=True)
    weight.grad = tt.randn(8, 5)
    optim.Muon([weight], lr=1.0, adjust_lr_fn="original").step()
    values = tt.linalg.svdvals(weight.detach()) / (8 / 5) ** 0.5
    assert 0.6 < values.min() and values.max() < 1.3
    with pytest.raises(ValueError, match="2D parameters"):
        optim.Muon([tt.zeros(3, requires_grad=True)])


def test_known_steps():
    p = tt.tensor([1.0, 2.0], requires_grad=True)
    optimizer = optim.SGD([p], lr=0.5, momentum=0.5)
    for _ in range(2):
        optimizer.zero_grad()
        (p * p).sum().backward()
        optimizer.step()
    assert p.tolist() == [-0.5, -1.0]
    q = tt.tensor([1.0, 2.0], requires_grad=True)
    adam = optim.AdamW([q], lr=0.1, weight_decay=0.5)
    q.grad = tt.tensor([0.5, -3.0])
    adam.step()
    np.testing.assert_allclose(q.tolist(), [0.85, 2.0], rtol=1e-6)
    assert adam.state[q]["step"].item() == 1.0


def test_state_moves_to_another_optimizer():
    for name, kwargs in CASES[2:3] + CASES[5:6] + CASES[12:13]:
        first = [tt.ones(3, requires_grad=True)]
        second = [tt.ones(3, requires_grad=True)]
        a, b = getattr(optim, name)(first, **kwargs), getattr(optim, name)(second, lr=9.0)
        first[0].grad = tt.arange(3.0)
        a.step()
        second[0].data = first[0].data.clone()
        b.load_state_dict(copy.deepcopy(a.state_dict()))
        for optimizer, params in ((a, first), (b, second)):
            params[0].grad = tt.arange(3.0)
            optimizer.step()
        assert first[0].tolist() == second[0].tolist()
    with pytest.raises(ValueError, match="different number of parameter groups"):
        a.load_state_dict({"state": {}, "param_groups": []})
    clone = pickle.loads(pickle.dumps(a))
    assert clone.param_groups[0]["lr"] == a.param_groups[0]["lr"]


def test_a_tensor_as_learning_rate():
    lr = tt.tensor(0.5)
    p = tt.ones(2, requires_grad=True)
    optimizer = optim.SGD([p], lr=lr)
    p.grad = tt.ones(2)
    optimizer.step()
    lr.fill_(0.25)
    optimizer.step()
    assert p.tolist() == [0.25, 0.25]


def test_closure_is_called_with_gradients_on():
    p = tt.tensor([3.0], requires_grad=True)
    optimizer = optim.Adam([p], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = (p * p).sum()
        loss.backward()
        return loss

    with tt.no_grad():
        assert optimizer.step(closure).item() == 9.0
    assert p.item() == pytest.approx(2.9)


def test_groups_and_their_errors():
    a, b = tt.ones(1, requires_grad=True), tt.ones(1, requires_grad=True)
    optimizer = optim.SGD([("a", a)], lr=0.1)
    assert optimizer.param_groups[0]["param_names"] == ["a"]
    with pytest.raises(ValueError, match="with/without names"):
        optimizer.add_param_group({"params": b})
    plain = optim.SGD([a], lr=0.1)
    plain.add_param_group({"params": [b], "lr": 0.3})
    assert [group["lr"] for group in plain.param_groups] == [0.1, 0.3]
    for make, kind, message in [
        (lambda: plain.add_param_group({"params": [a]}), ValueError, "more than one parameter group"),
        (lambda: optim.SGD([], lr=0.1), ValueError, "empty parameter list"),
        (lambda: optim.SGD(a, lr=0.1), TypeError, "iterable of Tensors or dicts"),
        (
            lambda: optim.SGD([3], lr=0.1),
            TypeError,
            "optimizer can only optimize Tensors, but one of the params is int",
        ),
        (lambda: optim.SGD([a * 2], lr=0.1), ValueError, "can't optimize a non-leaf Tensor"),
        (lambda: optim.SGD([{"params": {a, b}}], lr=0.1), TypeError, "ordered collections"),
        (lambda: optim.SGD([a], lr=-1), ValueError, "Invalid learning rate: -1"),
        (lambda: optim.SGD([a], momentum=-1), ValueError, "Invalid momentum value: -1"),
        (lambda: optim.SGD([a], nesterov=True), ValueError, "Nesterov momentum requires a momentum"),
        (lambda: optim.Adam([a], betas=(1.0, 0.9)), ValueError, "Invalid beta parameter at index 0: 1.0"),
        (lambda: optim.Adam([a], eps=-1), ValueError, "Invalid epsilon value: -1"),
    ]:
        with pytest.raises(kind, match=message):
            make()


def test_hooks_around_steps():
    p = tt.ones(1, requires_grad=True)
    p.grad = tt.ones(1)
    optimizer = optim.SGD([p], lr=0.1)
    calls = []
    optimizer.register_step_pre_hook(lambda opt, args, kwargs: calls.append("before"))
    handle = optimizer.register_step_post_hook(lambda opt, args, kwargs: calls.append("after"))
    optimizer.step()
    handle.remove()
    optimizer.step()
    assert calls == ["before", "after", "before"]


def test_frozen_parameters_and_zero_grad():
    net = nn.Linear(2, 2)
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    before = net.weight.tolist()
    optimizer.step()
    assert net.weight.tolist() == before
    net(tt.ones(1, 2)).sum().backward()
    optimizer.zero_grad(set_to_none=False)
    assert net.weight.grad.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    optimizer.zero_grad()
    assert net.weight.grad is None


def test_a_step_counts_as_a_write():
    p = tt.ones(2, requires_grad=True)
    loss = (p * p).sum()
    p.grad = tt.ones(2)
    optim.SGD([p], lr=0.1).step()
    with pytest.raises(RuntimeError, match="sgd_step"):
        loss.backward()


# ---- schedules ----

SCHEDULES = [
    ("LambdaLR", {"lr_lambda": lambda epoch: 0.95**epoch}),
    ("MultiplicativeLR", {"lr_lambda": lambda epoch: 0.9 + 0.01 * epoch}),
    ("StepLR", {"step_size": 3, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 5, 5]}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("ConstantLR", {"factor": 0.3, "total_iters": 4}),
    ("LinearLR", {"start_factor": 0.1, "total_iters": 6}),
    ("PolynomialLR", {"total_iters": 8, "power": 2.0}),
    ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.001}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2}),
    ("OneCycleLR", {"max_lr": 0.7, "total_steps": 20}),
    (
        "OneCycleLR",
        {"max_lr": [0.7, 0.2], "epochs": 4, "steps_per_epoch": 5, "three_phase": True, "anneal_strategy": "linear"},
    ),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.3, "step_size_up": 3, "step_size_down": 4}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.3, "step_size_up": 3, "mode": "exp_range", "gamma": 0.9}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.3, "step_size_up": 2, "mode": "triangular2", "cycle_momentum": False}),
]


def rates(library, name, kwargs, optimizer="SGD", steps=18):
    params = [library.ones(1, requires_grad=True), library.ones(1, requires_grad=True)]
    groups = [{"params": params[:1]}, {"params": params[1:], "lr": 0.05}]
    options = {"momentum": 0.9} if optimizer == "SGD" else {}
    opt = getattr(library.optim, optimizer)(groups, lr=0.1, **options)
    scheduler = getattr(library.optim.lr_scheduler, name)(opt, **kwargs)
    seen = [scheduler.get_last_lr()]
    for _ in range(steps):
        opt.step()
        scheduler.step()
        momentum = [group.get("momentum", group.get("betas")) for group in opt.param_groups]
        seen.append(([*scheduler.get_last_lr()], momentum))
    return seen, scheduler


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("case", SCHEDULES, ids=lambda case: f"{case[0]}{sorted(case[1])}")
def test_rates_equal_pytorch(case, optimizer):
    torch = pytest.importorskip("torch")
    expected, theirs = rates(torch, *case, optimizer)
    got, ours = rates(tt, *case, optimizer)
    assert got == expected
    hidden = {"_scale_fn_ref", "_scale_fn_custom", "anneal_func"}
    assert set(theirs.state_dict()) - hidden == set(ours.state_dict()) - hidden


def test_known_rates():
    seen, _ = rates(tt, "StepLR", {"step_size": 2, "gamma": 0.1}, steps=4)
    assert [lrs[0][0] for lrs in seen[1:]] == [0.1, 0.1 * 0.1, 0.1 * 0.1, 0.1 * 0.1 * 0.1]
    seen, _ = rates(tt, "CosineAnnealingLR", {"T_max": 4}, steps=4)
    np.testing.assert_allclose(
        [lrs[0][0] for lrs in seen[1:]], [0.05 * (1 + math.cos(math.pi * i / 4)) for i in (1, 2, 3, 4)], atol=1e-12
    )


def combined(library):
    s = library.optim.lr_scheduler
    p = library.ones(1, requires_grad=True)
    opt = library.optim.SGD([p], lr=0.1)
    warm = s.LinearLR(opt, start_factor=0.1, total_iters=4)
    scheduler = s.SequentialLR(opt, [warm, s.CosineAnnealingLR(opt, 6), s.ExponentialLR(opt, 0.5)], milestones=[4, 9])
    seen = [opt.param_groups[0]["lr"]]
    for _ in range(14):
        opt.step()
        scheduler.step()
        seen.append(scheduler.get_last_lr())
    opt = library.optim.SGD([p], lr=0.1)
    chained = s.ChainedScheduler([s.StepLR(opt, 3), s.ExponentialLR(opt, 0.9)])
    for _ in range(8):
        opt.step()
        chained.step()
        seen.append(chained.get_last_lr())
    opt = library.optim.SGD([p], lr=0.1)
    plateau = s.ReduceLROnPlateau(opt, patience=1, cooldown=1, factor=0.5)
    for value in [5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3.1]:
        plateau.step(value)
        seen.append(plateau.get_last_lr())
    return seen


def test_combined_schedules_equal_pytorch():
    torch = pytest.importorskip("torch")
    assert combined(tt) == combined(torch)


def test_a_schedule_is_saved():
    p = tt.ones(1, requires_grad=True)
    opt = optim.SGD([p], lr=0.1)
    first = optim.lr_scheduler.OneCycleLR(opt, 0.5, total_steps=10, cycle_momentum=False)
    for _ in range(3):
        opt.step()
        first.step()
    other = optim.SGD([p], lr=0.1)
    second = optim.lr_scheduler.OneCycleLR(other, 0.5, total_steps=10, cycle_momentum=False)
    second.load_state_dict(first.state_dict())
    for scheduler, optimizer in ((first, opt), (second, other)):
        optimizer.step()
        scheduler.step()
    assert first.get_last_lr() == second.get_last_lr()


def test_schedules_warn_and_refuse():
    opt = optim.SGD([tt.ones(1, requires_grad=True)], lr=0.1)
    scheduler = optim.lr_scheduler.ExponentialLR(opt, 0.5)
    with pytest.warns(UserWarning, match="before `optimizer.step"):
        scheduler.step()
    with pytest.warns(UserWarning, match="get_last_lr"):
        scheduler.get_lr()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scheduler.step()
    with pytest.raises(TypeError, match="int is not an Optimizer"):
        optim.lr_scheduler.StepLR(3, 1)
    with pytest.raises(KeyError, match="initial_lr"):
        optim.lr_scheduler.StepLR(optim.SGD([tt.ones(1, requires_grad=True)], lr=0.1), 1, last_epoch=3)
    with pytest.raises(ValueError, match=r"Factor should be < 1.0"):
        optim.lr_scheduler.ReduceLROnPlateau(opt, factor=2)
    with pytest.raises(ValueError, match="total_steps OR"):
        optim.lr_scheduler.OneCycleLR(opt, 0.1)


# ---- L-BFGS


def rosenbrock(lib: Any, steps: int, **settings: Any) -> list[float]:
    """Where L-BFGS gets to in a curved valley, and how many evaluations that takes."""
    x = lib.tensor([-1.5, 2.0], dtype=lib.float64, requires_grad=True)
    optimizer = lib.optim.LBFGS([x], **settings)
    evaluations = 0

    def closure() -> Any:
        nonlocal evaluations
        evaluations += 1
        optimizer.zero_grad()
        loss = (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(steps)]
    state = optimizer.state[x]
    assert state["func_evals"] == evaluations
    return [*x.tolist(), *losses, evaluations, state["n_iter"]]


def test_lbfgs_finds_the_minimum() -> None:
    x, y, *_ = rosenbrock(tt, 4, line_search_fn="strong_wolfe")
    assert (x, y) == pytest.approx((1.0, 1.0), abs=1e-4)
    with pytest.raises(RuntimeError, match="needs a closure"):
        tt.optim.LBFGS([tt.zeros(1, requires_grad=True)]).step()
    with pytest.raises(ValueError, match="parameter groups"):
        tt.optim.LBFGS([{"params": [tt.zeros(1)]}, {"params": [tt.ones(1)]}])
    with pytest.raises(RuntimeError, match="only 'strong_wolfe' is supported"):
        tt.optim.LBFGS([tt.zeros(1)], line_search_fn="armijo")


@pytest.mark.parametrize(
    "settings",
    [
        {"line_search_fn": "strong_wolfe"},
        {"line_search_fn": "strong_wolfe", "lr": 0.1, "max_iter": 5, "history_size": 3},
        {"lr": 1e-3},
        {"lr": 0.01, "max_iter": 6, "max_eval": 4, "history_size": 2},
    ],
)
def test_lbfgs_takes_pytorchs_steps(settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    assert rosenbrock(tt, 3, **settings) == pytest.approx(rosenbrock(torch, 3, **settings), rel=1e-8)


def _averages(lib: Any, **settings: Any) -> list[Any]:
    """A model in training, the averages of it, and the rates of the schedule."""
    utils = importlib.import_module(f"{lib.__name__}.optim.swa_utils")
    if "decay" in settings:
        decay, which = settings.pop("decay"), settings.pop("which")
        settings[which] = getattr(utils, f"get_ema_{which}")(decay)
    model = lib.nn.Sequential(lib.nn.Linear(2, 3), lib.nn.BatchNorm1d(3))
    x = lib.tensor([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]])
    with lib.no_grad():
        model[0].weight.copy_(lib.arange(6.0).view(3, 2).sin())
        model[0].bias.zero_()
    optimizer = lib.optim.SGD(model.parameters(), lr=0.5)
    mean = utils.AveragedModel(model, **settings)
    schedules = [utils.SWALR(optimizer, 0.05, 3), utils.SWALR(optimizer, [0.1], 2, "linear")]
    rates = []
    for _ in range(5):
        optimizer.zero_grad()
        (model(x).sin() * lib.arange(3.0)).sum().backward()
        optimizer.step()
        mean.update_parameters(model)
        for schedule in schedules:
            schedule.step()
            rates += schedule.get_last_lr()
    state = [v.tolist() for v in mean.state_dict().values()]
    utils.update_bn([x, (x * 2, 0)], mean)
    return [list(mean.state_dict()), rates, *state, mean.module[1].running_var.tolist(), mean.module[1].momentum]


@pytest.mark.parametrize(
    "settings",
    [{}, {"use_buffers": True}, {"which": "avg_fn", "decay": 0.9}, {"which": "multi_avg_fn", "decay": 0.7}],
    ids=str,
)
def test_averaged_models_equal_pytorch(settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    ours, theirs = _averages(tt, **settings), _averages(torch, **settings)
    assert ours[0] == theirs[0]
    for a, b in zip(ours[1:], theirs[1:], strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-6)


def test_averages_refuse() -> None:
    swa_utils = optim.swa_utils
    model = tt.nn.Linear(1, 1)
    optimizer = tt.optim.SGD(model.parameters())
    with pytest.raises(AssertionError, match="Only one"):
        swa_utils.AveragedModel(model, avg_fn=max, multi_avg_fn=max)
    with pytest.raises(ValueError, match="decay"):
        swa_utils.get_ema_avg_fn(2.0)
    with pytest.raises(ValueError, match="anneal_strategy"):
        swa_utils.SWALR(optimizer, 0.1, anneal_strategy="quick")
    with pytest.raises(ValueError, match="anneal_epochs"):
        swa_utils.SWALR(optimizer, 0.1, anneal_epochs=-1)
