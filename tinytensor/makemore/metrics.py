"""What a training tells while it runs: rows of numbers, kept as one JSON object a line."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .errors import Problem
from .files import write

Row = dict[str, float]


class Metrics:
    """Rows such as `{"step": 200, "loss": 2.91, "lr": 0.1, "seconds": 0.4}`, in memory and in a file.

    Attributes:
        rows: all of them.
    """

    def __init__(self, rows: Iterable[Row] = ()):
        self.rows = list(rows)
        self._path: Path | None = None
        self._board: Any = None

    def keep_in(self, path: Path, tensorboard: bool = False) -> None:
        """Writes the rows there are to a file, in place of what is in it, and from now on every row that comes."""
        if tensorboard:
            self._board = _summary_writer(path.parent / "tensorboard", self.rows)
        try:
            write(path, "".join(json.dumps(row) + "\n" for row in self.rows).encode())
        except OSError as error:
            raise Problem(f"cannot write {path}: {error.strerror}") from None
        self._path = path

    def add(self, row: Row) -> None:
        """One row more."""
        self.rows.append(row)
        if self._path is not None:
            try:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
            except OSError as error:
                raise Problem(f"cannot write {self._path}: {error.strerror}") from None
        if self._board is not None:
            for name, value in row.items():
                if name != "step":
                    self._board.add_scalar(name, value, int(row["step"]))

    def close(self) -> None:
        """Nothing more comes for TensorBoard."""
        if self._board is not None:
            self._board.close()
            self._board = None


def read_metrics(path: Path) -> list[Row]:
    """The rows of a file, if there is one, up to the first line that is not whole: where a writer was stopped."""
    rows: list[Row] = []
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return rows
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from None
    for line in text.splitlines(keepends=True):
        try:
            row = json.loads(line)
        except ValueError:
            break
        if not line.endswith("\n") or not isinstance(row, dict) or "step" not in row:
            break
        rows.append(row)
    return rows


def _summary_writer(directory: Path, rows: list[Row]) -> Any:
    try:
        from tensorboardX import SummaryWriter
    except ModuleNotFoundError:
        raise Problem("--tensorboard needs the package tensorboardX: pip install tensorboardX") from None
    return SummaryWriter(str(directory), purge_step=int(rows[-1]["step"]) + 1 if rows else None)
