"""A training that is killed goes on from a whole checkpoint to the very bits of one that never stopped."""

import json
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
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=directory.parent,  # not where a source tree would be imported instead of what is installed
    )


def test_killed_run_goes_on(words: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Kill -9 at random moments, `--kills` times in all, of runs that write a checkpoint every second step."""
    kills = request.config.getoption("--kills")
    plan = ["--data", words, "--model", "lstm", "--steps", 1000, "--n-hidden", 16, "--save-every", 2]
    whole = start(tmp_path / "whole", *plan)
    output, errors = whole.communicate(timeout=120)
    assert whole.returncode == 0, errors

    rng = random.Random(0)
    killed_at: list[int] = []
    while len(killed_at) < kills:
        killed = tmp_path / f"killed-{len(killed_at)}"
        killed_at += kill_again_and_again(killed, plan, kills - len(killed_at), rng)
        process = start(killed, "--resume")
        resumed, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        assert kept(killed) == kept(tmp_path / "whole")
        assert resumed.split("\n\n")[1] == output.split("\n\n")[1]
    print(f"killed after the checkpoints of steps {killed_at}")


def kill_again_and_again(directory: Path, plan: list[object], most: int, rng: random.Random) -> list[int]:
    """Starts a run and kills it as it goes on, until it comes to its end; returns the steps it could go on from."""
    steps: list[int] = []
    while len(steps) < most:
        process = start(directory, *(["--resume", "--save-every", 2] if steps else plan))
        wait_for_change(directory / "config.json", process)
        time.sleep(rng.uniform(0, 0.3))
        process.kill()
        _, errors = process.communicate(timeout=60)
        if process.returncode == 0:  # it came to its end before
            break
        assert process.returncode == -signal.SIGKILL, errors
        steps.append(makemore.Run.load(directory).trainer.step)  # a whole checkpoint, whatever happened
    assert steps == sorted(steps)
    return steps


def wait_for_change(config: Path, process: subprocess.Popen[str]) -> None:
    """Until a checkpoint more is there, so that the kill comes while they are written, or the run is at its end."""
    before = config.read_bytes() if config.exists() else b""
    while process.poll() is None:
        if config.exists() and config.read_bytes() != before:
            return
        time.sleep(0.01)


def test_resume_refuses(words: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept"
    assert main(["train", "--data", str(words), "--steps", "50", "--n-hidden", "8", "--out", str(kept)]) == 0
    assert main(["train", "--out", str(kept), "--resume"]) == 0
    assert "trained  0 steps" in capsys.readouterr().out
    for arguments, message in [
        (["--model", "rnn"], "holds a run with model mlp, not rnn"),
        (["--n-hidden", "9"], "n_hidden 8, not 9"),
        (["--n-head", "2"], "a run of mlp, which has no setting n_head"),
        (["--lr", "0.2"], "lr 0.1, not 0.2"),
    ]:
        assert main(["train", "--out", str(kept), "--resume", *arguments]) == 1
        assert message in capsys.readouterr().err
    words.write_text("other\nwords\nhere\n")
    assert main(["train", "--out", str(kept), "--resume"]) == 1
    assert "are not those of" in capsys.readouterr().err
    assert main(["train", "--out", str(tmp_path / "nowhere"), "--resume"]) == 1
    assert "nowhere is not a checkpoint" in capsys.readouterr().err
