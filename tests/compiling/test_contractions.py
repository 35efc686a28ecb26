"""Sums of products become @ and np.einsum where that is as exact, and stay where it is not."""

import numpy as np
import pytest

import adcourse as ad
from adcourse.compiling.passes.contractions import contractions
from adcourse.core.primitive import table
from adcourse.core.recording import trace

ROUNDINGS = 8  # of the sum of the absolute terms


def drawn(shapes, seed, dtype=float):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def names(graph):
    """What the results of a graph are made of, in order."""
    needed, nodes = {o for o in graph.outputs if hasattr(o, "primitive")}, []
    for node in reversed(graph.nodes):
        if node in needed:
            needed.update(node.parents)
            nodes.append(node.primitive.name)
    return nodes[::-1]


def words(graph):
    return [n.params["subscripts"] for n in graph.nodes if n.primitive.name == "np.einsum"]


def check(f, shapes, dtype=float):
    """The contracted graph of f, after a comparison at another point than the traced one."""
    graph = trace(f, *drawn(shapes, 0, dtype))
    after = contractions(graph)
    xs = drawn(shapes, 1, dtype)
    expected, got = graph(*xs), after(*xs)
    assert got.dtype == expected.dtype and got.shape == expected.shape
    size = f(*[np.abs(x).astype(np.longdouble) for x in xs])
    exact = f(*[x.astype(np.longdouble) for x in xs])
    assert np.all(np.abs(got - exact) <= ROUNDINGS * np.finfo(dtype).eps * size)
    return after


