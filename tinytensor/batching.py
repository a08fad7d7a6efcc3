"""`vmap`: a function of examples as a function of batches."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .missing import names_of as _names_of
from .ops.join import stack
from .random import get_rng_state, set_rng_state
from .tensor import Tensor

__all__ = ["vmap"]


def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """A function of batches: `func` is called for each example, and what it gives is stacked.

    The calls are made one after the other: the answers are those of PyTorch's `vmap`, for any `func` (it may branch on
    values and call `.item()`), at the speed of a loop. It can be differentiated, and nested in other transforms.

    Args:
        func: of positional arguments, of which some are mapped over; keyword arguments are passed on whole. It gives a
            tensor, or lists, tuples and dictionaries of tensors.
        in_dims: the dimension to map over, of each tensor: one int for all arguments, or a tuple nested as these are;
            None for an argument that is passed on whole.
        out_dims: where the mapped dimension is in the results: one int for all, or a tuple with an entry for each
            result; None for a result that is the same for all examples.
        randomness: "error" refuses random numbers, "same" draws the same ones for every example, "different" others for
            each, example after example.
        chunk_size: accepted for PyTorch's sake: examples are computed one by one.

    Raises:
        ValueError: nothing to map over, sizes that differ, or `in_dims` or `out_dims` that do not fit.
        RuntimeError: random numbers were drawn though `randomness` is "error"; the mapped dimension has size 0.

    Examples:
        >>> tt.func.vmap(tt.dot)(tt.ones(2, 3), tt.arange(6.0).view(2, 3))
        tensor([ 3., 12.])
        >>> tt.func.vmap(tt.func.grad(lambda x: (x**3).sum()), out_dims=1)(tt.arange(4.0).view(2, 2))
        tensor([[ 0., 12.],
                [ 3., 27.]])
    """
    if randomness not in ("error", "same", "different"):
        raise RuntimeError(f"Only allowed values for randomness are 'error', 'different', or 'same'. Got {randomness}")

    @functools.wraps(func)
    def batched(*args: Any, **kwargs: Any) -> Any:
        if not (isinstance(in_dims, int) or type(in_dims) is tuple):
            raise ValueError(f"vmap: expected `in_dims` to be int or a tuple as nested as the inputs, got {in_dims!r}")
        dims = (in_dims,) * len(args) if isinstance(in_dims, int) else in_dims
        size = _batch_size(args, dims)
        before = get_rng_state()
        results = []
        for i in range(size):
            if randomness == "same":
                set_rng_state(before)
            results.append(func(*_example(args, dims, i), **kwargs))
            if randomness == "error" and not bool((get_rng_state() == before).all()):
                raise RuntimeError(
                    "vmap: called random operation while in randomness error mode. Please either use the 'same' or "
                    "'different' randomness flags on vmap or perform the randomness operation out of vmap"
                )
        return _stacked(results, out_dims)

    return batched


def _pairs(tree: Any, dims: Any) -> list[tuple[Any, Any]]:
    """What is in one level of nested arguments, each with its part of `in_dims`."""
    items = list(tree.values()) if isinstance(tree, dict) else list(tree)
    if isinstance(dims, int):
        return [(item, dims) for item in items]
    if isinstance(tree, dict) and isinstance(dims, dict) and dims.keys() == tree.keys():
        return [(item, dims[key]) for key, item in tree.items()]
    if isinstance(tree, list | tuple) and isinstance(dims, list | tuple) and len(dims) == len(items):
        return list(zip(items, dims, strict=True))
    raise ValueError(
        f"vmap: in_dims is not compatible with the structure of the inputs: {dims!r} for {len(items)} of them"
    )


def _batch_size(args: Any, dims: Any) -> int:
    sizes = _sizes(args, dims)
    if not sizes:
        raise ValueError("vmap: Expected at least one Tensor to vmap over")
    if len(set(sizes)) > 1:
        raise ValueError(
            f"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes {sizes} for the mapped "
            "dimension"
        )
    if sizes[0] == 0:
        raise RuntimeError("vmap: the mapped dimension has size 0: there is no example to call the function with")
    return sizes[0]


def _sizes(tree: Any, dims: Any) -> list[int]:
    """The sizes of all mapped dimensions."""
    if dims is None:
        return []
    if isinstance(tree, Tensor):
        if not isinstance(dims, int) or not -tree.ndim <= dims < tree.ndim:
            raise ValueError(
                f"vmap: Got in_dim={dims} for some input, but that input is a Tensor of dimensionality {tree.ndim} so "
                f"expected in_dim to satisfy -{tree.ndim} <= in_dim < {tree.ndim}."
            )
        return [tree.shape[dims]]
    if not isinstance(tree, list | tuple | dict):
        raise ValueError(
            f"vmap: Got in_dim={dims} for an input but the input is of type {type(tree)}. We cannot vmap over non-Tensor "
            "arguments, please use None as the respective in_dim"
        )
    return [size for item, dim in _pairs(tree, dims) for size in _sizes(item, dim)]


def _example(tree: Any, dims: Any, i: int) -> Any:
    """The arguments with example i in the place of each batch."""
    if dims is None:
        return tree
    if isinstance(tree, Tensor):
        return tree.select(dims, i)
    return _like(tree, [_example(item, dim, i) for item, dim in _pairs(tree, dims)])


def _like(tree: Any, items: list[Any]) -> Any:
    """Other items, nested as those of one level."""
    if isinstance(tree, dict):
        return dict(zip(tree, items, strict=True))
    return type(tree)(*items) if hasattr(tree, "_fields") else type(tree)(items)


def _stacked(results: list[Any], dims: Any) -> Any:
    """One result nested as each of `results` is, whose tensors are stacks of theirs."""
    first = results[0]
    if dims is None:
        return first
    if isinstance(first, Tensor):
        if isinstance(dims, tuple) and len(dims) == 1:
            (dims,) = dims
        if not isinstance(dims, int):
            raise ValueError(
                f"vmap: out_dims is not compatible with the structure of the outputs: {dims!r} for a tensor"
            )
        return stack(results, dims)
    if not isinstance(first, list | tuple | dict):
        raise ValueError(
            f"vmap: the function must only return Tensors, got type {type(first)}. Did you mean to set out_dims= to None "
            "for output?"
        )
    columns = zip(*(list(r.values()) if isinstance(r, dict) else r for r in results), strict=True)
    pairs = zip(columns, _pairs(first, dims), strict=True)
    return _like(first, [_stacked(list(column), dim) for column, (_, dim) in pairs])


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
