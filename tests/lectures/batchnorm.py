"""Batch normalisation by hand: statistics of the batch, running buffers, calibration afterwards."""

import sys

import torch
import torch.nn.functional as F

words = open(sys.argv[1], encoding="utf-8").read().split()[:3000]
letters = [".", *sorted(set("".join(words)))]
index_of = {letter: i for i, letter in enumerate(letters)}
X, Y = [], []
for word in words:
    context = [0, 0, 0]
    for letter in word + ".":
        X.append(context)
        Y.append(index_of[letter])
        context = [*context[1:], index_of[letter]]
X, Y = torch.tensor(X), torch.tensor(Y)

n_embd, n_hidden = 10, 64
g = torch.Generator().manual_seed(2147483647)
C = torch.randn((27, n_embd), generator=g)
W1 = torch.randn((n_embd * 3, n_hidden), generator=g) * (5 / 3) / ((n_embd * 3) ** 0.5)
W2 = torch.randn((n_hidden, 27), generator=g) * 0.01
b2 = torch.randn(27, generator=g) * 0
bngain, bnbias = torch.ones((1, n_hidden)), torch.zeros((1, n_hidden))
bnmean_running, bnstd_running = torch.zeros((1, n_hidden)), torch.ones((1, n_hidden))
parameters = [C, W1, W2, b2, bngain, bnbias]
for p in parameters:
    p.requires_grad = True

for i in range(300):
    ix = torch.randint(0, X.shape[0], (32,), generator=g)
    hpreact = C[X[ix]].view(-1, n_embd * 3) @ W1
    bnmeani = hpreact.mean(0, keepdim=True)
    bnstdi = hpreact.std(0, keepdim=True)
    hpreact = bngain * (hpreact - bnmeani) / bnstdi + bnbias
    with torch.no_grad():
        bnmean_running = 0.99 * bnmean_running + 0.01 * bnmeani
        bnstd_running = 0.99 * bnstd_running + 0.01 * bnstdi
    logits = torch.tanh(hpreact) @ W2 + b2
    loss = F.cross_entropy(logits, Y[ix])
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -0.1 * p.grad
    if i % 50 == 0:
        print(f"{i:4d}: {loss.item():.4f}")

with torch.no_grad():
    hpreact = C[X].view(-1, n_embd * 3) @ W1
    bnmean, bnstd = hpreact.mean(0, keepdim=True), hpreact.std(0, keepdim=True)
    for mean, std in ((bnmean, bnstd), (bnmean_running, bnstd_running)):
        logits = torch.tanh(bngain * (hpreact - mean) / std + bnbias) @ W2 + b2
        print(f"loss {F.cross_entropy(logits, Y).item():.4f}")
print(torch.allclose(bnmean, bnmean_running, atol=0.5), f"{bnmean_running[0, :4].tolist()[0]:.3f}")
print("bngain", [f"{v:.3f}" for v in bngain[0, :6].tolist()], bngain.shape, bnbias.requires_grad)
