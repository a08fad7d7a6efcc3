"""Rows of tinytensor/ops/recurrent.py: layers called with weights that are arguments."""

from op_row import FLOATS, E, Row, S, T

GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def made(tt, name, x, weights, **options):
    if options.get("num_layers", 1) > len(weights):
        raise ValueError(f"{len(weights)} weights are not enough for {options['num_layers']} layers")
    module = getattr(tt.nn, name)(x.shape[-1], weights[1].shape[1], **options)
    for (parameter, _), w in zip(list(module.named_parameters()), weights, strict=True):
        delattr(module, parameter)
        setattr(module, parameter, w)
    return module


def layer(kind):
    def run(tt, x, state, *weights, lengths=None, **options):
        module = made(tt, kind, x, weights, **options)
        if lengths is None:
            return module(x, state)
        sequences = tt.nn.utils.rnn
        y, last = module(sequences.pack_padded_sequence(x, lengths, enforce_sorted=False), state)
        return sequences.pad_packed_sequence(y)[0], last

    return run


def cell(kind):
    return lambda tt, x, state, *weights: made(tt, f"{kind}Cell", x, weights)(x, state)


def weights(kind, inputs, hidden, bias=True):
    rows = GATES[kind] * hidden
    shapes = [(rows, inputs), (rows, hidden), *([(rows,), (rows,)] if bias else [])]
    return [T(*shape, low=-0.5, high=0.5) for shape in shapes]  # larger ones make a layer of many units chaotic


def state(kind, *shape):
    return (T(*shape), T(*shape)) if kind == "LSTM" else T(*shape)


def calls(kind):
    return [S(T(3, 2, 4), state(kind, 1, 2, 5), *weights(kind, 4, 5)),
            S(T(2, 1, 3), None, *weights(kind, 3, 2, bias=False), bias=False),
            S(T(4, 3), state(kind, 2, 2), *weights(kind, 3, 2), *weights(kind, 3, 2), bidirectional=True),
            S(T(4, 3, 2), state(kind, 2, 3, 3), *weights(kind, 2, 3), *weights(kind, 2, 3), bidirectional=True,
              lengths=[2, 4, 1]),
            S(T(2, 3, 2), None, *weights(kind, 2, 17), *weights(kind, 17, 17), batch_first=True, num_layers=2)]


def refused(kind):
    times = [2**40, 4, 2]  # PyTorch fills the sequence up with what it finds
    # PyTorch fails at the attributes that a bool does not have, except where it is to be a pair.
    return [E(TypeError, "state", S(T(2, 1, 3), True, *weights(kind, 3, 2)), torch=kind == "LSTM"),
            E(RuntimeError, "lengths", S(T(4, 3, 2), None, *weights(kind, 2, 3), lengths=times), torch=False)]


ROWS = [
    *(Row(f"nn.{kind}", calls(kind), fn=layer(kind), dtypes=FLOATS, method=False, rtol=1e-5, errors=refused(kind),
          covers=["recurrent", "recurrent_backward"])
      for kind in GATES),
    *(Row(f"nn.{kind}Cell", [S(T(3, 4), state(kind, 3, 5), *weights(kind, 4, 5)), S(T(4), None, *weights(kind, 4, 5))],
          fn=cell(kind), dtypes=FLOATS, method=False, rtol=1e-5)
      for kind in GATES),
]
