"""Layers as classes, a deep stack of them, and what flows through: activations, gradients, updates."""

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
g = torch.Generator().manual_seed(2147483647)


class Linear:
    def __init__(self, fan_in, fan_out, bias=True):
        self.weight = torch.randn((fan_in, fan_out), generator=g) / fan_in**0.5
        self.bias = torch.zeros(fan_out) if bias else None

    def __call__(self, x):
        self.out = x @ self.weight
        if self.bias is not None:
            self.out += self.bias
        return self.out

    def parameters(self):
        return [self.weight] + ([] if self.bias is None else [self.bias])


class BatchNorm1d:
    def __init__(self, dim, eps=1e-5, momentum=0.1):
        self.eps, self.momentum, self.training = eps, momentum, True
        self.gamma, self.beta = torch.ones(dim), torch.zeros(dim)
        self.running_mean, self.running_var = torch.zeros(dim), torch.ones(dim)

    def __call__(self, x):
        if self.training:
            xmean, xvar = x.mean(0, keepdim=True), x.var(0, keepdim=True)
        else:
            xmean, xvar = self.running_mean, self.running_var
        xhat = (x - xmean) / torch.sqrt(xvar + self.eps)
        self.out = self.gamma * xhat + self.beta
        if self.training:
            with torch.no_grad():
                self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * xmean
                self.running_var = (1 - self.momentum) * self.running_var + self.momentum * xvar
        return self.out

    def parameters(self):
        return [self.gamma, self.beta]


class Tanh:
    def __call__(self, x):
        self.out = torch.tanh(x)
        return self.out

    def parameters(self):
        return []


C = torch.randn((27, 8), generator=g)
layers = []
for fan_in in (24, 40, 40, 40):
    layers += [Linear(fan_in, 40, bias=False), BatchNorm1d(40), Tanh()]
layers += [Linear(40, 27, bias=False), BatchNorm1d(27)]
with torch.no_grad():
    layers[-1].gamma *= 0.1
    for layer in layers[:-1]:
        if isinstance(layer, Linear):
            layer.weight *= 5 / 3
parameters = [C] + [p for layer in layers for p in layer.parameters()]
print(sum(p.nelement() for p in parameters))
for p in parameters:
    p.requires_grad = True

ud = []
for i in range(120):
    ix = torch.randint(0, X.shape[0], (32,), generator=g)
    x = C[X[ix]].view(32, -1)
    for layer in layers:
        x = layer(x)
    loss = F.cross_entropy(x, Y[ix])
    for layer in layers:
        layer.out.retain_grad()
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -0.1 * p.grad
    with torch.no_grad():
        ud.append([((0.1 * p.grad).std() / p.data.std()).log10().item() for p in parameters if p.ndim == 2])
    if i % 20 == 0:
        print(f"{i:4d}: {loss.item():.4f}")

for i, layer in enumerate(layers[:-1]):
    if isinstance(layer, Tanh):
        t, grad = layer.out, layer.out.grad
        saturated = (t.abs() > 0.97).float().mean() * 100
        print(
            f"layer {i:2d}: mean {t.mean():+.3f}, std {t.std():.3f}, saturated {saturated:.2f} %, gradient {grad.std():.3e}"
        )
for p, ratio in zip([p for p in parameters if p.ndim == 2], ud[-1], strict=True):
    print(f"weight {tuple(p.shape)} grad:data {p.grad.std() / p.std():.3e}, update {ratio:.2f}")
for layer in layers:
    if isinstance(layer, BatchNorm1d):
        layer.training = False
x = C[X[:1000]].view(1000, -1)
for layer in layers:
    x = layer(x)
print(f"{F.cross_entropy(x, Y[:1000]).item():.4f}", layers[1].running_mean.shape)
