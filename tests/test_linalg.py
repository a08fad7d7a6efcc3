"""Linear algebra where PyTorch is no measure: gradients at singular matrices, errors, factors of one's own."""

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
