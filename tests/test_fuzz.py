"""Random calls of the table's ops, in place too, with wild shapes, dtypes, axes, and subscripts with wild keys.

Each gives an exception or a right answer, and an exception only where PyTorch has no answer either.

`pytest tests/test_fuzz.py --fuzz-calls 100000` looks longer; after a crash fuzz-last-call.txt shows the call.
"""

import faulthandler
import functools
import importlib
import math
import os
import pathlib
import re
from dataclasses import replace
from typing import Any, TextIO

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from op_checks import disagreement, unsupported
from op_engine import Engine, Outcome
from op_row import ALL, FLOATS, B, I, Row, S, T
from op_table import ROWS

OURS = Engine(importlib.import_module(os.environ.get("OP_TABLE_ENGINE", "tinytensor")))
try:
    THEIRS: Engine | None = Engine(importlib.import_module("torch"))
    THEIRS.package.backends.opt_einsum.enabled = False  # which takes operands in another order, and decides on dtypes
except ImportError:
    THEIRS = None

# What PyTorch 2.13 refuses or gets wrong by the way it is built, and we do not: (row, what the disagreement says).
LIMITS = [
    # What it calls a bug of its own.
    ("", "INTERNAL ASSERT FAILED.*please report a bug to PyTorch"),
    # Pictures without channels.
    ("nn.functional.(interpolate|upsample)", r"Non-empty \dD data tensor expected"),
    # Where nothing is written it matters what is not there.
    ("index_fill", r"T\((\d+, )*0\b.*out of DATA bounds"),
    # In which order a permuted tensor with dimensions of one is drawn.
    ("nn.functional.alpha_dropout", r"T\((\d+, )*1[,)].*transposed"),
    # Strides are of 32 bits there.
    (
        "nn.functional.conv_transpose[123]d",
        "stride=.*(1099511627776|9223372036854775807).*stride should be greater than zero",
    ),
    # Which of the factors of a power beyond all numbers is infinite first.
    ("matrix_power", r"1099511627776 .*inf\) instead of np.float\d\d\(nan\)"),
    # It negates the factor, and the lowest integer has no opposite.
    ("sub|subtract|rsub|Tensor.__r?sub__", "alpha=-9223372036854775808"),
    # Gradients of the shape of the index, where the source is larger.
    ("scatter(_add|_reduce)?|Tensor.scatter.*", "returned an invalid gradient at index 1|non-singleton dimension"),
    # Integers next to the ends of int64 stand for symbolic ones there, and its own sums of them wrap.
    ("", r"922337203685477580[78].*SymInt"),
    ("triu_indices|tril_indices", "tensor with negative dimension|Storage size calculation overflowed"),
    # It makes views of intermediate results, which the memory order of the arguments does not always allow.
    ("kron|take_along_dim|nn.init.orthogonal_", "view size is not compatible"),
    ("nn.functional.nll_loss", "grad_input must be contiguous"),
    # The gradient of one sample whose target is a vector of one.
    ("nn.functional.(nll_loss|cross_entropy)", r"size mismatch \(got input: \[\d+\], target: \[1\]\)"),
    # Its gradients compute in the dtype of a tensor that needs none.
    ("atan2|nn.functional.soft_margin_loss", "Negation, the `-` operator, on a bool tensor"),
    ("lerp", "Subtraction, the `-` operator, with a bool tensor"),
    ("addr", "addmv input tensors must have the same dtype"),
    (
        "addcdiv",
        "Float can't be cast to the desired output type (Long|Int|Short|Char|Byte|Bool)|value cannot be converted",
    ),
    ("nn.functional.huber_loss", r"Found dtype \w+ but expected"),
    # Its gradient compares the bounds in place, in the shape of the first one.
    ("clamp|clip", "doesn't match the broadcast shape"),
    # Padding counts as input for the other poolings.
    ("nn.functional.(avg|lp)_pool3d", "input image .* smaller than kernel size"),
    # A mask broadcasts, but not a 0-d one.
    ("nn.functional.scaled_dot_product_attention", "Dimension specified as -2 but tensor has no dimensions"),
    # A 0-d tensor counts as a vector of one there too, but for the dimension after it.
    ("repeat_interleave", r"range of \[-1, 0\], but got 1\)"),
    # It scales the terms of a product, not the product: infinities of both signs meet in a sum.
    ("(ba)?add(b?mm|mv)", r"alpha=-?inf .* instead of np.float\d\d\(nan\)"),
    # Bytes are masks there too, but not where one value goes to the places of a mask of the tensor's own shape.
    ("Tensor.__setitem__", "masked_fill_ only supports boolean masks"),
    # A value of one element is converted to the tensor's dtype wherever it is written, not only through slices.
    ("Tensor.__setitem__", "Index put requires the source and destination dtypes match"),
    # It counts only where inverse indices are asked for too.
    ("unique_consecutive", r"result 1 is shape .* instead of \(0,\)"),
    # It asks the weight, which may be missing, on which device the bias is.
    ("nn.functional.group_norm", "tensor does not have a device"),
    # Its gradient shuffles by the channels of a group, which may be none.
    ("channel_shuffle", r", [1-9]\d*[, ].*Value of groups:0"),
    # It makes the result like a 0-d first argument, and lets it grow.
    ("ldexp", r"T\(\)\S*, T\(\d.*dtype float32 instead of float64"),
    # Its gradient shuffles back what has no elements, and was left as it is.
    ("nn.functional.pixel_unshuffle", r"T\((\d+, )*0\b.*pixel_shuffle expects its input's"),
    # The gradient of parts that are none.
    ("nn.functional.adaptive_(avg|max)_pool[123]d", "Expected grad_output to have non-zero size"),
    # The gradient of a norm that counts elements.
    ("dist", "undefined Tensor in C"),
    # Its count of elements in a part overflows.
    ("chunk", "split_size"),
    # Of no integers it converts nan, which has no fixed result.
    ("(nan)?median", "np.False_ instead of np.True_"),
    ("(nan)?median", r"np.int\d\d\(0\) instead of np.int\d\d\(-(2147483648|9223372036854775808)\)"),
    # The number of steps wraps around in int64.
    ("arange", r"922337203685477580[78].*(\bshape \(|possible overflow)"),
    # The mean over no rows is left as it is.
    ("nn.functional.multi(label)?_margin_loss", r"T\(0, .*np.float\d\d\(nan\) instead of"),
    # A bias where the weight is that of one output.
    ("nn.functional.linear", "mat2 must be a matrix"),
    # The gradient of factors that were not unpacked.
    ("lu_unpack", "triu: input tensor must have at least 2 dimensions"),
    # The stride of the only window wraps around.
    ("Tensor.unfold", "9223372036854775807.*Negative strides"),
    # Its kernels take strides of 32 bits.
    ("nn.functional.conv[123]d", "9223372036854775807.*could not create a primitive"),
    # It looks at indices without regard to their strides.
    ("nn.functional.max_unpool[23]d", "view size is not compatible"),
    # Its windows are random where nothing says where they are.
    ("nn.functional.fractional_max_pool[23]d", r"^(?!.*_random_samples)(?!.*\), (True|False|None), T\().* instead of"),
    # It writes into the inverse that its gradient needs.
    ("linalg.cond", "output 0 of LinalgInvEx"),
    # It depends on their memory order whether a row of biases may be added to a vector.
    ("nn.functional.linear", "output with shape .* doesn't match the broadcast shape"),
    # Its antialiased pictures of one column repeat their first row.
    ("nn.functional.interpolate", r"(, 1\]|scale_factor=).*antialias=True.* instead of np.float"),
]
# What PyTorch computes and we refuse on purpose: (row, what the refusal says).
REFUSED = [
    # It looks for windows of no or negative size where it likes.
    ("nn.functional.fractional_max_pool[23]d", "kernel_size must be greater than zero"),
    # Without elements it does not look at the dtype.
    ("linalg.(matrix_rank|cond)", "expected a floating point dtype"),
    # Nothing is read of the number of channels.
    ("nn.functional.affine_grid", "positive output size"),
    # Without elements there is nothing to compute, and it does not look at the rest.
    ("(linalg.)?lu|linalg.(lu_factor(_ex)?|eigh|eigvalsh|solve_triangular)", r"loating point .*\(no elements\)"),
    ("randn_like|normal|bernoulli|nn.init.*", r"(continuous|floating type).*\(no elements\)"),
    ("Tensor.((log_)?normal|exponential|geometric|cauchy)_", r"(NotImplementedError|floating point).*\(no elements\)"),
    ("nn.functional.(conv.*|(batch|instance)_norm)", r"(type|running_mean).*\(no elements\)"),
    ("nn.functional.scaled_dot_product_attention|bmm", r"type.*\(no elements\)"),
    ("index_fill|cummax|cummin|roll", r"IndexError.*\(no elements\)"),
    ("cumsum|cumprod", r"can't be cast.* bool\(.*is due"),
    ("Tensor.__setitem__", r"dtypes match|indexing result of shape \((\d+, )*0[,)]"),
    ("nn.functional.scaled_dot_product_attention", r"T\((\d+, )*0\b.*(inner sizes differ|do not fit)"),
    (
        "bmm|einsum|matmul|Tensor.__r?matmul__|nn.functional.scaled_dot_product_attention",
        r"T\((\d+, )*0\b.*operands must have one dtype",
    ),
    # Numbers that are no elements of the dtype wrap around there.
    ("threshold_?|nn.functional.(threshold|hardtanh)_?|addcmul", "value cannot be converted|unsigned type"),
    # Bounds in the wrong order, and a negative part of the classes, are refused in the other forms of these.
    ("nn.functional.hardtanh_", "min_val cannot be greater"),
    ("nn.functional.cross_entropy", "label_smoothing must be between"),
    # A slice after a second Ellipsis lies beyond the last dimension, which it does not always notice.
    ("Tensor.__[gs]etitem__", "more after a second ellipsis"),
    # Numbers that are not whole are cut.
    ("Tensor.__[gs]etitem__", "tensors used as indices must be long"),
    # The running mean and the running variance may be of two dtypes.
    ("nn.functional.(batch|instance)_norm", "expected (all tensors of|a floating point) dtype"),
    # A bias is a number for each column, or one for all.
    ("nn.functional.linear", "cannot add a bias"),
    ("nn.functional.bilinear", "bias size does not match"),
    # A bias of another dtype is taken where it is added to the product, not taken into it.
    ("nn.functional.linear", r"T\(.*\), T\(.*\), T\(.*operands must have one dtype"),
    # Integers, where the weight is a 0-d float.
    ("lerp", "only for floats"),
    # It multiplies vectors of truth values where they are not contiguous.
    ("tensordot|inner", "no sum of truth values"),
    # Cells take integers, and biases of any shape that broadcasts.
    ("nn.(RNN|LSTM|GRU)(Cell)?", "recurrent: |linear: cannot add a bias"),
    # The right side is converted to the dtype of the matrix, from integers too.
    ("linalg.solve_triangular", "Expected a floating point tensor|expected tensors of one dtype"),
    ("nn.functional.adaptive_avg_pool[123]d", r"only for floats.*\(no elements\)"),
    # Projections take biases of other dtypes.
    ("nn.functional.multi_head_attention_forward|nn.(RNN|LSTM|GRU)", "linear: operands must have one dtype"),
    # It lets a 0-d tensor grow in place.
    ("addbmm", "doesn't match the broadcast shape"),
    # Bytes as pictures: it rounds; of either sign where nothing is resized.
    ("nn.functional.(interpolate|upsample)", "is for floats, got torch.(u?int8|bool)"),
    # It asks for a picture only where it has to divide it.
    ("nn.functional.adaptive_avg_pool[23]d", "Expected .* input, but got shape"),
    # Features without a second dimension, which it does not look at where all are dropped.
    ("nn.functional.feature_alpha_dropout|feature_dropout", "Feature dropout requires at least 2 dimensions"),
    # It reads beyond the end.
    ("take_along_dim", "out of bounds"),
    ("broadcast_shapes", "got None|sizes must be int"),
    # Its sizes wrap around.
    ("nn.functional.(un)?fold", "9223372036854775807"),
    # Of what is cut off it shows memory that was never written.
    ("nn.functional.pad", "wrapping around more than once"),
    ("nn.functional.grid_sample", r"floating point dtype.*\(no elements\)"),
    ("nn.functional.adaptive_max_pool[123]d", r"Expected .* for input, but got.*\(no elements\)"),
    ("Tensor.expand", r"too many elements.*\(no elements\)"),
    ("bincount", r"same length as input.*\(no elements\)"),
    # No number of repeats is negative, or beyond all memory, of nothing either.
    ("nn.functional.(interpolate|upsample)", r"sizes should be greater than 0.*\(no elements\)"),
    ("Tensor.repeat|tile", r"(negative dimension|too many).*\(no elements\)"),
    ("nn.functional.multi_margin_loss", r"weight of dtype.*\(no elements\)"),
]
# PyTorch is not asked what we refuse: it writes beyond the ends of arguments that do not fit, draws for ever, or divides
# by the number of heads: (row, what the call says).
FRAGILE = [
    ("lu_unpack|nn.LSTM|nn.init.trunc_normal_", ""),
    ("nn.functional.scaled_dot_product_attention", r"T\((\d+, )*0\b.*enable_gqa=True"),
]
# PyTorch is not asked at all: it looks for the opposite of the lowest integer without end.
ENDLESS = [("matrix_power|linalg.matrix_power", "-9223372036854775808")]
# Ops that do as many rounds of work as they are asked for: neither engine gets to the end of 2**40 of them.
PATIENT = {"svd_lowrank", "pca_lowrank"}
# Ops that choose elements, and where their argument `dim` stands.
CHOICES = {"sort": 1, "argsort": 1, "topk": 2, "kthvalue": 2}

