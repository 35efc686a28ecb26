"""Text, LaTeX and code that a person can check by hand, and conditions."""

import re

import numpy as np
import pytest
import sympy

from adcourse.symbolic.matrix_calculus import (
    eigh_derivation,
    elementwise,
    gradient,
    hessian,
    matrix,
    norm,
    pullback,
    solution,
    svd_derivation,
    total,
    vector,
)

A, x, b = matrix("A", "m", "n"), vector("x", "n"), vector("b", "m")
v, X = np.ones(2), np.array([[2.0, 1.0], [1.0, 3.0]])
LEAST_SQUARES = gradient(norm(A @ x - b) ** 2 / 2, x)
SHOWN = [
    LEAST_SQUARES,
    pullback(solution(matrix("B", "n", "n"), x), matrix("B", "n", "n"), x),
    gradient(total(elementwise(lambda t: sympy.log(1 + sympy.exp(t)), A @ x)), x),
    hessian(lambda X: np.log(np.linalg.det(X)), X),
    gradient(lambda X, v: np.sum(np.where(X @ v > 1, X @ v, 0)), X, v),
    svd_derivation(vectors=True),
    eigh_derivation(vectors=True),
]


def test_least_squares_in_three_styles():
    assert LEAST_SQUARES.text().splitlines() == [
        "1. Take the differential: squared length, chain rule",
        "   d(½·‖Ax − b‖²) = ⟨Ax − b, d(Ax − b)⟩",
        "2. Differentiate: sum",
        "   = ⟨Ax − b, d(Ax)⟩",
        "3. Differentiate: product",
        "   = ⟨Ax − b, A dx⟩",
        "4. Move to the left: factors",
        "   = ⟨Aᵀ(Ax − b), dx⟩",
        "∂f/∂x = Aᵀ(Ax − b)",
    ]
    assert "tr((Aᵀ(Ax − b))ᵀ dx)" in LEAST_SQUARES.text("trace")
    assert "Σ_i (Σ_j A_ji (Σ_k A_jk x_k − b_j)) dx_i" in LEAST_SQUARES.text("index")


@pytest.mark.parametrize("derivation", SHOWN, ids=lambda d: str(d.function))
@pytest.mark.parametrize("style", ["inner", "trace", "index"])
def test_latex_is_balanced_and_nothing_of_python_shows(derivation, style):
    latex, text = derivation.latex(style), derivation.text(style)
    bare = re.sub(r"\\[{}]", "", latex)
    assert bare.count("{") == bare.count("}")
    for word in ("left", "begin"):
        assert len(re.findall(rf"\\{word}\b", latex)) == len(
            re.findall(rf"\\{'right' if word == 'left' else 'end'}\b", latex)
        )
    for leak in ("object at", "Dummy", "_t0", "Piecewise", "None", "True"):
        assert leak not in latex + text
    assert "$" not in latex


@pytest.mark.parametrize("derivation", SHOWN[:4], ids=lambda d: str(d.function))
def test_every_index_that_is_summed_occurs(derivation):
    for letters, rest in re.findall(r"Σ_([a-z]+) (.*)", derivation.text("index")):
        assert len(set(letters)) == len(letters)
        for letter in letters:
            assert re.search(rf"_[a-z]*{letter}|[ᵢⱼ]", rest)


def test_html_escapes_what_formulas_and_names_hold():
    html = SHOWN[4]._repr_html_()
    assert "<details>" in html
    assert "> 1" not in re.sub(r"<[^<>]*>", "", html)
    assert "&gt;" in html


def test_a_number_never_touches_the_number_of_a_fraction():
    assert repr(gradient(lambda x: -2 * np.sum(1 / x), v).result) == "2 / x^⊙²"
    assert repr(gradient(lambda x: np.prod(x), v).result) == "prod(x) / x"


def test_floats_are_written_as_they_stand_in_the_program():
    derivation = gradient(lambda x: 0.123456 * np.sum(x**2), v)
    assert repr(derivation.result) == "0.246912 x"
    assert "0.246912 * x" in derivation.code
    np.testing.assert_array_equal(derivation.run(v), 0.246912 * v)


def test_names_of_arguments_survive_in_code():
    derivation = gradient(lambda np_, V, F: np.sum(V @ F) * np_, 2.0, X, X, argnums=(0, 1, 2))
    found = derivation.run(2.0, X, X)
    np.testing.assert_allclose(found[0], np.sum(X @ X))
    np.testing.assert_allclose(found[1], 2 * np.ones((2, 2)) @ X.T)


@pytest.mark.parametrize(
    ("f", "argument", "condition"),
    [
        (lambda x: np.linalg.norm(x), v, "x ≠ 0"),
        (lambda x: np.sum(1 / x), v, "no entry of x is 0"),
        (lambda x: np.sum(np.sqrt(x)), v, "all entries of x > 0"),
        (lambda x: np.sqrt(np.sum(x)), v, "𝟏ᵀx > 0"),
        (lambda x: np.log(np.sum(x)), v, "𝟏ᵀx > 0"),
        (lambda x: np.sum(np.log(x)), v, "all entries of x > 0"),
        (lambda x: np.sum(np.abs(x)), v, "no entry of x sits at a kink"),
        (lambda x: np.prod(x), v, "no entry of x is 0"),
        (lambda X: np.linalg.det(X), X, "X is invertible"),
        (lambda X: np.sum(np.linalg.pinv(X)), np.ones((3, 2)), "X has full column rank"),
        (lambda X: np.sum(np.linalg.eigvalsh(X) ** 2), X, "X is symmetric"),
        (lambda X: np.sum(np.linalg.cholesky(X)), X, "X is symmetric and positive definite"),
        (lambda x: np.sum(x**2) if np.sum(x) > 1 else np.sum(x), v, "𝟏ᵀx > 1"),
        (lambda x: np.sum(x**2) if np.sum(x) > 5 else np.sum(x), v, "𝟏ᵀx ≤ 5"),
        (lambda x: np.where(x @ x == 0, 0, np.sqrt(x @ x)), v, "‖x‖² ≠ 0"),
    ],
)
def test_conditions(f, argument, condition):
    assert condition in gradient(f, argument).conditions


@pytest.mark.parametrize(
    "f",
    [lambda x: np.sum(x**2) + np.sum(1 / (1 + x**2)), lambda x: np.log(np.sum(np.exp(x))),
     lambda x: np.linalg.norm(x) ** 2 + np.linalg.norm(x) ** 3],
)  # fmt: skip
def test_smooth_functions_have_no_conditions(f):
    assert gradient(f, v).conditions == ()


def test_the_letter_of_a_direction_is_free():
    derivation = hessian(lambda V, H: np.trace(V @ V @ H @ V), X, X)
    assert derivation.arguments[-1].name not in ("V", "H")
