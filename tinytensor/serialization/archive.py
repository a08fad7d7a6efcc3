"""The file: a zip archive of uncompressed records, as PyTorch writes since 1.6.

`NAME/data.pkl` is the pickle of the object, `NAME/data/0`, `NAME/data/1`, ... the memory of its tensors, each at a
multiple of 64 bytes in the file; small records beside them state versions and byte order.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

_ALIGNMENT = 64
_LOCAL_HEADER = 30  # bytes of a zip entry before its name
_LEGACY_MAGIC = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"  # the number that opens files of PyTorch before 1.6


# ---- writing ----


class Writer:
    """Writes the records of one archive."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name = file, name
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)

    def write(self, record: str, data: Any) -> None:
        """Adds a record, aligned by padding in the extra field of its header."""
        entry = zipfile.ZipInfo(f"{self._name}/{record}")
        start = self._file.tell() + _LOCAL_HEADER + len(entry.filename.encode()) + 4
        padding = -start % _ALIGNMENT
        entry.extra = b"FB" + padding.to_bytes(2, "little") + bytes(padding)
        self._zip.writestr(entry, data)

    def close(self) -> None:
        """Adds what every archive has, and the directory."""
        self.write(".format_version", "1")
        self.write(".storage_alignment", str(_ALIGNMENT))
        self.write("byteorder", sys.byteorder)
        self.write("version", "3\n")
        self._zip.close()


@contextlib.contextmanager
def writer(f: Any) -> Iterator[Writer]:
    """A writer to a path or a file object; a path gets the whole archive or keeps what it was."""
    if hasattr(f, "write"):
        memory = io.BytesIO()
        archive = Writer(memory, "archive")
        yield archive
        archive.close()
        f.write(memory.getvalue())
        return
    if not isinstance(f, str | os.PathLike):
        raise AttributeError(
            f"expected 'f' to be string, path, or a file-like object with 'write' attribute, got {f!r}"
        )
    path = Path(os.path.realpath(os.fsdecode(f)))
    if not path.parent.is_dir():
        raise RuntimeError(f"Parent directory {path.parent} does not exist.")
    with _replacement(path) as file:
        archive = Writer(file, path.stem or "archive")
        yield archive
        archive.close()


@contextlib.contextmanager
def _replacement(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` in one step, once it is complete."""
    if path.exists() and not path.is_file():  # a pipe or a device keeps its place
        memory = io.BytesIO()
        yield memory
        path.write_bytes(memory.getvalue())
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


# ---- reading ----


class Reader:
    """Reads the records of one archive."""

    def __init__(self, archive: zipfile.ZipFile, label: str) -> None:
        self._zip = archive
        self.label = label
        roots = [name.removesuffix("/data.pkl") for name in archive.namelist() if name.count("/") == 1]
        self._root = next((r for r in roots if f"{r}/data.pkl" in archive.NameToInfo), None)
        if self._root is None:
            raise RuntimeError(f"{label} is a zip file, but no PyTorch checkpoint: it has no data.pkl")
        if f"{self._root}/constants.pkl" in archive.NameToInfo:
            raise NotImplementedError(f"{label} is a TorchScript archive; tinytensor reads only what torch.save wrote")
        order = self.bytes("byteorder").decode() if f"{self._root}/byteorder" in archive.NameToInfo else "little"
        if order not in ("little", "big"):
            raise RuntimeError(f"{label} is damaged: its byte order is {order!r}")
        self._swapped = order != sys.byteorder

    def bytes(self, record: str) -> bytes:
        """A whole record."""
        with self._damage(record):
            return self._zip.read(f"{self._root}/{record}")

    def array(self, key: str, name: str, count: int) -> np.ndarray[Any, Any]:
        """The memory of a storage: `count` elements of the NumPy dtype `name`, writable, in this machine's order."""
        dtype = np.dtype(name)
        record = f"data/{key}"
        with self._damage(record):
            entry = self._zip.getinfo(f"{self._root}/{record}")
            if entry.file_size != count * dtype.itemsize:
                raise RuntimeError(
                    f"{self.label} is damaged: {record} has {entry.file_size} bytes, "
                    f"not those of {count} elements of {dtype}"
                )
            memory = np.frombuffer(bytearray(self._zip.read(entry)), dtype)
        return memory.byteswap(inplace=True) if self._swapped else memory

    @contextlib.contextmanager
    def _damage(self, record: str) -> Iterator[None]:
        try:
            yield
        except KeyError:
            raise RuntimeError(f"{self.label} is damaged: it has no {record}") from None
        except (zipfile.BadZipFile, EOFError, OverflowError, NotImplementedError) as error:
            raise RuntimeError(f"{self.label} is truncated or damaged in {record}: {error}") from error


@contextlib.contextmanager
def reader(f: Any) -> Iterator[Reader]:
    """A reader of a path or of a file object, which is read from where it stands."""
    with contextlib.ExitStack() as stack:
        if isinstance(f, str | os.PathLike):
            label = os.fsdecode(f)
            file: IO[bytes] = stack.enter_context(Path(label).open("rb"))
        elif hasattr(f, "read"):
            name = getattr(f, "name", None)
            label = name if isinstance(name, str) else "the file object"
            file = io.BytesIO(f.read())
        else:
            raise AttributeError(f"expected a path or a file object with 'read', got {type(f).__name__}")
        head = file.read(262)
        if not head.startswith(b"PK"):
            _refuse(head, label)
        try:
            archive = stack.enter_context(zipfile.ZipFile(file))
        except zipfile.BadZipFile as error:
            raise RuntimeError(f"{label} is truncated or damaged: {error}") from error
        yield Reader(archive, label)


def _refuse(head: bytes, label: str) -> None:
    """Says what a file is that is no zip archive."""
    if not head:
        raise EOFError(f"{label} is empty")
    if _LEGACY_MAGIC in head[:16] or head[257:262] == b"ustar":
        raise NotImplementedError(
            f"{label} has the format of PyTorch before 1.6, which tinytensor does not read; load it in PyTorch and "
            "save it again"
        )
    if head[8:9] == b"{":
        raise pickle.UnpicklingError(f"{label} looks like a safetensors file: load it with safetensors.torch.load_file")
    raise pickle.UnpicklingError(f"{label} is no file that torch.save wrote: it begins with {head[:8]!r}")