COMPARABLE = [
    row for row in ROWS if row.samples and not row.random and (row.fn is not None or OURS.find(row.name) is not None)
]
ROW_OF = {row.name: row for row in COMPARABLE}
IN_PLACE = {
    name
    for name, row in ROW_OF.items()
    if row.fn is None and all(e is None or e.find(f"Tensor.{name}_") for e in (OURS, THEIRS))
}
LAST_CALL = pathlib.Path("fuzz-last-call.txt")
REFUSALS = (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError, OverflowError, MemoryError, KeyError)

# Sizes are either small, their squares too, or impossible: nothing in between is worth its memory.
WHOLE = st.sampled_from([-(2**63), -(2**40), -7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 2**40, 2**63 - 1])
REAL = st.sampled_from([0.0, -0.0, 1.0, -1.5, 1e-30, 1e30, float("inf"), float("-inf"), float("nan")])
SHAPE = (
    st.lists(st.sampled_from([0, 1, 1, 2, 3, 3, 4, 5, 33]), max_size=4).map(tuple).filter(lambda s: math.prod(s) < 4096)
)
LAYOUT = st.sampled_from(["contiguous", "contiguous", "transposed", "sliced"])


@st.composite
def wild(draw: st.DrawFn, value: Any) -> Any:
    """The argument, or something else in its place."""
    if draw(st.integers(0, 2)):
        return value
    if isinstance(value, T):
        shape = draw(SHAPE) if draw(st.booleans()) and value.values is None else value.shape
        dtype = draw(st.sampled_from(ALL)) if draw(st.booleans()) else value.dtype
        low, high = (-9, 9) if draw(st.integers(0, 3)) == 0 else (value.low, value.high)
        return T(*shape, low=low, high=high, dtype=dtype, values=value.values, grad=value.grad)
    if isinstance(value, bool) or value is None:
        return draw(st.sampled_from([True, False, None]))
    if isinstance(value, int):
        return draw(st.one_of(WHOLE, WHOLE, REAL, st.none()))
    if isinstance(value, float):
        return draw(st.one_of(REAL, WHOLE))
    return value


