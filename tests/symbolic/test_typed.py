"""A formula written as text is read back as the same formula."""

import numpy as np
import pytest
import sympy

import adcourse as ad
from adcourse.core.errors import NotLowerable
from adcourse.symbolic import matrix_calculus as mc
from adcourse.symbolic.typed import typed

x, y = sympy.symbols("x y", positive=True)
A, B = sympy.MatrixSymbol("A", 3, 3), sympy.MatrixSymbol("B", 3, 3)
E, F = mc.matrix("E", "n", "n"), mc.matrix("F", "n", "n")
v = mc.vector("v", "n")

SCALARS = [
    sympy.exp(-x) / sympy.sqrt(y),
    sympy.pi * x - sympy.E,
    x ** sympy.Rational(-3, 2) + y**-2,
    sympy.Max(x, y, 1) - sympy.Min(x, 2),
    sympy.tanh(x).diff(x, 4),
    abs(x - y) * sympy.sign(y - x),
    sympy.log(1 + sympy.exp(x * y)) / 3 + sympy.Float(0.5),
    -((x + y) ** 2),
]
MATRICES = [
    A.T * B.I,
    -A * (A + B.T),
    2 * sympy.Trace(A * B) * A - sympy.Identity(3),
    sympy.HadamardProduct(A, A + B) - A**3,
    sympy.Determinant(A) * A.I.T,
    A**-2 + sympy.ZeroMatrix(3, 3) + sympy.OneMatrix(3, 3),
]
ENGINE = [
    mc.gradient(-mc.logdet(E), E),
    mc.gradient(mc.tr(E @ E @ F @ mc.inverse(E.T)), E),
    mc.gradient(mc.norm(E @ v), v),
    mc.gradient(mc.norm(E - v @ v.T) ** 2 / 2, v),
    mc.hessian(mc.inner(E @ v, v) / mc.inner(v, v), v),
    mc.gradient(lambda A, x: np.sum(np.log(1 + np.exp(A @ x))), np.ones((2, 3)), np.ones(3)),
]


@pytest.mark.parametrize("formula", SCALARS, ids=str)
def test_a_number_keeps_its_value(formula):
    assert ad.compare(typed(formula), formula, [x, y])


@pytest.mark.parametrize("formula", MATRICES, ids=str)
def test_a_matrix_keeps_its_value(formula):
    assert ad.compare(typed(formula), formula, shapes={"A": (3, 3), "B": (3, 3)})


@pytest.mark.parametrize("derivation", ENGINE)
def test_a_derivation_keeps_its_value(derivation):
    assert ad.compare(typed(derivation), derivation)
    assert typed(derivation) == typed(derivation.result)


def test_a_written_formula_differs_from_another():
    assert ad.compare(typed(A.T * B), A * B, shapes={"A": (3, 3), "B": (3, 3)}).status == "differs"
    assert ad.compare(typed(x - y), y - x, [x, y]).status == "differs"


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        (sympy.Integral(sympy.exp(x**2), x), "Integral"),
        (sympy.Derivative(sympy.Function("g")(x), x), "Derivative"),
        (sympy.gamma(x), "gamma"),
        (sympy.I * x, "ImaginaryUnit"),
        (sympy.oo, "Infinity"),
        (A[0, 1], "MatrixElement"),
        (x < y, "StrictLessThan"),
        (sympy.Piecewise((x, x > 1), (y, True)), "Piecewise"),
        (object(), "object"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_grammar_has_no_words_for_is_named(answer, names):
    with pytest.raises(NotLowerable, match=names):
        typed(answer)


def test_text_stays_as_it_is():
    assert typed("X.T @ y") == "X.T @ y"
