"""A training that is killed goes on from a whole checkpoint to the very bits of one that never stopped."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tinytensor import makemore
from tinytensor.makemore.__main__ import main


def kept(directory: Path) -> dict[str, bytes]:
    """Every file of a finished run; of the metrics all but the time."""
    files = {path.name: path.read_bytes() for path in directory.iterdir()}
    rows = [json.loads(line) for line in files.pop("metrics.jsonl").splitlines()]
    for row in rows:
        del row["seconds"]
    return files | {"metrics": json.dumps(rows).encode()}


def start(directory: Path, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tinytensor.makemore", "train", "--out", directory, *arguments, "--threads", 1]
    return subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def test_killed_run_goes_on(words: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Kill -9 at random moments, `--kills` times in all; a checkpoint is written after every second step."""
    kills = request.config.getoption("--kills")
    plan = ["--data", words, "--model", "lstm", "--steps", 600 * kills, "--n-hidden", 16, "--save-every", 2]
    whole = start(tmp_path / "whole", *plan)
    output, errors = whole.communicate(timeout=60 + 20 * kills)
    assert whole.returncode == 0, errors

    rng = random.Random(0)
    steps, continued = [], plan
    for _ in range(kills):
        config = tmp_path / "killed" / "config.json"
        before = config.read_bytes() if config.exists() else b""
        process = start(tmp_path / "killed", *continued)
        wait_for_change(config, before)
        time.sleep(rng.uniform(0, 0.3))
        os.kill(process.pid, signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL, errors
        steps.append(makemore.Run.load(tmp_path / "killed").trainer.step)  # a whole checkpoint, whatever happened
        continued = ["--resume"]
    assert all(a < b for a, b in itertools.pairwise(steps)), steps
    print(f"killed after the checkpoints of steps {steps}")

    process = start(tmp_path / "killed", "--resume")
    resumed, errors = process.communicate(timeout=60 + 20 * kills)
    assert process.returncode == 0, errors
    assert kept(tmp_path / "killed") == kept(tmp_path / "whole")
    assert resumed.split("\n\n")[1] == output.split("\n\n")[1]


def wait_for_change(config: Path, before: bytes) -> None:
    """Until a checkpoint more is there, so that the kill comes while they are written."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if config.exists() and config.read_bytes() != before:
            return
        time.sleep(0.01)
    raise AssertionError("no checkpoint came")


def test_resume_refuses(words: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept"
    assert main(["train", "--data", str(words), "--steps", "50", "--n-hidden", "8", "--out", str(kept)]) == 0
    assert main(["train", "--out", str(kept), "--resume"]) == 0
    assert "trained  0 steps" in capsys.readouterr().out
    for arguments, message in [
        (["--model", "rnn"], "holds a run with model mlp, not rnn"),
        (["--n-hidden", "9"], "n_hidden 8, not 9"),
        (["--n-head", "2"], "n_head None, not 2"),
        (["--lr", "0.2"], "lr 0.1, not 0.2"),
    ]:
        assert main(["train", "--out", str(kept), "--resume", *arguments]) == 1
        assert message in capsys.readouterr().err
    words.write_text("other\nwords\nhere\n")
    assert main(["train", "--out", str(kept), "--resume"]) == 1
    assert "are not those of" in capsys.readouterr().err
    assert main(["train", "--out", str(tmp_path / "nowhere"), "--resume"]) == 1
    assert "nowhere is not a checkpoint" in capsys.readouterr().err
