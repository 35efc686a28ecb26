"""Linear algebra against JAX's gradients, difference quotients and loops, with every option."""

import jax
import jax.numpy as jnp
import jax.scipy.linalg as jsl
import numpy as np
import pytest

import adcourse as ad
from adcourse.transforms.batch import vmap

jax.config.update("jax_enable_x64", True)
rng = np.random.default_rng(5)
A = rng.standard_normal((4, 4)) + 4 * np.eye(4)
S = A + A.T + np.diag([0.0, 2.0, 5.0, 9.0])
TALL, WIDE = rng.standard_normal((4, 3)), rng.standard_normal((3, 4))
STACK = np.stack([A, A.T + 1.0])
b, G = rng.standard_normal(4), rng.standard_normal((4, 4))
SIX = rng.standard_normal((6, 6)) + 5 * np.eye(6)


def sym(x):
    return (x + x.mT) / 2


def first_eigenvector(np, x):
    V = np.linalg.eigh(sym(x)).eigenvectors
    return V[..., :, 0] * V[..., :1, 0]


def low_rank(np, x):
    U, s, Vt = np.linalg.svd(x, full_matrices=False)
    return (U[..., :, :2] * s[..., None, :2] ** 2) @ Vt[..., :2, :]


def projected(np, x):
    Q, R = np.linalg.qr(x)
    return Q @ (Q.mT @ np.cos(np.ones((*x.shape[:-1], 2)))), np.abs(R)


CASES = {
    "solve vector": (lambda np, x: np.linalg.solve(x, b), A),
    "solve matrix": (lambda np, x: np.linalg.solve(x, np.sin(x)), A),
    "solve stack": (lambda np, x: np.linalg.solve(x, G[:, :2]), STACK),
    "solve twice": (lambda np, x: np.linalg.solve(x, np.linalg.solve(x, b)), A),
    "inv": (lambda np, x: np.linalg.inv(x), STACK),
    "det": (lambda np, x: np.linalg.det(x), STACK),
    "slogdet": (lambda np, x: np.linalg.slogdet(x)[1] * np.linalg.slogdet(x)[0], STACK),
    "slogdet field": (lambda np, x: np.linalg.slogdet(x).logabsdet, A),
    "cholesky": (lambda np, x: np.linalg.cholesky(x @ x.mT), STACK),
    "cholesky upper": (lambda np, x: np.linalg.cholesky(x @ x.mT, upper=True), A),
    "eigh": (lambda np, x: first_eigenvector(np, x), S),
    "eigh stack": (lambda np, x: first_eigenvector(np, x), np.stack([S, 2 * S])),
    "eigvalsh": (lambda np, x: np.linalg.eigvalsh(sym(x)), S),
    "eigvalsh upper": (lambda np, x: np.linalg.eigvalsh(sym(x), UPLO="U"), S),
    "svd tall": (lambda np, x: low_rank(np, x), TALL),
    "svd wide": (lambda np, x: low_rank(np, x), WIDE),
    "svd stack": (lambda np, x: low_rank(np, x), STACK),
    "svd values": (lambda np, x: np.linalg.svd(x, compute_uv=False), TALL),
    "svdvals": (lambda np, x: np.linalg.svdvals(x), WIDE),
    "qr tall": (lambda np, x: projected(np, x), TALL),
    "qr square": (lambda np, x: projected(np, x), STACK),
    "qr r": (lambda np, x: np.abs(np.linalg.qr(x, mode="r")), TALL),
    "pinv": (lambda np, x: np.linalg.pinv(x), TALL),
    "pinv wide": (lambda np, x: np.linalg.pinv(x), WIDE),
    "lstsq": (lambda np, x: np.linalg.lstsq(x, b)[0], TALL),
    "lstsq residuals": (lambda np, x: np.linalg.lstsq(x, G)[1], TALL),
    "lstsq singular values": (lambda np, x: np.linalg.lstsq(x, G)[3], TALL),
    "cond": (lambda np, x: np.linalg.cond(x), A),
    "cond 1": (lambda np, x: np.linalg.cond(x, 1), A),
    "cond fro": (lambda np, x: np.linalg.cond(x, "fro"), A),
    "tensorsolve": (
        lambda np, x: np.linalg.tensorsolve(x.reshape(2, 3, 6), x[0].reshape(2, 3)),
        SIX,
    ),
    "tensorsolve axes": (
        lambda np, x: np.linalg.tensorsolve(x.reshape(2, 3, 3, 2), x[:3, :2], axes=(0, 2)),
        SIX,
    ),
    "tensorinv": (lambda np, x: np.linalg.tensorinv(x.reshape(6, 2, 3), ind=1), SIX),
    "norm": (lambda np, x: np.linalg.norm(x), STACK),
    "norm of vectors": (lambda np, x: np.linalg.norm(x, axis=-1, keepdims=True), STACK),
    "norm fro": (lambda np, x: np.linalg.norm(x, "fro", axis=(0, -1)), STACK),
    "norm nuc": (lambda np, x: np.linalg.norm(x, "nuc", axis=(1, 2), keepdims=True), STACK),
    "vector_norm": (lambda np, x: np.linalg.vector_norm(x, axis=(0, 2), ord=3), STACK),
    "matrix_norm": (lambda np, x: np.linalg.matrix_norm(x, ord=2), STACK),
    **{
        f"vector norm {p}": (lambda np, x, p=p: np.linalg.norm(x, p, axis=1), STACK)
        for p in (1, 2, 3, 0.5, -1, -2.5, np.inf, -np.inf)
    },
    **{
        f"matrix norm {p}": (lambda np, x, p=p: np.linalg.norm(x, p, axis=(-1, 0)), STACK)
        for p in (1, -1, 2, -2, np.inf, -np.inf)
    },
}
every = pytest.mark.parametrize("name", CASES)


