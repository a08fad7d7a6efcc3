"""The command as a user runs it: its own process, in an empty directory."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def makemore(tmp_path: Path) -> Command:
    """Runs `makemore ...` in tmp_path; environment variables are given by keyword."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tinytensor.makemore", *map(str, arguments)]
        env = os.environ | environment
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=env, timeout=120)

    return run


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A small word list."""
    path = tmp_path / "words.txt"
    path.write_text("".join(f"{a}{b}{c}\n" for a in "bdklmnr" for b in "aeiou" for c in ("", "n", "lla")))
    return path


@pytest.fixture
def small(words: Path) -> list[object]:
    """Arguments of a training that takes no time."""
    return ["train", "--data", words, "--steps", 50, "--n-hidden", 8]


@pytest.fixture
def trained(makemore: Command, small: list[object], tmp_path: Path) -> Path:
    """A checkpoint."""
    result = makemore(*small, "--out", "kept")
    assert result.returncode == 0, result.stderr
    return tmp_path / "kept"
