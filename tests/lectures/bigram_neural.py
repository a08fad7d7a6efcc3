"""The bigram model as one layer on one-hot vectors, trained by hand."""

import sys

import torch
import torch.nn.functional as F

words = open(sys.argv[1], encoding="utf-8").read().split()[:1500]
letters = [".", *sorted(set("".join(words)))]
index_of = {letter: i for i, letter in enumerate(letters)}

xs, ys = [], []
for word in words:
    for first, second in zip("." + word, word + ".", strict=True):
        xs.append(index_of[first])
        ys.append(index_of[second])
xs, ys = torch.tensor(xs), torch.tensor(ys)
n = xs.nelement()
print(n, xs.dtype, xs[:5], ys[:5])

generator = torch.Generator().manual_seed(2147483647)
W = torch.randn((27, 27), generator=generator, requires_grad=True)
inputs = F.one_hot(xs, num_classes=27).float()
for step in range(30):
    counts = (inputs @ W).exp()
    probs = counts / counts.sum(1, keepdims=True)
    loss = -probs[torch.arange(n), ys].log().mean() + 0.01 * (W**2).mean()
    W.grad = None
    loss.backward()
    W.data += -50 * W.grad
    if step % 5 == 0 or step == 29:
        print(f"step {step:2d}: {loss.item():.4f}")

for _ in range(6):
    name, at = "", 0
    while True:
        row = F.one_hot(torch.tensor([at]), num_classes=27).float() @ W
        p = row.exp() / row.exp().sum(1, keepdims=True)
        at = torch.multinomial(p, num_samples=1, replacement=True, generator=generator).item()
        if at == 0:
            break
        name += letters[at]
    print(name)
