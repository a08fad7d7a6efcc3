"""Programs that say `import torch`, on tinytensor: the name `torch` and all modules below it mean tinytensor's."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType, TracebackType

import tinytensor

from .missing import describe

# ---- the name torch ----


class _Alias(Loader):
    """Loads a module of tinytensor under another name; it stays the module it was."""

    def __init__(self, name: str) -> None:
        self._name = name

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._name)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


class _Finder(MetaPathFinder):
    """Finds `torch.x.y` in `tinytensor.x.y`."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "safetensors.torch":
            return ModuleSpec(name, _Alias("tinytensor.safetensors"))
        if not name.startswith("torch."):
            return None
        ours = "tinytensor." + name.removeprefix("torch.")
        if importlib.util.find_spec(ours) is None:
            parent, _, last = ours.rpartition(".")
            known = [info.name for info in pkgutil.iter_modules(importlib.import_module(parent).__path__)]
            raise ModuleNotFoundError(describe(f"the module {name}", last, known), name=name)
        return ModuleSpec(name, _Alias(ours), is_package=hasattr(importlib.import_module(ours), "__path__"))


def install_as_torch() -> None:
    """Makes `import torch`, from here on, mean tinytensor; for notebooks and tests. Calling it again changes nothing.

    Raises:
        RuntimeError: PyTorch is already imported.

    Examples:
        >>> tt.install_as_torch()  # doctest: +SKIP
        >>> import torch.nn.functional as F  # doctest: +SKIP
    """
    present = sys.modules.get("torch")
    if present is tinytensor:
        return
    if present is not None:
        raise RuntimeError("install_as_torch: PyTorch is already imported; call it before the first `import torch`")
    sys.modules["torch"] = tinytensor
    sys.meta_path.insert(0, _Finder())


# ---- python -m tinytensor run ----


def run(script: str, arguments: Sequence[str]) -> None:
    """Runs a script as `python script arguments...` would, with tinytensor as `torch`; its exceptions come through."""
    try:
        with open(script, "rb") as file:
            source = file.read()
    except OSError as error:
        print(
            f"{sys.executable}: can't open file {os.path.abspath(script)!r}: [Errno {error.errno}] {error.strerror}",
            file=sys.stderr,
        )
        raise SystemExit(2) from None
    install_as_torch()
    sys.argv = [script, *arguments]
    sys.path[0] = os.path.dirname(os.path.realpath(script))
    main = ModuleType("__main__")
    main.__dict__.update(
        __file__=os.path.abspath(script),
        __builtins__=__builtins__,
        __loader__=SourceFileLoader("__main__", script),
        __annotations__={},
    )
    sys.modules["__main__"] = main
    _hide_our_frames()
    code: CodeType = compile(source, main.__dict__["__file__"], "exec", dont_inherit=True)
    exec(code, main.__dict__)


def _hide_our_frames() -> None:
    """Lets an uncaught exception's traceback begin in the script."""
    python_hook = sys.excepthook

    def hook(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        while trace is not None and trace.tb_frame.f_globals.get("__name__") != "__main__":
            trace = trace.tb_next
        while trace is not None and trace.tb_frame.f_globals is not sys.modules["__main__"].__dict__:
            trace = trace.tb_next
        python_hook(kind, value.with_traceback(trace), trace)

    sys.excepthook = hook
