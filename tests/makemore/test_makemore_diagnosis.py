"""A training looked at from inside: what is measured is so, what is said follows from it, the page holds together."""

import math
import re
from contextlib import nullcontext
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinytensor as tt

pytest.importorskip("matplotlib")

from tinytensor.makemore import MODELS, Problem, Run, findings, gallery
from tinytensor.makemore.__main__ import main
from tinytensor.makemore.diagnosis import Diagnosis, again
from tinytensor.makemore.glimpse import look
from tinytensor.makemore.pictures.expression import values_of
from tinytensor.makemore.report import report
from tinytensor.makemore.sweep import Sweep

SMALL = {"n_hidden": 8, "n_embd": 2, "steps": 30}


@pytest.fixture
def run(words: Path) -> Run:
    return Run("mlp", words, **SMALL)


def bits(model: Any) -> dict[str, list[float]]:
    return {name: p.tolist() for name, p in model.state_dict().items()}


def test_looking_changes_nothing(run) -> None:
    before, draws = bits(run.model), tt.get_rng_state().tolist()
    x, y = run.trainer.examples[:20]
    glimpse = look(run.model, x, y)
    assert bits(run.model) == before and tt.get_rng_state().tolist() == draws
    m = run.model
    h = tt.tanh(m.C[x].view(20, -1) @ m.W1 + m.b1)
    h.retain_grad()
    loss = tt.nn.functional.cross_entropy(h @ m.W2 + m.b2, y)
    loss.backward()
    layer = glimpse.layers["tanh"]
    assert (glimpse.loss, layer.kind, glimpse.attention) == (loss.item(), "tanh", {})
    assert np.array_equal(layer.activations, h.detach().numpy())
    assert np.array_equal(layer.gradients, h.grad.numpy())


def test_recurrent_layers_have_a_row_for_each_character(words) -> None:
    run = Run("gru", words, n_hidden=4, n_embd=8)
    x, y = run.trainer.examples[:10]
    layers = look(run.model, x, y).layers
    characters = int((y != -1).sum().item())
    assert characters < y.numel()  # words of several lengths
    shapes = {name: (layer.activations.shape, layer.gradients.shape) for name, layer in layers.items()}
    assert shapes == {"cell.sigmoid": ((characters, 8),) * 2, "cell.tanh": ((characters, 4),) * 2}
    cell, before = run.model.cell, tt.zeros(1, 4)
    for i, xt in enumerate(run.model.wte(x[0]).split(1)[:3]):  # word after word, and in each character after character
        xh = tt.cat([xt, before], dim=1)
        gates = tt.cat([cell.xh_to_r(xh), cell.xh_to_z(xh)], dim=1).sigmoid()
        assert np.allclose(layers["cell.sigmoid"].activations[i], gates[0].detach().numpy(), atol=1e-6)
        before = cell(xt, before)
    assert all((np.abs(layer.gradients).max(axis=1) > 0).all() for layer in layers.values())


def test_updates_are_those_of_the_training(run) -> None:
    d = Diagnosis(run, steps=5)
    other = again(run)
    expected: dict[str, list[float]] = {"C": [], "W1": [], "W2": []}
    losses = []
    for _ in range(5):
        before = {name: p.detach().numpy().copy() for name, p in other.model.named_parameters()}
        losses.append(other.trainer.update())
        for name in expected:
            p = dict(other.model.named_parameters())[name]
            expected[name].append(math.log10((0.1 * p.grad.numpy()).std() / before[name].std()))
    assert d.beginning["loss"] == losses
    assert d.ratios.keys() == expected.keys()
    assert all(np.allclose(d.ratios[name], expected[name], atol=1e-4) for name in expected)
    assert bits(d.trained.model) == bits(other.model)
    assert d.losses[0].tolist() == [1, 2, 3, 4, 5]


