"""What adcourse does where a derivative is hard or does not exist: one table, case by case.

Right where a right answer exists; a subgradient, stated, at kinks of convex functions; elsewhere
inf or nan with a warning that shows the row, or an error that names the place and the cures. Never
a finite number that is not an answer. test_edges.py and test_linalg_edges.py go into more detail.
"""

import linecache
import warnings

import numpy as np
import pytest

import adcourse as ad

nan, inf, norm = np.nan, np.inf, np.linalg.norm
rng = np.random.default_rng(5)
G = rng.standard_normal((3, 3))
TIE = np.diag([2.0, 2.0, 1.0])
NEAR = np.diag([2.0 + 1e-9, 2.0, 1.0])
TALL = np.array([[1.0, 2.0], [0.0, 1.0], [1.0, 0.0]])
TALLER = np.concatenate([TALL, [[0.5, -1.0]]])
DEPENDENT = np.outer([1.0, 2.0, 3.0], [1.0, 1.0])
RANK_ONE = np.array([[1.0, 2.0], [2.0, 4.0]])
JORDAN = np.array([[1.0, 1.0], [0.0, 1.0]])
ZERO, ZEROS = np.float64(0.0), np.zeros(2)


def svd_product(x, h=lambda s: s, **options):
    U, s, Vt = np.linalg.svd(x, **options)
    k = s.shape[-1]
    return (U[:, :k] * h(s)) @ Vt[:k]


def eigh_product(x):
    w, V = np.linalg.eigh(x)
    return (V * np.exp(w)) @ V.T


def relu(x):
    return np.maximum(x, 0.0)


# fmt: off
RIGHT = {  # gradients that exist: function, point, value by hand
    "U s Vᵀ, full_matrices=True, tall": (
        lambda x: np.sum(G[:, :2] * svd_product(x)), TALL, G[:, :2]),
    "U s Vᵀ, full_matrices=True, wide": (
        lambda x: np.sum(G[:2] * svd_product(x)), TALL.T, G[:2]),
    "U s Vᵀ, reduced": (
        lambda x: np.sum(G[:, :2] * svd_product(x, full_matrices=False)), TALL, G[:, :2]),
    "s alone, tied": (
        lambda x: np.sum(np.linalg.svd(x, compute_uv=False) ** 2), TIE, 2 * TIE),
    "s alone, zeros": (lambda x: np.sum(np.linalg.svdvals(x) ** 2), DEPENDENT, 2 * DEPENDENT),
    "svd_function, tied": (lambda x: norm(ad.svd_function(x, lambda s: s)), TIE, TIE / 3),
    "spectral norm, tied": (lambda x: norm(x, 2), TIE, np.diag([0.5, 0.5, 0.0])),
    "sum of tied eigvals": (lambda x: np.sum(np.linalg.eigvals(x) ** 3), np.eye(2), 3 * np.eye(2)),
    "det of rank n-1": (np.linalg.det, RANK_ONE, [[4, -2], [-2, 1]]),
    "det of rank n-2": (np.linalg.det, np.diag([3.0, 0.0, 0.0]), np.zeros((3, 3))),
    "norm at 0": (norm, ZEROS, ZEROS),
    "norm² at 0": (lambda x: norm(x) ** 2, ZEROS, ZEROS),
    "Frobenius norm at 0": (lambda x: norm(x, "fro"), np.zeros((2, 2)), np.zeros((2, 2))),
    "std of a constant": (np.std, np.ones(2), ZEROS),
    "max norm, tied": (lambda x: norm(x, inf), np.array([1.0, -1.0]), [0.5, -0.5]),
    "x**0.0 at 0": (lambda x: x**0.0, ZERO, 0),
    "(-2)**3 by the base": (lambda x: np.sum(x ** np.array([3.0])), np.array([-2.0]), [12]),
    "0**y": (lambda y: 0.0**y, np.float64(2.0), 0),
    "prod with two zeros": (np.prod, np.array([0.0, 0.0, 3.0]), [0, 0, 0]),
    "logaddexp for log1p(exp x)": (lambda x: np.logaddexp(0.0, x), np.float64(1e3), 1),
    "double where": (
        lambda x: np.sum(np.where(x > 0, np.sqrt(np.where(x > 0, x, 1.0)), 0.0)),
        np.array([-1.0, 0.0, 4.0]), [0, 0, 0.25]),
    # the halves at both kinks add up, though with relu'(0) = 0 no convention obeys the chain rule
    "relu(x) - relu(-x)": (lambda x: relu(x) - relu(-x), ZERO, 1),
}

