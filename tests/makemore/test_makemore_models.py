"""Every model of makemore: it learns, is kept, goes on bit for bit, and makes words."""

import math
from pathlib import Path

import numpy as np
import pytest

import tinytensor as tt
from tinytensor import makemore
from tinytensor.makemore import checkpoint
from tinytensor.makemore.models import settings_of
from tinytensor.makemore.models.mlp_bn import calibrate

# Small settings and a dozen steps of each model.
SMALL = {
    "bigram-count": {},
    "bigram": {"steps": 12},
    "trigram-count": {"smoothing": 0.1},
    "trigram": {"steps": 12},
    "mlp": {"steps": 12, "n_hidden": 16, "direct": True},
    "mlp-bn": {"steps": 12, "n_hidden": 16, "n_layer": 2, "statistics": "calibrated"},
    "manual": {"steps": 12, "n_hidden": 16},
    "wavenet": {"steps": 12, "n_embd": 4, "n_hidden": 16},
    "bow": {"steps": 12, "n_embd": 16, "n_hidden": 16, "lr": 0.01},
    "rnn": {"steps": 12, "n_embd": 16, "n_hidden": 16, "lr": 0.01},
    "gru": {"steps": 12, "n_embd": 16, "n_hidden": 16, "lr": 0.01},
    "lstm": {"steps": 12, "n_embd": 16, "n_hidden": 16, "lr": 0.01},
    "transformer": {"steps": 12, "n_embd": 16, "n_head": 2, "n_layer": 1, "lr": 0.01, "dropout": 0.1},
    "micrograd": {"steps": 4, "n_hidden": 2},
}
WORD_MODELS = ("bow", "rnn", "gru", "lstm", "transformer")


@pytest.fixture
def run(words: Path, request: pytest.FixtureRequest) -> makemore.Run:
    return makemore.Run(request.param, words, seed=1, **SMALL[request.param])


def contents(directory: Path) -> dict[str, bytes]:
    """Everything that is kept but the metrics, which tell the time."""
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.name != "metrics.jsonl"}


def test_every_model_is_here() -> None:
    assert SMALL.keys() == makemore.MODELS.keys()


