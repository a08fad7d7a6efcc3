"""What is done one number or one batch at a time, beside PyTorch: counting bigrams, tensors of lists, data loaders.

Both packages take turns in one process, the best of some rounds counts. Needs PyTorch.

    python bench/small_things.py
"""

import random
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import torch
from machine import facts
from torch.utils.data import DataLoader as TorchLoader
from torch.utils.data import TensorDataset as TorchDataset

import tinytensor as tt

ROUNDS = 5
PAIRS = [(random.randrange(27), random.randrange(27)) for _ in range(228_146)]
ROWS = [[random.randrange(27) for _ in range(3)] for _ in range(182_441)]
FLAT = [row[0] for row in ROWS]


def count_bigrams(package: ModuleType | Any) -> None:
    """`N[ix1, ix2] += 1`, once for each bigram of the names."""
    N = package.zeros((27, 27), dtype=package.int32)
    for ix1, ix2 in PAIRS:
        N[ix1, ix2] += 1


def read_elements(package: ModuleType | Any) -> None:
    """`N[ix1, ix2].item()`, for each bigram."""
    N = package.ones((27, 27))
    for ix1, ix2 in PAIRS[:50_000]:
        N[ix1, ix2].item()


def tensor_of_lists(package: ModuleType | Any) -> None:
    """`tensor(rows)`: the contexts of all names."""
    package.tensor(ROWS)


def tensor_of_list(package: ModuleType | Any) -> None:
    """`tensor(numbers)`: as many integers in one list."""
    package.tensor(FLAT)


def shuffled_batches(package: ModuleType | Any) -> None:
    """A pass of a loader over two tensors: shuffle=True, batch_size=32."""
    X, Y = package.zeros((20_000, 3), dtype=package.int64), package.zeros(20_000, dtype=package.int64)
    loader: Any
    if package is torch:
        loader = TorchLoader(TorchDataset(X, Y), batch_size=32, shuffle=True)
    else:
        loader = tt.utils.data.DataLoader(tt.utils.data.TensorDataset(X, Y), batch_size=32, shuffle=True)
    for _ in loader:
        pass


def seconds(work: Callable[[Any], None], package: Any) -> float:
    """One run."""
    start = time.perf_counter()
    work(package)
    return time.perf_counter() - start


if __name__ == "__main__":
    print(facts())
    print(f"{'':18}{'tinytensor':>12}{'PyTorch':>12}{'faster':>10}")
    for work in (count_bigrams, read_elements, tensor_of_lists, tensor_of_list, shuffled_batches):
        turns = [(seconds(work, tt), seconds(work, torch)) for _ in range(ROUNDS)]
        ours, theirs = (min(times) for times in zip(*turns, strict=True))
        print(f"{work.__name__:18}{ours * 1e3:9.1f} ms{theirs * 1e3:9.1f} ms{theirs / ours:9.1f}x")
