"""Finding the op whose gradient went wrong: `detect_anomaly`."""

from __future__ import annotations

import traceback
import warnings
from typing import TYPE_CHECKING, Any

from .. import _C
from .._C import ops as C
from ..missing import names_of as _names_of
from ..tensor import Tensor

__all__ = ["detect_anomaly", "set_detect_anomaly"]


class _Detector:
    """What the tape tells of nodes while the mode is on."""

    def __init__(self, check_nan: bool) -> None:
        self.check_nan = check_nan

    def made(self, node: _C.Node, pulled: _C.Node | None) -> None:
        """Keeps with a node where in the program it was made, and the node whose gradient it computes."""
        node.metadata["traceback_"] = traceback.format_stack()[:-1]
        if pulled is not None:
            node.metadata["parent_"] = pulled

    def examine(self, node: _C.Node, gradients: tuple[Any, ...] | None) -> None:
        """Warns of a node that raised, where it was made; raises for one that gave nan."""
        if gradients is None:
            return _warn(node)
        for gradient, (_, _, slot) in zip(gradients if self.check_nan else (), node.edges, strict=False):
            if isinstance(gradient, Tensor) and bool(C.ne(x := gradient.detach(), x).any()):
                _warn(node)
                raise RuntimeError(f"Function '{node.name()}' returned nan values in its {slot}th output.")
        return None


def _warn(node: _C.Node) -> None:
    """Tells where a node was made, and those whose gradients it was made for."""
    where = "".join(node.metadata.get("traceback_", ()))
    if not where:
        warnings.warn(
            f"Error detected in {node.name()}. No forward pass information available. Enable detect anomaly during "
            "forward pass for more information.",
            stacklevel=3,
        )
        return
    text = f"Error detected in {node.name()}. Traceback of forward call that caused the error:\n{where}"
    warnings.warn(text, stacklevel=3)
    while (parent := node.metadata.get("parent_")) is not None:
        where = "".join(parent.metadata.get("traceback_", ()))
        text = f"\n\nPrevious calculation was induced by {parent.name()}. "
        if where:
            text += f"Traceback of forward call that induced the previous calculation:\n{where}"
        else:
            text += "No forward pass information available. Enable detect anomaly during forward pass for more."
        warnings.warn(text, stacklevel=3)
        node = parent


def is_anomaly_enabled() -> bool:
    """Whether `detect_anomaly` or `set_detect_anomaly` is on.

    Examples:
        >>> tt.is_anomaly_enabled()
        False
    """
    return _C.anomaly() is not None


def is_anomaly_check_nan_enabled() -> bool:
    """Whether gradients are looked through for nan.

    Examples:
        >>> with tt.autograd.set_detect_anomaly(True, check_nan=False):
        ...     tt.is_anomaly_check_nan_enabled()
        False
    """
    detector = _C.anomaly()
    return detector is None or bool(detector.check_nan)


class set_detect_anomaly:
    """Turns the detection of anomalies in backward on or off: at once, or for the time of a `with`.

    While it is on, an op whose gradient holds nan raises, and for an op whose gradient raises a warning says where in the
    program the op was called. It costs a traceback for every op.

    Args:
        mode: on or off.
        check_nan: False: only tell of gradients that raise.

    Raises:
        RuntimeError: in backward, a gradient holds nan.

    Examples:
        >>> with tt.autograd.set_detect_anomaly(True):
        ...     tt.ones(2, requires_grad=True).sum().backward()
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self.before = _C.set_anomaly(_Detector(check_nan) if mode else None)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        _C.set_anomaly(self.before)


class detect_anomaly:
    """Within it, an op whose gradient holds nan raises in backward (see `set_detect_anomaly`); a context manager.

    Examples:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"), tt.autograd.detect_anomaly():
        ...     x = tt.zeros(1, requires_grad=True)
        ...     (x / x).sum().backward()
        Traceback (most recent call last):
        RuntimeError: Function 'DivBackward0' returned nan values in its 1th output.
    """

    def __init__(self, check_nan: bool = True) -> None:
        self.check_nan = check_nan
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for "
            "debugging.",
            stacklevel=2,
        )

    def __enter__(self) -> None:
        self.before = _C.set_anomaly(_Detector(self.check_nan))

    def __exit__(self, *_: object) -> None:
        _C.set_anomaly(self.before)


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
