"""The pickle of an archive: objects as Python pickles them, tensors as PyTorch does."""

from __future__ import annotations

import _codecs
import io
import pickle
import pickletools
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from types import FunctionType
from typing import Any, ClassVar, NoReturn

from .. import _C
from ..device import check_device, device
from ..tensor import Size, Tensor
from .archive import Reader, Writer
from .tensors import DTYPES, MISSING_DTYPES, TORCH_NAMES, Storage, StorageType, reduce_tensor, refuse_dtype

# ---- writing ----


_PythonPickler: Any = pickle._Pickler  # the one whose way of writing names can be changed


class Pickler(_PythonPickler):  # type: ignore[misc]
    """Pickles tensors under PyTorch's names, which exist nowhere here, and keeps their memory for `write_storages`."""

    def __init__(self, file: Any, protocol: int) -> None:
        super().__init__(file, protocol)
        self._storages: dict[int, Storage] = {}

    def reducer_override(self, obj: Any) -> Any:
        """How tensors and what describes them are pickled; other objects say it themselves."""
        if isinstance(obj, Tensor):
            return reduce_tensor(obj, self._storage(obj))
        if isinstance(obj, StorageType):
            return obj.name
        if isinstance(obj, Size):
            return Size, (tuple(obj),)
        if isinstance(obj, device):
            return device, (obj.type,) if obj.index is None else (obj.type, obj.index)
        return NotImplemented

    def persistent_id(self, obj: Any) -> Any:
        """What stands in the pickle for the memory of tensors."""
        if isinstance(obj, Storage):
            return "storage", obj.kind, obj.key, "cpu", obj.flat.numel()
        return None

    def save_global(self, obj: Any, name: str | None = None) -> None:
        """Writes a reference by name: PyTorch's name where there is one."""
        torch_name = TORCH_NAMES.get(obj)
        if torch_name is None:
            super().save_global(obj, name)
        else:
            self.write(pickle.GLOBAL + "{}\n{}\n".format(*torch_name).encode())
            self.memoize(obj)

    dispatch: ClassVar[dict[type, Any]] = {**_PythonPickler.dispatch, FunctionType: save_global}

    def _storage(self, x: Tensor) -> Storage:
        storage = self._storages.get(x._storage_id()) if x.numel() else None
        if storage is None:
            storage = Storage.of(x, str(len(self._storages)))
            self._storages[x._storage_id() if x.numel() else -len(self._storages)] = storage
        elif storage.flat.dtype != x.dtype:
            raise RuntimeError(
                "Cannot save multiple tensors or storages that view the same data as different types: "
                f"{storage.flat.dtype} and {x.dtype}"
            )
        return storage

    def write_storages(self, archive: Writer) -> None:
        """Writes the memory of the tensors that were pickled."""
        for storage in self._storages.values():
            archive.write(f"data/{storage.key}", storage.flat.numpy().view("u1").data)


# ---- reading ----


