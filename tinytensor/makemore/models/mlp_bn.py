"""The third lecture: a deep MLP whose activations stay healthy, by Kaiming initialisation and batch normalisation."""

import itertools
import math
from typing import Literal

import tinytensor as tt
from tinytensor import nn

from ..examples import Examples
from ..recipe import Recipe
from .model import Model

Statistics = Literal["running", "calibrated"]


class MLPBN(Model):
    """Embeds the context and passes it through `n_layer` times Linear, BatchNorm, Tanh, and once Linear, BatchNorm.

    With `statistics` "running" the means and variances that are used after training were followed while it ran; those
    that are "calibrated" are measured over the training set when it is over.
    """

    recipe = Recipe(steps=50_000, batch_size=32, lr=0.1, schedule="step", decay_at=0.75)
    least_batch = 2

    def __init__(
        self,
        vocab_size: int,
        block_size: int = 3,
        n_embd: int = 10,
        n_hidden: int = 100,
        n_layer: int = 5,
        statistics: Statistics = "running",
    ):
        super().__init__()
        self.block_size = block_size
        self.statistics = statistics
        self.C = nn.Embedding(vocab_size, n_embd)
        sizes = [block_size * n_embd, *([n_hidden] * n_layer)]
        layers: list[nn.Module] = []
        for fan_in, fan_out in itertools.pairwise(sizes):
            layers += [linear(fan_in, fan_out), nn.BatchNorm1d(fan_out), nn.Tanh()]
        last = nn.BatchNorm1d(vocab_size)
        nn.init.constant_(last.get_parameter("weight"), 0.1)  # less confident: the loss starts at log(vocab_size)
        layers += [linear(sizes[-1], vocab_size), last]
        self.layers = nn.Sequential(*layers)

    @property
    def embedding(self) -> tt.Tensor:
        """The weight of C."""
        return self.C.weight

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Logits of the next character."""
        emb = self.C(x)  # (B, block_size, n_embd)
        logits: tt.Tensor = self.layers(emb.view(emb.shape[0], -1))
        return logits

    def calibrate(self, examples: Examples) -> None:
        """Mean and variance over the training set, if those are wanted."""
        if self.statistics == "calibrated":
            calibrate(self, examples)


def linear(fan_in: int, fan_out: int) -> nn.Linear:
    """Without a bias, since batch normalisation has one, and with Kaiming initialisation: the gain of tanh is 5/3."""
    layer = nn.Linear(fan_in, fan_out, bias=False)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="tanh")
    return layer


def calibrate(model: Model, examples: Examples, rows: int = 8192) -> None:
    """Replaces the running statistics of batch normalisation by the means over all examples, `rows` at a time."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm1d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the mean over all batches
    parts = math.ceil(len(examples) / rows)  # of nearly the same size: a batch of one has no variance
    with tt.no_grad():
        for i in range(parts):
            x, _ = examples[i * len(examples) // parts : (i + 1) * len(examples) // parts]
            model(x)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
