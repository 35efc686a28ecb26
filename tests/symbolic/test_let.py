"""Let form: nothing is written twice, and putting the definitions in gives the expression."""

import time

import numpy as np
import pytest
import sympy

import adcourse as ad
from adcourse.symbolic.lower import input_symbols

x, y = sympy.symbols("x y", real=True)
rng = np.random.default_rng(8)
A, b = rng.standard_normal((3, 3)) + 3 * np.eye(3), rng.standard_normal(3)


def test_a_program_is_its_nodes_in_order():
    def f(x, y):
        v = x * y
        return {"sum": v + np.sin(v), "v": v}

    let = ad.to_sympy(ad.trace(f, 1.0, 2.0), form="let")
    v1, v2, v3 = sympy.symbols("v1:4", real=True)
    assert let.definitions == ((v1, x * y), (v2, sympy.sin(v1)), (v3, v1 + v2))
    assert let.results == {"sum": v3, "v": v1} and let.conditions == ()
    assert let.inline() == {"sum": x * y + sympy.sin(x * y), "v": x * y}
    assert str(let) == "v1 = x*y\nv2 = sin(v1)\nv3 = v1 + v2\nresult_0 = v3\nresult_1 = v1"
    assert r"v_{1} &= x y \\" in let._repr_latex_() and r"\begin{aligned}" in let._repr_latex_()


def test_entries_of_arrays_have_symbols_and_what_only_moves_has_none():
    let = ad.to_sympy(ad.trace(lambda x: (x * x)[::-1], np.ones(2)), form="let")
    assert [str(s) for s, _ in let.definitions] == ["v1_0", "v1_1"]
    assert list(let.results) == [s for s, _ in reversed(let.definitions)]


@pytest.mark.parametrize(
    "f, expected",
    [
        (lambda x: np.sum(x, axis=()), "[x_0, x_1]"),
        (lambda x: np.sum(x[:0]), "0"),
        (lambda x: np.prod(x, keepdims=True), "[x_0*x_1]"),
        (lambda x: np.cumsum(x), "[x_0, x_0 + x_1]"),
        (lambda x: np.any(x > 0, axis=0), "(x_0 > 0) | (x_1 > 0)"),
        (lambda x: np.count_nonzero(x > 0) * x[0], None),
    ],
)
def test_reductions(f, expected):
    lowered = ad.to_sympy(ad.trace(f, np.array([1.0, -2.0])))
    if expected:
        assert str(lowered) == expected
    here = dict(zip(sympy.symbols("x_:2", real=True), (1, -2), strict=True))
    value = np.array(sympy.sympify(lowered).subs(here))
    value = np.vectorize(lambda e: float(bool(e) if e in (True, False) else e))(value)
    np.testing.assert_array_equal(value, f(np.array([1.0, -2.0])))


def test_names_of_nodes_do_not_collide_with_inputs():
    let = ad.to_sympy(ad.trace(lambda v1_0, x: v1_0 * np.sum(x * x), 2.0, np.ones(2)), form="let")
    names = [str(s) for s, _ in let.definitions]
    assert "v1_0" not in names and len(set(names)) == len(names)


def test_a_branch_is_a_condition():
    graph = ad.trace(lambda x: x * x if np.sin(x) > 0 else -x, 1.0)
    let = ad.to_sympy(graph, form="let")
    v1 = sympy.Symbol("v1", real=True)
    assert let.conditions == (v1 > 0,) and "where v1 > 0" in str(let)
    assert let.inline() == ad.to_sympy(graph)
    assert let.inline().subs(x, 4.0) is sympy.nan


def test_determinants_are_expanded_without_a_division():
    a, c, d, e = sympy.symbols("a_0_0 a_0_1 a_1_0 a_1_1", real=True)
    det = ad.trace(np.linalg.det, np.eye(2))
    assert ad.to_sympy(det) == a * e - c * d
    gradient = ad.trace(ad.grad(np.linalg.det), np.eye(2))
    assert ad.to_sympy(gradient) == sympy.Array([[e, -d], [-c, a]])


