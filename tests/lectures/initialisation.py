"""How the scale of the first weights saturates tanh: histograms, saturation maps, the loss at the start."""

import hashlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F

words = open(sys.argv[1], encoding="utf-8").read().split()[:1000]
letters = [".", *sorted(set("".join(words)))]
codes = [letters.index(letter) for word in words for letter in word + "."]
X = torch.tensor(codes[: len(codes) // 4 * 4]).view(-1, 4)
X, Y = X[:, :3], X[:, 3]


def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()[:12]


for gain in (1.0, 5 / 3 / 30**0.5, 0.01):
    g = torch.Generator().manual_seed(2147483647)
    C = torch.randn((27, 10), generator=g)
    W1 = torch.randn((30, 100), generator=g) * gain
    W2 = torch.randn((100, 27), generator=g) * 0.01
    h = torch.tanh(C[X[:64]].view(-1, 30) @ W1)
    loss = F.cross_entropy(h @ W2, Y[:64])
    saturated = (h.abs() > 0.97).float().mean() * 100
    print(
        f"gain {gain:.4f}: loss {loss.item():.4f}, mean {h.mean():.3f}, std {h.std():.3f}, saturated {saturated:.2f} %"
    )

    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3))
    counts, edges, _ = left.hist(h.view(-1).tolist(), 20, range=(-1, 1))
    image = middle.imshow(h.abs() > 0.99, cmap="gray", interpolation="nearest")
    hist, bins = torch.histogram(h, bins=10, range=(-1.0, 1.0), density=True)
    [line] = right.plot(bins[:-1].detach(), hist.detach())
    right.legend([f"gain {gain:.2f}"])
    figure.canvas.draw()
    shown = image.get_array()
    print("  histogram", counts.astype(int).tolist(), digest(counts.astype("int64")))
    print("  map", shown.shape, int(shown.sum()), digest(shown.astype("uint8")))
    print("  curve", len(line.get_xdata()), [f"{y:.3f}" for y in line.get_ydata()])
    plt.close(figure)

x = torch.randn(1000, 10, generator=torch.Generator().manual_seed(1))
w = torch.randn(10, 200, generator=torch.Generator().manual_seed(2)) / 10**0.5
y = x @ w
print(f"{x.mean():.4f} {x.std():.4f} -> {y.mean():.4f} {y.std():.4f}")
for init, kwargs in ((torch.nn.init.kaiming_normal_, {"nonlinearity": "tanh"}), (torch.nn.init.xavier_uniform_, {})):
    torch.manual_seed(3)
    weight = init(torch.empty(64, 32), **kwargs)
    print(init.__name__, f"{weight.std().item():.4f}", weight[0, :4])
