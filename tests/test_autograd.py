"""Autograd: what records, what is kept, what is refused; hooks, and functions of one's own."""

import gc
import weakref
from typing import Any

import numpy as np
import pytest

import tinytensor as tt


def leaf(*values: float) -> Any:
    return tt.tensor(values or (1.0, 2.0, 3.0), dtype=tt.float64, requires_grad=True)


def test_chain_and_accumulation() -> None:
    x = leaf()
    (x * x).sum().backward()
    assert x.grad.tolist() == [2, 4, 6]
    (3 * x).sum().backward()
    assert x.grad.tolist() == [5, 7, 9]
    x.grad = None
    x.sum().backward()
    assert x.grad.tolist() == [1, 1, 1]
    x.grad.zero_()
    assert x.grad.tolist() == [0, 0, 0]


def test_diamond_and_reuse() -> None:
    x = leaf(2.0)
    y = x * 3
    z = y * y + y
    z.sum().backward()
    assert x.grad.tolist() == [39]


def test_gradients_are_summed_in_memory_of_their_own() -> None:
    kept = np.ones(3)

    class Constant(tt.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 1

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return tt.from_numpy(kept)

    x, given = leaf(), tt.full((3,), 7.0, dtype=tt.float64)
    h = x * 1
    several = [h * 5, Constant.apply(h), h]  # the last comes first on the way back
    tt.autograd.backward(several, [tt.ones_like(h), tt.ones_like(h), given])
    assert x.grad.tolist() == [13, 13, 13]
    assert kept.tolist() == [1, 1, 1] and given.tolist() == [7, 7, 7]

    x.grad = None
    h = x * 1
    several = [h * 5, Constant.apply(h)]
    tt.autograd.backward(several, [tt.ones_like(h), tt.ones_like(h)])
    assert x.grad.tolist() == [6, 6, 6] and kept.tolist() == [1, 1, 1]


def test_gradients_that_somebody_keeps_are_not_written_over() -> None:
    x = leaf()
    h = (x * 2).exp()
    kept: list[Any] = []
    h.register_hook(kept.append)
    h.register_hook(lambda g: kept.append(g.numpy()))
    h.register_hook(lambda g: kept.append(g.view(3, 1)))
    (h * 3).sum().backward()
    assert all(g.reshape(-1).tolist() == [3, 3, 3] for g in kept)

    h = (x * 2).exp()
    h.retain_grad()
    given = tt.tensor([1.0, 2.0, 3.0], dtype=tt.float64)
    (inner,) = tt.autograd.grad(h, [h], given, retain_graph=True)
    h.backward(given)
    assert given.tolist() == inner.tolist() == [1, 2, 3] and h.grad.tolist() == [2, 4, 6]  # of both passes


def test_deep_graph_needs_no_recursion() -> None:
    x = leaf(1.0)
    y = x
    for _ in range(50_000):
        y = y + 1
    y.backward()
    assert x.grad.tolist() == [1]
    del y
    gc.collect()


def test_backward_wants_a_scalar_or_a_gradient() -> None:
    x = leaf()
    with pytest.raises(RuntimeError, match="scalar"):
        (x * 2).backward()
    (x * 2).backward(tt.tensor([1.0, 0.0, 2.0], dtype=tt.float64))
    assert x.grad.tolist() == [2, 0, 4]
    with pytest.raises(RuntimeError, match="shape"):
        (x * 2).backward(tt.ones(2, dtype=tt.float64))
    with pytest.raises(RuntimeError, match="does not require grad"):
        tt.ones(1).backward()


def test_second_backward_needs_retain_graph() -> None:
    x = leaf()
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.tolist() == [4, 8, 12]
    with pytest.raises(RuntimeError, match=r"second time|retain_graph"):
        y.backward()


def test_leaves_and_requires_grad() -> None:
    x = leaf()
    y = x * 2
    assert x.is_leaf and not y.is_leaf and y.requires_grad and x.grad_fn is None and y.grad_fn is not None
    assert not tt.ones(1).requires_grad and tt.ones(1).is_leaf
    with pytest.raises(RuntimeError, match="floating"):
        tt.tensor([1]).requires_grad_()
    with pytest.raises(RuntimeError, match="floating"):
        tt.tensor([1], requires_grad=True)
    with pytest.raises(RuntimeError, match="leaf"):
        y.requires_grad_(False)
    assert not (x > 1).requires_grad and not x.argmax().requires_grad and not y.detach().requires_grad
    x.requires_grad = False
    assert not (x * 2).requires_grad


def test_grad_of_inner_nodes_is_kept_on_request_only() -> None:
    x = leaf()
    y = x * 2
    z = y * y
    y.retain_grad()
    z.sum().backward()
    assert y.grad.tolist() == [4, 8, 12] and y.retains_grad
    assert x.grad.tolist() == [8, 16, 24]
    with pytest.warns(UserWarning, match="leaf"):
        assert z.grad is None


def test_a_kept_grad_adds_up_and_follows_writes() -> None:
    x = leaf()
    y = x * 2
    y.retain_grad()
    for times in (1, 2, 3):
        y.sum().backward(retain_graph=True)
        assert y.grad.tolist() == [times] * 3 == [g / 2 for g in x.grad.tolist()]
    written, seen_through_a_view = x * 2, x * 2
    for z in (written, seen_through_a_view):
        z.retain_grad()
    written.mul_(3).sub_(1)
    seen_through_a_view.view(-1).mul_(3)
    (written + seen_through_a_view).sum().backward()
    assert written.grad.tolist() == seen_through_a_view.grad.tolist() == [1, 1, 1]


def test_grad_function() -> None:
    x, w, unused = leaf(), leaf(4.0), leaf(0.0)
    y = (x * w).sum()
    gx, gw = tt.autograd.grad(y, [x, w], retain_graph=True)
    assert gx.tolist() == [4, 4, 4] and gw.tolist() == [6] and x.grad is None
    with pytest.raises(RuntimeError, match=r"not.*used|allow_unused"):
        tt.autograd.grad(y, [unused], retain_graph=True)
    assert tt.autograd.grad(y, [unused], allow_unused=True, retain_graph=True) == (None,)
    (zero,) = tt.autograd.grad(y, [unused], materialize_grads=True, allow_unused=True, retain_graph=True)
    assert zero.tolist() == [0]
    inner = x * 2
    (g,) = tt.autograd.grad((inner * inner).sum(), inner)
    assert g.tolist() == [4, 8, 12]
    (g,) = tt.autograd.grad([x.sum(), (2 * x)[0]], x, [tt.tensor(1.0, dtype=tt.float64), tt.tensor(5.0).double()])
    assert g.tolist() == [11, 1, 1]


def test_create_graph_gives_second_and_third_derivatives() -> None:
    x = leaf(2.0)
    (g,) = tt.autograd.grad((x**4).sum(), x, create_graph=True)
    (h,) = tt.autograd.grad(g.sum(), x, create_graph=True)
    (k,) = tt.autograd.grad(h.sum(), x)
    assert (g.tolist(), h.tolist(), k.tolist()) == ([32], [48], [48])
    y = leaf(0.3)
    (g,) = tt.autograd.grad(y.tanh().sum(), y, create_graph=True)
    g.sum().backward()
    t = np.tanh(0.3)
    assert np.allclose(y.grad.numpy(), -2 * t * (1 - t * t))
    (h,) = tt.autograd.grad(tt.autograd.grad(y.tanh(), y, create_graph=True)[0], y, create_graph=True)
    assert np.allclose(tt.autograd.grad(h, y)[0].numpy(), (6 * t * t - 2) * (1 - t * t))


def test_modes() -> None:
    x = leaf()
    with tt.no_grad():
        assert not (x * 2).requires_grad and not tt.is_grad_enabled()
        with tt.enable_grad():
            assert (x * 2).requires_grad
    with tt.set_grad_enabled(False):
        assert not (x * 2).requires_grad

    @tt.no_grad()
    def quiet(x: Any) -> Any:
        return x * 2

    assert not quiet(x).requires_grad and tt.is_grad_enabled()
    with pytest.raises(ZeroDivisionError), tt.no_grad():
        1 / 0  # noqa: B018
    assert tt.is_grad_enabled()
    with tt.no_grad():
        x += 1
    assert x.tolist() == [2, 3, 4] and x.requires_grad and x.is_leaf


def test_inference_mode() -> None:
    x = leaf()
    with tt.inference_mode():
        y = x * 2
        assert not y.requires_grad and y.is_inference() and tt.is_inference_mode_enabled()
    with pytest.raises(RuntimeError, match=r"[Ii]nference"):
        y.requires_grad_() * 2
    with pytest.raises(RuntimeError, match=r"[Ii]nference"):
        (x * y).sum().backward()
    with pytest.raises(RuntimeError, match="Inference tensors cannot be saved for backward"):
        Saving.apply(x, y)
    for write in (
        lambda: y.add_(1),
        lambda: y.__setitem__(0, 1.0),
        lambda: y[:2].copy_(tt.zeros(2)),
        lambda: y.uniform_(),
        lambda: y.unsqueeze_(0),
        lambda: y.mul_(x),
    ):
        with pytest.raises(RuntimeError, match="Inplace update to inference tensor outside InferenceMode"):
            write()
    with pytest.raises(RuntimeError, match="do not track version"):
        _ = y._version
    assert y.tolist() == [2, 4, 6]
    with tt.inference_mode():
        y.add_(1)
        window = x.detach()[:2]
        assert not window.is_inference() and not x.detach().requires_grad
    assert y.clone().add_(1).tolist() == y.detach().add_(1).tolist() == [4, 6, 8]


class Saving(tt.autograd.Function):
    """Keeps its second argument."""

    @staticmethod
    def forward(ctx: Any, x: Any, factor: Any) -> Any:
        ctx.save_for_backward(factor, None)
        return x * factor

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        factor, nothing = ctx.saved_tensors
        assert nothing is None
        return g * factor, None


def test_what_a_function_saves_is_checked_and_freed() -> None:
    x, factor = leaf(), tt.full((3,), 2.0, dtype=tt.float64)
    y = Saving.apply(x, factor)
    y.sum().backward(retain_graph=True)
    y.sum().backward()
    assert x.grad.tolist() == [4, 4, 4]
    with pytest.raises(RuntimeError, match="a second time"):
        y.sum().backward()
    y = Saving.apply(x, factor)
    factor.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_anomalies_are_told_of() -> None:
    x = leaf(0.0, 1.0)
    assert not tt.is_anomaly_enabled() and tt.is_anomaly_check_nan_enabled()
    with pytest.warns(UserWarning, match="Anomaly Detection has been enabled"):
        detecting = tt.autograd.detect_anomaly()
    early = x.sqrt()
    with detecting:
        assert tt.is_anomaly_enabled()
        y = x.sqrt()
        assert "y = x.sqrt()" in y.grad_fn.metadata["traceback_"][-1]
        y.sum().backward(retain_graph=True)  # inf is no anomaly
        with (
            pytest.warns(UserWarning, match=r"(?s)Error detected in SqrtBackward0.*y = x\.sqrt\(\)"),
            pytest.raises(RuntimeError, match="Function 'SqrtBackward0' returned nan values in its 0th output"),
        ):
            (y * 0).sum().backward()
        with (
            pytest.warns(UserWarning, match="No forward pass information available"),
            pytest.raises(RuntimeError, match="Function 'SqrtBackward0' returned nan"),
        ):
            (early * 0).sum().backward()
        with (
            pytest.warns(UserWarning, match=r"(?s)Error detected in ExpBackward0.*z = x\.exp\(\)"),
            pytest.raises(RuntimeError, match="modified by an inplace operation"),
        ):
            z = x.exp()
            z.add_(1)
            z.sum().backward()
        (g,) = tt.autograd.grad((x**1.5).sum(), x, create_graph=True)
        with (
            pytest.warns(UserWarning, match="Error detected in PowBackward"),
            pytest.warns(UserWarning, match="Previous calculation was induced by PowBackward0"),
            pytest.raises(RuntimeError, match="returned nan"),
        ):
            (g * 0).sum().backward()
    assert not tt.is_anomaly_enabled()
    (x.sqrt() * 0).sum().backward()
    with tt.autograd.set_detect_anomaly(True, check_nan=False):
        assert tt.is_anomaly_enabled() and not tt.is_anomaly_check_nan_enabled()
        (x.sqrt() * 0).sum().backward()


def test_the_graph_can_be_walked() -> None:
    x = leaf()
    y = (x * 2 + x).relu()
    assert type(y.grad_fn).__name__ == y.grad_fn.name() == "ReluBackward0"
    assert isinstance(y.grad_fn, tt.autograd.graph.Node)
    ((total, _),) = y.grad_fn.next_functions
    (product, _), (end, output) = total.next_functions
    assert type(product).__name__ == "MulBackward0" and product.next_functions == ((end, 0), (None, 0))
    assert end.variable is x and output == 0 and end.next_functions == () and type(end).__name__ == "AccumulateGrad"
    layer = tt.nn.Linear(3, 1, dtype=tt.float64)
    ends = layer(y.reshape(1, 3)).grad_fn.next_functions  # addmm(bias, input, weight)
    assert ends[0][0].variable is layer.bias and ends[1][0].name() == "ViewBackward0"
    reference = weakref.ref(y.grad_fn)
    y.sum().backward()
    del y, total, product, ends
    gc.collect()
    assert reference() is None and x.grad.tolist() == [3, 3, 3]


def test_tensor_hooks() -> None:
    x = leaf()
    seen = []
    handle = x.register_hook(lambda g: seen.append(g.tolist()))
    y = x * 2
    y.register_hook(lambda g: g * 10)
    y.sum().backward()
    assert seen == [[20, 20, 20]] and x.grad.tolist() == [20, 20, 20]
    handle.remove()
    x.sum().backward()
    assert len(seen) == 1
    calls = []
    x.register_post_accumulate_grad_hook(lambda t: calls.append(t.grad.tolist()))
    x.grad = None
    x.sum().backward()
    assert calls == [[1, 1, 1]]
    with pytest.raises(RuntimeError, match="require"):
        tt.ones(1).register_hook(lambda g: g)


def test_hooks_of_a_leaf_run_as_soon_as_its_gradient_is_complete() -> None:
    early, twice, late = leaf(), leaf(), leaf()
    order: list[Any] = []
    for name, x in (("early", early), ("twice", twice), ("late", late)):
        x.register_hook(lambda g, name=name: order.append(name))
        x.register_post_accumulate_grad_hook(lambda t, name=name: order.append((name, t.grad.tolist())))
    inner = late * 1 + twice
    inner.register_hook(lambda g: order.append("inner"))
    (inner * early * twice).sum().backward()
    assert order[:3] == ["early", ("early", [2, 8, 18]), "inner"]
    assert order[3:] == ["twice", ("twice", [3, 12, 27]), "late", ("late", [1, 4, 9])]


class Square(tt.autograd.Function):
    """A user's op with a constant, and a gradient made of ops."""

    @staticmethod
    def forward(ctx: Any, x: Any, factor: float) -> Any:
        ctx.save_for_backward(x)
        ctx.factor = factor
        return x * x * factor

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (x,) = ctx.saved_tensors
        assert ctx.needs_input_grad == (True, False)
        return 2 * ctx.factor * x * g, None


def test_function() -> None:
    x = leaf()
    y = Square.apply(x, 3.0)
    assert y.requires_grad and y.grad_fn.name() == "SquareBackward"
    y.sum().backward()
    assert x.grad.tolist() == [6, 12, 18]
    assert tt.autograd.gradcheck(Square.apply, (x, 3.0))
    assert tt.autograd.gradgradcheck(lambda x: Square.apply(x, 3.0), (x,))
    with tt.no_grad():
        assert not Square.apply(x, 3.0).requires_grad


def test_function_with_two_outputs_and_marks() -> None:
    class SplitSign(tt.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            mask = x > 0
            ctx.mark_non_differentiable(mask)
            ctx.save_for_backward(mask)
            return x.clamp(min=0), mask, x * 2

        @staticmethod
        def backward(ctx: Any, g: Any, ignored: Any, g2: Any) -> Any:
            (mask,) = ctx.saved_tensors
            return g * mask + 2 * g2

    x = leaf(-1.0, 2.0)
    y, mask, z = SplitSign.apply(x)
    assert y.requires_grad and not mask.requires_grad
    (y.sum() + z[0]).backward()
    assert x.grad.tolist() == [2, 1]


def test_function_errors() -> None:
    class TooMany(tt.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 1

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g, g

    with pytest.raises(RuntimeError, match=r"gradients|returned"):
        TooMany.apply(leaf()).sum().backward()


def test_detach_and_item_cut_the_graph() -> None:
    x = leaf()
    (x.detach() * x).sum().backward()
    assert x.grad.tolist() == [1, 2, 3]
    d = x.detach()
    d[0] = 9
    assert x[0].item() == 9


def test_graph_is_freed_without_the_cycle_collector() -> None:
    gc.disable()
    try:
        x = leaf()
        y = x.tanh()
        z = (y * y).sum()
        watched = weakref.ref(y)
        z.backward()
        del y, z
        assert watched() is None
    finally:
        gc.enable()


def test_broadcast_gradients_are_summed() -> None:
    x, b = tt.ones(3, 4, requires_grad=True), tt.ones(4, requires_grad=True)
    s = tt.tensor(2.0, requires_grad=True)
    ((x + b) * s).sum().backward()
    assert b.grad.tolist() == [6, 6, 6, 6] and s.grad.item() == 24 and s.grad.shape == ()


@pytest.mark.parametrize("how", ["scatter", "scatter_add", "sum", "mean", "prod", "amax"])
def test_elements_of_a_source_beyond_its_indices_have_no_gradient(how: str) -> None:
    """PyTorch computes the result and refuses the gradient."""
    index = tt.tensor([[0, 2], [1, 0]])  # no place twice: which of two is kept is free
    x, source = (tt.rand(*shape, dtype=tt.float64, requires_grad=True) for shape in [(2, 3), (4, 3)])

    def f(x: Any, source: Any) -> Any:
        return getattr(x, how)(1, index, source) if how[:2] == "sc" else x.scatter_reduce(1, index, source, how)

    assert tt.autograd.gradcheck(f, (x, source)) and tt.autograd.gradgradcheck(f, (x, source))


def test_mixed_dtypes_give_gradients_of_the_leaf() -> None:
    x = tt.ones(2, requires_grad=True)
    (x.double() * tt.tensor([1.0, 2.0], dtype=tt.float64)).sum().backward()
    assert x.grad.dtype == tt.float32 and x.grad.tolist() == [1, 2]


def test_grad_assignment_is_checked() -> None:
    x = leaf()
    x.grad = tt.ones(3, dtype=tt.float64)
    for wrong in (tt.ones(2, dtype=tt.float64), tt.ones(3), "a"):
        with pytest.raises((RuntimeError, TypeError)):
            x.grad = wrong


def test_backward_of_many() -> None:
    x = leaf()
    tt.autograd.backward([x.sum(), (x * x).sum()])
    assert x.grad.tolist() == [3, 5, 7]


def test_inputs_of_backward() -> None:
    x, w = leaf(), leaf()
    (x * w).sum().backward(inputs=[x])
    assert x.grad.tolist() == [1, 2, 3] and w.grad is None


def test_gradcheck_finds_a_wrong_gradient() -> None:
    class Wrong(tt.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * 3

    x = leaf()
    for fast in (False, True):
        with pytest.raises(RuntimeError, match="Jacobian mismatch"):
            tt.autograd.gradcheck(Wrong.apply, x, fast_mode=fast)
    assert not tt.autograd.gradcheck(Wrong.apply, x, raise_exception=False)
    assert tt.autograd.gradcheck(tt.matmul, (leaf(), leaf()), fast_mode=True)
    with pytest.raises(ValueError, match="require"):
        tt.autograd.gradcheck(tt.tanh, tt.ones(2, dtype=tt.float64))


def test_engine_against_torch_on_random_programs() -> None:
    torch = pytest.importorskip("torch")
    unary = ["tanh", "exp", "sin", "sigmoid", "relu", "abs", "square", "clone", "cumsum", "softmax"]
    for seed in range(40):
        rng = np.random.default_rng(seed)
        values = rng.uniform(-1, 1, (3, 4))
        results = []
        for package in (tt, torch):
            choose = np.random.default_rng(seed)
            x = package.tensor(values).requires_grad_()
            pool = [x * 1, x + 0.5]
            for _ in range(12):
                kind, i, j = choose.integers(6), choose.integers(len(pool)), choose.integers(len(pool))
                a, b = pool[i], pool[j]
                if kind == 0:
                    pool.append(a * b)
                elif kind == 1:
                    name = unary[choose.integers(len(unary))]
                    dims = (1,) if name in ("cumsum", "softmax") else ()
                    pool.append(getattr(a, name)(*dims))
                elif kind == 2:
                    pool.append((a @ b.T @ b) / 4)
                elif kind == 3:
                    c = a.clone()
                    c[1:, ::2] += b[:2, 1::2]
                    pool.append(c)
                elif kind == 4:
                    c = a * 1
                    c.T[0].mul_(2)
                    pool.append(c)
                else:
                    pool.append(a - b.mean(0, keepdim=True))
            loss = sum(p.sum() for p in pool[-4:]) / 10
            loss.backward()
            results.append((loss.item(), x.grad.numpy()))
        assert np.isclose(results[0][0], results[1][0], rtol=1e-9)
        assert np.allclose(results[0][1], results[1][1], rtol=1e-8, atol=1e-8, equal_nan=True), seed


def test_a_backward_that_can_be_differentiated_once() -> None:
    class Cube(tt.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        @tt.autograd.function.once_differentiable
        def backward(ctx: Any, g: Any) -> Any:
            (x,) = ctx.saved_tensors
            return g * 3 * x**2

    x = leaf()
    Cube.apply(x).sum().backward()
    assert x.grad.tolist() == [3, 12, 27]
    (g,) = tt.autograd.grad((Cube.apply(x) ** 2).sum(), x, create_graph=True)
    assert g.tolist() == [6, 192, 1458]
    with pytest.raises(RuntimeError, match="marked with @once_differentiable"):
        g.sum().backward()


@pytest.mark.parametrize(
    "op",
    [
        tt.relu,
        tt.nn.functional.relu6,
        tt.nn.functional.leaky_relu,
        tt.nn.functional.hardtanh,
        tt.nn.functional.hardsigmoid,
        tt.nn.functional.hardshrink,
        tt.nn.functional.softshrink,
        lambda x: tt.nn.functional.threshold(x, 0.5, 0.0),
        lambda x: tt.prelu(x, tt.tensor([0.25], dtype=x.dtype)),
        tt.abs,
    ],
)
def test_slopes_that_jump_are_connected(op: Any) -> None:
    x, w = leaf(-1.0, 0.2, 2.0), leaf(1.0, 2.0, 3.0)
    (g,) = tt.autograd.grad(op(x), x, w, create_graph=True)
    assert g.requires_grad
    of_x, of_w = tt.autograd.grad(g.sum(), [x, w])
    assert of_x.tolist() == [0, 0, 0] and (of_w * w).tolist() == g.tolist()
    y, z = leaf(), leaf()
    with pytest.raises(RuntimeError, match="not have been used"):
        tt.autograd.grad(op(y).sum(), z)
    first, second = op(tt.stack([y, z])).unbind(0)
    assert tt.autograd.grad(first.sum(), second, allow_unused=True) == (None,)


def test_second_derivatives_at_a_corner() -> None:
    functional = tt.nn.functional
    zero = leaf(0.0)

    def curvature(f: Any, x: Any) -> float:
        (g,) = tt.autograd.grad(f(x), x, create_graph=True)
        return float(tt.autograd.grad(g, x)[0])

    for f in (functional.elu, functional.selu, functional.celu):
        assert curvature(f, zero) == 0
    target = tt.zeros(1, dtype=tt.float64)
    assert curvature(lambda x: functional.smooth_l1_loss(x, target, beta=0.5), zero) == 2
    assert curvature(lambda x: functional.huber_loss(x, target, delta=0.5), zero) == 1
    assert curvature(lambda x: functional.huber_loss(x, target, delta=0.5), leaf(0.5)) == 0
    p = leaf(0.0, 0.5, 1.0)
    functional.binary_cross_entropy(
        p.detach(), target := p.detach().clone().requires_grad_(), reduction="sum"
    ).backward()
    assert target.grad.tolist() == [np.inf, 0, -np.inf]
    rows = leaf(1.0, 0.0, 2.0).detach().reshape(1, 3).requires_grad_()
    functional.multi_margin_loss(rows, tt.tensor([0])).backward()
    assert (rows.grad * 3).tolist() == [[-1, 0, 1]]


def test_views_count_as_their_base_does_where_nothing_is_recorded() -> None:
    x = leaf()
    y = x * 2
    with tt.no_grad():
        window, inner = x[:2], y[:2]
        assert window.requires_grad and inner.requires_grad and window.is_leaf and not (window * 2).requires_grad
        assert repr(window) == "tensor([1., 2.], dtype=torch.float64, requires_grad=True)"
        assert window.numpy().tolist() == [1, 2] and not x.detach()[:2].requires_grad
    (window * inner).sum().backward()  # goes nowhere
    assert window.grad is None and x.grad is None
    for view in (window, inner):
        with pytest.raises(RuntimeError, match="created in no_grad mode"):
            view.add_(1)
    with pytest.raises(RuntimeError, match="Can't call numpy"):
        window.numpy()


def test_a_leaf_that_is_a_view_is_not_written() -> None:
    x = tt.ones(6).view(2, 3).requires_grad_()
    for write in (lambda: x.add_(1), lambda: x.__setitem__(0, tt.tensor(2.0)), lambda: x[0].zero_()):
        with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires grad"):
            write()
    assert x.is_leaf and x._version == 0
    with tt.no_grad():
        x[0] = tt.zeros(3)
    assert x._version == 1 and x.tolist() == [[0, 0, 0], [1, 1, 1]]

    class Doubling(tt.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.mark_dirty(x)
            return x.mul_(2)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * 2

    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        Doubling.apply(leaf())
    y = x * 1
    Doubling.apply(y).sum().backward()
    assert x.grad.tolist() == [[2, 2, 2], [2, 2, 2]]


def test_backward_into_chosen_inputs() -> None:
    x = leaf()
    y = x * 2
    seen: list[Any] = []
    x.register_post_accumulate_grad_hook(lambda t: seen.append(t.grad.tolist()))
    (y * y).sum().backward(inputs=[x, y], retain_graph=True)
    assert x.grad.tolist() == [8, 16, 24] and y.grad.tolist() == [4, 8, 12] and seen == [[8, 16, 24]]
    y.sum().backward(inputs=[y], retain_graph=True)
    assert y.grad.tolist() == [5, 9, 13]
    kept = x.grad
    y.sum().backward(inputs=x)
    assert kept is x.grad and kept.tolist() == [10, 18, 26]
    with pytest.raises(RuntimeError, match="can't retain_grad"):
        leaf().sum().backward(inputs=[tt.ones(1)])


def test_gradients_with_a_graph_are_memory_of_their_own() -> None:
    x = leaf()
    x.sum().backward(create_graph=True)
    assert x.grad.stride() == (1,)
    x.sum().backward()
    assert x.grad.tolist() == [2, 2, 2]
    y = x * 3
    y.retain_grad()
    (y * x).sum().backward(create_graph=True)
    (y * x).sum().backward(create_graph=True)
    assert y.grad.requires_grad and y.grad.tolist() == [2, 4, 6]
    z = leaf()
    w = z * 2
    z.requires_grad_(False)
    w.sum().backward()
    assert z.grad is None
