# Written by tools/methods.py: the methods of Tensor that are attached where their ops are defined.
import builtins
from typing import Any, Literal, Self, overload

from ._C import TensorBase
from .device import memory_format
from .ops.results import (
    HistogramAndEdges,
    MantissaAndExponent,
    MinAndMax,
    QAndR,
    Reflections,
    SignAndLog,
    UAndSAndV,
    ValuesAndIndices,
)
from .random import Generator
from .tensor import Tensor

class Methods(TensorBase):
    @property
    def H(self) -> Tensor:
        """The transpose of a matrix; vectors and 0-d tensors as they are."""
    @property
    def T(self) -> Tensor:
        """The view with its dimensions in reverse order."""
    def __abs__(self) -> Tensor: ...
    def __add__(self, other: Any) -> Tensor: ...
    def __and__(self, other: Any) -> Tensor: ...
    def __eq__(self, other: Any) -> Tensor: ...  # type: ignore[override]
    def __hash__(self) -> builtins.int: ...
    def __floordiv__(self, other: Any) -> Tensor: ...
    def __ge__(self, other: Any) -> Tensor: ...
    def __gt__(self, other: Any) -> Tensor: ...
    def __iadd__(self, other: Any) -> Self: ...
    def __iand__(self, other: Any) -> Self: ...
    def __ifloordiv__(self, other: Any) -> Self: ...
    def __ilshift__(self, other: Any) -> Self: ...
    def __imod__(self, other: Any) -> Self: ...
    def __imul__(self, other: Any) -> Self: ...
    def __invert__(self) -> Tensor: ...
    def __ior__(self, other: Any) -> Self: ...
    def __ipow__(self, exponent: Any) -> Self: ...
    def __irshift__(self, other: Any) -> Self: ...
    def __isub__(self, other: Any) -> Self: ...
    def __itruediv__(self, other: Any) -> Self: ...
    def __ixor__(self, other: Any) -> Self: ...
    def __le__(self, other: Any) -> Tensor: ...
    def __lshift__(self, other: Any) -> Tensor: ...
    def __lt__(self, other: Any) -> Tensor: ...
    def __matmul__(self, other: Tensor) -> Tensor: ...
    def __mod__(self, other: Any) -> Tensor: ...
    def __mul__(self, other: Any) -> Tensor: ...
    def __ne__(self, other: Any) -> Tensor: ...  # type: ignore[override]
    def __neg__(self) -> Tensor: ...
    def __or__(self, other: Any) -> Tensor: ...
    def __pos__(self) -> Tensor: ...
    def __pow__(self, exponent: Any) -> Tensor: ...
    def __radd__(self, other: Any) -> Tensor: ...
    def __rand__(self, other: Any) -> Tensor: ...
    def __rdiv__(self, other: Any) -> Tensor: ...
    def __rfloordiv__(self, other: Any) -> Tensor: ...
    def __rlshift__(self, other: Any) -> Tensor: ...
    def __rmatmul__(self, other: Any) -> Tensor: ...
    def __rmod__(self, other: Any) -> Tensor: ...
    def __rmul__(self, other: Any) -> Tensor: ...
    def __ror__(self, other: Any) -> Tensor: ...
    def __rpow__(self, other: Any) -> Tensor: ...
    def __rrshift__(self, other: Any) -> Tensor: ...
    def __rshift__(self, other: Any) -> Tensor: ...
    def __rsub__(self, other: Any) -> Tensor: ...
    def __rtruediv__(self, other: Any) -> Tensor: ...
    def __rxor__(self, other: Any) -> Tensor: ...
    def __sub__(self, other: Any) -> Tensor: ...
    def __truediv__(self, other: Any) -> Tensor: ...
    def __xor__(self, other: Any) -> Tensor: ...
    def abs(self) -> Tensor:
        """`|x|`; its slope at 0 is 0. Elementwise."""
    def abs_(self) -> Self:
        """In-place version of `abs`."""
    def absolute(self) -> Tensor:
        """`|x|`; its slope at 0 is 0. Elementwise."""
    def absolute_(self) -> Self:
        """In-place version of `abs`."""
    def acos(self) -> Tensor:
        """The angle of a cosine. Elementwise."""
    def acos_(self) -> Self:
        """In-place version of `acos`."""
    def acosh(self) -> Tensor:
        """The inverse of `cosh`. Elementwise."""
    def acosh_(self) -> Self:
        """In-place version of `acosh`."""
    def add(self, other: Any, *, alpha: Any = ...) -> Tensor:
        """`input + alpha * other`; of bool, the logical or. Elementwise, with broadcasting."""
    def add_(self, other: Any, *, alpha: Any = ...) -> Self:
        """In-place version of `add`."""
    def addbmm(
        self, batch1: Tensor, batch2: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...
    ) -> Tensor:
        """`beta * input + alpha * bmm(batch1, batch2).sum(0)`; input is expanded to the product's shape."""
    def addbmm_(
        self, batch1: Tensor, batch2: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...
    ) -> Self:
        """In-place version of `addbmm`."""
    def addcdiv(self, tensor1: Any, tensor2: Any, *, value: Any = ...) -> Tensor:
        """`input + value * tensor1 / tensor2`, for floats. Elementwise, with broadcasting."""
    def addcdiv_(self, tensor1: Any, tensor2: Any, *, value: Any = ...) -> Self:
        """In-place version of `addcdiv`."""
    def addcmul(self, tensor1: Any, tensor2: Any, *, value: Any = ...) -> Tensor:
        """`input + value * tensor1 * tensor2`. Elementwise, with broadcasting."""
    def addcmul_(self, tensor1: Any, tensor2: Any, *, value: Any = ...) -> Self:
        """In-place version of `addcmul`."""
    def addmm(
        self, mat1: Tensor, mat2: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...
    ) -> Tensor:
        """`beta * input + alpha * (mat1 @ mat2)` of matrices; input is expanded to the product's shape."""
    def addmm_(
        self, mat1: Tensor, mat2: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...
    ) -> Self:
        """In-place version of `addmm`."""
    def addmv(self, mat: Tensor, vec: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...) -> Tensor:
        """`beta * input + alpha * (mat @ vec)`; input is expanded to the product's shape."""
    def addmv_(self, mat: Tensor, vec: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...) -> Self:
        """In-place version of `addmv`."""
    def addr(
        self, vec1: Tensor, vec2: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...
    ) -> Tensor:
        """`beta * input + alpha * outer(vec1, vec2)`; input is expanded to the product's shape."""
    def addr_(self, vec1: Tensor, vec2: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...) -> Self:
        """In-place version of `addr`."""
    def adjoint(self) -> Tensor:
        """The last two dimensions swapped: the conjugate transpose of real matrices."""
    def all(self, dim: Any = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Whether all elements are not zero: of all, or along dimensions."""
    def allclose(
        self, other: Tensor, rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ...
    ) -> builtins.bool:
        """Whether all elements are close (see `isclose`); the two shapes broadcast."""
    def amax(self, dim: Any = ..., keepdim: builtins.bool = ...) -> Tensor:
        """The largest elements over dimensions; the gradient is shared between equals."""
    def amin(self, dim: Any = ..., keepdim: builtins.bool = ...) -> Tensor:
        """The smallest elements over dimensions; the gradient is shared between equals."""
    def aminmax(self, *, dim: builtins.int | None = ..., keepdim: builtins.bool = ...) -> MinAndMax:
        """`(min, max)` of all elements, or along one dimension."""
    def any(self, dim: Any = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Whether any element is not zero: of all, or along dimensions."""
    def arccos(self) -> Tensor:
        """The angle of a cosine. Elementwise."""
    def arccos_(self) -> Self:
        """In-place version of `acos`."""
    def arccosh(self) -> Tensor:
        """The inverse of `cosh`. Elementwise."""
    def arccosh_(self) -> Self:
        """In-place version of `acosh`."""
    def arcsin(self) -> Tensor:
        """The angle of a sine. Elementwise."""
    def arcsin_(self) -> Self:
        """In-place version of `asin`."""
    def arcsinh(self) -> Tensor:
        """The inverse of `sinh`. Elementwise."""
    def arcsinh_(self) -> Self:
        """In-place version of `asinh`."""
    def arctan(self) -> Tensor:
        """The angle of a tangent. Elementwise."""
    def arctan2(self, other: Any) -> Tensor:
        """The angle of the point (other, input), in (-pi, pi]; its gradient at the origin is 0. Elementwise, with broadcasting."""
    def arctan2_(self, other: Any) -> Self:
        """In-place version of `atan2`."""
    def arctan_(self) -> Self:
        """In-place version of `atan`."""
    def arctanh(self) -> Tensor:
        """The inverse of `tanh`. Elementwise."""
    def arctanh_(self) -> Self:
        """In-place version of `atanh`."""
    def argmax(self, dim: builtins.int | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Where the largest element stands (the first of equals): in the flattened tensor, or along a dimension."""
    def argmin(self, dim: builtins.int | None = ..., keepdim: builtins.bool = ...) -> Tensor:
        """Where the smallest element stands (the first of equals): in the flattened tensor, or along a dimension."""
    def argsort(
        self, dim: builtins.int = ..., descending: builtins.bool = ..., stable: builtins.bool = ...
    ) -> Tensor:
        """The indices that sort the elements along `dim`."""
    def argwhere(self) -> Tensor:
        """The indices of all elements that are not zero, one row each."""
    def as_strided(self, size: Any, stride: Any, storage_offset: builtins.int | None = ...) -> Tensor:
        """The tensor's memory under any sizes and strides (in elements)."""
    def asin(self) -> Tensor:
        """The angle of a sine. Elementwise."""
    def asin_(self) -> Self:
        """In-place version of `asin`."""
    def asinh(self) -> Tensor:
        """The inverse of `sinh`. Elementwise."""
    def asinh_(self) -> Self:
        """In-place version of `asinh`."""
    def atan(self) -> Tensor:
        """The angle of a tangent. Elementwise."""
    def atan2(self, other: Any) -> Tensor:
        """The angle of the point (other, input), in (-pi, pi]; its gradient at the origin is 0. Elementwise, with broadcasting."""
    def atan2_(self, other: Any) -> Self:
        """In-place version of `atan2`."""
    def atan_(self) -> Self:
        """In-place version of `atan`."""
    def atanh(self) -> Tensor:
        """The inverse of `tanh`. Elementwise."""
    def atanh_(self) -> Self:
        """In-place version of `atanh`."""
    def baddbmm(
        self, batch1: Tensor, batch2: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...
    ) -> Tensor:
        """`beta * input + alpha * bmm(batch1, batch2)`; input is expanded to the product's shape."""
    def baddbmm_(
        self, batch1: Tensor, batch2: Tensor, *, beta: builtins.float = ..., alpha: builtins.float = ...
    ) -> Self:
        """In-place version of `baddbmm`."""
    def bernoulli(
        self, p: builtins.float | None = ..., *, generator: Generator | None = ..., out: Tensor | None = ...
    ) -> Tensor:
        """One with the probability that `input` gives for each element, else zero."""
    def bernoulli_(self, p: Tensor | builtins.float = ..., *, generator: Generator | None = ...) -> Self:
        """Fills, in place, with one with probability `p`, a number or a tensor that expands to x, else zero."""
    def bincount(self, weights: Any = ..., minlength: builtins.int = ...) -> Tensor:
        """How often each of 0, 1, 2, ... occurs in a vector of integers, or the sum of the weights where it does."""
    def bitwise_and(self, other: Any) -> Tensor:
        """The bits that are set in both; integers and bool. Elementwise, with broadcasting."""
    def bitwise_and_(self, other: Any) -> Self:
        """In-place version of `bitwise_and`."""
    def bitwise_left_shift(self, other: Any) -> Tensor:
        """`input * 2**other`, of integers. Elementwise, with broadcasting."""
    def bitwise_left_shift_(self, other: Any) -> Self:
        """In-place version of `bitwise_left_shift`."""
    def bitwise_not(self) -> Tensor:
        """Every bit turned over; of bool, the negation. Elementwise."""
    def bitwise_not_(self) -> Self:
        """In-place version of `bitwise_not`."""
    def bitwise_or(self, other: Any) -> Tensor:
        """The bits that are set in either; integers and bool. Elementwise, with broadcasting."""
    def bitwise_or_(self, other: Any) -> Self:
        """In-place version of `bitwise_or`."""
    def bitwise_right_shift(self, other: Any) -> Tensor:
        """`floor(input / 2**other)`, of integers. Elementwise, with broadcasting."""
    def bitwise_right_shift_(self, other: Any) -> Self:
        """In-place version of `bitwise_right_shift`."""
    def bitwise_xor(self, other: Any) -> Tensor:
        """The bits that are set in one alone; integers and bool. Elementwise, with broadcasting."""
    def bitwise_xor_(self, other: Any) -> Self:
        """In-place version of `bitwise_xor`."""
    def bmm(self, mat2: Tensor) -> Tensor:
        """Products of two batches of matrices: (b, m, k) and (b, k, n) give (b, m, n), without broadcasting."""
    def bool(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """`input.to(torch.bool)`. Elementwise."""
    def broadcast_to(self, size: Any) -> Tensor:
        """`input.expand(size)`."""
    def byte(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """`input.to(torch.uint8)`. Elementwise."""
    def cauchy_(
        self, median: builtins.float = ..., sigma: builtins.float = ..., *, generator: Generator | None = ...
    ) -> Self:
        """Fills with numbers of the Cauchy distribution, in place."""
    def ceil(self) -> Tensor:
        """The smallest whole number that is not smaller. Elementwise."""
    def ceil_(self) -> Self:
        """In-place version of `ceil`."""
    def char(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """`input.to(torch.int8)`. Elementwise."""
    def cholesky(self, upper: builtins.bool = ...) -> Tensor:
        """`linalg.cholesky`."""
    def cholesky_inverse(self, upper: builtins.bool = ...) -> Tensor:
        """The inverse of A, given its Cholesky factor, lower triangular or `upper`."""
    def cholesky_solve(self, L: Tensor, upper: builtins.bool = ...) -> Tensor:
        """X with `A X = B`, given the Cholesky factor of A."""
    def chunk(self, chunks: builtins.int, dim: builtins.int = ...) -> tuple[Tensor, ...]:
        """At most `chunks` neighbouring parts of one size along `dim`; the last may be smaller."""
    def clamp(self, min: Any = ..., max: Any = ...) -> Tensor:
        """`x` moved into [min, max]; `max` where the two contradict each other. The gradient passes at the ends too."""
    def clamp_(self, min: Any = ..., max: Any = ...) -> Self:
        """In-place version of `clamp`."""
    def clamp_max(self, max: Any) -> Tensor:
        """x, or `max` where that is smaller. Elementwise, with broadcasting."""
    def clamp_max_(self, max: Any) -> Self:
        """In-place version of `clamp_max`."""
    def clamp_min(self, min: Any) -> Tensor:
        """x, or `min` where that is larger. Elementwise, with broadcasting."""
    def clamp_min_(self, min: Any) -> Self:
        """In-place version of `clamp_min`."""
    def clip(self, min: Any = ..., max: Any = ...) -> Tensor:
        """`x` moved into [min, max]; `max` where the two contradict each other. The gradient passes at the ends too."""
    def clip_(self, min: Any = ..., max: Any = ...) -> Self:
        """In-place version of `clamp`."""
    def clone(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """A copy, dense, with the dimensions in the same order in memory, or in that of a memory format."""
    def contiguous(self, *, memory_format: memory_format = ...) -> Any:
        """The tensor itself if it lies in this format (row-major unless told otherwise), else a copy that does."""
    def copy_(self, src: Any, non_blocking: builtins.bool = ...) -> Self:
        """Takes the elements of `src`, which broadcasts, converted to the tensor's dtype; in place."""
    def copysign(self, other: Any) -> Tensor:
        """`|input|` with the sign of `other`. Elementwise, with broadcasting."""
    def copysign_(self, other: Any) -> Self:
        """In-place version of `copysign`."""
    def corrcoef(self) -> Tensor:
        """The correlation coefficients (Pearson) of variables, one a row; of a vector 1."""
    def cos(self) -> Tensor:
        """The cosine of an angle in radians. Elementwise."""
    def cos_(self) -> Self:
        """In-place version of `cos`."""
    def cosh(self) -> Tensor:
        """The hyperbolic cosine. Elementwise."""
    def cosh_(self) -> Self:
        """In-place version of `cosh`."""
    def count_nonzero(self, dim: Any = ...) -> Tensor:
        """How many elements are not zero: of all, or along dimensions."""
    def cov(self, *, correction: builtins.int = ..., fweights: Any = ..., aweights: Any = ...) -> Tensor:
        """The covariances of variables, one a row; of a vector, its variance."""
    def cpu(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """The tensor itself, in this memory format: it is on the CPU."""
    def cross(self, other: Tensor, dim: builtins.int | None = ...) -> Tensor:
        """Cross products of vectors of three elements along `dim`: the first dimension of that size, unless it is given."""
    def cuda(self, *args: Any, **kwargs: Any) -> Tensor:
        """Refused: there is no GPU here."""
    def cummax(self, dim: builtins.int) -> ValuesAndIndices:
        """`(values, indices)` of the largest element up to each one along `dim`."""
    def cummin(self, dim: builtins.int) -> ValuesAndIndices:
        """`(values, indices)` of the smallest element up to each one along `dim`."""
    def cumprod(self, dim: builtins.int, *, dtype: Any = ...) -> Tensor:
        """Products of all elements up to each one along `dim`; of integers and booleans in int64."""
    def cumprod_(self, dim: builtins.int, *, dtype: Any = ...) -> Self:
        """In-place version of `cumprod`."""
    def cumsum(self, dim: builtins.int, *, dtype: Any = ...) -> Tensor:
        """Sums of all elements up to each one along `dim`; of integers and booleans in int64."""
    def cumsum_(self, dim: builtins.int, *, dtype: Any = ...) -> Self:
        """In-place version of `cumsum`."""
    def deg2rad(self) -> Tensor:
        """Degrees as radians. Elementwise."""
    def deg2rad_(self) -> Self:
        """In-place version of `deg2rad`."""
    def det(self) -> Tensor:
        """Determinants of square matrices."""
    def diag(self, diagonal: builtins.int = ...) -> Tensor:
        """The matrix with this diagonal for a vector; the diagonal of a matrix, copied."""
    def diag_embed(self, offset: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ...) -> Tensor:
        """Matrices that are zero but for the diagonal, which the last dimension of `input` gives."""
    def diagflat(self, offset: builtins.int = ...) -> Tensor:
        """The matrix whose diagonal is `input`, read as one vector."""
    def diagonal(self, offset: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ...) -> Tensor:
        """The view of a diagonal of dimensions `dim1` and `dim2`, as the last one; `offset` > 0 is above the main diagonal."""
    def diagonal_scatter(
        self, src: Any, offset: builtins.int = ..., dim1: builtins.int = ..., dim2: builtins.int = ...
    ) -> Tensor:
        """`input` with `src`, shaped as the diagonal, as its diagonal."""
    def diff(self, n: builtins.int = ..., dim: builtins.int = ..., prepend: Any = ..., append: Any = ...) -> Tensor:
        """Differences of neighbours along `dim`, `n` times over; of bool, whether they differ."""
    def digamma(self) -> Tensor:
        """The derivative of `lgamma`. Elementwise."""
    def digamma_(self) -> Self:
        """In-place version of `digamma`."""
    def dim(self) -> builtins.int:
        """The number of dimensions."""
    def dist(self, other: Tensor, p: builtins.float = ...) -> Tensor:
        """The p-norm of `input - other`, which broadcast; 0-d."""
    def div(self, other: Any, *, rounding_mode: str | None = ...) -> Tensor:
        """`input / other`, of real numbers; or rounded, then integers stay integers. Elementwise, with broadcasting."""
    def div_(self, other: Any, *, rounding_mode: str | None = ...) -> Self:
        """In-place version of `div`."""
    def divide(self, other: Any, *, rounding_mode: str | None = ...) -> Tensor:
        """`input / other`, of real numbers; or rounded, then integers stay integers. Elementwise, with broadcasting."""
    def divide_(self, other: Any, *, rounding_mode: str | None = ...) -> Self:
        """In-place version of `div`."""
    def dot(self, tensor: Tensor) -> Tensor:
        """The sum of the products of two vectors."""
    def double(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """`input.to(torch.float64)`. Elementwise."""
    def dsplit(self, indices_or_sections: Any) -> tuple[Tensor, ...]:
        """Parts along the third dimension."""
    def element_size(self) -> builtins.int:
        """Bytes of one element."""
    def eq(self, other: Any) -> Tensor:
        """Whether elements are equal; nan equals nothing. Elementwise, with broadcasting."""
    def eq_(self, other: Any) -> Self:
        """In-place version of `eq`."""
    def equal(self, other: Tensor) -> builtins.bool:
        """Whether shapes and all elements are equal."""
    def erf(self) -> Tensor:
        """The error function. Elementwise."""
    def erf_(self) -> Self:
        """In-place version of `erf`."""
    def erfc(self) -> Tensor:
        """`1 - erf(x)`, exact for large x. Elementwise."""
    def erfc_(self) -> Self:
        """In-place version of `erfc`."""
    def erfinv(self) -> Tensor:
        """The inverse of `erf`; infinite at 1 and -1, nan beyond. Elementwise."""
    def erfinv_(self) -> Self:
        """In-place version of `erfinv`."""
    def exp(self) -> Tensor:
        """`e**x`. Elementwise."""
    def exp2(self) -> Tensor:
        """`2**x`. Elementwise."""
    def exp2_(self) -> Self:
        """In-place version of `exp2`."""
    def exp_(self) -> Self:
        """In-place version of `exp`."""
    def expand(self, *sizes: Any) -> Tensor:
        """Repeats dimensions of size 1 without copying; -1 keeps a size, new dimensions come first."""
    def expand_as(self, other: Tensor) -> Tensor:
        """`input.expand(other.shape)`."""
    def expm1(self) -> Tensor:
        """`e**x - 1`, exact for small x. Elementwise."""
    def expm1_(self) -> Self:
        """In-place version of `expm1`."""
    def exponential_(self, lambd: builtins.float = ..., *, generator: Generator | None = ...) -> Self:
        """Fills with exponential numbers of rate `lambd`, in place."""
    def fill_(self, value: Any) -> Self:
        """Sets every element to `value`, a number or a 0-d tensor; in place."""
    def fill_diagonal_(self, fill_value: Any, wrap: builtins.bool = ...) -> Self:
        """Writes a number on the diagonal, in place."""
    def fix(self) -> Tensor:
        """The whole part, rounded towards zero. Elementwise."""
    def fix_(self) -> Self:
        """In-place version of `trunc`."""
    def flatten(self, start_dim: builtins.int = ..., end_dim: builtins.int = ...) -> Tensor:
        """Dimensions `start_dim` to `end_dim` as one."""
    def flip(self, dims: Any, *more: builtins.int) -> Tensor:
        """The elements in reverse order along the given dimensions."""
    def fliplr(self) -> Tensor:
        """Columns in reverse order."""
    def flipud(self) -> Tensor:
        """Rows in reverse order."""
    def float(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """`input.to(torch.float32)`. Elementwise."""
    def float_power(self, exponent: Any) -> Tensor:
        """`input ** exponent` in float64, with broadcasting; one of the two may be a number."""
    def float_power_(self, exponent: Any) -> Self:
        """In-place version of `float_power`, of a float64 tensor."""
    def floor(self) -> Tensor:
        """The largest whole number that is not larger; -0 stays. Elementwise."""
    def floor_(self) -> Self:
        """In-place version of `floor`."""
    def floor_divide(self, other: Any) -> Tensor:
        """`floor(input / other)`, as Python's `//`; it has no gradient. Elementwise, with broadcasting."""
    def floor_divide_(self, other: Any) -> Self:
        """In-place version of `floor_divide`."""
    def fmax(self, other: Tensor) -> Tensor:
        """The larger of two, or the one that is not nan. Elementwise, with broadcasting."""
    def fmin(self, other: Tensor) -> Tensor:
        """The smaller of two, or the one that is not nan. Elementwise, with broadcasting."""
    def fmod(self, other: Any) -> Tensor:
        """`input - other * trunc(input / other)`, as C's `fmod`: it has the sign of `input`."""
    def fmod_(self, other: Any) -> Self:
        """In-place version of `fmod`."""
    def frac(self) -> Tensor:
        """`x - trunc(x)`, for floats. Elementwise."""
    def frac_(self) -> Self:
        """In-place version of `frac`."""
    def frexp(self) -> MantissaAndExponent:
        """Mantissas of [0.5, 1) in magnitude and int32 exponents, `input = mantissa * 2**exponent`."""
    def gather(self, dim: builtins.int, index: Tensor, *, sparse_grad: builtins.bool = ...) -> Tensor:
        """Elements of `input` along `dim`: `y[i, j] = input[index[i, j], j]` for `dim=0`; of the shape of `index`."""
    def gcd(self, other: Tensor) -> Tensor:
        """The greatest common divisor, not negative; of integers, with broadcasting."""
    def gcd_(self, other: Tensor) -> Self:
        """In-place version of `gcd`."""
    def ge(self, other: Any) -> Tensor:
        """Whether `input >= other`. Elementwise, with broadcasting."""
    def ge_(self, other: Any) -> Self:
        """In-place version of `ge`."""
    def geometric_(self, p: builtins.float, *, generator: Generator | None = ...) -> Self:
        """Fills with how many trials it takes, each a success with probability p, until the first success, in place."""
    def geqrf(self) -> Reflections:
        """`linalg.qr` as LAPACK keeps it, for `linalg.householder_product`; without a gradient."""
    def ger(self, vec2: Tensor) -> Tensor:
        """All products of an element of one vector and an element of another: sizes (n,) and (m,) give (n, m)."""
    def get_device(self) -> builtins.int:
        """-1, which stands for the CPU."""
    def greater(self, other: Any) -> Tensor:
        """Whether `input > other`. Elementwise, with broadcasting."""
    def greater_(self, other: Any) -> Self:
        """In-place version of `gt`."""
    def greater_equal(self, other: Any) -> Tensor:
        """Whether `input >= other`. Elementwise, with broadcasting."""
    def greater_equal_(self, other: Any) -> Self:
        """In-place version of `ge`."""
    def gt(self, other: Any) -> Tensor:
        """Whether `input > other`. Elementwise, with broadcasting."""
    def gt_(self, other: Any) -> Self:
        """In-place version of `gt`."""
    def hardshrink(self, lambd: builtins.float = ...) -> Tensor:
        """0 where `|x| <= lambd`, else x. Elementwise."""
    def heaviside(self, values: Tensor) -> Tensor:
        """0 for negative numbers, 1 for positive ones, and `values` for 0; with broadcasting, without a gradient."""
    def heaviside_(self, values: Tensor) -> Self:
        """In-place version of `heaviside`."""
    def histc(self, bins: builtins.int = ..., min: builtins.float = ..., max: builtins.float = ...) -> Tensor:
        """How many elements fall into each of `bins` equal bins from `min` to `max` (by default those of the elements)."""
    def histogram(
        self, bins: Any = ..., *, range: Any = ..., weight: Any = ..., density: builtins.bool = ...
    ) -> HistogramAndEdges:
        """Counts (or sums of weights) in bins, a number of equal ones or between given edges; and the edges."""
    def hsplit(self, indices_or_sections: Any) -> tuple[Tensor, ...]:
        """Parts along the columns (the only dimension of a vector)."""
    def hypot(self, other: Any) -> Tensor:
        """`sqrt(input**2 + other**2)` without overflow, for floats. Elementwise, with broadcasting."""
    def hypot_(self, other: Any) -> Self:
        """In-place version of `hypot`."""
    def index_add(self, dim: builtins.int, index: Tensor, source: Any, *, alpha: Any = ...) -> Tensor:
        """`input` with `alpha * source` added to the slices along `dim` that `index` names, one after the other."""
    def index_add_(self, dim: builtins.int, index: Tensor, source: Any, *, alpha: Any = ...) -> Self:
        """In-place version of `index_add`."""
    def index_copy(self, dim: builtins.int, index: Tensor, source: Any) -> Tensor:
        """`input` with the slices along `dim` that `index` names replaced by those of `source`."""
    def index_copy_(self, dim: builtins.int, index: Tensor, source: Any) -> Self:
        """In-place version of `index_copy`."""
    def index_fill(self, dim: builtins.int, index: Tensor, value: Any) -> Tensor:
        """`input` with `value` in the slices along `dim` that `index` names."""
    def index_fill_(self, dim: builtins.int, index: Tensor, value: Any) -> Self:
        """In-place version of `index_fill`."""
    def index_put(self, indices: Any, values: Any, accumulate: builtins.bool = ...) -> Tensor:
        """`input` with `values` written, or added, where `input[indices]` reads."""
    def index_put_(self, indices: Any, values: Any, accumulate: builtins.bool = ...) -> Self:
        """In-place version of `index_put`."""
    def index_reduce(
        self, dim: builtins.int, index: Tensor, source: Tensor, reduce: str, *, include_self: builtins.bool = ...
    ) -> Tensor:
        """`scatter_reduce` of whole slices along `dim`: those of `source` go to the places that `index`, a vector, names."""
    def index_reduce_(
        self, dim: builtins.int, index: Tensor, source: Tensor, reduce: str, *, include_self: builtins.bool = ...
    ) -> Self:
        """In-place version of `index_reduce`."""
    def index_select(self, dim: builtins.int, index: Tensor) -> Tensor:
        """The slices of `input` along `dim` that the vector `index` names, in its order."""
    def inner(self, other: Any) -> Tensor:
        """Sums of products over the last dimensions: (..., k) and (... ', k) give (..., ... '); a 0-d operand scales."""
    def int(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """`input.to(torch.int32)`. Elementwise."""
    def inverse(self) -> Tensor:
        """Inverses of square matrices: `linalg.inv`."""
    def is_complex(self) -> builtins.bool:
        """False: there are no complex dtypes."""
    def is_floating_point(self) -> builtins.bool:
        """Whether the dtype is float32 or float64."""
    def is_nonzero(self) -> builtins.bool:
        """Whether the one element is not zero."""
    def is_pinned(self) -> builtins.bool:
        """False: memory is not pinned."""
    def is_same_size(self, other: Tensor) -> builtins.bool:
        """Whether both have the same shape."""
    def is_shared(self) -> builtins.bool:
        """False: memory is not shared between processes."""
    def is_signed(self) -> builtins.bool:
        """Whether the dtype has negative values."""
    def isclose(
        self, other: Tensor, rtol: builtins.float = ..., atol: builtins.float = ..., equal_nan: builtins.bool = ...
    ) -> Tensor:
        """Whether `|input - other| <= atol + rtol * |other|`, or the two are equal. Elementwise, with broadcasting."""
    def isfinite(self) -> Tensor:
        """Whether an element is neither infinite nor nan. Elementwise."""
    def isinf(self) -> Tensor:
        """Whether an element is infinite. Elementwise."""
    def isnan(self) -> Tensor:
        """Whether an element is not a number. Elementwise."""
    def isneginf(self) -> Tensor:
        """Whether an element is -inf. Elementwise."""
    def isposinf(self) -> Tensor:
        """Whether an element is +inf. Elementwise."""
    def kron(self, other: Any) -> Tensor:
        """The Kronecker product: blocks of each element of input times all of other; missing dimensions come in front."""
    def kthvalue(self, k: builtins.int, dim: builtins.int = ..., keepdim: builtins.bool = ...) -> ValuesAndIndices:
        """The k-th smallest element along `dim`, and where it is."""
    def lcm(self, other: Tensor) -> Tensor:
        """The least common multiple, not negative; of integers, with broadcasting."""
    def lcm_(self, other: Tensor) -> Self:
        """In-place version of `lcm`."""
    def ldexp(self, other: Any) -> Tensor:
        """`input * 2 ** other`. Elementwise, with broadcasting."""
    def ldexp_(self, other: Any) -> Self:
        """In-place version of `ldexp`."""
    def le(self, other: Any) -> Tensor:
        """Whether `input <= other`. Elementwise, with broadcasting."""
    def le_(self, other: Any) -> Self:
        """In-place version of `le`."""
    def lerp(self, end: Any, weight: Any) -> Tensor:
        """`input + weight * (end - input)`, exact at both ends. Elementwise, with broadcasting."""
    def lerp_(self, end: Any, weight: Any) -> Self:
        """In-place version of `lerp`."""
    def less(self, other: Any) -> Tensor:
        """Whether `input < other`. Elementwise, with broadcasting."""
    def less_(self, other: Any) -> Self:
        """In-place version of `lt`."""
    def less_equal(self, other: Any) -> Tensor:
        """Whether `input <= other`. Elementwise, with broadcasting."""
    def less_equal_(self, other: Any) -> Self:
        """In-place version of `le`."""
    def lgamma(self) -> Tensor:
        """The logarithm of `|Gamma(x)|`. Elementwise."""
    def lgamma_(self) -> Self:
        """In-place version of `lgamma`."""
    def log(self) -> Tensor:
        """The natural logarithm; -inf at zero, nan below. Elementwise."""
    def log10(self) -> Tensor:
        """The logarithm of base 10. Elementwise."""
    def log10_(self) -> Self:
        """In-place version of `log10`."""
    def log1p(self) -> Tensor:
        """`log(1 + x)`, exact for small x. Elementwise."""
    def log1p_(self) -> Self:
        """In-place version of `log1p`."""
    def log2(self) -> Tensor:
        """The logarithm of base 2. Elementwise."""
    def log2_(self) -> Self:
        """In-place version of `log2`."""
    def log_(self) -> Self:
        """In-place version of `log`."""
    def log_normal_(
        self, mean: builtins.float = ..., std: builtins.float = ..., *, generator: Generator | None = ...
    ) -> Self:
        """Fills with numbers whose logarithms are normal, of the given mean and standard deviation, in place."""
    def log_softmax(self, dim: builtins.int, dtype: Any = ...) -> Tensor:
        """`x - log(sum(exp(x)))` along `dim`; the errors are those of `softmax`."""
    def logaddexp(self, other: Any) -> Tensor:
        """`log(exp(input) + exp(other))` without overflow. Elementwise, with broadcasting."""
    def logaddexp2(self, other: Any) -> Tensor:
        """`log2(2**input + 2**other)` without overflow. Elementwise, with broadcasting."""
    def logcumsumexp(self, dim: builtins.int) -> Tensor:
        """`log(cumsum(exp(x)))` along `dim`, without overflow."""
    def logdet(self) -> Tensor:
        """The logarithms of determinants; nan where they are negative."""
    def logical_and(self, other: Any) -> Tensor:
        """Whether both are non-zero. Elementwise, with broadcasting."""
    def logical_and_(self, other: Any) -> Self:
        """In-place version of `logical_and`."""
    def logical_not(self) -> Tensor:
        """Whether an element is zero. Elementwise."""
    def logical_not_(self) -> Self:
        """In-place version of `logical_not`."""
    def logical_or(self, other: Any) -> Tensor:
        """Whether one is non-zero. Elementwise, with broadcasting."""
    def logical_or_(self, other: Any) -> Self:
        """In-place version of `logical_or`."""
    def logical_xor(self, other: Any) -> Tensor:
        """Whether exactly one is non-zero. Elementwise, with broadcasting."""
    def logical_xor_(self, other: Any) -> Self:
        """In-place version of `logical_xor`."""
    def logit(self, eps: builtins.float | None = ...) -> Tensor:
        """`log(x / (1 - x))`, the inverse of `sigmoid`; with `eps`, of x moved into [eps, 1 - eps]. Elementwise."""
    def logit_(self, eps: builtins.float | None = ...) -> Self:
        """In-place version of `logit`."""
    def logsumexp(self, dim: Any, keepdim: builtins.bool = ...) -> Tensor:
        """`log(sum(exp(x)))` along dimensions, without overflow."""
    def long(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """`input.to(torch.int64)`. Elementwise."""
    def lt(self, other: Any) -> Tensor:
        """Whether `input < other`. Elementwise, with broadcasting."""
    def lt_(self, other: Any) -> Self:
        """In-place version of `lt`."""
    def lu(self, pivot: builtins.bool = ..., get_infos: builtins.bool = ...) -> Any:
        """The older form of `linalg.lu_factor`; it takes singular matrices, and gives `info` only if asked to."""
    def lu_solve(self, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
        """The older form of `linalg.lu_solve`: X with `A X = input`."""
    @property
    def mH(self) -> Tensor:
        """The view with its last two dimensions swapped: (*, m, n) -> (*, n, m), the transpose of real matrices."""
    @property
    def mT(self) -> Tensor:
        """The view with its last two dimensions swapped: (*, m, n) -> (*, n, m), the transpose of real matrices."""
    def masked_fill(self, mask: Tensor, value: Any) -> Tensor:
        """`input`, with `value` where `mask` is true."""
    def masked_fill_(self, mask: Tensor, value: Any) -> Self:
        """In-place version of `masked_fill`."""
    def masked_scatter(self, mask: Tensor, source: Any) -> Tensor:
        """`input`, with the elements where `mask` is true taken from `source`, one after the other."""
    def masked_scatter_(self, mask: Tensor, source: Any) -> Self:
        """In-place version of `masked_scatter`."""
    def masked_select(self, mask: Tensor) -> Tensor:
        """The elements of `input` where `mask` is true, as a vector; the two are broadcast to each other."""
    def matmul(self, other: Tensor) -> Tensor:
        """Matrix product of the last two dimensions; leading dimensions broadcast."""
    def matrix_exp(self) -> Tensor:
        """The exponentials of square matrices, `sum(A^k / k!)`; computed in float64."""
    def matrix_power(self, n: builtins.int) -> Tensor:
        """The n-th power of square matrices (..., m, m), by repeated squaring; of inverses where n is negative."""
    @overload
    def max(self) -> Tensor:
        """The largest element; or, along one dimension, `(values, indices)`; or, of two tensors, the larger elementwise."""
    @overload
    def max(self, dim: builtins.int, keepdim: builtins.bool = ...) -> ValuesAndIndices:
        """The largest element; or, along one dimension, `(values, indices)`; or, of two tensors, the larger elementwise."""
    @overload
    def max(self, dim: Tensor) -> Tensor:
        """The largest element; or, along one dimension, `(values, indices)`; or, of two tensors, the larger elementwise."""
    @overload
    def max(self, *, other: Tensor) -> Tensor:
        """The largest element; or, along one dimension, `(values, indices)`; or, of two tensors, the larger elementwise."""
    def maximum(self, other: Tensor) -> Tensor:
        """The larger of two; nan if either is. The gradient of equal ones is split evenly. Elementwise, with broadcasting."""
    def mean(self, dim: Any = ..., keepdim: builtins.bool = ..., *, dtype: Any = ...) -> Tensor:
        """The mean of all elements, or along dimensions."""
    @overload
    def median(self) -> Tensor:
        """The lower of the middle values: of all elements, or `(values, indices)` along one dimension; NaN if one is NaN."""
    @overload
    def median(self, dim: builtins.int, keepdim: builtins.bool = ...) -> ValuesAndIndices:
        """The lower of the middle values: of all elements, or `(values, indices)` along one dimension; NaN if one is NaN."""
    @overload
    def min(self) -> Tensor:
        """The smallest element, or, along one dimension, `(values, indices)`, or the smaller of two tensors; see `max`."""
    @overload
    def min(self, dim: builtins.int, keepdim: builtins.bool = ...) -> ValuesAndIndices:
        """The smallest element, or, along one dimension, `(values, indices)`, or the smaller of two tensors; see `max`."""
    @overload
    def min(self, dim: Tensor) -> Tensor:
        """The smallest element, or, along one dimension, `(values, indices)`, or the smaller of two tensors; see `max`."""
    @overload
    def min(self, *, other: Tensor) -> Tensor:
        """The smallest element, or, along one dimension, `(values, indices)`, or the smaller of two tensors; see `max`."""
    def minimum(self, other: Tensor) -> Tensor:
        """The smaller of two; nan if either is. The gradient of equal ones is split evenly. Elementwise, with broadcasting."""
    def mm(self, mat2: Tensor) -> Tensor:
        """Product of two matrices (exactly 2-d): (m, k) and (k, n) give (m, n)."""
    def mode(self, dim: builtins.int = ..., keepdim: builtins.bool = ...) -> ValuesAndIndices:
        """`(values, indices)` of the most frequent element along one dimension, the smallest of several."""
    def moveaxis(self, source: Any, destination: Any) -> Tensor:
        """Moves dimensions `source` to the places `destination`; the others keep their order."""
    def movedim(self, source: Any, destination: Any) -> Tensor:
        """Moves dimensions `source` to the places `destination`; the others keep their order."""
    def msort(self) -> Tensor:
        """The elements in order along the first dimension."""
    def mul(self, other: Any) -> Tensor:
        """`input * other`; of bool, the logical and. Elementwise, with broadcasting."""
    def mul_(self, other: Any) -> Self:
        """In-place version of `mul`."""
    def multinomial(
        self,
        num_samples: builtins.int,
        replacement: builtins.bool = ...,
        *,
        generator: Generator | None = ...,
        out: Tensor | None = ...,
    ) -> Tensor:
        """Indices drawn with probabilities in proportion to `input`."""
    def multiply(self, other: Any) -> Tensor:
        """`input * other`; of bool, the logical and. Elementwise, with broadcasting."""
    def multiply_(self, other: Any) -> Self:
        """In-place version of `mul`."""
    def mv(self, vec: Tensor) -> Tensor:
        """Product of a matrix and a vector: (m, k) and (k,) give (m,)."""
    def mvlgamma(self, p: builtins.int) -> Tensor:
        """The logarithm of the gamma function of `p` dimensions. Elementwise."""
    def mvlgamma_(self, p: builtins.int) -> Self:
        """In-place version of `mvlgamma`."""
    def nan_to_num(
        self, nan: builtins.float | None = ..., posinf: builtins.float | None = ..., neginf: builtins.float | None = ...
    ) -> Tensor:
        """Finite numbers in place of nan (0), inf and -inf (the largest and the smallest of the dtype). Elementwise."""
    def nan_to_num_(
        self, nan: builtins.float | None = ..., posinf: builtins.float | None = ..., neginf: builtins.float | None = ...
    ) -> Self:
        """In-place version of `nan_to_num`."""
    def nanmean(self, dim: Any = ..., keepdim: builtins.bool = ..., *, dtype: Any = ...) -> Tensor:
        """The mean of the elements that are not NaN."""
    @overload
    def nanmedian(self) -> Tensor:
        """The median of the elements that are not NaN."""
    @overload
    def nanmedian(self, dim: builtins.int, keepdim: builtins.bool = ...) -> ValuesAndIndices:
        """The median of the elements that are not NaN."""
    def nanquantile(
        self, q: Any, dim: builtins.int | None = ..., keepdim: builtins.bool = ..., *, interpolation: str = ...
    ) -> Tensor:
        """`quantile` of the elements that are not NaN."""
    def nansum(self, dim: Any = ..., keepdim: builtins.bool = ..., *, dtype: Any = ...) -> Tensor:
        """The sum of the elements that are not NaN."""
    def narrow(self, dim: builtins.int, start: Any, length: builtins.int) -> Tensor:
        """Indices `start` to `start + length` of dimension `dim`."""
    def ndimension(self) -> builtins.int:
        """The number of dimensions."""
    def ne(self, other: Any) -> Tensor:
        """Whether elements differ. Elementwise, with broadcasting."""
    def ne_(self, other: Any) -> Self:
        """In-place version of `ne`."""
    def neg(self) -> Tensor:
        """`-x`; not defined for bool. Elementwise."""
    def neg_(self) -> Self:
        """In-place version of `neg`."""
    def negative(self) -> Tensor:
        """`-x`; not defined for bool. Elementwise."""
    def negative_(self) -> Self:
        """In-place version of `neg`."""
    def new_empty(self, *size: Any, dtype: Any = ..., **kwargs: Any) -> Tensor:
        """`empty(size)` of this tensor's dtype."""
    def new_full(self, size: Any, fill_value: Any, *, dtype: Any = ..., **kwargs: Any) -> Tensor:
        """`full(size, fill_value)` of this tensor's dtype."""
    def new_ones(self, *size: Any, dtype: Any = ..., **kwargs: Any) -> Tensor:
        """`ones(size)` of this tensor's dtype."""
    def new_tensor(self, data: Any, *, dtype: Any = ..., **kwargs: Any) -> Tensor:
        """`tensor(data)` of this tensor's dtype."""
    def new_zeros(self, *size: Any, dtype: Any = ..., **kwargs: Any) -> Tensor:
        """`zeros(size)` of this tensor's dtype."""
    def nextafter(self, other: Tensor) -> Tensor:
        """The next number of the dtype after `input` on the way to `other`; with broadcasting."""
    def nextafter_(self, other: Tensor) -> Self:
        """In-place version of `nextafter`."""
    @overload
    def nonzero(self, *, as_tuple: Literal[False] = ...) -> Tensor:
        """The indices of all elements that are not zero, one row each; or one vector a dimension, to index with."""
    @overload
    def nonzero(self, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]:
        """The indices of all elements that are not zero, one row each; or one vector a dimension, to index with."""
    def norm(
        self, p: Any = ..., dim: Any = ..., keepdim: builtins.bool = ..., out: Any = ..., dtype: Any = ...
    ) -> Tensor:
        """The p-norm over all elements, or along dimensions; "fro" is 2, `inf` the largest magnitude, 0 a count."""
    def normal_(
        self, mean: builtins.float = ..., std: builtins.float = ..., *, generator: Generator | None = ...
    ) -> Self:
        """Fills with normal numbers, in place."""
    def not_equal(self, other: Any) -> Tensor:
        """Whether elements differ. Elementwise, with broadcasting."""
    def not_equal_(self, other: Any) -> Self:
        """In-place version of `ne`."""
    def outer(self, vec2: Tensor) -> Tensor:
        """All products of an element of one vector and an element of another: sizes (n,) and (m,) give (n, m)."""
    def permute(self, *dims: Any) -> Tensor:
        """Dimensions in another order."""
    def pinverse(self, rcond: builtins.float = ...) -> Tensor:
        """Pseudoinverses: `linalg.pinv` with a relative limit for what counts as zero."""
    def polygamma(self, input: Any) -> Tensor:
        """The n-th derivative of `digamma`. Elementwise; as a method `x.polygamma(n)`."""
    def polygamma_(self, input: Any) -> Self:
        """In-place version of `polygamma`."""
    def positive(self) -> Tensor:
        """The tensor itself; not defined for bool. Elementwise."""
    def pow(self, exponent: Any) -> Tensor:
        """`input ** exponent`. Integers stay exact, modulo their range. Elementwise, with broadcasting."""
    def pow_(self, exponent: Any) -> Self:
        """In-place version of `pow`."""
    def prelu(self, weight: Tensor) -> Tensor:
        """`x` above zero, `weight * x` below; one weight, or one for each channel (dimension 1)."""
    def prod(self, dim: builtins.int | None = ..., keepdim: builtins.bool = ..., *, dtype: Any = ...) -> Tensor:
        """The product of all elements, or along one dimension; of integers and booleans in int64."""
    def put(self, index: Tensor, source: Any, accumulate: builtins.bool = ...) -> Tensor:
        """`input` with `source` written, or added, at `index` of its elements read as one long vector."""
    def put_(self, index: Tensor, source: Any, accumulate: builtins.bool = ...) -> Self:
        """In-place version of `put`."""
    def qr(self, some: builtins.bool = ...) -> QAndR:
        """`linalg.qr` of mode "reduced", or "complete" where `some` is False."""
    def quantile(
        self, q: Any, dim: builtins.int | None = ..., keepdim: builtins.bool = ..., *, interpolation: str = ...
    ) -> Tensor:
        """The value below which the share `q` of the elements lies: of all, or along one dimension; NaN if one is NaN."""
    def rad2deg(self) -> Tensor:
        """Radians as degrees. Elementwise."""
    def rad2deg_(self) -> Self:
        """In-place version of `rad2deg`."""
    def random_(self, *bounds: Any, generator: Generator | None = ..., **named: Any) -> Self:
        """Fills with whole numbers: `random_()` of all x's dtype can hold, `random_(to)` in [0, to), `random_(from, to)`."""
    def ravel(self) -> Tensor:
        """All elements as one dimension."""
    def reciprocal(self) -> Tensor:
        """`1 / x`. Elementwise."""
    def reciprocal_(self) -> Self:
        """In-place version of `reciprocal`."""
    def relu(self, inplace: builtins.bool = ...) -> Tensor:
        """`max(x, 0)`; its slope at 0 is 0. Elementwise."""
    def relu_(self) -> Self:
        """In-place version of `relu`."""
    def remainder(self, other: Any) -> Tensor:
        """`input - other * floor(input / other)`, as Python's `%`: it has the sign of `other`."""
    def remainder_(self, other: Any) -> Self:
        """In-place version of `remainder`."""
    def repeat(self, repeats: Any, *more: builtins.int) -> Tensor:
        """The tensor side by side, so many times along each dimension; new dimensions come first."""
    def repeat_interleave(
        self, repeats: Any = ..., dim: builtins.int | None = ..., *, output_size: builtins.int | None = ...
    ) -> Tensor:
        """Each slice along `dim` (each element without `dim`) so many times in a row."""
    def reshape(self, *shape: Any) -> Tensor:
        """As `view`, but copies where the strides allow no view."""
    def reshape_as(self, other: Tensor) -> Tensor:
        """`input.reshape(other.shape)`."""
    def roll(self, shifts: Any, dims: Any = ...) -> Tensor:
        """Elements moved by `shifts` along `dims`, those pushed out re-entering; without `dims` as one long vector."""
    def rot90(self, k: builtins.int = ..., dims: Any = ...) -> Tensor:
        """Turned by `k` quarters in the plane of two dimensions, from the first towards the second."""
    def round(self, *, decimals: builtins.int = ...) -> Tensor:
        """The nearest whole number, the even one of two; with `decimals`, the nearest multiple of `10**-decimals`."""
    def round_(self, *, decimals: builtins.int = ...) -> Self:
        """In-place version of `round`."""
    def rsqrt(self) -> Tensor:
        """`1 / sqrt(x)`. Elementwise."""
    def rsqrt_(self) -> Self:
        """In-place version of `rsqrt`."""
    def rsub(self, other: Any, *, alpha: Any = ...) -> Tensor:
        """`other - alpha * input`. Elementwise, with broadcasting."""
    def scatter(
        self, dim: builtins.int, index: Tensor, src: Any = ..., value: Any = ..., *, reduce: str | None = ...
    ) -> Tensor:
        """`input` with `src`, a tensor or number, written where `gather(dim, index)` reads."""
    def scatter_(
        self, dim: builtins.int, index: Tensor, src: Any = ..., value: Any = ..., *, reduce: str | None = ...
    ) -> Self:
        """In-place version of `scatter`."""
    def scatter_add(self, dim: builtins.int, index: Tensor, src: Any) -> Tensor:
        """`input` with `src` added where `gather(dim, index)` reads, element after element."""
    def scatter_add_(self, dim: builtins.int, index: Tensor, src: Any) -> Self:
        """In-place version of `scatter_add`."""
    def scatter_reduce(
        self, dim: builtins.int, index: Tensor, src: Any, reduce: str, *, include_self: builtins.bool = ...
    ) -> Tensor:
        """`input` with the elements of `src` that go to one place reduced: by "sum", "prod", "mean", "amax" or "amin"."""
    def scatter_reduce_(
        self, dim: builtins.int, index: Tensor, src: Any, reduce: str, *, include_self: builtins.bool = ...
    ) -> Self:
        """In-place version of `scatter_reduce`."""
    def select(self, dim: builtins.int, index: builtins.int) -> Tensor:
        """The slice at `index` of dimension `dim`, which goes away."""
    def select_scatter(self, src: Any, dim: builtins.int, index: builtins.int) -> Tensor:
        """`input` with `src` as its slice at `index` of `dim`."""
    def sgn(self) -> Tensor:
        """-1, 0 or 1; 0 of nan. Elementwise."""
    def sgn_(self) -> Self:
        """In-place version of `sign`."""
    def short(self, *, memory_format: memory_format | None = ...) -> Tensor:
        """`input.to(torch.int16)`. Elementwise."""
    def sigmoid(self) -> Tensor:
        """`1 / (1 + exp(-x))`. Elementwise."""
    def sigmoid_(self) -> Self:
        """In-place version of `sigmoid`."""
    def sign(self) -> Tensor:
        """-1, 0 or 1; 0 of nan. Elementwise."""
    def sign_(self) -> Self:
        """In-place version of `sign`."""
    def signbit(self) -> Tensor:
        """Whether an element has a minus sign; -0 has. Elementwise."""
    def sin(self) -> Tensor:
        """The sine of an angle in radians. Elementwise."""
    def sin_(self) -> Self:
        """In-place version of `sin`."""
    def sinc(self) -> Tensor:
        """`sin(pi x) / (pi x)`, and 1 at 0. Elementwise."""
    def sinc_(self) -> Self:
        """In-place version of `sinc`."""
    def sinh(self) -> Tensor:
        """The hyperbolic sine. Elementwise."""
    def sinh_(self) -> Self:
        """In-place version of `sinh`."""
    def slice_scatter(
        self,
        src: Any,
        dim: builtins.int = ...,
        start: builtins.int | None = ...,
        end: builtins.int | None = ...,
        step: builtins.int = ...,
    ) -> Tensor:
        """`input` with `src` as its slice `start:end:step` of `dim`."""
    def slogdet(self) -> SignAndLog:
        """`(sign, logabsdet)` of the determinants: they neither overflow nor vanish."""
    def softmax(self, dim: builtins.int, dtype: Any = ...) -> Tensor:
        """`exp(x) / sum(exp(x))` along `dim`."""
    def sort(
        self, dim: builtins.int = ..., descending: builtins.bool = ..., stable: builtins.bool = ...
    ) -> ValuesAndIndices:
        """The elements in order along `dim`, and where they came from. NaN counts as the greatest; always stable."""
    def split(self, split_size_or_sections: Any, dim: builtins.int = ...) -> tuple[Tensor, ...]:
        """Neighbouring parts along `dim`, of one size (the last may be smaller) or of the sizes in a list."""
    def split_with_sizes(self, split_sizes: Any, dim: builtins.int = ...) -> tuple[Tensor, ...]:
        """Neighbouring parts of the given sizes along `dim`."""
    def sqrt(self) -> Tensor:
        """The square root; nan below zero. Elementwise."""
    def sqrt_(self) -> Self:
        """In-place version of `sqrt`."""
    def square(self) -> Tensor:
        """`x * x`. Elementwise."""
    def square_(self) -> Self:
        """In-place version of `square`."""
    def squeeze(self, dim: Any = ...) -> Tensor:
        """Without its dimensions of size 1: all, or those of `dim` (an int, or several in a tuple) that have that size."""
    def squeeze_(self, dim: Any = ...) -> Self:
        """In-place version of `squeeze`: the tensor itself becomes that view of its memory."""
    def std(
        self,
        dim: Any = ...,
        unbiased: Any = ...,
        keepdim: builtins.bool = ...,
        *,
        correction: builtins.float | None = ...,
    ) -> Tensor:
        """The standard deviation: the square root of `var`, with the same arguments."""
    def std_mean(
        self,
        dim: Any = ...,
        unbiased: Any = ...,
        keepdim: builtins.bool = ...,
        *,
        correction: builtins.float | None = ...,
    ) -> tuple[Tensor, Tensor]:
        """`(std, mean)`, of all elements or along dimensions; arguments as in `var`."""
    def sub(self, other: Any, *, alpha: Any = ...) -> Tensor:
        """`input - alpha * other`; not defined for bool. Elementwise, with broadcasting."""
    def sub_(self, other: Any, *, alpha: Any = ...) -> Self:
        """In-place version of `sub`."""
    def subtract(self, other: Any, *, alpha: Any = ...) -> Tensor:
        """`input - alpha * other`; not defined for bool. Elementwise, with broadcasting."""
    def subtract_(self, other: Any, *, alpha: Any = ...) -> Self:
        """In-place version of `sub`."""
    def sum(self, dim: Any = ..., keepdim: builtins.bool = ..., *, dtype: Any = ...) -> Tensor:
        """The sum of all elements, or along dimensions; of integers and booleans in int64."""
    def svd(self, some: builtins.bool = ..., compute_uv: builtins.bool = ...) -> UAndSAndV:
        """`linalg.svd` with V in place of its transpose: `U diag(S) V^T = input`."""
    def swapaxes(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """Two dimensions swapped."""
    def swapaxes_(self, dim0: builtins.int, dim1: builtins.int) -> Self:
        """In-place version of `transpose`: the tensor itself becomes that view of its memory."""
    def swapdims(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """Two dimensions swapped."""
    def swapdims_(self, dim0: builtins.int, dim1: builtins.int) -> Self:
        """In-place version of `transpose`: the tensor itself becomes that view of its memory."""
    def t(self) -> Tensor:
        """The transpose of a matrix; vectors and 0-d tensors as they are."""
    def t_(self) -> Self:
        """In-place version of `t`: the tensor itself becomes that view of its memory."""
    def take(self, index: Tensor) -> Tensor:
        """The elements of `input`, read as one long vector, at `index`; of the shape of `index`."""
    def take_along_dim(self, indices: Any, dim: builtins.int | None = ...) -> Tensor:
        """`gather` with `input` and `indices` broadcast to each other but for `dim`; over all elements without `dim`."""
    def tan(self) -> Tensor:
        """The tangent of an angle in radians. Elementwise."""
    def tan_(self) -> Self:
        """In-place version of `tan`."""
    def tanh(self) -> Tensor:
        """The hyperbolic tangent. Elementwise."""
    def tanh_(self) -> Self:
        """In-place version of `tanh`."""
    def tensor_split(self, indices_or_sections: Any, dim: builtins.int = ...) -> tuple[Tensor, ...]:
        """Parts along `dim`: so many of nearly one size, or cut before each of the given indices."""
    def tile(self, dims: Any, *more: builtins.int) -> Tensor:
        """As `repeat`; dimensions that `dims` lacks in front are not repeated."""
    def to(self, *args: Any, **kwargs: Any) -> Tensor:
        """Converts to a dtype: `to(dtype)`, `to(device)`, `to(device, dtype)`, `to(other)`; itself if nothing changes."""
    def topk(
        self, k: builtins.int, dim: builtins.int = ..., largest: builtins.bool = ..., sorted: builtins.bool = ...
    ) -> ValuesAndIndices:
        """The `k` greatest (or least) elements along `dim` in order, and where they came from."""
    def trace(self) -> Tensor:
        """The sum of the diagonal of a matrix."""
    def transpose(self, dim0: builtins.int, dim1: builtins.int) -> Tensor:
        """Two dimensions swapped."""
    def transpose_(self, dim0: builtins.int, dim1: builtins.int) -> Self:
        """In-place version of `transpose`: the tensor itself becomes that view of its memory."""
    def tril(self, diagonal: builtins.int = ...) -> Tensor:
        """The lower triangles of matrices, zero above `diagonal` (0 is the main one, positive ones lie above it)."""
    def tril_(self, diagonal: builtins.int = ...) -> Self:
        """In-place version of `tril`."""
    def triu(self, diagonal: builtins.int = ...) -> Tensor:
        """The upper triangles of matrices, zero below `diagonal`."""
    def triu_(self, diagonal: builtins.int = ...) -> Self:
        """In-place version of `triu`."""
    def true_divide(self, other: Any, *, rounding_mode: str | None = ...) -> Tensor:
        """`input / other`, of real numbers; or rounded, then integers stay integers. Elementwise, with broadcasting."""
    def true_divide_(self, other: Any, *, rounding_mode: str | None = ...) -> Self:
        """In-place version of `div`."""
    def trunc(self) -> Tensor:
        """The whole part, rounded towards zero. Elementwise."""
    def trunc_(self) -> Self:
        """In-place version of `trunc`."""
    @overload
    def type(self) -> str:
        """Without a dtype the name of the tensor's type, such as "torch.FloatTensor"; with one, the converted tensor."""
    @overload
    def type(self, dtype: Any, non_blocking: builtins.bool = ...) -> Tensor:
        """Without a dtype the name of the tensor's type, such as "torch.FloatTensor"; with one, the converted tensor."""
    def type_as(self, other: Tensor) -> Tensor:
        """`input.to(other.dtype)`."""
    def unbind(self, dim: builtins.int = ...) -> tuple[Tensor, ...]:
        """The slices along `dim`, which goes away."""
    def unflatten(self, dim: builtins.int, sizes: Any) -> Tensor:
        """Dimension `dim` cut into `sizes`, one of which may be -1."""
    def unfold(self, dimension: builtins.int, size: builtins.int, step: builtins.int) -> Tensor:
        """All windows of `size` elements along a dimension, `step` apart, as a new last dimension."""
    def uniform_(
        self, from_: builtins.float = ..., to: builtins.float = ..., *, generator: Generator | None = ...
    ) -> Self:
        """Fills with uniform numbers in [from, to), in place."""
    @overload
    def unique(
        self,
        sorted: builtins.bool = ...,
        return_inverse: Literal[False] = ...,
        return_counts: Literal[False] = ...,
        dim: builtins.int | None = ...,
    ) -> Tensor:
        """The distinct elements (or slices along `dim`) in order; if asked, which of them each one is, and how many each."""
    @overload
    def unique(
        self,
        sorted: builtins.bool = ...,
        return_inverse: builtins.bool = ...,
        return_counts: builtins.bool = ...,
        dim: builtins.int | None = ...,
    ) -> tuple[Tensor, ...]:
        """The distinct elements (or slices along `dim`) in order; if asked, which of them each one is, and how many each."""
    @overload
    def unique_consecutive(
        self, return_inverse: Literal[False] = ..., return_counts: Literal[False] = ..., dim: builtins.int | None = ...
    ) -> Tensor:
        """The elements (or slices along `dim`) without those that equal the one before."""
    @overload
    def unique_consecutive(
        self, return_inverse: builtins.bool = ..., return_counts: builtins.bool = ..., dim: builtins.int | None = ...
    ) -> tuple[Tensor, ...]:
        """The elements (or slices along `dim`) without those that equal the one before."""
    def unsqueeze(self, dim: builtins.int) -> Tensor:
        """With a new dimension of size 1 at `dim`."""
    def unsqueeze_(self, dim: builtins.int) -> Self:
        """In-place version of `unsqueeze`: the tensor itself becomes that view of its memory."""
    def var(
        self,
        dim: Any = ...,
        unbiased: Any = ...,
        keepdim: builtins.bool = ...,
        *,
        correction: builtins.float | None = ...,
    ) -> Tensor:
        """The variance: the mean squared deviation from the mean, with n - correction (n - 1) in the denominator."""
    def var_mean(
        self,
        dim: Any = ...,
        unbiased: Any = ...,
        keepdim: builtins.bool = ...,
        *,
        correction: builtins.float | None = ...,
    ) -> tuple[Tensor, Tensor]:
        """`(var, mean)`, of all elements or along dimensions; arguments as in `var`."""
    def vdot(self, tensor: Tensor) -> Tensor:
        """The sum of the products of two vectors."""
    def view(self, *shape: Any) -> Tensor:
        """The same elements, in row-major order, under another shape; never a copy."""
    def view_as(self, other: Tensor) -> Tensor:
        """`input.view(other.shape)`."""
    def vsplit(self, indices_or_sections: Any) -> tuple[Tensor, ...]:
        """Parts along the rows."""
    def where(self, condition: Tensor, other: Any) -> Tensor:
        """`self` where the condition holds, else `other`. Elementwise, with broadcasting."""
    def xlogy(self, other: Any) -> Tensor:
        """`input * log(other)`, 0 where input is 0 (unless other is nan). Elementwise, with broadcasting."""
    def xlogy_(self, other: Any) -> Self:
        """In-place version of `xlogy`."""
    def zero_(self) -> Self:
        """Sets every element to zero; in place."""