SECOND = {  # function, point, Hessian by hand
    "x**array(0.)": (lambda x: np.sum(x ** np.array([0.0])), ZEROS[:1], [[0]]),
    "x**array(1.)": (lambda x: np.sum(x ** np.array([1.0])), ZEROS[:1], [[0]]),
    "x**array(2.)": (lambda x: np.sum(x ** np.array([2.0])), ZEROS[:1], [[2]]),
    "x**1.0": (lambda x: np.sum(x**1.0), ZEROS[:1], [[0]]),
    "sinc": (lambda x: np.sum(np.sinc(x)), ZEROS[:1], [[-np.pi**2 / 3]]),
    "prod": (np.prod, np.array([0.0, 0.0, 3.0]), [[0, 3, 0], [3, 0, 0], [0, 0, 0]]),
    "abs": (lambda x: np.sum(np.abs(x)), ZEROS[:1], [[0]]),
    "det, rank 0": (np.linalg.det, np.zeros((2, 2)),
                    np.array([[[[0, 0], [0, 1]], [[0, 0], [-1, 0]]],
                              [[[0, -1], [0, 0]], [[1, 0], [0, 0]]]])),
}

INFINITE = {  # function, point, gradient, and the row that the warning shows
    "sqrt": (np.sqrt, ZERO, inf, "np.sqrt"),
    "x**0.5": (lambda x: x**0.5, ZERO, inf, "x ** (y - 1)"),
    "sqrt of a sum of squares": (lambda x: np.sqrt(np.sum(x**2)), ZEROS, [nan, nan], "np.sqrt"),
    "arctan2(0, 0)": (lambda x: np.arctan2(x, 0.0), ZERO, nan, "np.arctan2"),
    "log(0)": (np.log, ZERO, inf, "np.log"),
    "where with an infinite branch": (
        lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)), ZEROS, [nan, nan], "np.sqrt"),
}

CURES = "eigvalsh.*ad.svd_function.*ad.eigh_function.*np.trace.*1e-6"
REFUSED = {  # function, point, what the error says
    "U s Vᵀ at a tie": (lambda x: np.sum(G * svd_product(x)), TIE,
                        f"singular values 0 and 1, whose gap is 0.*{CURES}"),
    "norm of U s Vᵀ": (lambda x: norm(svd_product(x)), TIE, "singular values 0 and 1.*" + CURES),
    "U Vᵀ": (lambda x: np.sum(G * svd_product(x, np.ones_like)), TIE, CURES),
    "V eʷ Vᵀ": (lambda x: np.sum(G * eigh_product(x)), TIE, "eigenvalues 1 and 2.*" + CURES),
    "U s Vᵀ near a tie": (lambda x: norm(svd_product(x)), NEAR, "gap is 1e-09.*" + CURES),
    "one tied eigenvector": (lambda x: np.linalg.eigh(x)[1][0, 1], TIE, "eigenvalues 1 and 2"),
    "in a stack": (lambda x: np.sum(np.linalg.eigh(x)[1][:, 0, 1]), np.stack([G + G.T, TIE]),
                   r"of matrix \(1,\) in the stack"),
    "U of zero singular values": (
        lambda x: np.sum(np.linalg.svd(x, full_matrices=False)[0] ** 3), DEPENDENT, "null space"),
    "a basis of a null space": (
        lambda x: np.sum(np.linalg.svd(x.T)[2][2] ** 3), TALLER, "happen to form.*projector"),
    "qr, dependent columns": (lambda x: np.sum(np.linalg.qr(x)[0]), DEPENDENT, "column 1"),
    "qr, mode r": (lambda x: np.sum(np.linalg.qr(x, "r")), DEPENDENT, "column 1"),
    "qr, the further columns of Q": (
        lambda x: np.sum(np.linalg.qr(x, "complete")[0][:, 2] ** 3), TALLER, "projector"),
    "eigvals of a defective matrix": (lambda x: np.linalg.eigvals(x)[0], JORDAN, r"cond\(V\)"),
    "one tied eigenvalue of eig": (
        lambda x: np.linalg.eigvals(x)[0], np.eye(2), "eigenvalues 0 and 1 apart.*gap is 0.*trace"),
}
# fmt: on


@pytest.mark.parametrize("name", RIGHT)
def test_right(name):
    f, x, expected = RIGHT[name]
    gradient = ad.grad(f)(x)
    np.testing.assert_allclose(gradient, expected, atol=1e-13)
    v = np.random.default_rng(2).standard_normal(np.shape(x))[()]
    slope = ad.jvp(f, (x,), (v,))[1]
    np.testing.assert_allclose(slope, np.sum(np.multiply(expected, v)), atol=1e-13)


