"""Comparing results and making inputs in tests: `assert_close` and `make_tensor`, as in torch.testing."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .tensor import Tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]


# (rtol, atol) where none are given; integers and bools must be equal.
TOLERANCES = {"float32": (1.3e-6, 1e-5), "float64": (1e-7, 1e-7)}


def assert_close(
    actual: Any,
    expected: Any,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: str | Callable[[str], str] | None = None,
) -> None:
    """Asserts that |actual - expected| <= atol + rtol * |expected|, element by element.

    Tensors, arrays and numbers are compared, also inside sequences and mappings of the same structure.

    Args:
        actual: what came out.
        expected: what should have.
        allow_subclasses: False asks for one and the same type.
        rtol: relative tolerance; the dtype's own (float32 1.3e-6, float64 1e-7, else 0) if neither is given.
        atol: absolute tolerance; the dtype's own (float32 1e-5, float64 1e-7, else 0) if neither is given.
        equal_nan: nan agrees with nan.
        check_device: accepted for PyTorch's sake; there is one device.
        check_dtype: dtypes must agree.
        check_layout: accepted for PyTorch's sake; there is one layout.
        check_stride: strides must agree.
        msg: the message of the error, or a function of the message that would be given.

    Raises:
        AssertionError: they are not close.
        TypeError: they cannot be compared.
        ValueError: only one of `rtol` and `atol` is given.

    Examples:
        >>> tt.testing.assert_close(tt.tensor([1.0, 2.0]), tt.tensor([1.0, 2.0000001]))
    """
    if (rtol is None) != (atol is None):
        missing = "rtol" if rtol is None else "atol"
        raise ValueError(f"Both 'rtol' and 'atol' must be either specified or omitted, but got no {missing}.")
    comparison = _Comparison(rtol, atol, equal_nan, check_dtype, check_stride, allow_subclasses)
    try:
        comparison.compare(actual, expected, "")
    except AssertionError as error:
        text = str(error)
        raise AssertionError(text if msg is None else msg(text) if callable(msg) else msg) from None


class _Comparison:
    def __init__(
        self, rtol: float | None, atol: float | None, equal_nan: bool, dtype: bool, stride: bool, subclasses: bool
    ) -> None:
        self.given = None if rtol is None or atol is None else (rtol, atol)
        self.equal_nan, self.dtype, self.stride, self.subclasses = equal_nan, dtype, stride, subclasses

    def compare(self, a: Any, e: Any, item: str) -> None:
        where = f"\n\nThe failure occurred for item {item}" if item else ""
        if isinstance(a, Mapping) and isinstance(e, Mapping):
            self.mappings(a, e, item, where)
        elif _is_sequence(a) and _is_sequence(e):
            if len(a) != len(e):
                raise AssertionError(f"The length of the sequences mismatch: {len(a)} != {len(e)}{where}")
            for i, (x, y) in enumerate(zip(a, e, strict=True)):
                self.compare(x, y, f"{item}[{i}]")
        elif wrong := self.difference(a, e):
            raise AssertionError(wrong + where)

    def mappings(self, a: Mapping[Any, Any], e: Mapping[Any, Any], item: str, where: str) -> None:
        if a.keys() != e.keys():
            raise AssertionError(
                "The keys of the mappings do not match:\n"
                f"Missing keys in the actual mapping: {sorted(e.keys() - a.keys())}\n"
                f"Additional keys in the actual mapping: {sorted(a.keys() - e.keys())}{where}"
            )
        for key in a:
            self.compare(a[key], e[key], f"{item}[{key!r}]")

    def difference(self, a: Any, e: Any) -> str:
        """What is wrong between two leaves; empty if they agree."""
        if a is None or e is None:
            return "" if a is e else f"None mismatch: {a} is not {e}"
        related = isinstance(a, type(e)) or isinstance(e, type(a))
        if isinstance(a, bool | np.bool_) and isinstance(e, bool | np.bool_):
            return "" if bool(a) is bool(e) else f"Booleans mismatch: {bool(a)} is not {bool(e)}"
        if isinstance(a, int | float | np.number) and isinstance(e, int | float | np.number):
            return self.numbers(a, e)
        tensors = isinstance(a, Tensor) and isinstance(e, Tensor)
        arrays = isinstance(a, np.ndarray) and isinstance(e, np.ndarray)
        if not (tensors or arrays) or not (related if self.subclasses else type(a) is type(e)):
            raise TypeError(f"No comparison pair was able to handle inputs of type {type(a)} and {type(e)}.")
        for name, ours, theirs, wanted in self.attributes(a, e):
            if wanted and ours != theirs:
                return f"The values for attribute '{name}' do not match: {ours} != {theirs}."
        return self.elements(_array(a), _array(e))

    def attributes(self, a: Any, e: Any) -> list[tuple[str, Any, Any, bool]]:
        checks = [("shape", a.shape, e.shape, True), ("dtype", a.dtype, e.dtype, self.dtype)]
        if isinstance(a, Tensor):
            checks.append(("stride()", a.stride(), e.stride(), self.stride))
        return checks

    def numbers(self, a: Any, e: Any) -> str:
        if self.dtype and type(a) is not type(e):
            return f"The (d)types do not match: {type(a)} != {type(e)}."
        rtol, atol = self.tolerance("float64" if isinstance(a, float) or isinstance(e, float) else "int64")
        absolute = abs(a - e)
        relative = math.inf if e == 0 else absolute / abs(e)
        both_nan = self.equal_nan and a != a and e != e
        if a == e or both_nan or (math.isfinite(absolute) and absolute <= atol + rtol * abs(e)):
            return ""
        if rtol == 0 and atol == 0:
            head, limits = "Scalars are not equal!", ("", "")
        else:
            head, limits = "Scalars are not close!", _limits(rtol, atol)
        return (
            f"{head}\n\nExpected {e} but got {a}.\nAbsolute difference: {absolute}{limits[0]}\n"
            f"Relative difference: {relative}{limits[1]}"
        )

    def tolerance(self, *dtypes: str) -> tuple[float, float]:
        """What was given, or the widest of the dtypes' own."""
        own = [TOLERANCES.get(d, (0.0, 0.0)) for d in dtypes]
        return self.given or (max(r for r, _ in own), max(a for _, a in own))

    def elements(self, a: Array, e: Array) -> str:
        rtol, atol = self.tolerance(a.dtype.name, e.dtype.name)
        a, e = _comparable(a, e)
        with np.errstate(all="ignore"):
            wrong = ~np.isclose(a, e, rtol, atol, equal_nan=self.equal_nan)
            if not wrong.any():
                return ""
            absolute = np.where(wrong, np.abs(a - e), 0)
            divisor = np.abs(e) if e.dtype.kind == "f" else np.abs(e).astype(np.float32)
            relative = np.where(wrong, absolute / divisor, 0).astype(divisor.dtype)
        if a.ndim == 0:
            return _Comparison(rtol, atol, self.equal_nan, False, False, True).numbers(a.item(), e.item())
        same = rtol == 0 and atol == 0
        limits = ("", "") if same else _limits(rtol, atol)
        percent = wrong.sum() / wrong.size
        return (
            f"Tensor-likes are not {'equal' if same else 'close'}!\n\n"
            f"Mismatched elements: {wrong.sum()} / {wrong.size} ({percent:.1%})\n"
            f"Greatest absolute difference: {_greatest(absolute)}{limits[0]}\n"
            f"Greatest relative difference: {_greatest(relative)}{limits[1]}"
        )


