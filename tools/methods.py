"""Rebuild tinytensor/_methods.pyi: the methods that ops attach to Tensor, as editors and type checkers see them.

Methods are attached when their ops are defined, so that each is written once; a type checker, which runs nothing, cannot
see them. This writes down their names and signatures as they are at run time. A test fails when it is to be run again.

    python tools/methods.py
"""

import ast
import builtins
import inspect
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tinytensor as tt

STUB = Path(__file__).parents[1] / "tinytensor" / "_methods.pyi"
HEAD = """\
# Written by tools/methods.py: the methods of Tensor that are attached where their ops are defined.
import builtins
from typing import Any, Literal, Self, overload

from ._C import TensorBase
from .device import memory_format
from .ops.results import (
    HistogramAndEdges,
    MantissaAndExponent,
    MinAndMax,
    QAndR,
    Reflections,
    SignAndLog,
    UAndSAndV,
    ValuesAndIndices,
)
from .random import Generator
from .tensor import Tensor

class Methods(TensorBase):
"""
WIDTH = 120


def attached() -> Iterator[tuple[str, Any]]:
    """The members of Tensor that its class statement does not define."""
    [tensor] = [
        node
        for node in ast.parse(inspect.getsource(inspect.getmodule(tt.Tensor))).body  # type: ignore[arg-type]
        if isinstance(node, ast.ClassDef) and node.name == "Tensor"
    ]
    defined = {node.name for node in tensor.body if isinstance(node, ast.FunctionDef)}
    for name, value in vars(tt.Tensor).items():
        if name not in defined and (callable(value) or isinstance(value, property)):
            yield name, value


def annotation(value: Any) -> str:
    """An annotation as it reads inside a class whose methods `int`, `float`, `type`, ... hide the types."""
    text = value if isinstance(value, str) else getattr(value, "__name__", str(value))
    if typing.get_args(value):
        text = str(value).replace("tinytensor.tensor.", "")
    tree = ast.parse(text.replace("builtins.", ""), mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and hasattr(builtins, node.id) and hasattr(tt.Tensor, node.id):
            node.id = f"builtins.{node.id}"
    return ast.unparse(tree)


def parameters(function: Callable[..., Any], operator: bool) -> Iterator[str]:
    """What stands between the parentheses, one by one."""
    yield "self"
    keywords = False
    for p in list(inspect.signature(function).parameters.values())[1:]:
        if operator and (p.default is not p.empty or p.kind is p.KEYWORD_ONLY):
            return
        if p.kind is p.KEYWORD_ONLY and not keywords:
            yield "*"
        keywords = keywords or p.kind in (p.KEYWORD_ONLY, p.VAR_POSITIONAL)
        stars = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        default = "" if p.default is p.empty else " = ..."
        yield f"{stars}{p.name}: {annotation('Any' if p.annotation is p.empty else p.annotation)}{default}"


def signature(name: str, function: Callable[..., Any], doc: str | None) -> str:
    """The `def` of one method."""
    own = function.__name__
    in_place = own.endswith("_") and not own.endswith("__")
    result = "Self" if in_place else annotation(inspect.signature(function).return_annotation)
    operator = name.startswith("__")
    given = ", ".join(parameters(function, operator))
    body = f'\n        """{doc.splitlines()[0]}"""' if doc and not operator else " ..."
    ignored = "  # type: ignore[override]" if name in ("__eq__", "__ne__") else ""
    line = f"    def {name}({given}) -> {result}:"
    if len(line) > WIDTH - 4:
        line = f"    def {name}(\n        {given}\n    ) -> {result}:"
    if len(given) > WIDTH - 8:
        line = f"    def {name}(\n        {given.replace(', ', ',' + chr(10) + '        ')},\n    ) -> {result}:"
    return line + body + ignored


def stub() -> str:
    """The text of the stub."""
    members = []
    for name, value in sorted(attached()):
        if isinstance(value, property):
            members.append("    @property\n" + signature(name, typing.cast(Any, value.fget), value.__doc__))
        elif overloads := typing.get_overloads(inspect.unwrap(value)):
            members += ["    @overload\n" + signature(name, f, value.__doc__) for f in overloads]
        else:
            members.append(signature(name, value, value.__doc__))
        if name == "__eq__":
            members.append("    def __hash__(self) -> builtins.int: ...")
    return HEAD + "\n".join(members) + "\n"


if __name__ == "__main__":
    STUB.write_text(stub(), encoding="utf-8")
    print(f"{STUB}: {stub().count('    def ')} methods")
