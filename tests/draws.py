"""The draws that are pinned: name -> a function of an engine and a generator (or None, for the default one).

Run as a script in an environment with PyTorch, it stores PyTorch's answers in draws.json: for every draw its dtype and
shape and the bytes of its values (a hash where they are many), and a hash of the generator's state after it.

    python tests/draws.py
"""

import hashlib
import json
import pathlib
from collections.abc import Callable
from typing import Any

import numpy as np

STORED = pathlib.Path(__file__).parent / "draws.json"
SEEDS = (42, 2147483647)
KEPT_BYTES = 80

CASES: dict[str, Callable[[Any, Any], Any]] = {}
DEFAULT_ONLY: dict[str, Callable[[Any], Any]] = {}  # what cannot be given a generator


def _tensor(tt: Any, values: Any, dtype: str = "float32") -> Any:
    return tt.tensor(np.asarray(values, dtype))


def _creation() -> None:
    for dtype in ("float32", "float64"):
        for size in ((), (1,), (7,), (15,), (16,), (17,), (33,), (1000,), (100001,), (4, 4), (2, 3, 4), (0,)):
            CASES[f"rand {size} {dtype}"] = lambda tt, g, s=size, d=dtype: tt.rand(s, dtype=getattr(tt, d), generator=g)
            CASES[f"randn {size} {dtype}"] = lambda tt, g, s=size, d=dtype: tt.randn(
                s, dtype=getattr(tt, d), generator=g
            )
    for low, high in ((0, 2), (-5, 5), (3, 1000003), (0, 2**28 - 1), (0, 2**28), (-(2**62), 2**62), (0, 2**63 - 1)):
        for n in (1, 33, 5000):
            CASES[f"randint [{low}, {high}) {n}"] = lambda tt, g, a=low, b=high, n=n: tt.randint(
                a, b, (n,), generator=g
            )
    for dtype in ("int32", "int16", "int8", "uint8", "bool", "float32", "float64"):
        top = 2 if dtype == "bool" else 100
        CASES[f"randint {dtype}"] = lambda tt, g, d=dtype, t=top: tt.randint(
            0, t, (33,), dtype=getattr(tt, d), generator=g
        )
        CASES[f"random_() {dtype}"] = lambda tt, g, d=dtype: tt.zeros(20, dtype=getattr(tt, d)).random_(generator=g)
    for n in (0, 1, 2, 17, 1000, 30001):
        CASES[f"randperm {n}"] = lambda tt, g, n=n: tt.randperm(n, generator=g)


def _in_place() -> None:
    fills: dict[str, Callable[[Any, Any], Any]] = {
        "uniform_(-3, 5)": lambda x, g: x.uniform_(-3, 5, generator=g),
        "normal_(2, 0.5)": lambda x, g: x.normal_(2, 0.5, generator=g),
        "exponential_(2.5)": lambda x, g: x.exponential_(2.5, generator=g),
        "log_normal_(0.5, 0.8)": lambda x, g: x.log_normal_(0.5, 0.8, generator=g),
        "cauchy_(0, 2)": lambda x, g: x.cauchy_(0, 2, generator=g),
        "geometric_(0.3)": lambda x, g: x.geometric_(0.3, generator=g),
        "bernoulli_(0.3)": lambda x, g: x.bernoulli_(0.3, generator=g),
    }
    layouts: dict[str, Callable[[Any], Any]] = {
        "5": lambda zeros: zeros(5),
        "40": lambda zeros: zeros(40),
        "transposed": lambda zeros: zeros(5, 6).t(),
        "sliced": lambda zeros: zeros(6, 8)[:, ::2],
    }
    for name, fill in fills.items():
        for layout, make in layouts.items():
            for dtype in ("float32", "float64"):
                CASES[f"{name} {layout} {dtype}"] = lambda tt, g, f=fill, m=make, d=dtype: f(
                    m(lambda *size: tt.zeros(*size, dtype=getattr(tt, d))), g
                )


