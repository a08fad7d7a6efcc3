"""tinytensor: tensors and automatic differentiation on the CPU, with PyTorch's API.

    import tinytensor as torch

Start with `tinytensor/tensor.py`, then `tinytensor/ops/`; HACKING.md has the map.

In the examples of docstrings, which are tests, `tt` is this package, `np` NumPy, and `nn`, `F`, `optim` are `tt.nn`,
`tt.nn.functional`, `tt.optim`.
"""

# isort: off
# Type checkers take a name of a typed package as exported where it is imported `as` itself.
from importlib import import_module as _import_module
from math import (
    e as e,
    inf as inf,
    nan as nan,
    pi as pi,
)
from typing import TYPE_CHECKING
from typing import Any as _Any

from . import _C
from . import missing as _missing
from ._C import (
    bfloat16 as bfloat16,
    complex64 as complex64,
    complex128 as complex128,
    dtype as dtype,
    float16 as float16,
    float32 as float32,
    float64 as float64,
    get_default_dtype as get_default_dtype,
    get_num_threads as get_num_threads,
    int8 as int8,
    int16 as int16,
    int32 as int32,
    int64 as int64,
    promote_types as promote_types,
    set_default_dtype as set_default_dtype,
    set_num_threads as set_num_threads,
    uint8 as uint8,
    uint16 as uint16,
    uint32 as uint32,
    uint64 as uint64,
)
from ._C import bool as bool
from .device import (
    channels_last as channels_last,
    channels_last_3d as channels_last_3d,
    contiguous_format as contiguous_format,
    device as device,
    layout as layout,
    memory_format as memory_format,
    preserve_format as preserve_format,
    strided as strided,
)
from .modes import (
    enable_grad as enable_grad,
    inference_mode as inference_mode,
    is_grad_enabled as is_grad_enabled,
    is_inference_mode_enabled as is_inference_mode_enabled,
    no_grad as no_grad,
    set_grad_enabled as set_grad_enabled,
)
from .printing import (
    set_printoptions as set_printoptions,
)
from .random import (
    Generator as Generator,
    default_generator as default_generator,
    get_rng_state as get_rng_state,
    initial_seed as initial_seed,
    manual_seed as manual_seed,
    seed as seed,
    set_rng_state as set_rng_state,
)
from .tensor import (
    Size as Size,
    Tensor as Tensor,
)

from .ops import *
from . import autograd as autograd, random as random

_missing.refuse_methods(Tensor)

if TYPE_CHECKING:
    from . import (
        accelerator as accelerator,
        amp as amp,
        backends as backends,
        cuda as cuda,
        distributed as distributed,
        distributions as distributions,
        func as func,
        functional as functional,
        legacy as legacy,
        linalg as linalg,
        nn as nn,
        onnx as onnx,
        optim as optim,
        serialization as serialization,
        settings as settings,
        special as special,
        testing as testing,
        utils as utils,
    )
    from .amp import GradScaler as GradScaler, autocast as autocast
    from .as_torch import install_as_torch as install_as_torch
    from .func import vmap as vmap
    from .ops.calculus import (
        cumulative_trapezoid as cumulative_trapezoid,
        gradient as gradient,
        trapezoid as trapezoid,
        trapz as trapz,
    )
    from .ops.window_functions import (
        bartlett_window as bartlett_window,
        blackman_window as blackman_window,
        hamming_window as hamming_window,
        hann_window as hann_window,
        kaiser_window as kaiser_window,
    )
    from .legacy import (
        BoolTensor as BoolTensor,
        ByteTensor as ByteTensor,
        CharTensor as CharTensor,
        DoubleTensor as DoubleTensor,
        FloatTensor as FloatTensor,
        IntTensor as IntTensor,
        LongTensor as LongTensor,
        ShortTensor as ShortTensor,
        TensorType as TensorType,
        set_default_tensor_type as set_default_tensor_type,
    )
    from .serialization import load as load, save as save
    from .settings import (
        are_deterministic_algorithms_enabled as are_deterministic_algorithms_enabled,
        compile as compile,
        get_default_device as get_default_device,
        get_float32_matmul_precision as get_float32_matmul_precision,
        set_default_device as set_default_device,
        set_float32_matmul_precision as set_float32_matmul_precision,
        use_deterministic_algorithms as use_deterministic_algorithms,
    )
    from .type_info import finfo as finfo, iinfo as iinfo

float, double, long, int, short = float32, float64, int64, int32, int16
half, cfloat, cdouble = float16, complex64, complex128
newaxis = None

__version__ = "0.1.0"


def show_config() -> str:
    """Version, instruction set, threads and compiler, one a line.

    Examples:
        >>> print(tt.show_config().splitlines()[0])
        tinytensor 0.1.0
    """
    config = _C.config()
    isas = ", ".join(config["available_isas"])
    return (
        f"tinytensor {__version__}\n"
        f"instruction set: {config['isa']} (this CPU runs: {isas})\n"
        f"threads: {config['threads']}\n"
        f"compiler: {config['compiler']}, OpenMP {config['openmp']}\n"
        f"ops: {config['ops']}\n"
    )


# Imported when first asked for: modules, and names of modules.
_MODULES = """accelerator amp backends cuda distributed distributions func functional linalg nn onnx optim serialization
    special testing utils"""
_NAMES = {
    "autograd.anomaly_mode": "is_anomaly_check_nan_enabled is_anomaly_enabled",
    "amp": "GradScaler autocast",
    "as_torch": "install_as_torch",
    "func": "vmap",
    "legacy": """BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor IntTensor LongTensor ShortTensor TensorType
        set_default_tensor_type""",
    "ops.calculus": "cumulative_trapezoid gradient trapezoid trapz",
    "ops.window_functions": "bartlett_window blackman_window hamming_window hann_window kaiser_window",
    "serialization": "load save",
    "settings": """are_deterministic_algorithms_enabled compile get_default_device get_float32_matmul_precision
        set_default_device set_float32_matmul_precision use_deterministic_algorithms""",
    "type_info": "finfo iinfo",
}
# The functions `torch.exp_(x)`, ...: methods of Tensor.
_IN_PLACE = frozenset(
    """abs_ acos_ acosh_ addmv_ arccos_ arccosh_ arcsin_ arcsinh_ arctan_ arctanh_ asin_ asinh_ atan_ atanh_ ceil_ clamp_
    clamp_max_ clamp_min_ clip_ cos_ cosh_ deg2rad_ detach_ erf_ erfc_ exp2_ exp_ expm1_ fill_ fix_ floor_ frac_ gcd_
    index_put_ lcm_ ldexp_ log10_ log1p_ log2_ log_ logit_ nan_to_num_ neg_ negative_ rad2deg_ reciprocal_ round_ rsqrt_
    sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ tan_ tanh_ trunc_ xlogy_""".split()
)
_LATER = dict.fromkeys(_MODULES.split()) | {_n: _m for _m, _names in _NAMES.items() for _n in _names.split()}


if not TYPE_CHECKING:  # which knows these modules, and takes what is imported above as exported

    def __getattr__(name: str) -> _Any:
        if name in _LATER:
            module = _LATER[name]
            found = _import_module(f"{__name__}.{module or name}")
            return getattr(found, name) if module else found
        if name in _IN_PLACE:
            return getattr(Tensor, name)
        return _missing.names_of(__name__)(name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *_LATER, *_IN_PLACE})

    __all__ = [_name for _name in (*globals(), *_LATER, *_IN_PLACE) if not _name.startswith("_")]
