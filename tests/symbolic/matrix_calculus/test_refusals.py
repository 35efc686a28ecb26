"""What is not supported gets one clear error that names it; nothing is wrong in silence."""

import numpy as np
import pytest
import sympy

from adcourse.core.errors import AdcourseError
from adcourse.symbolic.matrix_calculus import (
    differential,
    elementwise,
    gradient,
    hessian,
    jacobian,
    matrix,
    norm,
    number,
    pullback,
    solution,
    total,
    tr,
    vector,
)

x, X, A = np.ones(3), np.eye(3) + 1.0, np.ones((4, 3))
M, v = matrix("M", 3, 3), vector("v", 3)
SX = sympy.MatrixSymbol("X", 3, 3)
PROGRAMS = [
    (lambda x: np.max(x), x, "np.max"),
    (lambda x: np.sum(np.sort(x) ** 2), x, "np.sort"),
    (lambda X: np.sum(X.reshape(9) ** 2), X, "np.reshape"),
    (lambda X: np.sum(X[:, :, None] * X[None]), X, "axes"),
    (lambda X: np.linalg.slogdet(X)[0], X, "sign"),
    (lambda X: np.einsum("ij,jk,kl,li->", X, X, X, X), X, "np.einsum"),
    (lambda X: np.sum(np.linalg.qr(X)[0]), X, "np.linalg.qr"),
    (lambda A: np.sum(np.linalg.svd(A)[0]), A, "full_matrices"),
    (lambda X: np.sum(np.diag(X, 1)), X, "main"),
    (lambda x: np.sum(x * 1j), x, "complex"),
    (lambda x: (np.sum(x), np.sum(x)), x, "2 results"),
    (lambda x: x, x, "belongs to a number"),
    (lambda x: np.sum(x), np.ones(1), "at least two"),
    (lambda x: np.sum(x), np.ones((2, 2, 2)), "3 axes"),
    (lambda x: np.sum(x), np.array([1, 2]), "whole numbers"),
]
REFUSED = [
    (lambda: gradient(lambda S: np.trace(S), X, assume={"S": "hermitian"}), "hermitian"),
    (lambda: gradient(lambda S: np.trace(S), X, assume={"R": "symmetric"}), "no argument R"),
    (lambda: gradient(lambda A: np.sum(A), A, assume={"A": "symmetric"}), "not square"),
    (lambda: gradient(lambda x: x @ x, x, argnums=3), "argnums"),
    (lambda: hessian(lambda x, y: x @ y, x, x, argnums=(0, 1)), "one argument"),
    (lambda: jacobian(lambda X: X @ X, X), "Jacobian"),
    (lambda: jacobian(lambda s: s * np.ones(3), 2.0), "Jacobian"),
    (lambda: jacobian(lambda x: x @ x, x), "Jacobian"),
    (lambda: gradient(lambda x: x @ x, x).text("prose"), "prose"),
    (lambda: gradient(norm(v)), "by which symbols"),
    (lambda: gradient(M, M), "belongs to a number"),
    (lambda: gradient(tr(M @ M), M @ M), "named"),
    (lambda: gradient(norm(v) + norm(vector("v", 4)), v), "called v"),
    (lambda: gradient(tr(M), matrix("M", 3, 3, "symmetric")), "called M"),
    (lambda: gradient(number("a") ** 2, number("a", positive=True)), "called a"),
    (lambda: gradient(norm(v) * number("v"), v), "called v"),
    (lambda: gradient(tr(M @ M), M, assume={"M": "symmetric"}), "M has its properties"),
    (lambda: gradient(sympy.Trace(SX), SX, assume={"Q": "symmetric"}), "called Q"),
    (lambda: gradient(sympy.Trace(SX), SX, assume={"X": "symmetrical"}), "symmetrical"),
    (lambda: gradient(sympy.matrices.expressions.Permanent(SX), SX), "Permanent"),
    (lambda: gradient(sympy.Trace(sympy.MatPow(SX, sympy.Rational(1, 2))), SX), "whole powers"),
    (lambda: gradient(sympy.Trace(sympy.Adjoint(SX)), SX), "Adjoint"),
    (lambda: gradient(total(elementwise(sympy.Function("g"), v)), v), "g("),
    (lambda: gradient(total(elementwise(sympy.gamma, v)), v).code, "polygamma"),
    (lambda: pullback(norm(v), v), "cotangent"),
    (lambda: pullback(M, M, cotangent=v), "shape"),
    (lambda: differential(M @ M, M @ v), "named"),
    (lambda: M**0.5, "whole powers"),
    (lambda: M + 1, "ones"),
    (lambda: 1 - M, "ones"),
    (lambda: M / M, "inverse"),
    (lambda: 1 / M, "inverse"),
    (lambda: M @ np.eye(3), "name the matrix"),
    (lambda: np.eye(3) @ M, "name the matrix"),
    (lambda: M * "a", "no number"),
    (lambda: M @ vector("w", 4), "(4, 1)"),
    (lambda: tr(v), "square"),
    (lambda: solution(M, vector("w", 4)), "fit"),
    (lambda: matrix("B", 0, 3), "at least one row"),
    (lambda: matrix("B", 1, 1), "number"),
    (lambda: matrix("B", 3, 4, "symmetric"), "not square"),
    (lambda: matrix("B", 3, 4, "orthonormal columns"), "too many columns"),
    (lambda: matrix("B", 3, 3, "hermitian"), "hermitian"),
]


@pytest.mark.parametrize(("f", "point", "words"), PROGRAMS, ids=[case[2] for case in PROGRAMS])
def test_programs(f, point, words):
    with pytest.raises(AdcourseError) as refused:
        gradient(f, point)
    assert words in str(refused.value)


@pytest.mark.parametrize(("call", "words"), REFUSED)
def test_calls(call, words):
    with pytest.raises(AdcourseError) as refused:
        call()
    assert words in str(refused.value)


def test_what_does_not_depend_on_a_symbol_has_gradient_zero():
    assert repr(gradient(norm(v), vector("w", 3)).result) == "0"


def test_symbols_of_sympy_are_targets_whatever_they_assume():
    t = sympy.Symbol("t")
    derivation = gradient(t**2 * sympy.Trace(SX), t)
    assert derivation.run(np.diag([1.0, 2.0, 4.0]), 3.0) == 2 * 3 * 7
