"""Programs in the style of the lectures, each saying `import torch`: they print the same here and on PyTorch.

`tests/lectures/NAME.py` is a program, `NAME.txt` what it prints on PyTorch 2.13; to write the latter again:
`python tests/lectures/NAME.py tinytensor/makemore/names.txt > tests/lectures/NAME.txt`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import tinytensor as tt

FOLDER = Path(__file__).parent / "lectures"
NAMES = Path(tt.__file__).parent / "makemore" / "names.txt"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.py"))
ALL_ON_PYTORCH = """
import contextlib, io, json, runpy, sys
printed = {}
for program in sys.argv[2:]:
    sys.argv = [program, sys.argv[1], *sys.argv[2:]]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(program, run_name="__main__")
    printed[program] = out.getvalue()
print(json.dumps(printed))
"""


def printed(*arguments: str) -> str:
    env = {**os.environ, "OMP_NUM_THREADS": "1"}  # small programs; and one thread leaves PyTorch's sums as they are
    elsewhere = Path(__file__).parent  # not where a source tree would be imported instead of what is installed
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=300, check=False, env=env, cwd=elsewhere
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def on_pytorch() -> dict[str, str]:
    """What all programs print on PyTorch, which is imported once."""
    programs = [str(FOLDER / f"{name}.py") for name in PROGRAMS]
    return {
        Path(path).stem: text for path, text in json.loads(printed("-c", ALL_ON_PYTORCH, str(NAMES), *programs)).items()
    }


def test_there_are_ten() -> None:
    assert len(PROGRAMS) == 10 and all((FOLDER / f"{name}.txt").stat().st_size > 100 for name in PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_prints_the_same_as_on_pytorch(name: str) -> None:
    if name == "initialisation":
        pytest.importorskip("matplotlib")
    ours = printed("-m", "tinytensor", "run", str(FOLDER / f"{name}.py"), str(NAMES))
    assert ours == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    if importlib.util.find_spec("torch"):
        assert ours == on_pytorch()[name]
