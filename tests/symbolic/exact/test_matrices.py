"""Matrices over number systems against SymPy's explicit ones; sampled constraints hold exactly."""

from fractions import Fraction

import numpy as np
import pytest
import sympy

import adcourse as ad
from adcourse.symbolic.exact import Modular, Point, Rationals, evaluate, linear, sampling
from adcourse.symbolic.exact.signals import Singular, Unsupported

Q = Rationals()


def matrix(rows):
    return sympy.Matrix([[sympy.Rational(e.numerator, e.denominator) for e in r] for r in rows])


def random(shape, seed=0, prop="none"):
    return sampling.draw(Q, shape, prop, np.random.default_rng(seed))


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_elimination_against_sympy(n):
    A, B = random((n, n), n), random((n, 2), n + 1)
    assert matrix(linear.inverse(Q, A)) == matrix(A).inv()
    assert matrix(linear.solve(Q, A, B)) == matrix(A).LUsolve(matrix(B))
    assert sympy.Rational(*linear.determinant(Q, A).as_integer_ratio()) == matrix(A).det()
    assert matrix(linear.power(Q, A, -3)) == matrix(A) ** -3
    assert matrix(linear.kron(Q, A, B)) == sympy.kronecker_product(matrix(A), matrix(B))
    F = Modular()
    image = [[F.number(e) for e in row] for row in A]
    assert linear.determinant(F, image) == F.number(linear.determinant(Q, A))


def test_a_pivot_of_zero_and_a_singular_matrix():
    swap = [[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]]
    assert linear.inverse(Q, swap) == swap and linear.determinant(Q, swap) == -1
    with pytest.raises(Singular):
        linear.inverse(Q, [[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]])


CHECKS = {
    "symmetric": lambda A: A == A.T,
    "skew": lambda A: A == -A.T,
    "diagonal": lambda A: A.is_diagonal(),
    "lower triangular": lambda A: A.is_lower,
    "upper triangular": lambda A: A.is_upper,
    "orthogonal": lambda A: A.T * A == sympy.eye(3) and A.det() == 1,
    "orthonormal columns": lambda A: A.T * A == sympy.eye(3),
    "positive": lambda A: all(e > 0 for e in A),
    "nonzero": lambda A: all(e != 0 for e in A),
    "positive definite": lambda A: A == A.T and all(A[:k, :k].det() > 0 for k in (1, 2, 3)),
    "none": lambda A: len(set(A)) > 1,
}


@pytest.mark.parametrize("prop", sampling.PROPERTIES)
@pytest.mark.parametrize("seed", [0, 1])
def test_constraints_hold_exactly(prop, seed):
    assert CHECKS[prop](matrix(random((3, 3), seed, prop)))


def test_orthogonal_matrices_of_both_determinants_and_thin_ones():
    rng = np.random.default_rng(0)
    flipped = matrix(sampling.draw(Q, (3, 3), "orthogonal", rng, reflect=True))
    assert flipped.T * flipped == sympy.eye(3) and flipped.det() == -1
    thin = matrix(random((4, 2), 3, "orthonormal columns"))
    assert thin.T * thin == sympy.eye(2)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (3, 3)])
def test_decompositions_are_exact(shape):
    W, U, s, V = sampling.singular_values(Q, shape, np.random.default_rng(1))
    U, V, S = matrix(U), matrix(V), sympy.diag(*[sympy.Rational(*e.as_integer_ratio()) for e in s])
    assert matrix(W) == U * S * V.T and matrix(W).shape == shape
    assert U.T * U == V.T * V == sympy.eye(2 if shape != (3, 3) else 3)
    A, E, values = sampling.eigenvalues(Q, 3, np.random.default_rng(2))
    E = matrix(E)
    assert matrix(A) * E == E * sympy.diag(*[sympy.Rational(*e.as_integer_ratio()) for e in values])
    assert len(set(values)) == 3


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ad.WrongStructure, match="no property 'hermitian'"):
        random((2, 2), prop="hermitian")
    with pytest.raises(ad.WrongStructure, match="2 by 3 matrix is symmetric"):
        random((2, 3), prop="symmetric")


n, m = sympy.symbols("n m")
A, B = sympy.MatrixSymbol("A", n, n), sympy.MatrixSymbol("B", n, n)
x, X = sympy.MatrixSymbol("x", n, 1), sympy.MatrixSymbol("X", n, m)
t = sympy.Symbol("t", real=True)
GRAM = (x.T * x)[0, 0]
EXPRESSIONS = {  # matrix expression -> the same of explicit matrices
    "sum": (2 * A - B.T + sympy.Identity(n), lambda A, B, x, X: 2 * A - B.T + sympy.eye(3)),
    "product": (A * X * X.T * x, lambda A, B, x, X: A * X * X.T * x),
    "inverse": ((A * B).inverse() * x, lambda A, B, x, X: (A * B).inv() * x),
    "power": (A**3 + A**-2, lambda A, B, x, X: A**3 + A**-2),
    "trace": (
        sympy.Trace(A * B.T) * A,
        lambda A, B, x, X: sum((A * B.T)[i, i] for i in range(3)) * A,
    ),
    "determinant": (sympy.Determinant(A) * x, lambda A, B, x, X: A.det() * x),
    "hadamard": (
        sympy.HadamardProduct(A, B, A.T),
        lambda A, B, x, X: sympy.Matrix(3, 3, lambda i, j: A[i, j] * B[i, j] * A[j, i]),
    ),
    "kronecker": (sympy.KroneckerProduct(x, A), lambda A, B, x, X: sympy.kronecker_product(x, A)),
    "blocks": (
        sympy.BlockMatrix([[A, x], [x.T, sympy.ZeroMatrix(1, 1)]]),
        lambda A, B, x, X: sympy.Matrix([[A, x], [x.T, sympy.zeros(1, 1)]]),
    ),
    "function": (
        X.applyfunc(lambda e: e**3 - t),
        lambda A, B, x, X: X.applyfunc(lambda e: e**3 - 7),
    ),
    "entry": (sympy.Matrix([[A[0, 1] * x[2, 0]]]), lambda A, B, x, X: A[0, 1:2] * x[2, 0]),
    "ones": (sympy.OneMatrix(n, m).T * x, lambda A, B, x, X: sympy.ones(2, 3) * x),
    "diagonal": (sympy.DiagMatrix(x) * A, lambda A, B, x, X: sympy.diag(*x) * A),
    "sum over an index": (GRAM * A, lambda A, B, x, X: (x.T * x)[0, 0] * A),
    "dimension": (n * A + m * B, lambda A, B, x, X: 3 * A + 2 * B),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_matrix_expressions_against_explicit_matrices(name):
    e, explicit = EXPRESSIONS[name]
    values = {"A": random((3, 3), 1), "B": random((3, 3), 2), "x": random((3,), 3)}
    values["X"] = random((3, 2), 4)
    point = Point({**values, "t": Fraction(7)}, {"n": 3, "m": 2})
    expected = explicit(*[matrix(values[k]) for k in ("A", "B", "x", "X")])
    assert matrix(evaluate(e, Q, point)) == expected


def test_what_no_number_system_can_say():
    point = Point({"A": random((2, 2)), "t": Fraction(1)}, {"n": 2})
    for e in (A**t, sympy.Integral(t, t), sympy.Derivative(sympy.sin(t), t), sympy.I * t):
        with pytest.raises(Unsupported):
            evaluate(e, Q, point)
