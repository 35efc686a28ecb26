"""Sums with a number in front stay whole, and structured targets keep their company on the page."""

import numpy as np
import pytest

from adcourse import complex_step
from adcourse.symbolic.matrix_calculus import expressions as e
from adcourse.symbolic.matrix_calculus import (
    gradient,
    identity,
    matrix,
    number,
    pullback,
    solution,
    vector,
)
from adcourse.symbolic.matrix_calculus.tidy import tidy

A, B, S = matrix("A", 3, 3), matrix("B", 3, 3), matrix("S", 3, 3, "symmetric")
b, u, v = vector("b", 3), vector("u", 3), vector("v", 3)
rng = np.random.default_rng(7)
a_, b_, c_ = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)
SPD = a_ @ a_.T + 3 * np.eye(3)
NEGATED_SUMS = [
    e.Diag(e.Scale(u + v, -1)),
    e.DiagPart(e.Scale(A + B, -1)),
    e.Scale(e.Scale(A + B, -1), 3),
    e.Product(e.Eye(3), e.Scale(A + B, -1)),
]


@pytest.mark.parametrize("expression", NEGATED_SUMS, ids=["diag", "diagonal", "scale", "product"])
def test_a_negated_sum_keeps_all_its_terms(expression):
    assert tidy(expression).symbols == expression.symbols


def test_pullback_to_a_symmetric_matrix_of_a_system():
    d = pullback(solution(S, b), S, b)
    S_bar, b_bar = d(SPD, b_, c_)
    directions = [np.zeros((3, 3)) for _ in range(6)]
    for direction, i, j in zip(directions, *np.triu_indices(3), strict=True):
        direction[i, j] = direction[j, i] = 1
    for change in directions:
        slope = complex_step(lambda t, D=change: c_ @ np.linalg.solve(SPD + t * D, b_), 0.0)
        assert np.sum(S_bar * change) == pytest.approx(slope, rel=1e-12)
    np.testing.assert_array_equal(S_bar, S_bar.T)
    assert b_bar @ b_ == pytest.approx(c_ @ np.linalg.solve(SPD, b_), rel=1e-12)
    # The last line of the chain holds the other target too: it equals the line above.
    assert d.text().splitlines()[-4].count("⟨") == 2


def test_a_gradient_that_is_symmetric_already_is_left_as_it_is():
    def mahalanobis(S, x, mu):
        return (x - mu) @ np.linalg.solve(S, x - mu)

    d = gradient(mahalanobis, SPD, b_, c_, assume={"S": "positive definite"})
    assert "structure" not in d.text()
    y = np.linalg.solve(SPD, b_ - c_)
    np.testing.assert_allclose(d(SPD, b_, c_), -np.outer(y, y), rtol=1e-10)


def test_no_line_says_that_something_equals_itself():
    lines = gradient(lambda S, r: r @ np.linalg.solve(S, r), SPD, b_).text().splitlines()
    sides = [line.split(" = ") for line in lines if " = " in line]
    assert all(one[0].strip() != one[1].strip() for one in sides)
    assert lines[1].lstrip().startswith("d(rᵀS⁻¹r) = ")


def test_the_diagonal_of_a_long_rank_one_product_needs_no_matrix():
    D, k, f = matrix("D", "m", "n"), vector("k", "m"), vector("f", "n")
    d = pullback(solution(D.T @ e.Diag(k) @ D, f, "u"), k)
    assert repr(d.result) == "−(D(Dᵀ diag(k) D)⁻¹u\u0304) ⊙ (Du)"
    D_, k_ = rng.normal(size=(5, 3)), rng.uniform(1, 2, size=5)
    slopes = complex_step(lambda k: c_ @ np.linalg.solve(D_.T @ (k[:, None] * D_), b_), k_)
    np.testing.assert_allclose(d(D_, b_, k_, c_), slopes, rtol=1e-10)


def test_ridge_is_written_with_the_identity():
    M, c, lam = matrix("M", "m", "n"), vector("c", "m"), number("lam", positive=True)
    d = pullback(solution(M.T @ M + lam * identity("n"), M.T @ c, "w"), lam)
    M_, c4 = rng.normal(size=(4, 3)), rng.normal(size=4)
    slope = complex_step(lambda t: b_ @ np.linalg.solve(M_.T @ M_ + t * np.eye(3), M_.T @ c4), 0.3)
    assert d(M_, c4, 0.3, b_) == pytest.approx(slope, rel=1e-10)
