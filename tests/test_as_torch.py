"""Scripts that import torch run on tinytensor, without PyTorch; names that are missing are refused in words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tinytensor as tt


def python(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        input=stdin,
        cwd=Path(__file__).parent,  # not where a source tree would be imported instead of what is installed
    )


def script(folder: Path, source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = folder / "program.py"
    path.write_text(source, encoding="utf-8")
    return python("-m", "tinytensor", "run", str(path), *arguments)


def test_script_sees_what_python_gives_it(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("import torch\nvalue = torch.ones(2).sum().item()\n", encoding="utf-8")
    source = """\
import sys, torch, helper, pickle
class Point: pass
assert isinstance(pickle.loads(pickle.dumps(Point())), Point)
print(sys.argv[1:], __name__, __file__ == sys.argv[0], sys.path[0] in __file__, helper.value, torch.__name__)
print(sys.modules["__main__"].Point is Point, "tinytensor" in str(type(torch.ones(1))))
sys.exit(7)
"""
    done = script(tmp_path, source, "-x", "--name=value", "run")
    assert done.stdout.splitlines() == [
        "['-x', '--name=value', 'run'] __main__ True True 2.0 tinytensor",
        "True True",
    ], done.stderr
    assert (done.returncode, done.stderr) == (7, "")


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return 1 / x\n\n\ntry:\n    f(0)\nexcept ZeroDivisionError:\n    print('caught')\nf(0)\n",
        "x = (1,\n",
        "raise SystemExit('it is enough')\n",
        "import sys\nsys.exit()\n",
        "raise KeyboardInterrupt\n",
        "try:\n    {}['a']\nexcept KeyError as e:\n    raise ValueError('ä') from e\n",
    ],
)
def test_exceptions_are_shown_as_python_shows_them(tmp_path: Path, source: str) -> None:
    ours = script(tmp_path, source)
    theirs = python(str(tmp_path / "program.py"))
    assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)


def test_command_line() -> None:
    assert python("-m", "tinytensor").stdout == tt.show_config()
    missing = python("-m", "tinytensor", "run", "/nowhere/program.py")
    assert missing.returncode == 2 and missing.stderr == python("/nowhere/program.py").stderr
    for arguments in (("run",), ("fly",), ("run", "--help")):
        done = python("-m", "tinytensor", *arguments)
        assert done.returncode == 2 and done.stderr.startswith("usage: python -m tinytensor")
    assert python("-m", "tinytensor", "--help").stdout.startswith("usage: python -m tinytensor")


NOTEBOOK = """\
import sys
import tinytensor
tinytensor.install_as_torch()
tinytensor.install_as_torch()
assert sum(type(finder).__module__ == "tinytensor.as_torch" for finder in sys.meta_path) == 1
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import optim, Tensor
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader
from torch.utils.data.dataloader import DataLoader as Again
from torch.nn.modules.linear import Linear
from torch.nn.parameter import Parameter
from torch.nn.utils import clip_grad_norm_
import importlib.util
assert torch is tinytensor and nn is tinytensor.nn and F is tinytensor.nn.functional and Again is DataLoader
assert Linear is nn.Linear and Parameter is nn.Parameter and torch.optim is optim
assert importlib.util.find_spec("torch") is not None
assert sys.modules["torch.nn.modules.linear"].__spec__.name == "tinytensor.nn.modules.linear"
try:
    import torch.optimm
except ModuleNotFoundError as error:
    print(error, error.name)
try:
    from torch.utils.datta import DataLoader
except ImportError as error:
    print(error)
"""


def test_install_as_torch() -> None:
    done = python("-W", "error", "-c", NOTEBOOK)
    assert done.stdout.splitlines() == [
        "the module torch.optimm is not implemented in tinytensor; the nearest name that is: 'optim' torch.optimm",
        "the module torch.utils.datta is not implemented in tinytensor; the nearest name that is: 'data'",
    ], done.stderr


def test_safetensors_of_torch_are_ours(tmp_path: Path) -> None:
    pytest.importorskip("safetensors")
    source = """\
import torch, sys
from safetensors.torch import load_file, save_file
layer = torch.nn.Linear(2, 1)
save_file(layer.state_dict(), sys.argv[1])
print(torch.equal(load_file(sys.argv[1])["weight"], layer.weight))
torch.save({"model": layer.state_dict()}, sys.argv[2])
print(layer.load_state_dict(torch.load(sys.argv[2], map_location="cpu")["model"]))
"""
    done = script(tmp_path, source, str(tmp_path / "a.safetensors"), str(tmp_path / "a.pt"))
    assert done.stdout.splitlines() == ["True", "<All keys matched successfully>"], done.stderr


def test_install_after_pytorch_is_refused() -> None:
    source = "import sys, types; sys.modules['torch'] = types.ModuleType('torch'); import tinytensor as tt; "
    done = python("-c", source + "tt.install_as_torch()")
    assert "RuntimeError: install_as_torch: PyTorch is already imported" in done.stderr


@pytest.mark.parametrize(
    ("owner", "name", "message"),
    [
        (tt, "radn", r"torch\.radn is not implemented in tinytensor; the nearest name that is: 'randn'"),
        (tt, "nm", r"torch\.nm is not implemented in tinytensor"),
        (tt, "sav", r"torch\.sav is .*: 'save'"),
        (tt.nn, "Lienar", r"nn\.Lienar is .*: 'Linear'"),
        (tt.nn.functional, "cross_entrpy", r"nn\.functional\.cross_entrpy is .*: 'cross_entropy'"),
        (tt.nn.init, "kaiming_norm_", r"nn\.init\.kaiming_norm_ is .*: 'kaiming_normal_'"),
        (tt.optim, "AdmaW", r"optim\.AdmaW is .*: 'AdamW'"),
        (tt.optim.lr_scheduler, "StepsLR", r"optim\.lr_scheduler\.StepsLR is .*: 'StepLR'"),
        (tt.utils.data, "Dataloader", r"utils\.data\.Dataloader is .*: 'DataLoader'"),
        (tt.linalg, "mat_mul", r"linalg\.mat_mul is .*: 'matmul'"),
        (tt.autograd, "Func", r"autograd\.Func is"),
        (tt.Tensor, "to_sparse", r"Tensor\.to_sparse is not implemented in tinytensor"),
        (tt.ones(2), "narrow_copy", r"Tensor\.narrow_copy is not implemented in tinytensor; .*: 'narrow'"),
        (tt.Tensor, "resize", r"Tensor\.resize is not implemented in tinytensor"),
    ],
)
def test_missing_names_are_refused_in_words(owner: Any, name: str, message: str) -> None:
    assert not hasattr(owner, name) and (owner is tt.Tensor or name not in dir(owner))
    with pytest.raises(AttributeError, match=message):
        getattr(owner, name)


def test_private_names_are_plainly_missing() -> None:
    with pytest.raises(AttributeError, match="module 'tinytensor' has no attribute '__wrapped__'"):
        tt.__wrapped__  # noqa: B018


def test_every_method_of_pytorch_is_there_or_refused() -> None:
    torch = pytest.importorskip("torch")
    for name in dir(torch.Tensor):
        if not name.startswith("_") and not hasattr(tt.Tensor, name) and callable(getattr(torch.Tensor, name)):
            with pytest.raises(AttributeError, match="is not implemented in tinytensor"):
                getattr(tt.Tensor, name)