# A product of matrices, vectors or stacks: the letters are (first, second) -> result.
PRODUCTS = {
    "ij,j->i": (lambda A, x: np.sum(A * x, axis=1), (5, 4), (4,)),
    "ji,j->i": (lambda A, x: np.sum(A * x[:, None], axis=0), (5, 4), (5,)),
    "j,ij->i": (lambda x, A: np.sum(x * A, axis=-1), (4,), (5, 4)),
    "ij,jk->ik": (lambda A, B: np.sum(A[:, :, None] * B, axis=1), (5, 4), (4, 3)),
    "ij,kj->ik": (lambda A, B: np.sum(A[:, None, :] * B, axis=-1), (5, 4), (3, 4)),
    "ji,jk->ik": (lambda A, B: np.sum(A[:, :, None] * B[:, None], axis=0), (5, 4), (5, 3)),
    "jk,ij->ik": (lambda A, B: np.sum(A * B[:, :, None], axis=1), (4, 3), (5, 4)),
    "i,i->": (lambda x, y: np.sum(x * y), (7,), (7,)),
    "ij,ij->": (lambda A, B: np.sum(A * B, axis=None), (5, 4), (5, 4)),
    "ij,ij-> by axes": (lambda A, B: np.sum(A * B, axis=(-1, 0)), (5, 4), (5, 4)),
    "ijk,jk->i": (lambda A, B: np.sum(A * B, axis=(1, 2)), (5, 4, 6), (4, 6)),
    "ijk,ij->k": (lambda A, B: np.sum(A * B[..., None], axis=(0, 1)), (5, 4, 6), (5, 4)),
    "ijk,k->ij": (lambda A, x: np.sum(A * x, axis=2), (5, 4, 6), (6,)),
    "k,ijk->ij": (lambda x, A: np.sum(x * A, axis=2), (6,), (5, 4, 6)),
    "keepdims": (lambda A, x: np.sum(A * x, axis=1, keepdims=True), (5, 4), (4,)),
    "all kept": (lambda A, B: np.sum(A * B, keepdims=True), (5, 4), (5, 4)),
    "ones": (lambda A, x: np.sum(A * x, axis=2), (5, 1, 4), (1, 1, 4)),
    "squared": (lambda x: np.sum(np.square(x)), (5, 4)),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("case", PRODUCTS)
def test_products_of_matrices(case, dtype):
    f, *shapes = PRODUCTS[case]
    after = check(f, shapes, dtype)
    assert "np.matmul" in names(after)
    assert not {"np.sum", "np.multiply", "np.square"} & set(names(after))


SUMS = {
    "ij,ij->i": (lambda A, B: np.sum(A * B, axis=1), (5, 4), (5, 4)),
    "ij,ij->j": (lambda A, B: np.sum(A * B, axis=0), (5, 4), (5, 4)),
    "ijk,ij->ik": (lambda A, w: np.sum(A * w[:, :, None], axis=1), (5, 4, 2), (5, 4)),
    "ij,ijk->jk": (lambda w, A: np.sum(w[:, :, None] * A, axis=(0,)), (5, 4), (5, 4, 2)),
    "ijk,jk->ij": (lambda A, B: np.sum(A * B, axis=-1), (5, 4, 6), (4, 6)),
    "ijk,ik->jk": (lambda A, B: np.sum(A * B[:, None], axis=-3), (5, 4, 6), (5, 6)),
    "ijk,ijk->j": (lambda A, B: np.sum(A * B, axis=(0, 2)), (5, 4, 6), (5, 4, 6)),
    "ij,ij->i ": (lambda A, B: np.sum(A * B, axis=1, keepdims=True), (5, 4), (5, 4)),
    "ijk,ijk->k": (lambda A, B: np.sum(A * B, axis=(0, 1)), (5, 4, 3), (5, 4, 3)),
    "ik,ik->i": (lambda A, B: np.sum(A * B, axis=2), (5, 1, 4), (5, 1, 4)),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("case", SUMS)
def test_sums_of_products(case, dtype):
    f, *shapes = SUMS[case]
    after = check(f, shapes, dtype)
    assert words(after) == [case.strip()]
    assert not {"np.sum", "np.multiply"} & set(names(after))


def test_numbers_go_where_there_are_fewest_entries():
    after = check(lambda A, w: np.sum(2 * A * (w[:, :, None] * 3), axis=0), [(5, 4, 2), (5, 4)])
    (product,) = [n for n in after.nodes if n.primitive is table[np.multiply] and 6.0 in n.args]
    assert product.value.shape == (5, 4) and len(words(after)) == 1
    after = check(lambda x, y: np.sum(0.1 * x * y), [(5, 4), (5, 4)])
    assert names(after) == ["np.reshape", "np.reshape", "np.matmul", "np.multiply"]
    huge = trace(lambda x, y: np.sum(1e-200 * x * y), *drawn([(4,), (4,)], 0))
    assert contractions(huge)(np.full(4, 1e160), np.full(4, 1e160)) == pytest.approx(4e120)


def test_a_product_of_which_all_uses_are_sums_is_never_made():
    f = lambda A, w: np.sum(A * w[..., None], axis=0) + np.sum(A * w[..., None], axis=1)
    shapes = [(4, 4, 2), (4, 4)]
    shared = lambda A, w: (lambda p: np.sum(p, axis=0) + np.sum(p, axis=1))(A * w[..., None])
    assert sorted(words(check(f, shapes))) == sorted(words(check(shared, shapes)))
    assert sorted(words(check(shared, shapes))) == ["ijk,ij->ik", "ijk,ij->jk"]


x, A = np.ones(6), np.ones((5, 4))
STAY = {
    "product used elsewhere": (lambda A: (lambda p: np.sum(p, axis=1) + p[:, 0])(A * A), A),
    "product returned": (lambda A: (lambda p: (np.sum(p, axis=0), p))(A * A), A),
    "product asked": (lambda A: (lambda p: np.sum(p) if p[0, 0] > 0 else p[0, 0])(A * A), A),
    "over no axis": (lambda A: np.sum(A * A, axis=()), A),
    "over an axis of length 1": (lambda A: np.sum(A[:, None] * A[:, None], axis=1), A),
    "of whole numbers": (lambda A: np.sum((A > 0) * np.arange(4), axis=1) * A[0, 0], A),
    "of two types": (lambda A: np.sum(A * np.ones(4, np.float32), axis=1), A),
    "of half precision": (lambda A: np.sum(A * A), A.astype(np.float16)),
    "of many axes": (lambda A: np.sum(A * A), np.ones((1,) * 19 + (5,))),
    "of terms with a factor in common": (lambda A: np.sum(A * A[:, :1], axis=1), A),
    "of an array and a number": (lambda A: np.sum(A * A[0, 0], axis=1), A),
    "of no entries": (lambda A: np.sum(A * A, axis=1), np.ones((5, 0))),
    "of no rows": (lambda A: np.sum(A * A, axis=1), np.ones((0, 4))),
    "along two components": (lambda A: np.sum(A * A, axis=1), np.ones((5, 2))),
    "of too many terms in pairs": (lambda A: np.sum(A * A, axis=1), np.ones((2, 2000))),
    "of too many terms in all": (lambda A: np.sum(A * A), np.ones(2**16 + 1)),
}


@pytest.mark.parametrize("case", STAY)
def test_what_stays(case):
    f, x = STAY[case]
    graph = trace(f, x)
    assert contractions(graph) is graph or names(contractions(graph)) == names(graph)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", [*PRODUCTS, *SUMS])
def test_zero_times_infinity_is_nan_and_nan_stays(case):
    f, *shapes = (PRODUCTS | SUMS)[case]
    points = drawn(shapes, 0)
    graph = trace(f, *points)
    after = contractions(graph)
    for bad in (np.inf, -np.inf, np.nan):
        for first in (points[0], np.zeros(shapes[0]), np.ones(shapes[0])):
            xs = [first.copy(), *(p.copy() for p in points[1:])]
            xs[-1].flat[1] = bad
            np.testing.assert_array_equal(np.isnan(after(*xs)), np.isnan(graph(*xs)))
            np.testing.assert_array_equal(np.isinf(after(*xs)), np.isinf(graph(*xs)))


def test_random_sums_of_products():
    rng = np.random.default_rng(7)
    for _ in range(150):
        shape = tuple(rng.choice([1, 2, 3, 4, 5], size=rng.integers(1, 5)).tolist())
        pair = []
        for _ in range(2):
            mine = tuple(n if rng.random() < 0.7 else 1 for n in shape)
            pair.append(mine[rng.integers(len(shape)) if rng.random() < 0.3 else 0 :])
        n = len(np.broadcast_shapes(*pair))
        axis = tuple(int(a) for a in rng.choice(n, size=rng.integers(1, n + 1), replace=False))
        keep = bool(rng.random() < 0.3)
        check(lambda a, b, axis=axis, keep=keep: np.sum(a * b, axis=axis, keepdims=keep), pair)


def test_compiled_gradients_of_stress():
    def stress(X, D):
        between = X[:, None, :] - X[None, :, :]
        return np.sum((np.sqrt(np.sum(between**2, axis=2) + 1e-3) - D) ** 2)

    X, D = drawn([(30, 2), (30, 30)], 3)
    g = ad.compile(ad.grad(stress, argnums=(0, 1)), X, D)
    for mine, expected in zip(g(2 * X, D + 1), ad.grad(stress, (0, 1))(2 * X, D + 1), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=1e-12, atol=1e-12)
    assert "np.einsum('ij,ijk->jk'" in g.source
