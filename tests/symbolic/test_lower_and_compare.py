"""Lowering and comparison against SymPy's own scalar calculus and against planted errors."""

import numpy as np
import pytest
import sympy

import adcourse as ad
from adcourse.symbolic.lower import input_symbols

w1, w2, x, y = sympy.symbols("w1 w2 x y", real=True)


def L(w1, w2):
    v = w2 * np.log(w1)
    return v + np.sqrt(v)


EXACT = w2 * sympy.log(w1) + sympy.sqrt(w2 * sympy.log(w1))


def test_a_program_and_its_derivative_program_are_proved():
    graph = ad.trace(L, 2.0, 3.0)
    assert sympy.simplify(ad.to_sympy(graph) - EXACT) == 0
    gradient = ad.trace(ad.grad(L, argnums=(0, 1)), 2.0, 3.0)
    d1, d2 = ad.to_sympy(gradient)
    assert sympy.simplify(d1 - EXACT.diff(w1)) == 0
    assert sympy.simplify(d2 - EXACT.diff(w2)) == 0
    verdict = ad.compare(gradient, [EXACT.diff(w1), EXACT.diff(w2)], (w1, w2))
    assert verdict.status == "proved"


def test_second_derivative_program():
    second = ad.trace(ad.grad(ad.grad(np.tanh)), 0.3)
    assert ad.compare(second, sympy.tanh(x).diff(x, 2), x).status == "proved"


