"""Products of matrices and vectors."""

from __future__ import annotations

from typing import Any

from .._C import bool as bool_
from .._C import check_number, promote_types, vjp
from .._C import ops as C
from ..tensor import Tensor, method, primitive
from .view import wrap_dim

__all__ = [
    "addbmm", "addmm", "addmv", "addr", "baddbmm", "bmm", "chain_matmul", "cross", "dot", "ger", "matmul", "matrix_power",
    "mm", "mv", "outer", "vdot",
]  # fmt: skip

# The gradient of a product with a matrix is `C.linear`, which reads the matrix transposed; the gradient of the matrix
# is `C.contract_rows`, which sums over all rows of a batch at once. Neither makes a view first.


@method("__matmul__")
@primitive(raw=True)
def matmul(input: Tensor, other: Tensor) -> Any:
    """Matrix product of the last two dimensions; leading dimensions broadcast.

    A vector on the left is a row, on the right a column, and its dimension is dropped from the result: two vectors
    give a 0-d dot product. Sizes are `(..., m, k) @ (..., k, n) -> (..., m, n)`. Operands may be views of any strides.

    Raises:
        RuntimeError: inner sizes differ, leading sizes do not broadcast, dtypes differ, or an operand is 0-d.

    Examples:
        >>> tt.ones(2, 3) @ tt.ones(3)
        tensor([3., 3.])
        >>> (tt.ones(5, 2, 3) @ tt.ones(3, 4)).shape
        torch.Size([5, 2, 4])
    """
    y = C.matmul(input, other)
    rank = other.ndim
    return y, vjp(_left_gradient, other), vjp(_right_gradient, input, rank)


def _left_gradient(g: Tensor, b: Tensor) -> Any:
    if b.ndim == 2:
        return C.linear(g, b, None)
    if b.ndim == 1:
        return C.mul(g.unsqueeze(-1), b)
    if g.ndim < b.ndim:  # the left operand was a vector
        return C.matmul(b, g.unsqueeze(-1)).squeeze(-1)
    return C.matmul(g, b.mT)


def _right_gradient(g: Tensor, a: Tensor, rank: int) -> Any:
    if rank == 2:
        return C.contract_rows(a, g)
    if rank == 1:
        return C.contract_rows(g.unsqueeze(-1), a)
    if a.ndim == 1:
        return C.mul(a.unsqueeze(-1), g.unsqueeze(-2))
    return C.matmul(a.mT, g)


@method()
def __rmatmul__(self: Tensor, other: Any) -> Tensor:
    """`other @ self`."""
    return matmul(other, self)


@primitive
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Any:
    """`input @ weight.T + bias`, applied to the last dimension of an input of any rank.

    Args:
        input: (..., in)
        weight: (out, in), or (in,) for one output without a dimension of its own.
        bias: (out,), optional.

    Raises:
        RuntimeError: the last sizes of input and weight differ, or the bias does not fit.

    Examples:
        >>> F.linear(tt.ones(5, 3), tt.ones(2, 3), tt.ones(2)).shape
        torch.Size([5, 2])
    """
    return (
        C.linear(input, weight, bias),
        vjp(C.matmul, weight) if weight.ndim == 2 else lambda g: C.mul(g.unsqueeze(-1), weight),
        lambda g: C.contract_rows(g if g.ndim == input.ndim else g.unsqueeze(-1), input),
        lambda g: g if bias is None or bias.ndim <= g.ndim else g.unsqueeze(0),
    )


@primitive
def contract_rows(a: Tensor, b: Tensor) -> Any:
    """`a.T @ b` where all dimensions but the last count as rows: (..., m) and (..., n) give (m, n)."""
    return C.contract_rows(a, b), lambda g: C.linear(b, g, None), lambda g: C.matmul(a, g)


