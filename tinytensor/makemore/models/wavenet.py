"""The fifth lecture: a hierarchy that fuses neighbours level by level, as WaveNet does (van den Oord et al. 2016)."""

import tinytensor as tt
from tinytensor import nn

from ..recipe import Recipe
from .model import Model


class FlattenConsecutive(nn.Module):
    """Lays each n neighbours side by side: (B, T, C) becomes (B, T / n, C * n), without the middle where that is 1."""

    def __init__(self, n: int):
        super().__init__()
        self.n = n

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """A view."""
        B, T, C = x.shape
        fused: tt.Tensor = x.view(B, T // self.n, C * self.n).squeeze(1)
        return fused

    def extra_repr(self) -> str:
        """How many."""
        return str(self.n)


class BatchNorm(nn.BatchNorm1d):
    """Batch normalisation of the last dimension, over all others: batch and time."""

    def forward(self, input: tt.Tensor) -> tt.Tensor:
        """Of (B, C) or (B, T, C)."""
        normalised: tt.Tensor = super().forward(input.view(-1, input.shape[-1])).view(input.shape)
        return normalised


class WaveNet(Model):
    """Embeds `block_size` characters, a power of two, and fuses pairs until one vector is left, which gives the logits.

    Each level is FlattenConsecutive, Linear, BatchNorm, Tanh.
    """

    recipe = Recipe(steps=50_000, batch_size=32, lr=0.1, schedule="step", decay_at=0.75)
    least_batch = 2

    def __init__(self, vocab_size: int, block_size: int = 8, n_embd: int = 24, n_hidden: int = 128):
        super().__init__()
        levels = block_size.bit_length() - 1
        if levels < 1 or block_size != 2**levels:
            raise ValueError(f"wavenet needs a block_size that is a power of two: 2, 4, 8, ..., not {block_size}")
        self.block_size = block_size
        layers: list[nn.Module] = [nn.Embedding(vocab_size, n_embd)]
        fan_in = n_embd
        for _ in range(levels):
            linear = nn.Linear(2 * fan_in, n_hidden, bias=False)
            layers += [FlattenConsecutive(2), linear, BatchNorm(n_hidden), nn.Tanh()]
            fan_in = n_hidden
        last = nn.Linear(n_hidden, vocab_size)
        with tt.no_grad():
            last.weight.mul_(0.1)  # less confident: the loss starts at log(vocab_size)
        self.layers = nn.Sequential(*layers, last)

    @property
    def embedding(self) -> tt.Tensor:
        """The weight of the first layer."""
        weight: tt.Tensor = self.layers[0].weight
        return weight

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Logits of the next character."""
        logits: tt.Tensor = self.layers(x)
        return logits
