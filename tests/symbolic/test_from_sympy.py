"""SymPy expressions as NumPy functions: values, derivatives, names, refusals, and back again."""

import traceback

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import adcourse as ad
from adcourse.symbolic.lower import input_symbols

x, y, z = sympy.symbols("x y z", real=True)
EXPRESSIONS = [
    x**2 * sympy.sin(x * y) + sympy.sin(x * y),
    sympy.exp(-(x**2)) / (1 + y**2) - sympy.Rational(1, 3),
    sympy.sqrt(x + 3) / sympy.sqrt(y + 3) + (x + 2) ** sympy.Rational(-3, 2),
    -x / (y + 2) / 3 + 1 / (x * (y + 3)) - 2 / (x + 4) ** 3,
    (x + 2) ** (y + 1) - 2**x + sympy.pi * sympy.E,
    sympy.Max(x, y, 0) * sympy.Min(x, y) + sympy.Abs(x - y),
    sympy.Piecewise((sympy.sin(x), x > y), (x * y, sympy.And(x < 0, y > 0)), (3, True)),
    sympy.atan2(x, y) + sympy.tanh(x) * sympy.sec(y) + sympy.asinh(x),
    sympy.sign(x) * sympy.floor(3 * y) + sympy.frac(x + 5) + sympy.Heaviside(x),
    sympy.sinc(x) + sympy.Rational(0.1) * x + sympy.Float(2.5) * y,
    (x - y) * -3 + (-x) ** 2 + (-2) ** 2 * y - (x - (y - 1)),
    (x + y) * (x - y) * (x + 1) / (x + 5),
]
POINTS = [(0.3, 0.7), (0.6, -0.2), (-0.4, 0.9)]


@pytest.mark.parametrize("e", EXPRESSIONS, ids=str)
def test_values_and_gradients(e):
    f = ad.from_sympy(e, (x, y))
    for point in POINTS:
        here = dict(zip((x, y), map(sympy.Rational, point), strict=True))
        np.testing.assert_allclose(f(*point), float(e.subs(here)), rtol=1e-13, atol=1e-14)
        for k, s in enumerate((x, y)):
            slope = ad.symbolic.differentiated(e, s).subs(here)
            found = ad.grad(f, argnums=k)(*point)
            np.testing.assert_allclose(found, float(slope), rtol=1e-11, atol=1e-12)
    xs, ys = map(np.array, zip(*POINTS, strict=True))
    np.testing.assert_allclose(f(xs, ys), [f(*p) for p in POINTS])


def test_common_parts_are_computed_once():
    common = sympy.sin(x * y) + 1
    f = ad.from_sympy([common**2, sympy.exp(common), x * y * z], (x, y, z))
    assert f.source.count("np.sin") == 1 and f.source.count("x * y") == 1


def test_a_piecewise_freezes_no_branch():
    f = ad.from_sympy(sympy.Piecewise((x**2, x > 0), (-x, True)), x)
    assert [ad.grad(f)(p) for p in (3.0, -3.0)] == [6.0, -1.0]
    compiled = ad.compile(f, 1.0)
    assert compiled(-2.0) == 2.0


def test_matrices_go_in_and_out():
    A = sympy.MatrixSymbol("A", 2, 2).as_explicit()
    S = sympy.Matrix(2, 2, sympy.symbols("s_:2_:2"))
    f = ad.from_sympy((S.det(), S.inv(), [sympy.Array([x, 0])]), (S, x))
    M = np.array([[1.0, 2.0], [3.0, 4.0]])
    det, inverse, (rest,) = f(M, 5.0)
    np.testing.assert_allclose(det, -2.0)
    np.testing.assert_allclose(inverse, np.linalg.inv(M))
    assert rest.tolist() == [5.0, 0.0] and f.source.startswith("def f(s, x):")
    np.testing.assert_allclose(ad.jacobian(lambda M: f(M, 5.0)[1])(M).shape, (2, 2, 2, 2))
    with pytest.raises(ad.WrongStructure, match=r"are symbols, not A\[0, 0\]"):
        ad.from_sympy(A.det(), [A])


