"""Layers that learn the sizes of their input from the first batch, and then are ordinary layers."""

from __future__ import annotations

from typing import Any

from ... import _C
from ...modes import no_grad
from ...ops.creation import zeros
from ...tensor import Tensor
from ..parameter import UninitializedBuffer, UninitializedParameter, is_lazy
from .batchnorm import BatchNorm1d, BatchNorm2d, BatchNorm3d, _NormBase
from .conv import Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, _ConvNd
from .hooks import _global_hooks
from .instancenorm import InstanceNorm1d, InstanceNorm2d, InstanceNorm3d
from .linear import Linear
from .module import Module


class LazyModuleMixin(Module):
    """Stands before the class of a layer: the first call gives its parameters their sizes, and then its class.

    A subclass makes uninitialized parameters, and `initialize_parameters(*args)` that sees the arguments of `forward`.
    Loading a state gives sizes too.
    """

    cls_to_become: type[Module] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make the layer, and wait for the first call."""
        super().__init__(*args, **kwargs)
        self._initialize_hook = self.register_forward_pre_hook(self._infer_parameters, with_kwargs=True)

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Give the parameters their sizes, from the arguments of `forward`."""
        raise NotImplementedError(f"initialize_parameters is not implemented for {type(self).__name__}")

    def has_uninitialized_params(self) -> bool:
        """Whether some parameter or buffer of this layer has no sizes yet."""
        return any(map(is_lazy, (*self._parameters.values(), *self._buffers.values())))

    def _infer_parameters(self, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.initialize_parameters(*args, **kwargs)
        if self.has_uninitialized_params():
            raise RuntimeError(f"module {type(self).__name__} has not been fully initialized")
        self._initialize_hook.remove()
        del self._initialize_hook
        self._hooked = any(self.__dict__[kind] for kind in _global_hooks)  # calls are short again
        if self.cls_to_become is not None:
            self.__class__ = self.cls_to_become  # type: ignore[assignment]

    def _load_one(self, name: str, key: str, current: Tensor, value: Any, local_metadata: dict[str, Any]) -> str | None:
        if is_lazy(current) and is_lazy(value):
            return None
        if is_lazy(current) and isinstance(value, Tensor):
            current.materialize(value.shape)  # type: ignore[attr-defined]
        return super()._load_one(name, key, current, value, local_metadata)


class LazyLinear(LazyModuleMixin, Linear):
    """`Linear` whose `in_features` are those of the first input.

    Examples:
        >>> layer = nn.LazyLinear(3)
        >>> layer(tt.zeros(2, 5)).shape, layer
        (torch.Size([2, 3]), Linear(in_features=5, out_features=3, bias=True))
    """

    cls_to_become = Linear

    def __init__(self, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None) -> None:
        """Make a layer to `out_features` features."""
        super().__init__(0, 0, False, device, dtype)
        self.out_features = out_features
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)

    def reset_parameters(self) -> None:
        """Draw the parameters anew, once they have sizes."""
        if self.in_features != 0 and not self.has_uninitialized_params():
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor) -> None:
        """Take as many features as the input has."""
        self.in_features = input.shape[-1]
        if isinstance(self.weight, UninitializedParameter):
            with no_grad():
                self.weight.materialize((self.out_features, self.in_features))
                if isinstance(self.bias, UninitializedParameter):
                    self.bias.materialize((self.out_features,))
                self.reset_parameters()