def _is_sequence(x: Any) -> bool:
    return isinstance(x, Sequence) and not isinstance(x, str)


def _array(x: Any) -> Array:
    return x.detach().numpy() if isinstance(x, Tensor) else np.asarray(x)


def _comparable(a: Array, e: Array) -> tuple[Array, Array]:
    """Both in a dtype whose differences neither wrap around nor need more than there is."""
    common = np.result_type(a, e)
    wide = np.dtype(np.int64) if common.kind in "iub" else common
    return a.astype(wide), e.astype(wide)


def _limits(rtol: float, atol: float) -> tuple[str, str]:
    return f" (up to {atol} allowed)", f" (up to {rtol} allowed)"


def _greatest(differences: Array) -> str:
    place = int(np.argmax(differences))
    index = tuple(int(i) for i in np.unravel_index(place, differences.shape))
    return f"{differences.reshape(-1)[place].item()} at index {index}"


def make_tensor(
    *shape: Any,
    dtype: Any,
    device: Any = "cpu",
    low: float | None = None,
    high: float | None = None,
    requires_grad: bool = False,
    noncontiguous: bool = False,
    exclude_zero: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """A tensor of values drawn uniformly from [low, high).

    Args:
        shape: the sizes, or one sequence of them.
        dtype: of the result.
        device: "cpu".
        low: smallest value; by default -9 (0 for uint8 and bool).
        high: value to stay below; by default 10 for integers, 9 for floats, 2 for bool.
        requires_grad: of the result.
        noncontiguous: leave gaps in memory between the elements.
        exclude_zero: put the smallest positive value (1 for integers) in place of zeros.
        memory_format: accepted for PyTorch's sake.

    Raises:
        ValueError: `low` is above `high`, either is nan, or an integer tensor shall require grad.

    Examples:
        >>> tt.testing.make_tensor(2, 3, dtype=tt.float32, low=0, high=1).shape
        torch.Size([2, 3])
    """
    tt: Any = importlib.import_module(__package__)
    sizes = tuple(shape[0]) if len(shape) == 1 and not isinstance(shape[0], int) else shape
    floating = dtype.is_floating_point
    if requires_grad and not floating:
        raise ValueError(f"make_tensor: only floating tensors can require grad, not {dtype}")
    lowest, highest = (0, 2) if dtype is tt.bool else (0, 10) if dtype is tt.uint8 else (-9, 9 if floating else 10)
    low, high = lowest if low is None else low, highest if high is None else high
    if math.isnan(low) or math.isnan(high):
        raise ValueError(f"make_tensor: low and high cannot be nan, but are {low} and {high}")
    if low > high or (low == high and not floating):
        raise ValueError(f"make_tensor: low ({low}) must be below high ({high})")
    if floating:
        limits = np.finfo(dtype.name)
        low, high = max(low, float(limits.min)), min(high, float(limits.max))
    elif dtype is not tt.bool:
        low, high = max(low, np.iinfo(dtype.name).min), min(high, np.iinfo(dtype.name).max + 1)
    result: Tensor
    if floating:
        result = tt.empty(sizes, dtype=dtype).uniform_(low, high)
    else:
        result = tt.randint(math.floor(low), math.ceil(high), sizes, dtype=dtype)
    if noncontiguous and result.numel() > 1:
        result = result.unsqueeze(-1).expand(*sizes, 2).clone()[..., 0]
    if exclude_zero:
        result[result == 0] = float(np.finfo(dtype.name).tiny) if floating else 1
    return result.requires_grad_() if requires_grad else result
