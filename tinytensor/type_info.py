"""The limits of dtypes: `finfo` of floats, `iinfo` of integers."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _C

__all__ = ["finfo", "iinfo"]


class finfo:
    """Limits of a floating-point dtype: bits, eps, min, max, tiny, smallest_normal, resolution.

    Raises:
        TypeError: the dtype is not a floating-point one.

    Examples:
        >>> tt.finfo(tt.float32).max, tt.finfo(tt.float64).bits
        (3.4028234663852886e+38, 64)
    """

    def __init__(self, type: Any = None) -> None:
        type = _C.get_default_dtype() if type is None else type
        if type not in (_C.float32, _C.float64):
            raise TypeError(f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle {type}")
        limits = np.finfo(type.name)
        self.dtype: str = type.name
        self.bits = int(limits.bits)
        self.eps, self.min, self.max = float(limits.eps), float(limits.min), float(limits.max)
        self.tiny = self.smallest_normal = float(limits.smallest_normal)
        self.resolution = float(f"{limits.resolution:.0e}")

    def __repr__(self) -> str:
        names = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        numbers = ", ".join(f"{name}={getattr(self, name):g}" for name in names)
        return f"finfo({numbers}, dtype={self.dtype})"


class iinfo:
    """Limits of an integer dtype: bits, min, max.

    Raises:
        TypeError: the dtype is not an integer one.

    Examples:
        >>> tt.iinfo(tt.int8)
        iinfo(min=-128, max=127, dtype=int8)
    """

    def __init__(self, type: Any) -> None:
        if not isinstance(type, _C.dtype) or type.name not in ("uint8", "int8", "int16", "int32", "int64"):
            raise TypeError(f"torch.iinfo() requires an integer input type. Use torch.finfo to handle {type}")
        limits = np.iinfo(type.name)
        self.dtype: str = type.name
        self.bits, self.min, self.max = int(limits.bits), int(limits.min), int(limits.max)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
