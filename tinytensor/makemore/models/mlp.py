"""The multilayer perceptron of Bengio et al. 2003: embed the characters of the context, one tanh layer, logits."""

import tinytensor as tt
from tinytensor import nn

from ..recipe import Recipe
from .model import Model


class MLP(Model):
    """Each of the last `block_size` characters becomes `n_embd` numbers; together they feed `n_hidden` tanh units.

    With `direct` the embeddings also feed the logits past the hidden layer, the paper's optional connection W.
    """

    recipe = Recipe(steps=200_000, batch_size=32, lr=0.1, schedule="step", decay_at=0.5)

    def __init__(
        self, vocab_size: int, block_size: int = 3, n_embd: int = 10, n_hidden: int = 200, direct: bool = False
    ):
        super().__init__()
        self.block_size = block_size
        fan_in = block_size * n_embd
        gain = 5 / 3  # of tanh: keeps the activations from shrinking (Kaiming initialisation)
        self.C = nn.Parameter(tt.randn(vocab_size, n_embd))
        self.W1 = nn.Parameter(tt.randn(fan_in, n_hidden) * gain / fan_in**0.5)
        self.b1 = nn.Parameter(tt.randn(n_hidden) * 0.01)
        # Small logits at first: the loss starts at log(vocab_size), not far above it.
        self.W2 = nn.Parameter(tt.randn(n_hidden, vocab_size) * 0.01)
        self.b2 = nn.Parameter(tt.zeros(vocab_size))
        self.W = nn.Parameter(tt.zeros(fan_in, vocab_size)) if direct else None
        self.tanh = nn.Tanh()

    @property
    def embedding(self) -> tt.Tensor:
        """C."""
        return self.C

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Logits of the next character."""
        emb = self.C[x]  # (B, block_size, n_embd)
        embcat = emb.view(emb.shape[0], -1)
        h = self.tanh(embcat @ self.W1 + self.b1)  # (B, n_hidden)
        logits: tt.Tensor = h @ self.W2 + self.b2  # (B, vocab_size)
        if self.W is not None:
            logits = logits + embcat @ self.W
        return logits
