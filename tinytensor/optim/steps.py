"""Step counts: tensors of one number, kept in the state of each parameter."""

from __future__ import annotations

from typing import Any

from .. import _C
from ..ops.creation import full


def new_step(value: float = 0.0) -> Any:
    """A step count: float32, or float64 where that is the default dtype."""
    return full((), value, dtype=_C.get_default_dtype())