MATRICES = {
    "det": (lambda A: np.linalg.det(A), lambda S: S.det()),
    "log det": (lambda A: np.linalg.slogdet(A)[1], lambda S: sympy.log(sympy.Abs(S.det()))),
    "solve": (
        lambda A: np.sum(np.linalg.solve(A, np.array([1.0, 2.0])) ** 2),
        lambda S: sum(e**2 for e in S.adjugate() * sympy.Matrix([1, 2])) / S.det() ** 2,
    ),
    "inv": (lambda A: np.sum(np.linalg.inv(A)[0]), lambda S: sum(S.adjugate()[0, :]) / S.det()),
    "power": (lambda A: np.trace(np.linalg.matrix_power(A, 3)), lambda S: (S**3).trace()),
    "cholesky": (
        lambda A: np.sum(np.linalg.cholesky(A @ A.T) ** 3),
        lambda S: sum(e**3 for e in factor(S * S.T)),
    ),
    "norm": (lambda A: np.linalg.norm(A), lambda S: sympy.sqrt(sum(e**2 for e in S))),
}


def factor(S):
    first = sympy.sqrt(S[0, 0])
    return [first, S[1, 0] / first, sympy.sqrt(S[1, 1] - S[1, 0] ** 2 / S[0, 0])]


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("order", [0, 1, 2])
def test_derivatives_of_linear_algebra_against_sympy_on_entries(name, order):
    f, closed = MATRICES[name]
    point = np.array([[1.5, 0.5], [-0.25, 2.0]])
    program = [f, ad.grad(f), ad.hessian(f)][order]
    S = sympy.Matrix(2, 2, sympy.symbols("A_:2_:2", real=True))
    expected = [closed(S)]
    for _ in range(order):
        expected = [sympy.diff(e, s) for e in expected for s in S]
    here = dict(zip(S, map(sympy.Rational, point.ravel()), strict=True))
    graph = ad.trace(program, point)
    graph.inputs[0].name = "A"
    lowered = ad.to_sympy(graph)
    flat = sympy.flatten(lowered) if isinstance(lowered, sympy.NDimArray) else [lowered]
    for mine, theirs in zip(flat, expected, strict=True):
        difference = sympy.N(mine.subs(here) - theirs.subs(here), 30)
        assert abs(difference) < 1e-25


def test_solve_and_least_squares_hold_where_they_say():
    tall = rng.standard_normal((4, 2))
    graph = ad.trace(lambda A, b: np.linalg.lstsq(A, b)[0], tall, rng.standard_normal(4))
    let = ad.to_sympy(graph, form="let")
    (condition,) = let.conditions
    assert isinstance(condition, sympy.Ne)
    with pytest.raises(ad.NotLowerable, match=r"v2 is output 3 of np\.linalg\.lstsq"):
        ad.to_sympy(ad.trace(lambda A, b: np.linalg.lstsq(A, b)[3], tall, np.ones(4)))


def layers(activation):
    def f(x, *weights):
        for W in weights:
            x = activation(W @ x)
        return np.sum(x)

    return f


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


