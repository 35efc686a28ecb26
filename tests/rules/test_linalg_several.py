"""Rows with several outputs, and the factorisation that solves share."""

import numpy as np
import pytest

import adcourse as ad
from adcourse.core.graph import Node
from adcourse.rules import factored
from adcourse.transforms.batch import vmap

rng = np.random.default_rng(11)
X = rng.standard_normal((3, 3)) + 3 * np.eye(3)
S = X + X.T + np.diag([0.0, 2.0, 5.0])
b = np.array([1.0, 2.0, 3.0])

FIELDS = {
    "eigh": (np.linalg.eigh, ("eigenvalues", "eigenvectors")),
    "eig": (np.linalg.eig, ("eigenvalues", "eigenvectors")),
    "svd": (np.linalg.svd, ("U", "S", "Vh")),
    "qr": (np.linalg.qr, ("Q", "R")),
    "slogdet": (np.linalg.slogdet, ("sign", "logabsdet")),
}


@pytest.mark.parametrize("name", FIELDS)
def test_results_have_numpys_names_in_every_transformation(name):
    f, fields = FIELDS[name]
    kind = type(f(S))
    seen = []

    def watched(x):
        z = f(x)
        seen.append((type(z), z._fields))
        return z

    y, pullback = ad.vjp(watched, S)
    y_dot = ad.jvp(watched, (S,), (S,))[1]
    graph = ad.trace(watched, S)
    stacked = vmap(watched)(np.stack([S, 2 * S]))
    assert seen == [(kind, fields)] * 4
    for result in (y, y_dot, graph(S), stacked):
        assert type(result) is kind
    assert all(np.array_equal(a, b) for a, b in zip(y, f(S), strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(graph(2 * S), f(2 * S), strict=True))
    assert pullback(y)[0].shape == (3, 3)


def test_cotangents_of_the_outputs_add_up():
    """The pullback of all outputs is the sum of the pullbacks of each, used once or twice."""
    w, V = np.linalg.eigh(S)
    y, pullback = ad.vjp(np.linalg.eigh, S)
    bars = rng.standard_normal(3), rng.standard_normal((3, 3))
    together = pullback(type(y)(*bars))[0]
    first = pullback(type(y)(bars[0], np.zeros((3, 3))))[0]
    second = pullback(type(y)(np.zeros(3), bars[1]))[0]
    np.testing.assert_allclose(together, first + second, rtol=1e-12)
    twice = ad.grad(lambda x: np.sum((lambda z: z[0] * z[0] + z[0])(np.linalg.eigh(x))))(S)
    np.testing.assert_allclose(twice, 2 * S + np.eye(3), rtol=1e-12, atol=1e-12)


def test_outputs_that_nobody_uses_cost_no_term(monkeypatch):
    from adcourse.rules import decompositions

    def never(*args, **params):
        raise AssertionError("a gap was asked for")

    monkeypatch.setattr(decompositions, "over_gaps", never)
    for values in (lambda x: np.linalg.eigh(x)[0], lambda x: np.linalg.svd(x)[1]):
        ad.grad(lambda x, values=values: np.sum(values(x)))(S)
    for values in (np.linalg.eigvalsh, np.linalg.svdvals):
        ad.jvp(values, (S,), (S,))
    with pytest.raises(AssertionError):
        ad.grad(lambda x: np.linalg.eigh(x)[1][0, 0])(S)


def test_a_graph_has_one_value_per_node():
    graph = ad.trace(lambda x: np.linalg.slogdet(x).logabsdet * 2.0, X)
    names = [node.primitive.name for node in graph.nodes]
    assert names == ["np.linalg.slogdet", "output", "np.multiply"]
    assert [node.shape for node in graph.nodes] == [((), ()), (), ()]
    assert graph.source() == "\n".join(
        [
            "def f(x):",
            "    v1 = np.linalg.slogdet(x)",
            "    v2 = v1[1]",
            "    v3 = v2 * 2.0",
            "    return v3",
        ]
    )
    space = {"np": np}
    exec(graph.source(), space)
    assert space["f"](2 * X) == graph(2 * X) == 2 * np.linalg.slogdet(2 * X)[1]
    assert all(isinstance(node, Node) and repr(node) for node in graph.nodes)


def test_a_graph_of_a_gradient_keeps_the_refusal():
    gradient = ad.grad(lambda x: np.linalg.eigh(x)[1][0, 2])
    graph = ad.trace(gradient, S)
    np.testing.assert_allclose(graph(S), gradient(S))
    with pytest.raises(ad.DegenerateSpectrumError):
        graph(np.diag([2.0, 2.0, 1.0]))


def test_a_trace_shows_the_functions_that_the_program_calls():
    f = lambda x: np.sum(np.linalg.solve(x, b)) + np.sum(np.linalg.svdvals(x))
    names = [node.primitive.name for node in ad.trace(f, X).nodes]
    assert names == ["np.linalg.solve", "np.sum", "np.linalg.svdvals", "np.sum", "np.add"]


def counting(monkeypatch):
    """Counts factorisations of single matrices."""
    made = []
    before = factored.Factored.__init__

    def init(self, matrix):
        made.append(1)
        before(self, matrix)

    monkeypatch.setattr(factored.Factored, "__init__", init)
    return made


def test_forward_and_backward_share_one_factorisation(monkeypatch):
    made = counting(monkeypatch)
    solved = lambda x: np.sum(np.sin(np.linalg.solve(x, b)))
    ad.grad(solved)(X)
    assert len(made) == 1
    ad.jvp(solved, (X,), (X,))
    assert len(made) == 2
    ad.jvp(ad.grad(solved), (X,), (X,))
    assert len(made) == 3
    y, pullback = ad.vjp(lambda x: np.linalg.solve(x, b), X)
    for _ in range(5):
        pullback(b)
    assert len(made) == 4


def test_without_scipy_numpy_solves(monkeypatch):
    f = lambda x: np.sum(np.sin(np.linalg.solve(x, x + b)))
    expected = ad.grad(f)(X), ad.jvp(ad.grad(f), (X,), (S,))[1]
    monkeypatch.setattr(factored, "lapack_or_none", lambda: None)
    np.testing.assert_allclose(ad.grad(f)(X), expected[0], rtol=1e-11)
    np.testing.assert_allclose(ad.jvp(ad.grad(f), (X,), (S,))[1], expected[1], rtol=1e-11)


def test_a_changed_matrix_is_factorised_again():
    matrix = X.copy()
    slope = ad.grad(lambda b: np.sum(np.linalg.solve(matrix, b)))
    slope(b)
    matrix += S
    np.testing.assert_allclose(slope(b), np.linalg.solve((X + S).T, np.ones(3)), rtol=1e-12)


def test_systems_that_do_not_fit_raise_numpys_error():
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        ad.grad(lambda x: np.sum(np.linalg.solve(x, np.ones(4))))(X)
    with pytest.raises(np.linalg.LinAlgError):
        ad.grad(lambda x: np.sum(np.linalg.solve(x, np.ones(3))))(np.ones((3, 2)))
