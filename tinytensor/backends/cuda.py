"""Switches of products on a GPU; they switch nothing."""


class _Matmul:
    """Programs allow faster, less exact products here; there is one way of products."""

    allow_tf32 = False
    allow_fp16_reduced_precision_reduction = True
    allow_bf16_reduced_precision_reduction = True


matmul = _Matmul()


def is_built() -> bool:
    """False: there is no CUDA."""
    return False
