"""How ops are made: raw primitives give what their functions give, can be watched, and hold no more than they should."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

import tinytensor as tt
from tinytensor._C import vjp
from tinytensor.modes import watch_ops
from tinytensor.tensor import primitives


def leaf(*values: float) -> Any:
    return tt.tensor(values or (1.0, 2.0, 3.0), dtype=tt.float64, requires_grad=True)


AT = tt.tensor([1, 0])
SETTINGS: dict[str, tuple[Any, ...]] = {  # of raw primitives, behind their tensors
    "conv": (None, (1,), (0,), (1,), (1,), 1),
    "conv_transpose": ((1,), (0,), (1,), (7,), 1),
    "conv_weight": ((1,), (0,), (1,), (1,), 1),
    "index": ((AT,), (0,), True),
    "index_write": (2.0, (AT,), (0,), True, False),
    "max_pool": (2, (), 1, 1, False, 1),
    "avg_pool": (2, (), 1, False, True, 0, 1),
    "adaptive_max_pool": ((3,), 1),
    "adaptive_avg_pool": ((3,), 1),
    "median": (1, False, False),
    "mode": (1, False),
    "kthvalue": (2, 1, False),
    "huber": (0.5,),
}


def test_watching_ops() -> None:
    x = leaf()
    seen = []

    def watch(name: str, arguments: tuple[Any, ...], result: Any) -> None:
        seen.append((name, arguments[0] is x, result.tolist()))
        result.mul(2)  # an op of the watcher's own is not seen

    with watch_ops(watch):
        y = x * 2
        with watch_ops(lambda name, arguments, result: seen.append(name)):
            tt.exp(x)
        with tt.no_grad():
            x + 1
        y.sum()
    x * 3
    assert seen == [("mul", True, [2, 4, 6]), "exp", ("sum", False, 12)]

    def refuse(*_: object) -> None:
        raise ValueError("seen enough")

    with watch_ops(refuse), pytest.raises(ValueError, match="seen enough"):
        x * 2
    (x * 2).sum().backward()
    assert x.grad.tolist() == [2, 2, 2]


@pytest.mark.parametrize("name", [name for name, op in primitives.items() if getattr(op, "raw", False)])
def test_raw_primitives_give_what_their_functions_give(name: str) -> None:
    op, x = primitives[name], tt.rand((2, 2, 4) if "conv" in name else (4, 4), dtype=tt.float64) + 0.5
    settings = SETTINGS.get(name, ())
    count = op.__wrapped__.__code__.co_argcount - len(settings)
    tensors = (x, x.flip(0), x.flip(1))[:count]

    def outputs(y: Any) -> tuple[tt.Tensor, ...]:
        return y if isinstance(y, tuple) else (y,)

    def leaves() -> Iterator[tt.Tensor]:
        return (t.clone().requires_grad_() for t in tensors)

    expected = op.__wrapped__(*tensors, *settings)
    given = outputs(op(*tensors, *settings))
    assert all(map(tt.equal, given, outputs(expected[0] if isinstance(expected, tuple) else expected)))
    assert all(map(tt.equal, given, (y.detach() for y in outputs(op(*leaves(), *settings)))))
    with tt.no_grad():
        assert all(y.grad_fn is None for y in outputs(op(*leaves(), *settings)))


def test_cycles_through_what_vjps_hold_are_collected() -> None:
    w = leaf()
    (w * w).sum().backward(create_graph=True)  # w.grad knows the way back to w
    assert w.grad.grad_fn is not None
    gone = weakref.ref(w)
    del w
    gc.collect()
    assert gone() is None


def test_vjp_passes_on_what_it_was_given() -> None:
    assert vjp(lambda *args: args, 2, 3)(1) == (1, 2, 3)
    assert vjp(lambda *args: args, *range(1, 40))(0) == tuple(range(40))
    for wrong in ((), (1,)):
        with pytest.raises(TypeError, match="expected a function of a gradient"):
            vjp(*wrong)
    with pytest.raises(TypeError, match="no names"):
        vjp(tt.mul, 2)(g=1)
