"""Tensors as text, character by character as PyTorch prints them."""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import _C

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]


class Options(NamedTuple):
    """What `set_printoptions` sets."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


PROFILES = {
    "default": Options(),
    "short": Options(precision=2, edgeitems=2),
    "full": Options(threshold=math.inf),
}
options = Options()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Sets how tensors are printed; what is not given stays as it is.

    Args:
        precision: digits after the point (4).
        threshold: number of elements above which a tensor is summarised (1000).
        edgeitems: elements shown at each end of a summarised dimension (3).
        linewidth: characters a line (80).
        profile: "default", "short" or "full": a set of the above to start from.
        sci_mode: scientific notation: always, never, or None where the values ask for it.

    Examples:
        >>> tt.set_printoptions(precision=2)
        >>> tt.tensor([1.12345])
        tensor([1.12])
        >>> tt.set_printoptions(profile="default")
    """
    global options
    if profile is not None:
        if profile not in PROFILES:
            raise ValueError(f"set_printoptions: there is no profile {profile!r}, only {', '.join(PROFILES)}")
        options = PROFILES[profile]
    given: dict[str, Any] = {
        "precision": precision,
        "threshold": threshold,
        "edgeitems": edgeitems,
        "linewidth": linewidth,
    }
    options = options._replace(sci_mode=sci_mode, **{k: v for k, v in given.items() if v is not None})


def get_printoptions() -> dict[str, Any]:
    """The options in force, as keyword arguments of `set_printoptions`."""
    return options._asdict()


class Element:
    """How to write one element, so that all elements shown have one width.

    Floats that are all whole are written without digits; scientific notation takes over where the elements span more
    than three decades, above 1e8 or below 1e-4.
    """

    def __init__(self, shown: Array) -> None:
        self.floating = shown.dtype.kind == "f"
        self.pattern, self.point = "{}", ""
        if not self.floating:
            self.width = max((len(str(v)) for v in shown.reshape(-1).tolist()), default=1)
            return
        flat = shown.reshape(-1).astype(np.float64)
        finite = flat[np.isfinite(flat) & (flat != 0)]
        whole = bool(np.all(finite == np.ceil(finite)))
        scientific = False
        if finite.size:
            low, high = np.abs(finite).min(), np.abs(finite).max()
            with np.errstate(over="ignore"):
                scientific = bool(high / low > 1000 or high > 1e8 or low < 1e-4)
            if options.sci_mode is not None:
                scientific = options.sci_mode
        kind = "e" if scientific else "f"
        self.point = "." if whole and not scientific else ""
        self.pattern = f"{{:.{0 if self.point else options.precision}{kind}}}"
        self.width = max((len(self.pattern.format(v) + self.point) for v in finite.tolist()), default=1)

    def __call__(self, value: Any) -> str:
        """The element's text, padded to the common width."""
        text = self.pattern.format(value)
        if self.floating and math.isfinite(value):
            text += self.point
        return text.rjust(self.width)


def tensor_text(
    values: Array,
    *,
    dtype: str | None = None,
    grad_fn: str | None = None,
    requires_grad: bool = False,
    prefix: str = "tensor(",
) -> str:
    """The text of a tensor: its values, then what else is to be said of it, wrapped at the line width.

    Args:
        values: the elements.
        dtype: to be named where it is not what the values suggest.
        grad_fn: name of the node that made the tensor.
        requires_grad: whether it does, without a node.
        prefix: what stands before the values.
    """
    suffixes = []
    if (values.size == 0 and values.ndim != 1) or (values.size and not options.edgeitems):
        suffixes.append(f"size={values.shape}")
    if dtype is not None:
        suffixes.append(f"dtype={dtype}")
    if grad_fn is not None:
        suffixes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")

    indent = len(prefix)
    text = prefix + (elements_text(values, indent) if values.size else "[]")
    column = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if column + len(suffix) + 2 > options.linewidth:
            text += ",\n" + " " * indent + suffix
            column = indent + len(suffix)
        else:
            text += ", " + suffix
            column += len(suffix) + 2
    return text + ")"


def elements_text(values: Array, indent: int) -> str:
    """Nested brackets around the elements, their middle left out where there are too many."""
    summarize = values.size > options.threshold
    return nested_text(values, indent, summarize, Element(corners(values) if summarize else values))


def corners(values: Array) -> Array:
    """The elements that a summary shows."""
    edge = options.edgeitems
    for dim, size in enumerate(values.shape):
        if size > 2 * edge:
            ends = [*range(edge), *range(size - edge, size)]
            values = values.take(np.array(ends, dtype=np.intp), axis=dim)
    return values


