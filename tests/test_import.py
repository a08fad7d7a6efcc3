"""Importing is cheap and needs NumPy alone."""

import json
import os
import pathlib
import subprocess
import sys
from types import ModuleType

import tinytensor as tt


def run(code: str, **env: str) -> str:
    """What a fresh interpreter prints."""
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**inherited, **env},
        cwd=pathlib.Path(__file__).parent,  # not where a source tree would be imported instead of what is installed
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_numpy_is_the_one_dependency() -> None:
    def modules(name: str) -> set[str]:
        return set(json.loads(run(f"import sys, json, {name}; print(json.dumps(list(sys.modules)))")))

    new = modules("tinytensor") - modules("numpy")
    foreign = {m.partition(".")[0] for m in new} - set(sys.stdlib_module_names) - {"numpy", "tinytensor"}
    assert not [m for m in foreign if "editable" not in m], foreign
    # These take longer to import than all of tinytensor.
    assert not new & {"numpy.typing", "numpy.random", "multiprocessing", "inspect", "typing_extensions"}


def test_star_import_and_all() -> None:
    run("from tinytensor import *; tensor, nn, float32")


def test_version_and_configuration() -> None:
    text = run("import tinytensor; print(tinytensor.__version__, tinytensor.show_config())")
    for word in ("0.", "instruction set", "threads", "compiler"):
        assert word in text.lower()
    assert run("import runpy; runpy.run_module('tinytensor', run_name='__main__')")


def test_files_of_ops_are_no_names_of_the_package() -> None:
    modules = [name for name in tt.__all__ if isinstance(getattr(tt, name), ModuleType)]
    assert {"linalg", "nn", "random"} < set(modules)
    assert not [name for name in modules if getattr(tt, name).__name__.startswith("tinytensor.ops.")]
