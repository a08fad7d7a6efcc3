"""The training loop of the lectures, and the loss of a whole split."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import tinytensor as tt
import tinytensor.nn.functional as F

from .errors import Problem
from .models import Model


@dataclass(frozen=True)
class Recipe:
    """How to train. The defaults are the lecture's."""

    steps: int = 200_000
    batch_size: int = 32
    lr: float = 0.1  # a tenth of it for the second half of the steps


def train(
    model: Model,
    x: tt.Tensor,
    y: tt.Tensor,
    recipe: Recipe,
    generator: tt.Generator,
    watch: Callable[[int, float], None] = lambda step, loss: None,
) -> list[float]:
    """Minibatch gradient descent on examples x with answers y.

    Args:
        model: changed in place.
        x: contexts, of shape (N, block_size).
        y: the characters that follow, of shape (N,).
        recipe: steps, batch size, learning rate.
        generator: draws the minibatches.
        watch: called after every step with its number, from 1, and its loss.

    Returns:
        The loss of every step.
    """
    parameters = list(model.parameters())
    losses = []
    for step in range(recipe.steps):
        # minibatch
        ix = tt.randint(0, len(y), (recipe.batch_size,), generator=generator)

        # forward
        loss = F.cross_entropy(model(x[ix]), y[ix])

        # backward
        for p in parameters:
            p.grad = None
        loss.backward()

        # update
        lr = recipe.lr if step < recipe.steps // 2 else recipe.lr / 10
        for p in parameters:
            p.data += -lr * p.grad

        losses.append(loss.item())
        watch(step + 1, losses[-1])
    if losses and not math.isfinite(losses[-1]):
        raise Problem(f"the loss became {losses[-1]}: try a smaller learning rate than {recipe.lr}")
    return losses


def split_loss(model: Model, x: tt.Tensor, y: tt.Tensor, rows: int = 4096) -> float:
    """Mean loss over all examples, a few thousand rows at a time to keep the activations in the caches."""
    total = 0.0
    with tt.no_grad():
        for start in range(0, len(y), rows):
            end = start + rows
            total += F.cross_entropy(model(x[start:end]), y[start:end], reduction="sum").item()
    return total / len(y)
