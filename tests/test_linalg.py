"""Linear algebra where PyTorch is no measure: gradients at singular matrices, errors, factors of one's own."""

import numpy as np
import pytest

import tinytensor as tt

SINGULAR = tt.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=tt.float64)


def test_gradient_of_the_determinant_of_a_singular_matrix() -> None:
    a = SINGULAR.clone().requires_grad_()
    tt.linalg.det(a).backward()
    assert tt.allclose(a.grad, tt.tensor([[4.0, -2.0], [-2.0, 1.0]], dtype=tt.float64))


def test_singular_matrices_are_refused() -> None:
    assert issubclass(tt.linalg.LinAlgError, RuntimeError)
    for call in (lambda: tt.linalg.inv(SINGULAR), lambda: tt.linalg.solve(SINGULAR, SINGULAR)):
        with pytest.raises(tt.linalg.LinAlgError, match="singular"):
            call()
    with pytest.raises(tt.linalg.LinAlgError, match="positive-definite"):
        tt.linalg.cholesky(-SINGULAR)


def test_eigenvectors_and_singular_vectors_rebuild_the_matrix() -> None:
    a = tt.randn(2, 4, 4, dtype=tt.float64)
    w, v = tt.linalg.eigh(a + a.mT)
    assert tt.allclose((v * w.unsqueeze(-2)) @ v.mT, a + a.mT) and (w[:, 1:] >= w[:, :-1]).all()
    u, s, vh = tt.linalg.svd(a[:, :3])
    assert u.shape == (2, 3, 3) and vh.shape == (2, 4, 4)
    assert tt.allclose((u * s.unsqueeze(-2)) @ vh[:, :3], a[:, :3])
    for q in (u, vh, tt.linalg.qr(a).Q):
        assert tt.allclose(q @ q.mT, tt.eye(q.shape[-1], dtype=tt.float64).expand(q.shape))


def test_vectors_that_turn_freely_are_not_differentiated() -> None:
    a = tt.randn(4, 3, requires_grad=True)
    with pytest.raises(RuntimeError, match="not differentiable"):
        tt.linalg.qr(a, "complete").R.sum().backward()
    assert tt.linalg.qr(a.detach(), "r").Q.numel() == 0


@pytest.mark.parametrize("values", [tt.linalg.svdvals, tt.linalg.eigvalsh])
def test_equal_values_have_gradients_where_the_vectors_are_not_asked_for(values) -> None:
    a = tt.eye(3).requires_grad_()
    values(a).sum().backward()
    assert tt.allclose(a.grad, tt.eye(3))


@pytest.mark.parametrize("sizes", [(2, 65, 65), (40, 70), (3, 70, 40), (1, 1)])
def test_lu_of_matrices_of_many_vectors(sizes: tuple[int, ...]) -> None:
    a = np.random.default_rng(0).normal(size=sizes)
    p, lower, upper = tt.linalg.lu(tt.from_numpy(a))
    np.testing.assert_allclose((p @ lower @ upper).numpy(), a, rtol=1e-11, atol=1e-12)
    assert np.abs(lower.numpy()).max() == 1  # the largest of a column is the pivot
    assert (lower.numpy() == np.tril(lower.numpy())).all()
    assert (upper.numpy() == np.triu(upper.numpy())).all()


@pytest.mark.parametrize("columns", [1, 5, 64, 131])
def test_triangles_of_many_columns(columns: int) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 1, 37, 37)) / 6 + 3 * np.eye(37), rng.normal(size=(3, 37, columns))
    for upper in (False, True):
        for unit in (False, True):
            triangle = (np.triu if upper else np.tril)(a)
            if unit:
                triangle[..., range(37), range(37)] = 1
            settings = {"upper": upper, "unitriangular": unit}
            x = tt.linalg.solve_triangular(tt.from_numpy(a), tt.from_numpy(b), **settings)
            np.testing.assert_allclose(triangle @ x.numpy(), np.broadcast_to(b, x.shape), rtol=1e-9, atol=1e-10)
            y = tt.linalg.solve_triangular(tt.from_numpy(a), tt.from_numpy(b).mT, left=False, **settings)
            np.testing.assert_allclose(
                y.numpy() @ triangle, np.broadcast_to(b, x.shape).swapaxes(-1, -2), rtol=1e-9, atol=1e-10
            )
