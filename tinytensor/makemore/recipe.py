"""How to train: steps, minibatch, optimizer, learning rate and its schedule."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tinytensor import Tensor, optim

Schedule = Literal["constant", "step", "linear", "cosine"]
Method = Literal["sgd", "adamw"]


@dataclass(frozen=True)
class Recipe:
    """The settings of a training; every model has its own as `Model.recipe`."""

    steps: int = 200_000
    batch_size: int = 32  # 0 is all examples, in their order
    lr: float = 0.1
    schedule: Schedule = "step"  # what becomes of lr: see lr_at
    decay_at: float = 0.5  # the share of the steps after which "step" takes a tenth of lr
    optimizer: Method = "sgd"
    weight_decay: float = 0.0  # the optimizer's

    def lr_at(self, step: int) -> float:
        """The learning rate of a step, numbered from 0: lr, and by the end of "step", "linear", "cosine" a tenth of it."""
        done = step / self.steps
        if self.schedule == "step":
            return self.lr if step < int(self.decay_at * self.steps) else self.lr / 10
        if self.schedule == "linear":
            return self.lr * (1 - 0.9 * done)
        if self.schedule == "cosine":
            return self.lr * (0.1 + 0.9 * (1 + math.cos(math.pi * done)) / 2)
        return self.lr

    def make_optimizer(self, parameters: Iterable[Tensor]) -> optim.Optimizer | None:
        """The optimizer of these parameters; None where there are none, as in the models that count."""
        parameters = list(parameters)
        if not parameters:
            return None
        if self.optimizer == "adamw":
            return optim.AdamW(parameters, self.lr, betas=(0.9, 0.99), weight_decay=self.weight_decay)
        return optim.SGD(parameters, self.lr, weight_decay=self.weight_decay)
