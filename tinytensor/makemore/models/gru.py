"""makemore's gated recurrent unit (Cho et al. 2014): gates that choose what of the state is kept."""

from dataclasses import replace

import tinytensor as tt
from tinytensor import nn

from .rnn import RNN


class GRUCell(nn.Module):
    """The reset gate closes parts of the state to the candidate, the update gate mixes candidate and state."""

    def __init__(self, n_embd: int, n_hidden: int):
        super().__init__()
        self.xh_to_z = nn.Linear(n_embd + n_hidden, n_hidden)
        self.xh_to_r = nn.Linear(n_embd + n_hidden, n_hidden)
        self.xh_to_hbar = nn.Linear(n_embd + n_hidden, n_hidden)
        self.sigmoid = nn.Sigmoid()
        self.tanh = nn.Tanh()

    def forward(self, xt: tt.Tensor, hprev: tt.Tensor) -> tt.Tensor:
        """The next state (B, n_hidden), of the character (B, n_embd) and the state before it."""
        xh = tt.cat([xt, hprev], dim=1)
        r = self.sigmoid(self.xh_to_r(xh))
        hbar = self.tanh(self.xh_to_hbar(tt.cat([xt, r * hprev], dim=1)))
        z = self.sigmoid(self.xh_to_z(xh))
        ht: tt.Tensor = (1 - z) * hprev + z * hbar
        return ht


class GRU(RNN):
    """A recurrent network with gates."""

    recipe = replace(RNN.recipe, steps=15_000)
    Cell = GRUCell
