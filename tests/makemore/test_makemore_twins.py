"""The package itself with another import: every model of makemore trains in PyTorch to the same losses."""

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tinytensor import makemore

NAMES = {
    r"^import tinytensor as tt$": "import torch as tt",
    r"^import tinytensor\.nn\.functional as F$": "import torch.nn.functional as F",
    r"^from tinytensor import": "from torch import",
}
OPTIONS = {"bigram-count": {}, "trigram-count": {}, "micrograd": {"steps": 2, "n_hidden": 2}}


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Makemore on PyTorch: its sources, with the import of the engine replaced."""
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)  # the models are small
    here, there = Path(makemore.__file__).parent, tmp_path_factory.mktemp("twin") / "makemore_twin"
    for source in [*here.glob("*.py"), *here.glob("models/*.py")]:
        text = source.read_text(encoding="utf-8")
        for pattern, replacement in NAMES.items():
            text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
        copy = there / source.relative_to(here)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    sys.path.insert(0, str(there.parent))
    try:
        return importlib.import_module("makemore_twin")
    finally:
        sys.path.remove(str(there.parent))


@pytest.mark.parametrize("model", makemore.MODELS)
def test_every_model_trains_as_in_pytorch(twin: ModuleType, words: Path, model: str) -> None:
    results = []
    for package in (makemore, twin):
        run = package.Run(model, words, seed=5, **OPTIONS.get(model, {"steps": 10}))
        losses = list(run.trainer)
        run.model.calibrate(run.trainer.examples)
        results.append([*losses, run.loss("train"), run.loss("dev"), *map(len, run.model.state_dict())])
    assert results[0] == pytest.approx(results[1], abs=1e-5)
    if run.model.makes_words:
        ours, theirs = (list(package.Run(model, words).sample(5, temperature=0.7)) for package in (makemore, twin))
        assert ours == theirs
