"""Writing in place: it is differentiated, seen through views, and refused where backward needs what was there."""

from typing import Any

import numpy as np
import pytest

import tinytensor as tt


def leaf(*values: float) -> Any:
    return tt.tensor(values or (1.0, 2.0, 3.0), dtype=tt.float64, requires_grad=True)


def test_leaf_is_not_written_in_place() -> None:
    x = leaf()
    for write in (lambda: x.add_(1), lambda: x.zero_(), lambda: x.__setitem__(0, 1.0), lambda: x[1:].mul_(2)):
        with pytest.raises(RuntimeError, match="leaf"):
            write()
    assert x.tolist() == [1, 2, 3]
    x.data[0] = 5
    x.data += 1
    assert x.tolist() == [6, 3, 4]


def test_inplace_is_differentiated() -> None:
    x = leaf()
    y = x.clone()
    y *= 2
    y[0] = 7
    y[1:] += x[:2]
    y.sin_()
    y.sum().backward()
    final = np.array([7.0, 2 * 2 + 1, 2 * 3 + 2])
    c = np.cos(final)
    assert np.allclose(x.grad.numpy(), [c[1], 2 * c[1] + c[2], 2 * c[2]])


def test_writing_into_a_view_is_seen_through_its_base() -> None:
    w = leaf(2.0)
    logits = tt.zeros(3, 2, dtype=tt.float64)
    for i in range(3):
        logits[i] = w * i
    assert logits.requires_grad and not logits.is_leaf
    (logits * tt.tensor([[1.0, 2.0]], dtype=tt.float64)).sum().backward()
    assert w.grad.tolist() == [9]

    x = leaf()
    base = x * 1
    view = base[1:]
    view.mul_(10)
    assert base.tolist() == [1, 20, 30]
    base.sum().backward()
    assert x.grad.tolist() == [1, 10, 10]

    x = leaf()
    base = x * 1
    view = base[:2]
    base.mul_(3)
    view.sum().backward()
    assert x.grad.tolist() == [3, 3, 0]


def test_overwritten_saved_tensors_raise_and_name_both_ops() -> None:
    x = leaf()
    y = x.exp()
    z = y.sum()
    y.add_(1)
    with pytest.raises(RuntimeError, match=r"in-?place") as error:
        z.backward()
        (y * 1).sum().backward()
    if tt.__name__ == "tinytensor":
        assert "exp" in str(error.value) and "add_" in str(error.value)
    a, b = leaf(), leaf()
    c = a * b
    with tt.no_grad():
        b.mul_(2)
    with pytest.raises(RuntimeError, match=r"in-?place"):
        c.sum().backward()


def test_overwriting_what_backward_does_not_need_is_fine() -> None:
    x = leaf()
    y = x * 2
    z = y + 1
    y.zero_()
    z.sum().backward()
    assert x.grad.tolist() == [2, 2, 2]


def test_a_query_of_three_dimensions_may_be_overwritten() -> None:
    q, k, v = (tt.randn(2, 3, 4, requires_grad=True) for _ in range(3))
    attend = tt.nn.functional.scaled_dot_product_attention
    attend(q, k, v).sum().backward()
    expected, k.grad = k.grad, None
    query = q * 1
    y = attend(query, k, v)
    query.detach().zero_()
    y.sum().backward()
    assert k.grad.equal(expected)


def test_version_counts_are_shared_by_views() -> None:
    x = tt.ones(3)
    before = x._version
    x[0] = 2
    x[1:].add_(1)
    x.detach().add_(1)
    assert x._version == before + 3
    x.data.add_(1)
    assert x._version == before + 3


@pytest.mark.parametrize("name", ["elu_", "leaky_relu_"])
def test_in_place_activations_of_negative_slope_have_no_gradient(name: str) -> None:
    x = tt.ones(2, requires_grad=True)
    y = getattr(tt.nn.functional, name)(x * -1, -0.5)
    with pytest.raises(RuntimeError, match="negative slope"):
        y.sum().backward()


def test_writing_in_place_is_recorded_only_where_something_requires_grad() -> None:
    x, w = tt.ones(3), leaf().float()
    x += 1
    assert x.grad_fn is None and x._version == 1
    x *= w.detach().requires_grad_()
    assert x.grad_fn is not None and x._version == 2
    with pytest.raises(RuntimeError, match="output with shape"):
        tt.ones(1).add_(tt.ones(3))


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [("mul_", ["other"]), ("copy_", ["src"]), ("addcmul_", ["tensor1", "tensor2"]), ("clamp_", ["min"])],
)
def test_what_is_written_in_place_may_be_named(name: str, kwargs: list[str]) -> None:
    w, x = tt.ones(3, requires_grad=True), tt.zeros(3)
    getattr(x, name)(**dict.fromkeys(kwargs, w))
    assert x.requires_grad


def test_results_that_an_op_reshapes_may_be_written() -> None:
    x = tt.tensor(5.0, requires_grad=True)
    y = tt.index_select(x, 0, tt.tensor([0]))
    y.mul_(3)
    z = tt.nn.functional.group_norm(tt.arange(8.0).view(1, 2, 4).requires_grad_(), 2)
    z += 1
    (y + z.sum()).backward()
    assert x.grad == 3 and z.grad_fn is not None
