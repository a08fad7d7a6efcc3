"""The lecture's MLP, same seed, same data: the losses are PyTorch's at every step."""

import random
from types import ModuleType
from typing import Any

import pytest

import tinytensor
from tinytensor import makemore

STEPS = 1000


def lecture(torch: ModuleType, F: Any) -> list[float]:
    """The notebook of lecture 3, for whichever engine is called torch; the losses of its first steps."""
    words = makemore.read_words()
    random.seed(42)
    random.shuffle(words)
    vocabulary = makemore.Vocabulary.of(words)
    x, y = makemore.build_dataset(words[: int(0.8 * len(words))], vocabulary, 3)
    Xtr, Ytr = torch.from_numpy(x.numpy()), torch.from_numpy(y.numpy())

    g = torch.Generator().manual_seed(2147483647)
    C = torch.randn((27, 10), generator=g)
    W1 = torch.randn((30, 200), generator=g) * (5 / 3) / (30**0.5)
    b1 = torch.randn(200, generator=g) * 0.01
    W2 = torch.randn((200, 27), generator=g) * 0.01
    b2 = torch.randn(27, generator=g) * 0
    parameters = [C, W1, b1, W2, b2]
    for p in parameters:
        p.requires_grad = True

    losses = []
    for _ in range(STEPS):
        ix = torch.randint(0, Xtr.shape[0], (32,), generator=g)
        Xb, Yb = Xtr[ix], Ytr[ix]
        emb = C[Xb]
        embcat = emb.view(emb.shape[0], -1)
        h = torch.tanh(embcat @ W1 + b1)
        logits = h @ W2 + b2
        loss = F.cross_entropy(logits, Yb)
        for p in parameters:
            p.grad = None
        loss.backward()
        for p in parameters:
            p.data += -0.1 * p.grad
        losses.append(loss.item())
    return losses


def test_lecture_loses_as_in_pytorch() -> None:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)  # quickest at this size
    ours = lecture(tinytensor, tinytensor.nn.functional)
    theirs = lecture(torch, torch.nn.functional)
    worst = max(abs(a - b) for a, b in zip(ours, theirs, strict=True))
    assert worst <= 1e-4


def test_default_model_is_the_lectures_at_its_first_step() -> None:
    """The first loss, pinned: it needs every draw of the initialisation and of the first minibatch."""
    words = makemore.read_words()
    vocabulary = makemore.Vocabulary.of(words)
    tinytensor.manual_seed(2147483647)
    model = makemore.MLP(len(vocabulary))
    examples = model.examples(makemore.split_words(words)[0], vocabulary)
    losses = list(makemore.Trainer(model, examples, makemore.Recipe(steps=3)))
    assert losses == pytest.approx([3.2943068, 3.2554183, 3.2406832], abs=1e-5)
