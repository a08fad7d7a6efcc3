"""The CPU's instruction set."""

from .. import _C


def get_cpu_capability() -> str:
    """The instruction set in use, under PyTorch's name, such as "AVX512"."""
    return str(_C.config()["isa"]).upper()