def _distributions() -> None:
    weights = np.random.RandomState(0).rand(3, 27)
    for dtype in ("float32", "float64"):
        CASES[f"bernoulli {dtype}"] = lambda tt, g, d=dtype: tt.bernoulli(
            _tensor(tt, np.linspace(0, 1, 100), d), generator=g
        )
        for name, p in (("1d", weights[0]), ("2d", weights)):
            for n, replacement in ((1, True), (1, False), (20, True), (20, False), (3000, True)):
                CASES[f"multinomial {name} {n} {replacement} {dtype}"] = (
                    lambda tt, g, d=dtype, p=p, n=n, r=replacement: tt.multinomial(
                        _tensor(tt, p, d), n, replacement=r, generator=g
                    )
                )
    CASES["poisson"] = lambda tt, g: tt.poisson(_tensor(tt, np.linspace(0, 30, 40)), generator=g)
    CASES["normal of tensors"] = lambda tt, g: tt.normal(
        _tensor(tt, np.arange(9)), _tensor(tt, np.arange(1, 10)), generator=g
    )
    CASES["one cached normal"] = lambda tt, g: tt.cat(
        [tt.randn(3, generator=g), tt.randn(1, dtype=tt.float64, generator=g).float(), tt.randn(16, generator=g)]
    )


def _default_generator() -> None:
    for p in (0.0, 0.1, 0.5, 1.0):
        for n in (10, 1000):
            DEFAULT_ONLY[f"dropout {p} {n}"] = lambda tt, p=p, n=n: tt.nn.functional.dropout(tt.ones(n), p)
    DEFAULT_ONLY["dropout2d"] = lambda tt: tt.nn.functional.dropout2d(tt.ones(4, 6, 3, 3), 0.4)
    DEFAULT_ONLY["alpha_dropout"] = lambda tt: tt.nn.functional.alpha_dropout(tt.ones(40), 0.4, training=True)
    DEFAULT_ONLY["rand_like"] = lambda tt: tt.rand_like(tt.zeros(5, 6).t())
    DEFAULT_ONLY["randn_like"] = lambda tt: tt.randn_like(tt.zeros(5, 6, dtype=tt.float64))
    DEFAULT_ONLY["randint_like"] = lambda tt: tt.randint_like(tt.zeros(5, 6), 3, 17)
    for name, options in (
        ("kaiming_normal_", {"nonlinearity": "tanh"}),
        ("kaiming_uniform_", {"a": 5**0.5}),
        ("xavier_normal_", {}),
        ("xavier_uniform_", {"gain": 2.0}),
        ("trunc_normal_", {"std": 0.02, "a": -0.05, "b": 0.04}),
        ("trunc_normal_", {"a": 1.5, "b": 3.0}),
        ("sparse_", {"sparsity": 0.3}),
    ):
        DEFAULT_ONLY[f"{name} {options or ''}"] = lambda tt, n=name, o=options: getattr(tt.nn.init, n)(
            tt.zeros(64, 33), **o
        )


_creation()
_in_place()
_distributions()
_default_generator()


def draw(tt: Any, name: str, seed: int) -> tuple[np.ndarray, bytes]:
    """The values of a case, and the state of its generator after it."""
    if name in DEFAULT_ONLY:
        generator = tt.manual_seed(seed)
        values = DEFAULT_ONLY[name](tt)
    else:
        generator = tt.Generator().manual_seed(seed)
        values = CASES[name](tt, generator)
    return values.detach().numpy(), generator.get_state().numpy().tobytes()


def digest(data: bytes) -> str:
    """A short hash of bytes."""
    return hashlib.sha256(data).hexdigest()[:16]


def stored(values: np.ndarray, state: bytes) -> list[Any]:
    """How a draw is kept in draws.json: small ones in full, of the others a hash.

    The C library's functions may differ in the last bit of a double between its versions: hashes of doubles are those
    of the nearest floats.
    """
    data = np.ascontiguousarray(values).tobytes()
    if len(data) <= KEPT_BYTES:
        kept = data.hex()
    else:
        kept = "sha256:" + digest(values.astype(np.float32).tobytes() if values.dtype == np.float64 else data)
    return [values.dtype.name, list(values.shape), kept, digest(state)]


if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    answers = {name: [stored(*draw(torch, name, seed)) for seed in SEEDS] for name in (*CASES, *DEFAULT_ONLY)}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(answer)}" for name, answer in answers.items())
    STORED.write_text(f"{{\n{lines}\n}}\n")
