"""Convolutions over one, two and three dimensions, and their transposes."""

from __future__ import annotations

import math
from typing import Any

from ...ops.creation import empty
from ...tensor import Tensor
from .. import functional as F
from .. import init
from ..parameter import Parameter
from .module import Module


def _repeat(value: Any, n: int) -> Any:
    """A size given once, or once for each dimension; the paddings "same" and "valid" as they are."""
    if isinstance(value, str):
        return value
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * n


class _ConvNd(Module):
    _dims: int
    _transposed = False
    weight: Parameter
    bias: Parameter | None

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        """Make `out_channels` filters of `kernel_size` over `in_channels` channels."""
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = _repeat(kernel_size, self._dims)
        self.stride = _repeat(stride, self._dims)
        self.padding = _repeat(padding, self._dims)
        self.dilation = _repeat(dilation, self._dims)
        self.transposed = self._transposed
        self.output_padding: tuple[int, ...] = (0,) * self._dims
        self.groups = groups
        self.padding_mode = padding_mode
        self._check()
        channels = (in_channels, out_channels) if self._transposed else (out_channels, in_channels)
        shape = (channels[0], channels[1] // groups, *self.kernel_size)
        self.weight = Parameter(empty(shape, device=device, dtype=dtype))
        self.register_parameter("bias", Parameter(empty(out_channels, device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def _check(self) -> None:
        if self.groups <= 0:
            raise ValueError("groups must be a positive integer")
        if self.in_channels % self.groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        if self.out_channels % self.groups != 0:
            raise ValueError("out_channels must be divisible by groups")
        if isinstance(self.padding, str):
            if self.padding not in ("same", "valid"):
                raise ValueError(f"Invalid padding string {self.padding!r}, should be one of 'same', 'valid'")
            if self.padding == "same" and any(step != 1 for step in self.stride):
                raise ValueError("padding='same' is not supported for strided convolutions")
        modes = ("zeros", "reflect", "replicate", "circular")
        if self.padding_mode not in modes:
            raise ValueError(f"padding_mode must be one of {modes}, but got padding_mode='{self.padding_mode}'")

    def reset_parameters(self) -> None:
        """Draw the parameters anew."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def _conv(self, *args: Any) -> Tensor:
        convolve = (F.conv1d, F.conv2d, F.conv3d)[self._dims - 1]
        return convolve(*args)

    def forward(self, input: Tensor) -> Tensor:
        if self.padding_mode == "zeros":
            return self._conv(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
        padded = F.pad(input, self._pad_amounts(), mode=self.padding_mode)
        return self._conv(padded, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)

    def _pad_amounts(self) -> list[int]:
        """Before and after each dimension, the last dimension first."""
        amounts = []
        for d in reversed(range(self._dims)):
            if self.padding == "valid":
                amounts += [0, 0]
            elif self.padding == "same":
                total = self.dilation[d] * (self.kernel_size[d] - 1)
                amounts += [total // 2, total - total // 2]
            else:
                amounts += [self.padding[d]] * 2
        return amounts

    def extra_repr(self) -> str:
        n = self._dims
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        if self.padding != (0,) * n:
            text += f", padding={self.padding}"
        if self.dilation != (1,) * n:
            text += f", dilation={self.dilation}"
        if self.output_padding != (0,) * n:
            text += f", output_padding={self.output_padding}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text


class Conv1d(_ConvNd):
    """Slides filters over sequences.

    Shapes: (N, in_channels, L) -> (N, out_channels, L'), the batch dimension may be missing.

    Examples:
        >>> tt.nn.Conv1d(3, 5, kernel_size=3, padding=1)(tt.zeros(2, 3, 10)).shape
        torch.Size([2, 5, 10])
    """

    _dims = 1


class Conv2d(_ConvNd):
    """Slides filters over images: (N, in_channels, H, W) -> (N, out_channels, H', W').

    Examples:
        >>> nn.Conv2d(3, 5, kernel_size=3, stride=2)(tt.zeros(2, 3, 9, 9)).shape
        torch.Size([2, 5, 4, 4])
    """

    _dims = 2


class Conv3d(_ConvNd):
    """Slides filters over volumes: (N, in_channels, D, H, W) -> (N, out_channels, D', H', W').

    Examples:
        >>> nn.Conv3d(3, 5, kernel_size=3)(tt.zeros(2, 3, 6, 6, 6)).shape
        torch.Size([2, 5, 4, 4, 4])
    """

    _dims = 3


class _ConvTransposeNd(_ConvNd):
    _transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        """Make the transpose of a convolution from `out_channels` to `in_channels` channels."""
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
        )
        self.output_padding = _repeat(output_padding, self._dims)

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        convolve = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[self._dims - 1]
        output_padding = self.output_padding if output_size is None else self._output_padding(input, output_size)
        return convolve(
            input, self.weight, self.bias, self.stride, self.padding, output_padding, self.groups, self.dilation
        )

    def _output_padding(self, input: Tensor, output_size: Any) -> list[int]:
        """What must be added at the end to reach `output_size`, which strides leave open."""
        n = self._dims
        leading = input.dim() - n
        sizes = list(output_size)
        if len(sizes) == leading + n:
            sizes = sizes[leading:]
        if len(sizes) != n:
            raise ValueError(
                f"ConvTranspose{n}D: for {input.dim()}D input, output_size must have {n} or {leading + n} elements "
                f"(got {len(output_size)})"
            )
        least = [
            (input.size(leading + d) - 1) * self.stride[d]
            - 2 * self.padding[d]
            + self.dilation[d] * (self.kernel_size[d] - 1)
            + 1
            for d in range(n)
        ]
        most = [least[d] + self.stride[d] - 1 for d in range(n)]
        if any(not least[d] <= sizes[d] <= most[d] for d in range(n)):
            raise ValueError(
                f"requested an output size of {sizes}, but valid sizes range from {least} to {most} "
                f"(for an input of {input.size()[2:]})"
            )
        return [sizes[d] - least[d] for d in range(n)]


class ConvTranspose1d(_ConvTransposeNd):
    """The gradient of Conv1d as a layer: it undoes strides, (N, in_channels, L) -> (N, out_channels, L').

    Examples:
        >>> nn.ConvTranspose1d(3, 5, kernel_size=2, stride=2)(tt.zeros(2, 3, 10)).shape
        torch.Size([2, 5, 20])
    """

    _dims = 1


class ConvTranspose2d(_ConvTransposeNd):
    """The gradient of Conv2d as a layer: (N, in_channels, H, W) -> (N, out_channels, H', W').

    Examples:
        >>> nn.ConvTranspose2d(3, 5, kernel_size=2, stride=2)(tt.zeros(2, 3, 4, 4)).shape
        torch.Size([2, 5, 8, 8])
    """

    _dims = 2


class ConvTranspose3d(_ConvTransposeNd):
    """The gradient of Conv3d as a layer: (N, in_channels, D, H, W) -> (N, out_channels, D', H', W').

    Examples:
        >>> nn.ConvTranspose3d(3, 5, kernel_size=2)(tt.zeros(2, 3, 4, 4, 4)).shape
        torch.Size([2, 5, 5, 5, 5])
    """

    _dims = 3
