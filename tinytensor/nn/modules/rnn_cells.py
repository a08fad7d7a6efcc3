"""One step of a recurrent network."""

from __future__ import annotations

import math
from typing import Any

from ...ops import recurrent as R
from ...ops.creation import empty, zeros
from ...tensor import Tensor
from .. import functional as F
from .. import init
from ..parameter import Parameter
from .module import Module


class RNNCellBase(Module):
    """Weights of one cell: input to gates, and hidden state to gates.

    Examples:
        >>> isinstance(nn.GRUCell(10, 20), nn.RNNCellBase)
        True
    """

    weight_ih: Parameter
    weight_hh: Parameter
    bias_ih: Parameter | None
    bias_hh: Parameter | None

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool, num_chunks: int, device: Any = None, dtype: Any = None
    ) -> None:
        """Make a cell of `num_chunks` gates."""
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        gates = num_chunks * hidden_size
        kind = {"device": device, "dtype": dtype}
        self.weight_ih = Parameter(empty((gates, input_size), **kind))
        self.weight_hh = Parameter(empty((gates, hidden_size), **kind))
        self.register_parameter("bias_ih", Parameter(empty(gates, **kind)) if bias else None)
        self.register_parameter("bias_hh", Parameter(empty(gates, **kind)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all parameters anew, uniform in +-1/sqrt(hidden_size)."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        return text if self.bias else text + f", bias={self.bias}"

    def _check(self, input: Tensor, states: tuple[Any, ...], labels: tuple[str, ...]) -> None:
        name = type(self).__name__
        if input.dim() not in (1, 2):
            raise ValueError(f"{name}: Expected input to be 1D or 2D, got {input.dim()}D instead")
        for state, label in zip(states, labels, strict=False):
            if state.dim() not in (1, 2):
                raise ValueError(f"{name}: Expected {label} to be 1D or 2D, got {state.dim()}D instead")

    def _step(self, mode: int, input: Tensor, hidden: Tensor, cell: Tensor | None = None) -> Any:
        """The layer over one time: the next hidden state, of an LSTM a pair of it and the next cell state."""
        rows = hidden.shape[0] if hidden.dim() == 2 else 1
        x = F.linear(input, self.weight_ih, self.bias_ih).reshape(1, rows, self.weight_ih.shape[0])
        h = hidden.reshape(rows, self.hidden_size)
        c = None if cell is None else cell.reshape(rows, self.hidden_size)
        y: Any = R.recurrent(x, h, c, self.weight_hh, self.bias_hh, None, mode, False)
        return tuple(state.reshape(hidden.shape) for state in y) if mode == R.LSTM else y.reshape(hidden.shape)

    def _zeros(self, input: Tensor) -> Tensor:
        state: Tensor = zeros((*input.shape[:-1], self.hidden_size), dtype=input.dtype)
        return state


def state_tensors(name: str, state: Any, count: int) -> tuple[Tensor, ...]:
    """The tensors of a state: of `count` one itself, of two a pair (hidden, cell)."""
    sequence = isinstance(state, tuple | list)
    parts = tuple(state) if count > 1 and sequence else (state,)
    if (count > 1 and not sequence) or not all(isinstance(part, Tensor) for part in parts):
        kind = "a Tensor" if count == 1 else "a pair of Tensors (hidden, cell)"
        raise TypeError(f"{name}: expected the state to be {kind}, got {type(state).__name__}")
    if len(parts) != count:
        raise RuntimeError(f"{name} expects two hidden states, got {len(parts)}")
    return parts


class RNNCell(RNNCellBase):
    """`tanh(W_ih x + b_ih + W_hh h + b_hh)`, or relu: (N, input_size) and (N, hidden_size) -> (N, hidden_size).

    Examples:
        >>> nn.RNNCell(10, 20)(tt.zeros(3, 10)).shape
        torch.Size([3, 20])
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        """Make a cell of `hidden_size`."""
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        self._check(input, () if hx is None else state_tensors(type(self).__name__, hx, 1), ("hidden",))
        hidden = self._zeros(input) if hx is None else hx
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        return self._step(R.RNN_TANH if self.nonlinearity == "tanh" else R.RNN_RELU, input, hidden)

    def extra_repr(self) -> str:
        text = super().extra_repr()
        return text if self.nonlinearity == "tanh" else text + f", nonlinearity={self.nonlinearity}"


class LSTMCell(RNNCellBase):
    """One step of an LSTM: (N, input_size) and a pair of (N, hidden_size), hidden and cell -> such a pair.

    Examples:
        >>> h, c = nn.LSTMCell(10, 20)(tt.zeros(3, 10))
        >>> h.shape, c.shape
        (torch.Size([3, 20]), torch.Size([3, 20]))
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        """Make a cell of `hidden_size`."""
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        self._check(input, () if hx is None else state_tensors("LSTMCell", hx, 2), ("hx[0]", "hx[1]"))
        hidden, cell = (self._zeros(input),) * 2 if hx is None else hx
        return self._step(R.LSTM, input, hidden, cell)


class GRUCell(RNNCellBase):
    """One step of a GRU: (N, input_size) and (N, hidden_size) -> (N, hidden_size).

    Examples:
        >>> nn.GRUCell(10, 20)(tt.zeros(3, 10)).shape
        torch.Size([3, 20])
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        """Make a cell of `hidden_size`."""
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        self._check(input, () if hx is None else state_tensors(type(self).__name__, hx, 1), ("hidden",))
        hidden = self._zeros(input) if hx is None else hx
        return self._step(R.GRU, input, hidden)
