"""Some examples on their way through a model and back: what its nonlinearities and softmaxes make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

import tinytensor as tt
from tinytensor import nn

from .models import Model
from .pictures.layers import Kind

Array = np.ndarray[Any, Any]

KINDS: dict[type[nn.Module], Kind] = {
    nn.Tanh: "tanh",
    nn.Sigmoid: "sigmoid",
    nn.ReLU: "relu",
    nn.GELU: "other",
    nn.SiLU: "other",
}


@dataclass(frozen=True)
class Layer:
    """What came out of a nonlinearity, (examples, units), and the gradient that came back."""

    kind: Kind
    activations: Array
    gradients: Array | None


@dataclass(frozen=True)
class Glimpse:
    """Some examples on their way through a model and back.

    Attributes:
        loss: theirs.
        layers: the nonlinearities by name, in the order of the computation. A recurrent one has a row for each
            character; what lies behind the end of a word has none.
        attention: the weights of each layer of attention by name, (examples, heads, T, T).
    """

    loss: float
    layers: dict[str, Layer]
    attention: dict[str, Array]

    @property
    def activations(self) -> dict[str, Array]:
        """Of each layer."""
        return {name: layer.activations for name, layer in self.layers.items()}

    @property
    def gradients(self) -> dict[str, Array]:
        """Of each layer that has some: what computes its own backward has none."""
        return {name: layer.gradients for name, layer in self.layers.items() if layer.gradients is not None}

    @property
    def kinds(self) -> dict[str, Kind]:
        """Of each layer."""
        return {name: layer.kind for name, layer in self.layers.items()}

    @property
    def flattening(self) -> dict[str, Layer]:
        """The layers of which it is known where they are flat."""
        return {name: layer for name, layer in self.layers.items() if layer.kind != "other"}


def look(model: Model, x: tt.Tensor, y: tt.Tensor) -> Glimpse:
    """Sends examples through a model and back, and takes down what its nonlinearities and softmaxes make of them.

    The gradients of the parameters are left in `.grad`, as after every `model.learn`. Nothing else changes: neither
    parameters nor running statistics nor the default generator.
    """
    seen: dict[str, tuple[nn.Module, list[tt.Tensor]]] = {}

    def hook(name: str) -> Callable[..., None]:
        def note(module: nn.Module, arguments: Any, output: tt.Tensor) -> None:
            if output.requires_grad:
                output.retain_grad()
            seen.setdefault(name, (module, []))[1].append(output)

        return note

    buffers = [(buffer, buffer.clone()) for buffer in model.buffers()]
    with ExitStack() as stack:
        stack.enter_context(tt.random.fork_rng())
        modules: Iterable[tuple[str, nn.Module]] = model.named_modules()
        for name, module in modules:
            if isinstance(module, (*KINDS, nn.Softmax)):
                handle = module.register_forward_hook(hook(_called(name, module)))
                stack.callback(handle.remove)
        loss = model.learn(x, y).item()
    for buffer, before in buffers:
        buffer.copy_(before)
    layers, attention = {}, {}
    for name, (module, outputs) in seen.items():
        if isinstance(module, nn.Softmax):
            attention[name.removesuffix(".softmax")] = outputs[0].detach().numpy()
        else:
            layers[name] = _layer(KINDS[type(module)], outputs, y)
    return Glimpse(loss, layers, attention)


def _called(name: str, module: nn.Module) -> str:
    """A layer's name with its kind, where that is not its name."""
    kind = type(module).__name__
    return name if name.split(".")[-1] == kind.lower() else f"{name} ({kind})"


def _layer(kind: Kind, outputs: list[tt.Tensor], y: tt.Tensor) -> Layer:
    """All calls of one nonlinearity: a recurrent one is called for every character."""

    def rows(tensors: list[tt.Tensor]) -> Array:
        arrays = [t.detach().numpy() for t in tensors]
        values = arrays[0]
        if len(arrays) > 1:
            # One that is called several times for a character, as the gates of a GRU, has so many units more.
            calls = len(arrays) // y.shape[1]
            steps = [np.concatenate(arrays[i : i + calls], axis=-1) for i in range(0, len(arrays), calls)]
            values = np.stack(steps, axis=1)
        if y.ndim == 2:  # whole words: behind the end of a word nothing is predicted
            values = values[y.numpy() != -1]
        return np.asarray(values.reshape(-1, values.shape[-1]))

    grads = [output.grad for output in outputs if output.retains_grad and output.grad is not None]
    return Layer(kind, rows(outputs), rows(grads) if len(grads) == len(outputs) else None)