PROGRAMS = {
    "quotient": (lambda x, y: x / (1 + y * y), x / (1 + y**2)),
    "power": (lambda x, y: (x * x + 1) ** y, (x**2 + 1) ** y),
    "trigonometry": (
        lambda x, y: np.exp(-((np.sin(x) - np.cos(y)) ** 2)),
        sympy.exp(-((sympy.sin(x) - sympy.cos(y)) ** 2)),
    ),
    "arctan": (lambda x, y: np.arctan(x * y), sympy.atan(x * y)),
    "matrix": (
        lambda x, y: np.sum(np.outer(np.stack([x, y]), np.stack([x, y])) @ np.ones(2)),
        (x + y) ** 2,
    ),
    "where": (lambda x, y: np.where(x > y, x * x, y), sympy.Piecewise((x**2, x > y), (y, True))),
    "maximum": (lambda x, y: np.maximum(x, y) * y, sympy.Max(x, y) * y),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients_of_programs_against_sympy_diff(name):
    f, expression = PROGRAMS[name]
    assert ad.compare(f, expression, (x, y))
    for k, symbol in enumerate((x, y)):
        slope = expression.diff(symbol).replace(
            sympy.Heaviside, lambda t, *half: (1 + sympy.sign(t)) / 2
        )
        assert ad.compare(ad.grad(f, argnums=k), slope, (x, y)), name


def test_array_inputs_have_one_symbol_per_entry():
    A, v = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([0.5, 1.0])
    graph = ad.trace(ad.grad(lambda v: 0.5 * v @ A @ v), v)
    (symbols,) = input_symbols(graph)
    assert [str(s) for s in symbols] == ["v_0", "v_1"]
    expected = sympy.Matrix(A) * sympy.Matrix(symbols)
    assert ad.compare(graph, list(expected), [symbols]).status == "proved"
    assert isinstance(ad.to_sympy(graph), sympy.NDimArray)


def test_results_are_nested_as_the_program_nested_them():
    lowered = ad.to_sympy(
        ad.trace(lambda p: {"s": p["a"] + p["b"], "t": (1.0, p["a"])}, {"a": 1.0, "b": 2.0})
    )
    a, b = sympy.Symbol("p['a']", real=True), sympy.Symbol("p['b']", real=True)
    assert lowered == {"s": a + b, "t": (1, a)}


def test_floats_become_the_rational_numbers_that_they_are():
    assert ad.to_sympy(ad.trace(lambda x: x * 0.5, 1.0)) == x / 2
    assert ad.to_sympy(ad.trace(lambda x: x * 0.1, 1.0)) == x * sympy.Rational(0.1)
    verdict = ad.compare(lambda x: 0.1 * x, x / 10, x)
    assert verdict.status == "differs" and "meant to be exact" in str(verdict)


def test_a_branch_is_stated_as_a_condition():
    branch = lambda x: x * x if x > 0 else -x
    lowered = ad.to_sympy(ad.trace(branch, 2.0))
    assert lowered.subs({x: 3}) == 9
    assert lowered.subs({x: -3}) is sympy.nan
    verdict = ad.compare(ad.trace(branch, -2.0), -x)
    assert verdict.status == "proved" and "where x <= 0" in str(verdict)


def test_an_index_that_the_program_computed_is_part_of_the_graph():
    graph = ad.trace(lambda v: v[1] * v[np.argmax(np.sign(v))], np.array([-1.0, 2.0]))
    with pytest.raises(ad.NotLowerable, match=r"np\.argmax"):
        ad.to_sympy(graph)
    assert graph.guards == []
    assert graph(np.array([2.0, -3.0])) == -6.0


PLANTED = {
    "factor": (x**2 * 2, x**2),
    "sign": (sympy.sin(x), sympy.sin(-x)),
    "tiny relative error": (x * (1 + sympy.Rational(1, 10**12)), x),
    "constant": (sympy.exp(x), sympy.exp(x) + sympy.Rational(1, 10**20)),
    "swapped": (x - y, y - x),
    "missing chain factor": (sympy.cos(x * y), y * sympy.cos(x * y)),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_errors_are_refuted_with_a_witness_that_can_be_checked(name):
    a, b = PLANTED[name]
    verdict = ad.compare(a, b)
    assert verdict.status == "differs" and not verdict
    here = {symbol: value for symbol, value in verdict.witness.items()}
    assert all(value.is_Rational for value in here.values())
    assert sympy.N(a.subs(here) - b.subs(here), 40) != 0


EQUAL = {
    "two forms of the logistic function": (
        sympy.exp(x) / (1 + sympy.exp(x)),
        1 / (1 + sympy.exp(-x)),
    ),
    "trigonometric": (sympy.sin(2 * x), 2 * sympy.sin(x) * sympy.cos(x)),
    "rational": ((x**2 - y**2) / (x - y), x + y),
    "hyperbolic": (1 - sympy.tanh(x) ** 2, 1 / sympy.cosh(x) ** 2),
    "numbers": (sympy.sqrt(8), 2 * sympy.sqrt(2)),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_forms_are_never_refuted(name):
    assert ad.compare(*EQUAL[name])


def test_what_simplification_cannot_prove_is_reported_as_tested_points():
    nested = sympy.sqrt(x**2 + 2 * x + 1)
    verdict = ad.compare(nested * sympy.Abs(x + 1) ** 3, (x + 1) ** 4)
    assert verdict.status in ("digits", "proved")
    hard = sympy.log(sympy.exp(x) + sympy.exp(y)) - sympy.Max(x, y)
    softplus = sympy.log(1 + sympy.exp(-sympy.Abs(x - y)))
    verdict = ad.compare(hard, softplus)
    assert verdict.status == "digits" and verdict.points == 60
    assert "40 digits at 60 points" in str(verdict) and "not proved" in str(verdict)


def test_nothing_is_claimed_outside_the_domain():
    verdict = ad.compare(sympy.log(-(x**2) - 1), sympy.log(-(x**2) - 2))
    assert verdict.status == "undecided" and not verdict


def test_inputs_are_matched_by_name_whatever_the_assumptions_of_the_symbol():
    graph = ad.trace(lambda x: x**2, 2.0)
    for symbol in (sympy.Symbol("x"), sympy.Symbol("x", positive=True), x):
        assert ad.compare(graph, symbol**2).status == "proved"
        assert ad.compare(symbol**3, graph).status == "differs"


def test_points_respect_the_assumptions_of_the_symbols():
    p, n = sympy.Symbol("p", positive=True), sympy.Symbol("n", integer=True)
    assert ad.compare(sympy.Abs(sympy.exp(p) - 1), sympy.exp(p) - 1)
    assert ad.compare(sympy.cos(2 * sympy.pi * n) * x, x)
    verdict = ad.compare(sympy.Abs(p), -p)
    assert all(value > 0 for value in verdict.witness.values())


def test_a_factor_is_seen_where_everything_is_small():
    exact = -100 * x * sympy.exp(-100 * x**2)
    assert ad.compare(ad.grad(lambda x: np.exp(-100 * x**2)), exact, x).status == "differs"
    assert ad.compare(ad.grad(lambda x: np.exp(-100 * x**2)), 2 * exact, x)


def test_names_of_entries_do_not_collide_with_other_inputs():
    f = ad.trace(lambda w, w_0: w[0] * w_0, np.ones(2), 2.0)
    g = ad.trace(lambda w, w_0: w[0] * w[0], np.ones(2), 2.0)
    assert ad.compare(f, g).status == "differs"


HARD = {
    "log-sum-exp": sympy.log(
        sympy.exp(-((x - 1) ** 2) / 2) + sympy.exp(-((x + y) ** 2) / 3) + sympy.exp(-(y**2) * x)
    ),
    "roots": sympy.sqrt(x**y + y**x) / (x ** sympy.Rational(0.3) + y ** sympy.Rational(1.7)),
    "two layers": sympy.Max(0, 2 * sympy.Max(0, x - y) - 3 * sympy.Max(0, x + 2 * y) + 1) ** 2,
}


@pytest.mark.parametrize("name", HARD)
def test_hard_expressions_are_answered_by_points(name):
    slope = HARD[name].diff(x)
    shifted = slope.subs(x, x + y)  # another form of what comes back
    assert ad.compare(shifted.subs(x, x - y), slope)
    assert ad.compare(slope * 2, slope).status == "differs"


def test_a_point_of_a_float_exponent_does_not_hang():
    assert ad.compare(lambda x: np.exp(0.3 * np.log(x)), x ** sympy.Rational(0.3), x)


@pytest.mark.parametrize(
    "mistake, words",
    [
        (lambda: ad.compare(np.sin, sympy.sin(x)), "symbols"),
        (lambda: ad.compare(ad.trace(lambda t: t * t, 1.0), x**2), "function of t, the other of x"),
        (
            lambda: ad.compare(ad.trace(np.sin, 1.0), sympy.sin(x), (x, y)),
            "1 inputs, but 2 symbols",
        ),
        (lambda: ad.compare(ad.trace(np.sum, np.ones(2)), x, (x,)), r"shape \(\)"),
        (lambda: ad.compare("x + 1", "1 + x"), "needs symbols"),
        (lambda: ad.compare(object(), x), "needs expressions"),
        (lambda: ad.compare(1j * np.ones(2), x), "real numbers"),
    ],
)
def test_mistakes(mistake, words):
    with pytest.raises(ad.AdcourseError, match=words):
        mistake()


@pytest.mark.parametrize(
    "f",
    [
        lambda x: (x > 0) * x,
        lambda x: np.sum(x[None] > 0) + x,
        lambda x: (x > 0).astype(float) * x,
        lambda x: np.reshape(x, (1, 1)) * 2,
        lambda x: np.where((x > 0) & (x < 2), x, x > 5),
    ],
)
@pytest.mark.parametrize("point", [1.5, -0.5])
def test_conditions_count_as_numbers_and_numbers_as_arrays(f, point):
    x = sympy.Symbol("x", real=True)
    lowered = ad.to_sympy(ad.trace(lambda x: f(x), np.float64(1.0)))
    value = np.array(lowered.subs(x, sympy.Rational(point))).astype(float)
    np.testing.assert_array_equal(value, f(np.float64(point)))
