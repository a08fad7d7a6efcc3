"""New words from a trained model, one character at a time."""

from collections.abc import Iterator

import tinytensor as tt
import tinytensor.nn.functional as F

from .data import Vocabulary
from .models import Model

LONGEST = 200  # where a word is cut that the model does not want to end


def sample_word(
    model: Model, vocabulary: Vocabulary, generator: tt.Generator, prefix: str = "", temperature: float = 1.0
) -> str:
    """Draws one word that begins with prefix. A low temperature keeps to the likely characters."""
    word = vocabulary.encode(prefix)
    edge = [0] * model.block_size
    with tt.no_grad():
        while len(word) < LONGEST:
            context = (edge + word)[-model.block_size :]
            logits = model(tt.tensor([context]))
            probs = F.softmax(logits / temperature, dim=1)
            ix = tt.multinomial(probs, num_samples=1, generator=generator).item()
            if ix == 0:
                break
            word.append(ix)
    return vocabulary.decode(word)


def sample_words(
    model: Model,
    vocabulary: Vocabulary,
    count: int = 20,
    seed: int = 2147483647 + 10,
    prefix: str = "",
    temperature: float = 1.0,
) -> Iterator[str]:
    """Draws words, the same ones for the same seed."""
    generator = tt.Generator().manual_seed(seed)
    for _ in range(count):
        yield sample_word(model, vocabulary, generator, prefix, temperature)