@method("vdot")
@primitive
def dot(input: Tensor, tensor: Tensor) -> Any:
    """The sum of the products of two vectors.

    Raises:
        RuntimeError: an argument is not a vector, sizes or dtypes differ.

    Examples:
        >>> tt.dot(tt.tensor([1, 2]), tt.tensor([3, 4]))
        tensor(11)
    """
    return C.dot(input, tensor), vjp(C.mul, tensor), vjp(C.mul, input)


vdot = dot


def _expect(op: str, a: Tensor, a_rank: int, b: Tensor, b_rank: int) -> None:
    if isinstance(a, Tensor) and isinstance(b, Tensor) and a.ndim == a_rank and b.ndim == b_rank:
        return
    for x, rank in ((a, a_rank), (b, b_rank)):
        if not isinstance(x, Tensor):
            raise TypeError(f"{op}: expected two tensors to multiply, got {type(x).__name__}")
        if x.ndim != rank:
            kind = ("a vector", "a matrix", "a batch of matrices (3-d)")[rank - 1]
            raise RuntimeError(f"{op}: expected {kind}, got a {x.ndim}-d tensor of shape {tuple(x.shape)}")


@method()
def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """Product of two matrices (exactly 2-d): (m, k) and (k, n) give (m, n).

    Examples:
        >>> tt.mm(tt.tensor([[1, 2]]), tt.tensor([[3], [4]]))
        tensor([[11]])
    """
    _expect("mm", input, 2, mat2, 2)
    return matmul(input, mat2)


@method()
def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """Products of two batches of matrices: (b, m, k) and (b, k, n) give (b, m, n), without broadcasting.

    Examples:
        >>> tt.bmm(tt.ones(5, 2, 3), tt.ones(5, 3, 4)).shape
        torch.Size([5, 2, 4])
    """
    _expect("bmm", input, 3, mat2, 3)
    if input.shape[0] != mat2.shape[0]:
        raise RuntimeError(
            f"bmm: cannot multiply {tuple(input.shape)} by {tuple(mat2.shape)}: the numbers of matrices differ"
        )
    return matmul(input, mat2)


@method()
def mv(input: Tensor, vec: Tensor) -> Tensor:
    """Product of a matrix and a vector: (m, k) and (k,) give (m,).

    Examples:
        >>> tt.mv(tt.tensor([[1, 2], [3, 4]]), tt.tensor([1, 10]))
        tensor([21, 43])
    """
    _expect("mv", input, 2, vec, 1)
    return matmul(input, vec)


@method("ger")
def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of an element of one vector and an element of another: sizes (n,) and (m,) give (n, m).

    Examples:
        >>> tt.outer(tt.tensor([1, 2]), tt.tensor([3, 4, 5]))
        tensor([[ 3,  4,  5],
                [ 6,  8, 10]])
    """
    _expect("outer", input, 1, vec2, 1)
    return input.unsqueeze(1) * vec2


ger = outer


def _scaled_sum(op: str, input: Any, product: Any, beta: float, alpha: float) -> Any:
    """`beta * input + alpha * product`, of the product's shape; beta=0 ignores input, nan and all."""
    if not isinstance(input, Tensor):
        raise TypeError(f"{op}(): argument 'input' must be Tensor, not {type(input).__name__}")
    if input.shape != product.shape:
        try:
            input = input.expand(product.shape)
        except RuntimeError:
            raise RuntimeError(
                f"{op}: cannot expand input {tuple(input.shape)} to the shape {tuple(product.shape)} of the product"
            ) from None
    if alpha != 1:
        check_number(alpha, product.dtype)
        product = product * alpha
    if beta == 0:
        return product
    check_number(beta, product.dtype)
    return (input if beta == 1 else input * beta) + product


