"""A checkpoint is a directory: `config.json`, which describes the model, and the weights file that it names.

The weights are named by their contents and written first; the description is renamed into place last. So a reader finds
the old checkpoint or the new one, whole, at whatever moment the writer is stopped.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

import tinytensor as tt

from .data import Vocabulary
from .errors import Problem
from .models import MODELS, Model

FORMAT = "tinytensor-makemore-1"


@dataclass
class Checkpoint:
    """A model with what is needed to build it again and to use it."""

    name: str  # of the model, in MODELS
    settings: dict[str, int]  # what its constructor takes besides the size of the vocabulary and the generator
    vocabulary: Vocabulary
    model: Model
    training: dict[str, Any]  # how it was trained and what came out


def build(name: str, settings: dict[str, int], vocabulary: Vocabulary, generator: tt.Generator) -> Model:
    """A fresh model."""
    return MODELS[name](len(vocabulary), **settings, generator=generator)


def save(checkpoint: Checkpoint, directory: Path) -> str:
    """Writes the checkpoint and returns the digest of its weights."""
    weights = {name: np.ascontiguousarray(p.numpy()) for name, p in checkpoint.model.state_dict().items()}
    data = safetensors.numpy.save(weights)
    digest = hashlib.sha256(data).hexdigest()
    config: dict[str, Any] = {
        "format": FORMAT,
        "model": checkpoint.name,
        "settings": checkpoint.settings,
        "characters": checkpoint.vocabulary.characters,
        "training": checkpoint.training,
        "weights": f"weights-{digest[:12]}.safetensors",
        "sha256": digest,
    }
    text = json.dumps(config, indent=2, ensure_ascii=False) + "\n"
    description = text.encode(errors="backslashreplace")  # half a character of a file name becomes its JSON escape
    try:
        _write(directory / config["weights"], data)
        _write(directory / "config.json", description)
        for old in directory.glob("weights-*.safetensors"):
            if old.name != config["weights"]:
                old.unlink()
    except OSError as error:
        raise Problem(f"cannot write {directory}: {error.strerror}") from None
    return digest


def load(directory: Path) -> Checkpoint:
    """Reads a checkpoint; a Problem says what is wrong with a foreign or damaged one."""
    config = _read_config(directory / "config.json")
    try:
        data = (directory / config["weights"]).read_bytes()
    except OSError as error:
        raise Problem(f"cannot read {directory / config['weights']}: {error.strerror}") from None
    if hashlib.sha256(data).hexdigest() != config["sha256"]:
        raise Problem(f"{directory / config['weights']} is truncated or was changed after training")
    try:
        vocabulary = Vocabulary(config["characters"])
        model = build(config["model"], config["settings"], vocabulary, tt.Generator())
        model.load_state_dict({name: tt.from_numpy(array) for name, array in safetensors.numpy.load(data).items()})
    except (safetensors.SafetensorError, ValueError, TypeError, RuntimeError, KeyError) as error:
        raise Problem(f"{directory} is damaged: {' '.join(str(error).split())}") from None
    return Checkpoint(config["model"], config["settings"], vocabulary, model, config["training"])


def prepare(directory: Path) -> None:
    """Makes the directory and proves that files can be written to it, before hours are spent on what goes there."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _write(directory / ".probe", b"")
        (directory / ".probe").unlink()
    except OSError as error:
        raise Problem(f"cannot write to {directory}: {error.strerror}") from None


def discard(directory: Path) -> None:
    """Removes the directory if nothing is in it."""
    try:
        directory.rmdir()
    except OSError:
        pass


def _read_config(path: Path) -> dict[str, Any]:
    """The checked contents of a config.json."""
    if not path.parent.is_dir():
        raise Problem(f"{path.parent} is not a checkpoint: no such directory")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Problem(f"{path.parent} is not a checkpoint: it has no config.json") from None
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        raise Problem(f"{path} is not JSON: it is truncated or foreign") from None
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise Problem(f"{path.parent} is not a makemore checkpoint: its format is not {FORMAT}")
    kinds = {"model": str, "settings": dict, "characters": str, "training": dict, "weights": str, "sha256": str}
    for key, kind in kinds.items():
        if not isinstance(config.get(key), kind):
            raise Problem(f"{path} is damaged: {key!r} is missing or of the wrong kind")
    if config["model"] not in MODELS:
        raise Problem(f"{path.parent} holds a model of an unknown kind: {config['model']!r}")
    if Path(config["weights"]).name != config["weights"]:
        raise Problem(f"{path} is damaged: its weights file lies elsewhere")
    return config


def _write(path: Path, data: bytes) -> None:
    """Replaces a file in one step: it is whole, old or new, at any moment."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