ACTIVATIONS = {
    "relu by where": (lambda z: np.where(z > 0, z, 0.0), 3),
    "relu by maximum": (lambda z: np.maximum(z, 0.0), 3),
    "softmax with its shift": (softmax, 1),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_networks_stay_small_and_run_by_lambdify(name):
    activation, depth = ACTIVATIONS[name]
    f = layers(activation)
    point = (rng.standard_normal(3), *rng.standard_normal((depth, 3, 3)))
    graph = ad.trace(ad.grad(f), *point)
    start = time.perf_counter()
    lowered = ad.to_sympy(graph)
    assert time.perf_counter() - start < 5  # SymPy's own Piecewise takes 40 s
    assert len(ad.to_sympy(graph, form="let").definitions) < 250
    symbols = [s for given in input_symbols(graph) for s in np.ravel(given)]
    run = sympy.lambdify(symbols, list(lowered), modules="numpy", cse=True)
    found = run(*[v for p in point for v in np.ravel(p)])
    np.testing.assert_allclose(np.array(found, float), ad.grad(f)(*point), rtol=1e-9, atol=1e-12)


def test_the_shift_of_softmax_does_not_hinder_comparison():
    z = sympy.symbols("z_:2", real=True)
    plain = sympy.exp(z[0]) / (sympy.exp(z[0]) + sympy.exp(z[1]))
    assert ad.compare(lambda z: softmax(z)[0], plain, [list(z)])


def test_deep_programs_do_not_swell():
    def f(x):
        for _ in range(200):
            x = x * np.sin(x)
        return x

    let = ad.to_sympy(ad.trace(ad.grad(f), 1.0), form="let")
    assert len(let.definitions) < 8 * 200


@pytest.mark.parametrize(
    "f, shape, node",
    [
        (lambda x: x @ x, (40, 40), "v1"),
        (lambda x: np.linalg.det(x), (16, 16), "v1"),
        (lambda x: np.sum(x), (200, 200), "its inputs"),
        (lambda x: np.einsum("ij,kl->ijkl", x, x), (20, 20), "v1"),
    ],
)
@pytest.mark.parametrize("form", ["expression", "let"])
def test_a_program_above_the_budget_is_refused_at_once(f, shape, node, form):
    graph = ad.trace(f, rng.standard_normal(shape))
    start = time.perf_counter()
    with pytest.raises(ad.NotLowerable, match=f"more than 20,000 expressions.*{node} brings"):
        ad.to_sympy(graph, form=form)
    assert time.perf_counter() - start < 1


def doubled(x):
    for _ in range(700):
        x = np.sin(x) + x
    return x


def nested(x):
    for _ in range(700):
        x = np.sin(x)
    return x


def fractions(x):
    for _ in range(40):
        x = x / (1 + x * x)
    return x


def exponentials(x):
    for _ in range(40):
        x = np.exp(-x * x) + np.tanh(x)
    return x


@pytest.mark.parametrize(
    "f, why",
    [
        (doubled, "operations when written"),
        (nested, "too deeply"),
        (exponentials, "operations when written"),
        (fractions, "operations when written"),
    ],
)
def test_what_is_too_long_for_one_expression_has_a_let_form(f, why):
    graph = ad.trace(f, 0.3)
    start = time.perf_counter()
    with pytest.raises(ad.NotLowerable, match=f'{why}.*form="let"'):
        ad.to_sympy(graph)
    assert len(ad.to_sympy(graph, form="let").definitions) == len(graph.nodes)
    assert why in ad.swell(f, 0.3).reason
    assert time.perf_counter() - start < 30


def test_running_sums_have_more_terms_than_one_expression_should():
    graph = ad.trace(lambda x: np.cumsum(x), np.ones(300))
    with pytest.raises(ad.NotLowerable, match='more than 20,000 terms.*form="let"'):
        ad.to_sympy(graph)
    assert len(ad.to_sympy(graph, form="let").definitions) == 299


def test_a_budget_can_be_given():
    graph = ad.trace(lambda x: np.sum(np.sin(x)), np.ones(10))
    assert ad.to_sympy(graph, budget=20).func is sympy.Add
    with pytest.raises(ad.NotLowerable, match="more than 19 expressions"):
        ad.to_sympy(graph, budget=19)


def test_mistakes():
    with pytest.raises(ad.WrongStructure, match=r"trace it first: to_sympy\(trace\(det, x\)\)"):
        ad.to_sympy(np.linalg.det)
    with pytest.raises(ad.WrongStructure, match="reads a graph"):
        ad.to_sympy(x)
    with pytest.raises(ad.WrongStructure, match='"expression" or "let"'):
        ad.to_sympy(ad.trace(np.sin, 1.0), form="tree")
