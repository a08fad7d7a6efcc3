"""Every public op and every raw kernel is exercised by the op table."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from op_engine import Engine
from op_row import FLOATS
from op_table import ROWS

import tinytensor as tt
from tinytensor import _C

OURS = Engine(tt)
RAW = [name for name in dir(_C.ops) if not name.startswith("_")]


def public() -> Iterator[tuple[str, Any]]:
    """(name, function) of everything that counts as an op."""
    for info in pkgutil.iter_modules(tt.ops.__path__):
        module = importlib.import_module(f"tinytensor.ops.{info.name}")
        for name in getattr(module, "__all__", ()):
            yield name, getattr(module, name)
    for name, f in vars(tt.Tensor).items():
        if callable(f) and (getattr(f, "__module__", None) or "").startswith("tinytensor.ops"):
            yield f"Tensor.{name}", f.__wrapped__ if isinstance(f, _C.Operator) else f
    for name, f in vars(tt.nn.functional).items():
        if not name.startswith("_") and (getattr(f, "__module__", None) or "").startswith("tinytensor"):
            yield f"nn.functional.{name}", f


def test_every_public_op_has_a_row() -> None:
    names = {n for row in ROWS for n in (row.name, *row.aliases, *row.covers)}
    names |= {row.short for row in ROWS}
    functions = {id(OURS.find(n)) for n in names}

    def forms(name: str) -> set[str]:
        """What covers a name: its own row, that of the method, that of the op it is the in-place form of."""
        short = name.rpartition(".")[2]
        return {name, short, short.removesuffix("_")} if not short.endswith("__") else {name}

    missing = sorted(n for n, f in public() if not forms(n) & names and id(f) not in functions)
    assert not missing, f"{len(missing)} ops without a row in tests/ops: {missing}"


def test_every_op_has_one_row() -> None:
    names = [row.name for row in ROWS]
    assert sorted(names) == sorted(set(names))


def test_every_row_names_something() -> None:
    unknown = [row.name for row in ROWS if row.fn is None and OURS.find(row.name) is None]
    unknown += [alias for row in ROWS for alias in row.aliases if OURS.find(alias) is None]
    assert not unknown


def test_every_kernel_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = {name for row in ROWS for name in row.covers}

    def counted(name: str, raw: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            reached.add(name)
            return raw(*args, **kwargs)

        return call

    for name in RAW:
        monkeypatch.setattr(_C.ops, name, counted(name, getattr(_C.ops, name)))
    for row in ROWS:
        dtype = row.dtypes[0]
        for i, sample in enumerate(row.samples):
            for grad in (False, dtype in FLOATS):
                OURS.run(row, sample, sample.arrays(dtype, f"{row.name} {i}"), grad=grad)
    missing = sorted(set(RAW) - reached)
    assert not missing, f"{len(missing)} kernels that no row reaches: {missing}"
