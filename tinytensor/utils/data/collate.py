"""From a list of samples to a batch."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from ... import _C
from ...ops.creation import as_tensor, tensor
from ...ops.join import stack
from ...tensor import Tensor

CollateMap = dict[Any, Callable[..., Any]]


def collate(batch: Any, *, collate_fn_map: CollateMap | None = None) -> Any:
    """Batch samples of equal structure: each leaf by the function that `collate_fn_map` has for its type."""
    sample = batch[0]
    functions = collate_fn_map or {}
    for kind, function in functions.items():
        if isinstance(sample, kind):
            return function(batch, collate_fn_map=functions)
    if isinstance(sample, Mapping):
        columns = {key: collate([one[key] for one in batch], collate_fn_map=functions) for key in sample}
        return _like(sample, columns)
    if isinstance(sample, tuple) and hasattr(sample, "_fields"):
        return type(sample)(*(collate(column, collate_fn_map=functions) for column in zip(*batch, strict=True)))
    if isinstance(sample, Sequence):
        if any(len(one) != len(sample) for one in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        parts = [collate(column, collate_fn_map=functions) for column in zip(*batch, strict=True)]
        return parts if isinstance(sample, tuple) else _like(sample, parts)
    raise TypeError(
        f"default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {type(sample)}"
    )


def _like(sample: Any, parts: Any) -> Any:
    """`parts` in a container of the sample's type, where that can be made."""
    try:
        if isinstance(sample, MutableMapping):
            clone: Any = copy.copy(sample)
            clone.update(parts)
            return clone
        if isinstance(sample, MutableSequence):
            clone = copy.copy(sample)
            for i, part in enumerate(parts):
                clone[i] = part
            return clone
        return type(sample)(parts)
    except TypeError:
        return parts


def _collate_tensors(batch: Any, *, collate_fn_map: CollateMap) -> Tensor:
    return stack(list(batch), 0)


def _collate_arrays(batch: Any, *, collate_fn_map: CollateMap) -> Any:
    if batch[0].dtype.kind in "SaUO":
        raise TypeError(
            "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
            f"found {batch[0].dtype}"
        )
    if batch[0].shape == ():
        return as_tensor(np.stack(batch))
    return stack([as_tensor(array) for array in batch], 0)


def _collate_floats(batch: Any, *, collate_fn_map: CollateMap) -> Tensor:
    return tensor(list(batch), dtype=_C.float64)


def _collate_ints(batch: Any, *, collate_fn_map: CollateMap) -> Tensor:
    return tensor(list(batch))


def _keep(batch: Any, *, collate_fn_map: CollateMap) -> Any:
    return batch


default_collate_fn_map: CollateMap = {
    Tensor: _collate_tensors,
    np.ndarray: _collate_arrays,
    np.generic: _collate_arrays,
    float: _collate_floats,
    int: _collate_ints,
    str: _keep,
    bytes: _keep,
}


def default_collate(batch: Any) -> Any:
    """Batch samples: tensors and arrays are stacked, numbers become a tensor, containers are batched inside.

    Examples:
        >>> tt.utils.data.default_collate([(1, 2.0), (3, 4.0)])
        [tensor([1, 3]), tensor([2., 4.], dtype=torch.float64)]
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)


def default_convert(data: Any) -> Any:
    """One sample as it is, with arrays as tensors.

    Examples:
        >>> tt.utils.data.default_convert({"x": np.arange(3), "y": "a"})
        {'x': tensor([0, 1, 2]), 'y': 'a'}
    """
    if isinstance(data, (Tensor, str, bytes)):
        return data
    if isinstance(data, (np.ndarray, np.generic)):
        return data if data.dtype.kind in "SaUO" else as_tensor(data)
    if isinstance(data, Mapping):
        return _like(data, {key: default_convert(value) for key, value in data.items()})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*(default_convert(value) for value in data))
    if isinstance(data, Sequence):
        parts = [default_convert(value) for value in data]
        return parts if isinstance(data, tuple) else _like(data, parts)
    return data
