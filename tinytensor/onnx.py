"""Export to ONNX: refused."""

from typing import Any, NoReturn

from .tensor import unsupported


def export(*args: Any, **kwargs: Any) -> NoReturn:
    """Refused.

    Raises:
        NotImplementedError: always.
    """
    unsupported("torch.onnx.export")
