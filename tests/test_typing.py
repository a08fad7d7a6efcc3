"""A user's file passes type checkers; the stubs say what there is at run time."""

import ast
import importlib.util
import inspect
import os
import pathlib
import shutil
import subprocess
import sys
from types import ModuleType

import pytest

import tinytensor as tt

TESTS = pathlib.Path(__file__).parent
USER_FILE = TESTS / "typing" / "user_file.py"
CACHE = TESTS.parent / ".mypy_cache" / "users_file"


def run(*command: str) -> str:
    """What a checker says of the user's file, in a folder without settings; empty if it is content."""
    here = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    done = subprocess.run([*command, str(USER_FILE)], cwd=TESTS.parent, env=here, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_mypy_accepts_a_users_file(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("mypy")
    settings = tmp_path / "mypy.ini"
    settings.write_text(
        "[mypy]\nfollow_imports = silent\n"
    )  # as of an installed package, whose own errors are not shown
    report = run(sys.executable, "-m", "mypy", "--strict", f"--config-file={settings}", f"--cache-dir={CACHE}")
    assert report == ""


def test_pyright_accepts_a_users_file() -> None:
    pyright = shutil.which("pyright", path=str(pathlib.Path(sys.executable).parent))
    if pyright is None:
        pytest.skip("pyright is not installed")
    version = subprocess.run([pyright, "--version"], capture_output=True, text=True)
    if version.returncode != 0:
        pytest.skip("pyright cannot run here: it fetches itself from the network once")
    assert run(pyright, "--pythonpath", sys.executable) == ""


def test_a_users_file_runs() -> None:
    done = subprocess.run([sys.executable, str(USER_FILE)], cwd=TESTS, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def tool() -> ModuleType:
    """tools/methods.py, which writes the stub of Tensor's methods."""
    spec = importlib.util.spec_from_file_location("methods", TESTS.parent / "tools" / "methods.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_stub_of_methods_is_fresh() -> None:
    methods = tool()
    assert methods.STUB.read_text(encoding="utf-8") == methods.stub(), "run python tools/methods.py"


def test_stub_of_the_core_names_what_there_is() -> None:
    stub = ast.parse((TESTS.parent / "tinytensor" / "_C.pyi").read_text(encoding="utf-8"))

    def names(body: list[ast.stmt]) -> set[str]:
        named = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        return named | {node.target.id for node in body if isinstance(node, ast.AnnAssign)}  # type: ignore[union-attr]

    there = {name for name in vars(tt._C) if not name.startswith("__")}
    assert names(stub.body) == there
    for node in stub.body:
        if isinstance(node, ast.ClassDef):
            value = getattr(tt._C, node.name)
            there = {name for name in vars(value) if not name.startswith("__")}
            assert {name for name in names(node.body) if not name.startswith("__")} == there, node.name


def test_help_shows_the_signature_of_ops_and_of_their_in_place_forms() -> None:
    assert str(inspect.signature(tt.tanh)) == "(input: 'Tensor') -> 'Tensor'"
    assert list(inspect.signature(tt.Tensor.add_).parameters) == ["input", "other", "alpha"]
