"""softmax, its logarithm and softmin along one dimension."""

from __future__ import annotations

import warnings
from typing import Any

from .._C import ops as C
from .._C import vjp
from ..tensor import Tensor, method, primitive

__all__ = ["log_softmax", "softmax"]


def _implicit_dim(name: str, ndim: int) -> int:
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        stacklevel=3,
    )
    return 0 if ndim in (0, 1, 3) else 1


@method()
@primitive
def softmax(input: Tensor, dim: int, dtype: Any = None) -> Any:
    """`exp(x) / sum(exp(x))` along `dim`.

    Shapes: any, kept.

    Raises:
        IndexError: there is no such dimension.
        RuntimeError: the elements are not of a floating point dtype and no `dtype` is given.

    Examples:
        >>> tt.tensor([[0.0, 0.0], [1.0, 3.0]]).softmax(1)
        tensor([[0.5000, 0.5000],
                [0.1192, 0.8808]])
    """
    y = C.softmax(input if dtype is None else C.cast(input, dtype), dim)
    return y, vjp(C.softmax_backward, y, dim)


@primitive
def softmax_backward(g: Any, y: Any, dim: int) -> Any:
    """The gradient y (g - sum(g y))."""

    def vjp_y(h: Any) -> Any:
        inner = C.sub(C.mul(h, C.sum(C.mul(g, y), dim, True)), C.mul(h, g))
        return C.neg(C.add(inner, C.mul(g, C.sum(C.mul(h, y), dim, True))))

    return C.softmax_backward(g, y, dim), vjp(C.softmax_backward, y, dim), vjp_y


@method()
@primitive
def log_softmax(input: Tensor, dim: int, dtype: Any = None) -> Any:
    """`x - log(sum(exp(x)))` along `dim`; the errors are those of `softmax`.

    Shapes: any, kept.

    Examples:
        >>> tt.tensor([0.0, 0.0]).log_softmax(0)
        tensor([-0.6931, -0.6931])
    """
    y = C.log_softmax(input if dtype is None else C.cast(input, dtype), dim)
    return y, vjp(C.log_softmax_backward, y, dim)


@primitive
def log_softmax_backward(g: Any, y: Any, dim: int) -> Any:
    """The gradient g - exp(y) sum(g)."""
    gx = C.log_softmax_backward(g, y, dim)
    return (
        gx,
        lambda h: C.sub(h, C.sum(C.mul(h, C.exp(y)), dim, True)),
        lambda h: C.neg(C.mul(C.mul(h, C.exp(y)), C.sum(g, dim, True))),
    )


# ---- in nn.functional, where the dimension may be left out ----


def implicit_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """`softmax`; without `dim` along the dimension of classes, with a warning. Shapes: any, kept.

    Examples:
        >>> F.softmax(tt.zeros(2, 4), dim=1)
        tensor([[0.2500, 0.2500, 0.2500, 0.2500],
                [0.2500, 0.2500, 0.2500, 0.2500]])
    """
    return softmax(input, _implicit_dim("softmax", input.ndim) if dim is None else dim, dtype)


def implicit_log_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """`log_softmax`; without `dim` along the dimension of classes, with a warning. Shapes: any, kept.

    Examples:
        >>> F.log_softmax(tt.tensor([0.0, 0.0]), dim=0)
        tensor([-0.6931, -0.6931])
    """
    return log_softmax(input, _implicit_dim("log_softmax", input.ndim) if dim is None else dim, dtype)


def softmin(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """`softmax(-x)` along `dim`. Shapes: any, kept.

    Examples:
        >>> F.softmin(tt.tensor([0.0, 1.0]), dim=0)
        tensor([0.7311, 0.2689])
    """
    return softmax(-input, _implicit_dim("softmin", input.ndim) if dim is None else dim, dtype)