def test_names_become_python_names():
    odd = sympy.symbols("lambda np f x' \\sigma_{1} 2a t1 σ")
    f = ad.from_sympy(sum(k * s for k, s in enumerate(odd, start=1)), odd)
    assert f(*[10.0**k for k in range(8)]) == 87654321.0
    same = sympy.Symbol("x", positive=True)
    assert ad.from_sympy(x**2, [same])(3.0) == 9.0


def test_tracebacks_show_the_line():
    f = ad.from_sympy(sympy.log(x) + sympy.log(x) * y, (x, y))
    try:
        f("one", 2.0)
    except Exception:
        assert "np.log(x)" in traceback.format_exc()


@pytest.mark.parametrize(
    "mistake, words",
    [
        (lambda: ad.from_sympy(x * y, x), "symbol y is not among the arguments"),
        (lambda: ad.from_sympy(sympy.gamma(x), x), "no counterpart of gamma"),
        (lambda: ad.from_sympy(sympy.Function("g")(x), x), "no counterpart of g"),
        (lambda: ad.from_sympy(sympy.Integral(sympy.sin(x), (x, 0, y)), (x, y)), "of Integral"),
        (lambda: ad.from_sympy(sympy.I * x, x), "ImaginaryUnit"),
        (lambda: ad.from_sympy(x, [x, x]), "given twice"),
        (lambda: ad.from_sympy("x + 1", x), "is text"),
        (lambda: ad.from_sympy(sympy.MatrixSymbol("A", 2, 2), x), "A is a matrix without entries"),
        (lambda: ad.from_sympy(x, "x"), "are symbols, not x"),
        (lambda: ad.from_sympy(x, [x + 1]), r"are symbols, not x \+ 1"),
    ],
)
def test_mistakes(mistake, words):
    with pytest.raises(ad.AdcourseError, match=words):
        mistake()


def test_networks_come_back_from_sympy_as_they_went():
    def f(v, W, U):
        return np.sum(np.where(U @ np.maximum(W @ v, 0.0) > 0, 1.0, v) * v)

    rng = np.random.default_rng(2)
    point = rng.standard_normal(2), *rng.standard_normal((2, 2, 2))
    graph = ad.trace(ad.grad(f), *point)
    g = ad.from_sympy(ad.to_sympy(graph), input_symbols(graph))
    np.testing.assert_allclose(g(*point), ad.grad(f)(*point), rtol=1e-12)


def operations(e):
    return st.one_of(
        st.tuples(e, e).map(lambda p: p[0] + p[1]),
        st.tuples(e, e).map(lambda p: p[0] * p[1]),
        st.tuples(e, e).map(lambda p: p[0] / (2 + p[1] ** 2)),
        st.tuples(e, e).map(lambda p: sympy.Max(p[0], p[1])),
        st.tuples(e, e, e).map(lambda p: sympy.Piecewise((p[0], p[1] > p[2]), (p[2], True))),
        e.map(sympy.sin), e.map(sympy.tanh), e.map(sympy.Abs), e.map(lambda e: -e),
        e.map(lambda e: sympy.sqrt(1 + e**2)),
        e.map(lambda e: sympy.exp(-(e**2))),
    )  # fmt: skip


leaf = st.sampled_from([x, y, z, sympy.Integer(2), sympy.Rational(-3, 4), sympy.pi])
EXPRESSION = st.recursive(leaf, operations, max_leaves=8)
COORDINATES = st.tuples(*[st.integers(-40, 40).map(lambda k: k / 16 + 0.01)] * 3)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(EXPRESSION, COORDINATES)
def test_round_trips(e, point):
    f = ad.from_sympy(e, (x, y, z))
    here = dict(zip((x, y, z), map(sympy.Rational, point), strict=True))
    value = float(sympy.N(e.subs(here), 30))
    np.testing.assert_allclose(f(*point), value, rtol=1e-9, atol=1e-9)
    graph = ad.trace(f, *point)
    back = ad.to_sympy(graph)
    np.testing.assert_allclose(
        float(sympy.N(sympy.sympify(back).subs(here), 30)), value, rtol=1e-9, atol=1e-9
    )
    again = ad.from_sympy(back, (x, y, z))
    np.testing.assert_allclose(again(*point), f(*point), rtol=1e-9, atol=1e-9)