def test_a_trained_run_is_seen_at_both_ends(run) -> None:
    run.train()
    end = bits(run.model)
    seen = []
    d = Diagnosis(run, steps=7, progress=lambda what, steps: nullcontext(lambda step, loss: seen.append((step, steps))))
    assert len(d.ratios["W1"]) == 7 and seen == [(step, 7) for step in range(1, 8)]
    assert d.start.loss == Diagnosis(again(run)).start.loss != d.end.loss
    assert bits(d.trained.model) == end
    _, losses, splits = d.losses
    assert losses.tolist() == [row["loss"] for row in run.metrics.rows]
    assert splits["dev"][-1] == (30, run.loss("dev"))


def test_counts_are_of_all_training_words(run) -> None:
    counts = Diagnosis(run).counts
    v = run.vocabulary
    text = "." + ".".join(run.words["train"]) + "."
    assert counts[v.stoi["a"], 0] == len(re.findall(r"a\.", text))
    assert counts[v.stoi["l"], v.stoi["l"]] == text.count("ll")
    assert counts[0].sum() == len(run.words["train"])


def test_the_graph_of_the_loss_leads_to_every_parameter(run, words) -> None:
    d = Diagnosis(run)
    assert d.expression is not None and d.expression.label == "loss"
    assert findings.graph(d).verdict == "healthy"
    assert "all parameters have a gradient" in findings.graph(d).here
    recurrent = findings.graph(Diagnosis(Run("rnn", words, n_hidden=4, n_embd=4)))
    assert recurrent.here.startswith("One example on its way") and "all parameters have a gradient" in recurrent.here
    assert findings.graph(Diagnosis(Run("manual", words))).here.startswith("2 examples on their way")


def test_micrograd_is_seen_as_its_lecture_shows_it(words, monkeypatch) -> None:
    monkeypatch.setattr("tinytensor.makemore.diagnosis.GRID", 8)
    d = Diagnosis(Run("micrograd", words, n_hidden=2, steps=3))
    assert d.expression is not None
    labels = {node.label: (node.data, node.grad) for node in values_of(d.expression)}
    assert {"x1", "x2", "w1", "w2", "b", "out"} <= labels.keys()
    assert all(data and grad for data, grad in labels.values())
    x1, x2, scores = d.scores
    assert scores.shape == (len(x2), len(x1))
    with tt.no_grad():
        assert scores[3, 5] == d.trained.model(tt.tensor([[x1[5], x2[3]]])).item()
    assert re.match(r"Of the points of train \d+\.\d% lie on their side, of dev \d+\.\d%\.$", findings.boundary(d).here)
    assert "no layers of tensors: each number is one of its own" in report(d)


def spoil(run: Run, **factors: float) -> Diagnosis:
    """A diagnosis of a model whose first weights are scaled."""
    parameters = dict(run.model.named_parameters())
    with tt.no_grad():
        for name, factor in factors.items():
            parameters[name] *= factor
    return Diagnosis(run, steps=20)


def test_findings_of_a_confident_model(words) -> None:
    finding = findings.loss(spoil(Run("mlp", words, **SMALL), W2=1000.0))
    assert finding.verdict == "unhealthy"
    assert "above the uniform guess (the fresh model is confident and wrong" in finding.here
    healthy = findings.loss(Diagnosis(Run("mlp", words, n_hidden=32, steps=500), steps=500))
    assert re.search(r"It starts at 2\.\d\d, 0\.0\d (above|below) the uniform guess; ", healthy.here)
    assert healthy.verdict == "healthy", healthy


def test_findings_of_saturated_units(words) -> None:
    d = spoil(Run("mlp", words, **SMALL), W1=1e4)
    d.run.model.b1.data[3] = 1e9
    finding = findings.activations(d)
    assert finding.verdict == "unhealthy" and "less gradient comes through" in finding.here
    finding = findings.saturation(d)
    assert finding.verdict == "unhealthy"
    assert re.match(r"[1-8] of 8 units are dead; (9\d|100)\.\d% of the values are flat", finding.here)