@pytest.mark.parametrize("name", SECOND)
def test_second_order(name):
    f, x, expected = SECOND[name]
    np.testing.assert_allclose(ad.hessian(f)(x), expected, atol=1e-13)
    by_reverse = ad.jacrev(ad.grad(f))(x)
    np.testing.assert_allclose(by_reverse, expected, atol=1e-13)


@pytest.mark.parametrize("name", INFINITE)
def test_infinite_or_undefined_with_a_warning_that_shows_the_row(name):
    f, x, expected, shown = INFINITE[name]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        np.testing.assert_array_equal(ad.grad(f)(x), expected)
    lines = [linecache.getline(w.filename, w.lineno) for w in caught]
    assert any(shown in line for line in lines), lines
    assert {w.category for w in caught} == {RuntimeWarning}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    f, x, words = REFUSED[name]
    with pytest.raises(ad.DegenerateSpectrumError, match=words):
        ad.grad(f)(x)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(np.linalg.inv(x)),
        lambda x: np.sum(np.linalg.solve(x, np.ones(2))),
        lambda x: np.linalg.slogdet(x)[1],
        lambda x: np.sum(np.linalg.cholesky(-x)),
    ],
)
def test_numpys_own_errors_pass_unchanged(f):
    for call in (ad.grad(f), ad.vmap(ad.grad(f)), lambda x: ad.jvp(f, (x,), (x,))):
        with pytest.raises(np.linalg.LinAlgError):
            call(RANK_ONE if call.__name__ != "vmap_grad_f" else np.stack([RANK_ONE] * 2))


@pytest.mark.parametrize("x", [DEPENDENT, np.zeros((3, 2)), np.diag([1.0, 0.0, 0.0])], ids=str)
@pytest.mark.parametrize("ord", ["nuc", 2])
def test_norms_of_matrices_take_a_subgradient_at_kinks(x, ord):
    """Z is one where <Z, X> = ‖X‖ and the dual norm of Z is at most 1 (Watson 1992)."""
    Z = ad.grad(lambda x: norm(x, ord))(x)
    np.testing.assert_allclose(np.sum(Z * x), norm(x, ord), atol=1e-13)
    assert norm(Z, {"nuc": 2, 2: "nuc"}[ord]) <= 1 + 1e-13


@pytest.mark.parametrize("f", [np.linalg.pinv, lambda x: np.linalg.lstsq(x, np.ones(3))[0]])
def test_deficient_rank_warns_in_forward_mode_too(f):
    """Along X itself the pseudoinverse shrinks as 1/t does: the derivative is minus the value."""
    with pytest.warns(RuntimeWarning, match="rank 1, which could be 2"):
        slope = ad.jvp(f, (DEPENDENT,), (DEPENDENT,))[1]
    np.testing.assert_allclose(slope, -f(DEPENDENT), atol=1e-14)


@pytest.mark.parametrize("values", [[3, 2, 1, 0.5], [3, 2, 1, 1e-5], [3, 2, 0, 0], [3, 0, 0, 0]])
def test_the_determinant_to_fourth_order_near_and_at_singular_matrices(values):
    """Independent: Leibniz's sum over permutations, a polynomial of the entries."""
    Q, P = (np.linalg.qr(rng.standard_normal((4, 4)))[0] for _ in range(2))
    x, directions = Q @ np.diag(values) @ P, rng.standard_normal((3, 4, 4))

    def leibniz(x):
        if len(x) == 1:
            return x[0, 0]
        minors = [np.concatenate([x[1:, :i], x[1:, i + 1 :]], axis=1) for i in range(len(x))]
        return sum((-1) ** i * x[0, i] * leibniz(m) for i, m in enumerate(minors))

    mine, theirs = ad.grad(np.linalg.det), ad.grad(leibniz)
    np.testing.assert_allclose(mine(x), theirs(x), atol=1e-13)
    for v in directions:
        mine = lambda x, f=mine, v=v: ad.jvp(f, (x,), (v,))[1]
        theirs = lambda x, f=theirs, v=v: ad.jvp(f, (x,), (v,))[1]
        np.testing.assert_allclose(mine(x), theirs(x), atol=3e-12)
    v, w = directions[:2]
    third = [
        ad.grad(lambda x, f=f: np.sum(w * ad.grad(lambda x: np.sum(v * ad.grad(f)(x)))(x)))(x)
        for f in (np.linalg.det, leibniz)
    ]
    np.testing.assert_allclose(*third, atol=1e-12)
