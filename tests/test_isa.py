"""The same bits from every instruction set that has FMA, and from any number of threads."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

import tinytensor

AVAILABLE = tinytensor._C.config()["available_isas"]
HERE = pathlib.Path(__file__).parent
SETTINGS = [("avx2", 2), ("avx512", 2)]


def run(arguments: list[str], isa: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter with that instruction set."""
    env = {**os.environ, "TINYTENSOR_ISA": isa}
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=env, cwd=HERE)


def bits(isa: str, threads: int) -> dict[str, str]:
    if isa not in AVAILABLE:
        pytest.skip(f"this processor or build has no {isa}")
    done = run(["op_bits.py", str(threads)], isa)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    return bits("avx2", 1)


@pytest.mark.parametrize(("isa", "threads"), SETTINGS, ids=[f"{i}-{t}" for i, t in SETTINGS])
def test_same_bits(isa: str, threads: int, reference: dict[str, str]) -> None:
    found = bits(isa, threads)
    assert found.keys() == reference.keys()
    different = [name for name in found if found[name] != reference[name]]
    assert not different, f"{len(different)} of {len(found)} ops: {different}"


def test_forced_set_is_used_and_an_unknown_one_refused() -> None:
    show = ["-c", "import tinytensor; print(tinytensor.show_config())"]
    for isa in AVAILABLE:
        assert f"instruction set: {isa} " in run(show, isa).stdout
    done = run(show, "avx1024")
    assert done.returncode != 0 and "avx1024" in done.stderr