def test_findings_of_sweeps(words) -> None:
    d = Diagnosis(Run("mlp", words, **SMALL))
    d.__dict__["sweep"] = Sweep([0.01 * 2**i for i in range(29)], [3.0] * 28 + [2.0])
    assert findings.learning_rate(d).verdict == "for information"
    assert "(where the sweep ends); the training uses 0.1; a sweep of 29 steps" in findings.learning_rate(d).here
    for lowest, verdict in ((0.1, "healthy"), (0.01, "worth a look"), (100.0, "worth a look")):
        lrs = [lowest * 1.01 ** (i - 20) for i in range(40)]
        d.__dict__["sweep"] = Sweep(lrs, [abs(i - 20) + 2.0 for i in range(40)])
        assert findings.learning_rate(d).verdict == verdict


def test_vowels_with_accents_are_vowels(words) -> None:
    words.write_text("a\né\nï\nØ\nb\nç\ny\n")
    run = Run("mlp", words, n_hidden=4, n_embd=2, steps=1)
    with tt.no_grad():
        for letter, place in zip(run.vocabulary.itos, run.model.C, strict=True):
            near = letter in "aéïØ"
            place.copy_(tt.rand(2) + (10 if near else 0))
    run.train()
    finding = findings.embeddings(Diagnosis(run, steps=1))
    assert finding.verdict == "healthy" and "they lie together" in finding.here


def test_findings_of_learning_rates(words) -> None:
    slow = findings.updates(Diagnosis(Run("mlp", words, lr=1e-6, **SMALL), steps=20))
    assert slow.verdict == "unhealthy" and "too low: C (" in slow.here
    fast = Diagnosis(Run("mlp", words, **SMALL))
    fast.__dict__["ratios"] = {"W1": [-1.5] * 20, "W2": [-3.0] * 20}
    assert findings.updates(fast).verdict == "unhealthy"
    assert "from -3.00 to -1.50; too high: W1 (-1.50) (lower the learning rate)." in findings.updates(fast).here
    fast.__dict__["ratios"]["W1"] = list(np.linspace(-1, -2, 20))
    assert findings.updates(fast).verdict == "worth a look"
    assert "still falling: W1 (-1.76)" in findings.updates(fast).here


COUNTS = {"loss", "lr", "activations", "gradients", "saturation", "updates", "embeddings", "attention", "graph"}
LACKS = {
    "bigram-count": COUNTS,
    "trigram-count": COUNTS,
    "bigram": {"activations", "gradients", "saturation", "embeddings", "attention"},
    "trigram": {"activations", "gradients", "saturation", "embeddings", "attention"},
    "manual": {"gradients", "attention"},
    "bow": {"attention"},
    "rnn": {"attention"},
    "gru": {"attention"},
    "lstm": {"attention", "graph"},
    "transformer": {"saturation", "graph"},
    "micrograd": {"activations", "gradients", "saturation", "updates", "embeddings", "attention", "bigrams"},
}


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_judged_by_what_it_has(words, model) -> None:
    small = {"n_hidden": 2} if model == "micrograd" else {}
    d = Diagnosis(Run(model, words, **small), steps=2)
    lacking = {kind for kind, picture in gallery.PICTURES.items() if picture.lacks(d)}
    assert lacking == LACKS.get(model, {"attention"}) | ({"boundary"} if model != "micrograd" else set())
    for kind in gallery.PICTURES.keys() - lacking:
        finding = gallery.PICTURES[kind].judge(d)
        assert finding.healthy.endswith(".") and re.search(r"\d", finding.here), finding


