"""Averages of a model over its training, of equal weight (SWA) or fading (EMA), and the schedule that goes with them.

Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization", 2018.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from .. import _C
from ..missing import names_of as _names_of
from ..modes import no_grad
from ..nn import Module
from ..nn.modules.batchnorm import _BatchNorm
from ..ops.creation import tensor
from ..tensor import Tensor
from .lr_scheduler import LRScheduler
from .lr_scheduler.base import for_each_group as _for_each_group
from .optimizer import Optimizer

__all__ = [
    "SWALR",
    "AveragedModel",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]

Average = Callable[[Any, Any, Any], Any]


def _checked_decay(decay: float) -> float:
    if not 0 <= decay <= 1:
        raise ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range.")
    return decay


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    """The fading average of one parameter: `decay * average + (1 - decay) * current`.

    Examples:
        >>> optim.swa_utils.get_ema_avg_fn(0.5)(tt.tensor(1.0), tt.tensor(2.0), 3)
        tensor(1.5000)
    """
    _checked_decay(decay)

    def average(averaged: Tensor, current: Tensor, num_averaged: Any) -> Any:
        with no_grad():
            return decay * averaged + (1 - decay) * current

    return average


def get_swa_avg_fn() -> Average:
    """The plain average of one parameter, when `num_averaged` are in it already.

    Examples:
        >>> optim.swa_utils.get_swa_avg_fn()(tt.tensor(1.0), tt.tensor(2.0), 3)
        tensor(1.2500)
    """

    def average(averaged: Tensor, current: Tensor, num_averaged: Any) -> Any:
        with no_grad():
            return averaged + (current - averaged) / (num_averaged + 1)

    return average


def _move(averaged: Sequence[Tensor], current: Sequence[Tensor], weight: float) -> None:
    """Moves averages towards current values; integers, which count something, by way of floats."""
    with no_grad():
        for mean, value in zip(averaged, current, strict=True):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, weight)
            else:
                mean.copy_(mean * (1 - weight) + value * weight)


def get_ema_multi_avg_fn(decay: float = 0.999) -> Average:
    """The fading average of a list of parameters, in place.

    Examples:
        >>> means = [tt.tensor([1.0])]
        >>> optim.swa_utils.get_ema_multi_avg_fn(0.5)(means, [tt.tensor([2.0])], 3)
        >>> means
        [tensor([1.5000])]
    """
    _checked_decay(decay)
    return lambda averaged, current, num_averaged: _move(averaged, current, 1 - decay)


def get_swa_multi_avg_fn() -> Average:
    """The plain average of a list of parameters, in place.

    Examples:
        >>> means = [tt.tensor([1.0])]
        >>> optim.swa_utils.get_swa_multi_avg_fn()(means, [tt.tensor([2.0])], 3)
        >>> means
        [tensor([1.2500])]
    """
    return lambda averaged, current, num_averaged: _move(averaged, current, float(1 / (num_averaged + 1)))


class AveragedModel(Module):
    """A copy of a model whose parameters are averages of those that `update_parameters` is shown.

    Args:
        model: it starts as a copy of this.
        device: accepted; there is one.
        avg_fn: (average, current, number averaged) -> new average, for one parameter.
        multi_avg_fn: the same for lists of them, in place; by default the plain average.
        use_buffers: average the buffers as well; else they are those of the last model shown.

    Raises:
        AssertionError: both functions are given.

    Examples:
        >>> model = nn.Linear(1, 1)
        >>> mean = optim.swa_utils.AveragedModel(model)
        >>> for value in (1.0, 2.0, 6.0):
        ...     _ = nn.init.constant_(model.weight, value)
        ...     mean.update_parameters(model)
        >>> mean.module.weight.item(), mean.n_averaged
        (3.0, tensor(3))
    """

    n_averaged: Tensor

    def __init__(
        self,
        model: Module,
        device: Any = None,
        avg_fn: Average | None = None,
        multi_avg_fn: Average | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = copy.deepcopy(model)
        if device is not None:
            self.module.to(device)
        self.register_buffer("n_averaged", tensor(0, dtype=_C.int64))
        self.avg_fn, self.multi_avg_fn, self.use_buffers = avg_fn, multi_avg_fn, use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the averaged model computes."""
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Module) -> None:
        """Takes the parameters of `model` into the averages; the first time, as they are."""
        averaged, current = self._tensors(self.module), self._tensors(model)
        if not bool(self.n_averaged > 0):
            for mean, value in zip(averaged, current, strict=True):
                mean.copy_(value)
        elif self.avg_fn is None:
            (self.multi_avg_fn or get_swa_multi_avg_fn())(averaged, current, self.n_averaged)
        else:
            for mean, value in zip(averaged, current, strict=True):
                mean.copy_(self.avg_fn(mean, value, self.n_averaged))
        if not self.use_buffers:
            for own, theirs in zip(self.module.buffers(), model.buffers(), strict=True):
                own.detach().copy_(theirs.detach())
        self.n_averaged += 1

    def _tensors(self, model: Module) -> list[Tensor]:
        buffers: Iterable[Tensor] = model.buffers() if self.use_buffers else ()
        return [x.detach() for x in chain(model.parameters(), buffers)]


