"""Kernels that go other ways by size: every length of a short row, results larger than the caches."""

import itertools

import numpy as np
import pytest

import tinytensor as tt


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_of_every_short_row(dtype: type) -> None:
    rng = np.random.default_rng(0)
    close = {"rtol": 2e-6 if dtype is np.float32 else 1e-14, "atol": 1e-7 if dtype is np.float32 else 1e-16}
    for n in range(1, 140):
        x, target = rng.normal(0, 3, (3, n)).astype(dtype), rng.integers(0, n, 3)
        e = np.exp(x.astype(np.longdouble) - x.max(1, keepdims=True))
        p = (e / e.sum(1, keepdims=True)).astype(np.float64)
        scores = tt.from_numpy(x).requires_grad_()
        np.testing.assert_allclose(tt.softmax(scores, 1).detach().numpy(), p, **close)
        np.testing.assert_allclose(tt.exp(tt.log_softmax(scores, 1)).detach().numpy(), p, rtol=1e-5, atol=1e-6)
        loss = tt.nn.functional.cross_entropy(scores, tt.from_numpy(target), reduction="sum")
        loss.backward()
        np.testing.assert_allclose(loss.item(), -np.log(p[np.arange(3), target]).sum(), rtol=1e-5)
        np.testing.assert_allclose(scores.grad.numpy(), p - np.eye(n)[target], rtol=1e-5, atol=2e-7)


def test_softmax_of_a_row_does_not_depend_on_the_others() -> None:
    rng = np.random.default_rng(0)
    for n in (1, 3, 16, 27, 40, 64, 65, 100, 700):
        x, g = rng.normal(0, 3, (2, 37, n)).astype(np.float32)
        x[3, n // 2], x[20, 0], x[21], g[36, n - 1] = np.nan, np.inf, -np.inf, np.nan
        target = rng.integers(0, n, 37)
        target[5] = -100

        def results(rows: slice, x=x, g=g, target=target) -> list[np.ndarray]:
            scores, given = tt.from_numpy(x[rows]).requires_grad_(), tt.from_numpy(g[rows])
            made = [tt.softmax(scores, 1), tt.log_softmax(scores, 1)]
            grads = [tt.autograd.grad(y, scores, given)[0] for y in made]
            losses = tt.nn.functional.cross_entropy(scores, tt.from_numpy(target[rows]), reduction="none")
            made += [losses, tt.autograd.grad(losses, scores, given[:, 0])[0]]
            return [y.detach().numpy() for y in [*made, *grads]]

        together = results(slice(None))
        for i in range(37):
            for whole, alone in zip(together, results(slice(i, i + 1)), strict=True):
                np.testing.assert_array_equal(whole[i : i + 1], alone)


@pytest.mark.parametrize("offset", [0, 1])
def test_results_larger_than_the_caches(offset: int) -> None:
    n = (32 << 20) // 4 + 1000 + 37
    x = tt.arange(n + offset, dtype=tt.float32)[offset:]
    expected = np.arange(offset, n + offset, dtype=np.float32)
    assert np.array_equal((x + 1).numpy(), expected + 1)
    assert np.array_equal((x * x).numpy(), expected * expected)
    x += 2
    assert np.array_equal(x.numpy(), expected + 2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8])
def test_reductions_of_short_rows(dtype: type) -> None:
    rng = np.random.default_rng(0)
    for n in (1, 2, 3, 4, 7, 16, 17, 40, 63, 64, 65):
        for rows in (1, 5, 64, 70, 150):
            x = rng.integers(0, 9, (rows, n)).astype(dtype)
            t = tt.from_numpy(x)
            assert np.array_equal(t.sum(1).numpy(), x.sum(1, dtype=None if x.dtype.kind == "f" else np.int64))
            assert np.array_equal(t.max(1).values.numpy(), x.max(1))
            assert np.array_equal(t.max(1).indices.numpy(), x.argmax(1))
            assert np.array_equal(t.min(1).indices.numpy(), x.argmin(1))
            wide = tt.from_numpy(np.repeat(x, 2, 0))[::2]
            assert np.array_equal(wide.amin(1).numpy(), x.min(1))
            if x.dtype.kind == "f" and n > 1:
                np.testing.assert_allclose(t.var(1).numpy(), x.var(1, ddof=1), rtol=1e-5, atol=1e-6)
    x = np.zeros((70, 4), np.float32)
    x[5, 2] = x[69, 0] = np.nan
    assert np.array_equal(tt.from_numpy(x).max(1).indices.numpy(), np.isnan(x).argmax(1))
    assert np.array_equal(np.isnan(tt.from_numpy(x).amax(1).numpy()), np.isnan(x).any(1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8])
