"""Counting bigrams one by one into an int32 tensor, sampling from the rows, likelihood."""

import sys

import torch

words = open(sys.argv[1], encoding="utf-8").read().split()[:1500]
letters = sorted(set("".join(words)))
index_of = {letter: i + 1 for i, letter in enumerate(letters)}
index_of["."] = 0
letter_of = {i: letter for letter, i in index_of.items()}
size = len(index_of)

counts = torch.zeros((size, size), dtype=torch.int32)
for word in words:
    for first, second in zip("." + word, word + ".", strict=True):
        counts[index_of[first], index_of[second]] += 1
print(counts.dtype, counts.sum().item(), counts[0, :6])

likeliest = counts.argmax()
print(letter_of[likeliest.item() // size] + letter_of[likeliest.item() % size], counts.max().item())

probabilities = (counts + 1).float()
probabilities /= probabilities.sum(1, keepdims=True)
print(probabilities[0].sum().item() > 0.9999, probabilities.shape, probabilities[:, 0].max())

generator = torch.Generator().manual_seed(2147483647)
for _ in range(8):
    name, at = "", 0
    while True:
        at = torch.multinomial(probabilities[at], num_samples=1, replacement=True, generator=generator).item()
        if at == 0:
            break
        name += letter_of[at]
    print(name)

log_likelihood, n = 0.0, 0
for word in words[:200]:
    for first, second in zip("." + word, word + ".", strict=True):
        log_likelihood += torch.log(probabilities[index_of[first], index_of[second]])
        n += 1
print(f"{n} bigrams, {-log_likelihood / n:.4f} nats each, {log_likelihood=:.1f}")
