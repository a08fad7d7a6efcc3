"""Data sets, samplers, loaders: what they give and what they draw."""

from collections import namedtuple

import numpy as np
import pytest

import tinytensor as tt
from tinytensor.utils.data import (
    BatchSampler,
    ChainDataset,
    ConcatDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    StackDataset,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
    get_worker_info,
    random_split,
)


class Squares(Dataset):
    def __len__(self):
        return 7

    def __getitem__(self, index):
        return index, float(index**2)


class Count(IterableDataset):
    def __iter__(self):
        return iter(range(5))


def tables():
    return tt.arange(20.0).view(10, 2), tt.arange(10)


def test_data_sets():
    data = TensorDataset(*tables())
    assert len(data) == 10
    assert [part.tolist() for part in data[3]] == [[6.0, 7.0], 3]
    both = data + TensorDataset(*tables())
    assert isinstance(both, ConcatDataset) and len(both) == 20
    assert both[12][1].item() == 2 and both[-1][1].item() == 9
    assert Subset(data, [4, 2])[1][1].item() == 2
    assert list(Count() + Count()) == [*range(5), *range(5)]
    assert StackDataset(a=Squares(), b=Squares())[2] == {"a": (2, 4.0), "b": (2, 4.0)}
    assert isinstance(Count() + Count(), ChainDataset)
    with pytest.raises(AssertionError, match="Size mismatch between tensors"):
        TensorDataset(tt.ones(2), tt.ones(3))
    with pytest.raises(ValueError, match="absolute value of index"):
        both[-21]


def test_batches_in_order():
    loader = DataLoader(TensorDataset(*tables()), batch_size=4)
    assert len(loader) == 3
    batches = list(loader)
    assert [y.tolist() for _, y in batches] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert batches[2][0].tolist() == [[16.0, 17.0], [18.0, 19.0]]
    assert [y.tolist() for _, y in DataLoader(TensorDataset(*tables()), 4, drop_last=True)] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
    ]
    batches[0][0].zero_()
    assert loader.dataset.tensors[0][0].tolist() == [0.0, 1.0] and loader.dataset.tensors[0][1].tolist() == [2.0, 3.0]
    assert [b.tolist() for b in DataLoader(Count(), batch_size=2)] == [[0, 1], [2, 3], [4]]
    assert [b for b in DataLoader(Count(), batch_size=None)] == [0, 1, 2, 3, 4]
    first = next(iter(DataLoader(Squares(), batch_size=3)))
    assert [part.tolist() for part in first] == [[0, 1, 2], [0.0, 1.0, 4.0]] and first[1].dtype == tt.float64


def test_tensors_are_gathered_as_single_samples_would_be():
    class Plain(TensorDataset):
        def __getitem__(self, index):
            return super().__getitem__(index)

    parts = [
        random_split(kind(*tables()), [7, 3], generator=tt.Generator().manual_seed(5))[0]
        for kind in (TensorDataset, Plain)
    ]
    for options in ({"shuffle": True}, {"sampler": "weights"}, {"sampler": "many"}, {"drop_last": True}):
        seen = []
        for part in parts:
            chosen = dict(options)
            generator = tt.Generator().manual_seed(1)
            if chosen.get("sampler") == "weights":
                chosen["sampler"] = WeightedRandomSampler([1.0] * 7, 9, generator=generator)
            elif chosen.get("sampler") == "many":
                chosen["sampler"] = RandomSampler(part, num_samples=40, replacement=True, generator=generator)
            tt.manual_seed(2)
            loader = DataLoader(part, batch_size=3, generator=generator, **chosen)
            seen.append([[x.tolist() for x in batch] for _ in range(2) for batch in loader])
        assert seen[0] == seen[1]


def test_shuffling_draws_known_orders():
    tt.manual_seed(0)
    order = [y.tolist() for _, y in DataLoader(TensorDataset(*tables()), batch_size=5, shuffle=True)]
    assert sorted(order[0] + order[1]) == list(range(10))
    assert order == KNOWN_ORDER
    tt.manual_seed(0)
    assert [list(part.indices) for part in random_split(range(6), [4, 2])] == KNOWN_SPLIT