Call = tuple[Row, S, str, str, bool]  # row, arguments, dtype, layout, whether in place


@st.composite
def op_calls(draw: st.DrawFn) -> Call:
    """A sample of the table with some arguments replaced."""
    row = draw(st.sampled_from(COMPARABLE))
    sample = draw(st.sampled_from(list(row.samples)))
    args, kwargs = sample.map_all(lambda a: draw(wild(a)))
    if kwargs and draw(st.integers(0, 9)) == 0:
        kwargs.pop(draw(st.sampled_from(sorted(kwargs))))
    if len(args) > 1 and draw(st.integers(0, 9)) == 0:
        args.pop()
    if row.name in PATIENT:
        args, kwargs = S(*args, **kwargs).map_all(lambda a: min(a, 7) if type(a) is int else a)
    in_place = bool(args) and isinstance(args[0], T) and row.name in IN_PLACE and draw(st.booleans())
    return row, S(*args, **kwargs), draw(st.sampled_from(ALL)), draw(LAYOUT), in_place


@st.composite
def key_part(draw: st.DrawFn, size: int) -> Any:
    """What stands for one dimension of the given size, mostly within it."""
    inside = st.integers(-size, max(size - 1, -size))
    bound = st.one_of(st.none(), st.integers(-size - 2, size + 2), WHOLE)
    index = st.builds(
        lambda shape, dtype: I(*shape, below=max(size, 1), low=-size, dtype=dtype), SHAPE, st.sampled_from(ALL)
    )
    return draw(
        st.one_of(
            st.builds(slice, bound, bound, st.sampled_from([None, None, 1, 2, 3, 7, 2**40, 0, -1])),
            inside,
            st.sampled_from([None, Ellipsis, True, False, -9, 2**40, -(2**63), 1.5]),
            st.lists(inside, max_size=3),
            st.lists(st.booleans(), min_size=size, max_size=size),
            index,
            st.builds(lambda n: I(n, below=max(size, 1), low=-size), st.integers(0, 3)),
            st.just(B(size)),
        )
    )


