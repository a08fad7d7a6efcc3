"""Layers that zero random elements while training."""

from __future__ import annotations

from ...tensor import Tensor
from .. import functional as F
from .module import Module


class _Dropout(Module):
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        """Drop with probability `p`."""
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_Dropout):
    """Zeroes elements with probability `p` and scales the others by 1/(1-p); identity in evaluation.

    Shapes: any, kept.

    Examples:
        >>> _ = tt.manual_seed(0)
        >>> dropout = nn.Dropout(0.5)
        >>> dropout(tt.ones(6)), dropout.eval()(tt.ones(6))
        (tensor([0., 0., 2., 0., 0., 0.]), tensor([1., 1., 1., 1., 1., 1.]))
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_Dropout):
    """Zeroes whole channels of (N, C, L) or (C, L), which are kept.

    Examples:
        >>> nn.Dropout1d(0.5)(tt.ones(2, 6, 3)).shape
        torch.Size([2, 6, 3])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_Dropout):
    """Zeroes whole channels of (N, C, H, W) or (N, C, L), which are kept.

    Examples:
        >>> nn.Dropout2d(0.5)(tt.ones(2, 6, 3, 3)).shape
        torch.Size([2, 6, 3, 3])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_Dropout):
    """Zeroes whole channels of (N, C, D, H, W) or (C, D, H, W), which are kept.

    Examples:
        >>> nn.Dropout3d(0.5)(tt.ones(2, 6, 3, 3, 3)).shape
        torch.Size([2, 6, 3, 3, 3])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_Dropout):
    """Dropout that keeps mean and variance of SELU activations. Shapes: any, kept.

    Examples:
        >>> nn.AlphaDropout(0.5).eval()(tt.ones(3))
        tensor([1., 1., 1.])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(_Dropout):
    """AlphaDropout of whole channels of (N, C, *), which are kept.

    Examples:
        >>> nn.FeatureAlphaDropout(0.5)(tt.ones(2, 6, 3)).shape
        torch.Size([2, 6, 3])
    """

    def forward(self, input: Tensor) -> Tensor:
        return F.feature_alpha_dropout(input, self.p, self.training)