class Unpickler(pickle.Unpickler):
    """Rebuilds what PyTorch or tinytensor pickled; any object may be named."""

    def __init__(self, data: bytes, archive: Reader, map_location: Any, **options: Any) -> None:
        super().__init__(io.BytesIO(data), **options)
        self._archive = archive
        self._map_location = map_location
        self._storages: dict[str, Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        """The object of a name; PyTorch's names are tinytensor's."""
        found = _found(module, name)
        if found is not None:
            return found
        if module == "torch" or module.startswith("torch."):
            module = "tinytensor" + module[5:]
            import_module(module)
        return super().find_class(module, name)

    def persistent_load(self, pid: Any) -> Storage:
        """The memory of tensors, read when it is first asked for."""
        if not (isinstance(pid, tuple) and len(pid) == 5 and pid[0] == "storage" and isinstance(pid[1], StorageType)):
            raise pickle.UnpicklingError(f"an object outside of the pickle that is no storage: {pid!r}")
        _, kind, key, location, count = pid
        if kind.name in MISSING_DTYPES:
            refuse_dtype(MISSING_DTYPES[kind.name])
        if key not in self._storages:
            dtype = DTYPES[kind.name]
            array = self._archive.array(key, dtype.name, count)
            flat = _C.from_buffer(array) if count else _C.empty((0,), dtype)
            self._storages[key] = Storage(flat, key)
            _check_location(self._map_location, self._storages[key], location)
        return self._storages[key]


def _check_location(map_location: Any, storage: Storage, location: str) -> None:
    """Refuses what is to end up elsewhere than on the CPU."""
    if callable(map_location):
        if map_location(storage, location) is not None:
            return  # the storage, moved: there is one place to move it to
        map_location = None
    if isinstance(map_location, dict):
        location = map_location.get(location, location)
    elif map_location is not None:
        location = map_location
    where = str(location)
    if where.partition(":")[0] != "cpu" and map_location is None:
        raise RuntimeError(
            f"Attempting to deserialize an object that was on {where!r}; tinytensor runs on the CPU: "
            "use torch.load with map_location='cpu'"
        )
    check_device(location)


def _found(module: str, name: str) -> Any:
    """What a pickle of tensors may name, or None."""
    if module == "torch" and name in _MISSING:
        return getattr(import_module("tinytensor"), name, None) or refuse_dtype(name)
    if module == "torch.storage" and name == "UntypedStorage":
        module = "torch"
    return _BY_NAME.get((module, name))


_BY_NAME = {name: item for item, name in TORCH_NAMES.items()}
_MISSING = {*MISSING_DTYPES.values(), "uint16", "uint32", "uint64"} | {
    f"float8_{kind}" for kind in ("e4m3fn", "e4m3fnuz", "e5m2", "e5m2fnuz", "e8m0fnu")
}


# ---- reading what somebody else made ----


class SafeUnpickler(Unpickler):
    """Refuses every name but those of tensors, plain containers and the globals that the user declared safe."""

    def __init__(self, data: bytes, archive: Reader, map_location: Any, safe: dict[str, Any], **options: Any) -> None:
        _check_opcodes(data)
        super().__init__(data, archive, map_location, **options)
        self._safe = safe

    def find_class(self, module: str, name: str) -> Any:
        """The object of an allowed name."""
        declared = self._safe.get(f"{module}.{name}")
        if declared is not None:
            return declared
        found = _found(module, name) or _PLAIN.get((module, name))
        if found is None:
            self._refuse(f"{module}.{name}")
        return _Allowed(found) if callable(found) else found

    def _refuse(self, name: str) -> NoReturn:
        raise pickle.UnpicklingError(
            f"Weights only load failed: {self._archive.label} names {name}, which is neither a tensor nor a plain "
            f"container. If you trust the file, allow it by torch.serialization.add_safe_globals([{name}]), or load "
            "with weights_only=False, which lets the file run any code"
        )


class _Allowed:
    """A function or class that a pickle may call, and do nothing else with."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        return self._function(*args)

    def __setstate__(self, state: Any) -> NoReturn:
        raise pickle.UnpicklingError("the pickle would change a function")


def _bytes(text: str, encoding: str) -> bytes:
    """Bytes, as protocol 2 spells them."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"bytes in the encoding {encoding!r}")
    return _codecs.encode(text, encoding)


_PLAIN: dict[tuple[str, str], Any] = {
    (module, name): value
    for module in ("builtins", "__builtin__")
    for name, value in {"set": set, "frozenset": frozenset, "bytearray": bytearray, "complex": complex}.items()
}
_PLAIN |= {("_codecs", "encode"): _bytes, ("collections", "Counter"): Counter}

_OPCODES = frozenset(
    """PROTO FRAME STOP MARK POP POP_MARK DUP MEMOIZE PUT BINPUT LONG_BINPUT GET BINGET LONG_BINGET
    NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT UNICODE BINUNICODE
    SHORT_BINUNICODE BINUNICODE8 BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8 SHORT_BINSTRING BINSTRING
    EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST LIST APPEND APPENDS EMPTY_DICT DICT SETITEM SETITEMS EMPTY_SET
    ADDITEMS FROZENSET GLOBAL STACK_GLOBAL REDUCE NEWOBJ BUILD BINPERSID""".split()
)


def _check_opcodes(data: bytes) -> None:
    """Refuses a pickle that is damaged, or has opcodes that data has no use for."""
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name not in _OPCODES:
                raise pickle.UnpicklingError(f"Weights only load failed: the pickle has the opcode {opcode.name}")
            if opcode.name.endswith("PUT") and isinstance(argument, int) and argument > len(data):
                raise pickle.UnpicklingError(f"Weights only load failed: the pickle stores an object as {argument}")
    except ValueError as error:
        raise pickle.UnpicklingError(f"Weights only load failed: the pickle is damaged: {error}") from error