def total(np, f, weights=None):
    """A number that feels every entry of every result."""

    def loss(x):
        results = f(np, x)
        results = results if isinstance(results, tuple) else (results,)
        return sum(np.sum(np.sin(r) * (1 + np.cos(0.3 * r))) for r in results)

    return loss


@every
def test_value_is_numpys(name):
    f, x = CASES[name]
    expected, traced = f(np, x), ad.vjp(lambda x: f(np, x), x)[0]
    for mine, theirs in zip(tupled(traced), tupled(expected), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-13)
        assert np.shape(mine) == np.shape(theirs)


@every
def test_gradient_agrees_with_jax(name):
    f, x = CASES[name]
    mine, theirs = ad.grad(total(np, f))(x), jax.jit(jax.grad(total(jnp, f)))(x)
    np.testing.assert_allclose(mine, theirs, rtol=1e-8, atol=1e-9)


@every
def test_derivatives_of_derivatives(name):
    f, x = CASES[name]
    ad.check_grads(total(np, f), (x,), order=2, tolerance=1e-5)


@every
def test_a_batch_is_a_loop(name):
    f, x = CASES[name]
    xs = np.stack([x, x + 0.1 * np.sin(x), 1.1 * x])
    gradient = ad.grad(total(np, f))
    np.testing.assert_allclose(
        vmap(gradient)(xs), np.stack([gradient(x) for x in xs]), rtol=1e-9, atol=1e-10
    )


def tupled(z):
    return z if isinstance(z, tuple) else (z,)


@pytest.mark.parametrize("trans", [0, 1, "N", "T"])
@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize("unit_diagonal", [False, True])
def test_solve_triangular_agrees_with_jax(trans, lower, unit_diagonal):
    options = {"trans": trans, "lower": lower, "unit_diagonal": unit_diagonal}
    for right in (b, G[:, :2]):
        mine = ad.grad(lambda a, b: np.sum(np.sin(ad.solve_triangular(a, b, **options))), (0, 1))
        theirs = jax.grad(
            lambda a, b: jnp.sum(jnp.sin(jsl.solve_triangular(a, b, **options))), (0, 1)
        )
        for x, y in zip(mine(A, right), theirs(A, right), strict=True):
            np.testing.assert_allclose(x, y, rtol=1e-10, atol=1e-12)


def test_expm_agrees_with_jax():
    f = lambda x, expm, np: np.sum(np.sin(expm(x)))
    x = A / 4
    np.testing.assert_allclose(
        ad.grad(lambda x: f(x, ad.expm, np))(x), jax.grad(lambda x: f(x, jsl.expm, jnp))(x)
    )


@pytest.mark.parametrize("f", [np.linalg.det, lambda x: np.linalg.solve(x, b)[0]])
def test_third_derivatives(f):
    v = np.sin(G)
    slope = lambda x: ad.jvp(f, (x,), (v,))[1]
    curvature = lambda x: ad.grad(lambda x: np.sum(v * ad.grad(slope)(x)))(x)
    h = 1e-5
    expected = (ad.jvp(slope, (A + h * v,), (v,))[1] - ad.jvp(slope, (A - h * v,), (v,))[1]) / (
        2 * h
    )
    np.testing.assert_allclose(np.sum(v * curvature(A)), expected, rtol=1e-7)


def test_eig_where_it_is_real():
    M = np.array([[1.0, 0.2, 0.0], [0.3, 2.0, 0.4], [0.1, 0.5, 4.0]])
    moment = ad.grad(lambda x: np.sum(np.linalg.eigvals(x) ** 3))(M)
    np.testing.assert_allclose(moment, 3 * (M @ M).T, rtol=1e-12)
    w, V = np.linalg.eig(M)
    exponential = lambda x: (lambda w, V: V * np.exp(w) @ np.linalg.inv(V))(*np.linalg.eig(x))
    expected = jax.grad(lambda x: jnp.sum(jnp.sin(jsl.expm(x))))(M)
    np.testing.assert_allclose(
        ad.grad(lambda x: np.sum(np.sin(exponential(x))))(M), expected, rtol=1e-9
    )
