"""The lecture's training loop on tinytensor, NumPy by hand, and, where they are installed, PyTorch and JAX.

    make bench
    .venv/bin/python bench/makemore_mlp.py --threads 1 --rounds 5

For each number of threads one process trains the same model on every engine. The engines first take the same steps and
must report the same losses; then they take turns, some thousand steps each, round after round, so that a busy moment of
the machine hits all of them. Shown is the median over the rounds. README.md beside this file says what is compared.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from machine import facts, version

BATCH, CONTEXT, EMBEDDING, HIDDEN, LR = 32, 3, 10, 200, 0.1
SEED = 2147483647
CHECKED_STEPS = 200
SCANNED_STEPS = 100  # in one call of JAX's scan
TOLERANCE = 1e-4

Arrays = dict[str, np.ndarray]


def start() -> tuple[np.ndarray, np.ndarray, Arrays]:
    """Examples of the built-in names and freshly drawn parameters, the same for every engine."""
    import tinytensor as tt
    from tinytensor import makemore

    words = makemore.read_words()
    vocabulary = makemore.Vocabulary.of(words)
    x, y = makemore.build_dataset(makemore.split_words(words)[0], vocabulary, CONTEXT)
    tt.manual_seed(SEED)
    model = makemore.MLP(len(vocabulary), CONTEXT, EMBEDDING, HIDDEN)
    return x.numpy(), y.numpy(), {name: p.detach().numpy().copy() for name, p in model.named_parameters()}


class Lecture:
    """The lecture's loop, word for word; `torch` is PyTorch or tinytensor."""

    def __init__(self, torch: Any, x: np.ndarray, y: np.ndarray, start: Arrays):
        import importlib

        self.torch = torch
        self.F = importlib.import_module(f"{torch.__name__}.nn.functional")
        self.x, self.y = torch.from_numpy(x.copy()), torch.from_numpy(y.copy())
        self.parameters = [torch.from_numpy(start[name].copy()) for name in ("C", "W1", "b1", "W2", "b2")]
        for p in self.parameters:
            p.requires_grad = True
        self.generator = torch.Generator().manual_seed(SEED)

    def run(self, steps: int, losses: list[float] | None = None) -> None:
        """Trains on; appends the loss of every step where a list is given."""
        torch, F, g = self.torch, self.F, self.generator
        Xtr, Ytr = self.x, self.y
        C, W1, b1, W2, b2 = parameters = self.parameters
        for _ in range(steps):
            ix = torch.randint(0, Xtr.shape[0], (BATCH,), generator=g)
            emb = C[Xtr[ix]]
            h = torch.tanh(emb.view(-1, CONTEXT * EMBEDDING) @ W1 + b1)
            logits = h @ W2 + b2
            loss = F.cross_entropy(logits, Ytr[ix])
            for p in parameters:
                p.grad = None
            loss.backward()
            for p in parameters:
                p.data += -LR * p.grad
            if losses is not None:
                losses.append(loss.item())


