"""The first lecture: which character follows which, by counting and by a network of one layer."""

import math

import tinytensor as tt
import tinytensor.nn.functional as F
from tinytensor import nn

from ..recipe import Recipe
from .model import Model


class CountModel(Model):
    """Counts how often each character follows each context; its probabilities are the counts, made rows of sum 1.

    `smoothing` is added to every count, so that nothing is impossible. The one step of its training looks at all
    examples, and counts them.

    Attributes:
        N: the counts, of shape (vocab_size,) * (block_size + 1): `N[i, j]` says how often j came after i.
    """

    recipe = Recipe(steps=1, batch_size=0, schedule="constant")
    N: tt.Tensor

    def __init__(self, vocab_size: int, block_size: int, smoothing: float):
        super().__init__()
        self.block_size = block_size
        self.smoothing = smoothing
        self.register_buffer("N", tt.zeros((vocab_size,) * (block_size + 1), dtype=tt.int64))

    @property
    def P(self) -> tt.Tensor:
        """The probabilities: each row of N, divided by its sum; rows that were never seen are even."""
        P = self.N.double() + self.smoothing
        total = P.sum(dim=-1, keepdim=True)
        rows: tt.Tensor = tt.where(total > 0, P / total, 1 / P.shape[-1])
        return rows

    def learn(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """Counts."""
        size = self.N.shape[0]
        place = y
        for t in range(self.block_size):
            place = place + x[:, t] * size ** (self.block_size - t)
        self.N.copy_(tt.bincount(place, minlength=self.N.numel()).view(self.N.shape))
        loss: tt.Tensor = -(self.N * self.logP).sum() / self.N.sum()  # each example once, without going over them
        return loss

    @property
    def logP(self) -> tt.Tensor:
        """The logarithms of the probabilities; that of zero is as low as there is one."""
        log: tt.Tensor = self.P.clamp(min=math.ulp(0.0)).log()
        return log

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """The rows of logP, in float64."""
        logits: tt.Tensor = self.logP[tuple(x.unbind(1))]
        return logits


class BigramCount(CountModel):
    """The next character by counts of pairs."""

    def __init__(self, vocab_size: int, smoothing: float = 1.0):
        super().__init__(vocab_size, 1, smoothing)


class Bigram(Model):
    """The same by gradient descent: a row of logits for each character, `one_hot(x) @ W`.

    Picking the row `W[x]` is the same and quicker; with `one_hot` the product is really computed. `penalty` times the
    mean of W**2 pulls towards even probabilities, as smoothing does in the counted model.
    """

    recipe = Recipe(steps=2000, batch_size=0, lr=50.0, schedule="constant")

    def __init__(self, vocab_size: int, penalty: float = 0.001, one_hot: bool = False):
        super().__init__()
        self.block_size = 1
        self.penalty = penalty
        self.one_hot = one_hot
        self.W = nn.Parameter(tt.randn(vocab_size, vocab_size))

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Log-counts of the next character."""
        if self.one_hot:
            xenc = F.one_hot(x[:, 0], num_classes=len(self.W)).float()
            logits: tt.Tensor = xenc @ self.W
        else:
            logits = self.W[x[:, 0]]
        return logits

    def loss(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """With the penalty."""
        loss: tt.Tensor = super().loss(x, y) + self.penalty * (self.W**2).mean()
        return loss
