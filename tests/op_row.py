"""The words a row of the op table is written in.

A row names an op and says what to call it with; the checks (values, gradients, dtypes, layouts, errors, bits, speed)
are derived from it in op_checks.py. Tensors are described, not made, so that one description serves every dtype, every
memory layout and every engine:

    Row("tanh", unary(), numpy=np.tanh)
    Row("add", binary(numbers=True), numpy=np.add)
    Row("cumsum", [S(T(3, 4), 1), S(T(3, 4), dim=-2), S(T(0, 3), 0)], numpy=np.cumsum,
        errors=[E(IndexError, "dim", S(T(3), 2))])
    Row("embedding", [S(T(5, 3), I(2, 4, below=5))], fn=lambda tt, w, i: tt.nn.functional.embedding(i, w))
"""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

FLOATS = ("float32", "float64")
INTS = ("int64", "int32", "int16", "int8", "uint8")
ALL = (*FLOATS, *INTS, "bool")


class T:
    """A tensor argument: `T(3, 4)`, `T()`, `T(3, low=0.1)`, `T(3, dtype="int64")`, `T(values=[1.0, nan])`.

    Without a `dtype` it takes the dtype the check is about, and may receive a gradient; values are drawn from
    [low, high], integers from the whole numbers in it. `distinct=True` gives different values in random order (for
    sorting, ties). Given `values` may sit on kinks and poles: there gradients are compared with PyTorch alone.
    """

    def __init__(
        self,
        *shape: int,
        low: float = -2.0,
        high: float = 2.0,
        dtype: str | None = None,
        values: Any = None,
        distinct: bool = False,
        grad: bool = True,
    ) -> None:
        self.shape, self.low, self.high, self.dtype = shape, low, high, dtype
        self.values, self.distinct, self.grad = values, distinct, grad and dtype in (None, *FLOATS)

    def make(self, dtype: str, rng: np.random.Generator) -> np.ndarray:
        """The values as an array, in the row's `dtype` unless the description has its own."""
        dtype = self.dtype or dtype
        if self.values is not None:
            with np.errstate(invalid="ignore"):  # nan as an integer
                return np.array(self.values).astype(dtype)
        count = int(np.prod(self.shape, dtype=np.int64))
        if self.distinct:
            flat = rng.permutation(count) - count // 2 * (dtype not in ("uint8", "bool"))
            return (flat * (0.37 if dtype in FLOATS else 1)).astype(dtype).reshape(self.shape)
        if dtype == "bool":
            return rng.integers(0, 2, self.shape).astype(bool)
        if dtype in FLOATS:
            return rng.uniform(self.low, self.high, self.shape).astype(dtype)
        low = max(int(np.ceil(self.low)), np.iinfo(dtype).min)
        high = min(int(np.floor(self.high)), np.iinfo(dtype).max)
        return rng.integers(low, max(low, high) + 1, self.shape).astype(dtype)


def I(*shape: int, below: int, low: int = 0, dtype: str = "int64") -> T:  # noqa: E743
    """Random indices in [low, below)."""
    return T(*shape, low=low, high=below - 1, dtype=dtype)


def B(*shape: int) -> T:
    """A random mask."""
    return T(*shape, dtype="bool")


@dataclass(frozen=True)
class DType:
    """A dtype argument, looked up in the engine that is called."""

    name: str


float32, float64, int64, int32, int16, int8, uint8, bool_ = map(DType, ALL)


