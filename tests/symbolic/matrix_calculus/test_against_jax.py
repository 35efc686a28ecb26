"""Gradients and Hessians of programs, one for each way a program can be written, against JAX."""

import inspect
import types

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import adcourse as ad
from adcourse.symbolic.matrix_calculus import gradient, hessian, jacobian, matrix, norm, vector

rng = np.random.default_rng(3)
POINT = {name: rng.standard_normal((3, 3)) for name in "YPQUVFLINEOC"}
POINT |= {name: rng.standard_normal(3) for name in ("x", "y", "t0", "e_1", "c1", "v1", "powers")}
POINT |= {"A": rng.standard_normal((4, 3)), "B": rng.standard_normal((3, 4))}
POINT |= {"W": rng.standard_normal((4, 3)), "b": rng.standard_normal(4), "s": 1.3, "lam": 0.7}
POINT |= {"X": rng.standard_normal((3, 3)) / 2 + 2 * np.eye(3), "p": 0.5 + rng.random(3)}
POINT["S"] = POINT["X"] @ POINT["X"].T + np.eye(3)
POINT["D"] = np.diag([2.0, 3.0, 5.0])
ONE_PLACE, PLACE_OF_TWO = np.array([0.0, 1.0, 0.0]), np.array([0.0, 2.0, 0.0])
WHOLE, TENTH = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 10]]), np.float32(0.1)


@pytest.fixture(autouse=True, scope="module")
def double_precision():
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def in_jax(f):
    """The same function with NumPy's name bound to JAX's, in the helpers here, too."""
    names = f.__globals__ | {"np": jnp}
    names["softmax"] = types.FunctionType(softmax.__code__, names)
    return types.FunctionType(f.__code__, names, f.__name__, f.__defaults__, f.__closure__)


def seen(name, assume, g):
    """The part of a gradient or direction that a structured argument sees."""
    kind = (assume or {}).get(name, "")
    if kind == "diagonal":
        return np.diag(np.diag(g))
    return (g + g.T) / 2 if kind in ("symmetric", "positive definite") else g


def softmax(Z, axis):
    E = np.exp(Z)
    return E / np.sum(E, axis=axis, keepdims=True)


def attention(X, P, Q):
    weights = np.exp(X @ P @ Q.T @ X.T / 9)
    return np.sum((weights / np.sum(weights, axis=1, keepdims=True) @ X) ** 2)


def layers(X, Y, P, x):
    return np.sum(np.tanh(P @ np.tanh(Y @ np.tanh(X @ x))) ** 2)


def recurrent(X, Y, x, y):
    h = np.tanh(X @ x)
    for _ in range(3):
        h = np.tanh(X @ x + Y @ h)
    return y @ h


def descent(S, x, y):
    for _ in range(3):
        x = x - 0.1 * (S @ x - y)
    return np.sum(x**2)


def newton_schulz(X, Y):
    for _ in range(2):
        Y = Y @ (2 * np.eye(3) - X @ Y)
    return np.sum(Y**2)


