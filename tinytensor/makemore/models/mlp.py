"""The multilayer perceptron of Bengio et al. 2003: embed the characters of the context, one tanh layer, logits."""

import functools

import tinytensor as tt
from tinytensor import nn

from .model import Model


class MLP(Model):
    """Each of the last `block_size` characters becomes `n_embd` numbers; together they feed `n_hidden` tanh units."""

    def __init__(self, vocab_size: int, block_size: int, n_embd: int, n_hidden: int, generator: tt.Generator):
        super().__init__()
        self.block_size = block_size
        fan_in = block_size * n_embd
        gain = 5 / 3  # of tanh: keeps the activations from shrinking (Kaiming initialisation)
        randn = functools.partial(tt.randn, generator=generator)
        self.C = nn.Parameter(randn(vocab_size, n_embd))
        self.W1 = nn.Parameter(randn(fan_in, n_hidden) * gain / fan_in**0.5)
        self.b1 = nn.Parameter(randn(n_hidden) * 0.01)
        # Small logits at first: the loss starts at log(vocab_size), not far above it.
        self.W2 = nn.Parameter(randn(n_hidden, vocab_size) * 0.01)
        self.b2 = nn.Parameter(tt.zeros(vocab_size))

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Logits of the next character."""
        emb = self.C[x]  # (B, block_size, n_embd)
        h = tt.tanh(emb.view(emb.shape[0], -1) @ self.W1 + self.b1)  # (B, n_hidden)
        logits: tt.Tensor = h @ self.W2 + self.b2  # (B, vocab_size)
        return logits
