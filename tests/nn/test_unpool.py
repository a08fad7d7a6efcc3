"""Layers behind pooling and behind frequent classes, beside PyTorch's: values, gradients, draws."""

from typing import Any

import numpy as np
import pytest

import tinytensor as tt
from tinytensor import nn


def both(run: Any) -> None:
    """The arrays that run(library) gives are the same."""
    torch = pytest.importorskip("torch")
    for mine, theirs in zip(run(tt), run(torch), strict=True):
        np.testing.assert_allclose(mine.detach().numpy(), theirs.detach().numpy(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_pooling_there_and_back(n: int) -> None:
    def run(lib: Any) -> Any:
        lib.manual_seed(0)
        x = lib.randn(2, 3, *(7, 5, 4)[:n]).requires_grad_()
        y, places = getattr(lib.nn, f"MaxPool{n}d")(2, return_indices=True)(x)
        layer = getattr(lib.nn, f"MaxUnpool{n}d")(2)
        z = layer(y, places, output_size=x.shape)
        (z**2).sum().backward()
        return z, x.grad, lib.tensor(len(repr(layer)))

    both(run)


@pytest.mark.parametrize("n", [2, 3])
def test_windows_at_random_distances(n: int) -> None:
    def run(lib: Any) -> Any:
        lib.manual_seed(0)
        x = lib.randn(2, 3, *(9, 8, 7)[:n]).requires_grad_()
        layer = getattr(lib.nn, f"FractionalMaxPool{n}d")(2, output_ratio=0.6, return_indices=True)
        y, places = layer(x)
        (y**2).sum().backward()
        return y, places, x.grad, getattr(lib.nn, f"FractionalMaxPool{n}d")((2,) * n, output_size=3)(x)

    both(run)
    with pytest.raises(ValueError, match="only one"):
        nn.FractionalMaxPool2d(2, output_size=3, output_ratio=0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        nn.FractionalMaxPool2d(2, output_ratio=1.5)


@pytest.mark.parametrize("targets", [[0, 4, 5, 9, 10, 19], [1, 2, 3], [19], 7])
def test_softmax_of_frequent_and_rare_classes(targets: Any) -> None:
    def run(lib: Any) -> Any:
        lib.manual_seed(0)
        model = lib.nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5, 10], div_value=2.0, head_bias=True)
        target = lib.tensor(targets)
        x = lib.randn(*target.shape, 8).requires_grad_()
        output, loss = model(x, target)
        loss.backward()
        rows = x.detach().reshape(-1, 8)
        used = [p.grad for p in model.parameters() if p.grad is not None]
        return output, loss, x.grad, *used, model.log_prob(rows), model.predict(rows)

    both(run)


def test_what_a_softmax_of_clusters_refuses() -> None:
    for cutoffs in ([], [5, 5], [5, 20], [0, 5], [5, 3], [1.5], [-1]):
        with pytest.raises(ValueError, match="cutoffs"):
            nn.AdaptiveLogSoftmaxWithLoss(8, 20, cutoffs)
    model, x = nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5]), tt.zeros(2, 8)
    for target, words in ([[0, 20], "in range"], [[-1, 3], "in range"], [[1], "batch"], [[[1], [2]], "0D or 1D"]):
        with pytest.raises(RuntimeError, match=words):
            model(x, tt.tensor(target))
