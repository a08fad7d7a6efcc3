"""The checks that follow from one row of the op table. Each raises an AssertionError that lists all that is wrong."""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from op_engine import Engine, Outcome, cotangent
from op_row import FLOATS, DType, Row, S, T

COUNT: Counter[str] = Counter()  # checks made, by category
TOLERANCE = {"float32": (1.3e-6, 1e-5), "float64": (1e-7, 1e-7)}
MANY = 80  # elements from which on one direction stands for all in comparisons with differences
LAYOUTS = ("transposed", "sliced", "expanded")


def difference(ours: Any, theirs: Any, rtol: float | None = None, atol: float | None = None, dtype: bool = True) -> str:
    """What is wrong with a result, in words; empty if it agrees."""
    if not isinstance(ours, np.ndarray) or not isinstance(theirs, np.ndarray):
        same = type(ours) is type(theirs) and ours == theirs
        return "" if same else f"{ours!r} instead of {theirs!r}"
    if ours.shape != theirs.shape:
        return f"shape {ours.shape} instead of {theirs.shape}"
    if dtype and ours.dtype != theirs.dtype:
        return f"dtype {ours.dtype} instead of {theirs.dtype}"
    default = TOLERANCE.get(ours.dtype.name, (0.0, 0.0))
    with np.errstate(all="ignore"):
        if ours.dtype.kind == "f":
            limits = (default[0] if rtol is None else rtol, default[1] if atol is None else atol)
            wrong = ~np.isclose(ours, theirs, *limits, equal_nan=True)
        else:
            wrong = np.asarray(ours != theirs)
    if not wrong.any():
        return ""
    where = np.unravel_index(np.flatnonzero(wrong)[0], wrong.shape)
    place = f" at {tuple(map(int, where))}" if where else ""
    return f"{ours[where]!r} instead of {theirs[where]!r}{place} ({wrong.sum()} of {wrong.size} differ)"


class Report:
    """Counts the checks of one category and collects what failed."""

    def __init__(self, category: str) -> None:
        self.category, self.failures = category, list[str]()

    def check(self, wrong: str, *context: object) -> None:
        """One check; `wrong` says what failed."""
        COUNT[self.category] += 1
        if wrong:
            self.failures.append(" ".join(map(str, context)) + ": " + wrong)

    def compare(self, row: Row, ours: Outcome, theirs: Outcome, *context: object) -> None:
        """Two outcomes: same exception, or same results."""
        self.check(disagreement(row, ours, theirs), *context)

    def finish(self) -> None:
        """Fails if anything failed."""
        assert not self.failures, f"{len(self.failures)} failed:\n  " + "\n  ".join(self.failures[:25])


def disagreement(row: Row, ours: Outcome, theirs: Outcome) -> str:
    """What is wrong with `ours`, in words; empty if it agrees."""
    if theirs.error is not None:
        if ours.error is None:
            return "" if unsupported(theirs.error) else f"gives {ours} where {theirs} is due"
        related = isinstance(ours.error, type(theirs.error)) or isinstance(theirs.error, type(ours.error))
        return "" if related else f"raises {ours} instead of {theirs}"
    if ours.error is not None:
        return f"raises {ours} instead of giving {theirs}"
    if len(ours.values) != len(theirs.values):
        return f"{len(ours.values)} results instead of {len(theirs.values)}"
    for i, (a, b) in enumerate(zip(ours.values, theirs.values, strict=True)):
        if row.random and isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
            a, b = np.zeros_like(a), np.zeros_like(b)
        if wrong := difference(a, b, row.rtol, row.atol):
            return f"result {i} is {wrong}" if len(ours.values) > 1 else wrong
    return ""


def unsupported(error: BaseException) -> bool:
    """PyTorch merely has no kernel for it: we may be better."""
    return (
        isinstance(error, NotImplementedError)
        or "not implemented" in str(error)
        or "Autograd not support" in str(error)
    )


def each_sample(row: Row, dtypes: Any) -> Iterator[tuple[str, S, list[np.ndarray]]]:
    """(dtype, sample, its arrays) for every combination."""
    for dtype in dtypes:
        for i, sample in enumerate(row.samples):
            yield dtype, sample, sample.arrays(dtype, f"{row.name} {i}")


def floats(row: Row) -> list[str]:
    """The floating dtypes a row is for, or its first dtype."""
    return [d for d in FLOATS if d in row.dtypes] or list(row.dtypes[:1])