@st.composite
def subscripts(draw: st.DrawFn) -> Call:
    """A read or a write at a key of numbers, slices, lists, masks, tensors, None and Ellipsis."""
    shape = draw(SHAPE)
    key: Any = [draw(key_part(shape[d] if d < len(shape) else 1)) for d in range(draw(st.integers(0, len(shape) + 1)))]
    if draw(st.integers(0, 9)) == 0:
        key = B(*shape[: draw(st.integers(0, len(shape)))])
    elif len(key) != 1:
        key = tuple(key) if draw(st.integers(0, 9)) else key
    else:
        key = key[0]
    name = draw(st.sampled_from(["Tensor.__getitem__", "Tensor.__setitem__"]))
    value = []
    if name == "Tensor.__setitem__":
        parts = st.builds(lambda n, dtype: T(*shape[n:], dtype=dtype), st.integers(0, 4), st.sampled_from([None, *ALL]))
        value = [draw(st.one_of(parts, parts, SHAPE.map(lambda s: T(*s)), REAL, WHOLE, st.booleans()))]
    return ROW_OF[name], S(T(*shape), key, *value), draw(st.sampled_from(ALL)), draw(LAYOUT), False


calls = st.one_of(op_calls(), op_calls(), op_calls(), subscripts())


@functools.cache
def last_call() -> TextIO:
    """What tells which call crashed, should one do so."""
    return LAST_CALL.open("w", encoding="utf-8")