class _LazyConv(LazyModuleMixin, _ConvNd):
    def __init__(
        self,
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
        """Make `out_channels` filters of `kernel_size`."""
        super().__init__(
            0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode, device=device, dtype=dtype
        )
        self._await_channels(out_channels, bias, device, dtype)

    def _await_channels(self, out_channels: int, bias: bool, device: Any, dtype: Any) -> None:
        self.out_channels = out_channels
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)

    def reset_parameters(self) -> None:
        """Draw the parameters anew, once they have sizes."""
        if self.in_channels != 0 and not self.has_uninitialized_params():
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor, *rest: Any, **named: Any) -> None:
        """Take as many channels as the input has."""
        n = self._dims
        if input.ndim not in (n + 1, n + 2):
            raise RuntimeError(
                f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {type(self).__name__}, but got input of "
                f"size: {tuple(input.shape)}"
            )
        self.in_channels = input.shape[-n - 1]
        self._check()
        if isinstance(self.weight, UninitializedParameter):
            first, second = self.out_channels, self.in_channels
            if self.transposed:
                first, second = second, first
            with no_grad():
                self.weight.materialize((first, second // self.groups, *self.kernel_size))
                if isinstance(self.bias, UninitializedParameter):
                    self.bias.materialize((self.out_channels,))
                self.reset_parameters()


class _LazyConvTranspose(_LazyConv):
    def __init__(
        self,
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
        """Make the transpose of a convolution from `out_channels` channels."""
        LazyModuleMixin.__init__(
            self,
            0,
            0,
            kernel_size,
            stride,
            padding,
            output_padding,
            groups,
            False,
            dilation,
            padding_mode,
            device,
            dtype,
        )
        self._await_channels(out_channels, bias, device, dtype)


class _LazyNorm(LazyModuleMixin, _NormBase):
    def __init__(
        self,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        """Normalise as many channels as the first input has; the rest as in the layer it becomes."""
        super().__init__(0, eps, momentum, False, False, device, dtype)
        self.affine = affine
        self.track_running_stats = track_running_stats
        kind = {"device": device, "dtype": dtype}
        if affine:
            self.weight = UninitializedParameter(**kind)
            if bias:
                self.bias = UninitializedParameter(**kind)
        if track_running_stats:
            self.running_mean = UninitializedBuffer(**kind)
            self.running_var = UninitializedBuffer(**kind)
            self.num_batches_tracked = zeros((), dtype=_C.int64)

    def reset_parameters(self) -> None:
        """Start anew, once the parameters have sizes."""
        if self.num_features != 0 and not self.has_uninitialized_params():
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor) -> None:
        """Take as many channels as the input has."""
        self.num_features = input.shape[1]
        waiting = [x for x in (self.weight, self.bias, self.running_mean, self.running_var) if is_lazy(x)]
        with no_grad():
            for x in waiting:
                x.materialize((self.num_features,))  # type: ignore[union-attr]
            if waiting:
                self.reset_parameters()


class LazyConv1d(_LazyConv, Conv1d):
    """`Conv1d` with as many in_channels as the first input has channels.

    Examples:
        >>> layer = nn.LazyConv1d(4, kernel_size=2)
        >>> _ = layer(tt.zeros(2, 3, 8))
        >>> layer.in_channels
        3
    """

    cls_to_become = Conv1d


class LazyConv2d(_LazyConv, Conv2d):
    """`Conv2d` with as many in_channels as the first input has channels.

    Examples:
        >>> layer = nn.LazyConv2d(4, kernel_size=2)
        >>> _ = layer(tt.zeros(2, 3, 8, 8))
        >>> layer.in_channels
        3
    """

    cls_to_become = Conv2d


class LazyConv3d(_LazyConv, Conv3d):
    """`Conv3d` with as many in_channels as the first input has channels.

    Examples:
        >>> layer = nn.LazyConv3d(4, kernel_size=2)
        >>> _ = layer(tt.zeros(2, 3, 8, 8, 8))
        >>> layer.in_channels
        3
    """

    cls_to_become = Conv3d


class LazyConvTranspose1d(_LazyConvTranspose, ConvTranspose1d):
    """`ConvTranspose1d` with as many in_channels as the first input has channels.

    Examples:
        >>> layer = nn.LazyConvTranspose1d(4, kernel_size=2)
        >>> _ = layer(tt.zeros(2, 3, 8))
        >>> layer.in_channels
        3
    """

    cls_to_become = ConvTranspose1d


class LazyConvTranspose2d(_LazyConvTranspose, ConvTranspose2d):
    """`ConvTranspose2d` with as many in_channels as the first input has channels.

    Examples:
        >>> layer = nn.LazyConvTranspose2d(4, kernel_size=2)
        >>> _ = layer(tt.zeros(2, 3, 8, 8))
        >>> layer.in_channels
        3
    """

    cls_to_become = ConvTranspose2d


class LazyConvTranspose3d(_LazyConvTranspose, ConvTranspose3d):
    """`ConvTranspose3d` with as many in_channels as the first input has channels.

    Examples:
        >>> layer = nn.LazyConvTranspose3d(4, kernel_size=2)
        >>> _ = layer(tt.zeros(2, 3, 8, 8, 8))
        >>> layer.in_channels
        3
    """

    cls_to_become = ConvTranspose3d


class LazyBatchNorm1d(_LazyNorm, BatchNorm1d):
    """`BatchNorm1d` with as many num_features as the first input has channels.

    Examples:
        >>> layer = nn.LazyBatchNorm1d()
        >>> _ = layer(tt.zeros(2, 3, 8))
        >>> layer.num_features
        3
    """

    cls_to_become = BatchNorm1d


class LazyBatchNorm2d(_LazyNorm, BatchNorm2d):
    """`BatchNorm2d` with as many num_features as the first input has channels.

    Examples:
        >>> layer = nn.LazyBatchNorm2d()
        >>> _ = layer(tt.zeros(2, 3, 8, 8))
        >>> layer.num_features
        3
    """

    cls_to_become = BatchNorm2d


class LazyBatchNorm3d(_LazyNorm, BatchNorm3d):
    """`BatchNorm3d` with as many num_features as the first input has channels.

    Examples:
        >>> layer = nn.LazyBatchNorm3d()
        >>> _ = layer(tt.zeros(2, 3, 8, 8, 8))
        >>> layer.num_features
        3
    """

    cls_to_become = BatchNorm3d


class LazyInstanceNorm1d(_LazyNorm, InstanceNorm1d):
    """`InstanceNorm1d` with as many num_features as the first input has channels.

    Examples:
        >>> layer = nn.LazyInstanceNorm1d()
        >>> _ = layer(tt.zeros(2, 3, 8))
        >>> layer.num_features
        3
    """

    cls_to_become = InstanceNorm1d


class LazyInstanceNorm2d(_LazyNorm, InstanceNorm2d):
    """`InstanceNorm2d` with as many num_features as the first input has channels.

    Examples:
        >>> layer = nn.LazyInstanceNorm2d()
        >>> _ = layer(tt.zeros(2, 3, 8, 8))
        >>> layer.num_features
        3
    """

    cls_to_become = InstanceNorm2d


class LazyInstanceNorm3d(_LazyNorm, InstanceNorm3d):
    """`InstanceNorm3d` with as many num_features as the first input has channels.

    Examples:
        >>> layer = nn.LazyInstanceNorm3d()
        >>> _ = layer(tt.zeros(2, 3, 8, 8, 8))
        >>> layer.num_features
        3
    """

    cls_to_become = InstanceNorm3d
