"""Every line of a derivation is true: both of its sides are evaluated, with dM as what M does."""

import numpy as np
import pytest
import sympy

from adcourse.symbolic.matrix_calculus import (
    differential,
    eigh_derivation,
    elementwise,
    gradient,
    hessian,
    inner,
    inverse,
    matrix,
    norm,
    number,
    pullback,
    solution,
    svd_derivation,
    total,
    vector,
)
from adcourse.symbolic.matrix_calculus import expressions as e
from tests.symbolic.matrix_calculus.evaluate import Values, direction_of, point_of, untrue_steps

POINT = np.random.default_rng(5)
X, Y = POINT.standard_normal((2, 3, 3)) + 2 * np.eye(3)
A, x, y, b = POINT.standard_normal((4, 3)), *POINT.standard_normal((2, 3)), np.arange(4.0)
p, S, s = np.array([0.5, 1.0, 2.0]), X @ X.T, 1.3
SYMMETRIC, POSITIVE = {"S": "symmetric"}, {"S": "positive definite"}


def softmax(Z):
    E = np.exp(Z)
    return E / np.sum(E, axis=1, keepdims=True)


NUMBERS = [
    (lambda A, x, b: np.sum((A @ x - b) ** 2), (A, x, b), None),
    (lambda A, x, b: np.linalg.norm(A @ x - b), (A, x, b), None),
    (lambda x, X: x @ X @ x / (x @ x), (x, X), None),
    (lambda X, Y: np.linalg.slogdet(X @ Y + X)[1] + np.linalg.det(X) ** 2, (X, Y), None),
    (lambda X, y: np.sum(np.linalg.solve(X, y) ** 3), (X, y), None),
    (lambda X, Y: np.sum(np.kron(X, Y) @ np.kron(Y, X)), (X, Y), None),
    (lambda X, Y: np.sum(softmax(X @ Y / 9) @ Y), (X, Y), None),
    (lambda x, X: np.log(np.sum(np.exp(X @ x))), (x, X), None),
    (lambda X, Y, x: np.sum(np.tanh(Y @ np.tanh(X @ x))), (X, Y, x), None),
    (lambda p, s: np.sum(p**s) * np.exp(s) + np.prod(p), (p, s), None),
    (lambda A: np.sum(A / np.linalg.norm(A, axis=1, keepdims=True)), (A,), None),
    (lambda X: np.sum(np.diag(X) ** 3) + X[0, 1] ** 2 + np.sum(np.tril(X) ** 2), (X,), None),
    (lambda S, x: x @ S @ x + np.trace(S @ S), (S, x), SYMMETRIC),
    (lambda S: np.sum(np.linalg.eigvalsh(S) ** 3), (S,), SYMMETRIC),
    (lambda S, x: x @ np.linalg.solve(S, x) + np.linalg.slogdet(S)[1], (S, x), POSITIVE),
    (lambda S, X: np.trace(X @ S @ X) + np.sum(np.linalg.inv(S) ** 2), (np.diag(p), X),
     {"S": "diagonal"}),
    (lambda A: np.linalg.norm(A, "nuc"), (A,), None),
]  # fmt: skip
VECTORS = [
    (lambda A: np.sum(np.linalg.svd(A, full_matrices=False)[0] ** 3 @ X), (A,), None),
    (lambda A: np.sum(np.linalg.svd(A, full_matrices=False)[2] ** 3 @ X), (A,), None),
    (lambda S: np.sum(np.linalg.eigh(S)[1] ** 3 @ X), (S,), SYMMETRIC),
    (lambda S: np.sum(np.linalg.cholesky(S) @ X), (S,), POSITIVE),
]


def values_of(derivation, arguments):
    return {s.name: v for s, v in zip(derivation.arguments, arguments, strict=False)}


def check(derivation, arguments=()):
    rng = np.random.default_rng(8)
    point = point_of(derivation, rng, values_of(derivation, arguments))
    changes = {t: direction_of(t, rng, point[t]) for t in derivation.targets}
    if derivation.is_map:  # the last step ends with dX; the result says V
        point[derivation.arguments[-1]] = changes[derivation.targets[0]]
    assert derivation.steps
    assert untrue_steps(derivation, point, changes) == []
    return Values(point, changes), changes


