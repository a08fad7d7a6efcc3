"""Files that are whole at any moment."""

import os
from pathlib import Path


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
