"""The first lecture's exercise: the next character after two, by counting and by a network of one layer."""

import tinytensor as tt
from tinytensor import nn

from ..recipe import Recipe
from .bigram import CountModel
from .model import Model


class TrigramCount(CountModel):
    """The next character by counts of triples."""

    def __init__(self, vocab_size: int, smoothing: float = 1.0):
        super().__init__(vocab_size, 2, smoothing)


class Trigram(Model):
    """The same by gradient descent: a row of logits for each pair of characters, `one_hot(pair) @ W` by its row.

    `penalty` times the mean of W**2 pulls towards even probabilities.
    """

    recipe = Recipe(steps=400, batch_size=0, lr=100.0, schedule="constant")

    def __init__(self, vocab_size: int, penalty: float = 0.001):
        super().__init__()
        self.block_size = 2
        self.penalty = penalty
        self.W = nn.Parameter(tt.randn(vocab_size * vocab_size, vocab_size))
        self.vocab_size = vocab_size

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Log-counts of the next character."""
        logits: tt.Tensor = self.W[x[:, 0] * self.vocab_size + x[:, 1]]
        return logits

    def loss(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """With the penalty."""
        loss: tt.Tensor = super().loss(x, y) + self.penalty * (self.W**2).mean()
        return loss