class ByHand:
    """The same step in NumPy, forward and backward by hand, into arrays that are made once."""

    def __init__(self, draws: Callable[[int], np.ndarray], x: np.ndarray, y: np.ndarray, start: Arrays):
        self.draw, self.x, self.y = draws, x, y
        self.C, self.W1, self.b1, self.W2, self.b2 = (start[name].copy() for name in ("C", "W1", "b1", "W2", "b2"))
        self.one_hot = np.eye(len(self.C), dtype=np.float32)
        self.rows = np.arange(BATCH)
        self.xb = np.empty((BATCH, CONTEXT), np.int64)
        self.emb = np.empty((BATCH, CONTEXT, EMBEDDING), np.float32)
        self.h, self.dh, self.slope = (np.empty((BATCH, HIDDEN), np.float32) for _ in range(3))
        self.logits, self.probs = (np.empty((BATCH, len(self.C)), np.float32) for _ in range(2))
        self.seen = np.empty((BATCH, CONTEXT, len(self.C)), np.float32)
        self.demb = np.empty((BATCH, CONTEXT * EMBEDDING), np.float32)
        self.dC, self.dW1, self.db1, self.dW2, self.db2 = (
            np.empty_like(p) for p in (self.C, self.W1, self.b1, self.W2, self.b2)
        )

    def run(self, steps: int, losses: list[float] | None = None) -> None:
        """Trains on; appends the loss of every step where a list is given."""
        C, W1, b1, W2, b2 = self.C, self.W1, self.b1, self.W2, self.b2
        xb, emb, h, dh, slope = self.xb, self.emb, self.h, self.dh, self.slope
        logits, probs, seen, rows = self.logits, self.probs, self.seen, self.rows
        flat = emb.reshape(BATCH, CONTEXT * EMBEDDING)
        for _ in range(steps):
            ix = self.draw(BATCH)
            # clip: the only mode in which take writes to `out` without a copy between
            self.x.take(ix, axis=0, out=xb, mode="clip")
            yb = self.y[ix]
            C.take(xb, axis=0, out=emb, mode="clip")
            np.matmul(flat, W1, out=h)
            h += b1
            np.tanh(h, out=h)
            np.matmul(h, W2, out=logits)
            logits += b2
            logits -= logits.max(1, keepdims=True)
            np.exp(logits, out=probs)
            sums = probs.sum(1, keepdims=True)
            loss = (np.log(sums).sum() - logits[rows, yb].sum()) / BATCH

            probs /= sums
            probs[rows, yb] -= 1
            probs *= np.float32(1 / BATCH)
            np.matmul(h.T, probs, out=self.dW2)
            probs.sum(0, out=self.db2)
            np.matmul(probs, W2.T, out=dh)
            np.multiply(h, h, out=slope)
            np.subtract(1, slope, out=slope)
            dh *= slope
            np.matmul(flat.T, dh, out=self.dW1)
            dh.sum(0, out=self.db1)
            np.matmul(dh, W1.T, out=self.demb)
            # A product with one-hot rows beats np.add.at at this size.
            self.one_hot.take(xb, axis=0, out=seen, mode="clip")
            np.matmul(seen.reshape(-1, len(C)).T, self.demb.reshape(-1, EMBEDDING), out=self.dC)

            for p, grad in ((C, self.dC), (W1, self.dW1), (b1, self.db1), (W2, self.dW2), (b2, self.db2)):
                grad *= LR
                p -= grad
            if losses is not None:
                losses.append(float(loss))


class Jitted:
    """The same step in JAX: forward, gradient, update and draw compiled as one function with donated parameters."""

    def __init__(self, draws: Callable[[int], np.ndarray] | None, x: np.ndarray, y: np.ndarray, start: Arrays):
        import jax
        import jax.numpy as jnp

        x, y = jnp.asarray(x, jnp.int32), jnp.asarray(y, jnp.int32)
        self.draw = draws
        self.parameters = {name: jnp.asarray(p.copy()) for name, p in start.items()}
        self.key = jax.random.key(SEED)

        def loss_of(p: Any, ix: Any) -> Any:
            h = jnp.tanh(p["C"][x[ix]].reshape(BATCH, -1) @ p["W1"] + p["b1"])
            logits = h @ p["W2"] + p["b2"]
            return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[ix][:, None], 1).mean()

        def step(p: Any, ix: Any) -> Any:
            loss, grads = jax.value_and_grad(loss_of)(p, ix)
            return jax.tree.map(lambda a, g: a - LR * g, p, grads), loss

        def drawn_step(p: Any, key: Any) -> Any:
            key, sub = jax.random.split(key)
            return *step(p, jax.random.randint(sub, (BATCH,), 0, len(y))), key

        def drawn_steps(p: Any, key: Any) -> Any:
            def body(state: Any, _: Any) -> Any:
                p, loss, key = drawn_step(*state)
                return (p, key), loss

            (p, key), losses = jax.lax.scan(body, (p, key), length=SCANNED_STEPS)
            return p, losses, key

        self.step = jax.jit(step, donate_argnums=0)
        self.drawn_step = jax.jit(drawn_step, donate_argnums=(0, 1))
        self.drawn_steps = jax.jit(drawn_steps, donate_argnums=(0, 1))

    def run(self, steps: int, losses: list[float] | None = None) -> None:
        """Trains on; appends the loss of every step where a list is given."""
        for _ in range(steps):
            if losses is not None:
                self.parameters, loss = self.step(self.parameters, self.draw(BATCH).astype(np.int32))
                losses.append(float(loss))
            else:
                self.parameters, _, self.key = self.drawn_step(self.parameters, self.key)
        self.parameters["C"].block_until_ready()


