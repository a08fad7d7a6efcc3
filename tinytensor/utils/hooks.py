"""The handle a hook registration returns."""

from ..tensor import RemovableHandle

__all__ = ["RemovableHandle"]