def test_reductions_of_runs_that_are_apart(dtype: type) -> None:
    rng = np.random.default_rng(0)
    for shape in ((5, 3, 40), (4, 3, 128), (70, 2, 130), (9, 2, 16, 49), (3, 2, 257), (2, 2, 20000)):
        x = rng.integers(0, 9, shape).astype(dtype)
        t, dims = tt.from_numpy(x), (0, *range(2, x.ndim))
        assert np.array_equal(t.sum(dims).numpy(), x.sum(dims, dtype=None if x.dtype.kind == "f" else np.int64))
        assert np.array_equal(t.amax(dims).numpy(), x.max(dims))
        if x.dtype.kind == "f":
            x[2 % shape[0], 1, ..., -1] = np.nan
            assert np.array_equal(np.isnan(tt.from_numpy(x).amin(dims).numpy()), np.arange(shape[1]) == 1)
            np.testing.assert_allclose(t.var(dims).numpy()[0], x[:, 0].var(ddof=1), rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pooling_of_rows(dtype: type) -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 50, (2, 75)).astype(dtype)
    x[0, 20], x[1, 30:33] = np.nan, -np.inf
    t = tt.from_numpy(x)
    for kernel, step, border, spread in itertools.product((1, 2, 3, 6), (1, 2, 3, 4), (0, 1, 3), (1, 2)):
        if border > kernel // 2:
            continue
        starts = range(-border, 75 + border - (kernel - 1) * spread, step)
        windows = [[i for i in range(at, at + kernel * spread, spread) if 0 <= i < 75] for at in starts]
        places = np.array([[w[int(np.argmax(row[w]))] for w in windows] for row in x])
        y, found = tt.nn.functional.max_pool1d(t, kernel, step, border, spread, return_indices=True)
        np.testing.assert_array_equal(y.numpy(), np.take_along_axis(x, places, 1))
        assert np.array_equal(found.numpy(), places)
        if spread == 1:
            means = [[row[w].mean() for w in windows] for row in np.where(np.isfinite(x), x, 3)]
            whole = tt.from_numpy(np.where(np.isfinite(x), x, 3).astype(dtype)).unsqueeze(0)
            y = tt.nn.functional.avg_pool1d(whole, kernel, step, border, count_include_pad=False)
            np.testing.assert_allclose(y.squeeze(0).numpy(), means, rtol=1e-6)


def test_broadcasts_in_rows_of_every_length() -> None:
    rng = np.random.default_rng(0)
    for n in (1, 3, 4, 5, 15, 16, 17, 33, 95, 96, 100, 140):
        x, y, z = (rng.normal(size=s).astype(np.float32) for s in ((3, 5, 1), (3, 1, n), (15, n)))
        a, b, c = (tt.from_numpy(v) for v in (x, y, z))
        np.testing.assert_array_equal((a * b).numpy(), x * y)
        np.testing.assert_array_equal((c + a.reshape(15, 1)).numpy(), z + x.reshape(15, 1))
        np.testing.assert_array_equal((c - b[0]).numpy(), z - y[0])
        np.testing.assert_array_equal((a.double() * b.double()).numpy(), x.astype(np.float64) * y)
        np.testing.assert_array_equal(((a > 0) & (b > 0)).numpy(), (x > 0) & (y > 0))