class Scanned(Jitted):
    """The same with a hundred steps in one compiled loop, whose losses are seen only at its end."""

    def run(self, steps: int, losses: list[float] | None = None) -> None:
        """Trains on, in hundreds of steps; single ones where the losses are to be compared."""
        if losses is not None:
            super().run(steps, losses)
            return
        for _ in range(steps // SCANNED_STEPS):
            self.parameters, _, self.key = self.drawn_steps(self.parameters, self.key)
        self.parameters["C"].block_until_ready()


def same_draws(tt: Any, rows: int) -> Callable[[int], np.ndarray]:
    """Minibatch indices as the lecture's loop draws them, for engines with random numbers of their own."""
    generator = tt.Generator().manual_seed(SEED)
    return lambda n: tt.randint(0, rows, (n,), generator=generator).numpy()


def check(name: str, engine: Any, expected: list[float]) -> None:
    """The engine takes the first steps and must report the expected losses."""
    losses: list[float] = []
    engine.run(len(expected), losses)
    worst = max(abs(a - b) for a, b in zip(losses, expected, strict=True))
    print(f"  {name:<12} loss after {len(losses)} steps {losses[-1]:.6f}, at most {worst:.1e} from tinytensor's")
    if worst > TOLERANCE:
        sys.exit(f"{name} trains something else: the losses differ by {worst}")


def compare(threads: int, rounds: int, steps: int) -> None:
    """One process, one number of threads: check the losses, take turns, print the medians."""
    import tinytensor as tt

    tt.set_num_threads(threads)
    x, y, parameters = start()
    first = Lecture(tt, x, y, parameters)
    expected: list[float] = []
    first.run(CHECKED_STEPS, expected)

    engines: dict[str, Any] = {"tinytensor": first}
    by_hand = ByHand(same_draws(tt, len(y)), x, y, parameters)
    engines["NumPy"] = by_hand
    if version("torch"):
        import torch

        torch.set_num_threads(threads)
        engines["PyTorch"] = Lecture(torch, x, y, parameters)
    if version("jax"):
        engines["JAX jit"] = Jitted(same_draws(tt, len(y)), x, y, parameters)
        engines["JAX scan"] = Scanned(same_draws(tt, len(y)), x, y, parameters)

    print(f"\n{threads} thread{'s' * (threads > 1)}")
    for name, engine in engines.items():
        if engine is not first:
            check(name, engine, expected)
    rng = np.random.default_rng(SEED)
    by_hand.draw = lambda n: rng.integers(0, len(y), n)

    times: dict[str, list[float]] = {name: [] for name in engines}
    for engine in engines.values():
        engine.run(SCANNED_STEPS)
    for _ in range(rounds):
        for name, engine in engines.items():
            begin = time.perf_counter()
            engine.run(steps)
            times[name].append((time.perf_counter() - begin) / steps)

    ours = statistics.median(times["tinytensor"])
    print(f"\n  {'engine':<12} {'µs a step':>10} {'steps/s':>9}   times tinytensor's")
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"  {name:<12} {median * 1e6:10.1f} {1 / median:9,.0f}   {median / ours:.2f}", flush=True)


def in_its_own_process(threads: int, rounds: int, steps: int) -> int:
    """Limits every engine to so many threads: BLAS and OpenMP by their variables, JAX by the CPUs it may use."""
    env = os.environ | {f"{library}_NUM_THREADS": str(threads) for library in ("OMP", "OPENBLAS", "MKL")}
    cpus = sorted(os.sched_getaffinity(0))[:threads] if hasattr(os, "sched_getaffinity") else []

    def pin() -> None:
        if cpus:
            os.sched_setaffinity(0, cpus)

    command = [sys.executable, str(Path(__file__).resolve()), "--child", str(threads)]
    command += ["--rounds", str(rounds), "--steps", str(steps)]
    return subprocess.run(command, env=env, preexec_fn=pin).returncode


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The makemore MLP's steps per second, engine against engine.")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--steps", type=int, default=2000, help="of each engine in each round; hundreds, for JAX's scan"
    )
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.steps < 1 or options.steps % SCANNED_STEPS:
        parser.error(f"--steps must be a multiple of {SCANNED_STEPS}, got {options.steps}")
    if options.child:
        compare(options.child, options.rounds, options.steps)
    else:
        print(f"makemore's MLP: batch {BATCH}, {CONTEXT}x{EMBEDDING} -> {HIDDEN} -> 27, float32\n{facts()}", flush=True)
        sys.exit(max(in_its_own_process(n, options.rounds, options.steps) for n in options.threads))
