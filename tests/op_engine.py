"""Calling one row of the op table in one package, whichever it is, and writing down what came of it."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
from op_row import FLOATS, DType, Row, S, T


@dataclass
class Outcome:
    """What a call gave: its results as arrays (or plain objects), or the exception.

    With gradients asked for: whether each result requires grad, and the gradients of the tensors that may have one.
    """

    values: list[Any] = field(default_factory=list)
    error: BaseException | None = None
    requires_grad: list[bool] = field(default_factory=list)
    grads: list[np.ndarray | None] = field(default_factory=list)
    unchanged: bool = True

    def __str__(self) -> str:
        if self.error is not None:
            return f"{type(self.error).__name__}: {str(self.error).splitlines()[0] if str(self.error) else ''}"
        return ", ".join(f"{v.dtype}{v.shape}" if isinstance(v, np.ndarray) else repr(v) for v in self.values)


def leaves(x: Any) -> list[Any]:
    """The results of a call as a flat list."""
    return [y for part in x for y in leaves(part)] if isinstance(x, tuple | list) else [x]


class Engine:
    """A package with PyTorch's names."""

    def __init__(self, package: ModuleType | Any) -> None:
        self.package = package

    def find(self, name: str) -> Any:
        """What stands under a dotted name, or None."""
        found = self.package
        for part in name.split("."):
            found = None if found is None else getattr(found, part, None)
        return found

    def function(self, row: Row) -> Any:
        """What a row calls."""
        if row.fn is not None:
            return lambda *args, **kwargs: row.fn(self.package, *args, **kwargs)  # type: ignore[misc]
        found = self.find(row.name)
        assert found is not None, f"{row.name} is missing"
        return found

    def tensor(self, a: np.ndarray, layout: str = "contiguous", grad: bool = False) -> Any:
        """The array as a tensor of that layout; gradients can be asked for the result, which may be a view."""
        make = self.package.tensor
        if layout == "transposed" and a.ndim >= 2:
            return make(a.T.copy()).requires_grad_(grad).permute(tuple(range(a.ndim))[::-1])
        if layout == "sliced" and a.ndim:
            wide = np.zeros((*a.shape[:-1], 2 * a.shape[-1] + 1), a.dtype)
            wide[..., 1::2] = a
            return make(wide).requires_grad_(grad)[..., 1::2]
        if layout == "expanded" and a.ndim and a.shape[-1]:
            return make(a[..., :1].copy()).requires_grad_(grad).expand(a.shape)
        return make(a).requires_grad_(grad)

    def array(self, t: Any) -> Any:
        """A result as an array; what is no tensor as it is, dtypes by name."""
        if isinstance(t, self.package.Tensor):
            return t.numpy(force=True).copy()
        return str(t).rpartition(".")[2] if isinstance(t, self.package.dtype) else t

    def arguments(
        self, sample: S, arrays: Sequence[np.ndarray], layout: str = "contiguous", grad: bool = False
    ) -> tuple[list[Any], dict[str, Any], list[Any]]:
        """(args, kwargs, tensors) of a call; the tensors that may have a gradient require one if `grad`."""
        made: list[Any] = []

        def make(a: T | DType) -> Any:
            if isinstance(a, DType):
                return getattr(self.package, a.name)
            array = arrays[len(made)]
            made.append(self.tensor(array, layout, grad and a.grad and array.dtype.name in FLOATS))
            return made[-1]

        args, kwargs = sample.map(make)
        return args, kwargs, made

    def run(
        self,
        row: Row,
        sample: S,
        arrays: Sequence[np.ndarray],
        *,
        grad: bool = False,
        layout: str = "contiguous",
        function: Any = None,
        writes: bool | None = None,
    ) -> Outcome:
        """Calls `function` (the row's own unless given) and, if `grad`, differentiates all results at once.

        `writes`: the first argument is a copy that is changed and counts as the result.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations, mostly
            return self._run(row, sample, arrays, grad, layout, function, writes)

    def _run(
        self,
        row: Row,
        sample: S,
        arrays: Sequence[np.ndarray],
        grad: bool,
        layout: str,
        function: Any,
        writes: bool | None,
    ) -> Outcome:
        function = function or self.function(row)
        args, kwargs, made = self.arguments(sample, arrays, layout, grad)
        out = Outcome()
        try:
            if row.changes_input if writes is None else writes:
                args[0] = args[0].clone()
                returned = function(*args, **kwargs)
                assert returned is None or returned is args[0], "an in-place op returns its first argument"
                results = [args[0]]
            else:
                results = leaves(function(*args, **kwargs))
            out.values = [self.array(r) for r in results]
            if not kwargs.get("inplace"):
                out.unchanged = all(
                    np.array_equal(self.array(t), a, equal_nan=a.dtype.kind == "f") or layout == "expanded"
                    for t, a in zip(made, arrays, strict=True)
                )
            if grad:
                self._differentiate(results, made, out)
        except Exception as error:
            out.error = error
        return out

    def _differentiate(self, results: list[Any], made: list[Any], out: Outcome) -> None:
        out.requires_grad = [getattr(r, "requires_grad", False) for r in results]
        wanted = [t for t in made if t.requires_grad]
        reached = [r for r in results if getattr(r, "requires_grad", False)]
        if not wanted or not reached:
            return
        grads = self.package.autograd.grad(
            reached, wanted, [self.package.tensor(cotangent(self.array(r))) for r in reached], allow_unused=True
        )
        out.grads = [None if g is None else self.array(g) for g in grads]


def cotangent(a: np.ndarray) -> np.ndarray:
    """A fixed direction of an array's shape, without symmetries that could hide a mistake."""
    return np.cos(1.0 + 0.7 * np.arange(a.size)).astype(a.dtype).reshape(a.shape)