@pytest.mark.parametrize(("f", "arguments", "assume"), NUMBERS + VECTORS)
def test_gradients(f, arguments, assume):
    targets = tuple(range(len(arguments)))
    derivation = gradient(f, *arguments, argnums=targets, assume=assume)
    values, changes = check(derivation, arguments)
    seen = sum(
        np.sum(values.of(g) * changes[t])
        for t, g in zip(derivation.targets, derivation.results, strict=True)
    )
    np.testing.assert_allclose(seen, values.slope(derivation.function), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("f", "arguments", "assume"), NUMBERS)
def test_hessians(f, arguments, assume):
    derivation = hessian(f, *arguments, assume=assume)
    values, changes = check(derivation, arguments)
    if derivation.is_map:
        np.testing.assert_allclose(
            values.of(derivation.result), values.side(derivation.steps[-1].after), atol=1e-9
        )


@pytest.mark.parametrize(
    "f", [lambda X, x: np.tanh(X @ x) * (x @ x), lambda X, x: X @ X.T @ np.linalg.inv(X),
          lambda X, x: np.outer(x, x) @ X, lambda X, x: np.diag(x) * np.trace(X)],
)  # fmt: skip
def test_differentials(f):
    derivation = differential(f, X, x, argnums=(0, 1))
    values, changes = check(derivation, (X, x))
    slope = values.slope(derivation.function)
    np.testing.assert_allclose(values.of(derivation.result), slope, atol=1e-7)
    found = derivation.run(X, x, *[changes[t] if t.shape[1] != 1 else changes[t][:, 0]
                                   for t in derivation.targets])  # fmt: skip
    np.testing.assert_allclose(found if slope.shape[1] != 1 else found[:, None], slope, atol=1e-7)


def test_the_differential_of_a_number_runs_as_code():
    derivation = differential(lambda x, s: s * np.sum(x**2), x, s, argnums=(0, 1))
    dx = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(derivation.run(x, s, dx, 0.3), 0.3 * x @ x + 2 * s * x @ dx)


def symbolic():
    """Pullbacks of formulas whose sizes have names."""
    M, b, lam = matrix("M", "m", "n"), vector("b", "m"), number("lam", positive=True)
    N, c = matrix("N", "n", "n"), vector("c", "n")
    n = sympy.Symbol("n", integer=True, positive=True)
    yield pullback(solution(N, c), N, c)
    yield pullback(solution(M.T @ M + lam * e.Eye(n), M.T @ b), M, b, lam)
    yield pullback(inverse(N) @ M.T, N, M)
    yield pullback(e.Sylvester(N, matrix("P", "n", "n"), matrix("C", "n", "n")), N,
                   matrix("P", "n", "n"), matrix("C", "n", "n"))  # fmt: skip
    yield pullback(elementwise(lambda t, u: sympy.exp(t) * u**2, N @ c, c), N, c)
    yield pullback(e.Softmax(M @ c, 0), M, c)
    yield gradient(total(elementwise(sympy.tanh, M @ c)) + norm(c) ** 3 + inner(b, M @ c), M, c)


@pytest.mark.parametrize("derivation", list(symbolic()), ids=lambda d: str(d.function))
def test_pullbacks(derivation):
    check(derivation)


def moving_factors(W, dW, values, vectors):
    """A decomposition along W + t dW and its slope at 0, by differences of order 8."""
    at = Values({W: values[W]}, {W: dW})
    return at.of(vectors), at.slope(vectors)


