"""Whether ops are recorded, and who watches: no_grad, enable_grad, inference_mode, watch_ops."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from . import _C

F = TypeVar("F", bound=Callable[..., Any])


class _Mode:
    """A context manager that is also a decorator."""

    def __call__(self, function: F) -> F:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self.__class__(**self._arguments()):
                return function(*args, **kwargs)

        return wrapped  # type: ignore[return-value]

    def _arguments(self) -> dict[str, Any]:
        return {}

    def __enter__(self) -> Any:
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError


class set_grad_enabled(_Mode):
    """Turns recording on or off: at once, or as a context manager or decorator.

    Examples:
        >>> with tt.set_grad_enabled(False):
        ...     tt.is_grad_enabled()
        False
    """

    def __init__(self, mode: bool) -> None:
        self.mode = bool(mode)
        self.before = _C.set_grad_enabled(self.mode)

    def __call__(self, function: F) -> F:
        """Decorates a function; the mode outside is what it was."""
        _C.set_grad_enabled(self.before)
        return super().__call__(function)

    def _arguments(self) -> dict[str, Any]:
        return {"mode": self.mode}

    def __enter__(self) -> None:
        _C.set_grad_enabled(self.mode)

    def __exit__(self, *_: object) -> None:
        _C.set_grad_enabled(self.before)


class _Fixed(_Mode):
    mode: bool

    def __new__(cls, function: Any = None) -> Any:
        """`@no_grad` without parentheses decorates at once."""
        self = object.__new__(cls)
        return self(function) if callable(function) else self

    if TYPE_CHECKING:  # who cannot tell from __new__ what is made

        def __init__(self, function: Any = None) -> None: ...

    def __enter__(self) -> None:
        self.before = _C.set_grad_enabled(self.mode)

    def __exit__(self, *_: object) -> None:
        _C.set_grad_enabled(self.before)


class no_grad(_Fixed):
    """Within it nothing is recorded; a context manager or decorator.

    Examples:
        >>> w = tt.ones(2, requires_grad=True)
        >>> with tt.no_grad():
        ...     w -= 0.1
        >>> w
        tensor([0.9000, 0.9000], requires_grad=True)
    """

    mode = False


class enable_grad(_Fixed):
    """Within it ops are recorded, also inside `no_grad`; a context manager or decorator.

    Examples:
        >>> with tt.no_grad(), tt.enable_grad():
        ...     tt.is_grad_enabled()
        True
    """

    mode = True


class inference_mode(_Mode):
    """Like `no_grad`; tensors made within can never take part in a graph.

    Examples:
        >>> with tt.inference_mode():
        ...     x = tt.ones(2) * 2
        >>> x.is_inference()
        True
    """

    def __new__(cls, mode: Any = True) -> Any:
        """`@inference_mode` without parentheses decorates at once."""
        self = object.__new__(cls)
        if callable(mode):
            self.mode = True
            return self(mode)
        return self

    def __init__(self, mode: bool = True) -> None:
        self.mode = bool(mode)

    def _arguments(self) -> dict[str, Any]:
        return {"mode": self.mode}

    def __enter__(self) -> None:
        self.before = _C.set_inference(self.mode), _C.set_grad_enabled(not self.mode and _C.is_grad_enabled())

    def __exit__(self, *_: object) -> None:
        _C.set_inference(self.before[0])
        _C.set_grad_enabled(self.before[1])


class watch_ops:
    """Within it, every differentiable op of this thread is shown to a function, after it ran.

    Ops are seen where they are recorded (not inside `no_grad`), whether or not something requires grad. Those that
    `watch` runs itself are not.

    Args:
        watch: called as `watch(name, arguments, result)`, the arguments as a tuple.

    Example:
        >>> import tinytensor as tt
        >>> from tinytensor.modes import watch_ops
        >>> with watch_ops(lambda name, arguments, result: print(name, arguments[1:], result)):
        ...     y = tt.tensor(3.0) * 2 + 1
        mul (2,) tensor(6.)
        add (1,) tensor(7.)
    """

    def __init__(self, watch: Callable[[str, tuple[Any, ...], Any], object]) -> None:
        self.watch = watch

    def __enter__(self) -> None:
        self.before = _C.set_watcher(self.watch)

    def __exit__(self, *_: object) -> None:
        _C.set_watcher(self.before)


def is_grad_enabled() -> bool:
    """Whether ops are being recorded.

    Examples:
        >>> tt.is_grad_enabled()
        True
    """
    return bool(_C.is_grad_enabled())


def is_inference_mode_enabled() -> bool:
    """Whether `inference_mode` is on.

    Examples:
        >>> tt.is_inference_mode_enabled()
        False
    """
    return bool(_C.is_inference())