PROGRAMS = [
    # entries, products, broadcasting
    lambda x: np.sum(x * np.sin(x)) + np.sum(x**3),
    lambda x, p: np.sum(p**x) + np.sum(np.sqrt(p)) + np.sum(x / p),
    lambda x, y: np.sum(np.maximum(x, y)) + np.sum(np.minimum(x, 2 * y) ** 2),
    lambda x: np.sum(np.where(x > 0, x**2, -x)) + np.sum(np.abs(x) ** 3),
    lambda x: np.sum(np.clip(x, -0.5, 0.5)) + np.sum(np.floor(3 * x) * x),
    lambda x, y: np.sum(np.arctan2(x, y)) + np.sum(np.hypot(x, y)),
    lambda x: np.sum(np.log1p(x**2) + np.expm1(x) + np.cosh(x) + np.arctan(x)),
    lambda x, y: np.sum(np.logaddexp(x, y)),
    lambda x, s: np.sum(np.tanh(s * x + s)) + np.sin(s) / s,
    lambda X, x: np.sum((X + x) ** 2) + np.sum(np.exp(X - x[:, None])),
    lambda x, y: np.sum(np.sin(x[:, None] - y)),
    lambda X, x: np.sum((X * x) ** 3) + np.sum(np.diag(x) @ X @ X),
    lambda x, y: np.sum(np.outer(x, y) ** 2) + np.dot(x, y) ** 2 + np.vdot(x, x),
    lambda X, Y: np.trace(X @ Y @ X.T @ Y) + np.sum(np.inner(X, Y) ** 2),
    lambda X: np.sum(np.linalg.matrix_power(X, 3)) + np.sum(np.linalg.matrix_power(X, -2)),
    lambda X, x, y: np.einsum("i,ij,j", x, X, y) + np.einsum("ij,ij->", X, X),
    lambda A, B: np.sum(np.kron(A, B) ** 3) + np.trace(np.kron(A @ B, B @ A)),
    lambda X: np.sum((X * PLACE_OF_TWO) ** 2) + np.sum(np.sin(X * ONE_PLACE[:, None])),
    lambda X: np.trace(X @ WHOLE @ X) + np.sum(TENTH * X**2),
    # sums, norms, statistics along axes
    lambda A: np.sum(np.sum(A, axis=0) ** 2) + np.sum(np.sum(A, axis=1) ** 3),
    lambda A: np.sum(np.mean(A, axis=0) ** 3) + np.sum(np.var(A, axis=0)),
    lambda A: np.sum(np.linalg.norm(A, axis=1)) + np.linalg.norm(A),
    lambda A: np.sum(A / np.linalg.norm(A, axis=0)),
    lambda x: np.linalg.norm(x) ** 3 + np.linalg.norm(x, 1) + np.linalg.norm(x, 4) + np.var(x),
    lambda p: np.prod(p) ** 2 + np.sum(np.cumsum(p) ** 3) + np.sum(np.diff(p) ** 2),
    # places
    lambda X: X[0, 0] * X[1, 2] + np.sum(X[1] ** 2) + np.sum(X[:, 0] * X[:, 1]),
    lambda X: np.sum(X[1:, :2] ** 2) + np.sum(X[np.array([0, 0])] ** 2),
    lambda x, y: np.sum(x[::-1] * x) + np.sum(np.concatenate([x, y])[1:5] ** 2),
    lambda X: np.sum(np.diag(X) ** 2) + np.sum(np.tril(X) ** 3) + np.sum(np.triu(X, 1) @ X),
    # systems, determinants, decompositions
    lambda X, x, y: x @ np.linalg.solve(X, y) + np.sum(np.linalg.solve(X.T, X @ X)),
    lambda X, Y: np.trace(np.linalg.inv(X @ X.T) @ Y),
    lambda X, s: np.linalg.det(s * X) + np.linalg.slogdet(X - s * np.eye(3))[1],
    lambda A: np.linalg.slogdet(A.T @ A)[1] + np.linalg.det(A.T @ A),
    lambda A, b: np.sum(np.linalg.lstsq(A, b)[0] ** 2) + np.sum(np.linalg.pinv(A) ** 2),
    lambda A: np.linalg.norm(A, "nuc") + np.linalg.norm(A, 2) ** 2,
    # networks
    lambda X, Y: -np.sum(Y * np.log(softmax(X, 1))) + np.sum(softmax(X, 0) ** 2),
    lambda X, x: np.log(np.sum(np.exp(X @ x))) + np.exp(x[0]) / np.sum(np.exp(x)),
    attention,
    layers,
    recurrent,
    newton_schulz,
    # arguments with names that the code or the formulas use themselves
    lambda U, F, V, s: np.sum(np.linalg.svd(F, compute_uv=False)) * s + np.sum(U @ V * U),
    lambda V, e_1, c1, v1: np.sum(V @ V * WHOLE) + e_1[0] * c1[1] + np.sum(np.exp(v1) * (V @ v1)),
    lambda L, N, I, E, O, Q, C: np.sum(np.tanh(L @ N @ I) * E + O / (2 + Q**2) @ C),
    lambda lam, X, t0: np.trace(np.linalg.inv(X + lam * np.eye(3))) + np.sum(np.exp(t0 * lam)),
    lambda P, powers: np.sum(softmax(P, 1) @ softmax(P, 0)) + np.sum(powers * softmax(powers, 0)),
]
STRUCTURED = [
    (lambda S, x: x @ S @ x / (x @ x) + np.trace(S @ S @ S), {"S": "symmetric"}),
    (lambda S, Y: np.sum(S @ Y) + np.linalg.det(S), {"S": "symmetric"}),
    (lambda S: np.sum(np.linalg.eigvalsh(S) ** 3), {"S": "symmetric"}),
    (lambda S, x, y: np.linalg.slogdet(S)[1] + (x - y) @ np.linalg.solve(S, x - y),
     {"S": "positive definite"}),
    (lambda S, x: np.sum(np.linalg.cholesky(S) @ x), {"S": "positive definite"}),
    (descent, {"S": "symmetric"}),
    (lambda D, X: np.trace(X @ D @ X @ D) + np.sum(np.linalg.inv(D) @ X), {"D": "diagonal"}),
    (lambda D: np.sum(np.exp(D)) + np.linalg.det(D), {"D": "diagonal"}),
]  # fmt: skip
GRADIENTS_ONLY = [
    (lambda A, W: np.sum(W * np.linalg.svd(A, full_matrices=False)[0] ** 3), None),
    (lambda B, W: np.sum(W.T * np.linalg.svd(B, full_matrices=False)[0][:1, :1] ** 2), None),
    (lambda A, Y: np.sum(Y * np.linalg.svd(A, full_matrices=False)[2] ** 3), None),
    (lambda S, x: (np.linalg.eigh(S)[1][:, 0] @ x) ** 2, {"S": "symmetric"}),
]
CASES = [(f, None) for f in PROGRAMS] + STRUCTURED
ALL = CASES + GRADIENTS_ONLY


