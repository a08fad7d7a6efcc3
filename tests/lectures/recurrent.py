"""Recurrent networks on letters: nn.RNN and nn.LSTM, a data loader, Adam with a schedule, clipped gradients."""

import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

words = open(sys.argv[1], encoding="utf-8").read().split()[:600]
letters = [".", *sorted(set("".join(words)))]
longest = max(map(len, words)) + 1


class Names(Dataset):
    def __len__(self):
        return len(words)

    def __getitem__(self, i):
        codes = [letters.index(letter) for letter in words[i]]
        x, y = torch.zeros(longest, dtype=torch.long), torch.full((longest,), -1, dtype=torch.long)
        x[1 : len(codes) + 1] = torch.tensor(codes)
        y[: len(codes) + 1] = torch.tensor([*codes, 0])
        return x, y


class Model(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.embedding = nn.Embedding(27, 16)
        self.rnn = cell(input_size=16, hidden_size=32, num_layers=2, batch_first=True)
        self.head = nn.Linear(32, 27)

    def forward(self, x, state=None):
        out, state = self.rnn(self.embedding(x), state)
        return self.head(out), state


criterion = nn.CrossEntropyLoss(ignore_index=-1)
for cell in (nn.RNN, nn.LSTM, nn.GRU):
    torch.manual_seed(3)
    model = Model(cell)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    loader = DataLoader(Names(), batch_size=50, shuffle=True)
    print(cell.__name__, sum(p.numel() for p in model.parameters()))
    for epoch in range(2):
        total, norm = 0.0, 0.0
        for x, y in loader:
            logits, _ = model(x)
            loss = criterion(logits.reshape(-1, 27), y.reshape(-1))
            optimizer.zero_grad()
            loss.backward()
            norm = max(norm, nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.5).item())
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: loss {total / len(loader):.4f}, norm {norm:.3f}, lr {scheduler.get_last_lr()[0]:.4f}")
        scheduler.step()
    model.eval()
    with torch.no_grad():
        for _ in range(4):
            at, state, name = torch.zeros(1, 1, dtype=torch.long), None, ""
            while len(name) < 15:
                logits, state = model(at, state)
                at = torch.multinomial(logits[0].softmax(dim=-1), 1)
                if at.item() == 0:
                    break
                name += letters[at.item()]
            print(name)