@pytest.mark.parametrize("run", SMALL, indirect=True)
def test_learns_and_goes_on_bit_for_bit(run, words: Path, tmp_path: Path) -> None:
    first = run.loss("train")
    run.keep_in(tmp_path / "whole")
    run.train()
    assert run.loss("train") < first
    assert run.loss("dev") == run.description.results["dev_loss"]

    name, steps = run.description.model, run.description.recipe.steps
    part = makemore.Run(name, words, seed=1, **SMALL[name])
    part.keep_in(tmp_path / "part")
    for _ in range(steps // 2):
        part.trainer.update()
    part.save()
    tt.manual_seed(7)  # what is drawn in between must not matter
    part = makemore.Run.load(tmp_path / "part")
    assert part.trainer.step == steps // 2
    part.keep_in(tmp_path / "part")
    part.train()
    assert contents(tmp_path / "part") == contents(tmp_path / "whole")


@pytest.mark.parametrize("run", SMALL, indirect=True)
def test_makes_words(run, tmp_path: Path) -> None:
    run.keep_in(tmp_path / "kept")
    kept = checkpoint.load(tmp_path / "kept")
    if not run.model.makes_words:
        with pytest.raises(makemore.Problem, match="makes no words"):
            list(makemore.sample_words(kept.model, kept.vocabulary))
        return
    words = list(makemore.sample_words(kept.model, kept.vocabulary, 5, prefix="ma", temperature=0.5, top_k=3))
    assert len(words) == 5 and all(word.startswith("ma") for word in words)
    assert words == list(run.sample(5, prefix="ma", temperature=0.5, top_k=3))
    assert len(set(run.sample(5, top_k=1))) == 1


@pytest.mark.parametrize("run", [name for name in SMALL if name != "micrograd"], indirect=True)
def test_losses_of_words_add_up_to_those_of_a_split(run) -> None:
    words = run.words["dev"]
    losses = makemore.word_losses(run.model, words, run.vocabulary)
    tokens = sum(len(word) + 1 for word in words)
    assert losses.sum() / tokens == pytest.approx(run.loss("dev"), rel=1e-6)
    alone = [makemore.word_losses(run.model, [word], run.vocabulary)[0] for word in words]
    assert losses == pytest.approx(alone, rel=1e-5)
    for word, loss in zip(words[:2], losses[:2], strict=True):
        ids = run.vocabulary.encode(word)
        with tt.no_grad():
            run.model.eval()
            rows = [tt.log_softmax(run.model.next_logits(ids[:i]), 0) for i in range(len(ids) + 1)]
        by_sampling = -sum(row[i].item() for row, i in zip(rows, [*ids, 0], strict=True))
        assert loss == pytest.approx(by_sampling, rel=1e-5)


@pytest.mark.parametrize("run", WORD_MODELS, indirect=True)
def test_models_of_whole_words_cannot_see_ahead(run) -> None:
    x = tt.randint(1, 5, (3, 6))
    later = x.clone()
    later[:, 4:] = 5
    run.model.eval()
    with tt.no_grad():
        assert tt.equal(run.model(x)[:, :4], run.model(later)[:, :4])
        assert not tt.equal(run.model(x)[:, 4:], run.model(later)[:, 4:])


def test_counts_are_exact(words: Path) -> None:
    run = makemore.Run("bigram-count", words, smoothing=0.0)
    run.train()
    train = ["", *run.words["train"], ""]
    pairs = [(a, b) for word in train if word for a, b in zip("." + word, word + ".", strict=True)]
    itos = run.vocabulary.itos
    for i, a in enumerate(itos):
        total = sum(pair[0] == a for pair in pairs)
        for j, b in enumerate(itos):
            count = pairs.count((a, b))
            assert run.model.N[i, j].item() == count
            if total:
                assert run.model.P[i, j].item() == pytest.approx(count / total)
    assert run.loss("train") == pytest.approx(-np.mean([math.log(count_of(run, a, b)) for a, b in pairs]), rel=1e-12)


def count_of(run: makemore.Run, a: str, b: str) -> float:
    """The probability of b after a."""
    ids = [run.vocabulary.itos.index(c) for c in (a, b)]
    return run.model.P[ids[0], ids[1]].item()


@pytest.mark.parametrize("order", ["bigram", "trigram"])
def test_net_nears_the_counts(order: str, words: Path) -> None:
    counted = makemore.Run(f"{order}-count", words, smoothing=0.01)
    counted.train()
    net = makemore.Run(order, words, penalty=0.0, steps=600, lr=20.0)
    net.train()
    assert net.loss("train") == pytest.approx(counted.loss("train"), abs=0.02)


def test_one_hot_is_the_row_lookup(words: Path) -> None:
    runs = [makemore.Run("bigram", words, steps=3, one_hot=one_hot) for one_hot in (False, True)]
    for run in runs:
        run.train()
    assert tt.allclose(runs[0].model.W, runs[1].model.W, atol=1e-6)


def test_backward_by_hand() -> None:
    run = makemore.Run("manual", seed=3)
    x, y = run.trainer.minibatch()
    comparisons = run.model.check(x, y)
    assert len(comparisons) == 28
    for each in comparisons:
        assert each.approximate and each.maxdiff <= 1e-7, each
    assert all(each.exact for each in comparisons[:10])

    gradients = {each: p.grad.clone() for each, p in run.model.named_parameters()}
    loss = run.model.learn(x, y)
    assert not loss.requires_grad
    for name, p in run.model.named_parameters():
        assert (p.grad - gradients[name]).abs().max() <= 1e-7, name


def test_calibration_measures_the_training_set(words: Path) -> None:
    run = makemore.Run("mlp-bn", words, n_layer=1, n_hidden=8)
    calibrate(run.model, run.examples["train"])
    x, _ = run.examples["train"][:]
    linear, norm = run.model.layers[0], run.model.layers[1]
    with tt.no_grad():
        before = linear(run.model.C(x).view(len(x), -1))
    assert tt.allclose(norm.running_mean, before.mean(0), atol=1e-5)
    assert tt.allclose(norm.running_var, before.var(0), rtol=1e-4)
    assert norm.momentum == 0.1

    run = makemore.Run("manual", words, n_hidden=8)
    run.model.calibrate(run.examples["train"])
    with tt.no_grad():
        before = run.model.C[x].view(len(x), -1) @ run.model.W1 + run.model.b1
    assert tt.allclose(run.model.bnmean[0], before.mean(0), atol=1e-5)
    assert tt.allclose(run.model.bnvar[0], before.var(0), rtol=1e-4)


@pytest.mark.parametrize(
    ("model", "settings"), [("manual", {}), ("mlp-bn", {"statistics": "calibrated", "n_layer": 1})]
)
def test_dev_loss_on_the_way_is_of_calibrated_statistics(words: Path, model: str, settings: dict[str, object]) -> None:
    run = makemore.Run(model, words, steps=20, n_hidden=8, lr=1e-6, **settings)  # the model stays as it is
    run.train()
    on_the_way = [row["dev_loss"] for row in run.metrics.rows if "dev_loss" in row]
    assert len(on_the_way) == 10 and on_the_way == pytest.approx([on_the_way[-1]] * 10, abs=1e-3)


def test_moons_are_told_apart() -> None:
    run = makemore.Run("micrograd", seed=2, n_hidden=4, steps=12)
    run.trainer.examples.x, run.trainer.examples.y = (t[::5] for t in run.examples["train"][:])
    run.trainer = makemore.Trainer(run.model, run.examples["train"], run.description.recipe)
    losses = list(run.trainer)
    assert losses[-1] < 0.6 * losses[0]
    assert all(p.dim() == 0 for p in run.model.parameters())


def test_settings() -> None:
    assert settings_of("transformer") == {"block_size": 0, "n_embd": 64, "n_head": 4, "n_layer": 4, "dropout": 0.2}
    for options, message in [
        ({"model": "oracle"}, "no model 'oracle'"),
        ({"model": "mlp", "n_head": 2}, "mlp has no setting n_head"),
        ({"model": "transformer", "n_head": 3}, "64 is no multiple of 3"),
        ({"model": "wavenet", "block_size": 6}, "power of two"),
        ({"model": "mlp-bn", "batch_size": 1}, "at least 2"),
        ({"model": "rnn", "block_size": 4}, "needs a block_size of 16"),
    ]:
        with pytest.raises(makemore.Problem, match=message):
            makemore.Run(**options)
