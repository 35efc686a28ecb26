"""Patterns against brute force, sparse derivatives against dense ones, colours against theory."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from samples import CASES, case_id
from samples_linalg import as_program
from scipy import sparse

import adcourse as ad
from adcourse.core.tree import flatten
from adcourse.transforms.batch import vmap
from adcourse.transforms.colouring import colour_columns, colour_star
from adcourse.transforms.compressed import COLUMNS, ROWS, fewest
from adcourse.transforms.jacobians import hessian, jacfwd, jacobian, jacrev
from adcourse.transforms.sparsity import pattern

jax.config.update("jax_enable_x64", True)

N = 40


def dense(matrix):
    return np.asarray(matrix.todense())


def rosenbrock(x, np=np):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def leader(x, np=np):
    """Every entry meets the first: the Hessian is an arrow."""
    return np.sum(np.sin(x[0] * x))


def ring(u, np=np):
    return np.roll(u, 1) - 2 * u + np.roll(u, -1) + np.exp(u)


# the pattern of every row


@pytest.mark.parametrize("case", CASES, ids=map(case_id, CASES))
def test_every_row_depends_on_no_more_than_its_pattern_says(case):
    row, args, params = case
    f = as_program(row)
    moving = [k for k, a in enumerate(args) if np.result_type(a).kind == "f" and np.size(a)]

    def of_floats(*xs):
        given = list(args)
        for k, x in zip(moving, xs, strict=True):
            given[k] = x
        leaves = flatten(f(*given, **params))[0]
        return [z for z in leaves if np.result_type(z).kind == "f"]

    xs = [np.asarray(args[k], float)[()] for k in moving]
    if not moving or not of_floats(*xs):
        return
    found = dense(pattern(of_floats, *xs))
    blocks = [flatten(jacfwd(of_floats, k)(*xs))[0] for k in range(len(xs))]
    true = np.block(
        [
            [np.reshape(blocks[k][i], (np.size(z), np.size(x))) for k, x in enumerate(xs)]
            for i, z in enumerate(flatten(of_floats(*xs))[0])
        ]
    )
    assert found.shape == true.shape
    assert not np.any((true != 0) & ~found)


# known patterns


def band(n, *offsets):
    i = np.arange(n)
    return np.isin(i - i[:, None], offsets)


def wheel(n, *offsets):
    i = np.arange(n)
    return np.isin((i - i[:, None]) % n, [k % n for k in offsets])


def grid_laplacian(n):
    side = band(n, -1, 1)
    return np.kron(side, np.eye(n)) + np.kron(np.eye(n), side) + np.eye(n * n) > 0


def framed(U):
    P = np.pad(U, 1)
    return P[:-2, 1:-1] + P[2:, 1:-1] + P[1:-1, :-2] + P[1:-1, 2:] - 4 * U + U**3


def edges(u):
    inside = u[:-2] - 2 * u[1:-1] * u[1:-1] + u[2:]
    return np.concatenate([u[:1], inside, u[-1:]])


A = np.where(np.random.default_rng(3).random((7, 9)) < 0.3, 1.5, 0.0)
BLOCKS = np.random.default_rng(4).normal(size=(3, 2, 2))
MASK = np.arange(6) % 2 == 0
ARROW = np.eye(6, dtype=bool)
ARROW[0] = ARROW[:, 0] = True
ENDS = band(6, -1, 0, 1)
ENDS[0, 1] = ENDS[-1, -2] = False

# fmt: off
KNOWN = {
    "entry by entry":  (lambda x: np.sin(x) * x, (6,), np.eye(6)),
    "constant":        (lambda x: np.sign(x) + x * 0.0, (6,), np.eye(6)),
    "branches":        (lambda x: np.where(x > 0, x, x[::-1]), (6,), np.eye(6) + np.eye(6)[::-1]),
    "fixed choice":    (lambda x: np.where(MASK, x, np.flip(x)), (6,),
                        np.where(MASK[:, None], np.eye(6), np.eye(6)[::-1])),
    "tridiagonal":     (ad.grad(rosenbrock), (6,), band(6, -1, 0, 1)),
    "arrow":           (ad.grad(leader), (6,), ARROW),
    "periodic":        (ring, (6,), wheel(6, -1, 0, 1)),
    "with ends":       (edges, (6,), ENDS),
    "grid":            (framed, (4, 4), grid_laplacian(4)),
    "two steps":       (lambda u: ring(ring(u)), (9,), wheel(9, -2, -1, 0, 1, 2)),
    "sparse matrix":   (lambda x: np.tanh(A @ x), (9,), A != 0),
    "from the left":   (lambda x: np.tanh(x @ A), (7,), A.T != 0),
    "matrix of rows":  (lambda X: X @ A, (2, 7), np.kron(np.eye(2), A.T)),
    "matrix of columns": (lambda X: A @ X, (9, 2), np.kron(A, np.eye(2))),
    "blocks":          (lambda x: np.matmul(BLOCKS, np.reshape(x, (3, 2, 1))) ** 2, (6,),
                        np.kron(np.eye(3), np.ones((2, 2)))),
    "einsum blocks":   (lambda X: np.einsum("kij,kj->ki", BLOCKS, X), (3, 2),
                        np.kron(np.eye(3), np.ones((2, 2)))),
    "einsum trace":    (lambda X: np.einsum("ii->", X), (3, 3), np.eye(3).reshape(1, 9)),
    "cumsum":          (np.cumsum, (5,), np.tri(5)),
    "cumsum of rows":  (lambda X: np.cumsum(X, axis=1), (2, 3), np.kron(np.eye(2), np.tri(3))),
    "sums of rows":    (lambda X: np.sum(X**2, axis=1), (3, 2), np.kron(np.eye(3), np.ones(2))),
    "norms of columns": (lambda X: np.linalg.norm(X, axis=0), (3, 2),
                         np.kron(np.ones(3), np.eye(2))),
    "sorted rows":     (lambda X: np.sort(X, axis=1), (2, 3), np.kron(np.eye(2), np.ones((3, 3)))),
    "empty frame":     (lambda x: np.pad(x, 2, mode="empty")[2:-2] ** 2, (4,), np.eye(4)),
    "lower triangle":  (lambda X: np.tril(X), (3, 3), np.diag(np.tri(3).ravel())),
    "convolution":     (lambda x: np.convolve(x, [1.0, 0.0, 2.0], "same"), (6,), band(6, -1, 1)),
    "differences":     (lambda x: np.diff(x, 2), (6,), (band(6, 0, 1, 2))[:4]),
    "by numbers":      (lambda x: x[np.array([2, 0, 2])] * x[1], (3,),
                        [[0, 1, 1], [1, 1, 0], [0, 1, 1]]),
    "no dependence":   (lambda x: np.ones(4), (3,), np.zeros((4, 3))),
    "everything":      (lambda x: x / np.sum(x), (4,), np.ones((4, 4))),
    "a scalar":        (lambda x: x * np.arange(1.0, 4.0), (), np.ones((3, 1))),
}
# fmt: on


@pytest.mark.parametrize("name", KNOWN)
def test_known_patterns(name):
    f, shape, expected = KNOWN[name]
    rng = np.random.default_rng(0)
    points = [rng.normal(size=shape)[()] for _ in range(4)]
    expected = np.asarray(expected) != 0
    np.testing.assert_array_equal(dense(pattern(f, points[0])), expected)
    for x in points:
        J = np.reshape(jacfwd(f)(x), expected.shape)
        assert not np.any((J != 0) & ~expected)
        got = jacobian(f, sparse=True)(x)
        assert isinstance(got, sparse.csr_array) and got.nnz == np.sum(expected)
        np.testing.assert_allclose(dense(got), J, rtol=1e-12, atol=1e-14)


def test_several_arguments_and_results():
    f = lambda p, s: (p["a"] * s, p["b"][::-1])
    found = dense(pattern(f, {"a": np.ones(2), "b": np.ones(2)}, 3.0))
    expected = [[1, 0, 0, 0, 1], [0, 1, 0, 0, 1], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0]]
    np.testing.assert_array_equal(found, np.array(expected) != 0)


def test_large_dense_parts_are_kept_coarse():
    f = lambda x: np.sum(np.outer(x, x) + x[::-1] * np.sum(x)) * x[:2]
    assert dense(pattern(f, np.ones(3000))).all()


def test_large_bands_are_found():
    n = 20000
    assert pattern(ad.grad(rosenbrock), np.ones(n)).nnz == 3 * n - 2


# colours


def test_numbers_of_colours():
    def count(mask):
        return 1 + colour_columns(sparse.csr_array(mask)).max()

    assert count(np.eye(9)) == 1
    assert count(band(50, -1, 0, 1)) == 3
    assert count(band(50, -2, -1, 0, 1, 2)) == 5
    assert count(np.kron(np.eye(7), np.ones((3, 3)))) == 3
    assert count(np.ones((4, 6))) == 6
    full_column, full_row = np.eye(9), np.eye(9)
    full_column[:, 0] = full_row[0] = 1
    assert count(full_column) == 2 and count(full_row) == 9
    for mask, by_rows in ((full_column, False), (full_row, True)):
        found = fewest(sparse.csr_array(mask), [COLUMNS, ROWS])
        assert (found.count, found.transposed) == (2, by_rows)
    arrow = sparse.csr_array(full_row + full_column)
    assert 1 + colour_columns(arrow).max() == 9 and 1 + colour_star(arrow).max() == 2


@pytest.mark.parametrize("seed", range(20))
def test_colours_do_what_they_promise(seed):
    rng = np.random.default_rng(seed)
    mask = rng.random((12, 12)) < rng.choice([0.1, 0.25, 0.5])
    colours = colour_columns(sparse.csr_array(mask))
    for row in mask:
        assert len(set(colours[row])) == np.sum(row)
    mask = mask | mask.T | np.eye(12, dtype=bool)
    star = colour_star(sparse.csr_array(mask))
    for b in range(12):
        for c in np.flatnonzero(mask[b]):
            if b != c:
                assert star[b] != star[c]
                for a in np.flatnonzero(mask[b]):
                    for d in np.flatnonzero(mask[c]):
                        if len({a, b, c, d}) == 4:
                            assert len({star[i] for i in (a, b, c, d)}) > 2


# values


def test_values_agree_with_jax():
    x = np.random.default_rng(0).normal(size=N)
    J = jacobian(ring, sparse=True)(x)
    np.testing.assert_allclose(dense(J), jax.jacobian(lambda u: ring(u, jnp))(x), rtol=1e-12)
    for f in (rosenbrock, leader):
        for block in (None, 1, 2):
            H = hessian(f, sparse=True, block=block)(x)
            expected = jax.hessian(lambda x, f=f: f(x, jnp))(x)
            np.testing.assert_allclose(dense(H), expected, rtol=1e-10, atol=1e-10)


def test_zeros_of_the_pattern_are_stored():
    H = hessian(rosenbrock, sparse=True)(np.zeros(N))
    assert H.nnz == 3 * N - 2 and np.sum(H.data == 0) == 2 * N - 2


def test_single_precision_stays():
    x = np.ones(N, np.float32)
    for J in (jacobian(ring, sparse=True), hessian(rosenbrock, sparse=True)):
        assert J(x).dtype == np.float32
    assert ad.compile(hessian(rosenbrock))(x).dtype == np.float32
    wide = lambda x: np.stack([np.sum(x[: N // 2]), np.sum(x**2)])
    assert jacobian(wide, sparse=True)(x).dtype == np.float32


def test_argnums_and_keywords():
    f = lambda a, x, power=1: a * x**power
    J = jacobian(f, argnums=1, sparse=True)(3.0, np.arange(1.0, 5.0), power=2)
    np.testing.assert_allclose(dense(J), np.diag(6 * np.arange(1.0, 5.0)))


def test_a_rule_that_is_no_derivative_is_taken_as_it_is():
    odd = ad.custom_vjp(lambda x: x)
    odd.defvjp(lambda x: (x, x), lambda x, bar: (np.append(np.sum(bar * x), bar[1:]),))
    f = lambda x: np.sum(odd(x))
    x = np.arange(1.0, 9.0)
    H = jacfwd(ad.grad(f))(x)
    assert not np.allclose(H, H.T)
    np.testing.assert_allclose(dense(hessian(f, sparse=True)(x)), H, rtol=1e-12)


# refusals


def test_refusals():
    x = np.ones(3)
    with pytest.raises(ad.core.errors.WrongStructure, match="the argument is a tuple of arrays"):
        jacobian(lambda p: p[0], sparse=True)((x,))
    with pytest.raises(ad.core.errors.WrongStructure, match="the function returns a dict"):
        jacobian(lambda x: {"y": x}, sparse=True)(x)
    with pytest.raises(ad.core.errors.WrongStructure, match="A Jacobian needs at least one number"):
        jacobian(lambda x: x, sparse=True)(np.ones(0))
    inside = lambda x: jacobian(ring, sparse=True)(x).data
    outside = lambda a: jacobian(lambda x: a * x, sparse=True)(x).data
    for f in (inside, outside):
        for transform in (ad.trace, lambda f, x: ad.jvp(f, (x,), (x,)), lambda f, x: vmap(f)(x)):
            with pytest.raises(ad.core.errors.WrongStructure, match="Leave out sparse=True"):
                transform(f, np.ones((3, 3)))


# dense results of recorded programs


@pytest.mark.parametrize("transform", [jacfwd, jacrev, jacobian])
def test_compiled_jacobians_are_dense_and_lean(transform):
    x = np.random.default_rng(1).normal(size=N)
    compiled = ad.compile(transform(ring), x)
    graph = ad.trace(transform(ring), x)
    largest = max(np.size(node.value) for node in graph.nodes if node.value is not None)
    assert largest == N * N and sum(np.size(node.value) == N * N for node in graph.nodes) <= 2
    for point in (x, 2 * x):
        np.testing.assert_allclose(compiled(point), transform(ring)(point), rtol=1e-12)
    f = lambda U: ring(np.ravel(U)).reshape(4, -1)
    U = x.reshape(10, 4)
    assert ad.compile(transform(f))(U).shape == (4, 10, 10, 4)
    np.testing.assert_allclose(ad.compile(transform(f))(U), transform(f)(U), rtol=1e-12)


def test_compiled_hessians():
    x = np.random.default_rng(1).normal(size=N)
    for f in (rosenbrock, leader):
        compiled = ad.compile(hessian(f), x)
        assert len(ad.trace(hessian(f), x).nodes) < 40
        for point in (x, -2 * x):
            np.testing.assert_allclose(compiled(point), hessian(f)(point), rtol=1e-11, atol=1e-11)
    full = lambda x: np.sum(x) ** 4
    np.testing.assert_allclose(ad.compile(hessian(full))(x), hessian(full)(x))


def test_branches_are_guarded_once():
    def f(x):
        return np.sum(x**3) if np.sum(x) > 0 else rosenbrock(x)

    compiled = ad.compile(hessian(f))
    x = np.linspace(0.0, 1.0, N)
    for point in (x, -x, x, 1 - x):
        np.testing.assert_allclose(compiled(point), hessian(f)(point), rtol=1e-12)
    assert len(ad.trace(hessian(f), x).guards) == 1


def test_a_traced_matrix_may_have_other_zeros_next_time():
    f = ad.compile(lambda A, x: jacobian(lambda x: np.sin(A @ x))(x))
    rng = np.random.default_rng(2)
    x = rng.normal(size=N)
    for M in (np.eye(N), rng.normal(size=(N, N)), np.zeros((N, N))):
        expected = np.cos(M @ x)[:, None] * M
        np.testing.assert_allclose(f(M, x), expected, rtol=1e-12, atol=1e-14)


def test_a_computed_order_may_be_another_one_next_time():
    J = jacobian(lambda x: x[np.argsort(x)] ** 2)
    rng = np.random.default_rng(2)
    x, other = rng.normal(size=(2, N))
    np.testing.assert_allclose(ad.trace(J, x)(other), J(other))


def test_inside_other_transforms():
    x = np.random.default_rng(1).normal(size=N)
    first = lambda x: np.sum(jacobian(ring)(x) ** 2)
    by_hand = 2 * np.exp(x) * (np.exp(x) - 2)
    for gradient in (ad.grad(first), ad.compile(ad.grad(first))):
        np.testing.assert_allclose(gradient(x), by_hand, rtol=1e-12)
    second = lambda x: np.diag(2 * np.exp(x) * (2 * np.exp(x) - 2))
    for H in (
        hessian(first),
        ad.compile(hessian(first)),
        lambda x: dense(hessian(first, sparse=True)(x)),
    ):
        np.testing.assert_allclose(H(x), second(x), rtol=1e-11, atol=1e-11)
    X = np.stack([x, 2 * x])
    expected = np.stack([jacobian(ring)(x) for x in X])
    for batched in (vmap(jacobian(ring)), ad.compile(vmap(jacobian(ring)))):
        np.testing.assert_allclose(batched(X), expected, rtol=1e-12)
    pushed = lambda x: ad.jvp(jacobian(ring), (x,), (x,))[1]
    for push in (pushed, ad.compile(pushed)):
        np.testing.assert_allclose(push(x), np.diag(np.exp(x) * x), rtol=1e-12, atol=1e-14)
    scaled = lambda a: jacobian(lambda x: a * ring(x))(x)
    np.testing.assert_allclose(ad.jvp(scaled, (2.0,), (1.0,))[1], jacobian(ring)(x), rtol=1e-12)
