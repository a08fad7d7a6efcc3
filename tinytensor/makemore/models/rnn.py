"""makemore's recurrent network (Mikolov et al. 2010): one state, made anew of the last one and the next character."""

from typing import ClassVar

import tinytensor as tt
from tinytensor import nn

from ..recipe import Recipe
from .model import WordModel


class RNNCell(nn.Module):
    """The plain one: tanh of a product with character and state side by side."""

    def __init__(self, n_embd: int, n_hidden: int):
        super().__init__()
        self.xh_to_h = nn.Linear(n_embd + n_hidden, n_hidden)
        self.tanh = nn.Tanh()

    def forward(self, xt: tt.Tensor, hprev: tt.Tensor) -> tt.Tensor:
        """The next state (B, n_hidden), of the character (B, n_embd) and the state before it."""
        xh = tt.cat([xt, hprev], dim=1)
        ht: tt.Tensor = self.tanh(self.xh_to_h(xh))
        return ht


class RNN(WordModel):
    """Reads the characters one after the other; the state after each gives logits of the next. GRU, LSTM differ in cell.

    The first state is learned, too.
    """

    recipe = Recipe(
        steps=20_000, batch_size=32, lr=5e-4, schedule="step", decay_at=0.75, optimizer="adamw", weight_decay=0.01
    )
    Cell: ClassVar[type[nn.Module]] = RNNCell
    states = 1  # how many vectors of n_hidden numbers the cell carries on

    def __init__(self, vocab_size: int, block_size: int = 0, n_embd: int = 64, n_hidden: int = 64):
        super().__init__()
        self.block_size = block_size
        self.start = nn.Parameter(tt.zeros(1, self.states * n_hidden))
        self.wte = nn.Embedding(vocab_size, n_embd)
        self.cell = self.Cell(n_embd, n_hidden)
        self.lm_head = nn.Linear(n_hidden, vocab_size)
        self.n_hidden = n_hidden

    @property
    def embedding(self) -> tt.Tensor:
        """Of the characters."""
        return self.wte.weight

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Logits (B, T, vocab_size)."""
        emb = self.wte(x)  # (B, T, n_embd)
        state = self.start.expand(len(x), -1)
        hiddens = []
        for xt in emb.unbind(1):
            state = self.cell(xt, state)
            hiddens.append(state[:, : self.n_hidden])
        logits: tt.Tensor = self.lm_head(tt.stack(hiddens, dim=1))
        return logits
