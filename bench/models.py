"""The models of the benchmark, each written once for PyTorch and tinytensor alike.

`MODELS[name](torch)` makes one, with PyTorch or tinytensor as `torch`, from the same random numbers, and returns a function
that takes one training step and returns the loss. What the lectures write by hand is written by hand here too.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any

Step = Callable[[], Any]
BATCH, VOCABULARY = 32, 27
SEED = 2147483647


def functional(torch: Any) -> Any:
    """The package's nn.functional."""
    return importlib.import_module(f"{torch.__name__}.nn.functional")


def trained(torch: Any, optimizer: Any, loss_of: Step) -> Step:
    """A step with an optimizer; `loss_of` is compiled where PyTorch is asked to."""
    loss_of = getattr(torch, "wrap", lambda f: f)(loss_of)

    def step() -> Any:
        loss = loss_of()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    return step


def lecture_loop(torch: Any, forward: Callable[[Any], Any], parameters: Sequence[Any], context: int) -> Step:
    """The lectures' loop: a drawn minibatch, gradients set to None, plain steps against the gradient."""
    g = torch.Generator().manual_seed(SEED)
    x = torch.randint(0, VOCABULARY, (20000, context), generator=g)
    y = torch.randint(0, VOCABULARY, (20000,), generator=g)
    cross_entropy = functional(torch).cross_entropy
    forward = getattr(torch, "wrap", lambda f: f)(forward)
    for p in parameters:
        p.requires_grad = True

    def step() -> Any:
        ix = torch.randint(0, x.shape[0], (BATCH,), generator=g)
        loss = cross_entropy(forward(x[ix]), y[ix])
        for p in parameters:
            p.grad = None
        loss.backward()
        for p in parameters:
            p.data += -0.1 * p.grad
        return loss

    return step


def mlp(torch: Any) -> Step:
    """Lecture 2: the loop over parameters in a list."""
    g = torch.Generator().manual_seed(SEED)
    C = torch.randn((VOCABULARY, 10), generator=g)
    W1 = torch.randn((30, 200), generator=g) * 0.3
    b1 = torch.randn(200, generator=g) * 0.01
    W2 = torch.randn((200, VOCABULARY), generator=g) * 0.01
    b2 = torch.randn(VOCABULARY, generator=g) * 0

    def forward(x: Any) -> Any:
        return torch.tanh(C[x].view(-1, 30) @ W1 + b1) @ W2 + b2

    return lecture_loop(torch, forward, [C, W1, b1, W2, b2], 3)


