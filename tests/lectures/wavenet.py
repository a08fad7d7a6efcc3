"""The hierarchical network: pairs of neighbours are merged layer by layer; a container of layers; a 3-d batch norm."""

import sys

import torch
import torch.nn.functional as F

words = open(sys.argv[1], encoding="utf-8").read().split()[:3000]
letters = [".", *sorted(set("".join(words)))]
index_of = {letter: i for i, letter in enumerate(letters)}
X, Y = [], []
for word in words:
    context = [0] * 8
    for letter in word + ".":
        X.append(context)
        Y.append(index_of[letter])
        context = [*context[1:], index_of[letter]]
X, Y = torch.tensor(X), torch.tensor(Y)
torch.manual_seed(42)


class Linear:
    def __init__(self, fan_in, fan_out, bias=True):
        self.weight = torch.randn((fan_in, fan_out)) / fan_in**0.5
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
            dim = 0 if x.ndim == 2 else (0, 1)
            xmean, xvar = x.mean(dim, keepdim=True), x.var(dim, keepdim=True)
            with torch.no_grad():
                self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * xmean
                self.running_var = (1 - self.momentum) * self.running_var + self.momentum * xvar
        else:
            xmean, xvar = self.running_mean, self.running_var
        self.out = self.gamma * ((x - xmean) / torch.sqrt(xvar + self.eps)) + self.beta
        return self.out

    def parameters(self):
        return [self.gamma, self.beta]


class Tanh:
    def __call__(self, x):
        self.out = torch.tanh(x)
        return self.out

    def parameters(self):
        return []


class Embedding:
    def __init__(self, num_embeddings, embedding_dim):
        self.weight = torch.randn((num_embeddings, embedding_dim))

    def __call__(self, ix):
        self.out = self.weight[ix]
        return self.out

    def parameters(self):
        return [self.weight]


class FlattenConsecutive:
    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        B, T, C = x.shape
        x = x.view(B, T // self.n, C * self.n)
        if x.shape[1] == 1:
            x = x.squeeze(1)
        self.out = x
        return self.out

    def parameters(self):
        return []


class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        self.out = x
        return self.out

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]


def merge(fan_in, fan_out):
    return [FlattenConsecutive(2), Linear(fan_in * 2, fan_out, bias=False), BatchNorm1d(fan_out), Tanh()]


model = Sequential([Embedding(27, 12), *merge(12, 32), *merge(32, 32), *merge(32, 32), Linear(32, 27)])
with torch.no_grad():
    model.layers[-1].weight *= 0.1
parameters = model.parameters()
print(sum(p.nelement() for p in parameters))
for p in parameters:
    p.requires_grad = True

lossi = []
for i in range(160):
    ix = torch.randint(0, X.shape[0], (32,))
    loss = F.cross_entropy(model(X[ix]), Y[ix])
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data += -0.1 * p.grad
    lossi.append(loss.log10().item())
for layer in model.layers[:5]:
    print(type(layer).__name__, tuple(layer.out.shape))
print([f"{value:.4f}" for value in torch.tensor(lossi).view(-1, 20).mean(1).tolist()])

for layer in model.layers:
    layer.training = False
with torch.no_grad():
    print(f"{F.cross_entropy(model(X[:2000]), Y[:2000]).item():.4f}")
for _ in range(6):
    out, context = [], [0] * 8
    while True:
        probs = F.softmax(model(torch.tensor([context])), dim=1)
        ix = torch.multinomial(probs, num_samples=1).item()
        context = [*context[1:], ix]
        if ix == 0:
            break
        out.append(letters[ix])
    print("".join(out))