def nested_text(values: Array, indent: int, summarize: bool, element: Element) -> str:
    """The text of an array of any rank that starts in column `indent`."""
    if values.ndim == 0:
        return element(values.item())
    edge = options.edgeitems
    cut = summarize and len(values) > 2 * edge
    rows = [*values[:edge], *values[len(values) - edge :]] if cut else list(values)
    newline = "\n" + " " * (indent + 1)
    if cut and not edge:
        return "[...]"
    if values.ndim > 1:
        parts = [nested_text(row, indent + 1, summarize, element) for row in rows]
        if cut:
            parts.insert(edge, "...")
        return "[" + ("," + "\n" * (values.ndim - 2) + newline).join(parts) + "]"
    parts = [element(row.item()) for row in rows]
    if cut:
        parts.insert(edge, " ...")
    per_line = max(1, (options.linewidth - indent) // (element.width + 2))
    lines = [", ".join(parts[i : i + per_line]) for i in range(0, len(parts), per_line)]
    return "[" + ("," + newline).join(lines) + "]"


def tensor_repr(tensor: Any) -> str:
    """The text of a tensor with its dtype, where the values do not suggest it, and its place in the graph."""
    values = tensor.detach().numpy()
    suggested = tensor.dtype is _C.get_default_dtype() or (values.size > 0 and values.dtype.name in ("int64", "bool"))
    node = tensor.grad_fn
    return tensor_text(
        values,
        dtype=None if suggested else str(tensor.dtype),
        grad_fn=None if node is None else node.name(),
        requires_grad=tensor.requires_grad,
    )


# What PyTorch calls the backward node of an op, where it is not the op's name in camel case; by the rank of its result
# (the last one for all higher ranks) where that decides.
NODE_NAMES: dict[str, tuple[str, ...]] = {
    "batch_norm": ("NativeBatchNormBackward0",),
    "batch_norm_eval": ("NativeBatchNormBackward0",),
    "cast": ("ToCopyBackward0",),
    "clamp": ("ClampBackward1",),
    "constant_pad": ("ConstantPadNdBackward0",),
    "conv": ("ConvolutionBackward0",),
    "contiguous": ("CloneBackward0",),
    "copied": ("CopyBackwards",),
    "copy_slices": ("CopySlices",),
    "cross_entropy": ("NllLossBackward0",),
    "flipped": ("FlipBackward0",),
    "group_norm": ("NativeGroupNormBackward0",),
    "index_write": ("IndexPutBackward0",),
    "layer_norm": ("NativeLayerNormBackward0",),
    "linear": ("AddmmBackward0", "AddmmBackward0", "AddmmBackward0", "ViewBackward0"),
    "logsigmoid": ("LogSigmoidBackward0",),
    "masked_take": ("MaskedSelectBackward0",),
    "matmul": ("DotBackward0", "MvBackward0", "MmBackward0", "UnsafeViewBackward0"),
    "max_dim": ("MaxBackward0",),
    "mean": ("MeanBackward0", "MeanBackward1"),
    "median": ("MedianBackward0", "MedianBackward1"),
    "min_dim": ("MinBackward0",),
    "norm2": ("LinalgVectorNormBackward0",),
    "norm_p": ("LinalgVectorNormBackward0",),
    "prelu": ("PreluKernelBackward0",),
    "prod": ("ProdBackward0", "ProdBackward1"),
    "rms_norm": ("MulBackward0",),
    "repeated": ("RepeatBackward0",),
    "reshape": ("ViewBackward0",),
    "rolled": ("RollBackward0",),
    "reversed": ("PermuteBackward0",),
    "rsub": ("RsubBackward1",),
    "scatter_along": ("ScatterBackward0",),
    "scatter_masked": ("MaskedScatterBackward0",),
    "split_with_sizes": ("SplitWithSizesBackward0",),
    "square": ("PowBackward0",),
    "subscript": ("SliceBackward0",),
    "subscript_select": ("SelectBackward0",),
    "subscript_unsqueeze": ("UnsqueezeBackward0",),
    "sum": ("SumBackward0", "SumBackward1"),
    "to": ("ToCopyBackward0",),
}


@functools.cache
def node_name(op: str, ndim: int = 0) -> str:
    """The name of an op's backward node, as `grad_fn` shows it.

    Args:
        op: name of the op.
        ndim: rank of its (first) result.

    Examples:
        >>> tt.printing.node_name("log1p"), tt.printing.node_name("matmul", 2)
        ('Log1PBackward0', 'MmBackward0')
    """
    if op.endswith("Backward"):
        return op  # of a Function of the user's
    if op in NODE_NAMES:
        names = NODE_NAMES[op]
        return names[min(ndim, len(names) - 1)]
    camel = "".join(part.capitalize() for part in op.strip("_").split("_"))
    return re.sub(r"\d[a-z]", lambda m: m.group().upper(), camel) + "Backward0"