def check_values(row: Row, ours: Engine, theirs: Engine | None) -> None:
    """Every sample against the reference engine and NumPy; arguments are left alone."""
    report = Report("values")
    for dtype, sample, arrays in each_sample(row, floats(row)):
        got = ours.run(row, sample, arrays)
        report.check("" if got.error is None else f"raises {got}", dtype, sample)
        report.check("" if got.unchanged else "changed its arguments", dtype, sample)
        if theirs is not None:
            report.compare(row, got, theirs.run(row, sample, arrays), dtype, sample)
        if row.numpy is not None and got.error is None:
            report.check(against_numpy(row, sample, arrays, got), dtype, sample, "(NumPy)")
    report.finish()


def against_numpy(row: Row, sample: S, arrays: list[np.ndarray], got: Outcome) -> str:
    """What is wrong with a result by the row's NumPy reference."""
    remaining = iter(arrays)
    args, kwargs = sample.map(
        lambda a: np.dtype(a.name.rstrip("_")) if isinstance(a, DType) else next(remaining).copy()
    )
    with np.errstate(all="ignore"):
        expected = row.numpy(*args, **kwargs)  # type: ignore[misc]
    expected = list(expected) if isinstance(expected, tuple | list) else [expected]
    for a, b in itertools.zip_longest(got.values, expected):
        if isinstance(a, np.ndarray):
            b = np.asarray(b)
        if wrong := difference(a, b, row.rtol, row.atol, dtype=False):
            return wrong
    return ""


def check_gradients(row: Row, ours: Engine, theirs: Engine | None) -> None:
    """Gradients against the reference engine; float64 gradients and second derivatives against differences."""
    report = Report("gradients")
    for dtype, sample, arrays in each_sample(row, [d for d in FLOATS if d in row.dtypes]):
        got = ours.run(row, sample, arrays, grad=True)
        if theirs is not None:
            compare_gradients(report, row, got, theirs.run(row, sample, arrays, grad=True), dtype, sample)
        regular = all(t.values is None for t in sample.tensors() if t.grad)
        if dtype == "float64" and row.grad and regular and not row.random and is_precise(got):
            for order in (1, 2, 3) if row.gradgrad else (1,):
                report.check(against_differences(row, ours, sample, arrays, order), f"derivative {order}", sample)
    report.finish()


def is_precise(got: Outcome) -> bool:
    """Whether differences can say something about the results: some are differentiable, none is float32."""
    followed = [v for v, r in zip(got.values, got.requires_grad, strict=True) if r] if got.error is None else []
    return bool(followed) and all(v.dtype == np.float64 for v in followed)


def compare_gradients(report: Report, row: Row, got: Outcome, expected: Outcome, *context: object) -> None:
    """Same requires_grad, same gradients."""
    if wrong := disagreement(row, got, expected):
        return report.check(wrong, *context, "requiring grad")
    if got.error is not None or expected.error is not None:
        return None
    wrong = f"requires_grad is {got.requires_grad} instead of {expected.requires_grad}"
    report.check("" if got.requires_grad == expected.requires_grad else wrong, *context)
    for i, (a, b) in enumerate(itertools.zip_longest(got.grads, expected.grads)):
        # No gradient is a zero gradient.
        if a is None and b is None:
            wrong = ""
        elif a is None or b is None:
            present = a if b is None else b
            wrong = "" if present is not None and not present.any() else f"is {a} instead of {b}"
        else:
            if row.random:
                a, b = a * 0, b * 0
            wrong = difference(a, b, row.rtol, row.atol)
        report.check(f"gradient {i} {wrong}" if wrong else "", *context)


