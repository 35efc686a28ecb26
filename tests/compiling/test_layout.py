"""Short last axes: laid outermost in memory, and added up component by component."""

import numpy as np
import pytest

import adcourse as ad
from adcourse.compiling.passes.components import components
from adcourse.compiling.passes.layout import layout
from adcourse.core.recording import trace

N = 40


def drawn(*shapes, seed=0, dtype=float):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def apart(X):
    return X[:, None, :] - X[None, :, :]


def rows(graph):
    return [node.primitive.name for node in graph.nodes]


FOLLOW = {
    "squares": lambda X: np.sum(apart(X) ** 2, axis=2),
    "chains": lambda X: np.sum(np.exp(-3 * apart(X)) * apart(X), axis=-1),
    "weights": lambda X: np.sum(X[:, :1, None] * apart(X), axis=0),
    "components": lambda X: apart(X)[..., 0] * apart(X)[..., 1],
    "maxima": lambda X: np.max(np.abs(apart(X)), axis=2),
    "scales": lambda X: np.sum(np.exp(apart(X) / np.array([1.0, 2.0])), axis=(0, 1)),
    "einsum": lambda X: np.einsum("ijk,ijk->ij", apart(X), apart(X)),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("case", FOLLOW)
def test_what_follows_has_the_same_values(case, dtype):
    graph = trace(FOLLOW[case], *drawn((N, 2), dtype=dtype))
    after = layout(graph)
    assert rows(after).count("by_columns") == 2 * rows(graph).count("np.subtract")
    (laid,) = {n.value.strides for n in after.nodes if n.primitive.name == "np.subtract"}
    assert laid[-1] == max(laid)
    (X,) = drawn((N, 2), seed=1, dtype=dtype)
    got, expected = after(X), graph(X)
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected, rtol=20 * np.finfo(dtype).eps, atol=0)


def test_entries_are_the_same_to_the_last_bit():
    X, Y = drawn((N, 3), (N, 3), seed=2)
    f = lambda X: np.exp(apart(X) * 0.7)[..., 1]
    np.testing.assert_array_equal(layout(trace(f, X))(Y), f(Y))


STAY = {
    "results": lambda X: apart(X),
    "matrix products": lambda X: apart(X) @ np.ones((2, 2)),
    "reshapings": lambda X: np.reshape(np.sin(apart(X)), (-1, 2)),
    "large arguments": lambda X: np.sum(apart(X) * np.ones((N, N, 2)), axis=0),
    "conditions": lambda X: np.sum(X) if np.all(apart(X) < 99) else 0.0,
    "no rows": lambda X: np.sum(X * X[:1], axis=1),
    "few entries": lambda X: np.sum(apart(X[:4]), axis=2),
    "long axes": lambda X: np.sum(apart(np.tile(X, 5)), axis=2),
    "one axis": lambda X: np.sum(X[:, None, 0] - X[None, :, 0], axis=0),
}


@pytest.mark.parametrize("case", STAY)
def test_what_stays_in_the_usual_order(case):
    graph = trace(STAY[case], *drawn((N, 2)))
    assert "by_columns" not in rows(layout(graph))


def test_one_start_may_stay_where_another_one_moves():
    f = lambda X: (np.sum(apart(X), axis=2), apart(X) * 2)
    assert rows(layout(trace(f, *drawn((N, 2))))).count("by_columns") == 2


SHORT = {
    "pairs": (lambda x: np.sum(x, axis=1), (N, 2), 1),
    "triples": (lambda x: np.sum(x, axis=-1), (4, 3), 2),
    "stacks": (lambda x: np.sum(np.sin(x), axis=(2,)), (4, 5, 3), 2),
    "kept": (lambda x: np.sum(x, axis=1, keepdims=True), (N, 2), 1),
    "products": (lambda x: np.sum(x * x, axis=1), (N, 2), 1),
    "copied": (lambda x: np.sum(x * x[:, :1], axis=1), (N, 2), 1),
    "rows": (lambda x: np.sum(x * x[0], axis=1), (N, 3), 2),
    "used twice": (lambda x: (lambda p: np.sum(p, axis=1) + p[:, 0])(x * x), (N, 2), 1),
}


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("case", SHORT)
def test_components_add_up(case, dtype):
    f, shape, additions = SHORT[case]
    graph = trace(f, *drawn(shape, dtype=dtype))
    after = components(graph)
    assert rows(after).count("np.add") == rows(graph).count("np.add") + additions
    assert "np.sum" not in rows(after)
    (x,) = drawn(shape, seed=1, dtype=dtype)
    for bad in (x[0].flat[0], np.inf, np.nan):
        x[0].flat[0], x[1].flat[0] = bad, 0.0
        got, expected = after(x), graph(x)
        assert got.dtype == dtype and got.shape == expected.shape
        size = f(np.abs(x))
        assert np.all(
            (np.abs(got - expected) <= 4 * np.finfo(dtype).eps * size)
            | (got == expected)
            | (np.isnan(got) & np.isnan(expected))
        )


@pytest.mark.parametrize(
    ("f", "shape"),
    [
        (lambda x: np.sum(x, axis=1), (N, 4)),
        (lambda x: np.sum(x, axis=0), (2, N)),
        (lambda x: np.sum(x), (N, 2)),
        (lambda x: np.sum(x, axis=(0, 1)), (N, 2)),
        (lambda x: np.sum(x, axis=()), (N, 2)),
        (lambda x: np.sum(x, axis=1), (0, 2)),
        (lambda x: np.sum(x), (2,)),
        (lambda x: np.sum(x > 0, axis=1) * x[0, 0], (N, 2)),
    ],
)
def test_other_sums_stay(f, shape):
    graph = trace(f, *drawn(shape)) if 0 not in shape else trace(f, np.ones(shape))
    assert components(graph) is graph or rows(components(graph)) == rows(graph)


def test_compiled_programs_write_over_no_argument():
    f = lambda X: np.sum(np.sqrt(np.sum(apart(X) ** 2, axis=2) + 1e-3))
    (X,) = drawn((N, 2))
    X = np.asfortranarray(X)  # which np.asfortranarray returns as it is
    before, g = X.copy(), ad.compile(ad.grad(f), X)
    np.testing.assert_allclose(g(X), ad.grad(f)(X), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(X, before)