def update_bn(loader: Iterable[Any], model: Module, device: Any = None) -> None:
    """Computes the running statistics of batch norms anew, from one pass over the batches of `loader`.

    An averaged model needs it: statistics do not average with the parameters. Of a batch that is a list or tuple the
    first part goes into the model.

    Examples:
        >>> model = nn.BatchNorm1d(1)
        >>> optim.swa_utils.update_bn([tt.tensor([[1.0], [3.0]])], model)
        >>> model.running_mean
        tensor([2.])
    """
    norms = [module for module in model.modules() if isinstance(module, _BatchNorm)]
    if not norms:
        return
    momenta, training = [norm.momentum for norm in norms], model.training
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain average over all batches
    model.train()
    with no_grad():
        for batch in loader:
            x = batch[0] if isinstance(batch, (list, tuple)) else batch
            model(x if device is None else x.to(device))
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    model.train(training)


class SWALR(LRScheduler):
    """From the current rate to `swa_lr` in `anneal_epochs` epochs, where it stays.

    Args:
        optimizer: its groups may have a `swa_lr` each.
        swa_lr: the last rate, one or one for each group.
        anneal_epochs: how long it takes.
        anneal_strategy: "cos" or "linear".
        last_epoch: see `LRScheduler`.

    Raises:
        ValueError: there is no such strategy, or less than no epochs.

    Examples:
        >>> optimizer = optim.SGD([tt.ones(1)], lr=1.0)
        >>> scheduler = optim.swa_utils.SWALR(optimizer, 0.5, anneal_epochs=2)
        >>> optimizer.step(), scheduler.step(), scheduler.get_last_lr()
        (None, None, [0.75])
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: Any,
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        for group, lr in zip(optimizer.param_groups, _for_each_group("swa_lr", optimizer, swa_lr), strict=True):
            group["swa_lr"] = lr
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}")
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        self._warn_outside_step()
        step = self._step_count - 1 if self.anneal_epochs else max(1, self._step_count - 1)
        before, now = self._way(step - 1), self._way(step)
        rates = []
        for group in self.optimizer.param_groups:
            last = group["swa_lr"]
            first = last if before == 1 else (group["lr"] - before * last) / (1 - before)
            rates.append(last * now + first * (1 - now))
        return rates

    def _way(self, step: int) -> float:
        """The part of the way to the last rate that is done at a step."""
        part = max(0, min(1, step / max(1, self.anneal_epochs)))
        return part if self._anneal_strategy == "linear" else (1 - math.cos(math.pi * part)) / 2


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
