"""U h(s) Vᵀ and V h(w) Vᵀ: exact at ties and next to them, in every mode and order."""

import numpy as np
import pytest

import adcourse as ad

rng = np.random.default_rng(17)
G = rng.standard_normal((4, 4))
Q, P = np.linalg.qr(rng.standard_normal((4, 4)))[0], np.linalg.qr(rng.standard_normal((4, 4)))[0]
GAPS = [1e-1, 1e-3, 1e-6, 1e-9, 1e-12, 1e-15, 0.0]


def identity(s):
    return s


def cubes(s):
    return s * s * s


def general(gap):
    return Q @ np.diag([2 + gap, 2.0, 1.0, 0.5]) @ P.T


def symmetric(gap):
    S = Q @ np.diag([2 + gap, 2.0, 1.0, -0.5]) @ Q.T
    return (S + S.T) / 2


def of(f, h):
    return lambda x: np.sum(G[: x.shape[-2], : x.shape[-1]] * f(x, h))


# Truth: products of the matrix itself, which know no factors; SciPy's expm; Giles 2008 for UVᵀ.

POLYNOMIALS = {
    "U s Vᵀ": (ad.svd_function, identity, lambda x: x, general),
    "U s³ Vᵀ": (ad.svd_function, cubes, lambda x: x @ x.T @ x, general),
    "V w² Vᵀ": (ad.eigh_function, np.square, lambda x: x @ x, symmetric),
    "V w³ Vᵀ": (ad.eigh_function, cubes, lambda x: x @ x @ x, symmetric),
    "V eʷ Vᵀ": (ad.eigh_function, np.exp, lambda x: ad.expm(x), symmetric),
    "V 1/w Vᵀ": (ad.eigh_function, np.reciprocal, np.linalg.inv, symmetric),
}


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("name", POLYNOMIALS)
def test_derivatives_at_every_gap(name, gap):
    f, h, plain, point = POLYNOMIALS[name]
    x, sym = point(gap), (lambda a: (a + a.T) / 2) if point is symmetric else (lambda a: a)
    mine, theirs = of(f, h), lambda x: np.sum(G * plain(x))
    np.testing.assert_allclose(mine(x), theirs(x), rtol=1e-13, atol=1e-13)
    direction = sym(P)
    size = np.abs(ad.grad(theirs)(x)).max()
    np.testing.assert_allclose(ad.grad(mine)(x), sym(ad.grad(theirs)(x)), atol=1e-13 * size)
    for one, two in zip(
        ad.jvp(mine, (x,), (direction,)), ad.jvp(theirs, (x,), (direction,)), strict=True
    ):
        np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-12)
    bends = [ad.hvp(f, x, direction) for f in (mine, theirs)]
    np.testing.assert_allclose(bends[0], sym(bends[1]), atol=1e-12 * np.abs(bends[1]).max())


def test_third_derivatives_at_a_tie():
    for f, h, plain, point in (POLYNOMIALS["U s³ Vᵀ"], POLYNOMIALS["V w³ Vᵀ"]):
        direction = (P + P.T) / 2

        def third(loss, direction=direction):
            twice = lambda x: ad.jvp(
                lambda x: ad.jvp(loss, (x,), (direction,))[1], (x,), (P + P.T,)
            )
            return lambda x: ad.grad(lambda x: twice(x)[1])(x)

        mine = third(of(f, h))(point(0.0))
        theirs = third(lambda x, plain=plain: np.sum(G * plain(x)))(point(0.0))
        theirs = (theirs + theirs.T) / 2 if point is symmetric else theirs
        np.testing.assert_allclose(mine, theirs, atol=1e-11)


@pytest.mark.parametrize("gap", GAPS)
def test_the_polar_factor_and_the_norm_of_the_product(gap):
    x = general(gap)
    U, s, Vt = np.linalg.svd(x)
    a = U.T @ G @ Vt.T
    closed = U @ ((a - a.T) / (s[:, None] + s)) @ Vt
    np.testing.assert_allclose(ad.grad(of(ad.svd_function, np.ones_like))(x), closed, atol=1e-14)
    norm = ad.grad(lambda x: np.linalg.norm(ad.svd_function(x, identity)))(x)
    np.testing.assert_allclose(norm, x / np.linalg.norm(x), atol=1e-15)


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("name", ["exp", "sqrt", "log", "arctan"])
def test_divided_differences_against_fifty_digits(name, gap):
    """The derivative along v₀v₁ᵀ + v₁v₀ᵀ is h[w₀, w₁], here at w = 2, 2 + gap."""
    mpmath = pytest.importorskip("mpmath")
    h = {"arctan": "atan"}.get(name, name)
    S, E = np.diag([2.0, 2.0 + gap]), np.array([[0.0, 1.0], [1.0, 0.0]])
    slope = ad.jvp(lambda x: ad.eigh_function(x, getattr(np, name)), (S,), (E,))[1][0, 1]
    with mpmath.workdps(50):
        f, (a, b) = getattr(mpmath, h), map(mpmath.mpf, np.diag(S).tolist())
        expected = (f(b) - f(a)) / (b - a) if a != b else mpmath.diff(f, a)
        assert slope == pytest.approx(float(expected), rel=1e-14)