def run(engine: Engine, row: Row, call: S, arrays: list[np.ndarray], layout: str, in_place: bool) -> Outcome:
    function = engine.find(f"Tensor.{row.name}_") if in_place else None
    return engine.run(row, call, arrays, layout=layout, grad=True, function=function, writes=in_place or None)


def check(row: Row, call: S, dtype: str, layout: str, in_place: bool) -> None:
    """Fails unless our answer is PyTorch's, or an ordinary exception where it has none."""
    arrays = call.arrays(dtype, row.name)
    text = f"{row.name}{'_' * in_place}: {call!r} {dtype} {layout}"
    last = last_call()
    last.seek(0)
    last.truncate()
    last.write(text + "\n")
    last.flush()
    how = row, call, arrays, layout, in_place
    with np.errstate(all="ignore"):
        ours = run(OURS, *how)
        refused = isinstance(ours.error, REFUSALS)
        unasked = is_listed(ENDLESS, row, text) or (refused and is_listed(FRAGILE, row, text))
        theirs = None if THEIRS is None or unasked else run(THEIRS, *how)
        if refused:
            gap = "" if theirs is None else missing(ours, theirs)
            assert not gap or is_listed(REFUSED, row, f"{text}: {gap}"), f"{text}: {gap}"
            return
        if ours.error is not None:
            same = isinstance(ours.error, AssertionError if theirs is None else type(theirs.error))
            assert same, f"{text}: {ours}"
            return
        if theirs is None:
            return
    if theirs.error is not None and (unsupported(theirs.error) or "derivative" in str(theirs.error)):
        return
    if isinstance(theirs.error, TypeError):
        return  # PyTorch is stricter about the forms of arguments
    if theirs.error is None:
        ours, theirs = (settled(row, call, arrays, o) for o in (ours, theirs))
    wrong = disagreement(row, ours, theirs)
    if wrong and theirs.error is None and any(a.dtype == np.float32 for a in arrays):
        wrong = far_from_exact(*how, ours, theirs) and wrong
    assert not wrong or is_listed(LIMITS, row, f"{text}: {wrong}"), f"{text}: {wrong}"