def name_of(case):
    line = inspect.getsource(case[0]).strip().splitlines()[0]
    return line.removeprefix("(").removeprefix("lambda ")[:50]


def arguments_of(f):
    return {name: POINT[name] for name in inspect.signature(f).parameters}


def close(got, want):
    assert np.shape(got) == np.shape(want)
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9 * (1 + np.max(np.abs(want))))


@pytest.mark.parametrize(("f", "assume"), ALL, ids=map(name_of, ALL))
def test_gradients_by_all_arguments_at_once(f, assume):
    arguments = arguments_of(f)
    targets = tuple(range(len(arguments)))
    if assume is None and f in [case[0] for case in GRADIENTS_ONLY]:
        targets = (0,)
    derivation = gradient(f, *arguments.values(), argnums=targets, assume=assume)
    found = derivation.run(*arguments.values())
    wanted = jax.grad(in_jax(f), argnums=targets)(*arguments.values())
    for k, name in enumerate(list(arguments)[: len(targets)]):
        close(found[k] if len(targets) > 1 else found, seen(name, assume, np.asarray(wanted[k])))


@pytest.mark.parametrize(("f", "assume"), CASES, ids=map(name_of, CASES))
def test_hessians(f, assume):
    names, values = list(arguments_of(f)), list(arguments_of(f).values())
    for k in dict.fromkeys([0, len(values) - 1]) if assume else [len(values) - 1]:
        derivation = hessian(f, *values, argnums=k, assume=assume)
        direction = seen(names[k], assume, rng.standard_normal(np.shape(values[k])))

        def slope(z, k=k):
            return jax.grad(in_jax(f), argnums=k)(*values[:k], z, *values[k + 1 :])

        wanted = jax.jvp(slope, (values[k],), (direction,))[1]
        found = derivation.run(*values, *([direction] if derivation.is_map else []))
        if not derivation.is_map:
            found = found @ direction if np.ndim(direction) else found * direction
        close(found, seen(names[k], assume, np.asarray(wanted)))


@pytest.mark.parametrize(
    "f",
    [
        lambda x, X: np.tanh(X @ x) * x,
        lambda x, X: X @ x / np.linalg.norm(x),
        lambda x, A: np.exp(A @ x) / np.sum(np.exp(A @ x)),
        lambda x, X: np.linalg.solve(X, x**2),
        lambda x, A: A @ x * (x @ x),
        lambda x, X: X[:, 0] + 0 * x,
    ],
)
def test_jacobians(f):
    arguments = arguments_of(f)
    found = jacobian(f, *arguments.values()).run(*arguments.values())
    close(found, jax.jacobian(in_jax(f))(*arguments.values()))


def test_code_runs_at_any_shape_where_sizes_are_names():
    A, x, b = matrix("A", "m", "n"), vector("x", "n"), vector("b", "m")
    derivation = gradient(norm(A @ x - b) ** 2, x)
    values = {"A": rng.standard_normal((6, 2)), "x": rng.standard_normal(2)}
    values["b"] = rng.standard_normal(6)
    found = derivation.run(*[values[s.name] for s in derivation.arguments])
    close(found, 2 * values["A"].T @ (values["A"] @ values["x"] - values["b"]))


def test_code_of_a_traced_shape_refuses_another():
    derivation = gradient(lambda x: np.mean(x**2), np.ones(3))  # 2 x / 3
    close(derivation.run(np.arange(3.0)), 2 * np.arange(3.0) / 3)
    with pytest.raises(ad.WrongStructure, match=r"x has shape \(5,\), and was derived for \(3,\)"):
        derivation.run(np.ones(5))


def test_constants_and_sizes_of_the_trace_stay_in_the_code():
    derivation = gradient(
        lambda X, x: np.mean((X @ x) ** 2), np.ones((4, 3)), np.ones(3), argnums=1
    )
    X, x = rng.standard_normal((4, 3)), rng.standard_normal(3)
    close(derivation.run(X, x), X.T @ (X @ x) / 2)


def test_symmetric_arguments_have_symmetric_gradients():
    """⟨G, dS⟩ for dS = dSᵀ does not see the antisymmetric part of G, so it is left out."""
    S, Y = POINT["S"], POINT["Y"]
    found = gradient(lambda S, Y: np.sum(S * Y), S, Y, assume={"S": "symmetric"}).run(S, Y)
    close(found, (Y + Y.T) / 2)


def test_diagonal_arguments_have_diagonal_gradients():
    D, Y = POINT["D"], POINT["Y"]
    found = gradient(lambda D, Y: np.sum(D * Y), D, Y, assume={"D": "diagonal"}).run(D, Y)
    close(found, np.diag(np.diag(Y)))


def test_code_of_a_branch_refuses_points_of_another():
    derivation = gradient(lambda x: np.sum(x**2) if x[0] > 0 else np.sum(x**3), np.ones(2))
    close(derivation.run(np.array([2.0, 3.0])), [4.0, 6.0])
    with pytest.raises(ad.BranchChanged):
        derivation.run(np.array([-1.0, 3.0]))
