"""The fourth lecture: an MLP with batch normalisation whose backward pass is written by hand, autograd off."""

from types import SimpleNamespace
from typing import NamedTuple

import tinytensor as tt
import tinytensor.nn.functional as F
from tinytensor import nn

from ..examples import Examples
from ..recipe import Recipe
from .model import Model


class Manual(Model):
    """Embeddings, one hidden layer with batch normalisation and tanh, logits; `learn` has the backward pass.

    `check` takes the same pass apart, as far as it goes, and compares every gradient with that of autograd.
    """

    recipe = Recipe(steps=100_000, batch_size=32, lr=0.1, schedule="step", decay_at=0.5)
    least_batch = 2

    def __init__(self, vocab_size: int, block_size: int = 3, n_embd: int = 10, n_hidden: int = 200):
        super().__init__()
        self.block_size = block_size
        fan_in = block_size * n_embd
        self.C = nn.Parameter(tt.randn(vocab_size, n_embd))
        self.W1 = nn.Parameter(tt.randn(fan_in, n_hidden) * (5 / 3) / fan_in**0.5)
        self.b1 = nn.Parameter(tt.randn(n_hidden) * 0.1)  # of no effect before batch normalisation: it tests the maths
        self.W2 = nn.Parameter(tt.randn(n_hidden, vocab_size) * 0.1)
        self.b2 = nn.Parameter(tt.randn(vocab_size) * 0.1)
        # Not 1, 0 and 0, which would hide mistakes in the gradients.
        self.bngain = nn.Parameter(tt.randn(1, n_hidden) * 0.1 + 1.0)
        self.bnbias = nn.Parameter(tt.randn(1, n_hidden) * 0.1)
        self.register_buffer("bnmean", tt.zeros(1, n_hidden))
        self.register_buffer("bnvar", tt.ones(1, n_hidden))
        self.bnmean: tt.Tensor
        self.bnvar: tt.Tensor
        self.tanh = nn.Tanh()

    @property
    def embedding(self) -> tt.Tensor:
        """C."""
        return self.C

    def forward(self, x: tt.Tensor) -> tt.Tensor:
        """Logits of the next character: in training with the statistics of the batch, else with those of all."""
        hprebn = self.C[x].view(len(x), -1) @ self.W1 + self.b1
        mean = hprebn.mean(0, keepdim=True) if self.training else self.bnmean
        var = hprebn.var(0, keepdim=True) if self.training else self.bnvar
        hpreact = self.bngain * (hprebn - mean) * (var + 1e-5) ** -0.5 + self.bnbias
        logits: tt.Tensor = self.tanh(hpreact) @ self.W2 + self.b2
        return logits

    def learn(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """Forward and backward by hand, each in as few steps as the formulas allow."""
        C, W1, b1, W2, b2, bngain, bnbias = self.C, self.W1, self.b1, self.W2, self.b2, self.bngain, self.bnbias
        n = len(x)
        with tt.no_grad():
            # forward
            embcat = C[x].view(n, -1)
            hprebn = embcat @ W1 + b1
            bnmean = hprebn.mean(0, keepdim=True)
            bnvar = hprebn.var(0, keepdim=True, unbiased=True)
            bnvar_inv = (bnvar + 1e-5) ** -0.5
            bnraw = (hprebn - bnmean) * bnvar_inv
            hpreact = bngain * bnraw + bnbias
            h = self.tanh(hpreact)
            logits = h @ W2 + b2
            loss: tt.Tensor = F.cross_entropy(logits, y)
            # backward
            dlogits = F.softmax(logits, 1)
            dlogits[range(n), y] -= 1
            dlogits /= n
            dh = dlogits @ W2.T
            W2.grad = h.T @ dlogits
            b2.grad = dlogits.sum(0)
            dhpreact = (1.0 - h**2) * dh
            bngain.grad = (bnraw * dhpreact).sum(0, keepdim=True)
            bnbias.grad = dhpreact.sum(0, keepdim=True)
            dhprebn = _batchnorm_backward(dhpreact, bngain, bnraw, bnvar_inv)
            dembcat = dhprebn @ W1.T
            W1.grad = embcat.T @ dhprebn
            b1.grad = dhprebn.sum(0)
            C.grad = tt.zeros_like(C).index_add_(0, x.view(-1), dembcat.view(-1, C.shape[1]))
        return loss

    def calibrate(self, examples: Examples) -> None:
        """Mean and variance for batch normalisation, over the whole training set."""
        with tt.no_grad():
            x, _ = examples[:]
            # Every context once: what it gives depends on nothing else.
            contexts, counts = tt.unique(x, dim=0, return_counts=True)
            weights = counts.double()[:, None] / len(x)
            hprebn = (self.C[contexts].view(len(contexts), -1) @ self.W1 + self.b1).double()
            mean = (weights * hprebn).sum(0, keepdim=True)
            var = (weights * (hprebn - mean) ** 2).sum(0, keepdim=True) * len(x) / (len(x) - 1)
            self.bnmean.copy_(mean)
            self.bnvar.copy_(var)

    def check(self, x: tt.Tensor, y: tt.Tensor) -> list["Comparison"]:
        """Every gradient of a minibatch by hand against that of autograd, from the loss back to C.

        The last two are the short formulas of `learn`: through cross entropy and batch normalisation in one step each.
        """
        v = self._atomic_forward(x, y)
        for t in vars(v).values():
            t.grad = None
            t.retain_grad()
        v.loss.backward()
        with tt.no_grad():
            by_hand = _atomic_backward(v, x, y)
            dlogits = F.softmax(v.logits, 1)
            dlogits[range(len(y)), y] -= 1
            dlogits /= len(y)
            dhprebn = _batchnorm_backward(by_hand["hpreact"], v.bngain, v.bnraw, v.bnvar_inv)
            found = [(name, d, getattr(v, name).grad) for name, d in by_hand.items()]
            found += [("logits, fast", dlogits, v.logits.grad), ("hprebn, fast", dhprebn, v.hprebn.grad)]
            return [compare(*each) for each in found]

    def _atomic_forward(self, x: tt.Tensor, y: tt.Tensor) -> SimpleNamespace:
        """The forward pass in steps whose derivatives are known by heart; every value under its name."""
        v = SimpleNamespace(**dict(self.named_parameters()))
        n = len(x)
        v.emb = v.C[x]
        v.embcat = v.emb.view(n, -1)
        v.hprebn = v.embcat @ v.W1 + v.b1
        v.bnmeani = 1 / n * v.hprebn.sum(0, keepdim=True)
        v.bndiff = v.hprebn - v.bnmeani
        v.bndiff2 = v.bndiff**2
        v.bnvar = 1 / (n - 1) * v.bndiff2.sum(0, keepdim=True)
        v.bnvar_inv = (v.bnvar + 1e-5) ** -0.5
        v.bnraw = v.bndiff * v.bnvar_inv
        v.hpreact = v.bngain * v.bnraw + v.bnbias
        v.h = tt.tanh(v.hpreact)
        v.logits = v.h @ v.W2 + v.b2
        v.logit_maxes = v.logits.max(1, keepdim=True).values
        v.norm_logits = v.logits - v.logit_maxes
        v.counts = v.norm_logits.exp()
        v.counts_sum = v.counts.sum(1, keepdim=True)
        v.counts_sum_inv = v.counts_sum**-1
        v.probs = v.counts * v.counts_sum_inv
        v.logprobs = v.probs.log()
        v.loss = -v.logprobs[range(n), y].mean()
        return v


class Comparison(NamedTuple):
    """A gradient by hand beside that of autograd."""

    name: str
    exact: bool
    approximate: bool
    maxdiff: float

    def __str__(self) -> str:
        exact, approximate = str(self.exact), str(self.approximate)
        return f"{self.name:15s} | exact: {exact:5s} | approximate: {approximate:5s} | maxdiff: {self.maxdiff}"


def compare(name: str, dt: tt.Tensor, grad: tt.Tensor) -> Comparison:
    """The lecture's cmp: are they the same, nearly the same, and how far apart at most?"""
    exact = bool((dt == grad).all().item())
    return Comparison(name, exact, bool(tt.allclose(dt, grad)), float((dt - grad).abs().max().item()))


def _batchnorm_backward(dhpreact: tt.Tensor, bngain: tt.Tensor, bnraw: tt.Tensor, bnvar_inv: tt.Tensor) -> tt.Tensor:
    """The gradient of what goes into batch normalisation, of that of what comes out."""
    n = len(dhpreact)
    total = dhpreact.sum(0)
    along = bnraw * (dhpreact * bnraw).sum(0)
    dhprebn: tt.Tensor = bngain * bnvar_inv / n * (n * dhpreact - total - n / (n - 1) * along)
    return dhprebn


def _atomic_backward(v: SimpleNamespace, x: tt.Tensor, y: tt.Tensor) -> dict[str, tt.Tensor]:
    """Backward through the whole of `_atomic_forward`, line by line; the gradients by name, in the order they come."""
    n = len(x)
    dlogprobs = tt.zeros_like(v.logprobs)
    dlogprobs[range(n), y] = -1.0 / n
    dprobs = (1.0 / v.probs) * dlogprobs
    dcounts_sum_inv = (v.counts * dprobs).sum(1, keepdim=True)
    dcounts_sum = -(v.counts_sum**-2) * dcounts_sum_inv
    dcounts = v.counts_sum_inv * dprobs + tt.ones_like(v.counts) * dcounts_sum
    dnorm_logits = v.counts * dcounts
    dlogit_maxes = -dnorm_logits.sum(1, keepdim=True)
    largest = F.one_hot(v.logits.max(1).indices, num_classes=v.logits.shape[1])
    dlogits = dnorm_logits + largest * dlogit_maxes
    dh = dlogits @ v.W2.T
    dW2 = v.h.T @ dlogits
    db2 = dlogits.sum(0)
    dhpreact = (1.0 - v.h**2) * dh
    dbngain = (v.bnraw * dhpreact).sum(0, keepdim=True)
    dbnbias = dhpreact.sum(0, keepdim=True)
    dbnraw = v.bngain * dhpreact
    dbnvar_inv = (v.bndiff * dbnraw).sum(0, keepdim=True)
    dbnvar = -0.5 * (v.bnvar + 1e-5) ** -1.5 * dbnvar_inv
    dbndiff2 = 1 / (n - 1) * tt.ones_like(v.bndiff2) * dbnvar
    dbndiff = v.bnvar_inv * dbnraw + 2 * v.bndiff * dbndiff2
    dbnmeani = -dbndiff.sum(0, keepdim=True)
    dhprebn = dbndiff + 1 / n * (tt.ones_like(v.hprebn) * dbnmeani)
    dembcat = dhprebn @ v.W1.T
    dW1 = v.embcat.T @ dhprebn
    db1 = dhprebn.sum(0)
    demb = dembcat.view(v.emb.shape)
    dC = tt.zeros_like(v.C).index_add_(0, x.view(-1), demb.view(-1, v.C.shape[1]))
    own = locals()
    order = (
        "logprobs probs counts_sum_inv counts_sum counts norm_logits logit_maxes logits h W2 b2 hpreact bngain bnbias"
    )
    order += " bnraw bnvar_inv bnvar bndiff2 bndiff bnmeani hprebn embcat W1 b1 emb C"
    return {name: own["d" + name] for name in order.split()}