class Page(HTMLParser):
    """What a page is made of; asserts that tags close in order."""

    VOID = frozenset({"meta", "link", "br", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page(words) -> None:
    words.write_text(words.read_text() + "<b>\n&amp;\n<i>\n\"x'\n" * 5)
    run = Run("mlp", words, **SMALL)
    run.train()
    text = report(Diagnosis(run, steps=10))
    page = Page()
    page.feed(text)
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {"loss", "activations", "gradients", "saturation", "updates", "embeddings", "bigrams"} <= set(ids)
    for tag, attributes in page.elements:
        assert tag not in ("script", "iframe", "object", "embed", "b", "i")
        for name, value in attributes.items():
            if name in ("href", "src", "xlink:href"):
                assert value and (value.startswith("data:") or value[1:] in ids), (tag, name, value)
    # Names of XML namespaces are gone too: the page points nowhere.
    assert not re.search(r"https?:|@import|url\((?!#)", text)
    pictures = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert len(pictures) == 9 and all(a["role"] == "img" and len(a["aria-label"] or "") > 40 for a in pictures)
    assert all(attributes.get("alt") for tag, attributes in page.elements if tag == "img")
    assert "Left out: Decision boundary (no points of a plane); Attention (no attention)." in text
    assert text.count("<figcaption") == text.count("Healthy: ") == 9


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """Runs `makemore ...` in tmp_path, in this process: exit code, output, complaint."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as leaving:  # how argparse refuses a command line
            code = int(leaving.code or 0)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def kept(run, tmp_path) -> Path:
    """The directory of a trained run."""
    run.keep_in(tmp_path / "kept")
    run.train()
    run.metrics.close()
    return tmp_path / "kept"


@pytest.mark.parametrize("kind", gallery.PICTURES)
def test_plot(command, kept, tmp_path, kind) -> None:
    code, output, errors = command("plot", kind, "--run", kept, "--watch", 5, "--out", f"{kind}.svg")
    if kind in ("attention", "boundary"):
        lack = {"attention": "attention", "boundary": "points of a plane"}[kind]
        assert (code, errors) == (1, f"makemore: no {kind} picture of mlp: it has no {lack}\n")
        assert not (tmp_path / f"{kind}.svg").exists()
    else:
        assert (code, errors) == (0, "")
        assert output.splitlines()[-1] == f"written  {kind}.svg"
        assert b"<svg" in (tmp_path / f"{kind}.svg").read_bytes()


def test_diagnose(makemore, command, kept, words, tmp_path) -> None:
    result = makemore("diagnose", kept, "--watch", 20)
    assert (result.returncode, result.stderr) == (0, "")
    assert "watching the learning-rate sweep\nstep " in result.stdout and "step 20/20" in result.stdout
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    code, _, errors = command("plot", "loss", "--model", "mlp", "--data", words, "--watch", 5, "--out", "new.png")
    assert (code, errors) == (0, "")
    assert (tmp_path / "new.png").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_looked_at(command, kept, tmp_path) -> None:
    def complaint(*arguments: object) -> str:
        code, output, errors = command(*arguments)
        assert (code, output) == (1, "")
        (line,) = errors.splitlines()
        return str(line)

    before = {path.name for path in tmp_path.iterdir()}
    assert "name what to look at" in complaint("diagnose")
    assert "nowhere is not a checkpoint: no such directory" in complaint("diagnose", "nowhere")
    assert "--lr goes without a directory" in complaint("diagnose", kept, "--lr", 0.1)
    assert "--model goes without a directory" in complaint("diagnose", kept, "--model", "mlp")
    assert "no such directory: no" in complaint("diagnose", kept, "--out", "no/page.html")
    assert "Is a directory" in complaint("diagnose", kept, "--out", kept)
    assert "ends in .png or .svg" in complaint("plot", "loss", "--run", kept, "--out", "loss.gif")
    assert command("plot", "oracle", "--run", kept, "--out", "x.png")[0] == 2
    assert {path.name for path in tmp_path.iterdir()} == before


def test_missing_matplotlib(command, kept, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for arguments in (("diagnose", kept), ("plot", "loss", "--run", kept, "--out", "loss.png")):
        code, output, errors = command(*arguments)
        assert (code, output) == (1, "")
        assert errors == (
            "makemore: pictures need the package matplotlib, which comes with the extra: pip install '.[plots]'\n"
        )


def test_a_training_that_diverges(words, monkeypatch) -> None:
    with pytest.raises(Problem, match="smaller learning rate"):
        _ = Diagnosis(Run("mlp", words, lr=1e38, **SMALL)).ratios
    monkeypatch.setattr("tinytensor.makemore.sweep.lr_find", lambda *arguments: Sweep([], []))
    with pytest.raises(Problem, match="no number from the first step"):
        gallery.draw("lr", Diagnosis(Run("mlp", words, **SMALL)))
