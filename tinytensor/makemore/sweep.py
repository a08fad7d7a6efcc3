"""The lecture's search for a learning rate: let it grow step by step, and see where the loss falls and where it flies."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .run import Run


@dataclass(frozen=True)
class Sweep:
    """The learning rate of each step and its loss."""

    lrs: list[float]
    losses: list[float]

    @property
    def smooth(self) -> list[float]:
        """The losses, each the mean of the tenth of all around it."""
        width = max(1, len(self.losses) // 20)
        padded = np.pad(np.array(self.losses), width, mode="edge")
        return [float(mean) for mean in np.convolve(padded, np.ones(2 * width + 1) / (2 * width + 1), mode="valid")]

    @property
    def best(self) -> float:
        """The learning rate where the smoothed loss is lowest."""
        return self.lrs[int(np.argmin(self.smooth))]


def lr_find(
    run: Run,
    lowest: float = 1e-3,
    highest: float = 1.0,
    watch: Callable[[int, float], None] = lambda step, loss: None,
) -> Sweep:
    """Trains a fresh run by all its steps while the learning rate grows evenly in its exponent, from lowest to highest.

    It stops early where the loss is no number any more or far above its start: what comes after tells nothing.
    """
    trainer, steps = run.trainer, run.description.recipe.steps
    lrs: list[float] = []
    losses: list[float] = []
    while trainer.step < steps:
        lr = lowest * (highest / lowest) ** (trainer.step / max(1, steps - 1))
        loss = trainer.update(lr)
        if not math.isfinite(loss) or (losses and loss > 4 * losses[0]):
            break
        lrs.append(lr)
        losses.append(loss)
        watch(trainer.step, loss)
    return Sweep(lrs, losses)
