"""What is said of a name that tinytensor does not have: one place for all modules, and for Tensor."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like this one, or the empty string."""
    import difflib  # a few milliseconds that only a mistake has to pay

    words = [word for word in known if not word.startswith("_")]
    alike = [word for word in words if word.lower() == name.lower()]
    return next(iter([*sorted(alike), *difflib.get_close_matches(name, words, 1, 0.7)]), "")


def describe(what: str, name: str, known: Iterable[str]) -> str:
    """The message about a missing name."""
    near = nearest(name, known)
    return f"{what} is not implemented in tinytensor" + (f"; the nearest name that is: {near!r}" if near else "")


class _MissingName(AttributeError):
    """An AttributeError that looks for the nearest name when it is shown: `hasattr`, which shows nothing, stays cheap."""

    def __init__(self, what: str, name: str, known: Callable[[], Iterable[str]]) -> None:
        super().__init__(what, name=name)
        self._known = known

    def __str__(self) -> str:
        return describe(self.args[0], str(self.name), self._known())


_MissingName.__module__, _MissingName.__qualname__ = "builtins", "AttributeError"  # as which it is shown


def names_of(module: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module.

    Example:
        >>> nn.Lienar
        Traceback (most recent call last):
        ...
        AttributeError: nn.Lienar is not implemented in tinytensor; the nearest name that is: 'Linear'
    """

    def missing(name: str) -> NoReturn:
        if name.startswith("_"):  # asked by Python and its tools, not by people
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        short = module.replace("tinytensor", "torch", 1).removeprefix("torch.")
        raise _MissingName(f"{short}.{name}", name, lambda: dir(sys.modules[module]))

    return missing


class Method:
    """Stands in a class for a method of PyTorch's that is not there: asking for it raises, `hasattr` says no."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, obj: Any, owner: type) -> NoReturn:
        raise _MissingName(f"Tensor.{self.name}", self.name, lambda: _members(owner))


def _members(owner: type) -> list[str]:
    """What a class has, without those that are only refused."""
    members = {word: value for kind in reversed(owner.__mro__) for word, value in vars(kind).items()}
    return [word for word, value in members.items() if not isinstance(value, Method)]


TENSOR_METHODS = frozenset(
    """
    angle apply_ as_strided_ as_strided_scatter as_subclass bfloat16 ccol_indices cdouble cfloat chalf cholesky
    cholesky_inverse cholesky_solve coalesce col_indices conj conj_physical conj_physical_ const_data_ptr corrcoef cov
    cross crow_indices dense_dim dequantize det diff dim_order eig fill_diagonal_ float_power float_power_ frexp gcd
    gcd_ geqrf half hash_tensor heaviside heaviside_ i0 i0_ igamma igamma_ igammac igammac_ imag index index_reduce
    index_reduce_ indices int_repr inverse ipu is_coalesced is_conj is_distributed is_neg is_pinned is_set_to isreal
    istft lcm lcm_ logdet lstsq lu lu_solve map2_ map_ matrix_exp module_load mtia mvlgamma mvlgamma_ narrow_copy new
    new_empty_strided nextafter nextafter_ nonzero_static orgqr ormqr pin_memory pinverse polygamma polygamma_
    q_per_channel_axis q_per_channel_scales q_per_channel_zero_points q_scale q_zero_point qr qscheme real
    record_stream reinforce renorm renorm_ resize resize_ resize_as resize_as_ resize_as_sparse_ resolve_conj
    resolve_neg row_indices set_ share_memory_ sinc sinc_ slice_inverse slogdet smm solve sparse_dim sparse_mask
    sparse_resize_ sparse_resize_and_clear_ squeeze_ sspaddmm stft storage storage_type sum_to_size svd swapaxes_
    swapdims_ symeig t_ to_dense to_mkldnn to_padded_tensor to_sparse to_sparse_bsc to_sparse_bsr to_sparse_coo
    to_sparse_csc to_sparse_csr transpose_ triangular_solve unsafe_chunk unsafe_split unsafe_split_with_sizes
    unsqueeze_ untyped_storage values xpu
    """.split()
)
"""Methods of PyTorch's Tensor that programs may ask for; those that are implemented are no longer refused."""


def refuse_methods(tensor: type) -> None:
    """Puts a `Method` wherever Tensor lacks one. A `__getattr__` would slow down every method call instead."""
    for name in TENSOR_METHODS:
        if not hasattr(tensor, name):
            stand_in = Method()
            stand_in.__set_name__(tensor, name)
            setattr(tensor, name, stand_in)
