"""makemore train and makemore sample, as a user sees them."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SEEDED = ["--seed", 7, "--count", 5]


def files(directory: Path) -> set[str]:
    """Everything below a directory."""
    return {str(path.relative_to(directory)) for path in directory.rglob("*")}


def complaint(result: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The one line on stderr that a failed command leaves."""
    assert result.returncode == code, (result.stdout, result.stderr)
    assert "Traceback" not in result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    assert code != 2 or lines[0].endswith(" --help)")
    assert lines[-1].startswith("makemore")
    return lines[-1]


def test_train_prints_losses_and_names(makemore, small, tmp_path) -> None:
    result = makemore(*small)
    assert (result.returncode, result.stderr) == (0, "")
    assert re.search(r"^step  5/50  loss \d\.\d{4}  [\d,]+ steps/s$", result.stdout, re.M)
    assert re.search(r"^loss     train \d\.\d{4}, dev \d\.\d{4}$", result.stdout, re.M)
    assert "\r" not in result.stdout
    names = result.stdout.split("\n\n")[1].splitlines()
    assert len(names) == 20
    assert (tmp_path / "runs" / "mlp" / "config.json").is_file()


def test_run_is_kept_in_readable_files(trained) -> None:
    from safetensors.numpy import load_file

    config = json.loads((trained / "config.json").read_text(encoding="utf-8"))
    assert files(trained) == {"config.json", "metrics.jsonl", config["weights"]["file"], config["state"]["file"]}
    assert config["settings"] == {"block_size": 3, "n_embd": 10, "n_hidden": 8, "direct": False}
    assert config["recipe"]["steps"] == 50
    weights = load_file(trained / config["weights"]["file"])
    assert {name: w.shape for name, w in weights.items()} == {
        "C": (len(config["characters"]) + 1, 10),
        "W1": (30, 8),
        "b1": (8,),
        "W2": (8, len(config["characters"]) + 1),
        "b2": (len(config["characters"]) + 1,),
    }


