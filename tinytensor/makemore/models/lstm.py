"""makemore's long short-term memory (Hochreiter and Schmidhuber 1997; Graves et al. 2014): a memory beside the state."""

from dataclasses import replace

import tinytensor as tt
from tinytensor import nn

from .rnn import RNN


class LSTMCell(nn.Module):
    """Gates choose what the memory forgets, what is written to it, and what of it is shown as the state."""

    def __init__(self, n_embd: int, n_hidden: int):
        super().__init__()
        self.xh_to_ifog = nn.Linear(n_embd + n_hidden, 4 * n_hidden)  # three gates and the candidate in one product
        self.sigmoid = nn.Sigmoid()
        self.tanh = nn.Tanh()

    def forward(self, xt: tt.Tensor, prev: tt.Tensor) -> tt.Tensor:
        """State and memory side by side (B, 2 * n_hidden), of the character (B, n_embd) and those before it."""
        hprev, cprev = prev.chunk(2, dim=1)
        ifog = self.xh_to_ifog(tt.cat([xt, hprev], dim=1))
        size = hprev.shape[1]
        i, f, o = self.sigmoid(ifog[:, : 3 * size]).chunk(3, dim=1)
        ct = f * cprev + i * self.tanh(ifog[:, 3 * size :])
        ht = o * self.tanh(ct)
        both: tt.Tensor = tt.cat([ht, ct], dim=1)
        return both


class LSTM(RNN):
    """A recurrent network with a memory."""

    recipe = replace(RNN.recipe, steps=15_000)
    Cell = LSTMCell
    states = 2
