"""Every differentiable op, its gradient right under its forward: one file a family, mirrored by csrc/kernels.

What a module lists in `__all__` is a function of the package; the rest are methods of Tensor and internals.
"""

import typing as _typing
from types import ModuleType as _Module

from ..tensor import make_composites as _make_composites
from .activation import *
from .adaptive import *
from .binary import *
from .broadcast import *
from .cast import *
from .choice import *
from .cholesky import *
from .compare import *
from .conv import *
from .covariance import *
from .creation import *
from .distance import *
from .dropout import *
from .einsum import *
from .elementary import *
from .extreme import *
from .gather import *
from .gating import *
from .image import *
from .index import *
from .join import *
from .linalg import *
from .lowrank import *
from .lu import *
from .matmul import *
from .matrix_exp import *
from .norm import *
from .older import *
from .polygamma import *
from .pooling import *
from .quantile import *
from .query import *
from .randint import *
from .random import *
from .ranges import *
from .rearrange import *
from .reduce import *
from .relu import *
from .scan import *
from .search import *
from .softmax import *
from .sort import *
from .split import *
from .trig import *
from .unary import *
from .view import *

_make_composites(__name__, list(globals()))

# The functions are names of the package, the files of this folder are not: `tinytensor.random` is another module.
if not _typing.TYPE_CHECKING:
    __all__ = [_name for _name, _value in globals().items() if _name[0] != "_" and not isinstance(_value, _Module)]