KNOWN_ORDER = [[6, 7, 1, 4, 2], [0, 9, 8, 3, 5]]
KNOWN_SPLIT = [[2, 5, 3, 0], [1, 4]]


def loads(library, seed):
    data = library.utils.data
    library.manual_seed(seed)
    seen = []
    table = data.TensorDataset(library.arange(23))
    for options in (
        {"shuffle": True},
        {"shuffle": True, "drop_last": True},
        {},
        {"shuffle": True, "generator": library.Generator().manual_seed(7)},
        {"sampler": data.RandomSampler(range(23), replacement=True, num_samples=50)},
        {"sampler": data.SubsetRandomSampler([3, 5, 8, 13])},
        {"sampler": data.WeightedRandomSampler([0.1, 0.9, 0.4, 3.0], 20)},
    ):
        loader = data.DataLoader(table, batch_size=4, **options)
        for _ in range(2):
            for [batch] in loader:
                seen.append(batch.tolist())
            seen.append(library.rand(1).item())
    for lengths in ([20, 3], [0.8, 0.1, 0.1]):
        seen += [list(map(int, part.indices)) for part in data.random_split(range(23), lengths)]
    return seen


@pytest.mark.parametrize("seed", [0, 1234])
def test_draws_equal_pytorch(seed):
    torch = pytest.importorskip("torch")
    assert loads(tt, seed) == loads(torch, seed)


def test_samplers():
    assert list(SequentialSampler(range(3))) == [0, 1, 2]
    assert sorted(RandomSampler(range(5))) == [0, 1, 2, 3, 4]
    assert sorted(SubsetRandomSampler([7, 3])) == [3, 7]
    assert len(list(RandomSampler(range(5), num_samples=12))) == 12
    batches = BatchSampler(SequentialSampler(range(5)), 2, False)
    assert list(batches) == [[0, 1], [2, 3], [4]] and len(batches) == 3
    assert [list(map(int, b)) for b in DataLoader(range(5), batch_sampler=batches)] == [[0, 1], [2, 3], [4]]
    for make in (
        lambda: RandomSampler(range(3), num_samples=0),
        lambda: BatchSampler(SequentialSampler(range(3)), 0, False),
        lambda: WeightedRandomSampler([[1.0]], 1),
        lambda: DataLoader(range(3), shuffle=True, sampler=SequentialSampler(range(3))),
        lambda: DataLoader(range(3), batch_sampler=batches, batch_size=2),
        lambda: DataLoader(range(3), num_workers=-1),
        lambda: DataLoader(Count(), shuffle=True),
        lambda: random_split(range(3), [1, 1]),
    ):
        with pytest.raises(ValueError):
            make()


def test_collate():
    Pair = namedtuple("Pair", ["x", "y"])
    batch = default_collate([{"a": Pair(1, "u"), "b": [1.5, tt.ones(2)]}, {"a": Pair(2, "v"), "b": [2.5, tt.zeros(2)]}])
    assert batch["a"].x.tolist() == [1, 2] and batch["a"].y == ("u", "v")
    assert batch["b"][0].tolist() == [1.5, 2.5] and batch["b"][1].tolist() == [[1.0, 1.0], [0.0, 0.0]]
    assert default_collate([np.ones(2), np.zeros(2)]).dtype == tt.float64
    assert default_collate([np.float32(1), np.float32(2)]).dtype == tt.float32
    assert default_collate([True, False]).dtype == tt.bool
    with pytest.raises(TypeError, match="default_collate"):
        default_collate([object()])
    with pytest.raises(RuntimeError, match="equal size"):
        default_collate([[1], [1, 2]])


def test_workers_are_accepted():
    loader = DataLoader(TensorDataset(*tables()), batch_size=5, num_workers=2, pin_memory=True, persistent_workers=True)
    assert len(list(loader)) == 2
    assert get_worker_info() is None
