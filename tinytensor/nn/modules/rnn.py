"""Recurrent networks over whole sequences: RNN, LSTM, GRU."""

from __future__ import annotations

import math
import warnings
from typing import Any

from ...ops import recurrent as R
from ...ops.choice import where
from ...ops.creation import empty, zeros
from ...ops.join import cat, stack
from ...tensor import Tensor
from .. import functional as F
from .. import init
from ..parameter import Parameter
from ..utils.rnn import PackedSequence
from .module import Module
from .rnn_cells import GRUCell, LSTMCell, RNNCell, RNNCellBase, state_tensors

_GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}
_MODES = {"LSTM": R.LSTM, "GRU": R.GRU, "RNN_TANH": R.RNN_TANH, "RNN_RELU": R.RNN_RELU}


class RNNBase(Module):
    """Layers of recurrent cells: weights, shapes, and the walk over layers, directions and time.

    Examples:
        >>> isinstance(nn.GRU(10, 20), nn.RNNBase)
        True
    """

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        """Make `num_layers` layers of `hidden_size`; `dropout` acts between layers, while training."""
        super().__init__()
        _check_arguments(input_size, hidden_size, num_layers, bias, batch_first, dropout, proj_size)
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        self._all_weights: list[list[str]] = []
        gates = _GATES[mode] * hidden_size
        output_size = proj_size or hidden_size
        for layer in range(num_layers):
            below = input_size if layer == 0 else output_size * (2 if bidirectional else 1)
            for suffix in ("", "_reverse") if bidirectional else ("",):
                shapes: dict[str, Any] = {"weight_ih": (gates, below), "weight_hh": (gates, output_size)}
                if bias:
                    shapes.update(bias_ih=(gates,), bias_hh=(gates,))
                if proj_size:
                    shapes["weight_hr"] = (proj_size, hidden_size)
                names = []
                for name, shape in shapes.items():
                    names.append(f"{name}_l{layer}{suffix}")
                    setattr(self, names[-1], Parameter(empty(shape, device=device, dtype=dtype)))
                self._all_weights.append(names)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all parameters anew, uniform in +-1/sqrt(hidden_size)."""
        bound = 1.0 / math.sqrt(self.hidden_size)
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The parameters of each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    def flatten_parameters(self) -> None:
        """Nothing to do: there is no GPU that would want the weights in one block."""

    def forward(self, input: Any, hx: Any = None) -> Any:
        if hx is not None:
            hx = state_tensors(type(self).__name__, hx, len(self._state_sizes()))
        if isinstance(input, PackedSequence):
            return self._forward_packed(input, hx)
        self._check_input(input)
        batched = input.dim() == 3
        if not batched:
            input = input.unsqueeze(1)
            hx = _map(lambda h: h.unsqueeze(1), hx)
        elif self.batch_first:
            input = input.transpose(0, 1)
        states = self._initial_states(input, hx)
        output, final = self._run(input, states, None)
        if not batched:
            return output.squeeze(1), _map(lambda h: h.squeeze(1), final)
        return (output.transpose(0, 1) if self.batch_first else output), final

    def _check_input(self, input: Tensor) -> None:
        if input.dim() not in (2, 3):
            raise ValueError(f"{type(self).__name__}: Expected input to be 2D or 3D, got {input.dim()}D instead")
        weight = self.all_weights[0][0]
        if input.dtype != weight.dtype:
            raise ValueError(
                f"RNN input dtype ({input.dtype}) does not match weight dtype ({weight.dtype}). "
                f"Convert input: input.to({weight.dtype}), or convert model: model.to({input.dtype})"
            )
        if input.size(-1) != self.input_size:
            raise RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input.size(-1)}"
            )

    def _state_sizes(self) -> tuple[int, ...]:
        """The sizes of the tensors that make up the state of a cell."""
        return (self.hidden_size,)

    def _initial_states(self, input: Tensor, hx: tuple[Any, ...] | None) -> tuple[Any, ...]:
        """The state as a tuple of tensors (layers * directions, batch, size), zeros unless given."""
        rows = len(self._all_weights)
        shapes = [(rows, input.size(1), size) for size in self._state_sizes()]
        if hx is None:
            return tuple(zeros(shape, dtype=input.dtype) for shape in shapes)
        for name, state, shape in zip(("hidden[0]", "hidden[1]"), hx, shapes, strict=False):
            if tuple(state.shape) != shape:
                label = name if len(shapes) > 1 else "hidden"
                raise RuntimeError(f"Expected {label} size {shape}, got {list(state.shape)}")
        return hx

    def _run(self, input: Tensor, states: tuple[Any, ...], lengths: Any) -> tuple[Any, Any]:
        """Input (time, batch, features) through all layers; returns the output and the final state."""
        if input.size(0) == 0:
            raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
        directions = 2 if self.bidirectional else 1
        finals: list[tuple[Any, ...]] = []
        for layer in range(self.num_layers):
            outputs = []
            for direction in range(directions):
                row = layer * directions + direction
                start = tuple(state[row] for state in states)
                weights = self.all_weights[row]
                output, final = self._run_cell(input, start, weights, direction == 1, lengths)
                outputs.append(output)
                finals.append(final)
            input = cat(outputs, -1) if directions == 2 else outputs[0]
            if self.dropout and self.training and layer < self.num_layers - 1:
                input = F.dropout(input, self.dropout, True)
        joined = tuple(stack(list(column), 0) for column in zip(*finals, strict=True))
        return input, joined if len(joined) > 1 else joined[0]

    def _run_cell(
        self, input: Tensor, state: tuple[Any, ...], weights: Any, backwards: bool, lengths: Any
    ) -> tuple[Any, Any]:
        """One layer in one direction: the products with the input are taken for all times at once."""
        biases = weights[2:4] if self.bias else (None, None)
        x, mode = F.linear(input, weights[0], biases[0]), _MODES[self.mode]
        if self.proj_size:
            return self._run_projected(x, state, weights[1], biases[1], weights[-1], backwards, lengths)
        hidden, cell = (*state, None)[:2]
        y: Any = R.recurrent(x, hidden, cell, weights[1], biases[1], lengths, mode, backwards)
        states = y if mode == R.LSTM else (y,)
        return states[0], tuple(each[0 if backwards else -1] for each in states)

    def _run_projected(
        self, x: Tensor, state: Any, weight: Tensor, bias: Any, projection: Tensor, backwards: bool, lengths: Any
    ) -> tuple[Any, Any]:
        """The same for an LSTM whose hidden state is projected after each step."""
        outputs: list[Any] = [None] * len(x)
        order = range(len(x))
        for time in reversed(order) if backwards else order:
            before = state
            hidden, cell = R.step(R.LSTM, x[time], F.linear(state[0], weight, bias), *state)
            state = (F.linear(hidden, projection), cell)
            if lengths is not None:  # sequences that are over (or have not begun) keep their state
                running = R.running(lengths, time)
                state = tuple(where(running, new, old) for new, old in zip(state, before, strict=True))
            outputs[time] = state[0]
        return stack(outputs, 0), state

    def _forward_packed(self, packed: PackedSequence, hx: Any) -> tuple[PackedSequence, Any]:
        padded, lengths = packed.to_padded()
        if packed.sorted_indices is not None:
            hx = _map(lambda h: h.index_select(1, packed.sorted_indices), hx)
        output, final = self._run(padded, self._initial_states(padded, hx), lengths)
        if packed.unsorted_indices is not None:
            final = _map(lambda h: h.index_select(1, packed.unsorted_indices), final)
        return packed.with_padded(output), final

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if self.proj_size != 0:
            text += f", proj_size={self.proj_size}"
        if self.num_layers != 1:
            text += f", num_layers={self.num_layers}"
        if not self.bias:
            text += f", bias={self.bias}"
        if self.batch_first:
            text += f", batch_first={self.batch_first}"
        if self.dropout != 0:
            text += f", dropout={self.dropout}"
        if self.bidirectional:
            text += f", bidirectional={self.bidirectional}"
        return text


def _map(fn: Any, state: Any) -> Any:
    """Apply `fn` to the tensor or tensors of a state, if there is one."""
    if state is None:
        return None
    return tuple(fn(part) for part in state) if isinstance(state, tuple) else fn(state)


def _check_arguments(
    input_size: Any, hidden_size: Any, num_layers: int, bias: Any, batch_first: Any, dropout: Any, proj_size: int
) -> None:
    if not isinstance(dropout, (int, float)) or isinstance(dropout, bool) or not 0 <= dropout <= 1:
        raise ValueError(
            "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"
        )
    if dropout > 0 and num_layers == 1:
        warnings.warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers "
            f"greater than 1, but got dropout={dropout} and num_layers={num_layers}",
            stacklevel=4,
        )
    for name, value, kind in (
        ("bias", bias, bool),
        ("batch_first", batch_first, bool),
        ("input_size", input_size, int),
        ("hidden_size", hidden_size, int),
    ):
        if not isinstance(value, kind):
            raise TypeError(f"{name} should be of type {kind.__name__}, got: {type(value).__name__}")
    for name, value in (("input_size", input_size), ("hidden_size", hidden_size), ("num_layers", num_layers)):
        if value <= 0:
            raise ValueError(f"{name} must be greater than zero")
    if proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if proj_size >= hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")


class RNN(RNNBase):
    """`h = tanh(W_ih x + b_ih + W_hh h + b_hh)` at each time, or relu with `nonlinearity="relu"`.

    Shapes: input (L, N, input_size), or (N, L, input_size) with `batch_first`, or (L, input_size);
    hidden (layers * directions, N, hidden_size). Returns the outputs of the last layer at all times, and the last
    hidden state of all layers.

    Examples:
        >>> output, h = nn.RNN(10, 20, num_layers=2)(tt.zeros(3, 5, 10))
        >>> output.shape, h.shape
        (torch.Size([3, 5, 20]), torch.Size([2, 5, 20]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        """Make `num_layers` layers of `hidden_size`."""
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__(
            f"RNN_{nonlinearity.upper()}",
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            device=device,
            dtype=dtype,
        )
        self.nonlinearity = nonlinearity


class LSTM(RNNBase):
    """Long short-term memory: a cell state kept by a forget gate, fed by an input gate, shown by an output gate.

    Shapes as for RNN; the state is a pair (hidden, cell). With `proj_size` the hidden state is projected to that size.

    Examples:
        >>> output, (h, c) = tt.nn.LSTM(10, 20, batch_first=True)(tt.zeros(5, 3, 10))
        >>> output.shape, h.shape
        (torch.Size([5, 3, 20]), torch.Size([1, 5, 20]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        """Make `num_layers` layers of `hidden_size`."""
        super().__init__(
            "LSTM",
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            proj_size,
            device,
            dtype,
        )

    def _state_sizes(self) -> tuple[int, ...]:
        return (self.proj_size or self.hidden_size, self.hidden_size)


class GRU(RNNBase):
    """Gated recurrent unit: a reset gate before the new state, an update gate between it and the old one.

    Shapes as for RNN.

    Examples:
        >>> output, h = nn.GRU(10, 20, bidirectional=True)(tt.zeros(3, 5, 10))
        >>> output.shape, h.shape
        (torch.Size([3, 5, 40]), torch.Size([2, 5, 20]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        """Make `num_layers` layers of `hidden_size`."""
        super().__init__(
            "GRU",
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            device=device,
            dtype=dtype,
        )


__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNBase", "RNNCell", "RNNCellBase"]
