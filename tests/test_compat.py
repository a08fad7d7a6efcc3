"""What programs written for PyTorch ask for: every name and keyword of a count over such programs works or is refused."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import tinytensor as tt
from tinytensor import nn
from tinytensor.nn import functional as F

NAMES = (Path(__file__).parent / "data" / "names_in_use.txt").read_text(encoding="utf-8").split()
KEYWORDS = (Path(__file__).parent / "data" / "keywords_in_use.txt").read_text(encoding="utf-8").splitlines()
MAY_BE_REFUSED = {"Tensor.resize", "Tensor.pin_memory"}  # deprecated in PyTorch; without a GPU refused there too


def find(name: str) -> Any:
    """The object of a dotted name below torch."""
    found: Any = tt
    for part in name.split("."):
        submodule = f"{getattr(found, '__name__', '')}.{part}"
        is_module = isinstance(found, ModuleType) and hasattr(found, "__path__") and find_spec(submodule)
        found = importlib.import_module(submodule) if is_module else getattr(found, part)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_name_is_there_or_refused_in_words(name: str) -> None:
    try:
        find(name)
    except AttributeError as error:
        assert name in MAY_BE_REFUSED and f"{name} is not implemented in tinytensor" in str(error)


# ---- keywords ----

A = tt.arange(6.0).reshape(2, 3)
IMAGE = tt.arange(32.0).reshape(1, 2, 4, 4)
P = tt.tensor([0.2, 0.3, 0.5])
G = tt.Generator


def parameters() -> list[Any]:
    return [nn.Parameter(tt.ones(2))]


CALLS: dict[str, Callable[..., Any]] = {
    "torch.multinomial": lambda input=P, num_samples=1, **kw: tt.multinomial(input, num_samples, **kw),
    "F.softmax": lambda **kw: F.softmax(A, **kw),
    "torch.randn": lambda **kw: tt.randn(**kw) if "size" in kw else tt.randn(2, 3, **kw),
    "torch.zeros": lambda **kw: tt.zeros(**kw) if "size" in kw else tt.zeros(2, 3, **kw),
    "torch.rand": lambda **kw: tt.rand(**kw) if "size" in kw else tt.rand(2, 3, **kw),
    "torch.randint": lambda low=0, high=4, size=(3,), **kw: tt.randint(low=low, high=high, size=size, **kw),
    "F.one_hot": lambda **kw: F.one_hot(tt.tensor([0, 2]), **kw),
    "torch.cat": lambda **kw: tt.cat([A, A], **kw),
    "torch.concat": lambda **kw: tt.concat([A, A], **kw),
    "torch.stack": lambda **kw: tt.stack([A, A], **kw),
    "torch.tensor": lambda **kw: tt.tensor([1.0, 2.0], **kw),
    "torch.arange": lambda **kw: tt.arange(3, **kw),
    "torch.ones": lambda **kw: tt.ones(2, **kw),
    "torch.full": lambda **kw: tt.full((2,), 3, **kw),
    "torch.linspace": lambda **kw: tt.linspace(0, 1, 3, **kw),
    "torch.randperm": lambda **kw: tt.randperm(3, **kw),
    "torch.histogram": lambda **kw: tt.histogram(A, **kw),
    "torch.Generator": lambda **kw: tt.Generator(**kw),
    "torch.allclose": lambda **kw: tt.allclose(A, A, **kw),
    "torch.topk": lambda **kw: tt.topk(A, **{"k": 1} | kw),
    "torch.unbind": lambda **kw: tt.unbind(A, **kw),
    "torch.split": lambda **kw: tt.split(A, 1, **kw),
    "torch.unsqueeze": lambda **kw: tt.unsqueeze(A, **kw),
    "torch.load": None,  # test_serialization.py
    ".zero_grad": lambda **kw: nn.Linear(1, 1).zero_grad(**kw),
    ".forward": None,  # of programs' own modules
    ".train": None,
    ".backward": lambda **kw: tt.ones(1, requires_grad=True).sum().backward(**kw),
    ".split": lambda **kw: A.split(1, **kw),
    ".clamp": lambda **kw: A.clamp(**kw),
    ".add_": lambda **kw: A.clone().add_(A, **kw),
    ".flatten": lambda **kw: A.flatten(**kw),
    ".flip": lambda **kw: A.flip(**kw),
    ".transpose": lambda **kw: A.transpose(**{"dim0": 0, "dim1": 1} | kw),
    ".to": lambda **kw: A.to("cpu", **kw),
    ".norm": lambda **kw: A.norm(**kw),
    ".squeeze": lambda **kw: A[:1].squeeze(**kw),
    ".scatter": None,  # matplotlib's
    ".uniform_": lambda **kw: A.clone().uniform_(**kw),
    "F.cross_entropy": lambda **kw: F.cross_entropy(A, tt.tensor([0, 2]), **kw),
    "F.nll_loss": lambda **kw: F.nll_loss(A, tt.tensor([0, 2]), **kw),
    "F.binary_cross_entropy": lambda **kw: F.binary_cross_entropy(P, P, **kw),
    "F.scaled_dot_product_attention": lambda **kw: F.scaled_dot_product_attention(A, A, A, **kw),
    "F.conv2d": lambda **kw: F.conv2d(IMAGE, tt.ones(3, 2, 2, 2), **kw),
    "F.conv1d": lambda **kw: F.conv1d(IMAGE[0], tt.ones(3, 4, 2), **kw),
    "F.avg_pool2d": lambda **kw: F.avg_pool2d(IMAGE, **{"kernel_size": 2} | kw),
    "F.dropout": lambda **kw: F.dropout(A, **kw),
    "F.interpolate": lambda **kw: F.interpolate(IMAGE, scale_factor=2, **kw),
    "F.pad": lambda **kw: F.pad(A, **{"pad": (1, 1)} | kw),
    "nn.Linear": lambda **kw: nn.Linear(**{"in_features": 2, "out_features": 3} | kw),
    "nn.Embedding": lambda **kw: nn.Embedding(**{"num_embeddings": 2, "embedding_dim": 3} | kw),
    "nn.Dropout": lambda **kw: nn.Dropout(**kw),
    "nn.MSELoss": lambda **kw: nn.MSELoss(**kw),
    "nn.BCELoss": lambda **kw: nn.BCELoss(**kw),
    "nn.RNN": lambda **kw: nn.RNN(**{"input_size": 2, "hidden_size": 3, "num_layers": 2} | kw),
    "nn.LSTM": lambda **kw: nn.LSTM(**{"input_size": 2, "hidden_size": 3} | kw),
    "nn.GRU": lambda **kw: nn.GRU(2, 3, 2, **kw),
    "nn.Conv1d": lambda **kw: nn.Conv1d(2, 3, **{"kernel_size": 2} | kw),
    "nn.Conv2d": lambda **kw: nn.Conv2d(**{"in_channels": 2, "out_channels": 3, "kernel_size": 2} | kw),
    "nn.MaxPool2d": lambda **kw: nn.MaxPool2d(**kw),
    "nn.BatchNorm1d": lambda **kw: nn.BatchNorm1d(3, **kw),
    "nn.LogSoftmax": lambda **kw: nn.LogSoftmax(**kw),
    "nn.Softmax": lambda **kw: nn.Softmax(**kw),
    "nn.Parameter": lambda **kw: nn.Parameter(tt.ones(2), **kw),
    "nn.init.normal_": lambda **kw: nn.init.normal_(tt.zeros(2), **kw),
    "nn.init.kaiming_normal_": lambda **kw: nn.init.kaiming_normal_(**{"tensor": tt.zeros(2, 3)} | kw),
    "nn.parallel.DistributedDataParallel": None,  # refused
    "torch.distributed.init_process_group": None,
    "torch.amp.autocast": None,
    "torch.cuda.amp.GradScaler": None,
    "torch.autograd.Variable": lambda **kw: tt.autograd.Variable(tt.ones(2), **kw),
    "optim.lr_scheduler.StepLR": lambda **kw: schedule("StepLR", **{"step_size": 2} | kw),
    "optim.lr_scheduler.CosineAnnealingLR": lambda **kw: schedule("CosineAnnealingLR", **{"T_max": 2} | kw),
    "optim.lr_scheduler.MultiplicativeLR": lambda **kw: schedule("MultiplicativeLR", **kw),
    "torch.utils.data.DataLoader": lambda **kw: list(tt.utils.data.DataLoader(**{"dataset": [1, 2, 3]} | kw)),
    "torch.utils.data.dataloader.DataLoader": lambda **kw: list(tt.utils.data.dataloader.DataLoader([1, 2], **kw)),
    "torch.utils.data.RandomSampler": lambda **kw: list(tt.utils.data.RandomSampler([1, 2], **kw)),
    "torch.utils.data.random_split": lambda **kw: tt.utils.data.random_split([1, 2], [1, 1], **kw),
}
VALUES: dict[str, Any] = {
    "dim": 0, "axis": 0, "keepdim": True, "keepdims": True, "num_samples": 2, "replacement": True, "requires_grad": True,
    "num_classes": 5, "dtype": tt.float64, "device": "cpu", "set_to_none": True, "lr": 0.1, "bias": False, "density": True,
    "batch_size": 1, "shuffle": True, "unbiased": False, "size": (2, 3), "num_workers": 0, "dataset": [1, 2], "high": 5,
    "low": 1, "ignore_index": -1, "betas": (0.9, 0.99), "weight_decay": 0.1, "eps": 1e-6, "momentum": 0.9, "alpha": 2,
    "mean": 0.0, "std": 0.1, "hidden_size": 3, "input_size": 2, "batch_first": True, "nonlinearity": "relu",
    "reduction": "sum", "p": 0.2, "atol": 1e-3, "rtol": 1e-3, "min": 0.5, "start_dim": 0, "gamma": 0.5, "step_size": 3,
    "stride": 1, "padding": 1, "dilation": 1, "kernel_size": 2, "pin_memory": False, "drop_last": True, "descending": True,
    "retain_graph": True, "size_average": False, "attn_mask": None, "dropout_p": 0.0, "is_causal": True, "num_layers": 2,
    "dropout": 0.1, "training": True, "volatile": True, "k": 2, "dims": (0,), "bins": 2, "correction": 0, "diagonal": 1,
    "dim0": 0, "dim1": 1, "embedding_dim": 2, "num_embeddings": 2, "enabled": False, "eta_min": 0.1, "T_max": 3,
    "in_channels": 2, "out_channels": 2, "in_features": 2, "out_features": 2, "bidirectional": True, "non_blocking": True,
    "pad": (1, 0), "value": 1.0, "lr_lambda": lambda epoch: 0.5, "weight": tt.ones(3), "input": P, "sampler": None,
    "params": None, "tensor": None, "generator": None,
}  # fmt: skip
SPECIAL: dict[tuple[str, str], Any] = {
    ("nn.RNN", "nonlinearity"): "tanh",
    ("nn.init.kaiming_normal_", "mode"): "fan_out",
    ("F.interpolate", "mode"): "nearest",
    ("F.pad", "mode"): "constant",
    ("torch.randint", "dtype"): tt.int32,
    ("torch.full", "dtype"): tt.int64,
    ("torch.unsqueeze", "dim"): 1,
}


def schedule(name: str, **kwargs: Any) -> Any:
    return getattr(tt.optim.lr_scheduler, name)(tt.optim.SGD(parameters(), lr=0.1), **kwargs)


def call_of(name: str) -> Callable[..., Any] | None:
    """How a callable is called with one more keyword."""
    if name in CALLS:
        return CALLS[name]
    if name.startswith("."):
        return lambda **kw: getattr(A, name[1:])(**kw)
    if name.startswith("optim."):
        return lambda **kw: getattr(tt.optim, name[6:])(**{"params": parameters(), "lr": 0.1} | kw)
    short = name.replace("torch.", "").replace("F.", "nn.functional.")
    return lambda **kw: find(short)(A, **kw)


@pytest.mark.parametrize("line", KEYWORDS)
def test_keyword_is_taken(line: str) -> None:
    name, keyword = line.split()
    call = call_of(name)
    if call is None:
        return
    value = SPECIAL.get((name, keyword), VALUES.get(keyword))
    if keyword in ("generator", "params", "tensor"):
        value = {"generator": G().manual_seed(1), "params": parameters(), "tensor": tt.zeros(2, 3)}[keyword]
    extra = (
        {"dim": 1}
        if keyword in ("keepdim", "keepdims") and name in (".max", ".argmax", ".norm", "torch.argmax")
        else {}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of size_average, which is deprecated in PyTorch too
        call(**extra, **{keyword: value})


def test_numpys_names_of_arguments() -> None:
    x = tt.tensor([[3.0, 1.0], [2.0, 4.0]])
    for name in "sum mean std var max min argmax argmin prod all any logsumexp amax median".split():
        for f in (getattr(x, name), lambda name=name, **kw: getattr(tt, name)(x, **kw)):
            got, want = f(axis=1, keepdims=True), f(dim=1, keepdim=True)
            for a, b in zip(*(v if isinstance(v, tuple) else (v,) for v in (got, want)), strict=True):
                assert a.shape == b.shape and (a == b).all()
    assert (x.softmax(axis=0) == x.softmax(0)).all() and (tt.cat([x, x], axis=1) == tt.cat([x, x], 1)).all()
    assert (x.cumsum(axis=1) == x.cumsum(1)).all() and x.sum(0, keepdims=True).shape == (1, 2)
    with pytest.raises(TypeError, match="keepdim"):
        x.cumsum(0, keepdims=True)
    with pytest.raises(TypeError, match="axes"):
        x.sum(axes=0)
    x.requires_grad_()
    x.sum(axis=1).max(axis=0)[0].backward()
    assert x.grad.tolist() == [[0, 0], [1, 1]]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: x.mul_(object()), r"mul\(\): argument 'other' must be Tensor or Number, not object"),
        (lambda x: x.add(other=None), r"add\(\): argument 'other' must be Tensor or Number, not NoneType"),
        (lambda x: tt.tanh(object()), r"tanh\(\): argument 'input' must be Tensor or Number, not object"),
        (lambda x: x.add_(), r"^add_\(\) missing 1 required positional argument: 'other'"),
        (lambda x: x.mul_(y=2), r"^mul_\(\) got an unexpected keyword argument 'y'"),
        (lambda x: tt.Tensor.mul_(3, 4), r"^mul_\(\): argument 'self' must be Tensor, not int"),
        (lambda x: tt.Tensor.index_add_(3, 0, x, x), r"^index_add_\(\): argument 'self' must be Tensor, not int"),
        (lambda x: tt.Tensor.t_(3), r"^t_\(\): argument 'self' must be Tensor, not int"),
    ],
)
def test_wrong_arguments_are_called_by_the_names_users_know(call: Callable[[tt.Tensor], object], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        call(tt.ones(3))


# ---- what a machine without a GPU says ----


def test_no_gpu() -> None:
    assert not tt.cuda.is_available() and not tt.accelerator.is_available() and not tt.backends.mps.is_available()
    assert tt.accelerator.current_accelerator() is None and tt.cuda.device_count() == 0
    tt.backends.cudnn.allow_tf32 = tt.backends.cuda.matmul.allow_tf32 = True
    tt.backends.cudnn.deterministic = True
    for refused in (
        lambda: tt.cuda.set_device(0),
        lambda: tt.onnx.export(nn.Linear(1, 1), tt.ones(1), "model.onnx"),
        lambda: tt.distributed.init_process_group(backend="gloo"),
        lambda: tt.distributed.destroy_process_group(),
        lambda: nn.parallel.DistributedDataParallel(nn.Linear(1, 1), device_ids=[0]),
        lambda: tt.amp.autocast(device_type="cpu", dtype=tt.bfloat16),
        lambda: tt.amp.GradScaler("cpu"),
    ):
        with pytest.raises(NotImplementedError, match="is not supported by tinytensor"):
            refused()
    for refused in (lambda: tt.set_default_device("cuda"), lambda: tt.device("mps"), lambda: nn.Linear(1, 1).cuda()):
        with pytest.raises(RuntimeError, match="CPU"):
            refused()
    tt.set_default_device("cpu")
    assert tt.get_default_device() == tt.device("cpu")
    model = nn.Linear(2, 1)
    assert (nn.DataParallel(model)(A[:, :2]) == model(A[:, :2])).all()


def test_mixed_precision_is_off_without_a_gpu() -> None:
    model = nn.Linear(3, 1)
    optimizer = tt.optim.SGD(model.parameters(), lr=0.1)
    with pytest.warns(UserWarning, match="not available. Disabling"):
        context = tt.amp.autocast(device_type="cuda", dtype=tt.float16)
    with pytest.warns(UserWarning, match="CUDA is not available"):
        scaler = tt.cuda.amp.GradScaler()
    assert not scaler.is_enabled()
    with context, tt.cuda.amp.autocast(enabled=False), tt.autocast("cpu", enabled=False):
        loss = model(A).sum()
    scaler.scale(loss).backward()
    before = model.weight.detach().clone()
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()
    assert scaler.get_scale() == 1.0 and not (model.weight == before).any()


def test_switches() -> None:
    tt.use_deterministic_algorithms(True, warn_only=True)
    tt.set_float32_matmul_precision("high")
    assert tt.get_float32_matmul_precision() == "high" and tt.are_deterministic_algorithms_enabled()
    with pytest.raises(RuntimeError, match="expected one of"):
        tt.set_float32_matmul_precision("low")
    model = nn.Linear(2, 2)
    assert tt.compile(model) is model and tt.compile(mode="max-autotune")(tt.tanh) is tt.tanh
    assert tt.functional.F.cross_entropy is F.cross_entropy


def test_tensorboard_needs_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    monkeypatch.delitem(sys.modules, "tinytensor.utils.tensorboard", raising=False)
    with pytest.raises(ImportError, match="needs the package tensorboardX: pip install tensorboardX"):
        importlib.import_module("tinytensor.utils.tensorboard")


def test_tensorboard_writes(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    writer = find("utils.tensorboard").SummaryWriter(str(tmp_path))
    writer.add_scalar("loss", tt.tensor(0.5), 1)
    writer.add_scalars("losses", {"train": tt.tensor(0.5), "dev": 0.6}, 1)
    writer.add_histogram("weights", nn.Linear(2, 2).weight, 1)
    writer.close()
    assert sum(path.stat().st_size for path in tmp_path.rglob("events*")) > 100


# ---- old constructors, storages ----


def test_old_constructors() -> None:
    assert tt.Tensor(2, 3).shape == (2, 3) and tt.Tensor(4).shape == (4,) and tt.Tensor().shape == (0,)
    assert tt.Tensor([1, 2]).dtype is tt.float32 and tt.Tensor([[1, 2]]).tolist() == [[1.0, 2.0]]
    assert tt.Tensor((2, 3)).tolist() == [2.0, 3.0] and tt.Tensor(A.shape).shape == (2, 3)
    assert tt.Tensor(np.ones(2)).dtype is tt.float32 and tt.Tensor(A, device="cpu").data_ptr() == A.data_ptr()
    for name in ("Float", "Double", "Long", "Int", "Short", "Char", "Byte", "Bool"):
        kind = getattr(tt, f"{name}Tensor")
        x = kind([0, 1])
        assert isinstance(x, kind) and x.dtype is kind.dtype and x.tolist() == [0, 1] and kind(2, 3).shape == (2, 3)
        assert A.type(kind).dtype is kind.dtype and A.type(f"torch.{name}Tensor").dtype is kind.dtype
        assert isinstance(A, kind) == (name == "Float") and x.type() == f"torch.{name}Tensor"
    for wrong in ((1.5,), ([1], 2)):
        with pytest.raises(TypeError, match="expected sizes or a sequence"):
            tt.FloatTensor(*wrong)
    with pytest.raises(TypeError, match=r"expected a tensor of torch\.int64"):
        tt.LongTensor(A)
    assert isinstance(A, tt.autograd.Variable) and not isinstance(3, tt.autograd.Variable)
    tt.set_default_tensor_type("torch.DoubleTensor")
    try:
        assert tt.Tensor([1]).dtype is tt.float64
    finally:
        tt.set_default_tensor_type(tt.FloatTensor)


def test_limits_of_dtypes() -> None:
    torch = pytest.importorskip("torch")
    for name in ("float32", "float64"):
        ours, theirs = tt.finfo(getattr(tt, name)), torch.finfo(getattr(torch, name))
        assert repr(ours) == repr(theirs) and ours.dtype == theirs.dtype
        for limit in ("bits", "eps", "min", "max", "tiny", "smallest_normal", "resolution"):
            assert getattr(ours, limit) == getattr(theirs, limit)
    for name in ("uint8", "int8", "int16", "int32", "int64"):
        ours, theirs = tt.iinfo(getattr(tt, name)), torch.iinfo(getattr(torch, name))
        assert repr(ours) == repr(theirs) and (ours.bits, ours.min, ours.max) == (theirs.bits, theirs.min, theirs.max)
    assert tt.finfo().bits == 32
    for wrong in (lambda: tt.finfo(tt.int8), lambda: tt.iinfo(tt.float32), lambda: tt.finfo(tt.bfloat16)):
        with pytest.raises(TypeError, match=r"requires an? "):
            wrong()


def test_storage() -> None:
    x = tt.arange(6).reshape(2, 3)
    s = x.t()[1:].storage()
    assert s.tolist() == list(s) == [0, 1, 2, 3, 4, 5] and len(s) == s.size() == 6 and s.dtype is tt.int64
    s[0] = 9
    assert x[0, 0] == 9 and s[0] == 9 and s.nbytes() == x[1:].untyped_storage().nbytes() == 48
    assert s.data_ptr() == x.data_ptr() == x[1:].untyped_storage().data_ptr()
    shown = repr(x[0, :2].clone().storage())
    assert shown == " 9\n 1\n[torch.storage.TypedStorage(dtype=torch.int64, device=cpu) of size 2]"


# ---- func and autograd.functional ----


def test_functional_transforms() -> None:
    def f(x: Any) -> Any:
        return (x**3).sum()

    x = tt.tensor([1.0, 2.0])
    assert tt.func.grad(f)(x).tolist() == [3.0, 12.0] and not tt.func.grad(f)(x).requires_grad
    gradients, (value, aux) = tt.func.grad_and_value(lambda x: (f(x), "more"), has_aux=True)(x)
    assert (gradients.tolist(), value.item(), aux) == ([3.0, 12.0], 9.0, "more")
    assert tt.func.grad(lambda x: tt.func.grad(lambda y: y**3)(x))(tt.tensor(2.0)).item() == 12.0
    both = tt.func.grad(lambda a, b: (a * b).sum(), argnums=(0, 1))(x, 2 * x)
    assert [g.tolist() for g in both] == [[2.0, 4.0], [1.0, 2.0]]
    assert tt.func.hessian(f)(x).tolist() == tt.autograd.functional.hessian(f, x).tolist() == [[6.0, 0.0], [0.0, 12.0]]
    assert tt.func.jacrev(lambda x: x.outer(x))(x).shape == (2, 2, 2)
    with pytest.raises(RuntimeError, match="one element"):
        tt.func.grad(lambda x: x)(x)
    with pytest.raises(RuntimeError, match="argnums 3"):
        tt.func.grad(f, argnums=3)(x)
    layer = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1))
    state = {name: p.detach() for name, p in layer.named_parameters()}

    def loss(state: Any, x: Any) -> Any:
        return tt.func.functional_call(layer, state, (x,)).pow(2).sum()

    gradients = tt.func.grad(loss)(state, tt.tensor([[1.0, 2.0], [3.0, -1.0]]))
    assert list(gradients) == list(state) and isinstance(layer[0].weight, nn.Parameter)
    loss(dict(layer.named_parameters()), tt.tensor([[1.0, 2.0], [3.0, -1.0]])).backward()
    for name, p in layer.named_parameters():
        assert tt.allclose(p.grad, gradients[name])
    with pytest.raises(KeyError, match="no parameter or buffer named 'w'"):
        tt.func.functional_call(layer, {"w": x}, x)
    y, pull = tt.func.vjp(tt.sin, x)
    assert tt.allclose(pull(tt.ones(2))[0], x.cos()) and tt.allclose(y, x.sin())


def test_autograd_functional_agrees_with_pytorch() -> None:
    torch = pytest.importorskip("torch")

    def f(a: Any, b: Any) -> Any:
        return (a * b).sin(), (a**2).sum()

    def g(a: Any) -> Any:
        return (a.tanh() ** 2).sum() + a.prod()

    def results(lib: Any) -> list[Any]:
        a, b, v = lib.tensor([0.5, 1.5]), lib.tensor([2.0, -1.0]), lib.tensor([1.0, 3.0])
        functional = lib.autograd.functional
        out = [functional.jacobian(f, (a, b)), functional.jacobian(lib.sin, a), functional.hessian(g, a)]
        out += [functional.vjp(f, (a, b), (v, lib.tensor(2.0))), functional.jvp(f, (a, b), (v, v))]
        out += [functional.vhp(g, a, v), functional.hvp(g, a, v)]
        return out

    def flat(x: Any) -> list[Any]:
        return [x.numpy()] if hasattr(x, "numpy") else [leaf for item in x for leaf in flat(item)]

    for ours, theirs in zip(flat(results(tt)), flat(results(torch)), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


# ---- distributions ----