def _add_product(op: str, input: Any, product: Any, beta: float, alpha: float) -> Any:
    """As `_scaled_sum`, for one dtype; whole numbers cut beta and alpha."""
    if isinstance(input, Tensor) and input.dtype != product.dtype:
        raise RuntimeError(f"{op}: operands must have one dtype, got {input.dtype} and {product.dtype}")
    if product.dtype is bool_:
        raise RuntimeError(f"{op}: not implemented for bool")
    if not product.dtype.is_floating_point:
        for number in (beta, alpha):
            check_number(number, product.dtype)
        beta, alpha = int(beta), int(alpha)
    return _scaled_sum(op, input, product, beta, alpha)


@method(inplace=True)
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """`beta * input + alpha * (mat1 @ mat2)` of matrices; input is expanded to the product's shape.

    Examples:
        >>> tt.addmm(tt.ones(2), tt.eye(2), tt.eye(2), alpha=3)
        tensor([[4., 1.],
                [1., 4.]])
    """
    _expect("addmm", mat1, 2, mat2, 2)
    return _add_product("addmm", input, matmul(mat1, mat2), beta, alpha)


@method(inplace=True)
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """`beta * input + alpha * (mat @ vec)`; input is expanded to the product's shape.

    Examples:
        >>> tt.addmv(tt.ones(2), tt.eye(2), tt.tensor([1.0, 2.0]))
        tensor([2., 3.])
    """
    _expect("addmv", mat, 2, vec, 1)
    return _add_product("addmv", input, matmul(mat, vec), beta, alpha)


@method(inplace=True)
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """`beta * input + alpha * outer(vec1, vec2)`; input is expanded to the product's shape.

    Examples:
        >>> tt.addr(tt.ones(2, 2), tt.tensor([1.0, 2.0]), tt.tensor([1.0, 10.0]))
        tensor([[ 2., 11.],
                [ 3., 21.]])
    """
    _expect("addr", vec1, 1, vec2, 1)
    product = outer(vec1, vec2)
    dtype = promote_types(input.dtype, product.dtype)  # a 0-d input counts as much as the vectors
    input, product = (x if x.dtype is dtype else x.to(dtype) for x in (input, product))
    if not dtype.is_floating_point:
        for name, factor in (("beta", beta), ("alpha", alpha)):
            if isinstance(factor, float):
                raise RuntimeError(f"For integral input tensors, argument {name} must not be a floating point number.")
    if dtype is bool_:
        beta, alpha = bool(beta), bool(alpha)
    return _scaled_sum("addr", input, product, beta, alpha)


@method(inplace=True)
def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """`beta * input + alpha * bmm(batch1, batch2)`; input is expanded to the product's shape.

    Examples:
        >>> tt.baddbmm(tt.ones(5, 2, 4), tt.ones(5, 2, 3), tt.ones(5, 3, 4)).shape
        torch.Size([5, 2, 4])
    """
    return _add_product("baddbmm", input, bmm(batch1, batch2), beta, alpha)


@method(inplace=True)
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """`beta * input + alpha * bmm(batch1, batch2).sum(0)`; input is expanded to the product's shape.

    Examples:
        >>> tt.addbmm(tt.ones(2, 4), tt.ones(5, 2, 3), tt.ones(5, 3, 4)).shape
        torch.Size([2, 4])
    """
    product = bmm(batch1, batch2)
    return _add_product("addbmm", input, product.sum(0, dtype=product.dtype), beta, alpha)


def chain_matmul(*matrices: Tensor) -> Tensor:
    """Product of two or more matrices, in the order of fewest multiplications.

    Examples:
        >>> tt.chain_matmul(tt.ones(2, 3), tt.ones(3, 4), tt.ones(4, 5)).shape
        torch.Size([2, 5])
    """
    return multi_dot(matrices)