def missing(ours: Outcome, theirs: Outcome) -> str:
    """What we refuse although PyTorch computes it, in words; empty if it refuses too."""
    if theirs.error is not None or any(v is NotImplemented for v in theirs.values):
        return ""
    empty = any(isinstance(v, np.ndarray) and v.size == 0 for v in theirs.values)
    return f"raises {ours} where {theirs} is due{' (no elements)' * empty}"


def is_listed(limits: list[tuple[str, str]], row: Row, text: str) -> bool:
    return any(re.fullmatch(name or ".*", row.name) and re.search(words, text) for name, words in limits)


def settled(row: Row, call: S, arrays: list[np.ndarray], outcome: Outcome) -> Outcome:
    """The outcome without what is free in it."""
    if row.name in CHOICES:
        return replace(outcome, values=chosen(row, call, arrays[0], outcome.values))
    if row.name == "linalg.eigh":  # which vectors stand for equal eigenvalues; the sum of their squares is not free
        values, squares = outcome.values
        near = np.abs(values[..., :, None] - values[..., None, :]) <= 1e-4 * np.max(np.abs(values), initial=0.0)
        return replace(outcome, values=[values, squares @ near])
    return outcome


def chosen(row: Row, call: S, array: np.ndarray, values: list[Any]) -> list[Any]:
    """The results with elements of the array in place of their indices: which of equal ones is chosen is free.

    In PyTorch it follows from its way of sorting; here they keep their order.
    """
    at = CHOICES[row.name]
    dim = call.kwargs.get("dim", call.args[at] if len(call.args) > at else -1)
    *others, indices = values
    if array.ndim == 0:
        return values
    if indices.ndim < array.ndim:
        indices = np.expand_dims(indices, dim)
    return [*others, np.take_along_axis(array, indices, dim)]


def far_from_exact(
    row: Row, call: S, arrays: list[np.ndarray], layout: str, in_place: bool, ours: Outcome, theirs: Outcome
) -> bool:
    """Whether results of float32 tensors are further from PyTorch's in float64 than PyTorch's own can account for.

    Wild values make ill-conditioned calls, where any two orders of summation differ.
    """
    assert THEIRS is not None
    doubled = [a.astype(np.float64) if a.dtype == np.float32 else a for a in arrays]
    with np.errstate(all="ignore"):
        exact = settled(row, call, doubled, run(THEIRS, row, call, doubled, layout, in_place))
        for a, b, x in zip(ours.values, theirs.values, exact.values, strict=False):
            kind, *kinds = [getattr(v, "dtype", None) for v in (a, b, x)]
            if kind not in FLOATS or kinds != [kind, np.float64] or not a.shape == b.shape == x.shape:
                if disagreement(row, Outcome([a]), Outcome([b])):
                    return True
                continue
            allowed = 4 * np.nanmax(np.abs(b - x), initial=0.0) + 1e-5 + 1.3e-6 * np.abs(x)
            if not np.all((np.abs(a - x) <= allowed) | (a == x) | (np.isnan(a) & np.isnan(b)) | (a == b)):
                return True
    return False


def test_what_is_no_tensor_is_called_by_name() -> None:
    """Never an AttributeError: an argument of another kind is a TypeError that says which."""
    failures = []
    for row in COMPARABLE:
        for tensor in row.samples[0].tensors() if row.fn is None and not row.changes_input else ():
            args, kwargs = row.samples[0].map_all(lambda a, tensor=tensor: object() if a is tensor else a)
            call = S(*args, **kwargs)
            ours = OURS.run(row, call, call.arrays(row.dtypes[0], row.name))
            if isinstance(ours.error, AttributeError):
                failures.append(f"{row.name}: {call!r}: {ours}")
    assert not failures, "\n".join(failures)


def test_random_calls(request: pytest.FixtureRequest) -> None:
    n = request.config.getoption("--fuzz-calls")

    @settings(
        max_examples=n, deadline=None, derandomize=n <= 1000, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(calls)
    def random_calls(call: Call) -> None:
        faulthandler.dump_traceback_later(60, exit=True)
        try:
            check(*call)
        finally:
            faulthandler.cancel_dump_traceback_later()

    try:
        random_calls()
    finally:
        last_call().close()
        last_call.cache_clear()
        LAST_CALL.unlink(missing_ok=True)