class S:
    """One call: `S(T(3, 4), dim=1)`. Arguments may hold tensors inside lists, tuples, dicts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args, self.kwargs = args, kwargs

    def __repr__(self) -> str:
        def show(a: Any) -> str:
            if isinstance(a, T):
                return f"T{a.shape}" if a.dtype is None else f"T{a.shape}:{a.dtype}"
            if isinstance(a, list | tuple):
                return "[" + ", ".join(map(show, a)) + "]"
            return a.name if isinstance(a, DType) else repr(a)

        return ", ".join([*map(show, self.args), *(f"{k}={show(v)}" for k, v in self.kwargs.items())])

    def map(self, f: Callable[[Any], Any]) -> tuple[list[Any], dict[str, Any]]:
        """(args, kwargs) with every tensor and dtype description replaced by f of it."""
        return self.map_all(lambda a: f(a) if isinstance(a, T | DType) else a)

    def map_all(self, f: Callable[[Any], Any]) -> tuple[list[Any], dict[str, Any]]:
        """(args, kwargs) with everything inside lists, tuples and dicts replaced by f of it."""

        def walk(a: Any) -> Any:
            if isinstance(a, list):
                return [walk(x) for x in a]
            if type(a) is tuple:
                return tuple(walk(x) for x in a)
            if isinstance(a, dict):
                return {k: walk(v) for k, v in a.items()}
            return f(a)

        return [walk(a) for a in self.args], {k: walk(v) for k, v in self.kwargs.items()}

    def arrays(self, dtype: str, seed: str) -> list[np.ndarray]:
        """The values of the tensors, in the order of `map`; the same for the same seed."""
        rng = np.random.default_rng(zlib.crc32(seed.encode()))
        made: list[np.ndarray] = []
        self.map(lambda a: made.append(a.make(dtype, rng)) if isinstance(a, T) else None)
        return made

    def tensors(self) -> list[T]:
        """The descriptions of the tensors, in the order of `map`."""
        found: list[T] = []
        self.map(lambda a: found.append(a) if isinstance(a, T) else None)
        return found


@dataclass(frozen=True)
class E:
    """A call that must fail: exception type, words of the message (a regular expression, any case), the call.

    `dtype` is what tensors without their own get. PyTorch must raise the same type, unless `torch=False` says that it
    accepts the call or raises something else, and a comment says why we do not follow.
    """

    type: type[BaseException]
    words: str
    call: S
    dtype: str = "float32"
    torch: bool = True

    def matches(self, error: BaseException) -> bool:
        """Whether this is the error that was meant."""
        return isinstance(error, self.type) and re.search(self.words, str(error), re.IGNORECASE) is not None


@dataclass(repr=False)
class Row:
    """One op of the table.

    Attributes:
        name: where it stands in the package: "tanh", "nn.functional.gelu", "Tensor.expand". A name that ends in `_`
            (and "Tensor.__setitem__") is called on a copy of its first argument; the changed copy counts as the output.
        samples: the calls. Keep tensors small (12 elements do); 0-d, empty and broadcast ones belong in here.
        fn: what to call instead of the named function: `fn(package, *args, **kwargs)`.
        numpy: reference on arrays, same arguments as the call (dtype and tensor arguments as NumPy has them).
        grad: gradients are checked against differences and PyTorch.
        gradgrad: second derivatives too.
        dtypes: the dtypes every sample is tried in. Ours must agree with PyTorch's result, or raise where it raises.
        promotes: the first two tensors are tried in all pairs of dtypes.
        special: the first tensor is tried with nan, infinities, signed zeros, subnormals, huge values.
        layouts: tensors are tried "transposed", "sliced", "expanded"; or in some of these only.
        method: the Tensor method of the same name is tried too: True, False, or None for "where there is one".
        inplace: so is `name_`.
        random: values are not comparable; only shapes, dtypes and errors are checked.
        rtol, atol: instead of the default tolerances (float32: 1.3e-6, 1e-5; float64: 1e-7, 1e-7).
        errors: calls that must fail.
        aliases: other names of the same function.
        covers: raw kernels and helpers that run only through this op ("tanh_backward").
        bench: larger calls for the benchmark.
    """

    name: str
    samples: Sequence[S]
    fn: Callable[..., Any] | None = None
    numpy: Callable[..., Any] | None = None
    grad: bool = True
    gradgrad: bool = True
    dtypes: Sequence[str] = ALL
    promotes: bool = False
    special: bool = False
    layouts: bool | Sequence[str] = True
    method: bool | None = None
    inplace: bool | None = None
    random: bool = False
    rtol: float | None = None
    atol: float | None = None
    errors: Sequence[E] = ()
    aliases: Sequence[str] = ()
    covers: Sequence[str] = ()
    bench: Sequence[S] = ()

    def __repr__(self) -> str:
        return f"Row({self.name!r})"

    @property
    def short(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]

    @property
    def changes_input(self) -> bool:
        """Whether the op writes into its first argument."""
        return self.short == "__setitem__" or (self.short.endswith("_") and not self.short.endswith("__"))


def unary(low: float = -2.0, high: float = 2.0, **kwargs: Any) -> list[S]:
    """Calls of a function of one tensor: 0-d, empty, several shapes (37: neither a vector nor a multiple of one)."""
    return [S(T(*shape, low=low, high=high), **kwargs) for shape in [(3, 4), (), (0, 3), (2, 1, 3), (37,)]]


def binary(low: float = -2.0, high: float = 2.0, numbers: bool = True, **kwargs: Any) -> list[S]:
    """Calls of a function of two tensors: equal shapes, broadcast both ways, 0-d, empty, numbers on the right."""
    shapes = [((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((), (3,)), ((), ()), ((0, 3), (3,)), ((37,), (37,))]
    calls = [S(T(*a, low=low, high=high), T(*b, low=low, high=high), **kwargs) for a, b in shapes]
    if numbers:
        calls += [S(T(3, 4, low=low, high=high), n, **kwargs) for n in (2, 1.5)]
    return calls


def reduction(low: float = -2.0, high: float = 2.0, lists: bool = True, empty: bool = True, **kwargs: Any) -> list[S]:
    """Calls of a reduction: all of it, one dim, negative dim, keepdim, lists of dims, 0-d, an empty remaining dim."""

    def t(*shape: int) -> T:
        return T(*shape, low=low, high=high, distinct=False)

    calls = [
        S(t(3, 4), **kwargs),
        S(t(3, 4), dim=1, **kwargs),
        S(t(2, 3, 4), dim=-2, keepdim=True, **kwargs),
        S(t(), dim=0, **kwargs),
        S(t(130), dim=0, **kwargs),
        S(t(0, 3), dim=1, **kwargs),
    ]
    if lists:
        calls += [S(t(2, 3, 4), dim=(0, 2), **kwargs), S(t(2, 3, 4), dim=(-1, 0), keepdim=True, **kwargs)]
    if empty:
        calls += [S(t(3, 0), dim=1, **kwargs), S(t(0), **kwargs)]
    return calls


def each(names: str, samples: Iterable[S], **options: Any) -> list[Row]:
    """Rows of several ops with the same samples and options; `numpy` names come from NumPy where they exist there."""
    calls = list(samples)
    return [Row(n, calls, **{"numpy": getattr(np, n, None), **options}) for n in names.split()]
