"""The examples in docstrings print what they say, and every public name has one."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import numpy as np
import pytest

import tinytensor as tt

MODULES = ["tinytensor", "tinytensor._C"] + [
    info.name
    for info in pkgutil.walk_packages(tt.__path__, "tinytensor.")
    if not info.name.startswith("tinytensor.makemore") and not info.name.rpartition(".")[2].startswith("_")
]
NAMES = {"tt": tt, "nn": tt.nn, "F": tt.nn.functional, "optim": tt.optim, "np": np}
FINDER = doctest.DocTestFinder(exclude_empty=True)


@pytest.fixture(autouse=True)
def settings_stay() -> Iterator[None]:
    """An example may seed the default generator and set the default dtype."""
    dtype = tt.get_default_dtype()
    with tt.random.fork_rng():
        yield
    tt.set_default_dtype(dtype)


@pytest.mark.parametrize("module", MODULES)
def test_examples_print_what_they_say(module: str) -> None:
    runner = doctest.DocTestRunner(verbose=False)
    failures: list[str] = []
    for test in FINDER.find(importlib.import_module(module), globs=NAMES):
        runner.run(test, out=failures.append)
    assert not failures, "".join(failures)


def test_ops_are_found() -> None:
    """Ops are objects of C: the finder must see what they wrap."""
    [test] = FINDER.find(tt.tanh, "tanh", globs=NAMES)
    assert len(test.examples) == 1
