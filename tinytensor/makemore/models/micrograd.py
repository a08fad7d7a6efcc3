"""The lecture before makemore: a network of single numbers, every one a node of its own, that tells two moons apart."""

import math
from collections.abc import Mapping, Sequence

import tinytensor as tt
from tinytensor import nn

from ..data import Vocabulary
from ..errors import Problem
from ..examples import Choice, Examples
from ..recipe import Recipe
from .model import Model


class Neuron(nn.Module):
    """A weighted sum of 0-d tensors, and what relu leaves of it."""

    def __init__(self, nin: int, nonlin: bool):
        super().__init__()
        self.w = nn.ParameterList([nn.Parameter(tt.rand(()) * 2 - 1) for _ in range(nin)])
        self.b = nn.Parameter(tt.tensor(0.0))
        self.nonlin = nonlin

    def forward(self, x: Sequence[tt.Tensor]) -> tt.Tensor:
        """Of nin 0-d tensors, one."""
        act = self.b
        for wi, xi in zip(self.w, x, strict=True):
            act = act + wi * xi
        return act.relu() if self.nonlin else act


class Layer(nn.Module):
    """Neurons that look at the same numbers."""

    def __init__(self, nin: int, nout: int, nonlin: bool):
        super().__init__()
        self.neurons = nn.ModuleList([Neuron(nin, nonlin) for _ in range(nout)])

    def forward(self, x: Sequence[tt.Tensor]) -> list[tt.Tensor]:
        """What each of them says."""
        return [neuron(x) for neuron in self.neurons]


class Moons:
    """Points of two interleaved half circles: x (B, 2) with noise, y (B,) of 1 and -1."""

    def __init__(self, count: int = 100, noise: float = 0.1, seed: int = 1337):
        generator = tt.Generator().manual_seed(seed)
        angle = tt.linspace(0, math.pi, count // 2)
        outer = tt.stack([angle.cos(), angle.sin()], dim=1)
        inner = tt.stack([1 - angle.cos(), 0.5 - angle.sin()], dim=1)
        self.x = tt.cat([outer, inner]) + noise * tt.randn(2 * len(angle), 2, generator=generator)
        self.y = tt.cat([-tt.ones(len(angle)), tt.ones(len(angle))])

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, ix: Choice) -> tuple[tt.Tensor, tt.Tensor]:
        return self.x[ix], self.y[ix]


class Micrograd(Model):
    """The classifier of the moons: 2 numbers, two layers of `n_hidden` neurons, 1 score, whose sign is the answer.

    It reads no words: each of its splits is a draw of the moons.
    """

    recipe = Recipe(steps=100, batch_size=0, lr=1.0, schedule="linear")
    makes_words = False

    def __init__(self, vocab_size: int, n_hidden: int = 16, penalty: float = 1e-4):
        super().__init__()
        self.block_size = 2
        self.penalty = penalty
        self.layers = nn.Sequential(
            Layer(2, n_hidden, nonlin=True), Layer(n_hidden, n_hidden, nonlin=True), Layer(n_hidden, 1, nonlin=False)
        )

    def splits(self, words: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> dict[str, Examples]:
        """Three draws of the moons, whatever the words."""
        return {split: Moons(seed=1337 + number) for number, split in enumerate(words)}

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """The scores (B,) of points (B, 2), each by an expression of its own."""
        scores: tt.Tensor = tt.stack([self.layers(point.unbind())[0] for point in x.unbind()])
        return scores

    def token_losses(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """The hinge loss of each point: what its score lacks to a margin of 1."""
        losses: tt.Tensor = (1 - y * self(x)).relu()
        return losses

    def loss(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """Their mean, and `penalty` times the sum of the squares of all parameters."""
        squares = tt.stack(list(self.parameters())).square().sum()
        loss: tt.Tensor = self.token_losses(x, y).mean() + self.penalty * squares
        return loss

    def next_logits(self, ids: list[int]) -> tt.Tensor:
        """There are none."""
        raise Problem("micrograd tells points of the plane apart: it makes no words")

    def accuracy(self, examples: Examples) -> float:
        """The share of the points that it tells right."""
        x, y = examples[:]
        with tt.no_grad():
            return float(((self(x) > 0) == (y > 0)).float().mean().item())

    def summary(self, examples: Examples) -> str:
        """The accuracy."""
        return f"accuracy {self.accuracy(examples):.1%}"