def test_metrics_are_one_object_a_line(trained) -> None:
    rows = [json.loads(line) for line in (trained / "metrics.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == list(range(1, 51))
    assert all({"step", "loss", "lr", "seconds"} <= row.keys() for row in rows)
    assert [row["step"] for row in rows if "dev_loss" in row] == list(range(5, 51, 5))
    results = json.loads((trained / "config.json").read_text())["results"]
    assert results == {key: rows[-1][key] for key in ("train_loss", "dev_loss")}


def test_training_again_replaces_the_checkpoint(makemore, small, trained) -> None:
    before = (trained / "config.json").read_bytes()
    assert makemore(*small, "--out", trained, "--seed", 1).returncode == 0
    assert (trained / "config.json").read_bytes() != before
    assert len(files(trained)) == 4
    assert makemore(*small, "--out", trained).returncode == 0
    assert (trained / "config.json").read_bytes() == before


def test_train_names_what_sample_repeats(makemore, small) -> None:
    names = makemore(*small, "--out", "kept").stdout.split("\n\n")[1]
    assert makemore("sample", "kept").stdout == names


def test_sample(makemore, trained) -> None:
    first = makemore("sample", trained, *SEEDED)
    assert first.returncode == 0
    assert len(first.stdout.splitlines()) == 5
    assert makemore("sample", trained, *SEEDED).stdout == first.stdout
    assert makemore("sample", trained, "--seed", 8, "--count", 5).stdout != first.stdout
    prefixed = makemore("sample", trained, *SEEDED, "--prefix", "ma").stdout.splitlines()
    assert len(prefixed) == 5 and all(word.startswith("ma") for word in prefixed)
    assert makemore("sample", trained, "--count", 0).stdout == ""


@pytest.mark.parametrize("temperature", ["0.01", "0.5", "100"])
def test_temperature(makemore, trained, temperature) -> None:
    result = makemore("sample", trained, *SEEDED, "--temperature", temperature)
    assert result.returncode == 0, result.stderr
    words = result.stdout.splitlines()
    assert len(words) == 5
    if temperature == "0.01":
        assert len(set(words)) == 1


def test_other_alphabets(makemore, small, tmp_path) -> None:
    text = "zoë\r\nd'été\r\n\r\nØystein\r\nさくら\r\n" + "ü" * 60 + "\r\n"
    (tmp_path / "words.txt").write_bytes(text.encode())
    result = makemore(*small)
    assert result.returncode == 0, result.stderr
    assert makemore("sample", "runs/mlp", "--prefix", "d'é").returncode == 0
    plain = makemore("sample", "runs/mlp", "--prefix", "ü", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert plain.returncode == 0, plain.stderr


def test_three_words(makemore, small, words) -> None:
    words.write_text("ab\ncd\nef\n")
    assert makemore(*small).returncode == 0


BAD_DATA = {
    "empty": (b"", "holds no words: the file is empty"),
    "blank": (b"\n \r\n\t\n", "holds no words"),
    "undecodable": (b"anna\n\xff\xfe\xfa\n", "is not UTF-8 text: byte 5 is 0xff"),
    "binary": (bytes(range(128)), "is not a text file"),
    "two words": (b"anna\nbert\n", "at least 3"),
}


@pytest.mark.parametrize("case", BAD_DATA)
def test_bad_data(makemore, small, words, tmp_path, case) -> None:
    content, message = BAD_DATA[case]
    words.write_bytes(content)
    assert message in complaint(makemore(*small))
    assert files(tmp_path) == {"words.txt"}


def test_data_that_cannot_be_read(makemore, tmp_path) -> None:
    assert "No such file" in complaint(makemore("train", "--data", "nowhere.txt"))
    assert "directory" in complaint(makemore("train", "--data", tmp_path))
    assert files(tmp_path) == set()


@pytest.mark.parametrize("out", ["words.txt", "words.txt/below", "/proc/nowhere"])
def test_out_that_cannot_be_written(makemore, small, tmp_path, out) -> None:
    result = makemore(*small, "--out", out)
    message = complaint(result)
    assert "cannot write to" in message and ("it is a file, not a directory" in message) == (out == "words.txt")
    assert "step" not in result.stdout  # found out before the training
    assert files(tmp_path) == {"words.txt"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to read-only directories")
def test_read_only_out(makemore, small, tmp_path) -> None:
    (tmp_path / "shut").mkdir(mode=0o555)
    for out in ("shut", "shut/below"):
        result = makemore(*small, "--out", out)
        assert "Permission denied" in complaint(result)
        assert "step" not in result.stdout


def test_diverged_training_keeps_what_was_finite(makemore, small, tmp_path) -> None:
    assert "smaller learning rate" in complaint(makemore(*small, "--lr", 1e38, "--out", "kept"))
    assert makemore("sample", "kept", *SEEDED).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frobnicate"],
        ["train", "--steps", "many"],
        ["train", "--steps", "0"],
        ["train", "--lr", "-1"],
        ["train", "--lr", "nan"],
        ["train", "--block-size", "0"],
        ["train", "--schedule", "sometimes"],
        ["train", "--decay-at", "1.5"],
        ["train", "--model", "oracle"],
        ["train", "--threads", "0"],
        ["sample"],
        ["sample", "kept", "--temperature", "0"],
        ["sample", "kept", "--count", "-1"],
        ["sample", "kept", "--top-k", "0"],
        ["sample", "kept", "--nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_command_line(makemore, tmp_path, arguments) -> None:
    complaint(makemore(*arguments), code=2)
    assert files(tmp_path) == set()


def test_unknown_characters_in_a_prefix(makemore, trained) -> None:
    assert "characters the model never saw: 'ß' '?'" in complaint(makemore("sample", trained, "--prefix", "ßa?"))


def test_foreign_checkpoints(makemore, tmp_path) -> None:
    assert "no such directory" in complaint(makemore("sample", "nowhere"))
    (tmp_path / "file").touch()
    assert "is not a checkpoint: a file" in complaint(makemore("sample", "file"))
    (tmp_path / "other").mkdir()
    assert "no config.json" in complaint(makemore("sample", "other"))
    for text, message in [
        ("", "is not JSON"),
        ('{"format": "tinyten', "is not JSON"),
        ("[1, 2]", "not a makemore checkpoint"),
        ('{"architectures": ["GPT2LMHeadModel"]}', "not a makemore checkpoint"),
        ('{"format": "tinytensor-makemore-2"}', "'model' is missing"),
    ]:
        (tmp_path / "other" / "config.json").write_text(text)
        assert message in complaint(makemore("sample", "other"))


def test_damaged_checkpoints(makemore, trained) -> None:
    config = json.loads((trained / "config.json").read_text(encoding="utf-8"))
    weights = trained / config["weights"]["file"]
    whole = weights.read_bytes()

    def with_config(**changes: object) -> str:
        (trained / "config.json").write_text(json.dumps(config | changes))
        return complaint(makemore("sample", trained))

    assert "unknown kind: 'oracle'" in with_config(model="oracle")
    settings = config["settings"]
    assert "damaged" in with_config(settings=settings | {"n_layers": 3})
    assert "damaged" in with_config(recipe={"steps": 50, "batches": 3})
    assert "damaged" in with_config(settings=settings | {"n_hidden": 9})
    assert "damaged" in with_config(settings=settings | {"n_embd": "ten"})
    assert "damaged" in with_config(settings=settings | {"n_embd": -10})
    assert "damaged" in with_config(characters="abc")
    assert "lies elsewhere" in with_config(weights={"file": "../words.txt"})
    (trained / "config.json").write_text(json.dumps(config))
    assert makemore("sample", trained).returncode == 0

    for cut in (0, 7, len(whole) // 2, len(whole) - 1):
        weights.write_bytes(whole[:cut])
        assert "truncated" in complaint(makemore("sample", trained))
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "was changed" in complaint(makemore("sample", trained))
    weights.unlink()
    assert "No such file" in complaint(makemore("sample", trained))


def test_control_c(makemore, words, tmp_path) -> None:
    command = [sys.executable, "-m", "tinytensor.makemore", "train", "--data", str(words), "--steps", "100000000"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background has it ignored
    )
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "runs" / "mlp" / "config.json").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert errors == "makemore: interrupted: makemore train --out runs/mlp --resume goes on\n"
    assert makemore("sample", "runs/mlp", *SEEDED).returncode == 0


def test_reader_that_leaves(trained, tmp_path) -> None:
    command = f"{sys.executable} -m tinytensor.makemore sample {trained} --count 20000 | head -n 1"
    result = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert result.stderr == ""
    assert len(result.stdout.splitlines()) == 1


def test_bar_on_a_terminal(small, tmp_path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tinytensor.makemore", *map(str, small)]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.wait(timeout=60) == 0
    text = shown.decode()
    assert "100%" in text and "50/50" in text and "steps/s, loss " in text, text
    assert "Traceback" not in text and "dev" in text
