"""The examples in docstrings print what they say, and every public name has one."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tinytensor as tt

MODULES = ["tinytensor", "tinytensor._C"] + [
    info.name
    for info in pkgutil.walk_packages(tt.__path__, "tinytensor.")
    if not info.name.startswith(("tinytensor.makemore", "tinytensor.utils.tensorboard"))
    and not info.name.rpartition(".")[2].startswith("_")
]
NAMES = {"tt": tt, "nn": tt.nn, "F": tt.nn.functional, "optim": tt.optim, "np": np}
NAMESPACES = [
    "tinytensor",
    "tinytensor.autograd",
    "tinytensor.accelerator",
    "tinytensor.amp",
    "tinytensor.autograd.function",
    "tinytensor.autograd.functional",
    "tinytensor.cuda",
    "tinytensor.distributions",
    "tinytensor.func",
    "tinytensor.linalg",
    "tinytensor.nn",
    "tinytensor.nn.functional",
    "tinytensor.nn.init",
    "tinytensor.nn.utils",
    "tinytensor.nn.utils.parametrizations",
    "tinytensor.nn.utils.parametrize",
    "tinytensor.nn.utils.rnn",
    "tinytensor.optim",
    "tinytensor.optim.lr_scheduler",
    "tinytensor.optim.swa_utils",
    "tinytensor.random",
    "tinytensor.serialization",
    "tinytensor.settings",
    "tinytensor.special",
    "tinytensor.testing",
    "tinytensor.type_info",
    "tinytensor.utils.data",
]
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


def public() -> Iterator[tuple[str, Any]]:
    """(name, object) of the functions and classes of the public modules, and of the methods of Tensor."""
    for namespace in NAMESPACES:
        for name, value in vars(importlib.import_module(namespace)).items():
            if callable(value) and (value.__module__ or "").startswith("tinytensor"):
                yield f"{namespace}.{name}", value
    for name, value in (*vars(tt._C.TensorBase).items(), *vars(tt.Tensor).items()):
        if callable(value) or isinstance(value, property):
            yield f"Tensor.{name}", value


INTERNAL = {
    "Pickler",
    "SafeUnpickler",
    "Unpickler",
    "check_device",
    "state_of",
    "unsupported",
}  # of modules without `__all__`
DERIVED = ("In-place version of", "The old name of", "Refused")  # the example is that of another name, or an error


def test_every_public_name_has_an_example() -> None:
    missing = set()
    for name, value in public():
        last, doc = name.rpartition(".")[2], value.__doc__ or ""
        if not last.startswith("_") and last not in INTERNAL and ">>>" not in doc and not doc.startswith(DERIVED):
            missing.add(name)
    assert not missing, f"{len(missing)} public names without an example: {sorted(missing)}"
