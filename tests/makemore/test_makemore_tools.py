"""makemore eval, lr-find, tune, compare, and what train says of bad settings; in this process, to be quick."""

import json
import math
import multiprocessing
import re
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from tinytensor import makemore
from tinytensor.makemore.__main__ import main
from tinytensor.makemore.options import by_model
from tinytensor.makemore.progress import per_second
from tinytensor.makemore.recipe import Recipe
from tinytensor.makemore.sweep import lr_find
from tinytensor.makemore.tuning import tune

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, words: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command in tmp_path: its exit code, output and complaint."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        output, errors = capsys.readouterr()
        assert "Traceback" not in errors and len(errors.splitlines()) <= 1
        return code, output, errors

    return run


@pytest.fixture
def trained(call: Call) -> str:
    options = ("--steps", 20, "--n-embd", 8, "--n-hidden", 8, "--lr", 0.01)
    assert call("train", "--model", "gru", "--data", "words.txt", "--out", "kept", *options)[0] == 0
    return "kept"


def test_eval(call: Call, trained: str) -> None:
    code, output, _ = call("eval", trained, "--worst", 3)
    assert code == 0
    run = makemore.Run.load(Path(trained))
    dev = run.words["dev"]
    losses = makemore.word_losses(run.model, dev, run.vocabulary)
    line = next(line for line in output.splitlines() if line.startswith("dev"))
    assert [float(n) for n in line.split()[1:]] == pytest.approx(
        [run.loss("dev"), math.exp(run.loss("dev")), losses.mean()], abs=1e-4
    )
    worst = [line.split() for line in output.splitlines()[-3:]]
    assert [word for word, *_ in worst] == sorted(dev, key=lambda word: -losses[dev.index(word)])[:3]
    assert float(worst[0][1]) == pytest.approx(losses.max(), abs=1e-3)

    code, output, _ = call("eval", trained, "--words", "balla", "din")
    assert code == 0 and [line.split()[0] for line in output.splitlines()] == ["word", "balla", "din"]
    assert "never saw: 'x' 'y'" in call("eval", trained, "--words", "xy")[2]
    assert "at most 5 are possible" in call("eval", trained, "--words", "ballaballa")[2]
    assert "a word that is not empty" in call("eval", trained, "--words", "")[2]
    assert "at most 5 are possible" in call("sample", trained, "--prefix", "ballaballa")[2]


def test_lr_find(call: Call) -> None:
    arguments = ("--data", "words.txt", "--model", "mlp", "--n-hidden", 8)
    code, output, _ = call("lr-find", *arguments, "--steps", 60, "--out", "sweep.jsonl")
    assert code == 0
    rows = [json.loads(line) for line in Path("sweep.jsonl").read_text().splitlines()]
    assert (rows[0]["lr"], rows[-1]["lr"], len(rows)) == (pytest.approx(1e-3), pytest.approx(1.0), 60)
    best = min(rows, key=lambda row: row["smooth"])["lr"]
    assert output.splitlines()[-1] == f"lowest at     {best:.3g}"
    assert "it counts" in call("lr-find", "--model", "bigram-count", "--data", "words.txt")[2]
    assert "is not below" in call("lr-find", "--lowest", 2, "--data", "words.txt")[2]
    code, output, errors = call("lr-find", *arguments, "--out", "nowhere/sweep.jsonl")
    assert (code, output) == (1, "") and "no such directory: nowhere" in errors  # found out before the sweep


def test_sweep_stops_where_the_loss_flies(words: Path) -> None:
    sweep = lr_find(makemore.Run("mlp", words, steps=100, n_hidden=8), 1e-2, 1e6)
    assert 5 < len(sweep.lrs) < 100 and sweep.lrs[-1] < 1e5
    assert sweep.losses[0] / 2 < sweep.losses[-1] < 4 * sweep.losses[0]
    assert sweep.best < 100


def test_tune(call: Call) -> None:
    grid = ("--grid", "smoothing=0.01,1,1000")
    code, output, errors = call(
        "tune", "--model", "bigram-count", "--data", "words.txt", *grid, "--processes", 1, "--out", "trials.jsonl"
    )
    assert code == 0, errors
    trials = [json.loads(line) for line in Path("trials.jsonl").read_text().splitlines()]
    losses = []
    for smoothing in (0.01, 1.0, 1000.0):
        run = makemore.Run("bigram-count", Path("words.txt"), smoothing=smoothing)
        run.train()
        losses.append((run.loss("dev"), smoothing))
    assert [(t["dev_loss"], t["options"]["smoothing"]) for t in trials] == sorted(losses)
    assert output.splitlines()[-3].split()[0] == str(min(losses)[1])
    for wrong, message in [
        ("smoothing", "it needs values"),
        ("n_hidden=3", "no setting 'n_hidden'"),
        ("smoothing=a", "'a' is not a number"),
        ("smoothing=-1", "not between"),
        ("smoothing=1 smoothing=2", "smoothing stands there twice"),
    ]:
        code, _, errors = call("tune", "--model", "bigram-count", "--data", "words.txt", "--grid", *wrong.split())
        assert (code, message in errors) == (1, True), errors


def test_tuning_that_is_left_ends_its_trainings(words: Path) -> None:
    before = multiprocessing.active_children()
    trials = tune("bigram", {"steps": [2, 10**9]}, words, processes=2)
    assert next(trials).options == {"steps": 2}
    trials.close()
    assert multiprocessing.active_children() == before


