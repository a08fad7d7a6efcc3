# pyright: strict
"""What a user writes: the lectures' MLP by hand, a module, optimizers, data loaders, indexing. Checked, not run."""

from collections.abc import Iterator
from typing import assert_type

import numpy as np

import tinytensor as tt
import tinytensor.nn.functional as F
from tinytensor import Tensor, nn, optim
from tinytensor.utils.data import DataLoader, Dataset, TensorDataset

# ---- the MLP by hand ----

g = tt.Generator().manual_seed(2147483647)
C = tt.randn((27, 10), generator=g)
W1 = tt.randn((30, 200), generator=g) * (5 / 3) / 30**0.5
b1 = tt.zeros(200)
parameters: list[Tensor] = [C, W1, b1]
for p in parameters:
    p.requires_grad = True

X = tt.randint(0, 27, (1000, 3), generator=g)
Y = tt.randint(0, 27, (1000,), generator=g)
lossi: list[float] = []
for _ in range(2):
    ix = tt.randint(0, X.shape[0], (32,), generator=g)
    emb = C[X[ix]]
    h = tt.tanh(emb.view(emb.shape[0], -1) @ W1 + b1)
    logits = h @ tt.randn(200, 27)
    loss = F.cross_entropy(logits, Y[ix])
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        assert p.grad is not None
        p.data += -0.1 * p.grad
    lossi.append(loss.log10().item())


@tt.no_grad()
def evaluate(x: Tensor, y: Tensor) -> float:
    return float(F.cross_entropy(x @ W1, y))


# ---- a module ----


class Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x: Tensor) -> Tensor:
        return x + tt.relu(self.norm(self.fc(x)))


class Model(nn.Module):
    def __init__(self, vocabulary: int, width: int = 8) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.blocks = nn.Sequential(Block(width), nn.Dropout(0.1))
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.register_buffer("scale", tt.ones(1))
        self.gain = nn.Parameter(tt.ones(width))

    def forward(self, ids: Tensor, targets: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        x = self.embedding(ids).mean(dim=1) * self.gain
        logits = self.head(self.blocks(x)) * self.scale
        return logits, None if targets is None else F.cross_entropy(logits, targets)


class Squares(Dataset[tuple[Tensor, int]]):
    def __len__(self) -> int:
        return 10

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return tt.tensor([index, index**2], dtype=tt.float32), index


def train(model: Model, loader: "DataLoader[tuple[Tensor, Tensor]]") -> Iterator[float]:
    optimizer = optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
    schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    for x, y in loader:
        _, loss = model(x, y)
        assert loss is not None
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        yield loss.item()


device = tt.device("cpu")
model = Model(27).to(device)
model.train()
for value in train(model, DataLoader(TensorDataset(X, Y), batch_size=32, shuffle=True)):
    print(f"{value:.4f}")
model.eval()
state = model.state_dict()
model.load_state_dict(state)
print(sum(p.numel() for p in model.parameters()))

# ---- tensors ----

a = tt.arange(12, dtype=tt.float32).view(3, 4)
a[0, 1:3] = 5
a[a > 3] += 1
rows, columns = a.shape
b = (2 * a - a / 3 + a**2 // 1) % 5
values, indices = b.max(1)
top = b.topk(2, dim=1).indices
first, *rest = b.unbind()
probabilities = F.softmax(b, dim=-1)
sample = tt.multinomial(probabilities, num_samples=1, replacement=True, generator=g)
mask = (b >= 1) & ~(b == 2)
joined = tt.cat([a, b], dim=0)
stacked = tt.stack((a, b))
array = np.asarray(joined.numpy())
back = tt.from_numpy(array).to(tt.float64)
masked = b.masked_fill(mask, float("-inf")).sum(dim=0, keepdim=True)
print(back, masked, values, indices, top, first, rest, sample, stacked, rows, columns)
(gradient,) = tt.autograd.grad(a.requires_grad_().sum(), a)

# ---- what a checker knows ----

assert_type(tt.tanh(a), Tensor)
assert_type(a.tanh(), Tensor)
assert_type(a @ b.T + 1, Tensor)
assert_type(2 * a, Tensor)
assert_type(a[0, 1:], Tensor)
assert_type(a == b, Tensor)
assert_type(a.sum(dim=1, keepdim=True), Tensor)
assert_type(a.mean(), Tensor)
assert_type(b.add_(1), Tensor)
assert_type(a.T, Tensor)
assert_type(a.max(), Tensor)
assert_type(a.max(1).indices, Tensor)
assert_type(a.sort().values, Tensor)
assert_type(a.split(2), tuple[Tensor, ...])
assert_type(a.shape, tt.Size)
assert_type(a.grad, Tensor | None)
assert_type(a.dtype, tt.dtype)
assert_type(a.float(), Tensor)
assert_type(b.view(-1).uniform_(0, 1), Tensor)
assert_type(tt.randn(2, 3), Tensor)
assert_type(F.cross_entropy(a, tt.tensor([0, 1, 2])), Tensor)
assert_type(nn.Linear(4, 3)(a), Tensor)
assert_type(model(X), tuple[Tensor, Tensor | None])
assert_type(model.to("cpu"), Model)
