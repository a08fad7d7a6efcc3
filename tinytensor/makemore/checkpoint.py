"""A checkpoint is a directory: `config.json`, which describes a training, and the two files of tensors that it names.

`weights-*.safetensors` is the model, `state-*.safetensors` what its training needs to go on: generator, optimizer,
number of the step. Both are named by their contents and written first; the description is renamed into place last, and
only then the old files go. So a reader finds the old checkpoint or the new one, whole, at whatever moment the writer is
stopped.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

import tinytensor as tt

from .data import Vocabulary
from .errors import Problem
from .files import write
from .models import MODELS, Model, Setting, build
from .recipe import Recipe

FORMAT = "tinytensor-makemore-2"
TENSORS = ("weights", "state")


@dataclass(frozen=True)
class Description:
    """Which training it is: the same description gives the same bits."""

    model: str  # in MODELS
    settings: Mapping[str, Setting]  # of its constructor
    recipe: Recipe
    seed: int
    characters: str  # of the vocabulary
    data: str | None  # path of the word list, None for the built-in names
    words: str  # digest of the words
    results: Mapping[str, float] = field(default_factory=dict)  # what came out, once it is over

    @property
    def plan(self) -> "Description":
        """What determines the bits of the training, without where its words lie and what came out."""
        return replace(self, data=None, results={})

    def build(self) -> Model:
        """A fresh model."""
        return build(self.model, len(self.characters) + 1, self.settings)


@dataclass(frozen=True)
class Checkpoint:
    """A training somewhere on its way: enough to use the model, and to go on."""

    description: Description
    model: Model
    state: dict[str, tt.Tensor]  # of its Trainer

    @property
    def vocabulary(self) -> Vocabulary:
        """The characters it knows."""
        return Vocabulary(self.description.characters)


def save(checkpoint: Checkpoint, directory: Path) -> None:
    """Writes the checkpoint in place of the one that is there."""
    config: dict[str, Any] = {"format": FORMAT, **asdict(checkpoint.description)}
    try:
        for kind, tensors in (("weights", checkpoint.model.state_dict()), ("state", checkpoint.state)):
            data = safetensors.numpy.save({name: np.array(t.numpy(), order="C") for name, t in tensors.items()})
            digest = hashlib.sha256(data).hexdigest()
            config[kind] = {"file": f"{kind}-{digest[:12]}.safetensors", "sha256": digest}
            write(directory / config[kind]["file"], data)
        text = json.dumps(config, indent=2, ensure_ascii=False) + "\n"
        # Half a character of a file name becomes its JSON escape.
        write(directory / "config.json", text.encode(errors="backslashreplace"))
        for kind in TENSORS:
            for old in (*directory.glob(f"{kind}-*.safetensors"), *directory.glob(f".{kind}-*.new")):
                if old.name != config[kind]["file"]:
                    old.unlink()
    except OSError as error:
        raise Problem(f"cannot write {directory}: {error.strerror}") from None


def load(directory: Path) -> Checkpoint:
    """Reads a checkpoint; a Problem says what is wrong with a foreign or damaged one."""
    config = _read_config(directory / "config.json")
    tensors = {kind: _read_tensors(directory, config[kind]) for kind in TENSORS}
    try:
        keys = Description.__dataclass_fields__
        description = Description(**{key: config[key] for key in keys} | {"recipe": Recipe(**config["recipe"])})
        model = description.build()
        model.load_state_dict({name: tt.from_numpy(array) for name, array in tensors["weights"].items()})
    except (ValueError, TypeError, RuntimeError, KeyError) as error:
        raise Problem(f"{directory} is damaged: {' '.join(str(error).split())}") from None
    return Checkpoint(description, model, {name: tt.from_numpy(array) for name, array in tensors["state"].items()})


def prepare(directory: Path) -> None:
    """Makes the directory and proves that files can be written to it, before hours are spent on what goes there."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        write(directory / ".probe", b"")
        (directory / ".probe").unlink()
    except FileExistsError:
        raise Problem(f"cannot write to {directory}: it is a file, not a directory") from None
    except OSError as error:
        raise Problem(f"cannot write to {directory}: {error.strerror}") from None


def _read_config(path: Path) -> dict[str, Any]:
    """The checked contents of a config.json."""
    if not path.parent.is_dir():
        raise Problem(f"{path.parent} is not a checkpoint: {'a file' if path.parent.exists() else 'no such directory'}")
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
    kinds = {"model": str, "settings": dict, "characters": str, "recipe": dict, "seed": int, "words": str}
    for key, kind in (kinds | {"results": dict, "weights": dict, "state": dict}).items():
        if not isinstance(config.get(key), kind):
            raise Problem(f"{path} is damaged: {key!r} is missing or of the wrong kind")
    if config["model"] not in MODELS:
        raise Problem(f"{path.parent} holds a model of an unknown kind: {config['model']!r}")
    return config


def _read_tensors(directory: Path, entry: dict[str, Any]) -> dict[str, np.ndarray]:
    """The tensors of a file that a config.json names."""
    name, digest = str(entry.get("file")), entry.get("sha256")
    if Path(name).name != name:
        raise Problem(f"{directory / 'config.json'} is damaged: the file {name} lies elsewhere")
    try:
        data = (directory / name).read_bytes()
    except OSError as error:
        raise Problem(f"cannot read {directory / name}: {error.strerror}") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise Problem(f"{directory / name} is truncated or was changed after training")
    try:
        return safetensors.numpy.load(data)
    except (safetensors.SafetensorError, KeyError) as error:
        raise Problem(f"{directory / name} is damaged: {' '.join(str(error).split())}") from None
