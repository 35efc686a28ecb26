"""Where factors of a matrix have no derivative, and where only a careful rule finds it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import adcourse as ad
from adcourse.transforms.batch import vmap

jax.config.update("jax_enable_x64", True)
rng = np.random.default_rng(7)
G, X = rng.standard_normal((3, 3)), rng.standard_normal((3, 3))
TWO_TWO_ONE = np.diag([2.0, 2.0, 1.0])


def rotated(diagonal, seed=3):
    """A symmetric matrix with these eigenvalues."""
    rng = np.random.default_rng(seed)
    Q = np.linalg.qr(rng.standard_normal((len(diagonal),) * 2))[0]
    S = Q @ np.diag(diagonal) @ Q.T
    return (S + S.T) / 2


# ties


def test_values_alone_need_no_gap():
    S = rotated([1.0, 1.0, 3.0])
    for values in (
        np.linalg.eigvalsh,
        lambda x: np.linalg.eigh(x)[0],
        np.linalg.svdvals,
        lambda x: np.linalg.svd(x, compute_uv=False),
        lambda x: np.linalg.svd(x)[1],
    ):
        f = lambda x, values=values: np.sum(values(x) ** 3)
        np.testing.assert_allclose(ad.grad(f)(S), 3 * S @ S, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(
        ad.grad(lambda x: np.linalg.norm(x, "nuc"))(S), np.eye(3), atol=1e-12
    )
    for values in (np.linalg.eigvalsh, np.linalg.svdvals):  # forward mode, values only
        _, slope = ad.jvp(lambda x, v=values: np.sum(v(x) ** 3), (S,), (np.eye(3),))
        np.testing.assert_allclose(slope, 3 * np.trace(S @ S))


@pytest.mark.parametrize(
    ("loss", "names"),
    [
        (lambda x: np.sum(np.linalg.eigh(x)[1][:, 0] ** 3), "eigenvalues 0 and 1"),
        (lambda x: np.sum(np.linalg.svd(x)[0][:, 1] ** 3), "singular values 1 and 2"),
        (lambda x: np.sum(np.linalg.svd(x)[2][1] ** 3), "singular values 1 and 2"),
        (lambda x: np.sum(G * svd_product(x)), "singular values 1 and 2"),
    ],
)
def test_a_tie_names_indices_gap_and_cures(loss, names):
    S = rotated([1.0, 1.0, 3.0])
    with pytest.raises(ad.DegenerateSpectrumError, match=names) as error:
        ad.grad(loss)(S)
    for word in ("gap is", "eigvalsh", "np.trace", "1e-6"):
        assert word in str(error.value)
    with pytest.raises(ad.DegenerateSpectrumError):
        ad.jvp(loss, (S,), (G + G.T,))


def svd_product(x):
    U, s, Vt = np.linalg.svd(x)
    return (U * s) @ Vt


def test_a_tied_vector_is_refused_also_where_its_slope_seems_to_be_zero():
    """At X = diag(2, 2, 1) a rotation changes |V[0, 2]| = 1 only to second order, but at once."""
    for k in (1, 2):
        with pytest.raises(ad.DegenerateSpectrumError, match="eigenvalues 1 and 2"):
            ad.grad(lambda x, k=k: np.linalg.eigh(x)[1][0, k])(TWO_TWO_ONE)


def test_directions_that_part_equal_values_are_refused():
    vectors = lambda x: np.linalg.eigh(x)[1]
    with pytest.raises(ad.DegenerateSpectrumError, match="eigenvalues 1 and 2"):
        ad.jvp(vectors, (TWO_TWO_ONE,), (np.diag([1.0, 0.0, 0.0]),))
    assert not np.any(ad.jvp(vectors, (TWO_TWO_ONE,), (np.eye(3),))[1])


def test_a_tie_in_a_stack_is_that_matrixs_own():
    first = ad.grad(lambda x: np.sum(np.linalg.eigh(x)[1][..., :, 0] ** 3))
    stack = np.stack([TWO_TWO_ONE, np.diag([1.0, 3.0, 2.0]), np.diag([1.0, 1.0, 2.0])])
    together = first(stack[:2])
    np.testing.assert_allclose(vmap(first)(stack[:2]), together)
    np.testing.assert_allclose(together[1], first(stack[1]))
    for gradient in (first, vmap(first)):
        with pytest.raises(ad.DegenerateSpectrumError, match=r"0 and 1 of matrix \(2,\)"):
            gradient(stack)


def test_an_exact_tie_is_refused_and_a_vector_that_is_not_tied_is_not():
    with pytest.raises(ad.DegenerateSpectrumError):
        ad.grad(lambda x: np.sum(G * svd_product(x)))(TWO_TWO_ONE)
    alone = lambda x: np.sum(np.linalg.eigh(x)[1][:, 0] ** 3)  # eigenvalue 1
    v = np.array([0.0, 0.0, 1.0])
    S_dot = G + G.T
    slope = ad.jvp(alone, (TWO_TWO_ONE + np.diag([0, 1e-3, 0]),), (S_dot,))[1]
    assert np.isclose(slope, 3 * np.linalg.eigh(TWO_TWO_ONE)[1][2, 0] ** 2 * (v @ S_dot @ v) * 0)
    gradient = ad.grad(lambda x: np.linalg.eigh(x)[1][0, 0] * np.linalg.eigh(x)[1][2, 0])
    expected = np.zeros((3, 3))
    expected[0, 2] = expected[2, 0] = 0.5 / (1.0 - 2.0)
    np.testing.assert_allclose(gradient(TWO_TWO_ONE), expected, atol=1e-14)


@pytest.mark.parametrize("gap", [1e-1, 1e-3, 1e-5, 1e-7])
def test_small_gaps_cost_digits_and_no_more(gap):
    U, V = np.linalg.qr(X)[0], np.linalg.qr(G)[0]
    W = U @ np.diag([2.0 + gap, 2.0, 1.0]) @ V.T
    gradient = ad.grad(lambda x: np.sum(G * svd_product(x)))(W)
    np.testing.assert_allclose(gradient, G, atol=1e-14 / gap)


def test_zero_singular_values():
    W = np.outer([1.0, 2.0, 3.0, 4.0], [1.0, 1.0, 2.0])
    assert np.all(np.isfinite(ad.grad(lambda x: np.linalg.norm(x, "nuc"))(W)))
    best = lambda x: np.linalg.svd(x, full_matrices=False)
    gradient = ad.grad(lambda x: np.sum(best(x)[0][:, 0] * best(x)[2][0, 0]))(W)
    theirs = jax.grad(lambda x: -leading(x))(W)
    np.testing.assert_allclose(np.abs(gradient), np.abs(theirs), atol=1e-9)
    with pytest.raises(ad.DegenerateSpectrumError, match="null space|singular values"):
        ad.grad(lambda x: np.sum(best(x)[0] ** 3))(W)


def leading(x):
    """Σ u₀ v₀₀ of the leading singular vectors, by power iteration: independent of any SVD."""
    v = jnp.ones(3)
    for _ in range(60):
        v = x.T @ (x @ v)
        v = v / jnp.linalg.norm(v)
    u = x @ v
    return jnp.sum(u / jnp.linalg.norm(u)) * v[0]


# bases of null spaces


def test_full_factors_give_projectors_a_derivative_and_refuse_the_rest():
    W, c = rng.standard_normal((4, 2)), rng.standard_normal(4)
    outside = lambda np, x: np.sum((c - x @ (np.linalg.pinv(x) @ c)) ** 2)
    by_svd = lambda x: np.sum((np.linalg.svd(x)[0][:, 2:].T @ c) ** 2)
    by_qr = lambda x: np.sum((np.linalg.qr(x, "complete")[0][:, 2:].T @ c) ** 2)
    expected = jax.grad(lambda x: outside(jnp, x))(W)
    for f in (by_svd, by_qr):
        np.testing.assert_allclose(ad.grad(f)(W), expected, rtol=1e-10)
    flipped = lambda x: np.sum((c @ np.linalg.svd(x.T)[2][2:].T) ** 2)
    np.testing.assert_allclose(ad.grad(flipped)(W), expected, rtol=1e-10)
    for basis in (
        lambda x: np.linalg.svd(x)[0][:, 3],
        lambda x: np.linalg.qr(x, mode="complete")[0][:, 2],
    ):
        with pytest.raises(ad.DegenerateSpectrumError, match="projector"):
            ad.grad(lambda x, basis=basis: np.sum(basis(x) ** 3))(W)


def test_dependent_columns_have_no_qr():
    W = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])
    with pytest.raises(ad.DegenerateSpectrumError, match=r"R\[1, 1\] is .*column 1"):
        ad.grad(lambda x: np.sum(np.linalg.qr(x)[1]))(W)
    with pytest.raises(ad.DegenerateSpectrumError):
        ad.jvp(lambda x: np.linalg.qr(x)[1], (W,), (W,))


def test_defective_matrices_have_no_slopes_of_eigenvalues():
    J = np.array([[1.0, 1.0], [0.0, 1.0]])
    Q = np.linalg.qr(G[:2, :2])[0]
    for M in (J, Q @ np.array([[3.0, 5.0], [0.0, 3.0]]) @ Q.T):
        if np.isrealobj(np.linalg.eigvals(M)):
            with pytest.raises(ad.DegenerateSpectrumError, match=r"cond\(V\) = "):
                ad.grad(lambda x: np.linalg.eigvals(x)[0])(M)
    with pytest.raises(ad.NotReal, match="complex number"):
        ad.grad(lambda x: np.sum(np.linalg.eigvals(x)))(np.array([[0.0, 1.0], [-1.0, 0.0]]))


# determinants


def test_singular_determinants():
    W = np.array([[1.0, 2.0], [2.0, 4.0]])
    np.testing.assert_allclose(ad.grad(np.linalg.det)(W), [[4.0, -2.0], [-2.0, 1.0]])
    corank_two = np.outer([1.0, 2.0, 3.0], [1.0, 0.0, 1.0])
    np.testing.assert_allclose(ad.grad(np.linalg.det)(corank_two), np.zeros((3, 3)), atol=1e-14)


def leibniz(x):
    """The determinant of a 3x3 matrix, written out."""
    return (
        x[0, 0] * (x[1, 1] * x[2, 2] - x[1, 2] * x[2, 1])
        - x[0, 1] * (x[1, 0] * x[2, 2] - x[1, 2] * x[2, 0])
        + x[0, 2] * (x[1, 0] * x[2, 1] - x[1, 1] * x[2, 0])
    )


@pytest.mark.parametrize("W", [X, np.outer([1.0, 2, 3], [1.0, 0, 1]), np.eye(3), np.zeros((3, 3))])
def test_hessian_of_the_determinant_everywhere(W):
    for v in (G, X):
        mine = ad.jvp(ad.grad(np.linalg.det), (W,), (v,))[1]
        twice = ad.grad(lambda x, v=v: np.sum(v * ad.grad(np.linalg.det)(x)))(W)
        theirs = jax.jvp(jax.grad(leibniz), (W,), (v,))[1]
        np.testing.assert_allclose(mine, theirs, atol=1e-12)
        np.testing.assert_allclose(twice, theirs, atol=1e-12)


@pytest.mark.parametrize(
    "f",
    [
        np.linalg.inv,
        lambda x: np.linalg.solve(x, x),
        lambda x: np.linalg.cholesky(x - 3 * np.eye(2)),
        lambda x: np.linalg.slogdet(x)[1],
    ],
)
def test_singular_or_indefinite_matrices_raise_numpys_error(f):
    with pytest.raises(np.linalg.LinAlgError):
        ad.grad(lambda x: np.sum(f(x)))(np.array([[1.0, 2.0], [2.0, 4.0]]))


# symmetric matrices


def test_cotangents_of_symmetric_matrices_are_symmetric():
    S = rotated([1.0, 2.0, 4.0])
    for f in (
        lambda x: np.linalg.eigvalsh(x)[0],
        lambda x: np.linalg.eigh(x, "U")[0][0],
        lambda x: np.linalg.eigh(x)[1][0, 1] ** 2,
        lambda x: np.linalg.cholesky(x)[2, 1],
        lambda x: np.linalg.cholesky(x, upper=True)[1, 2],
    ):
        gradient = ad.grad(f)(S)
        np.testing.assert_array_equal(gradient, gradient.T)
    v = np.linalg.eigh(S)[1][:, 0]
    gradient = ad.grad(lambda x: np.linalg.eigvalsh(x)[0])(S)
    np.testing.assert_allclose(gradient, np.outer(v, v), atol=1e-14)


@pytest.mark.parametrize("UPLO", ["L", "U"])
def test_the_triangle_that_numpy_reads_is_read(UPLO):
    assert ad.vjp(lambda x: np.linalg.eigvalsh(x, UPLO), X)[0].tolist() == (
        np.linalg.eigvalsh(X, UPLO).tolist()
    ) or np.allclose(
        ad.vjp(lambda x: np.linalg.eigvalsh(x, UPLO), X)[0], np.linalg.eigvalsh(X, UPLO)
    )
    P = X @ X.T + np.eye(3) + np.triu(np.ones((3, 3)), 1) * 0.1
    upper = UPLO == "U"
    traced = ad.vjp(lambda x: np.linalg.cholesky(x, upper=upper), P)[0]
    np.testing.assert_allclose(traced, np.linalg.cholesky(P, upper=upper), rtol=1e-14)


# norms


@pytest.mark.parametrize("ord", [None, 1, 2, 3, 0, np.inf, -np.inf])
def test_norms_have_slope_zero_at_zero(ord):
    gradient = ad.grad(lambda x: np.linalg.norm(x, ord))
    if ord not in (np.inf, -np.inf):
        assert gradient(np.zeros(3)).tolist() == [0.0, 0.0, 0.0]
    else:
        assert np.all(np.isfinite(gradient(np.zeros(3))))


def test_frobenius_norm_at_zero():
    assert not np.any(ad.grad(np.linalg.norm)(np.zeros((2, 2))))
    assert not np.any(ad.grad(lambda x: np.linalg.norm(x) ** 2)(np.zeros((2, 2))))
    rows = np.array([[0.0, 0.0], [3.0, 4.0]])
    mixed = ad.grad(lambda x: np.sum(np.linalg.norm(x, axis=1)))(rows)
    np.testing.assert_allclose(mixed, [[0.0, 0.0], [0.6, 0.8]])


def test_the_curvature_of_the_norm_at_zero_is_not_hidden():
    with np.errstate(all="ignore"):
        curvature = ad.jvp(ad.grad(np.linalg.norm), (np.zeros(2),), (np.ones(2),))[1]
    assert not np.any(np.isfinite(curvature))


def test_orders_that_do_not_exist():
    for call in (
        lambda x: np.linalg.norm(x, "nuc", axis=0),
        lambda x: np.linalg.norm(x, 3),
        lambda x: np.linalg.norm(x, axis=(0, 0)),
        lambda x: np.linalg.norm(np.reshape(x, (3, 3, 1)), 2),
    ):
        with pytest.raises(ValueError, match="norm"):
            ad.grad(lambda x, call=call: np.sum(call(x)))(X)


# least squares


def test_deficient_rank_warns_with_the_value():
    W = np.outer([1.0, 2.0, 3.0], [1.0, 1.0])
    b = np.array([1.0, 0.0, 2.0])
    for f in (lambda x: np.sum(np.linalg.pinv(x)), lambda x: np.sum(np.linalg.lstsq(x, b)[0])):
        with pytest.warns(RuntimeWarning, match="rank 1, which could be 2"):
            gradient = ad.grad(f)(W)
        along = np.outer([0.3, -1.0, 0.5], [1.0, 1.0])  # keeps the rank
        h = 1e-6
        slope = (f(W + h * along) - f(W - h * along)) / (2 * h)
        np.testing.assert_allclose(np.sum(gradient * along), slope, rtol=1e-7)


def test_rank_is_a_constant():
    assert ad.grad(lambda x: np.sum(x) * np.linalg.matrix_rank(x))(X).tolist() == [[3.0] * 3] * 3
    f = lambda x: np.sum(x) * sum(1.0 for _ in range(np.linalg.lstsq(x, x)[2]))
    assert ad.grad(f)(X).tolist() == [[3.0] * 3] * 3


# precision, shapes, options


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.linalg.solve(x, np.ones(3, np.float32)),
        np.linalg.inv,
        np.linalg.det,
        lambda x: np.linalg.slogdet(x)[1],
        lambda x: np.linalg.cholesky(x @ x.T),
        lambda x: np.linalg.eigh(x + x.T)[1] ** 2,
        lambda x: np.linalg.svd(x)[0] ** 2,
        lambda x: np.linalg.qr(x)[0],
        np.linalg.pinv,
        np.linalg.norm,
        lambda x: np.fft.irfft(np.fft.rfft(x)),
        lambda x: ad.expm(x),
    ],
)
def test_float32_stays_float32(f):
    x = (X + 4 * np.eye(3) + np.diag([0, 1, 2])).astype(np.float32)
    y, pullback = ad.vjp(f, x)
    assert y.dtype == np.float32
    assert pullback(np.ones_like(y))[0].dtype == np.float32
    wide = ad.grad(lambda x: np.sum(f(x)))(x.astype(float))
    np.testing.assert_allclose(pullback(np.ones_like(y))[0], wide, rtol=1e-2, atol=1e-3)


@pytest.mark.parametrize(
    ("f", "shape"),
    [
        (lambda x: np.linalg.solve(x, np.ones((0, 2))), (0, 0)),
        (np.linalg.inv, (0, 0)),
        (np.linalg.det, (2, 0, 0)),
        (lambda x: np.linalg.slogdet(x).logabsdet, (0, 3, 3)),
        (np.linalg.cholesky, (0, 2, 2)),
        (lambda x: np.linalg.eigh(x)[1], (0, 2, 2)),
        (lambda x: np.linalg.svd(x, full_matrices=False)[0], (0, 3, 2)),
        (lambda x: np.linalg.qr(x)[0], (0, 3, 2)),
        (np.linalg.pinv, (0, 3)),
        (np.linalg.norm, (0,)),
    ],
)
def test_empty_matrices(f, shape):
    y, pullback = ad.vjp(f, np.zeros(shape))
    assert np.shape(y) == np.shape(f(np.zeros(shape)))
    assert pullback(np.ones(np.shape(y))[()])[0].shape == shape


def test_views_are_as_good_as_arrays():
    big = rng.standard_normal((6, 6)) + 5 * np.eye(6)
    for view in (big.T, big[::2, ::2], np.asfortranarray(big)):
        copy = np.ascontiguousarray(view)
        f = lambda x: np.sum(np.sin(np.linalg.solve(x, x[0]))) + np.linalg.det(x)
        np.testing.assert_allclose(ad.grad(f)(view), ad.grad(f)(copy), rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "option"),
    [
        (lambda x: np.linalg.svd(x, hermitian=True), "hermitian="),
        (lambda x: np.linalg.pinv(x, hermitian=True), "hermitian="),
        (lambda x: np.linalg.qr(x, mode="raw"), "mode='raw'"),
    ],
)
def test_options_without_a_rule_are_refused(call, option):
    with pytest.raises(ad.MissingRule, match=option):
        ad.vjp(call, X)


def test_scipys_own_functions_are_refused_with_the_way_out():
    import scipy.linalg

    with pytest.raises(ad.LosesDerivative, match="ad.expm"):
        ad.grad(lambda x: np.sum(scipy.linalg.expm(x)))(X)
    with pytest.raises(ValueError, match="trans is"):
        ad.solve_triangular(X, X, trans="C")
