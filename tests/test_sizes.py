"""Kernels that go other ways by size: every length of a short row, results larger than the caches."""

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
    for n in (1, 2, 3, 4, 7, 16, 17):
        for rows in (1, 5, 64, 70, 300):
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