def convolved(x: np.ndarray, w: np.ndarray, step: int, border: int, spread: int, groups: int) -> np.ndarray:
    """Convolution over two dimensions, one element of the filters after the other."""
    images, channels, *size = x.shape
    outputs, _, *kernel = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (border, border), (border, border)))
    height, width = ((size[d] + 2 * border - spread * (kernel[d] - 1) - 1) // step + 1 for d in range(2))
    y = np.zeros((images, groups, outputs // groups, height, width))
    for i, j in np.ndindex(*kernel):
        part = padded[:, :, i * spread :, j * spread :][:, :, : height * step : step, : width * step : step]
        part = part.reshape(images, groups, channels // groups, height, width)
        y += np.einsum("ngchw,goc->ngohw", part, w[:, :, i, j].reshape(groups, outputs // groups, -1))
    return y.reshape(images, outputs, height, width)


CONVOLUTIONS = {
    "outputs in lanes": ((2, 5, 7, 9), (18, 5, 3, 3), (1, 1, 1, 1)),
    "outputs in lanes, without padding": ((2, 5, 15, 16), (33, 5, 3, 3), (1, 0, 1, 1)),
    "outputs in lanes, in steps": ((3, 12, 11, 10), (48, 12, 3, 2), (2, 1, 1, 1)),
    "outputs in lanes, a tile of each size": ((1, 40, 1, 29), (20, 40, 1, 1), (1, 0, 1, 1)),
    "windows in lanes, in steps": ((2, 3, 19, 40), (7, 3, 3, 3), (2, 1, 1, 1)),
    "windows in lanes, in long steps": ((2, 3, 19, 40), (7, 3, 2, 2), (5, 1, 2, 1)),
    "a window of its own for each channel": ((3, 20, 9, 37), (20, 1, 3, 3), (1, 1, 1, 20)),
    "groups": ((2, 12, 8, 9), (16, 3, 3, 3), (1, 1, 1, 4)),
    "groups of outputs in lanes": ((2, 8, 8, 9), (40, 4, 3, 3), (1, 1, 1, 2)),
    "several bands": ((2, 1, 90, 91), (2, 1, 3, 3), (1, 1, 1, 1)),
    "several bands of outputs in lanes": ((1, 40, 45, 47), (16, 40, 3, 3), (1, 1, 1, 1)),
    "more padding than input": ((2, 3, 2, 3), (17, 3, 4, 4), (1, 9, 1, 1)),
    "elements that no window has inside": ((2, 3, 5, 6), (17, 3, 4, 4), (1, 8, 5, 1)),
    "windows that share no element": ((2, 4, 12, 12), (16, 4, 3, 3), (4, 0, 1, 1)),
    "a window is wider than a band": ((1, 128, 1, 900), (17, 128, 1, 2), (1, 0, 400, 1)),
    "windows of one element": ((1, 20, 9, 9), (5, 20, 1, 1), (1, 0, 1, 1)),
    "steps beyond the input": ((2, 3, 1, 4), (5, 3, 3, 3), (3, 1, 1, 1)),
    "steps that spread": ((1, 4, 13, 13), (16, 4, 3, 3), (2, 2, 2, 1)),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_convolutions_of_every_kind(name: str, dtype: type) -> None:
    shape, filters, (step, border, spread, groups) = CONVOLUTIONS[name]
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=s).astype(dtype) for s in (shape, filters, filters[:1]))
    close = {"rtol": 1e-4, "atol": 1e-4} if dtype is np.float32 else {"rtol": 1e-10, "atol": 1e-10}
    inputs = [tt.from_numpy(a).requires_grad_() for a in (x, w, b)]
    y = tt.nn.functional.conv2d(*inputs, step, border, spread, groups)
    expected = convolved(x.astype(np.float64), w.astype(np.float64), step, border, spread, groups)
    np.testing.assert_allclose(y.detach().numpy(), expected + b[:, None, None], **close)

    # Both gradients are transposes of a linear map: <y(v), g> = <v, gradient>.
    g = rng.normal(size=expected.shape).astype(dtype)
    gx, gw, gb = (t.numpy().astype(np.float64) for t in tt.autograd.grad(y, inputs, tt.from_numpy(g)))
    for _ in range(3):
        v, u = rng.normal(size=shape), rng.normal(size=filters)
        np.testing.assert_allclose((convolved(v, w, step, border, spread, groups) * g).sum(), (v * gx).sum(), rtol=1e-4)
        np.testing.assert_allclose((convolved(x, u, step, border, spread, groups) * g).sum(), (u * gw).sum(), rtol=1e-4)
    np.testing.assert_allclose(gb, g.sum((0, 2, 3)), **close)


def test_a_convolution_far_beyond_its_input() -> None:
    far = 10**9
    y = tt.nn.functional.conv1d(tt.ones(1, 1, 3), tt.ones(1, 1, 2), stride=far, padding=far, dilation=far)
    assert y.tolist() == [[[1.0, 1.0]]]
    x, w = (tt.ones(1, 1, n, n, n, requires_grad=True) for n in (3, 2))
    y = tt.nn.functional.conv3d(x, w, stride=far, padding=far, dilation=far)
    assert y.flatten().tolist() == [1.0] * 8
    y.sum().backward()
    assert w.grad.flatten().tolist() == [1.0] * 8 and x.grad.sum() == x.grad[0, 0, 0, 0, 0] == 8


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sizes", [(170, 1024, 600), (520, 1030, 27), (27, 900, 1024), (1024, 30, 512)])
def test_large_products_have_the_bits_of_their_parts(dtype: type, sizes: tuple[int, int, int]) -> None:
    m, k, n = sizes
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((m, k)).astype(dtype), rng.standard_normal((k, n)).astype(dtype)
    bias = tt.from_numpy(rng.standard_normal(n).astype(dtype))
    whole = tt.from_numpy(a) @ tt.from_numpy(b)
    np.testing.assert_allclose(whole.numpy(), a.astype(np.float64) @ b, rtol=0, atol=5 * k * np.finfo(dtype).eps)
    for x in (tt.from_numpy(a), tt.from_numpy(a.T.copy()).T, tt.from_numpy(np.repeat(a, 2, 1))[:, ::2]):
        for y in (tt.from_numpy(b), tt.from_numpy(b.T.copy()).T):
            assert (x @ y).equal(whole)
            assert tt.nn.functional.linear(x, y.T, bias).equal(whole + bias)
            for i in range(0, m, 90):
                for j in range(0, n, 70):
                    assert (x[i : i + 90] @ y[:, j : j + 70]).equal(whole[i : i + 90, j : j + 70])


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16, np.uint8])
def test_copies_across_rows(dtype: type) -> None:
    rng = np.random.default_rng(0)
    for sizes in [(3, 70, 37), (64, 2, 33), (16, 129, 1), (5, 8, 300)]:
        x = rng.integers(0, 200, sizes).astype(dtype)
        for order in [(2, 1, 0), (0, 2, 1), (1, 0, 2), (2, 0, 1)]:
            moved = tt.from_numpy(x).permute(order).contiguous()
            assert moved.is_contiguous()
            np.testing.assert_array_equal(moved.numpy(), x.transpose(order))
        y = tt.zeros(sizes[::-1], dtype=moved.dtype)
        y.permute(2, 1, 0)[:, 1:] = tt.from_numpy(x)[:, 1:]
        np.testing.assert_array_equal(y.numpy()[:, 1:], x.T[:, 1:])
    for n in range(1, 140):
        x = rng.integers(0, 200, (5, n + 3)).astype(dtype)
        np.testing.assert_array_equal(tt.from_numpy(x)[:, 2:-1].contiguous().numpy(), x[:, 2:-1])
        kept = tt.from_numpy(x.copy())
        kept[:, 1:] = kept[:, :-1]  # both overlap
        np.testing.assert_array_equal(kept.numpy()[:, 1:], x[:, :-1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8])
def test_elementwise_over_short_rows(dtype: type) -> None:
    rng = np.random.default_rng(0)
    for n in (1, 2, 3, 7, 8, 9, 16, 27, 64, 128, 129):
        x = rng.integers(0, 10, (3, 40, n)).astype(dtype)
        wide = np.repeat(x, 2, 2)
        a, b = tt.from_numpy(x), tt.from_numpy(wide)[..., 1::2]
        for other in (x[0, 0], x[:, :, :1], x[:, :1], x[0], x[0, :, :1], x[:, :1, :1]):
            np.testing.assert_array_equal((a + tt.from_numpy(other)).numpy(), x + other)
            np.testing.assert_array_equal((b > tt.from_numpy(other)).numpy(), x > other)
            np.testing.assert_array_equal(tt.from_numpy(other).sub(a[..., :1]).numpy(), other - x[..., :1])
        np.testing.assert_array_equal(tt.where(a < b[0], b, a[:, :1]).numpy(), np.where(x < x[0], x, x[:, :1]))
        into = tt.from_numpy(wide.copy())
        into[..., 1::2] += tt.from_numpy(x[0])
        np.testing.assert_array_equal(into.numpy()[..., 1::2], x + x[0])


@pytest.mark.parametrize("parts", [(1, 1), (3, 7), (4, 5), (8, 300), (9, 611)])
def test_adaptive_pooling_of_wide_planes(parts: tuple[int, int]) -> None:
    F = tt.nn.functional
    rng = np.random.default_rng(0)
    x = rng.integers(-3, 4, (2, 8, 610)).astype(np.float64)
    x[rng.random(x.shape) < 0.01] = np.nan
    finite = tt.from_numpy(np.nan_to_num(x)).requires_grad_()
    mean = F.adaptive_avg_pool2d(finite, parts)
    g = rng.normal(size=mean.shape)
    mean.backward(tt.from_numpy(g))
    peak, places = F.adaptive_max_pool2d(tt.from_numpy(x), parts, return_indices=True)
    grad = np.zeros_like(x)
    for i, j in np.ndindex(parts):
        rows = slice(i * 8 // parts[0], -(-(i + 1) * 8 // parts[0]))
        columns = slice(j * 610 // parts[1], -(-(j + 1) * 610 // parts[1]))
        for k in range(2):
            box = x[k, rows, columns]
            np.testing.assert_allclose(mean[k, i, j].item(), np.nan_to_num(box).mean(), rtol=1e-12, atol=1e-15)
            grad[k, rows, columns] += g[k, i, j] / box.size
            best = np.flatnonzero(np.isnan(box))[-1] if np.isnan(box).any() else np.argmax(box)  # the last NaN
            at = (rows.start + best // box.shape[1]) * 610 + columns.start + best % box.shape[1]
            assert places[k, i, j].item() == at
            np.testing.assert_array_equal(peak[k, i, j].item(), box.ravel()[best])
    np.testing.assert_allclose(finite.grad.numpy(), grad, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("mode", ["linear", "nearest"])
def test_resizing_of_wide_planes(mode: str) -> None:
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(2, 3, 9, 70)), rng.normal(size=(2, 3, 20, 150))
    scores = tt.from_numpy(x).requires_grad_()
    kind = {"mode": "bilinear", "align_corners": True} if mode == "linear" else {"mode": mode}
    y = tt.nn.functional.interpolate(scores, size=(20, 150), **kind)
    y.backward(tt.from_numpy(g))
    expected = x
    for axis, (size, count) in {2: (9, 20), 3: (70, 150)}.items():
        if mode == "nearest":
            expected = expected.take(np.arange(count) * size // count, axis)
        else:
            places = np.linspace(0, size - 1, count)
            expected = np.apply_along_axis(lambda v, p=places: np.interp(p, np.arange(len(v)), v), axis, expected)
    np.testing.assert_allclose(y.detach().numpy(), expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose((scores.grad.numpy() * x).sum(), (g * expected).sum(), rtol=1e-12)  # the transpose
    for pad, numpy_mode in (("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")):
        wide = tt.nn.functional.pad(tt.from_numpy(x), (5, 40, 3, 2), mode=pad)
        np.testing.assert_array_equal(wide.numpy(), np.pad(x, ((0, 0), (0, 0), (3, 2), (5, 40)), numpy_mode))