def against_differences(row: Row, engine: Engine, sample: S, arrays: list[np.ndarray], order: int) -> str:
    """What gradcheck (or gradgradcheck) has against the derivatives of a call; empty if nothing.

    Third derivatives are those of its sine, so that what flows back to the call depends on what went into it.
    """
    _, _, made = engine.arguments(sample, arrays, grad=True)
    inputs = [t for t in made if t.requires_grad]
    spare = [None if t.requires_grad else t for t in made]

    def f(*tensors: Any) -> Any:
        given, fixed = iter(tensors), iter(spare)

        def pick(a: T | DType) -> Any:
            if isinstance(a, DType):
                return getattr(engine.package, a.name)
            t = next(fixed)
            return next(given) if t is None else t

        args, kwargs = sample.map(pick)
        if row.changes_input:
            args[0] = args[0].clone()
            engine.function(row)(*args, **kwargs)
            return (args[0],)
        out = engine.function(row)(*args, **kwargs)
        outs = out if isinstance(out, tuple | list) else (out,)
        return tuple(o for o in outs if getattr(o, "requires_grad", False))

    autograd = engine.package.autograd

    def slope(f: Any) -> Any:
        def gradients(*tensors: Any) -> Any:
            outputs = f(*tensors)
            directions = [engine.package.tensor(cotangent(y.detach().numpy())) for y in outputs]
            found = autograd.grad(outputs, tensors, directions, create_graph=True, allow_unused=True) if outputs else ()
            return tuple(g for g in found if g is not None and g.requires_grad)

        return gradients

    try:
        if order < 3:
            check = autograd.gradgradcheck if order == 2 else autograd.gradcheck
            check(f, tuple(inputs), atol=1e-5, rtol=1e-3, fast_mode=sum(x.numel() for x in inputs) > MANY)
        else:
            twice = slope(slope(lambda *tensors: [y.sin() for y in f(*tensors)]))
            if twice(*inputs):
                autograd.gradcheck(twice, tuple(inputs), atol=1e-4, rtol=1e-3, fast_mode=True)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def check_dtypes(row: Row, ours: Engine, theirs: Engine | None) -> None:
    """Every sample in all dtypes, and for promoting ops all pairs of dtypes, 0-d tensors and Python numbers."""
    report = Report("dtypes")
    others = [d for d in row.dtypes if d not in floats(row)]
    for dtype, sample, arrays in each_sample(row, others):
        got = ours.run(row, sample, arrays)
        if theirs is not None:
            report.compare(row, got, theirs.run(row, sample, arrays), dtype, sample)
        elif got.error is not None:
            wrong = isinstance(got.error, RuntimeError | TypeError | ValueError | IndexError)
            report.check("" if wrong else f"raises {got}", dtype, sample)
    if row.promotes and theirs is not None:
        for sample in promotion_samples(row):
            arrays = sample.arrays("float32", row.name)
            report.compare(row, ours.run(row, sample, arrays), theirs.run(row, sample, arrays), sample)
    report.finish()


def promotion_samples(row: Row) -> Iterator[S]:
    """The first sample's two tensors in all pairs of dtypes, as vectors and 0-d, and with Python numbers."""
    first, second, *rest = row.samples[0].args
    kwargs = row.samples[0].kwargs

    def like(t: T, dtype: str, *shape: int) -> T:
        return T(*shape, low=t.low, high=t.high, dtype=dtype)

    for a, b in itertools.product(row.dtypes, repeat=2):
        for left, right in (((3,), (3,)), ((3,), ()), ((), (3,))):
            yield S(like(first, a, *left), like(second, b, *right), *rest, **kwargs)
    for a in row.dtypes:
        for number in (True, 2, 1.5):
            yield S(like(first, a, 3), number, *rest, **kwargs)
            yield S(like(first, a), number, *rest, **kwargs)


def check_layouts(row: Row, ours: Engine, theirs: Engine | None) -> None:
    """Transposed, sliced and expanded arguments give what contiguous ones give, and so do their gradients."""
    report = Report("layouts")
    dtype = floats(row)[0]
    layouts = (LAYOUTS if row.layouts else ()) if isinstance(row.layouts, bool) else row.layouts
    for i, sample in enumerate(row.samples):
        for layout in layouts:
            arrays = sample.arrays(dtype, f"{row.name} {i}")
            if layout == "expanded":
                arrays = [np.broadcast_to(a[..., :1], a.shape).copy() if a.ndim and a.shape[-1] else a for a in arrays]
            grad = dtype in FLOATS
            expected = ours.run(row, sample, arrays, grad=grad)
            got = ours.run(row, sample, arrays, grad=grad, layout=layout)
            compare_gradients(report, row, got, expected, layout, sample)
    report.finish()


def check_forms(row: Row, ours: Engine, theirs: Engine | None) -> None:
    """The method, the in-place method and the aliases are the same op."""
    report = Report("forms")
    dtype = floats(row)[0]
    method = ours.find(f"Tensor.{row.name}")
    # `x.op_()` or `op_(x)`; nn.functional has some of the latter.
    in_place_name = next((n for n in (f"Tensor.{row.name}_", f"{row.name}_") if ours.find(n) is not None), None)
    if row.method:
        report.check("" if method is not None else "there is no such method")
    if row.inplace:
        report.check("" if in_place_name is not None else "there is no in-place method")
    for i, sample in enumerate(row.samples):
        arrays = sample.arrays(dtype, f"{row.name} {i}")
        expected = ours.run(row, sample, arrays, grad=dtype in FLOATS)
        on_tensor = bool(sample.args) and isinstance(sample.args[0], T)
        if method is not None and row.method is not False and on_tensor:
            got = ours.run(row, sample, arrays, grad=dtype in FLOATS, function=method)
            compare_gradients(report, row, got, expected, "method", sample)
        if in_place_name is not None and row.inplace is not False and on_tensor:
            check_inplace(report, row, in_place_name, ours, theirs, sample, arrays, expected)
        for alias in row.aliases:
            got = ours.run(row, sample, arrays, grad=dtype in FLOATS, function=ours.find(alias))
            compare_gradients(report, row, got, expected, alias, sample)
    report.finish()


