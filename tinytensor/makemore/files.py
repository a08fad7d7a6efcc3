"""Files that are whole at any moment."""

import os
from pathlib import Path

from .errors import Problem


def check_writable(path: Path) -> None:
    """A Problem if the file cannot be written where it is to be: asked before the work, not after it."""
    if path.is_dir():
        raise Problem(f"cannot write {path}: Is a directory")
    if not path.parent.is_dir():
        raise Problem(f"cannot write {path}: no such directory: {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Problem(f"cannot write {path}: Permission denied")


def write(path: Path, data: bytes) -> None:
    """Replaces a file in one step: it is whole, old or new, at any moment."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
