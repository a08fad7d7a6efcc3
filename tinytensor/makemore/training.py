"""The training loop of the lectures, one step at a time."""

from collections.abc import Iterator
from typing import Any

import tinytensor as tt

from .examples import Examples
from .models import Model
from .recipe import Recipe


class Trainer:
    """Minibatch gradient descent: iterating makes step after step and yields the loss of each.

        trainer = Trainer(model, examples, recipe)
        for loss in trainer:
            ...  # after step number `trainer.step`: p.grad is what moved p.data, by about trainer.lr * p.grad

    Attributes:
        model: changed in place.
        examples: of which the minibatches are drawn, with replacement, by the default generator.
        recipe: how to train.
        optimizer: None for a model that only counts.
        step: how many steps are made.
        lr: the learning rate of the last of them.
    """

    def __init__(self, model: Model, examples: Examples, recipe: Recipe):
        self.model = model
        self.examples = examples
        self.recipe = recipe
        self.optimizer = recipe.make_optimizer(model.parameters())
        self.step = 0
        self.lr = recipe.lr_at(0)
        self._whole = examples[:] if recipe.batch_size == 0 else None  # made once

    def __iter__(self) -> Iterator[float]:
        while self.step < self.recipe.steps:
            yield self.update()

    def update(self, lr: float | None = None) -> float:
        """Makes one step, with the recipe's learning rate or another, and returns its loss."""
        x, y = self.minibatch()
        loss = self.model.learn(x, y)
        self.lr = self.recipe.lr_at(self.step) if lr is None else lr
        if self.optimizer is not None:
            self.optimizer.param_groups[0]["lr"] = self.lr
            self.optimizer.step()
        self.step += 1
        return float(loss.item())

    def minibatch(self) -> tuple[tt.Tensor, tt.Tensor]:
        """Draws the next minibatch."""
        if self._whole is not None:
            return self._whole
        return self.examples[tt.randint(0, len(self.examples), (self.recipe.batch_size,))]

    def state(self) -> dict[str, tt.Tensor]:
        """What the next step depends on besides the model and the recipe: generator, optimizer, step number."""
        state = {"generator": tt.get_rng_state(), "step": tt.tensor(self.step)}
        kept: dict[int, dict[str, Any]] = self.optimizer.state_dict()["state"] if self.optimizer else {}
        for number, values in kept.items():
            state |= {f"optimizer.{number}.{key}": tt.as_tensor(value) for key, value in values.items()}
        return state

    def load_state(self, state: dict[str, tt.Tensor]) -> None:
        """Goes back to where `state` was taken."""
        self.step = int(state["step"].item())
        self.lr = self.recipe.lr_at(max(self.step - 1, 0))
        tt.set_rng_state(state["generator"])
        if self.optimizer is not None:
            kept: dict[int, dict[str, tt.Tensor]] = {}
            for name, value in state.items():
                if name.startswith("optimizer."):
                    _, number, key = name.split(".")
                    kept.setdefault(int(number), {})[key] = value
            self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": kept})