def test_compare(call: Call) -> None:
    arguments = ("compare", "--data", "words.txt", "--models", "bigram-count", "trigram-count")
    code, output, _ = call(*arguments)
    assert code == 0
    head, *rows = output.split("\n\n")[-1].splitlines()
    assert head.split() == ["model", "parameters", "train", "dev", "test", "seconds", "steps/s"]
    run = makemore.Run.load(Path("runs/bigram-count"))
    assert rows[0].split()[:5] == ["bigram-count", "0", *(f"{run.loss(split):.4f}" for split in run.words)]


def test_what_counts_has_no_recipe(call: Call) -> None:
    code, output, _ = call("compare", "--data", "words.txt", "--steps", 3, "--models", "bigram-count", "bigram")
    assert code == 0 and output.startswith("bigram-count: 1 step\n") and "bigram: 3 steps\n" in output


def test_micrograd_tells_its_accuracy(call: Call) -> None:
    code, output, _ = call("train", "--model", "micrograd", "--n-hidden", 2, "--steps", 1, "--data", "words.txt")
    assert code == 0 and output.startswith("data     100 + 100 + 100 examples (train + dev + test)\n")
    assert re.search(r"^train    accuracy \d+\.\d%\ndev      accuracy \d+\.\d%$", output, re.M), output
    output = call("eval", "runs/micrograd")[1]
    assert re.search(r"^dev +\d\.\d{4} +- +-\n +accuracy \d+\.\d%$", output, re.M), output


def test_speed() -> None:
    assert [per_second(*case) for case in ((20_000, 2), (100, 75), (3, 0))] == [
        "10,000 steps/s",
        "1.33 steps/s",
        "3,000,000,000 steps/s",
    ]


def test_defaults_are_shown_by_model() -> None:
    assert by_model({"mlp": 3, "manual": 3, "wavenet": 8}) == "mlp, manual: 3; wavenet: 8"
    assert by_model({"bigram": False}) == "bigram"
    assert by_model({"rnn": 0.0005, "micrograd": 1.0}) == "rnn: 0.0005; micrograd: 1"


def test_compare_does_not_train_again(call: Call) -> None:
    arguments = ("compare", "--data", "words.txt", "--models", "mlp", "--out", "runs", "--steps")
    first = call(*arguments, 30)[1]
    again = call(*arguments, 30)
    assert again[0] == 0 and "30 steps" in first and "30 steps" not in again[1]
    assert first.splitlines()[-2:] == again[1].splitlines()[-2:]
    assert "holds another run" in call(*arguments, 31)[2]


def test_check(call: Call) -> None:
    code, output, _ = call("train", "--model", "manual", "--data", "words.txt", "--check")
    lines = [line for line in output.splitlines() if "maxdiff" in line]
    assert code == 0 and len(lines) == 28
    assert lines[0] == "logprobs        | exact: True  | approximate: True  | maxdiff: 0.0"
    assert not Path("runs").exists()
    assert "no backward pass written by hand" in call("train", "--data", "words.txt", "--check")[2]


def test_tensorboard(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    code, _, errors = call("train", "--data", "words.txt", "--steps", 3, "--tensorboard")
    assert (code, errors) == (1, "makemore: --tensorboard needs the package tensorboardX: pip install tensorboardX\n")


def test_tensorboard_gets_every_number(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, float, int]] = []

    class SummaryWriter:
        def __init__(self, directory: str, purge_step: int | None):
            assert Path(directory) == Path("kept/tensorboard")
            self.add_scalar = lambda *scalar: told.append(scalar)

        def close(self) -> None:
            told.append(("closed", 0.0, 0))

    module = types.ModuleType("tensorboardX")
    module.SummaryWriter = SummaryWriter
    monkeypatch.setitem(sys.modules, "tensorboardX", module)
    assert call("train", "--data", "words.txt", "--steps", 3, "--tensorboard", "--out", "kept")[0] == 0
    rows = [json.loads(line) for line in Path("kept/metrics.jsonl").read_text().splitlines()]
    expected = [(name, value, row["step"]) for row in rows for name, value in row.items() if name != "step"]
    assert told == [*expected, ("closed", 0.0, 0)]


@pytest.mark.parametrize("schedule", ["constant", "step", "linear", "cosine"])
def test_schedules(schedule: str) -> None:
    recipe = Recipe(steps=100, lr=1.0, schedule=schedule, decay_at=0.75)
    rates = [recipe.lr_at(step) for step in range(100)]
    assert rates[0] == 1.0 and rates == sorted(rates, reverse=True)
    assert rates[-1] == pytest.approx(1.0 if schedule == "constant" else 0.1, abs=0.02)
    assert schedule != "step" or (rates[74], rates[75]) == (1.0, 0.1)


def test_long_words_and_many(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\n".join(["a" * 60, *(f"w{'é' * (i % 9)}'{'b' * (i % 5)}" for i in range(200))]), encoding="utf-8")
    for model in ("transformer", "lstm", "wavenet"):
        run = makemore.Run(model, path, steps=2, batch_size=8)
        run.train()
        assert math.isfinite(run.loss("test"))
        assert all(len(word) <= (run.model.longest or 200) for word in run.sample(2))
