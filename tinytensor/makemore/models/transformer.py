"""makemore's transformer: GPT-2 in small (Vaswani et al. 2017; Radford et al. 2019)."""

import math

import tinytensor as tt
from tinytensor import nn

from ..recipe import Recipe
from .model import WordModel


class CausalSelfAttention(nn.Module):
    """Several heads, each of which lets every character gather from those up to itself."""

    def __init__(self, block_size: int, n_embd: int, n_head: int):
        super().__init__()
        if n_embd % n_head:
            raise ValueError(f"transformer needs an n_embd that n_head divides: {n_embd} is no multiple of {n_head}")
        self.n_head = n_head
        self.c_attn = nn.Linear(n_embd, 3 * n_embd)  # query, key and value of all heads in one product
        self.softmax = nn.Softmax(dim=-1)
        self.c_proj = nn.Linear(n_embd, n_embd)
        future = tt.ones(block_size, block_size).triu(1) > 0
        self.register_buffer("future", future, persistent=False)
        self.future: tt.Tensor

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Of (B, T, n_embd); what `softmax` puts out, (B, n_head, T, T), are the attention maps."""
        B, T, C = x.shape
        size = C // self.n_head
        heads = self.c_attn(x).view(B, T, 3, self.n_head, size).permute(2, 0, 3, 1, 4)
        q, k, v = heads.unbind(0)  # (B, n_head, T, size) each
        scores = q @ k.transpose(-2, -1) / math.sqrt(size)
        weights = self.softmax(scores.masked_fill(self.future[:T, :T], -math.inf))
        gathered = (weights @ v).transpose(1, 2).reshape(B, T, C)
        out: tt.Tensor = self.c_proj(gathered)
        return out


class Block(nn.Module):
    """Communication, then computation, each added to the stream it reads."""

    def __init__(self, block_size: int, n_embd: int, n_head: int, dropout: float):
        super().__init__()
        self.ln_1 = nn.LayerNorm(n_embd)
        self.attn = CausalSelfAttention(block_size, n_embd, n_head)
        self.ln_2 = nn.LayerNorm(n_embd)
        self.mlp = nn.Sequential(
            nn.Linear(n_embd, 4 * n_embd), nn.GELU(approximate="tanh"), nn.Linear(4 * n_embd, n_embd)
        )
        self.dropout = nn.Dropout(dropout) if dropout else nn.Identity()

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Of (B, T, n_embd)."""
        x = x + self.dropout(self.attn(self.ln_1(x)))
        x = x + self.dropout(self.mlp(self.ln_2(x)))
        return x


class Transformer(WordModel):
    """Embeddings of characters and of places, `n_layer` blocks, logits at every place.

    makemore trains it without dropout and at a constant 5e-4, and keeps the best checkpoint. On 26,000 names it then
    learns the words by heart; with some dropout it can be trained to the end, and faster.
    """

    recipe = Recipe(steps=24_000, batch_size=32, lr=2e-3, schedule="cosine", optimizer="adamw", weight_decay=0.01)

    def __init__(
        self,
        vocab_size: int,
        block_size: int = 0,
        n_embd: int = 64,
        n_head: int = 4,
        n_layer: int = 4,
        dropout: float = 0.2,
    ):
        super().__init__()
        self.block_size = block_size
        self.wte = nn.Embedding(vocab_size, n_embd)
        self.wpe = nn.Embedding(block_size, n_embd)
        self.blocks = nn.Sequential(*(Block(block_size, n_embd, n_head, dropout) for _ in range(n_layer)))
        self.ln_f = nn.LayerNorm(n_embd)
        self.lm_head = nn.Linear(n_embd, vocab_size, bias=False)

    @property
    def embedding(self) -> tt.Tensor:
        """Of the characters."""
        return self.wte.weight

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Logits (B, T, vocab_size)."""
        T = x.shape[1]
        stream = self.wte(x) + self.wpe.weight[:T]
        logits: tt.Tensor = self.lm_head(self.ln_f(self.blocks(stream)))
        return logits
