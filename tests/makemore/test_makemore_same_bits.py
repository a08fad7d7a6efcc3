"""The same training gives the same bits for any number of threads and on every instruction set with fused products."""

import hashlib
from pathlib import Path

import pytest

from tinytensor import _C

# Wide enough (batch and hidden layer) that the engine does split the work of the large runs.
RUNS = {
    "lecture": ["--steps", 300],
    "large": ["--steps", 20, "--batch-size", 1024, "--n-hidden", 512],
}


def digest(directory: Path) -> str:
    """One hash for all files of a run but the metrics, which tell the time."""
    paths = sorted(path for path in directory.iterdir() if path.name != "metrics.jsonl")
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


@pytest.mark.parametrize("run", RUNS)
def test_same_bits(makemore, tmp_path, run) -> None:
    fused = [isa for isa in _C.config()["available_isas"] if isa != "baseline"]
    digests = {}
    for isa in fused or ["baseline"]:
        for threads in (1, 2):
            out = f"{isa}-{threads}"
            result = makemore("train", *RUNS[run], "--threads", threads, "--out", out, TINYTENSOR_ISA=isa)
            assert result.returncode == 0, result.stderr
            digests[out] = digest(tmp_path / out)
    assert len(set(digests.values())) == 1, digests