@pytest.mark.parametrize("vectors", [False, True])
@pytest.mark.parametrize("shape", [(4, 3), (3, 3)])
def test_the_proof_of_the_svd_along_a_real_path(vectors, shape):
    derivation = svd_derivation(vectors=vectors)
    rng = np.random.default_rng(2)
    start, dW = rng.standard_normal((2, *shape)) + [[[0.0]], [[0.0]]]
    W = e.Sym("W", shape)
    path = Values({W: start}, {W: dW})
    known, changes = {}, {}
    m, n, k = sympy.symbols("m n k", integer=True, positive=True)
    proof = derivation.targets[0]
    U, V = (e.Sym(name, (rows, k), {"orthonormal columns"}) for name, rows in (("U", m), ("V", n)))
    Sigma = e.Sym("Sigma", (k, k), {"diagonal"})
    point = {proof: start}
    changes[proof] = dW
    for symbol, part in ((U, "U"), (V, "V"), (Sigma, "s")):
        node = e.Spectral(W, part)
        point[symbol], changes[symbol] = path.of(node), path.slope(node)
    for table in (point, changes):
        table[Sigma] = np.diag(table[Sigma][:, 0])
    point[e.Sym("M", (k, k))] = point[U].T @ dW @ point[V]
    point[e.Sym("Omega", (k, k))] = point[U].T @ changes[U]
    point[e.Sym("Psi", (k, k))] = point[V].T @ changes[V]
    for bar in derivation.arguments[3:]:
        rows = {"U_bar": shape[0], "V_bar": shape[1]}.get(bar.name, 3)
        value = rng.standard_normal((rows, 3))
        point[bar] = np.diag(np.diag(value)) if bar.is_a("diagonal") else value
    assert untrue_steps(derivation, point, changes, known, tolerance=1e-6) == []


@pytest.mark.parametrize("vectors", [False, True])
def test_the_proof_of_eigh_along_a_real_path(vectors):
    derivation = eigh_derivation(vectors=vectors)
    rng = np.random.default_rng(2)
    start, dS = (B + B.T for B in rng.standard_normal((2, 3, 3)))
    S = e.Sym("S", (3, 3), {"symmetric"})
    path = Values({S: start}, {S: dS})
    n = sympy.Symbol("n", integer=True, positive=True)
    Q, L = e.Sym("Q", (n, n), {"orthonormal columns"}), e.Sym("Lambda", (n, n), {"diagonal"})
    point, changes = {derivation.targets[0]: start}, {derivation.targets[0]: dS}
    for symbol, part in ((Q, "Q"), (L, "w")):
        node = e.Spectral(S, part)
        point[symbol], changes[symbol] = path.of(node), path.slope(node)
    for table in (point, changes):
        table[L] = np.diag(table[L][:, 0])
    point[e.Sym("M", (n, n))] = point[Q].T @ dS @ point[Q]
    point[e.Sym("Omega", (n, n))] = point[Q].T @ changes[Q]
    point[e.Sym("Q_bar", (n, n))] = rng.standard_normal((3, 3))
    bar = next(a for a in derivation.arguments if a.name == "Lambda_bar")
    point[bar] = np.diag(rng.standard_normal(3))
    assert untrue_steps(derivation, point, changes, tolerance=1e-6) == []


def test_a_target_with_orthonormal_columns_moves_among_such_matrices():
    """<G, dQ> is right for dQ = Q Ω with antisymmetric Ω, whatever QᵀQ = I has cancelled."""
    rng = np.random.default_rng(4)
    Q, skew = np.linalg.qr(rng.standard_normal((3, 3)))[0], rng.standard_normal((3, 3))
    derivation = gradient(lambda Q, X: np.sum((Q @ X @ Q.T) ** 3) + np.trace(Q.T @ Q @ X @ Q), Q, X,
                          assume={"Q": "orthonormal columns"})  # fmt: skip
    dQ = Q @ (skew - skew.T)

    def f(h):
        turned = Q @ np.linalg.solve(np.eye(3) - h * (skew - skew.T) / 2,
                                     np.eye(3) + h * (skew - skew.T) / 2)  # fmt: skip
        return np.sum((turned @ X @ turned.T) ** 3) + np.trace(X @ turned)

    slope = (8 * (f(1e-3) - f(-1e-3)) - (f(2e-3) - f(-2e-3))) / 12e-3
    np.testing.assert_allclose(np.sum(derivation.run(Q, X) * dQ), slope, rtol=1e-7)