def sequential_mlp(torch: Any) -> Step:
    """The same with modules and an optimizer."""
    nn, F = torch.nn, functional(torch)
    torch.manual_seed(SEED)
    model = nn.Sequential(
        nn.Embedding(VOCABULARY, 10), nn.Flatten(), nn.Linear(30, 200), nn.Tanh(), nn.Linear(200, VOCABULARY)
    )
    x, y = torch.randint(0, VOCABULARY, (20000, 3)), torch.randint(0, VOCABULARY, (20000,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def loss_of() -> Any:
        ix = torch.randint(0, x.shape[0], (BATCH,))
        return F.cross_entropy(model(x[ix]), y[ix])

    return trained(torch, optimizer, loss_of)


class ByHand:
    """The layers that the lectures write out of elementary ops."""

    def __init__(self, torch: Any) -> None:
        self.torch, self.g = torch, torch.Generator().manual_seed(SEED)

    def linear(self, fan_in: int, fan_out: int) -> tuple[Callable[[Any], Any], list[Any]]:
        """A product without bias."""
        weight = self.torch.randn((fan_in, fan_out), generator=self.g) / fan_in**0.5
        return lambda x: x @ weight, [weight]

    def batch_norm(self, dim: int) -> tuple[Callable[[Any], Any], list[Any]]:
        """Batch normalisation with its running statistics."""
        torch = self.torch
        gamma, beta = torch.ones(dim), torch.zeros(dim)
        running = [torch.zeros(dim), torch.ones(dim)]

        def forward(x: Any) -> Any:
            over = 0 if x.ndim == 2 else (0, 1)
            mean = x.mean(over, keepdim=True)
            var = x.var(over, keepdim=True)
            xhat = (x - mean) / torch.sqrt(var + 1e-5)
            with torch.no_grad():
                running[0] = 0.9 * running[0] + 0.1 * mean
                running[1] = 0.9 * running[1] + 0.1 * var
            return gamma * xhat + beta

        return forward, [gamma, beta]

    def chain(self, *layers: tuple[Callable[[Any], Any], list[Any]]) -> tuple[Callable[[Any], Any], list[Any]]:
        """Layers one after the other."""

        def forward(x: Any) -> Any:
            for layer, _ in layers:
                x = layer(x)
            return x

        return forward, [p for _, parameters in layers for p in parameters]

    def embedding(self, dim: int) -> tuple[Callable[[Any], Any], list[Any]]:
        """A table of vectors."""
        weight = self.torch.randn((VOCABULARY, dim), generator=self.g)
        return lambda x: weight[x], [weight]

    def tanh(self) -> tuple[Callable[[Any], Any], list[Any]]:
        """The activation."""
        return self.torch.tanh, []


def batchnorm_mlp(torch: Any) -> Step:
    """Lecture 3: five hidden layers of 100, batch normalisation out of elementary ops."""
    by = ByHand(torch)
    layers = [by.embedding(10), (lambda x: x.view(x.shape[0], -1), [])]
    for fan_in, fan_out in [(30, 100), *[(100, 100)] * 4]:
        layers += [by.linear(fan_in, fan_out), by.batch_norm(fan_out), by.tanh()]
    return lecture_loop(torch, *by.chain(*layers, by.linear(100, VOCABULARY), by.batch_norm(VOCABULARY)), context=3)


def wavenet(torch: Any) -> Step:
    """Lecture 5: a tree of pairs over 8 characters, embedding 24, hidden 128."""
    by = ByHand(torch)

    def pairs(x: Any) -> Any:
        B, T, C = x.shape
        x = x.view(B, T // 2, C * 2)
        return x.squeeze(1) if x.shape[1] == 1 else x

    layers = [by.embedding(24)]
    for fan_in in (24, 128, 128):
        layers += [(pairs, []), by.linear(2 * fan_in, 128), by.batch_norm(128), by.tanh()]
    return lecture_loop(torch, *by.chain(*layers, by.linear(128, VOCABULARY)), context=8)


def transformer(torch: Any) -> Step:
    """makemore's: 4 layers, 4 heads, width 64, context 16, written as there; AdamW."""
    nn, F = torch.nn, functional(torch)
    layers, heads, width, context = 4, 4, 64, 16

    class Attention(nn.Module):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            super().__init__()
            self.c_attn, self.c_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.register_buffer("bias", torch.tril(torch.ones(context, context)).view(1, 1, context, context))

        def forward(self, x: Any) -> Any:
            B, T, C = x.size()
            q, k, v = self.c_attn(x).split(width, dim=2)
            q, k, v = (t.view(B, T, heads, C // heads).transpose(1, 2) for t in (q, k, v))
            att = (q @ k.transpose(-2, -1)) * (1.0 / (C // heads) ** 0.5)
            att = att.masked_fill(self.bias[:, :, :T, :T] == 0, float("-inf"))
            y = F.softmax(att, dim=-1) @ v
            return self.c_proj(y.transpose(1, 2).contiguous().view(B, T, C))

    class NewGELU(nn.Module):  # type: ignore[name-defined, misc]
        def forward(self, x: Any) -> Any:
            return 0.5 * x * (1.0 + torch.tanh((2.0 / 3.141592653589793) ** 0.5 * (x + 0.044715 * torch.pow(x, 3.0))))

    class Block(nn.Module):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            super().__init__()
            self.ln_1, self.ln_2, self.attn = nn.LayerNorm(width), nn.LayerNorm(width), Attention()
            self.mlp = nn.Sequential(nn.Linear(width, 4 * width), NewGELU(), nn.Linear(4 * width, width))

        def forward(self, x: Any) -> Any:
            x = x + self.attn(self.ln_1(x))
            return x + self.mlp(self.ln_2(x))

    torch.manual_seed(SEED)
    wte, wpe = nn.Embedding(VOCABULARY, width), nn.Embedding(context, width)
    body = nn.Sequential(*[Block() for _ in range(layers)], nn.LayerNorm(width), nn.Linear(width, VOCABULARY, False))
    x, y = (torch.randint(0, VOCABULARY, (BATCH, context)) for _ in range(2))
    places = torch.arange(0, context).unsqueeze(0)
    parameters = [p for m in (wte, wpe, body) for p in m.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=5e-4, weight_decay=0.01, betas=(0.9, 0.99), eps=1e-8)

    def loss_of() -> Any:
        logits = body(wte(x) + wpe(places))
        return F.cross_entropy(logits.view(-1, VOCABULARY), y.view(-1), ignore_index=-1)

    return trained(torch, optimizer, loss_of)


def gru(torch: Any) -> Step:
    """nn.GRU of 64 over 16 steps."""
    nn, F = torch.nn, functional(torch)
    torch.manual_seed(SEED)
    wte, cell, head = nn.Embedding(VOCABULARY, 64), nn.GRU(64, 64, batch_first=True), nn.Linear(64, VOCABULARY)
    x, y = (torch.randint(0, VOCABULARY, (BATCH, 16)) for _ in range(2))
    optimizer = torch.optim.SGD([p for m in (wte, cell, head) for p in m.parameters()], lr=0.1)

    def loss_of() -> Any:
        hidden, _ = cell(wte(x))
        return F.cross_entropy(head(hidden).view(-1, VOCABULARY), y.view(-1))

    return trained(torch, optimizer, loss_of)


def classifier(torch: Any, model: Any, x: Any, classes: int) -> Step:
    """One fixed batch, cross entropy, SGD."""
    F, y = functional(torch), torch.randint(0, classes, (x.shape[0],))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    return trained(torch, optimizer, lambda: F.cross_entropy(model(x), y))


def wide_mlp(torch: Any) -> Step:
    """30 -> 1024 -> 1024 -> 27 on 4096 examples, tanh."""
    nn = torch.nn
    torch.manual_seed(SEED)
    model = nn.Sequential(nn.Linear(30, 1024), nn.Tanh(), nn.Linear(1024, 1024), nn.Tanh(), nn.Linear(1024, VOCABULARY))
    return classifier(torch, model, torch.randn(4096, 30), VOCABULARY)


def cnn(torch: Any) -> Step:
    """Two convolutions with pooling on 64 images of 28x28."""
    nn = torch.nn
    torch.manual_seed(SEED)
    model = nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(32 * 7 * 7, 10)),
    )
    return classifier(torch, model, torch.randn(64, 1, 28, 28), 10)


MODELS: dict[str, Callable[[Any], Step]] = {
    "makemore MLP, the lecture's loop": mlp,
    "makemore MLP, nn.Sequential and SGD": sequential_mlp,
    "BatchNorm MLP of lecture 3": batchnorm_mlp,
    "WaveNet of lecture 5": wavenet,
    "makemore's transformer, AdamW": transformer,
    "GRU 64 over 16 steps": gru,
    "MLP 30-1024-1024-27, batch 4096": wide_mlp,
    "CNN on 64 images of 28x28": cnn,
}