VIEWS_IN_PLACE = {"transpose_", "t_", "squeeze_", "unsqueeze_"}  # which give the tensor itself another shape


def check_inplace(
    report: Report,
    row: Row,
    name: str,
    ours: Engine,
    theirs: Engine | None,
    sample: S,
    arrays: list[np.ndarray],
    expected: Outcome,
) -> None:
    """`x.op_()` gives the op's value and gradient, or is refused where the result does not fit into x."""
    grad = arrays[0].dtype.name in FLOATS
    got = ours.run(row, sample, arrays, grad=grad, function=ours.find(name), writes=True)
    if theirs is not None and theirs.find(name) is not None:
        expected = theirs.run(row, sample, arrays, grad=grad, function=theirs.find(name), writes=True)
        compare_gradients(report, row, got, expected, "in-place", sample)
    elif name.removeprefix("Tensor.") in VIEWS_IN_PLACE:
        compare_gradients(report, row, got, expected, "in-place", sample)
    elif expected.error is None and expected.values[0].shape == arrays[0].shape:
        if expected.values[0].dtype == arrays[0].dtype:
            # An op without gradient gives a constant; in place, the tensor goes on requiring grad.
            compare = compare_gradients if any(expected.requires_grad) else Report.compare
            compare(report, row, got, expected, "in-place", sample)
    elif expected.error is None:
        report.check("" if got.error is not None else "accepts a result of another shape", "in-place", sample)


SPECIAL = [
    np.nan,
    np.inf,
    -np.inf,
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -2.5,
    3.0,
    1e-40,
    -1e-40,
    1e-20,
    88.8,
    -104.0,
    1e30,
    -3e38,
]


def zero_signs(got: Outcome, expected: Outcome) -> str:
    """What is wrong with the signs of zeros."""
    for a, b in zip(got.values, expected.values, strict=False):
        wrong = (a == 0) & (b == 0) & (np.signbit(a) != np.signbit(b)) if a.dtype.kind == "f" else np.array(False)
        if wrong.any():
            return f"wrong at {np.argwhere(wrong).tolist()}"
    return ""


def check_special(row: Row, ours: Engine, theirs: Engine | None) -> None:
    """Nan, infinities, signed zeros, subnormals and huge values, each with each where there are two tensors."""
    report = Report("special")
    if row.special and (theirs is not None or row.numpy is not None):
        sample = row.samples[0]
        args = list(sample.args)
        args[0] = T(values=[[v] for v in SPECIAL])
        if len(args) > 1 and isinstance(args[1], T):
            args[1] = T(values=[SPECIAL])
        call = S(*args, **sample.kwargs)
        for dtype in floats(row):
            arrays = call.arrays(dtype, row.name)
            got = ours.run(row, call, arrays)
            if theirs is not None:
                expected = theirs.run(row, call, arrays)
                report.compare(row, got, expected, dtype, "special values")
                report.check(zero_signs(got, expected), dtype, "signs of zeros")
            else:
                report.check(against_numpy(row, call, arrays, got), dtype, "special values")
    report.finish()


def check_errors(row: Row, ours: Engine, theirs: Engine | None) -> None:
    """The calls that must fail do so, in the exception type of PyTorch and with words that name the matter."""
    report = Report("errors")
    for e in row.errors:
        arrays = e.call.arrays(e.dtype, row.name)
        got = ours.run(row, e.call, arrays)
        wrong = f"{got} instead of {e.type.__name__} with {e.words!r}"
        report.check("" if got.error is not None and e.matches(got.error) else wrong, e.call)
        if theirs is not None and e.torch:
            theirs_got = theirs.run(row, e.call, arrays)
            related = theirs_got.error is not None and (
                isinstance(theirs_got.error, e.type) or issubclass(e.type, type(theirs_got.error))
            )
            report.check("" if related else f"the reference gives {theirs_got}, not {e.type.__name__}", e.call)
    report.finish()


CHECKS = {
    "values": check_values,
    "gradients": check_gradients,
    "dtypes": check_dtypes,
    "layouts": check_layouts,
    "forms": check_forms,
    "special": check_special,
    "errors": check_errors,
}
