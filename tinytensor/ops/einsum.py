"""Contractions over named dimensions: einsum, tensordot, inner, kron."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

from ..tensor import Tensor, method
from .matmul import matmul

__all__ = ["einsum", "inner", "kron", "tensordot"]

# A label names a dimension: a letter or number of the equation, or ("...", i) for one under an ellipsis, counted
# from the right so that shorter ellipses broadcast.
Label = Any
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def einsum(*args: Any) -> Tensor:
    """Sum of products over named dimensions: `einsum("bij,bjk->bik", a, b)`.

    Each operand's dimensions get a letter. Dimensions of one letter are multiplied together, letters that are missing
    on the right of the arrow are summed. A letter twice in one operand takes its diagonal; `...` stands for any further
    dimensions, which broadcast. Without an arrow the result has the letters that appear once, in alphabetical order,
    after the ellipsis. The sublist format `einsum(a, [0, 1], b, [1, 2], [0, 2])` says the same with numbers 0 to 51.
    Operands are contracted from left to right.

    Raises:
        RuntimeError: the equation is malformed or does not fit the operands.

    Examples:
        >>> A = tt.tensor([[1, 2], [3, 4]])
        >>> tt.einsum("ij,jk->ik", A, A)
        tensor([[ 7, 10],
                [15, 22]])
        >>> tt.einsum("ii", A)
        tensor(5)
    """
    if args and isinstance(args[0], str):
        operands = args[1] if len(args) == 2 and isinstance(args[1], list | tuple) else args[1:]
        inputs, output = _parse_equation(args[0])
    else:
        operands, inputs, output = _parse_sublists(args)
    if len(operands) == 0:
        raise ValueError("einsum(): must specify the equation string and at least one operand, or at least one operand")
    if len(inputs) != len(operands):
        raise RuntimeError(f"einsum: the equation has {len(inputs)} operands, but {len(operands)} tensors were given")
    pairs = [_with_labels(i, x, list(labels)) for i, (x, labels) in enumerate(zip(operands, inputs, strict=True))]
    result = _output_labels(output, inputs, [labels for _, labels in pairs])
    pairs = _drop_broadcast_dims(pairs)
    named = set().union(*(labels for _, labels in pairs))
    for label in result:
        if label not in named:
            raise RuntimeError(f"einsum: output subscript {label} does not appear in any operand")

    x, labels = pairs[0]
    for i in range(1, len(pairs)):
        kept = set(result).union(*(later for _, later in pairs[i + 1 :]))
        x, labels = _contract(x, labels, *pairs[i], kept)
    x, labels = _sum_out(x, labels, set(result))
    return x.permute([labels.index(label) for label in result]) if len(pairs) == 1 else _ordered(x, labels, result)


def _parse_equation(equation: str) -> tuple[list[list[Label]], list[Label] | None]:
    left, arrow, right = equation.replace(" ", "").partition("->")
    inputs = [_parse_subscripts(part) for part in left.split(",")]
    return inputs, _parse_subscripts(right) if arrow else None


def _parse_subscripts(text: str) -> list[Label]:
    before, dots, after = text.partition("...")
    labels = [*before, ..., *after] if dots else list(text)
    for label in labels:
        if label is not ... and label not in _LETTERS:
            raise RuntimeError(
                f"einsum: '{label}' in '{text}' is not a valid subscript, use letters, one '...', ',' and '->'"
            )
    return labels


def _parse_sublists(args: Sequence[Any]) -> tuple[list[Tensor], list[list[Label]], list[Label] | None]:
    def names(sublist: Any) -> list[Label]:
        labels: list[Label] = []
        for n in sublist:
            if n is ...:
                labels.append(n)
            elif isinstance(n, int) and 0 <= n < len(_LETTERS):
                labels.append(_LETTERS[n])
            else:
                raise ValueError(f"einsum: subscripts of the sublist format are numbers in [0, 52) and ..., got {n}")
        return labels

    count = len(args) // 2
    output = names(args[-1]) if len(args) % 2 else None
    return list(args[: 2 * count : 2]), [names(s) for s in args[1 : 2 * count : 2]], output


def _with_labels(index: int, x: Tensor, labels: list[Label]) -> tuple[Tensor, list[Label]]:
    """The operand with one distinct label for each dimension: ellipses spelled out, repeated labels on the diagonal."""
    named = len(labels) - labels.count(...)
    if named > x.ndim or (... not in labels and named < x.ndim):
        raise RuntimeError(f"einsum: operand {index} has {x.ndim} dimensions, but {named} subscripts")
    if ... in labels:
        at, covered = labels.index(...), x.ndim - named
        labels[at : at + 1] = [("...", covered - 1 - i) for i in range(covered)]
    for label in dict.fromkeys(labels) if len(set(labels)) < len(labels) else ():
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            if x.shape[first] != x.shape[second]:
                raise RuntimeError(
                    f"einsum: subscript {label} is repeated for operand {index}, but the sizes "
                    f"{x.shape[first]} and {x.shape[second]} differ"
                )
            x = x.diagonal(0, first, second)
            labels = [name for d, name in enumerate(labels) if d not in (first, second)] + [label]
    return x, labels


def _output_labels(
    output: list[Label] | None, written: list[list[Label]], spelled_out: list[list[Label]]
) -> list[Label]:
    ellipsis: list[Label] = []
    if any(... in labels for labels in written):
        covered = {label for labels in spelled_out for label in labels if isinstance(label, tuple)}
        ellipsis = sorted(covered, key=lambda label: -label[1])
    if output is None:
        letters = [label for labels in written for label in labels if isinstance(label, str)]
        return ellipsis + sorted(letter for letter in letters if letters.count(letter) == 1)
    for label in output if len(set(output)) < len(output) else ():
        if label is not ... and output.count(label) > 1:
            raise RuntimeError(f"einsum: output subscript {label} appears more than once in the output")
    if ... in output:
        at = output.index(...)
        return output[:at] + ellipsis + output[at + 1 :]
    return output


def _drop_broadcast_dims(pairs: list[tuple[Tensor, list[Label]]]) -> list[tuple[Tensor, list[Label]]]:
    """Sizes of a label agree, or are 1: those dimensions are dropped where another operand has more."""
    sizes: dict[Label, int] = {}
    equal = True
    for i, (x, labels) in enumerate(pairs):
        for label, size in zip(labels, x.shape, strict=True):
            have = sizes.setdefault(label, size)
            if size == have:
                continue
            if size != 1 and have != 1:
                raise RuntimeError(
                    f"einsum: operand {i} has size {size} for subscript {label}, which does not broadcast with the "
                    f"size {have} seen before"
                )
            sizes[label] = size if have == 1 else have
            equal = False
    if equal:
        return pairs
    narrowed = []
    for x, labels in pairs:
        wide = [d for d, label in enumerate(labels) if x.shape[d] == sizes[label]]
        if len(wide) < len(labels):
            x = x.reshape([x.shape[d] for d in wide])
            labels = [labels[d] for d in wide]
        narrowed.append((x, labels))
    return narrowed


def _sum_out(x: Tensor, labels: list[Label], kept: set[Label]) -> tuple[Tensor, list[Label]]:
    if kept.issuperset(labels):
        return x, labels
    gone = [d for d, label in enumerate(labels) if label not in kept]
    return x.sum(gone), [label for label in labels if label in kept]


def _contract(
    a: Any, a_labels: list[Label], b: Any, b_labels: list[Label], kept: set[Label]
) -> tuple[Tensor, list[Label]]:
    """Product of two operands, summed over the labels that nobody needs later: one batched matrix product."""
    a, a_labels = _sum_out(a, a_labels, kept.union(b_labels))
    b, b_labels = _sum_out(b, b_labels, kept.union(a_labels))
    shared = [label for label in a_labels if label in b_labels]
    batch = [label for label in shared if label in kept]
    inner = [label for label in shared if label not in kept]
    rows = [label for label in a_labels if label not in shared]
    columns = [label for label in b_labels if label not in shared]
    left, right = _ordered(a, a_labels, batch + rows + inner), _ordered(b, b_labels, batch + inner + columns)
    shared_sizes, row_sizes = left.shape[: len(batch)], left.shape[len(batch) : len(batch + rows)]
    column_sizes = right.shape[len(batch + inner) :]
    result, shape = batch + rows + columns, shared_sizes + row_sizes + column_sizes
    if not inner:
        right = right.reshape((*shared_sizes, *(1,) * len(rows), *column_sizes))
        return left.reshape((*left.shape, *(1,) * len(columns))) * right, result
    lead = [len(batch)] if batch else []  # without batch a matrix is a matrix
    product = matmul(_grouped(left, *lead, len(rows), len(inner)), _grouped(right, *lead, len(inner), len(columns)))
    return (product if product.shape == shape else product.reshape(shape)), result


def _ordered(x: Tensor, labels: list[Label], order: list[Label]) -> Tensor:
    return x if labels == order else x.permute([labels.index(label) for label in order])


def _grouped(x: Tensor, *counts: int) -> Tensor:
    """So many neighbouring dimensions each as one."""
    if counts == (1,) * len(counts):
        return x
    ends = list(itertools.accumulate(counts, initial=0))
    return x.reshape([math.prod(x.shape[i:j]) for i, j in itertools.pairwise(ends)])


def tensordot(a: Tensor, b: Tensor, dims: Any = 2, out: Any = None) -> Tensor:
    """Sum of products over given dimensions of a and b.

    Args:
        a: left operand.
        b: right operand.
        dims: a number n, for the last n dimensions of a and the first n of b; or two lists of dimensions.
        out: must be None.

    Returns:
        The remaining dimensions of a, then those of b.

    Raises:
        RuntimeError: the sizes of two contracted dimensions differ, or there are not enough dimensions.

    Examples:
        >>> tt.tensordot(tt.ones(2, 3, 4), tt.ones(3, 4, 5), dims=2).shape
        torch.Size([2, 5])
    """
    if out is not None:
        raise NotImplementedError("tensordot: out= is not supported")
    if isinstance(dims, Tensor):
        dims = dims.tolist()
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        if dims > min(a.ndim, b.ndim):
            raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}")
        a_dims, b_dims = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    else:
        if not isinstance(dims, list | tuple) or len(dims) != 2:
            raise RuntimeError(f"tensordot expects dims to be an int or two lists of ints, but got dims={dims!r}")
        a_dims, b_dims = ([d] if isinstance(d, int) else list(d) for d in dims)
    if len(a_dims) != len(b_dims):
        raise RuntimeError(f"tensordot: both lists of dims must have the same length, got {a_dims} and {b_dims}")
    a_dims, b_dims = _wrapped(a, a_dims), _wrapped(b, b_dims)
    for i, (d, e) in enumerate(zip(a_dims, b_dims, strict=True)):
        n, m = a.shape[d], b.shape[e]
        if n != m and n == 1:
            b = b.sum(e, keepdim=True, dtype=b.dtype)
        elif n != m and m == 1:
            a = a.sum(d, keepdim=True, dtype=a.dtype)
        elif n != m:
            raise RuntimeError(f"tensordot: contracted dimension {i} has size {n} in a and {m} in b")
    rows = [d for d in range(a.ndim) if d not in a_dims]
    columns = [d for d in range(b.ndim) if d not in b_dims]
    inner = math.prod(a.shape[d] for d in a_dims)
    shape = [a.shape[d] for d in rows] + [b.shape[d] for d in columns]
    left = a.permute(rows + a_dims).reshape([math.prod(a.shape[d] for d in rows), inner])
    right = b.permute(b_dims + columns).reshape([inner, math.prod(b.shape[d] for d in columns)])
    return matmul(left, right).reshape(shape)


def _wrapped(x: Tensor, dims: list[int]) -> list[int]:
    for d in dims:
        if not -x.ndim <= d < x.ndim:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-x.ndim}, {x.ndim - 1}], but got {d})"
            )
    wrapped = [d % x.ndim for d in dims]
    if len(set(wrapped)) < len(wrapped):
        raise RuntimeError(f"tensordot: a dimension appears twice in {dims}")
    return wrapped


@method()
def inner(input: Tensor, other: Any) -> Tensor:
    """Sums of products over the last dimensions: (..., k) and (... ', k) give (..., ... '); a 0-d operand scales.

    Raises:
        RuntimeError: the last sizes differ.

    Examples:
        >>> tt.inner(tt.tensor([1, 2, 3]), tt.tensor([0, 2, 1]))
        tensor(7)
    """
    if input.ndim == 0 or other.ndim == 0:
        return input * other
    if input.shape[-1] != other.shape[-1]:
        raise RuntimeError(
            f"inner: the last dimensions must have equal sizes, got {tuple(input.shape)} and {tuple(other.shape)}"
        )
    rows, columns, size = input.shape[:-1], other.shape[:-1], input.shape[-1]
    product = matmul(input.reshape(rows.numel(), size), other.reshape(columns.numel(), size).t())
    return product.reshape(rows + columns)


@method()
def kron(input: Tensor, other: Any) -> Tensor:
    """The Kronecker product: blocks of each element of input times all of other; missing dimensions come in front.

    Examples:
        >>> tt.kron(tt.tensor([1, 10]), tt.tensor([1, 2, 3]))
        tensor([ 1,  2,  3, 10, 20, 30])
    """
    rank = max(input.ndim, other.ndim)
    outer_shape = [1] * (rank - input.ndim) + list(input.shape)
    inner_shape = [1] * (rank - other.ndim) + list(other.shape)
    left = input.reshape([n for size in outer_shape for n in (size, 1)])
    right = other.reshape([n for size in inner_shape for n in (1, size)])
    return (left * right).reshape([n * m for n, m in zip(outer_shape, inner_shape, strict=True)])
