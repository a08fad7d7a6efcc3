"""Recurrent layers: one op for a layer in one direction over all times."""

from __future__ import annotations

from typing import Any

from .._C import is_grad_enabled
from .._C import ops as C
from ..tensor import Tensor, primitive
from .choice import where
from .join import stack
from .matmul import linear
from .second import pull_back

RNN_TANH, RNN_RELU, LSTM, GRU = range(4)


@primitive(joint=True)
def recurrent(
    x: Tensor,
    h: Tensor,
    c: Tensor | None,
    w: Tensor,
    bias: Tensor | None,
    lengths: Tensor | None,
    mode: int,
    reverse: bool,
) -> Any:
    """All states of a layer.

    Args:
        x: the products of the inputs with their weights, (time, batch, gates * hidden).
        h: the first state, (batch, hidden).
        c: the first cell state of an LSTM, (batch, hidden).
        w: (gates * hidden, hidden); gates in PyTorch's order.
        bias: what is added to the products with the state, (gates * hidden,).
        lengths: (batch,), the times at which a sequence runs; before and after them its state stays. All by default.
        mode: RNN_TANH, RNN_RELU, LSTM or GRU.
        reverse: from the last time to the first.

    Returns:
        The states at all times, (time, batch, hidden); of an LSTM a pair of them and the cell states.
    """
    y, cells, gates = C.recurrent(x, h, c, w, bias, lengths, mode, reverse)
    has_bias, has_lengths = bias is not None, lengths is not None

    def vjp(g: Any, gc: Any = None) -> Any:
        if is_grad_enabled():  # to be differentiated again
            inputs = (x, h, c, w, bias, lengths, mode, reverse)
            gx, gh, gcell, gw, gb, *_ = pull_back(_recurrent_steps, inputs, g if c is None else (g, gc))
        else:
            gx, gu, gh, gcell = C.recurrent_backward(g, gc, y, cells, gates, h, c, w, lengths, mode, reverse)
            gu = gx if gu is None else gu
            first, later, before = (-1, gu[:-1], y[1:]) if reverse else (0, gu[1:], y[:-1])
            gw = C.add(C.contract_rows(gu[first], h), C.contract_rows(later, before))
            gb = C.sum(gu, (0, 1), False) if has_bias else None
        cell = () if c is None else (gcell,)
        return (gx, gh, *cell, gw, *((gb,) if has_bias else ()), *((None,) if has_lengths else ()))

    return y if cells is None else (y, cells), vjp


def _recurrent_steps(x: Any, h: Any, c: Any, w: Any, bias: Any, lengths: Any, mode: int, reverse: bool) -> Any:
    """What `recurrent` computes, step by step, from ops that can be differentiated twice."""
    states: list[Any] = [None] * len(x)
    for time in reversed(range(len(x))) if reverse else range(len(x)):
        before = h, c
        h, c = step(mode, x[time], linear(h, w, bias), h, c)
        if lengths is not None:
            h, c = (
                b if n is None else where(running(lengths, time), n, b) for n, b in zip((h, c), before, strict=True)
            )
        states[time] = h, c
    ys, cs = zip(*states, strict=True)
    return stack(list(ys), 0) if c is None else (stack(list(ys), 0), stack(list(cs), 0))


def running(lengths: Tensor, time: int) -> Any:
    """Which sequences run at that time, (batch, 1)."""
    return (lengths > time).unsqueeze(1)


def step(mode: int, x: Any, u: Any, h: Any, c: Any) -> tuple[Any, Any]:
    """The next hidden and cell state, from the products with input and state and the state."""
    if mode == LSTM:
        enter, keep, new, show = (x + u).chunk(4, -1)
        c = keep.sigmoid() * c + enter.sigmoid() * new.tanh()
        return show.sigmoid() * c.tanh(), c
    if mode == GRU:
        reset_x, keep_x, new_x = x.chunk(3, -1)
        reset_u, keep_u, new_u = u.chunk(3, -1)
        new = (new_x + new_u * (reset_x + reset_u).sigmoid()).tanh()
        return (h - new) * (keep_x + keep_u).sigmoid() + new, None
    return ((x + u).relu() if mode == RNN_RELU else (x + u).tanh()), None
