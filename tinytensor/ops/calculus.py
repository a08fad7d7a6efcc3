"""Integrals and derivatives of sampled functions."""

from __future__ import annotations

from typing import Any

from .._C import bool as bool_
from .._C import uint8
from ..tensor import Tensor, make_composites
from .creation import tensor
from .join import cat
from .view import wrap_dim

__all__ = ["cumulative_trapezoid", "gradient", "trapezoid", "trapz"]

# ---- the trapezoidal rule ----


def _trapezoids(name: str, y: Tensor, x: Any, dx: Any, dim: int) -> tuple[Any, Any]:
    """The sums of neighbouring values, and the distances between their points."""
    if x is not None and dx is not None:
        raise TypeError(f"{name}() takes x or dx, not both")
    dim = wrap_dim(dim, y.ndim)
    if y.dtype is bool_ or (x is not None and x.dtype is bool_):
        raise RuntimeError(f"{name}: received a bool input for `x` or `y`, but bool is not supported")
    steps: Any = 1 if dx is None else dx
    if x is not None and y.ndim:
        if x.ndim == 0:
            raise RuntimeError(f"{name}: There must be one `x` value for each sample point")
        if x.ndim == 1:
            if x.shape[0] != y.shape[dim]:
                raise RuntimeError(f"{name}: There must be one `x` value for each sample point")
            x = x.reshape(-1, *(1,) * (y.ndim - 1 - dim))
            steps = x.diff(dim=0)
        else:
            steps = x.diff(dim=dim - y.ndim)
    n = max(y.shape[dim] - 1, 0) if y.ndim else 0
    return (y.narrow(dim, 1, n) + y.narrow(dim, 0, n) if n else y.narrow(dim, 0, 0) if y.ndim else y[None][:0]), steps


def trapezoid(y: Tensor, x: Any = None, *, dx: Any = None, dim: int = -1) -> Tensor:
    """The integral of a sampled function along `dim`, by the trapezoidal rule.

    Args:
        y: the values.
        x: the points they belong to, one vector or as many dimensions as y; or
        dx: the distance between points, 1 by default.
        dim: along which dimension.

    Shapes: any -> the same without `dim`.

    Raises:
        RuntimeError: y or x is bool, or there is not one x for each value.

    Examples:
        >>> tt.trapezoid(tt.tensor([1.0, 5.0, 10.0]), tt.tensor([1.0, 3.0, 6.0]))
        tensor(28.5000)
    """
    if y.ndim and y.shape[dim] == 0:
        return y.new_zeros((*y.shape[:dim], *y.shape[dim:][1:]))
    sums, steps = _trapezoids("trapezoid", y, x, dx, dim)
    return (sums * steps).sum(dim) / 2


def trapz(y: Tensor, x: Any = None, *, dx: Any = None, dim: int = -1) -> Tensor:
    """`trapezoid`, by its older name.

    Examples:
        >>> tt.trapz(tt.tensor([1.0, 5.0, 10.0]))
        tensor(10.5000)
    """
    return trapezoid(y, x, dx=dx, dim=dim)


def cumulative_trapezoid(y: Tensor, x: Any = None, *, dx: Any = None, dim: int = -1) -> Tensor:
    """The integrals up to each point but the first, by the trapezoidal rule. The arguments are those of `trapezoid`.

    Shapes: any -> the same, `dim` smaller by one.

    Examples:
        >>> tt.cumulative_trapezoid(tt.tensor([1.0, 5.0, 10.0]))
        tensor([ 3.0000, 10.5000])
    """
    sums, steps = _trapezoids("cumulative_trapezoid", y, x, dx, dim)
    return (sums * steps / 2).cumsum(dim)


# ---- finite differences ----


def gradient(input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1) -> list[Tensor]:
    """Derivatives of a sampled function along each of several dimensions, by central differences.

    Args:
        input: the values.
        spacing: the distance between points, one number for all dimensions or one for each; or a vector of coordinates
            for each.
        dim: one dimension or several; all by default.
        edge_order: 1 or 2, the order of the differences at both ends.

    Shapes: any -> one of the same shape for each dimension.

    Raises:
        RuntimeError: there are not as many spacings as dimensions, or fewer than `edge_order` + 1 points.

    Examples:
        >>> tt.gradient(tt.tensor([1.0, 4.0, 9.0, 16.0]))[0]
        tensor([3., 4., 6., 7.])
    """
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    if input.dtype is uint8:
        raise RuntimeError("torch.gradient does not support uint8 input.")
    if input.dtype is bool_:
        raise RuntimeError("torch.gradient does not support bool input.")
    dims = list(range(input.ndim)) if dim is None else [dim] if isinstance(dim, int) else list(dim)
    dims = [wrap_dim(d, input.ndim) for d in dims]
    if len(set(dims)) < len(dims):
        raise RuntimeError("torch.gradient: a dimension appears multiple times in the list of dims")
    spacings = list(spacing) if isinstance(spacing, list | tuple) else [spacing] * len(dims)
    if len(spacings) != len(dims):
        raise RuntimeError(
            f"torch.gradient expected spacing to be unspecified, a scalar, or a list of length {len(dims)}, "
            f"got {len(spacings)}"
        )
    if any(input.shape[d] < edge_order + 1 for d in dims):
        raise RuntimeError("torch.gradient expected each dimension size to be at least edge_order+1")
    return [_derivative(input, d, s, edge_order) for d, s in zip(dims, spacings, strict=True)]


def _derivative(x: Tensor, dim: int, spacing: Any, edge_order: int) -> Tensor:
    n = x.shape[dim]
    if isinstance(spacing, Tensor) and spacing.ndim:
        if spacing.shape != (n,):
            raise RuntimeError(
                f"torch.gradient expected one coordinate for each of {n} points, got shape {tuple(spacing.shape)}"
            )
        steps = spacing.diff()
    else:
        number = spacing.item() if isinstance(spacing, Tensor) else spacing
        steps = tensor(float(number), dtype=x.dtype if x.dtype.is_floating_point else None).expand(n - 1)
    wide = steps.reshape(-1, *(1,) * (x.ndim - 1 - dim))
    slopes = x.diff(dim=dim) / wide

    def part(y: Tensor, start: int, count: int) -> Tensor:
        return y.narrow(dim if y is slopes else 0, start, count)

    # Between its neighbours a function counts as a parabola: the slopes on both sides, weighted by the other's step.
    left, right = part(wide, 0, n - 2), part(wide, 1, n - 2)
    inner = (part(slopes, 0, n - 2) * right + part(slopes, 1, n - 2) * left) / (left + right)
    first, last = part(slopes, 0, 1), part(slopes, n - 2, 1)
    if edge_order == 2:
        first = first + (first - part(slopes, 1, 1)) * part(wide, 0, 1) / (part(wide, 0, 1) + part(wide, 1, 1))
        near, far = part(wide, n - 2, 1), part(wide, n - 3, 1)
        last = last + (last - part(slopes, n - 3, 1)) * near / (near + far)
    return cat((first, inner, last), dim)


make_composites(__name__, __all__)
