"""Many parameters as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable

from ...ops.join import cat
from ...tensor import Tensor


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All elements of all parameters in one vector.

    Examples:
        >>> nn.utils.parameters_to_vector([tt.zeros(2, 1), tt.ones(1)])
        tensor([0., 0., 1.])
    """
    return cat([param.reshape(-1) for param in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Give the parameters the elements of a vector as their values, in order; they become views of it.

    Examples:
        >>> p, q = tt.empty(2, 1), tt.empty(1)
        >>> nn.utils.vector_to_parameters(tt.tensor([1.0, 2.0, 3.0]), [p, q]), p, q
        (None, tensor([[1.],
                [2.]]), tensor([3.]))
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {type(vec).__module__}.{type(vec).__qualname__}")
    begin = 0
    for param in parameters:
        count = param.numel()
        param.data = vec.detach()[begin : begin + count].view(param.shape)
        begin += count