def multi_dot(tensors: Any) -> Tensor:
    """Product of matrices in the order of fewest multiplications; the first and the last may be vectors.

    Raises:
        RuntimeError: fewer than two tensors, or sizes that do not fit.

    Examples:
        >>> tt.linalg.multi_dot([tt.ones(2, 3), tt.ones(3, 4), tt.ones(4, 5)]).shape
        torch.Size([2, 5])
    """
    tensors = list(tensors)
    if len(tensors) < 2:
        raise RuntimeError(f"multi_dot: expected at least 2 tensors, got {len(tensors)}")
    for i, x in enumerate(tensors):
        if x.ndim != 2 and not (x.ndim == 1 and i in (0, len(tensors) - 1)):
            raise RuntimeError(f"multi_dot: tensor {i} must be a matrix, got a {x.ndim}-d tensor")
    sizes = [x.shape[0] if x.ndim == 2 else 1 for x in tensors]
    if tensors[0].ndim == 1:
        sizes[0] = 1
    if tensors[-1].ndim == 1:
        sizes[-1] = tensors[-1].shape[0]
    sizes.append(tensors[-1].shape[1] if tensors[-1].ndim == 2 else 1)

    # best[i, j]: fewest multiplications for tensors i..j, and where the last product splits them.
    n = len(tensors)
    best: dict[tuple[int, int], tuple[int, int]] = {(i, i): (0, i) for i in range(n)}
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            best[i, j] = min(
                (best[i, s][0] + best[s + 1, j][0] + sizes[i] * sizes[s + 1] * sizes[j + 1], s) for s in range(i, j)
            )

    def product(i: int, j: int) -> Any:
        if i == j:
            return tensors[i]
        split = best[i, j][1]
        return matmul(product(i, split), product(split + 1, j))

    return product(0, n - 1)


@method()
def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """Cross products of vectors of three elements along `dim`: the first dimension of that size, unless it is given.

    Shapes: two of one rank that broadcast -> that shape.

    Raises:
        RuntimeError: ranks or dtypes differ, or the dimension does not have three elements.

    Examples:
        >>> tt.cross(tt.tensor([1.0, 0.0, 0.0]), tt.tensor([0.0, 1.0, 0.0]))
        tensor([0., 0., 1.])
    """
    if input.ndim != other.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    if dim is None:
        if 3 not in input.shape:
            raise RuntimeError("no dimension of size 3 in input")
        dim = input.shape.index(3)
    if input.size(dim) != 3 or other.size(dim) != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {input.size(dim)} and {other.size(dim)}"
        )
    if input.dtype != other.dtype:
        raise RuntimeError(f"linalg.cross: expected operands of one dtype, got {input.dtype} and {other.dtype}")
    if input.dtype is bool_:
        raise NotImplementedError("linalg.cross: not implemented for bool")
    return _cross(input, other, wrap_dim(dim, input.ndim))


@primitive
def _cross(input: Tensor, other: Tensor, dim: int) -> Any:
    def turned(x: Tensor) -> Any:
        return C.roll(x, (2,), (dim,))

    difference = C.sub(C.mul(input, turned(other)), C.mul(turned(input), other))
    return turned(difference), lambda g: _cross(other, g, dim), lambda g: _cross(g, input, dim)


@method()
def matrix_power(input: Tensor, n: int) -> Tensor:
    """The n-th power of square matrices (..., m, m), by repeated squaring; of inverses where n is negative.

    Raises:
        RuntimeError: the matrices are not square; n is negative and a matrix is singular.

    Examples:
        >>> tt.matrix_power(tt.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
        tensor([[1., 5.],
                [0., 1.]])
    """
    if input.ndim < 2 or input.shape[-1] != input.shape[-2]:
        raise RuntimeError(f"matrix_power: expected square matrices, got shape {tuple(input.shape)}")
    if n < 0:
        from .linalg import inv

        return matrix_power(inv(input), -n)
    if n == 0:
        from .creation import eye

        return input.clone().copy_(eye(input.shape[-1], dtype=input.dtype))
    result: Any = None
    square = input
    while True:
        if n & 1:
            result = square if result is None else matmul(result, square)
        n >>= 1
        if n == 0:
            return result.clone() if result is input else result
        square = matmul(square, square)