def test_kinks_and_steps():
    """A step of w is the projector on some eigenvectors; the values that tie are on one side."""
    S = np.diag([2.0, 2.0, 1.0, 0.5])
    above = ad.grad(of(ad.eigh_function, lambda w: np.where(w > 0.75, 1.0, 0.0)))(S)
    lowest = lambda x: np.linalg.eigh(x)[1][:, :1]  # not tied, so that its rule may be used
    below = ad.grad(lambda x: -np.sum(G * (lowest(x) @ lowest(x).T)))(S)
    np.testing.assert_allclose(above, below, atol=1e-14)
    # soft thresholding is the proximal map of the nuclear norm: X minus the projection on a ball
    soft = ad.grad(of(ad.svd_function, lambda s: np.maximum(s - 0.75, 0.0)))(S)
    clipped = ad.grad(of(ad.svd_function, lambda s: np.minimum(s, 0.75)))(S)
    np.testing.assert_allclose(soft + clipped, G, atol=1e-14)
    near = S + np.diag([0, 0, -0.25 + 1e-9, 0.25 - 1e-9])  # ties astride the kink
    slope = ad.jvp(
        lambda x: ad.eigh_function(x, lambda w: np.maximum(w - 0.75, 0.0)),
        (near,),
        (np.eye(4)[[0, 1, 3, 2]] - np.diag([1.0, 1, 0, 0]),),
    )[1]
    assert slope[2, 3] == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (4, 3), (1, 3), (3, 3)])
def test_any_shape_and_rank(shape):
    full = rng.standard_normal(shape)
    low = np.outer(rng.standard_normal(shape[0]), rng.standard_normal(shape[1]))
    g, v = G[: shape[0], : shape[1]], rng.standard_normal(shape)
    for x in (full, low, np.zeros(shape), np.ones(shape)):
        same = ad.grad(of(ad.svd_function, identity))(x)
        np.testing.assert_allclose(same, g, atol=1e-13)
        loss = lambda x: np.sum(g * (x @ x.T @ x))
        bends = [ad.hvp(f, x, v) for f in (of(ad.svd_function, cubes), loss)]
        np.testing.assert_allclose(*bends, atol=1e-12)
    ad.check_grads(
        of(ad.svd_function, np.cos), (full,), order=2, rng=np.random.default_rng(1), tolerance=1e-5
    )


def test_stacks_batches_and_programs():
    stack = np.stack([general(0.0), general(0.3)])
    for f in (ad.svd_function, lambda x, h: ad.eigh_function(x + np.swapaxes(x, -1, -2), h)):
        gradient = ad.grad(lambda x, f=f: np.sum(f(x, np.sin)))
        alone = np.stack([gradient(x) for x in stack])
        np.testing.assert_allclose(gradient(stack), alone, atol=1e-14)
        np.testing.assert_allclose(ad.vmap(gradient)(stack), alone, atol=1e-14)
        program = ad.compile(gradient, stack[0])
        np.testing.assert_allclose(program(stack[1]), alone[1], atol=1e-14)


def test_float32_stays_float32():
    x = general(1e-5).astype(np.float32)
    gradient = ad.grad(lambda x: np.sum(G.astype(np.float32) * ad.svd_function(x, identity)))(x)
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, G, atol=3e-6)


def test_spectral_functions_have_second_derivatives_at_ties():
    """Σ w³ = tr S³, whose Hessian along E is 3 (S E + E S); eigvalsh refuses it at a tie."""
    S, E = symmetric(0.0), P + P.T
    bend = ad.hvp(lambda x: np.trace(ad.eigh_function(x, cubes)), S, E)
    np.testing.assert_allclose(bend, 3 * (S @ E + E @ S), atol=1e-12)
    with pytest.raises(ad.DegenerateSpectrumError):
        ad.hvp(lambda x: np.sum(np.linalg.eigvalsh(x) ** 3), np.diag([2.0, 2.0, 1.0, 0.0]), E)


SINGULAR = np.diag([1.0, 0.0])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: ad.svd_function(x, np.ones_like), ad.DegenerateSpectrumError, r"h\(0\) is 1"),
        (lambda x: ad.svd_function(x, np.sqrt), ad.DegenerateSpectrumError, "at the value 0"),
        (lambda x: ad.eigh_function(x, np.sqrt), ad.DegenerateSpectrumError, "at the value 0"),
        (lambda x: ad.svd_function(x, lambda s: s / s.sum()), ad.MissingRule, "by itself"),
        (lambda x: ad.svd_function(x, lambda s: s / s.max()), ad.MissingRule, "by itself"),
        (lambda x: ad.eigh_function(x, lambda w: 1.0), ad.MissingRule, "same shape"),
        (lambda x: ad.svd_function(x, lambda s: s * x[0, 0]), ad.LosesDerivative, "besides"),
    ],
)
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        ad.grad(lambda x: np.sum(call(x)))(SINGULAR)


def test_a_function_that_is_not_odd_has_no_second_derivative_at_zero():
    loss = of(ad.svd_function, np.square)
    np.testing.assert_allclose(ad.grad(loss)(np.diag([1.0, 0.0]))[1, 1], 0, atol=1e-15)
    with pytest.raises(ad.DegenerateSpectrumError, match=r"h''\(0\) is 2"):
        ad.hvp(loss, SINGULAR, np.ones((2, 2)))
