"""Saving and loading in PyTorch's file format: what is saved here loads there, and the other way round."""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any

from ..missing import names_of as _names_of
from . import archive
from .pickling import Pickler, SafeUnpickler, Unpickler

__all__ = [
    "add_safe_globals",
    "clear_safe_globals",
    "get_safe_globals",
    "load",
    "safe_globals",
    "save",
]

_safe_globals: dict[str, Any] = {}


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = pickle,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
) -> None:
    """Writes an object to a file that `load` reads, here or in PyTorch.

    Tensors that share memory share it after loading too. An existing file is replaced in one step, when the new one is
    complete.

    Args:
        obj: a tensor, a state dict, a container of these, or any object that can be pickled. Other objects than
            tensors are pickled as Python does: a whole module is loaded by the program that has its class.
        f: a path, or a file object with `write`.
        pickle_module: only `pickle`.
        pickle_protocol: of the pickle in the file.

    Raises:
        RuntimeError: the directory does not exist, or one memory is viewed as two dtypes.
        NotImplementedError: another pickle module, or the format of PyTorch before 1.6, is asked for.

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> tt.save(nn.Linear(3, 2).state_dict(), file)
        >>> list(tt.load(io.BytesIO(file.getvalue())))
        ['weight', 'bias']
    """
    if pickle_module is not pickle:
        raise NotImplementedError("torch.save: tinytensor pickles with Python's own pickle module only")
    if not _use_new_zipfile_serialization:
        raise NotImplementedError("torch.save: tinytensor does not write the format of PyTorch before 1.6")
    buffer = io.BytesIO()
    pickler = Pickler(buffer, pickle_protocol)
    pickler.dump(obj)
    with archive.writer(f) as out:
        out.write("data.pkl", buffer.getvalue())
        pickler.write_storages(out)


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """Reads what `save` wrote, here or in PyTorch 1.6 and newer.

    Args:
        f: a path, or a file object with `read`.
        map_location: where tensors go: the CPU. A checkpoint of GPU tensors needs `"cpu"`, a dict from its devices, or
            a function `(storage, location)`.
        pickle_module: only `pickle`.
        weights_only: unless it is False, tensors, plain containers and what `add_safe_globals` names are loaded, and
            anything else is refused. With False the file can run any code: only for files you trust.
        mmap: accepted; tensors are read into memory either way.
        pickle_load_args: `encoding`, `errors`, `fix_imports` of `pickle.load`.

    Raises:
        FileNotFoundError: there is no such file.
        RuntimeError: the file is truncated or damaged, or its tensors were on a GPU and `map_location` is not given.
        pickle.UnpicklingError: the file is foreign, or names something that `weights_only` refuses.
        NotImplementedError: the file is of PyTorch before 1.6, or has a dtype tinytensor does not have.

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> tt.save({"step": 3, "w": tt.ones(2)}, file)
        >>> tt.load(io.BytesIO(file.getvalue()), map_location="cpu")
        {'step': 3, 'w': tensor([1., 1.])}
    """
    if pickle_module not in (None, pickle):
        raise NotImplementedError("torch.load: tinytensor unpickles with Python's own pickle module only")
    with archive.reader(f) as source:
        data = source.bytes("data.pkl")
        if weights_only is not None and not weights_only:
            return Unpickler(data, source, map_location, **pickle_load_args).load()
        unpickler = SafeUnpickler(data, source, map_location, _safe_globals, **pickle_load_args)
        try:
            return unpickler.load()
        except (AttributeError, EOFError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise pickle.UnpicklingError(f"{source.label} is damaged: {error}") from error


# ---- what else a file may name ----


def add_safe_globals(safe_globals: list[Any]) -> None:
    """Lets `load` use these classes and functions in files.

    Args:
        safe_globals: classes or functions, or pairs of one and the name it has in files. Names that begin with
            `torch.` stand for tinytensor's own.

    Example:
        >>> tt.serialization.add_safe_globals([nn.Linear])
        >>> tt.serialization.get_safe_globals()
        [<class 'tinytensor.nn.modules.linear.Linear'>]
        >>> tt.serialization.clear_safe_globals()
    """
    for item in safe_globals:
        value, name = item if isinstance(item, tuple) else (item, f"{item.__module__}.{item.__qualname__}")
        if not isinstance(name, str):
            raise TypeError(f"add_safe_globals: expected a pair of an object and its name, got {item!r}")
        _safe_globals[name] = value
        if name.startswith("tinytensor."):
            _safe_globals[f"torch.{name.removeprefix('tinytensor.')}"] = value


def get_safe_globals() -> list[Any]:
    """What was declared safe.

    Example:
        >>> with tt.serialization.safe_globals([nn.ReLU]):
        ...     tt.serialization.get_safe_globals()
        [<class 'tinytensor.nn.modules.activation.ReLU'>]
    """
    return list(dict.fromkeys(_safe_globals.values()))


def clear_safe_globals() -> None:
    """Forgets what was declared safe.

    Example:
        >>> tt.serialization.clear_safe_globals()
        >>> tt.serialization.get_safe_globals()
        []
    """
    _safe_globals.clear()


class safe_globals:
    """Within the block these classes and functions are safe (see `add_safe_globals`).

    Example:
        >>> import io
        >>> file = io.BytesIO()
        >>> tt.save(nn.Flatten(), file)
        >>> with tt.serialization.safe_globals([nn.Flatten]):
        ...     tt.load(io.BytesIO(file.getvalue()))
        Flatten(start_dim=1, end_dim=-1)
    """

    def __init__(self, safe_globals: list[Any]) -> None:
        self._added = safe_globals

    def __enter__(self) -> None:
        self._before = dict(_safe_globals)
        add_safe_globals(self._added)

    def __exit__(self, *_: object) -> None:
        _safe_globals.clear()
        _safe_globals.update(self._before)


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
