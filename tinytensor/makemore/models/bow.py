"""makemore's bag of words: each character sees the mean of those before it, and a small network on it."""

import tinytensor as tt
from tinytensor import nn

from ..recipe import Recipe
from .model import WordModel


class CausalBoW(nn.Module):
    """Means over the past: attention whose weights are even."""

    def __init__(self, block_size: int):
        super().__init__()
        past = tt.ones(block_size, block_size).tril()
        self.register_buffer("weights", past / past.sum(dim=1, keepdim=True), persistent=False)
        self.weights: tt.Tensor

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Of (B, T, n_embd): place t becomes the mean of the places 0 to t."""
        T = x.shape[1]
        means: tt.Tensor = self.weights[:T, :T] @ x
        return means


class BoW(WordModel):
    """Embeddings of characters and places, their mean over the past, one tanh layer, logits at every place."""

    recipe = Recipe(
        steps=20_000, batch_size=32, lr=5e-4, schedule="step", decay_at=0.75, optimizer="adamw", weight_decay=0.01
    )

    def __init__(self, vocab_size: int, block_size: int = 0, n_embd: int = 64, n_hidden: int = 64):
        super().__init__()
        self.block_size = block_size
        self.wte = nn.Embedding(vocab_size, n_embd)
        self.wpe = nn.Embedding(block_size, n_embd)
        self.cbow = CausalBoW(block_size)
        self.mlp = nn.Sequential(nn.Linear(n_embd, n_hidden), nn.Tanh(), nn.Linear(n_hidden, n_embd))
        self.lm_head = nn.Linear(n_embd, vocab_size)

    @property
    def embedding(self) -> tt.Tensor:
        """Of the characters."""
        return self.wte.weight

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Logits (B, T, vocab_size)."""
        T = x.shape[1]
        stream = self.wte(x) + self.wpe.weight[:T]
        stream = stream + self.cbow(stream)
        stream = stream + self.mlp(stream)
        logits: tt.Tensor = self.lm_head(stream)
        return logits
