"""New words from a trained model, one character at a time."""

from collections.abc import Iterator

import tinytensor as tt
import tinytensor.nn.functional as F

from .data import Vocabulary
from .errors import Problem
from .models import Model

LONGEST = 200  # where a word is cut that the model does not want to end
SEED = 2147483647 + 10


def sample_word(
    model: Model,
    vocabulary: Vocabulary,
    generator: tt.Generator,
    prefix: str = "",
    temperature: float = 1.0,
    top_k: int | None = None,
) -> str:
    """Draws one word that begins with prefix.

    A low temperature keeps to the likely characters; with `top_k` only that many, the likeliest, can come at all.
    """
    word = vocabulary.encode(prefix)
    longest = LONGEST if model.longest is None else model.longest
    if len(word) > longest:
        raise Problem(f"the prefix has {len(prefix)} characters: at most {longest} are possible")
    training = model.training
    model.eval()
    with tt.no_grad():
        while len(word) < longest:
            logits = model.next_logits(word) / temperature
            if top_k is not None and top_k < len(logits):
                kept = tt.topk(logits, top_k)
                logits = tt.full_like(logits, -tt.inf).scatter(0, kept.indices, kept.values)
            probs = F.softmax(logits, dim=0)
            ix = tt.multinomial(probs, num_samples=1, generator=generator).item()
            if ix == 0:
                break
            word.append(ix)
    model.train(training)
    return vocabulary.decode(word)


def sample_words(
    model: Model,
    vocabulary: Vocabulary,
    count: int = 20,
    seed: int = SEED,
    prefix: str = "",
    temperature: float = 1.0,
    top_k: int | None = None,
) -> Iterator[str]:
    """Draws words, the same ones for the same seed."""
    generator = tt.Generator().manual_seed(seed)
    for _ in range(count):
        yield sample_word(model, vocabulary, generator, prefix, temperature, top_k)
